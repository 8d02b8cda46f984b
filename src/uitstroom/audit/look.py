"""The look of a stranger: everything printed together, and what follows about each number that is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from uitstroom.audit.codelists import Hierarchies
from uitstroom.audit.definitions import tie_definitions
from uitstroom.audit.equations import OPEN, Equation, Equations
from uitstroom.audit.flows import Flows
from uitstroom.audit.gaps import Gap, gaps
from uitstroom.audit.inquiry import Knowledge, Progress, Wanted, inquire
from uitstroom.audit.narrowing import ContradictionError
from uitstroom.audit.people import People
from uitstroom.audit.sheet import Percentage, PrintedNumber, Sheet, Spot
from uitstroom.audit.stretches import words_of

Verdict = Literal["printed", "exact", "narrow", "undecided", "safe"]


@dataclass(frozen=True)
class Terms:
    """Numbers from 1 to `threshold` - 1 are small; `all_ends` asks for both ends of every hidden number."""

    threshold: int = 4
    all_ends: bool = False


@dataclass(frozen=True)
class Seen:
    """One number, what a stranger knows of it, and whether that is too much."""

    spot: Spot
    what: str
    place: str
    verdict: Verdict
    low: int | None
    high: int | None
    because: tuple[str, ...] = ()

    @property
    def safe(self) -> bool:
        return self.verdict == "safe"


@dataclass(frozen=True)
class Look:
    """Every hidden number, every difference in danger, and every small number that is printed; the unsafe first."""

    seen: tuple[Seen, ...]
    hidden: int
    differences: int
    contradiction: str = ""

    @property
    def unsafe(self) -> tuple[Seen, ...]:
        return tuple(one for one in self.seen if not one.safe)

    @property
    def undecided(self) -> int:
        return sum(one.verdict == "undecided" for one in self.seen)

    @property
    def safe(self) -> bool:
        return not self.unsafe and not self.contradiction


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def look(sheet: Sheet, hierarchies: Hierarchies, terms: Terms, progress: Progress = quiet) -> Look:
    """What a stranger can say who knows everything on a sheet."""
    return _Looking(sheet, hierarchies, terms).look(progress)


@dataclass
class _Hidden:
    """An unknown of which is asked what can be said: a hidden number, or a difference."""

    spot: Spot
    place: str
    sort: Literal["hidden", "quiet", "difference"]
    true: int | None
    without: tuple[tuple[int, int], ...] = ()


@dataclass
class _Looking:
    sheet: Sheet
    hierarchies: Hierarchies
    terms: Terms
    equations: Equations = field(default_factory=Equations)
    hidden: dict[int, _Hidden] = field(default_factory=dict)
    printed: list[Seen] = field(default_factory=list)
    values: dict[int, str] = field(default_factory=dict)
    contradiction: str = ""

    def look(self, progress: Progress) -> Look:
        numbers = self._numbers()
        flows = Flows(self.equations, self.hierarchies)
        people = People(flows)
        flows.read([number for number in numbers if number.spot.topic.adds])
        people.read([number for number in numbers if not number.spot.topic.adds])
        flows.cut()
        for number in numbers:
            self._enter(number, flows, people)
        flows.tie()
        people.tie()
        tie_definitions(flows)
        for rate in self.sheet.rates:
            self._rate(rate, flows)
        for part, base in self.sheet.shares:
            self.equations.at_most([self._of(part, flows, people)], [self._of(base, flows, people)], "share")
        for total, parts, kind in self.sheet.sums:
            whole = self._of(total, flows, people)
            self.equations.equal([whole], [self._of(part, flows, people) for part in parts], kind)
        if self.sheet.differences:
            self._gaps(numbers, flows)
        return self._said(progress)

    def _numbers(self) -> list[PrintedNumber]:
        """One number per spot; two different values of one are a contradiction, and both are named."""
        found: dict[Spot, PrintedNumber] = {}
        for number in self.sheet.entries:
            before = found.get(number.spot)
            found[number.spot] = number if before is None else self._both(before, number)
            if number.value is not None and 0 < number.value < self.terms.threshold:
                words = number.spot.words()
                self.printed.append(Seen(number.spot, words, number.place, "printed", number.value, number.value))
        return list(found.values())

    def _both(self, one: PrintedNumber, other: PrintedNumber) -> PrintedNumber:
        """What is known of a number that stands in two places; printed in one, it is not hidden in the other."""
        if one.value is None and other.value is None:
            ends = max(one.floor, other.floor), min(one.ceiling, other.ceiling)
            true = one.true if one.true is not None else other.true
            return PrintedNumber(one.spot, None, ends[0], one.place, one.quiet and other.quiet, true, ends[1])
        shown, veiled = (one, other) if one.value is not None else (other, one)
        if veiled.value is None and not veiled.quiet:
            because = (f"printed: {shown.place}",)
            self.printed.append(
                Seen(one.spot, one.spot.words(), veiled.place, "exact", shown.value, shown.value, because)
            )
        elif veiled.value is not None and shown.value != veiled.value:
            self.contradiction = f"two values are printed for one number: {one.place}; {other.place}"
        return shown

    def _of(self, spot: Spot, flows: Flows, people: People) -> int:
        """The unknown of a spot, with the row that makes it the sum of its parts."""
        if not spot.topic.adds:
            return people.unknown(spot.topic, spot.forms, spot.codes, spot.days)
        parts = flows.parts(spot)
        if len(parts) == 1:
            return parts[0]
        if (known := self.equations.known(spot)) is not None:
            return known
        whole = self.equations.unknown(spot)
        self.equations.equal([whole], parts, "sum over days and forms")
        return whole

    def _enter(self, number: PrintedNumber, flows: Flows, people: People) -> None:
        place = self._of(number.spot, flows, people)
        self.values[place] = " [hidden]" if number.value is None else f" [{number.value}]"
        if number.value is not None:
            self.equations.bound(place, number.value, number.value)
            return
        self.equations.bound(place, number.floor, number.ceiling)
        sort: Literal["hidden", "quiet"] = "quiet" if number.quiet else "hidden"
        self.hidden[place] = _Hidden(number.spot, number.place, sort, number.true)

    def _rate(self, rate: Percentage, flows: Flows) -> None:
        """A percentage rounded half up says in whole numbers between which multiples the part lies."""
        scale = 2 * 10**rate.decimals
        middle = int(scale * Decimal(rate.printed))
        above = [place for spot in rate.above for place in flows.parts(spot)]
        below = [place for spot in rate.below for place in flows.parts(spot)]
        for shift, low, high in ((1, 0, OPEN), (-1, -OPEN, -1)):
            parts = [(place, 100 * scale) for place in above] + [(place, shift - middle) for place in below]
            self.equations.add(parts, low, high, f"rate {rate.printed}%")
        self.equations.at_most(above, below, "share")
        self.equations.add([(place, 1) for place in below], 1, OPEN, "base")

    def _gaps(self, numbers: Sequence[PrintedNumber], flows: Flows) -> None:
        for gap in gaps(numbers):
            self._gap(gap, flows)
        self._rests(numbers, flows)

    def _gap(self, gap: Gap, flows: Flows) -> None:
        topic, forms, codes = gap.series
        spot = Spot(topic, forms, codes, gap.days)
        whole = self._of(spot, flows, None)  # type: ignore[arg-type]
        if gap.without:
            taken = [self._of(Spot(topic, forms, codes, days), flows, None) for days in gap.without]  # type: ignore[arg-type]
            rest = self.equations.unknown((spot, gap.without))
            self.equations.equal([whole], [rest, *taken], "difference in time")
            whole = rest
        without = "".join(f" without {words_of(days)}" for days in gap.without)
        self.hidden.setdefault(
            whole, _Hidden(spot, f"the difference {spot.words()}{without}", "difference", gap.true, gap.without)
        )

    def _rests(self, numbers: Sequence[PrintedNumber], flows: Flows) -> None:
        """A set of forms less a part of it, of equal days and codes."""
        places: dict[object, list[PrintedNumber]] = defaultdict(list)
        for number in numbers:
            if number.spot.topic.adds and len(number.spot.forms) > 1:
                places[number.spot.topic, number.spot.codes, number.spot.days].append(number)
        for sets in places.values():
            for one in sets:
                for other in sets:
                    if one.spot.forms < other.spot.forms:
                        self._rest(one, other, flows)

    def _rest(self, one: PrintedNumber, other: PrintedNumber, flows: Flows) -> None:
        spot = Spot(one.spot.topic, other.spot.forms - one.spot.forms, one.spot.codes, one.spot.days)
        place = self._of(spot, flows, None)  # type: ignore[arg-type]
        values = [number.true if number.value is None else number.value for number in (other, one)]
        true = None if None in values else (values[0] or 0) - (values[1] or 0)
        self.hidden.setdefault(place, _Hidden(spot, f"the difference {spot.words()}", "difference", true))

    def _said(self, progress: Progress) -> Look:
        if not self.sheet.whole:
            self.equations.rows = [row for row in self.equations.rows if not self._broken(row)]
        wanted = {place: self._wanted(place, one) for place, one in self.hidden.items()}
        hidden = sum(one.sort == "hidden" for one in self.hidden.values())
        differences = sum(one.sort == "difference" for one in self.hidden.values())
        if not self.contradiction:
            try:
                known = inquire(self.equations, wanted, self.terms.all_ends, progress)
            except ContradictionError as error:
                known, self.contradiction = {}, str(error) + (f": {self._row(error.row)}" if error.row else "")
        else:
            known = {}
        seen = [self._seen(one, wanted[place], known[place]) for place, one in self.hidden.items() if place in known]
        kept = [one for one in seen if not one.safe or self.terms.all_ends]
        return Look(tuple(sorted([*self.printed, *kept], key=lambda one: (one.safe, one.what))), hidden, differences,
                    self.contradiction)  # fmt: skip

    def _broken(self, row: Equation) -> bool:
        """A sum of which everything is printed and that does not hold: its parts are not all there."""
        low, high = self.equations.low, self.equations.high
        if not row.kind.startswith("sum over codes") or any(low[place] != high[place] for place, _ in row.parts):
            return False
        return not row.low <= sum(low[place] * times for place, times in row.parts) <= row.high

    def _wanted(self, place: int, one: _Hidden) -> Wanted:
        """What must stay possible: two values of a hidden number, one of them not small; on either side of the truth
        where it is known to be small."""
        threshold, small = self.terms.threshold, one.true is not None and 0 < one.true < self.terms.threshold
        below = one.true - 1 if small and one.true is not None and one.true - 1 >= self.equations.low[place] else None
        if one.sort == "hidden":
            return Wanted(threshold, below, True)
        if small:
            return Wanted(threshold, below, True, at_least_one=True)
        return Wanted(threshold if one.true is None else None, None, False)

    def _seen(self, one: _Hidden, wanted: Wanted, known: Knowledge) -> Seen:
        verdict = self._verdict(one, wanted, known)
        because = tuple(self._row(row) for row in known.because) if verdict != "safe" else ()
        low = known.low if verdict != "safe" or self.terms.all_ends else known.least
        high = known.high if verdict != "safe" or self.terms.all_ends else known.most
        high = None if high is None or high >= OPEN else high
        what = one.place if one.sort == "difference" else one.spot.words()
        return Seen(one.spot, what, one.place, verdict, low, high, because)

    def _verdict(self, one: _Hidden, wanted: Wanted, known: Knowledge) -> Verdict:
        most, least = known.most, known.least
        reached = wanted.reach is None or (most is not None and most >= wanted.reach)
        shown = wanted.at_least_one and wanted.below == 0 and known.shown >= 1
        below = shown or wanted.below is None or (least is not None and least <= wanted.below)
        second = not wanted.second or (most is not None and least is not None and most > least)
        if reached and below and second:
            return "safe"
        if known.low is None or known.high is None:
            return "undecided"
        if one.sort != "hidden" and (known.low == 0 if one.true is None else wanted.reach is None):
            return "safe"
        if known.exact:
            return "exact"
        if known.high < self.terms.threshold or (not below and known.low > (wanted.below or 0)):
            return "narrow"
        return "undecided"

    def _row(self, row: Equation) -> str:
        """A row in words."""
        sides: dict[bool, list[str]] = {True: [], False: []}
        for place, times in row.parts:
            name = self._name(place) + self.values.get(place, "")
            sides[times > 0].append(name if abs(times) == 1 else f"{abs(times)} x {name}")
        sign = "=" if row.low == row.high else "is at least"
        return f"{row.kind}: {' + '.join(sides[True]) or '0'} {sign} {' + '.join(sides[False]) or row.low}"

    def _name(self, place: int) -> str:
        key = self.equations.names[place]
        if isinstance(key, Spot):
            return key.words()
        if isinstance(key, tuple) and len(key) == 4 and isinstance(key[1], str):
            topic, form, codes, days = key
            if len(days) == 2:
                return Spot(topic, frozenset({form}), codes, days).words()
        return "a part that nobody prints"
