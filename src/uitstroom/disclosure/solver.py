"""The cheapest move that displaces one cell: a flow problem, given to HiGHS.

The solver is a source of proposals and nothing more. What it says is rounded, checked in whole numbers and refused
when it does not hold; any status but "optimal" is no proposal at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import OPEN, Cells, Flags, Integers, Move, Numbers, times_within
from uitstroom.silence import silent_output

NODES = 50
"""Branch-and-bound nodes spent on making one fractional answer whole."""
ALLOWANCE = 0.3
"""What a move may cost beyond its budget for cells that are nearly free."""

_COLUMNWISE = 1
_MINIMISE = 1
_WHOLE = 1e-6
_FREE = 0.1
_Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Part:
    """The rows among some cells; for the solver twice side by side: once for what rises and once for what falls."""

    cells: Integers
    rows: sparse.csr_matrix
    slack: tuple[Integers, Integers]
    room: tuple[Integers, Integers]
    fall: Numbers
    rise: Numbers
    starts: _Places
    index: _Places
    data: Numbers

    def move(self, change: Integers) -> Move | None:
        """The move that changes the cells of the part by `change`, or None where a row or bound forbids it."""
        shift = self.rows @ change
        (fall, rise), (down, up) = self.slack, self.room
        most = min(times_within(change, down, up), times_within(shift, fall, rise))
        least = min(times_within(-change, down, up), times_within(-shift, fall, rise))
        moved = np.flatnonzero(change)
        return Move(self.cells[moved], change[moved], most, least) if most >= 1 else None


class Solver:
    """HiGHS on one thread without presolve: the same question gets the same answer.

    With `first` any whole answer will do, not only a cheap one.
    """

    def __init__(self, cells: Cells, first: bool = False) -> None:
        self.cells = cells
        self.steps = 0
        self._parts: dict[object, _Part] = {}
        self._highs = quiet_highs()
        self._open, self._width = np.zeros(0, dtype=np.int64), 0
        if first:
            self._highs.setOptionValue("mip_max_improving_sols", 1)

    def cheapest(
        self,
        cell: int,
        by: int,
        radius: int,
        price: Numbers,
        closed: Flags,
        effort: int = 0,
        budget: float = np.inf,
        dearest: float = np.inf,
    ) -> Move | None:
        """A move among the cells around `cell` that changes it by at least `by` for a low total `price` x change.

        `price` and `closed` (cells that may not change) have one entry per cell of the whole release. None where the
        solver finds no such move, or none whose cells together cost no more than `budget` and none
        of them more than `dearest`. A fractional answer is first
        taken twice or three times; with `effort` 1 it is then made whole among the cells it uses, with 2 among all
        cells around.
        """
        part = self._part(cell, radius)
        wide = radius >= self.cells.surroundings.widest
        own = price[part.cells]
        shut = closed[part.cells] | (own > min(budget, dearest) + ALLOWANCE)
        least, most = self._bounds(part, cell, by, shut, OPEN if wide else abs(by))
        cost = np.concatenate([own, own])
        self._highs.setOptionValue("objective_bound", (budget + ALLOWANCE) * abs(by))
        answer = self._solve(part, cost, least, most)
        if answer is None:
            return None
        move = self._multiple(part, answer)
        if move is None and effort >= 1:
            useful = np.tile((np.abs(answer) > _WHOLE) | (own <= _FREE), 2)
            move = self._move(part, self._solve_whole(part, cost, least, np.where(useful, most, least)))
        if move is None and effort >= 2:
            move = self._move(part, self._solve_whole(part, cost, least, most))
        return move

    def _multiple(self, part: _Part, answer: Numbers) -> Move | None:
        for times in (1, 2, 3):
            if (move := self._move(part, times * answer)) is not None:
                return move
        return None

    def _part(self, cell: int, radius: int) -> _Part:
        key, cells = self.cells.surroundings.around(cell, radius)
        if (part := self._parts.get((key, radius))) is None:
            part = self._parts[key, radius] = _cut(self.cells, cells)
        return part

    def _bounds(self, part: _Part, cell: int, by: int, shut: Flags, cap: int) -> tuple[Numbers, Numbers]:
        """The least and most of each column, with `cell` held at `by`."""
        count = len(part.cells)
        down, up = part.room
        rise, fall = np.minimum(cap, up), np.minimum(cap, -down)
        most = np.concatenate([np.where(shut, 0, rise), np.where(shut, 0, fall)]).astype(float).clip(min=0)
        most[most >= OPEN // 2] = highspy.kHighsInf
        least = np.zeros(2 * count)
        place = int(np.searchsorted(part.cells, cell))
        most[place] = most[place + count] = 0
        here = place if by > 0 else place + count
        least[here] = most[here] = abs(by)
        return least, most

    def _solve(self, part: _Part, cost: Numbers, least: Numbers, most: Numbers) -> Numbers | None:
        self.steps += 1
        self._pass(part, cost, least, most, whole=False)
        return self._answer(highspy.HighsModelStatus.kOptimal)

    def _solve_whole(self, part: _Part, cost: Numbers, least: Numbers, most: Numbers) -> Numbers | None:
        self.steps += 1
        self._highs.setOptionValue("objective_bound", np.inf)
        self._pass(part, cost, least, most, whole=True)
        return self._answer(highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)

    def _pass(self, part: _Part, cost: Numbers, least: Numbers, most: Numbers, whole: bool) -> None:
        """Give the solver the columns that can change, and the rows that hold them."""
        self._open = np.flatnonzero(most > 0)
        starts, index, data = _chosen(part, self._open)
        rows = np.flatnonzero(np.bincount(index, minlength=len(part.fall)))
        place = np.zeros(len(part.fall), dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        kind = np.full(len(self._open), int(whole), dtype=np.int32)
        self._highs.setOptionValue("presolve", "on" if whole else "off")
        ends = (least[self._open], most[self._open]), (part.fall[rows], part.rise[rows])
        load(self._highs, cost[self._open], *ends, (starts, place[index], data), kind)
        self._width = len(cost)

    def _answer(self, *accepted: highspy.HighsModelStatus) -> Numbers | None:
        self._highs.run()
        if self._highs.getModelStatus() not in accepted:
            return None
        values = np.zeros(self._width)
        values[self._open] = self._highs.getSolution().col_value
        half = self._width // 2
        return values[:half] - values[half:] if half else None

    def _move(self, part: _Part, answer: Numbers | None) -> Move | None:
        if answer is None:
            return None
        whole = np.rint(answer)
        return part.move(whole.astype(np.int64)) if np.abs(answer - whole).max(initial=0.0) <= _WHOLE else None


def load(
    highs: highspy.Highs,
    cost: Numbers,
    columns: tuple[Numbers, Numbers],
    rows: tuple[Numbers, Numbers],
    matrix: tuple[_Places, _Places, Numbers],
    kind: _Places,
) -> None:
    """Give `highs` a problem to minimise: `matrix` by column (starts, rows, values), `kind` 1 for whole numbers."""
    sizes = (len(cost), len(rows[0]), len(matrix[2]))
    starts, index, values = matrix
    highs.passModel(*sizes, _COLUMNWISE, _MINIMISE, 0.0, cost, *columns, *rows, starts, index, values, kind)


def quiet_highs() -> highspy.Highs:
    """A solver that prints nothing, uses one thread, and stops after a number of steps, never of seconds."""
    with silent_output():
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
    for option, value in (("threads", 1), ("random_seed", 0), ("solver", "simplex"), ("simplex_strategy", 1)):
        highs.setOptionValue(option, value)
    highs.setOptionValue("simplex_scale_strategy", 0)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.setOptionValue("mip_rel_gap", 0.05)
    return highs


def _chosen(part: _Part, columns: npt.NDArray[np.int64]) -> tuple[_Places, _Places, Numbers]:
    """Some columns of a part, as starts, rows and values."""
    lengths = (part.starts[1:] - part.starts[:-1])[columns]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    entries = np.arange(starts[-1]) + np.repeat(part.starts[columns] - starts[:-1], lengths)
    return starts.astype(np.int32), part.index[entries], part.data[entries]


def _cut(cells: Cells, where: Integers) -> _Part:
    where = where[~cells.fixed[where]]
    rows = cells.columns[:, where].tocsr()
    kept = np.flatnonzero(np.diff(rows.indptr))
    columns = rows[kept].tocsc()
    both = sparse.hstack([columns, -columns], format="csc")
    slack = cells.slack[0][kept], cells.slack[1][kept]
    fall, rise = (np.where(np.abs(end) < OPEN // 2, end, np.copysign(np.inf, end)) for end in slack)
    values = cells.values[where]
    room = cells.floor[where] - values, cells.ceiling[where] - values
    return _Part(
        *(where, rows[kept], slack, room, fall.astype(float), rise.astype(float)),
        *(both.indptr.astype(np.int32), both.indices.astype(np.int32), both.data.astype(float)),
    )
