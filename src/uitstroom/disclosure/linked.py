"""All figures of a release together, with what was published before: one cell per number, one row per tie.

Equal numbers of one quantity under two snapshots are one cell, unequal ones are two: a revision. Rows tie cells within
one snapshot only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.attack import disclosed
from uitstroom.disclosure.cells import OPEN, Cells, Flags, Integers
from uitstroom.disclosure.protection import Progress, quiet
from uitstroom.disclosure.quantity import AT_WORK, NOT_AT_WORK, Number, Parents, Quantity, numbers
from uitstroom.disclosure.relations import of_work
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.disclosure.snapshot_numbers import SnapshotNumbers, stretch_of
from uitstroom.disclosure.tied_cells import TiedCells
from uitstroom.disclosure.timeline import ZERO
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Figure, Table

ZEROS_HIDDEN = "note.zeros_hidden"
"""The code of the note that tells a reader that a hidden number can be 0."""
_DEAR = 1000.0
_ROUNDS = 50
_MANY = 5000
"""Cells tied together of which not all are looked at at once."""
_RADII, _STEPS = 3, 2


@dataclass
class Linked:
    """The numbers of a release and of earlier ones; `place` finds the cell of a quantity as this release prints it."""

    rule: Rule
    parents: Parents = field(default_factory=dict)
    sheet: TiedCells = field(default_factory=TiedCells)
    place: dict[Quantity, int] = field(default_factory=dict)
    told: tuple[tuple[Number, ...], ...] = ()
    """Per table of this release every number in it."""
    _known: dict[tuple[Quantity, int], int] = field(default_factory=dict)
    _views: list[dict[Quantity, int]] = field(default_factory=list)
    _snapshots: dict[str, dict[Quantity, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, tables: Sequence[Table], rule: Rule, earlier: Sequence[Released] = (), parents: Parents | None = None
    ) -> Linked:
        """Raises `UitstroomError` where two tables of the release give different numbers for one quantity."""
        above = _joined([parents or {}, *(release.parents for release in earlier)])
        linked = cls(rule, above, told=tuple(tuple(numbers(table, above)) for table in tables))
        linked._refuse_two_values(tables)
        for table, told in zip(tables, linked.told, strict=True):
            view = linked._snapshots.setdefault(table.scope.snapshot, {})
            for number in told:
                linked._print(view, number, table.figures[number.figure])
        linked._views = list(linked._snapshots.values())
        for release in earlier:
            linked._add(release)
        linked._keep(tables)
        for view in linked._views:
            linked._tie(view, above)
        linked.sheet.settle()
        return linked

    def _refuse_two_values(self, tables: Sequence[Table]) -> None:
        first: dict[tuple[str, Quantity], tuple[int, int]] = {}
        problems = {}
        for place, (table, told) in enumerate(zip(tables, self.told, strict=True)):
            for number in told:
                value, other = first.setdefault((table.scope.snapshot, number.quantity), (number.value, place))
                if value != number.value:
                    names = " and ".join(f"{tables[one].title['nl']!r}" for one in dict.fromkeys((other, place)))
                    problems[number.quantity] = Problem(
                        "two numbers are given for one and the same quantity", f"{names}: {number.quantity.words()}",
                        "ask for one of them, or say in the catalogue in what they differ",
                    )  # fmt: skip
        if problems:
            raise UitstroomError.of(list(problems.values()))

    def _print(self, view: dict[Quantity, int], number: Number, figure: Figure) -> None:
        """A number of this release; of a provisional rate the numerator is hidden with its base, also where it is 0."""
        if number.place == "zero":
            view.setdefault(number.quantity, ZERO)
            return
        place = view[number.quantity] = self._cell(number.quantity, number.value)
        self.place[number.quantity] = place
        cell = self.sheet.cells[place]
        if number.quantity.line.what == "population":
            cell.public = True
        if number.place != "rest":
            cell.printed = True
            silent = number.place == "numerator" and figure.provisional is not None
            cell.positive |= self.rule.zeros == "shown" and not number.quantity.line.population and not silent

    def _cell(self, quantity: Quantity, value: int) -> int:
        if (quantity, value) not in self._known:
            place = self._known[quantity, value] = self.sheet.cell(quantity, value)
            self.sheet.cells[place].told = True
        return self._known[quantity, value]

    def _add(self, release: Released) -> None:
        """An earlier release: in its snapshot's view, or in one of its own where it contradicts it."""
        view = self._snapshots.setdefault(release.snapshot, {})
        told = {number.quantity: self._value(view[number.quantity]) for number in release.numbers
                if number.quantity in view}  # fmt: skip
        if any(told.get(number.quantity, number.value) != number.value for number in release.numbers):
            view = {}
        if not any(view is one for one in self._views):
            self._views.append(view)
        for number in release.numbers:
            place = view[number.quantity] = self._cell(number.quantity, number.value)
            cell = self.sheet.cells[place]
            cell.public |= number.state == "public"
            cell.positive |= number.state == "hidden" and not release.zeros_hidden

    def _value(self, place: int) -> int:
        return 0 if place == ZERO else self.sheet.cells[place].value or 0

    def _keep(self, tables: Sequence[Table]) -> None:
        """Mark what must not be hidden: undivided numbers, of a form only where none of the same figure is small."""
        for table, told in zip(tables, self.told, strict=True):
            of_figure: dict[int, list[Number]] = defaultdict(list)
            for number in told:
                of_figure[number.figure].append(number)
            for place, own in of_figure.items():
                figure = table.figures[place]
                if not figure.by:
                    self._keep_figure(own, self.rule.keep_forms if figure.instrument else self.rule.keep_totals)

    def _keep_figure(self, own: Sequence[Number], keep: bool) -> None:
        small = any(0 < number.value < self.rule.threshold for number in own)
        for number in own:
            whole = number.place in ("value", "entrants")
            if number.place not in ("rest", "zero") and (whole or not small):
                cell = self.sheet.cells[self.place[number.quantity]]
                cell.kept, cell.dear = cell.kept or keep, True

    def _tie(self, view: Mapping[Quantity, int], parents: Parents) -> None:
        tied = SnapshotNumbers(self.sheet, parents, self.rule.zeros == "shown", self.rule.group == "show")
        for quantity, place in view.items():
            tied.told[quantity.line][stretch_of(quantity)] = place
        tied.tie()

    def cells(self, open_before: Iterable[int] = ()) -> Cells:
        """The cells and rows that protection works on; a number that an earlier release printed stays printed.

        Nothing is asked for the cells that were `open_before` this release.
        """
        values = np.array([cell.value or 0 for cell in self.sheet.cells], dtype=np.int64)
        told, printed, public, positive, kept, dear, difference = (self._flags(name) for name in _FLAGS)
        group, reach = self._group_disclosing(), self._of_lists()
        few = self.rule.sensitive(values) | group | reach & (values < self.rule.threshold)
        asked = told | difference & (self.rule.differences == "protect")
        asked[list(open_before)] = False
        sensitive = few & asked & ~public
        rows, lower, upper = self._matrix()
        zero = (values == 0) & printed & (self.rule.zeros == "shown") & ~sensitive
        least = (positive & (values > 0) & ~group & ~reach & (self.rule.attacker == "positive")).astype(np.int64)
        most = np.where(public | zero, values, OPEN)
        floor = np.where(printed, least, raised(np.where(public, values, least), most, (rows, lower, upper)))
        floor = np.minimum(floor, np.minimum(values, 1))
        fixed = public | ~sensitive & (zero | kept & printed)
        demands = tuple(self.rule.demand(cell, int(values[cell]), int(floor[cell])) for cell in _places(sensitive))
        free = ~printed & ~public
        weight = np.where(free, 0.0, self.rule.weight(values) + np.where(dear, _DEAR, 0.0))
        ceiling = np.full(len(values), OPEN, dtype=np.int64)
        return Cells(values, rows, lower, upper, floor, ceiling, fixed, free, weight, demands, Tied.of(rows))

    def open_before(self, earlier: Sequence[Released], progress: Progress = quiet) -> set[int]:
        """The cells that earlier releases give away between them, whatever this one does."""
        before = Linked.of([], self.rule, earlier, self.parents)
        public = before._flags("public")
        found = disclosed(before.cells(), ~public, progress)
        names = [(before.sheet.cells[cell].name, before.sheet.cells[cell].value or 0) for cell in _places(found)]
        here = {(cell.name, cell.value): place for place, cell in enumerate(self.sheet.cells) if cell.difference}
        return {place for name in names if (place := self._known.get(name, here.get(name))) is not None}

    def _flags(self, name: str) -> Flags:
        return np.array([getattr(cell, name) for cell in self.sheet.cells], dtype=bool)

    def _of_lists(self) -> Flags:
        """Shares of a given list: also 0 is hidden, or a list would be an oracle."""
        return np.array([bool(cell.name.line.population) for cell in self.sheet.cells], dtype=bool)

    def _group_disclosing(self) -> Flags:
        """Nobody or everybody at work, where the policy calls that a disclosure."""
        flags = np.zeros(len(self.sheet.cells), dtype=bool)
        for view in self._views if self.rule.group == "hide" else ():
            for quantity, place in view.items():
                if quantity.line.what in (AT_WORK, NOT_AT_WORK) and place != ZERO:
                    base = view.get(replace(quantity, line=of_work(quantity.line)[0]), ZERO)
                    flags[place] = self._value(base) > 0 and self._value(place) == 0
        return flags

    def _matrix(self) -> tuple[sparse.csr_matrix, Integers, Integers]:
        entries = [(row, cell, by) for row, parts in enumerate(self.sheet.rows) for cell, by in parts]
        rows, cells, by = (np.array([entry[part] for entry in entries], dtype=np.int64) for part in range(3))
        matrix = sparse.csr_matrix((by, (rows, cells)), shape=(len(self.sheet.rows), len(self.sheet.cells)))
        ends = np.array(list(self.sheet.rows.values()), dtype=np.int64).reshape(-1, 2)
        return matrix, ends[:, 0], ends[:, 1]


