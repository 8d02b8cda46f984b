"""The relations of counts that add up: over days, forms, codes, and over the boxes that entrants fall in.

The line of days is cut where a printed number of the same root begins or ends. An unknown is one form, one combination
of codes and the days between two cuts; a printed number is the sum of the unknowns that it covers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

from uitstroom.audit.codelists import Codes, Hierarchies
from uitstroom.audit.equations import Equations
from uitstroom.audit.sheet import PrintedNumber, Spot, Topic
from uitstroom.audit.stretches import Stretch

Root = tuple[str, ...]
Margin = frozenset[str]
"""The dimensions of a breakdown."""
CUBE = 20_000
"""The most unknowns that the cube behind three tables of two dimensions may have."""


def margin_of(codes: Codes) -> Margin:
    """The dimensions that codes belong to."""
    return frozenset(name for name, _ in codes)


@dataclass
class Flows:
    """The unknowns behind all numbers that add up."""

    equations: Equations
    hierarchies: Hierarchies
    points: dict[tuple[Root, Margin], set[int]] = field(default_factory=lambda: defaultdict(set))
    cuts: dict[tuple[Root, Margin], list[int]] = field(default_factory=dict)
    listed: dict[tuple[Topic, str, Margin], dict[Stretch, set[Codes]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def read(self, entries: Sequence[PrintedNumber]) -> None:
        """Take in where numbers stand."""
        for entry in entries:
            spot = entry.spot
            margin = margin_of(spot.codes)
            self.points[spot.topic.root, margin].update(spot.days)
            for form in spot.forms:
                self.listed[spot.topic, form, margin][spot.days].add(spot.codes)

    def mark(self, root: Root, margin: Margin, days: Stretch) -> None:
        """Cut here as well, where numbers of this root and margin are known at all."""
        if (root, margin) in self.points:
            self.points[root, margin].update(days)

    def cut(self) -> None:
        """Cut the days of a breakdown where its own numbers begin or end, or those of a finer one."""
        for root, margin in self.points:
            finer = (
                points
                for (other, part), points in self.points.items()
                if other == root and self.hierarchies.finer(part, margin)
            )
            self.cuts[root, margin] = sorted(set().union(*finer))

    def segments(self, root: Root, margin: Margin, days: Stretch) -> list[Stretch]:
        """The days between two cuts, within some days that begin and end at a cut."""
        inside = [point for point in self.cuts.get((root, margin), ()) if days[0] <= point <= days[1]]
        return list(pairwise(sorted({*inside, *days})))

    def parts(self, spot: Spot) -> list[int]:
        """The unknowns that a number is the sum of."""
        segments = self.segments(spot.topic.root, margin_of(spot.codes), spot.days)
        return [
            self.equations.unknown((spot.topic, form, spot.codes, segment))
            for form in sorted(spot.forms)
            for segment in segments
        ]

    def tie(self) -> None:
        """Every relation between the unknowns."""
        self._zeros()
        for topic, form, margin in list(self.listed):
            everywhere = self.everywhere(topic, form, margin)
            for segment in self.covered(topic, form, margin):
                self._families(topic, form, margin, segment, everywhere)
        self._boxes()
        self._cubes()

    def everywhere(self, topic: Topic, form: str, margin: Margin) -> set[Codes]:
        """The combinations of codes that some table lists."""
        return set().union(*self.listed[topic, form, margin].values())

    def covered(self, topic: Topic, form: str, margin: Margin) -> list[Stretch]:
        """The days between two cuts that lie within some number of this breakdown."""
        printed = self.listed[topic, form, margin]
        found = {segment for days in printed for segment in self.segments(topic.root, margin, days)}
        return sorted(found)

    def _zeros(self) -> None:
        """A code that a table leaves out is 0 on the days of that table."""
        for (topic, form, margin), lists in list(self.listed.items()):
            everywhere = self.everywhere(topic, form, margin)
            for days, codes in lists.items():
                for missing in everywhere - codes:
                    for place in self.parts(Spot(topic, frozenset({form}), missing, days)):
                        self.equations.bound(place, high=0)

    def _families(self, topic: Topic, form: str, margin: Margin, segment: Stretch, everywhere: set[Codes]) -> None:
        """A total is the sum over the codes of a dimension; a code above, of the codes below it."""
        for dimension in sorted(margin):
            rest = margin - {dimension}
            families: dict[Codes, list[Codes]] = defaultdict(list)
            for codes in everywhere:
                families[frozenset(item for item in codes if item[0] != dimension)].append(codes)
            if (topic, form, rest) in self.listed:
                self._sums(topic, form, segment, families, "sum over codes", False)
            for top in self.hierarchies.ancestors(dimension):
                if (topic, form, rest | {top}) in self.listed:
                    above = self._above(everywhere, dimension, top)
                    likely = top in self.hierarchies.delivered
                    self._sums(topic, form, segment, above, "sum over codes below", likely)

    def _above(self, everywhere: Iterable[Codes], dimension: str, top: str) -> dict[Codes, list[Codes]]:
        families: dict[Codes, list[Codes]] = defaultdict(list)
        for codes in everywhere:
            code = dict(codes)[dimension]
            above = (top, self.hierarchies.code_above(dimension, code, top))
            families[frozenset({above, *(item for item in codes if item[0] != dimension)})].append(codes)
        return families

    def _sums(
        self, topic: Topic, form: str, segment: Stretch, families: dict[Codes, list[Codes]], kind: str, likely: bool
    ) -> None:
        for total, parts in families.items():
            whole = self.parts(Spot(topic, frozenset({form}), total, segment))
            below = [self.equations.unknown((topic, form, codes, segment)) for codes in parts]
            self.equations.equal(whole, below, kind, likely)

    def _boxes(self) -> None:
        for topic, form, margin in list(self.listed):
            if topic.part[:1] == ("followed",):
                for codes in self.everywhere(topic, form, margin):
                    for segment in self.covered(topic, form, margin):
                        self._entrants(topic, form, codes, segment)
            if topic.part[:1] == ("at work",):
                for codes in self.everywhere(topic, form, margin):
                    for segment in self.covered(topic, form, margin):
                        self._at_work(topic, form, codes, segment)

    def _entrants(self, topic: Topic, form: str, codes: Codes, segment: Stretch) -> None:
        """All that entered are in one box each."""
        _, anchor, who, horizon = topic.part
        fixed = horizon if "on=" in horizon else ""
        others = (
            ("without person",), ("not ended", anchor), ("not counted", anchor, who, fixed),
            ("not due", anchor, who, horizon),
        )  # fmt: skip
        boxes = [topic, *(Topic(topic.root, part) for part in others)]
        whole = self.equations.unknown((Topic(topic.root, ()), form, codes, segment))
        self.equations.equal([whole], [self.equations.unknown((box, form, codes, segment)) for box in boxes], "boxes")

    def _at_work(self, topic: Topic, form: str, codes: Codes, segment: Stretch) -> None:
        """Who is followed is at work or not."""
        followed = Topic(topic.root, ("followed", *topic.part[1:4]))
        rest = Topic(topic.root, ("not at work", *topic.part[1:]))
        whole, one, other = (self.equations.unknown((box, form, codes, segment)) for box in (followed, topic, rest))
        self.equations.equal([whole], [one, other], "at work or not")

    def _cubes(self) -> None:
        """Three tables of two dimensions each, of three dimensions together, are margins of one cube."""
        by_series: dict[tuple[Topic, str], set[Margin]] = defaultdict(set)
        for topic, form, margin in self.listed:
            by_series[topic, form].add(margin)
        for (topic, form), margins in by_series.items():
            dimensions = sorted(set().union(*(margin for margin in margins if len(margin) == 2)))
            for three in combinations(dimensions, 3):
                pairs = [frozenset(pair) for pair in combinations(three, 2)]
                if margins.issuperset(pairs):
                    self._cube(topic, form, three, pairs)

    def _cube(self, topic: Topic, form: str, three: Sequence[str], pairs: Sequence[Margin]) -> None:
        codes = [self._codes(topic, form, pairs, dimension) for dimension in three]
        shared = set.intersection(*(set(self.listed[topic, form, pair]) for pair in pairs))
        size = len(codes[0]) * len(codes[1]) * len(codes[2])
        for days in sorted(shared):
            if size <= CUBE:
                self._margins(topic, form, [frozenset(cell) for cell in product(*codes)], pairs, days)

    def _codes(self, topic: Topic, form: str, pairs: Sequence[Margin], dimension: str) -> list[tuple[str, str]]:
        return sorted(
            {
                item
                for pair in pairs
                if dimension in pair
                for codes in self.everywhere(topic, form, pair)
                for item in codes
                if item[0] == dimension
            }
        )

    def _margins(self, topic: Topic, form: str, cells: Sequence[Codes], pairs: Sequence[Margin], days: Stretch) -> None:
        for pair in pairs:
            families: dict[Codes, list[int]] = defaultdict(list)
            for codes in cells:
                kept = frozenset(item for item in codes if item[0] in pair)
                families[kept].append(self.equations.unknown((topic, form, codes, ("cube", *days))))
            for kept, places in families.items():
                self.equations.equal(self.parts(Spot(topic, frozenset({form}), kept, days)), places, "cube")
