"""The numbers of one snapshot tied together: each line cut at its own points, then sums and bounds between lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from uitstroom.disclosure import relations
from uitstroom.disclosure.persons import tie_persons
from uitstroom.disclosure.quantity import AT_WORK, FLOWS, FOLLOWED, NOT_AT_WORK, PERSONS, STOCK, Line, Parents, Quantity
from uitstroom.disclosure.tied_cells import TiedCells
from uitstroom.disclosure.timeline import ZERO, Cut, Stretch, cut, remainders
from uitstroom.periods import Day

Told = dict[Line, dict[Stretch, int]]


def stretch_of(quantity: Quantity) -> Stretch:
    """The days of a quantity as ordinals, the second one the day after the last."""
    return quantity.first.toordinal(), quantity.last.toordinal() + 1


def quantity_at(line: Line, stretch: Stretch) -> Quantity:
    """A line on the days of a stretch."""
    return Quantity(line, Day.fromordinal(stretch[0]), Day.fromordinal(stretch[1] - 1))


@dataclass
class SnapshotNumbers:
    """What is known of one snapshot: the cell of each number, by line and days. `without` are rows left out: zeros."""

    sheet: TiedCells
    parents: Parents
    zeros_shown: bool = True
    groups_shown: bool = True
    told: Told = field(default_factory=lambda: defaultdict(dict))
    cuts: dict[Line, Cut] = field(default_factory=dict)

    def tie(self) -> None:
        """Make the cells of differences, and every row."""
        self._fill()
        flows = {line: cells for line, cells in self.told.items() if line.what in FLOWS}
        self.cuts = {line: self._cut(line, cells) for line, cells in flows.items()}
        self._codes()
        self._forms()
        self._outflow()
        self._stocks()
        self._lists()
        tie_persons(self.sheet, self.told, self.cuts)
        relations.share_a_cube(self.sheet, self.told)

    def _fill(self) -> None:
        """A code that a breakdown leaves out is a 0 there."""
        codes: dict[Line, set[tuple[tuple[str, str], ...]]] = defaultdict(set)
        asked: dict[Line, set[Stretch]] = defaultdict(set)
        for line, cells in self.told.items():
            if line.by:
                blank = replace(line, by=tuple((dimension, "") for dimension, _ in line.by))
                codes[replace(blank, forms=())].add(line.by)
                asked[blank] |= cells.keys()
        for blank, stretches in asked.items():
            for by in sorted(codes[replace(blank, forms=())]):
                cells = self.told[replace(blank, by=by)]
                for stretch in sorted(stretches - cells.keys()):
                    cells[stretch] = ZERO

    def _cut(self, line: Line, cells: Mapping[Stretch, int]) -> Cut:
        sizes = {stretch: self._value(cell) for stretch, cell in cells.items()}
        public = [stretch for stretch, cell in cells.items() if cell == ZERO or self.sheet.cells[cell].public]

        def new(stretch: Stretch, size: int | None, fresh: bool) -> int:
            return self.sheet.cell(quantity_at(line, stretch), size, difference=fresh)

        nobody = [stretch for stretch, cell in cells.items() if cell == ZERO or self._known_zero(cell)]
        made = cut(cells, sizes, public, nobody, new)
        self._compose(line, made, cells, sizes, public)
        return made

    def _compose(
        self,
        line: Line,
        made: Cut,
        cells: Mapping[Stretch, int],
        sizes: Mapping[Stretch, int],
        public: Sequence[Stretch],
    ) -> None:
        """Longer stretches are sums of those between points, told or not."""
        bare = made.bare
        for stretch in made.whole:
            parts = bare.run(*stretch)
            if parts and parts != [cells[stretch]]:
                self.sheet.equal([cells[stretch]], parts, sure=True)
        loose = remainders(sizes, public) if made.loose else []
        for one in (one for one in loose if one.less or one.stretch not in made.whole):
            parts = bare.run(*one.stretch) or []
            taken = [cell for span in one.less for cell in bare.run(*span) or []]
            note = "".join(f", less {quantity_at(line, span).words()}" for span in one.less)
            cell = self.sheet.cell(quantity_at(line, one.stretch), one.size, difference=one.fresh, note=note)
            left = [part for part in parts if part not in taken]
            self.sheet.equal([cell], left, sure=True)

    def _known_zero(self, cell: int) -> bool:
        """Whether everybody sees that a cell is 0: it is printed whatever happens."""
        one = self.sheet.cells[cell]
        shown = self.zeros_shown and (self.groups_shown or one.name.line.what not in (AT_WORK, NOT_AT_WORK))
        return one.value == 0 and (one.public or (shown and one.printed))

    def _value(self, cell: int) -> int:
        return 0 if cell == ZERO else self.sheet.cells[cell].value or 0

    def _codes(self) -> None:
        for total, families in relations.over_codes(self.told, self.parents).items():
            for parts in families:
                self._sum(total, parts)

    def _sum(self, total: Line, parts: Sequence[Line]) -> None:
        if total.what in FLOWS:
            relations.add_up(self.sheet, self.cuts[total], [self.cuts[part] for part in parts])
            return
        for stretch, cell in self.told[total].items():
            if all(stretch in self.told[part] for part in parts):
                self.sheet.equal([cell], [self.told[part][stretch] for part in parts])

    def _forms(self) -> None:
        additive = [line for line in self.told if line.what not in PERSONS and line.forms]
        for total, parts, rest in relations.over_forms(additive):
            if not rest:
                self._sum(total, parts)
            elif total.what in FLOWS:
                self._rest(total, parts, rest)
            else:
                for stretch in self.told[total].keys() & set.intersection(*(set(self.told[one]) for one in parts)):
                    small = [self.told[one][stretch] for one in parts]
                    self.sheet.at_most(small, [self.told[total][stretch]])

    def _rest(self, total: Line, parts: Sequence[Line], rest: Iterable[str]) -> None:
        """What a set of forms counts beside the parts of it that are told."""
        whole, others = self.cuts[total], [self.cuts[part] for part in parts]
        relations.add_up(self.sheet, whole, others, whole=False)
        common = sorted(set(whole.points).intersection(*(part.points for part in others)))
        beside = replace(total, forms=tuple(sorted(rest)))
        for first, end in pairwise(common):
            runs = [one.run(first, end) for one in (whole, *others)]
            terms = [cell for run in runs for cell in run or ()]
            if all(run is not None for run in runs) and all(self._counted(cell) for cell in terms):
                size = sum(map(self._value, runs[0] or ())) - sum(self._value(c) for run in runs[1:] for c in run or ())
                if size >= 0:
                    fresh = not all(cell == ZERO or self.sheet.cells[cell].public for cell in terms)
                    cell = self.sheet.cell(quantity_at(beside, (first, end)), size, difference=fresh)
                    self.sheet.equal(runs[0] or (), [cell, *(c for run in runs[1:] for c in run or ())], sure=True)

    def _counted(self, cell: int) -> bool:
        return cell == ZERO or self.sheet.cells[cell].value is not None

    def _outflow(self) -> None:
        for line in self.cuts:
            if line.what == FOLLOWED:
                for total, parts in relations.over_boxes(line, self.cuts):
                    relations.add_up(self.sheet, total, parts)
            if line.what == AT_WORK:
                followed, rest = relations.of_work(line)
                if followed in self.cuts and rest in self.cuts:
                    relations.add_up(self.sheet, self.cuts[followed], [self.cuts[line], self.cuts[rest]])
        for small, large in relations.parts_of_others(self.cuts):
            relations.add_up(self.sheet, self.cuts[large], [self.cuts[small]], whole=False)

    def _stocks(self) -> None:
        """Who runs on a day ran on an earlier one or started since, and did not end since: unless interrupted."""
        for line in [line for line in self.told if line.what in STOCK]:
            came, went = (self.cuts.get(replace(line, what=what)) for what in ("started", "ended"))
            for one, other in pairwise(sorted(self.told[line])) if came and went else ():
                started = came.run(one[1], other[1]) if came else None
                ended = went.run(one[1], other[1]) if went else None
                if started is not None and ended is not None:
                    before, after = self.told[line][one], self.told[line][other]
                    self.sheet.equal([before, *started], [after, *ended])

    def _lists(self) -> None:
        """Of a list everybody was reached or was not."""
        for line in [line for line in self.told if line.what == "not_reached"]:
            size = self.told.get(Line("population", "person", (), line.population, (), ()), {})
            reached = self.told.get(replace(line, what="reached"), {})
            for stretch, cell in self.told[line].items():
                for known in size.values():
                    if stretch in reached and not line.by:
                        self.sheet.equal([known], [cell, reached[stretch]])
