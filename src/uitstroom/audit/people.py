"""The relations of distinct persons: never more than their parts together, never less than any part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations

from uitstroom.audit.codelists import Codes
from uitstroom.audit.equations import Equations
from uitstroom.audit.flows import Flows, margin_of
from uitstroom.audit.sheet import PrintedNumber, Spot, Topic
from uitstroom.audit.stretches import Stretch

Forms = frozenset[str]
Place = tuple[Topic, Forms]


@dataclass
class People:
    """The unknowns behind numbers of persons: one per set of forms, codes and days, printed or left out as 0."""

    flows: Flows
    spots: dict[Place, dict[Stretch, set[Codes]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    @property
    def equations(self) -> Equations:
        return self.flows.equations

    def read(self, entries: Sequence[PrintedNumber]) -> None:
        """Take in where numbers stand; the line of starts is cut where a number of persons begins or ends."""
        for entry in entries:
            spot = entry.spot
            self.spots[spot.topic, spot.forms][spot.days].add(spot.codes)
            self.flows.mark((spot.topic.root[0], "", "started"), margin_of(spot.codes), spot.days)

    def unknown(self, topic: Topic, forms: Forms, codes: Codes, days: Stretch) -> int:
        """The unknown of a number."""
        return self.equations.unknown(Spot(topic, forms, codes, days))

    def tie(self) -> None:
        """Every relation."""
        for (topic, forms), printed in self.spots.items():
            everywhere = set().union(*printed.values())
            self._zeros(topic, forms, printed, everywhere)
            for days in printed:
                self._families(topic, forms, days, everywhere)
            for codes in everywhere:
                intervals = sorted(days for days in printed if margin_of(codes) in map(margin_of, printed[days]))
                self._days(topic, forms, codes, intervals)
        self._forms()
        self._no_more_than_starts()
        self._lists()

    def _zeros(self, topic: Topic, forms: Forms, printed: dict[Stretch, set[Codes]], everywhere: set[Codes]) -> None:
        for days, listed in printed.items():
            margins = {margin_of(codes) for codes in listed}
            for codes in everywhere - listed:
                if margin_of(codes) in margins:
                    self.equations.bound(self.unknown(topic, forms, codes, days), high=0)

    def _families(self, topic: Topic, forms: Forms, days: Stretch, everywhere: set[Codes]) -> None:
        """Each person stands under one code of a dimension, where the topic says what is counted; else under any."""
        margins = {margin_of(codes) for codes in self.spots[topic, forms][days]}
        hierarchies = self.flows.hierarchies
        families: dict[tuple[Codes, str, bool], list[int]] = defaultdict(list)
        for codes in everywhere:
            if margin_of(codes) not in margins or topic.part == ("not reached",):
                continue
            place = self.unknown(topic, forms, codes, days)
            for name, code in codes:
                rest = codes - {(name, code)}
                if margin_of(rest) in margins:
                    families[rest, name, False].append(place)
                for top in hierarchies.ancestors(name):
                    above = rest | {(top, hierarchies.code_above(name, code, top))}
                    if margin_of(above) in margins:
                        families[above, name, top in hierarchies.delivered].append(place)
        for (total, _, likely), parts in families.items():
            whole = self.unknown(topic, forms, total, days)
            if topic.part:
                self.equations.equal([whole], parts, "sum over codes", likely)
                continue
            self.equations.at_most([whole], parts, "persons of all codes")
            for part in parts:
                self.equations.at_most([part], [whole], "persons of more codes")

    def _days(self, topic: Topic, forms: Forms, codes: Codes, intervals: Sequence[Stretch]) -> None:
        """Who is counted in some days is counted once: on the first of them that counts."""
        likely = bool(codes)
        if topic.part == ("not reached",):
            return
        for whole in intervals:
            others = [days for days in intervals if days != whole and days[0] < whole[1] and whole[0] < days[1]]
            if not others:
                continue
            cuts = sorted({*whole, *(end for days in others for end in days if whole[0] < end < whole[1])})
            first = {cut: self.equations.unknown((topic, forms, codes, whole, cut)) for cut in pairwise(cuts)}
            total = self.unknown(topic, forms, codes, whole)
            self.equations.equal([total], first.values(), "first day counted", likely)
            for days in others:
                inside = [place for cut, place in first.items() if days[0] <= cut[0] and cut[1] <= days[1]]
                part = self.unknown(topic, forms, codes, days)
                self.equations.at_most(inside, [part], "persons of fewer days", likely)
                if whole[0] <= days[0] and days[1] <= whole[1]:
                    self.equations.at_most([part], [total], "persons of more days", likely)
                    if days[0] == whole[0]:
                        self.equations.equal(inside, [part], "first day counted", likely)

    def _forms(self) -> None:
        """A set of forms holds no fewer persons than each part, and no more than its parts together."""
        for (topic, forms), printed in self.spots.items():
            for (other, larger), places in self.spots.items():
                if other != topic or not forms < larger or topic.part == ("not reached",):
                    continue
                for days in printed.keys() & places.keys():
                    for codes in printed[days] & places[days]:
                        self._no_more(topic, forms, larger, codes, days)
            if len(forms) > 1:
                self._together(topic, forms, printed)

    def _no_more(self, topic: Topic, forms: Forms, larger: Forms, codes: Codes, days: Stretch) -> None:
        small, large = (self.unknown(topic, one, codes, days) for one in (forms, larger))
        self.equations.at_most([small], [large], "persons of more forms", bool(codes))
        rest = [(topic, frozenset({form})) for form in sorted(larger - forms)]
        if all(codes in self.spots.get(place, {}).get(days, ()) for place in rest):
            parts = [self.unknown(*place, codes, days) for place in rest]
            self.equations.at_most([large], [small, *parts], "persons of all forms", bool(codes))

    def _together(self, topic: Topic, forms: Forms, printed: dict[Stretch, set[Codes]]) -> None:
        rest = [(topic, frozenset({form})) for form in sorted(forms)]
        for days, listed in printed.items():
            for codes in listed:
                if all(codes in self.spots.get(place, {}).get(days, ()) for place in rest):
                    parts = [self.unknown(*place, codes, days) for place in rest]
                    whole = self.unknown(topic, forms, codes, days)
                    self.equations.at_most([whole], parts, "persons of all forms", bool(codes))

    def _no_more_than_starts(self) -> None:
        """Who started has an action that started; it stands under the same codes."""
        for (topic, forms), printed in self.spots.items():
            starts = Topic((topic.root[0], "", "started"), ())
            if topic.part != ("entrants",) or topic.root[1]:
                continue
            for days, listed in printed.items():
                for codes in listed:
                    if all((starts, form, margin_of(codes)) in self.flows.listed for form in forms):
                        parts = self.flows.parts(Spot(starts, forms, codes, days))
                        self.equations.at_most([self.unknown(topic, forms, codes, days)], parts, "persons of starts")

    def _lists(self) -> None:
        """Who started was reached; of a list no more were reached than of everybody."""
        for (topic, forms), (other, same) in permutations(self.spots, 2):
            if forms != same or topic.root[0] != other.root[0] or "not reached" in (*topic.part, *other.part):
                continue
            started = topic.root == other.root and (topic.part, other.part) == (("entrants",), ("reached",))
            listed = topic.root[1] and not other.root[1] and topic.part == other.part
            if started or listed:
                for days in self.spots[topic, forms].keys() & self.spots[other, forms].keys():
                    for codes in self.spots[topic, forms][days] & self.spots[other, forms][days]:
                        small, large = (self.unknown(one, forms, codes, days) for one in (topic, other))
                        self.equations.at_most([small], [large], "persons of a larger list", bool(codes))