_FLAGS = ("told", "printed", "public", "positive", "kept", "dear", "difference")


def _places(flags: Flags) -> list[int]:
    return [int(place) for place in np.flatnonzero(flags)]


def _joined(all_parents: Iterable[Parents]) -> Parents:
    joined: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for parents in all_parents:
        for dimension, codes in parents.items():
            joined[dimension] |= codes
    return joined


def raised(least: Integers, most: Integers, rows: tuple[sparse.csr_matrix, Integers, Integers]) -> Integers:
    """What a reader knows each cell to be at least, given `least` and `most`: 1 where rows say so, never more.

    Where a year is 1 or more and its first half is a printed 0, its second half is 1 or more.
    """
    matrix = rows[0].tocoo()
    row, cell, by = matrix.row, matrix.col, matrix.data
    count, known = matrix.shape[0], least.copy()
    for _ in range(_ROUNDS):
        bounds = []
        for sign, end in ((1, rows[1]), (-1, -rows[2])):
            factor = by * sign
            highest = np.where(factor > 0, most[cell], known[cell])
            without_end = (factor > 0) & (highest >= OPEN)
            reach = np.where(without_end, 0, factor * highest)
            loose = np.bincount(row, without_end, count).astype(np.int64)[row] - without_end
            others = _summed(row, reach, count)[row] - reach
            says = (factor > 0) & (loose == 0) & (end[row] > -OPEN)
            bounds.append(np.where(says, end[row] - others, 0))
        better = known.copy()
        np.maximum.at(better, cell, np.minimum(np.maximum(*bounds), 1))
        if (better == known).all():
            break
        known = better
    return known


