"""Unknowns that rows tie to each other: what each can be, asked of HiGHS and checked in whole numbers.

The solver proposes. A value counts as possible only in a table of whole numbers that meets every row; an end counts as
found only where the solver ends with a clear answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.audit.equations import OPEN
from uitstroom.silence import silent_output

Whole = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
_NEAR = 1e-6
_NODES = 200
_Status = highspy.HighsModelStatus


class Component:
    """A linear program over `count` unknowns between `low` and `high`, kept warm.

    `capped` are the unknowns of which as many as possible are to reach `enough` at once.
    """

    def __init__(
        self, rows: sparse.csr_matrix, ends: tuple[Whole, Whole], bounds: tuple[Whole, Whole],
        capped: Sequence[int], enough: int,
    ) -> None:  # fmt: skip
        self.rows, self.ends, self.bounds = rows, ends, bounds
        self.count, self.capped = rows.shape[1], np.array(capped, dtype=np.int64)
        self.runs = 0
        self.highs = _quiet()
        self._load(enough)

    def _load(self, enough: int) -> None:
        """The unknowns, then for each capped one a column that is no more than it and than `enough`."""
        extra = len(self.capped)
        caps = sparse.csr_matrix(
            (np.ones(extra), (np.arange(extra), self.capped)), shape=(extra, self.count), dtype=float
        )
        matrix = sparse.bmat([[self.rows.astype(float), None], [caps, -sparse.identity(extra)]], format="csc") \
            if extra else self.rows.astype(float).tocsc()  # fmt: skip
        low = np.concatenate([_real(self.bounds[0]), np.zeros(extra)])
        high = np.concatenate([_real(self.bounds[1]), np.full(extra, float(enough))])
        above = np.concatenate([_real(self.ends[0]), np.zeros(extra)])
        below = np.concatenate([_real(self.ends[1]), np.full(extra, np.inf)])
        total = self.count + extra
        self.highs.passModel(
            total, len(above), matrix.nnz, 1, 1, 0.0, np.zeros(total), low, high, above, below,
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data.astype(float),
            np.zeros(total, dtype=np.int32),
        )  # fmt: skip

    def feasible(self) -> bool | None:
        """Whether any numbers at all meet the rows; None where the solver cannot say."""
        status = self._solve(np.zeros(0, dtype=np.int64), 0.0)
        if status == _Status.kInfeasible:
            return False
        return True if status == _Status.kOptimal else None

    def high_together(self, places: Sequence[int]) -> Reals | None:
        """A table in which as many of some capped unknowns as can be are high."""
        wanted = self.count + np.flatnonzero(np.isin(self.capped, places))
        return self._table(wanted, -1.0)

    def low_together(self, places: Sequence[int]) -> Reals | None:
        """A table in which some unknowns are low."""
        return self._table(np.array(places, dtype=np.int64), 1.0)

    def extreme(self, place: int, sign: int, stop: int | None = None) -> tuple[int | None, Reals | None]:
        """The least (`sign` -1) or most (1) that an unknown can be, and a table with it; None where it is not decided.

        OPEN where there is no end; nobody asks beyond `stop`.
        """
        low, high = int(self.bounds[0][place]), int(self.bounds[1][place])
        if stop is not None:
            low, high = (low, min(high, stop)) if sign > 0 else (max(low, stop), high)
            self.highs.changeColBounds(place, *_real(np.array([low, high])).tolist())
        status = self._solve(np.array([place]), float(-sign))
        table = self._values() if status == _Status.kOptimal else None
        if stop is not None:
            self.highs.changeColBounds(place, *_real(np.array([self.bounds[0][place], self.bounds[1][place]])).tolist())
        if status == _Status.kUnbounded:
            return sign * OPEN, None
        if table is None:
            return None, None
        return int(np.floor(table[place] + _NEAR) if sign > 0 else np.ceil(table[place] - _NEAR)), table

    def whole_with(self, place: int, low: int, high: int) -> Whole | None:
        """A table of whole numbers with an unknown from `low` to `high`, if one is found in a number of steps."""
        self.highs.changeColBounds(place, *_real(np.array([low, high])).tolist())
        answer = self.whole_table()
        self.highs.changeColBounds(place, *_real(np.array([self.bounds[0][place], self.bounds[1][place]])).tolist())
        return answer

    def whole_table(self, wanted: Sequence[int] = (), cost: float = 0.0) -> Whole | None:
        """Any table of whole numbers, cheap for the `wanted` columns, if one is found in a number of steps."""
        everything = np.arange(self.count, dtype=np.int32)
        self.highs.changeColsIntegrality(self.count, everything, np.ones(self.count, dtype=np.uint8))
        self._solve(np.array(wanted, dtype=np.int64), cost)
        found = self.highs.getInfo().primal_solution_status == 2
        table = self._values() if found else None
        self.highs.changeColsIntegrality(self.count, everything, np.zeros(self.count, dtype=np.uint8))
        return None if table is None else self.checked(table)

    def reasons(self) -> list[int]:
        """The rows that the last answer leans on."""
        duals = np.array(self.highs.getSolution().row_dual)[: self.rows.shape[0]]
        return [int(row) for row in np.flatnonzero(np.abs(duals) > _NEAR)]

    def checked(self, table: Reals) -> Whole | None:
        """The table in whole numbers, if it is one and meets every row and end exactly."""
        whole = np.rint(table).astype(np.int64)
        if np.abs(table - whole).max(initial=0.0) > 1e-5:
            return None
        sums = self.rows @ whole
        meets = (sums >= self.ends[0]) & (sums <= self.ends[1])
        inside = (whole >= self.bounds[0]) & (whole <= self.bounds[1])
        return whole if meets.all() and inside.all() else None

    def _table(self, columns: Whole, cost: float) -> Reals | None:
        return self._values() if self._solve(columns, cost) == _Status.kOptimal else None

    def _solve(self, columns: Whole, cost: float) -> highspy.HighsModelStatus:
        places = columns.astype(np.int32)
        if len(places):
            self.highs.changeColsCost(len(places), places, np.full(len(places), cost))
        for attempt in (0, 1):
            if attempt:
                self.highs.clearSolver()
            self.highs.run()
            self.runs += 1
            status = self.highs.getModelStatus()
            if status in (_Status.kOptimal, _Status.kUnbounded, _Status.kInfeasible, _Status.kSolutionLimit):
                break
        if len(places):
            self.highs.changeColsCost(len(places), places, np.zeros(len(places)))
        return status

    def _values(self) -> Reals:
        return np.array(self.highs.getSolution().col_value)[: self.count]


def _real(ends: Whole) -> Reals:
    return np.where(np.abs(ends) >= OPEN // 2, np.copysign(np.inf, ends), ends.astype(float))


def _quiet() -> highspy.Highs:
    """A solver that prints nothing, on one thread, that stops after a number of steps, never of seconds."""
    with silent_output():
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
    options = (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("solver", "simplex"), ("mip_max_nodes", _NODES),
        ("mip_max_improving_sols", 1),
    )  # fmt: skip
    for option, value in options:
        highs.setOptionValue(option, value)
    return highs
