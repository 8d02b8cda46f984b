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

from uitstroom.disclosure.cells import OPEN, Cells, Flags, Integers, Move, Numbers, move_of

NODES = 50
"""Branch-and-bound nodes spent on making one fractional answer whole."""

_COLUMNWISE = 1
_MINIMISE = 1
_WHOLE = 1e-6
_FREE = 0.1
_Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Part:
    """The rows among some cells, twice side by side: once for what rises and once for what falls."""

    cells: Integers
    fall: Numbers
    rise: Numbers
    starts: _Places
    index: _Places
    data: Numbers


class Solver:
    """HiGHS on one thread without presolve: the same questions in the same order get the same answers.

    With `first` any whole answer will do, not only a cheap one.
    """

    def __init__(self, cells: Cells, first: bool = False) -> None:
        self.cells = cells
        self.steps = 0
        self._parts: dict[object, _Part] = {}
        self._highs = quiet_highs()
        if first:
            self._highs.setOptionValue("mip_max_improving_sols", 1)

    def cheapest(self, cell: int, by: int, radius: int, price: Numbers, closed: Flags, effort: int = 0) -> Move | None:
        """A move among the cells around `cell` that changes it by at least `by` for a low total `price` x change.

        `price` and `closed` (cells that may not change) have one entry per cell of the whole release. None where the
        solver finds no such move. A fractional answer is first taken twice or three times; with `effort` 1 it is then
        made whole among the cells it uses, with 2 among all cells around.
        """
        part = self._part(cell, radius)
        wide = radius >= self.cells.surroundings.widest
        least, most = self._bounds(part, cell, by, closed, OPEN if wide else abs(by))
        cost = np.tile(price[part.cells], 2)
        answer = self._solve(part, cost, least, most)
        if answer is None:
            return None
        move = self._multiple(part, answer)
        if move is None and effort >= 1:
            useful = np.tile((np.abs(answer) > _WHOLE) | (price[part.cells] <= _FREE), 2)
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

    def _bounds(self, part: _Part, cell: int, by: int, closed: Flags, cap: int) -> tuple[Numbers, Numbers]:
        """The least and most of each column, with `cell` held at `by`."""
        values, count = self.cells.values[part.cells], len(part.cells)
        rise = np.minimum(cap, self.cells.ceiling[part.cells] - values)
        fall = np.minimum(cap, values - self.cells.floor[part.cells])
        shut = closed[part.cells]
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
        self._pass(part, cost, least, most, whole=True)
        return self._answer(highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)

    def _pass(self, part: _Part, cost: Numbers, least: Numbers, most: Numbers, whole: bool) -> None:
        kind = np.full(len(cost), int(whole), dtype=np.int32)
        self._highs.setOptionValue("presolve", "on" if whole else "off")
        load(self._highs, cost, (least, most), (part.fall, part.rise), (part.starts, part.index, part.data), kind)

    def _answer(self, *accepted: highspy.HighsModelStatus) -> Numbers | None:
        self._highs.run()
        if self._highs.getModelStatus() not in accepted:
            return None
        values = np.array(self._highs.getSolution().col_value)
        half = len(values) // 2
        return values[:half] - values[half:] if half else None

    def _move(self, part: _Part, answer: Numbers | None) -> Move | None:
        if answer is None or not _is_whole(answer):
            return None
        change = np.rint(answer).astype(np.int64)
        moved = change != 0
        return move_of(self.cells, part.cells[moved], change[moved])


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
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("solver", "simplex")):
        highs.setOptionValue(option, value)
    highs.setOptionValue("simplex_strategy", 1)
    highs.setOptionValue("mip_max_nodes", NODES)
    highs.setOptionValue("mip_rel_gap", 0.05)
    return highs


def _cut(cells: Cells, where: Integers) -> _Part:
    where = where[~cells.fixed[where]]
    rows = cells.columns[:, where].tocsr()
    kept = np.flatnonzero(np.diff(rows.indptr))
    columns = rows[kept].tocsc()
    both = sparse.hstack([columns, -columns], format="csc")
    fall, rise = (
        np.where(np.abs(end[kept]) < OPEN // 2, end[kept], np.copysign(np.inf, end[kept])) for end in cells.slack
    )
    return _Part(
        *(where, fall.astype(float), rise.astype(float)),
        *(both.indptr.astype(np.int32), both.indices.astype(np.int32), both.data.astype(float)),
    )


def _is_whole(answer: Numbers) -> bool:
    return float(np.abs(answer - np.rint(answer)).max(initial=0.0)) <= _WHOLE