def _summed(row: Integers, numbers: Integers, count: int) -> Integers:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, row, numbers)
    return sums


@dataclass(frozen=True)
class Tied:
    """The surroundings of a linked cell: of few cells all that rows tie it to, directly or not; of many first those
    that few rows lie between."""

    label: Integers
    rows: sparse.csr_matrix
    columns: sparse.csc_matrix
    widest: int

    @classmethod
    def of(cls, rows: sparse.csr_matrix) -> Tied:
        ties = abs(rows).T @ abs(rows)
        label = sparse.csgraph.connected_components(ties, directed=False)[1].astype(np.int64)
        many = np.bincount(label).max(initial=0) > _MANY
        return cls(label, rows, rows.tocsc(), _RADII if many else 1)

    def around(self, cell: int, radius: int) -> tuple[object, Integers]:
        label = int(self.label[cell])
        if radius >= self.widest:
            return label, np.flatnonzero(self.label == label)
        return (cell, radius), self._near(cell, _STEPS * radius)

    def _near(self, cell: int, steps: int) -> Integers:
        """The cells that at most so many rows lead to."""
        found, latest = {cell}, {cell}
        for _ in range(steps):
            places = [self.columns.indices[self.columns.indptr[one] : self.columns.indptr[one + 1]] for one in latest]
            over = np.unique(np.concatenate(places)).tolist() if places else []
            lists = [self.rows.indices[self.rows.indptr[row] : self.rows.indptr[row + 1]] for row in over]
            latest = {int(one) for one in np.unique(np.concatenate(lists))} - found if lists else set()
            found |= latest
        return np.array(sorted(found), dtype=np.int64)
