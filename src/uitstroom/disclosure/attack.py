"""The attacker: what a reader can work out about hidden cells from everything published.

Independent of the search and of its certificates. Hidden cells that no equation ties to each other are attacked apart;
within such a part one linear program is solved again and again with another cell as its objective. Every answer shows
values for all cells at once, so most cells need no program of their own. Only whole-number tables, checked against
every row, count as proof that a value is possible; a program that does not end with a clear answer counts as disclosed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import highspy
import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import OPEN, Cells, Flags, Integers, Numbers
from uitstroom.disclosure.solver import Solver, load, quiet_highs

_WHOLE = 1e-6
_TIMES = 10


@dataclass(frozen=True)
class Published:
    """What a reader has: rows and bounds as in `Cells`, `values` that are 0 where `unknown`."""

    values: Integers
    unknown: Flags
    rows: sparse.csr_matrix
    lower: Integers
    upper: Integers
    floor: Integers
    ceiling: Integers

    @classmethod
    def of(cls, cells: Cells, hidden: Flags) -> Published:
        unknown = hidden | cells.virtual
        values = np.where(unknown, 0, cells.values)
        return cls(values, unknown, cells.rows, cells.lower, cells.upper, cells.floor, cells.ceiling)

    @cached_property
    def columns(self) -> sparse.csc_matrix:
        return self.rows.tocsc()

    @cached_property
    def components(self) -> list[Integers]:
        """The unknown cells, apart where no row ties them."""
        rows = abs(self.columns[:, np.flatnonzero(self.unknown)])
        count, label = sparse.csgraph.connected_components((rows.T @ rows).astype(bool), directed=False)
        order = np.argsort(label, kind="stable")
        sizes = np.bincount(label, minlength=count)
        return np.split(np.flatnonzero(self.unknown)[order], np.cumsum(sizes)[:-1]) if len(order) else []


class _Component:
    """Hidden cells tied by equations: one model, kept warm."""

    def __init__(self, published: Published, unknown: Integers) -> None:
        self.unknown = unknown
        columns = published.columns[:, unknown].tocsr()
        touched = np.flatnonzero(np.diff(columns.indptr))
        self.touched = touched
        self.matrix = columns[touched]
        known = (published.rows[touched] @ published.values).astype(np.int64)
        self.lower, self.upper = published.lower[touched] - known, published.upper[touched] - known
        self.floor, self.ceiling = published.floor[unknown], published.ceiling[unknown]
        self.status = highspy.HighsModelStatus.kNotset
        self.highs = _model(self.matrix.tocsc(), (self.lower, self.upper), (self.floor, self.ceiling))

    def extreme(self, place: int, sign: int, stop: int | None = None) -> tuple[float | None, Numbers | None]:
        """The most (`sign` 1) or least (-1) that a cell can be, infinite or None if not decided, and a table with it.

        `stop` bounds the cell for this question: beyond it nobody asks.
        """
        high = _open(self.ceiling[place]) if sign < 0 or stop is None else float(stop)
        low = _open(self.floor[place]) if sign > 0 or stop is None else float(stop)
        self.highs.changeColBounds(place, low, high)
        self.highs.changeColCost(place, float(-sign))
        answer = self._run()
        self.highs.changeColCost(place, 0.0)
        self.highs.changeColBounds(place, _open(self.floor[place]), _open(self.ceiling[place]))
        if answer is None or answer is _UNBOUNDED:
            return (sign * np.inf if answer is _UNBOUNDED else None), None
        return float(answer[place]), answer

    def _run(self) -> Numbers | None:
        for attempt in (0, 1):
            if attempt:
                self.highs.clearSolver()
            self.highs.run()
            self.status = status = self.highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                return np.array(self.highs.getSolution().col_value)
            if status == highspy.HighsModelStatus.kUnbounded:
                return _UNBOUNDED
        return None

    def whole(self, place: int, goal: int) -> Integers | None:
        """A whole-number table near the truth's size with the cell at `goal`, if the step limit finds one."""
        count = len(self.unknown)
        self.highs.changeColBounds(place, float(goal), float(goal))
        self.highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.ones(count, dtype=np.uint8))
        self.highs.run()
        status, info = self.highs.getModelStatus(), self.highs.getInfo()
        found = status == highspy.HighsModelStatus.kOptimal or info.primal_solution_status == 2
        table = np.array(self.highs.getSolution().col_value) if found else None
        self.highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), np.zeros(count, dtype=np.uint8))
        self.highs.changeColBounds(place, _open(self.floor[place]), _open(self.ceiling[place]))
        return None if table is None else self.allows(table)

    def reasons(self, place: int) -> tuple[int, ...]:
        """The rows of the whole table that bound the cell on either side."""
        found: set[int] = set()
        for sign in (-1, 1):
            if self.extreme(place, sign)[1] is not None:
                duals = np.array(self.highs.getSolution().row_dual)
                found.update(self.touched[np.abs(duals) > _WHOLE].tolist())
        return tuple(sorted(found))

    def contradictory(self) -> bool:
        return bool(self.status == highspy.HighsModelStatus.kInfeasible)

    def allows(self, table: Numbers) -> Integers | None:
        """The table in whole numbers, if it is one and agrees with everything published."""
        whole = np.rint(table).astype(np.int64)
        if np.abs(table - whole).max(initial=0.0) > _WHOLE:
            return None
        sums = self.matrix @ whole
        within = ((sums >= self.lower) & (sums <= self.upper)).all()
        return whole if within and ((whole >= self.floor) & (whole <= self.ceiling)).all() else None


_UNBOUNDED: Numbers = np.array([np.inf])


def _open(end: int) -> float:
    return float(end) if abs(end) < OPEN // 2 else float(np.copysign(np.inf, end))


def _model(
    matrix: sparse.csc_matrix, rows: tuple[Integers, Integers], columns: tuple[Integers, Integers]
) -> highspy.Highs:
    highs = quiet_highs()
    highs.setOptionValue("simplex_strategy", 4)
    ends = [np.array([_open(end) for end in side.tolist()], dtype=float) for side in (*columns, *rows)]
    count = matrix.shape[1]
    places = (matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data.astype(float))
    load(highs, np.zeros(count), (ends[0], ends[1]), (ends[2], ends[3]), places, np.zeros(count, dtype=np.int32))
    return highs


def disclosed(cells: Cells, hidden: Flags, progress: Callable[[str, int, int], None] = lambda *_: None) -> Flags:
    """Per cell, whether a reader of everything but `hidden` learns too much; needs no certificate.

    A sensitive cell is disclosed unless whole-number tables meet both sides of its demand; another hidden cell, unless
    it can take a second value. A question that the step limit leaves open counts as disclosed.
    """
    published = Published.of(cells, hidden)
    result = cells.sensitive & ~published.unknown
    parts = published.components
    wanted = {demand.cell: (demand.reach, demand.below) for demand in cells.demands}
    closed = ~(hidden | cells.virtual)
    solver = Solver(replace(cells, fixed=closed, demands=()), first=True)
    for done, part in enumerate(parts):
        result[part] = _Inquiry(_Component(published, part), solver, hidden, wanted).disclosed()
        progress("audit", done + 1, len(parts))
    return result & hidden | result & cells.sensitive


class _Inquiry:
    """Which cells of one component are disclosed, from the values that whole-number tables were seen to give them."""

    def __init__(
        self, part: _Component, solver: Solver, hidden: Flags, wanted: dict[int, tuple[int, int | None]]
    ) -> None:
        cells = solver.cells
        self.part, self.solver = part, solver
        self.closed, self.price = np.zeros(cells.count, dtype=bool), np.ones(cells.count)
        self.truth = cells.values[part.unknown]
        self.reach, self.below = self.truth.copy(), self.truth.copy()
        self.asked = hidden[part.unknown]
        self.demanded = np.isin(part.unknown, list(wanted))
        for place, cell in enumerate(part.unknown.tolist()):
            if cell in wanted:
                reach, below = wanted[cell]
                self.reach[place], self.below[place] = reach, self.truth[place] if below is None else below
        self.high, self.low = self.truth.copy(), self.truth.copy()

    def disclosed(self) -> Flags:
        for place in np.flatnonzero(self.demanded).tolist():
            self._seek(place, 1, int(self.reach[place]))
            self._seek(place, -1, int(self.below[place]))
        for place in np.flatnonzero(self.asked & ~self.demanded).tolist():
            if self.high[place] == self.low[place]:
                self._seek(place, 1, int(self.truth[place]) + 1)
            if self.high[place] == self.low[place]:
                self._seek(place, -1, int(self.truth[place]) - 1)
        short = (self.high < self.reach) | (self.low > self.below)
        return np.where(self.demanded, short, self.asked & (self.high == self.low))

    def _seek(self, place: int, sign: int, goal: int) -> None:
        """Look for a table in which the cell reaches `goal`, and note what every cell is in it."""
        reached = self.high[place] >= goal if sign > 0 else self.low[place] <= goal
        if reached or self._near(place, goal):
            return
        value, table = self.part.extreme(place, sign, goal)
        if table is None or value is None or (value - goal) * sign < -_WHOLE:
            return
        whole = self.part.allows(table)
        self._note(self.part.whole(place, goal) if whole is None else whole)

    def _note(self, table: Integers | None) -> bool:
        if table is not None:
            np.maximum(self.high, table, out=self.high)
            np.minimum(self.low, table, out=self.low)
        return table is not None

    def _near(self, place: int, goal: int) -> bool:
        """Look for a small whole change around the cell that brings it to `goal`; its multiples count as well."""
        cell, by = int(self.part.unknown[place]), goal - int(self.truth[place])
        move = self.solver.cheapest(cell, by, 1, self.price, self.closed, effort=2)
        if move is None:
            return False
        change = np.zeros_like(self.truth)
        change[np.searchsorted(self.part.unknown, move.cells)] = move.change
        for times in (min(move.most, _TIMES), -min(move.least, _TIMES)):
            self._note(self.part.allows((self.truth + times * change).astype(float)))
        return self._note(self.part.allows((self.truth + change).astype(float)))


@dataclass(frozen=True)
class Interval:
    """What a reader can say of one hidden cell, and the rows that say it, with their multipliers.

    An end is None where there is none or none could be found.
    """

    cell: int
    low: int | None
    high: int | None
    rows: tuple[int, ...]


def intervals(published: Published) -> Iterator[Interval]:
    """The narrowest interval that the rows give for every unknown cell; ValueError if they contradict each other."""
    for part in published.components:
        component = _Component(published, part)
        for place, cell in enumerate(part.tolist()):
            low, high = (component.extreme(place, sign)[0] for sign in (-1, 1))
            if low is None and component.contradictory():
                raise ValueError("the published cells contradict each other")
            yield Interval(cell, _inward(low, np.ceil, -1), _inward(high, np.floor, 1), component.reasons(place))


def _inward(end: float | None, towards: Callable[[float], float], sign: int) -> int | None:
    return None if end is None or not np.isfinite(end) else int(towards(end + sign * _WHOLE))
