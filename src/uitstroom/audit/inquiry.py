"""What can be said of each hidden number: the values that it is seen to take, and the ends that it cannot pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.audit.component import Component, Reals, Whole
from uitstroom.audit.equations import OPEN, Equation, Equations
from uitstroom.audit.narrowing import Because, ContradictionError, narrow

LARGEST = 10**8
"""The largest multiplier that the solver is trusted with."""
Progress = Callable[[int, int], None]
"""How many hidden numbers are done, of how many."""


@dataclass(frozen=True)
class Wanted:
    """What must stay possible for an unknown: two values, one of them `reach` or more, one `below` or less.

    None where one of these is not asked. `at_least_one` where nothing below 1 is asked of what rows and zeros that are
    printed already show to be 1 or more.
    """

    reach: int | None
    below: int | None
    second: bool
    at_least_one: bool = False


@dataclass(frozen=True)
class Knowledge:
    """What a reader knows of an unknown: it lies between `low` and `high`; it is seen to be `least` and `most`.

    An end None is one that the solver could not decide; `shown` is the least that single rows show; `because` are rows
    that bound it.
    """

    low: int | None
    high: int | None
    least: int | None
    most: int | None
    because: tuple[Equation, ...] = ()
    shown: int = 0

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high


def inquire(
    equations: Equations, wanted: Mapping[int, Wanted], everything: bool, progress: Progress
) -> dict[int, Knowledge]:
    """What a reader knows of every wanted unknown; with `everything` both ends of each, else of those in danger only.

    Rows that are only likely are left out where they contradict the others. Raises ContradictionError where the sure
    ones do.
    """
    start = list(equations.low), list(equations.high)
    try:
        because = narrow(equations, equations.rows)
        return _Inquiry(equations, equations.rows, wanted, everything, progress, because).answers()
    except ContradictionError:
        sure = [row for row in equations.rows if not row.likely]
        if len(sure) == len(equations.rows):
            raise
        equations.low[:], equations.high[:] = start
        because = narrow(equations, sure)
        return _Inquiry(equations, sure, wanted, everything, progress, because).answers()


class _Inquiry:
    def __init__(
        self, equations: Equations, rows: Sequence[Equation], wanted: Mapping[int, Wanted], everything: bool,
        progress: Progress, because: Because,
    ) -> None:  # fmt: skip
        self.low = np.array(equations.low, dtype=np.int64)
        self.high = np.array(equations.high, dtype=np.int64)
        self.wanted = {place: self._asked(place, want) for place, want in wanted.items()}
        self.everything, self.progress = everything, progress
        self.because = because
        self.open = self.low < self.high
        self.rows = [row for row in rows if any(self.open[place] for place, _ in row.parts)]
        self.known: dict[int, Knowledge] = {}

    def _asked(self, place: int, want: Wanted) -> Wanted:
        shown = want.at_least_one and want.below == 0 and self.low[place] >= 1
        return replace(want, below=None) if shown else want

    def answers(self) -> dict[int, Knowledge]:
        for place in self.wanted:
            if not self.open[place]:
                low, high = int(self.low[place]), int(self.high[place])
                self.known[place] = Knowledge(low, high, low, high, self._near(place), low)
        matrix, ends = self._matrix()
        for unknowns, rows in _components(matrix, self.open):
            asked = [place for place in unknowns.tolist() if place in self.wanted]
            if asked:
                self._part(matrix, ends, unknowns, rows, asked)
            self.progress(len(self.known), len(self.wanted))
        return self.known

    def _near(self, place: int) -> tuple[Equation, ...]:
        """The rows that fixed an unknown from either side."""
        return tuple(dict.fromkeys(self.because.get(place, {}).values()))

    def _matrix(self) -> tuple[sparse.csr_matrix, tuple[Whole, Whole]]:
        """The rows over the unknowns that are open, with what is known taken out."""
        entries = [(number, *part) for number, row in enumerate(self.rows) for part in row.parts]
        number, place, times = (np.array(column, dtype=np.int64) for column in zip(*entries, strict=True)) \
            if entries else (np.zeros(0, dtype=np.int64),) * 3  # fmt: skip
        size = (len(self.rows), len(self.low))
        whole = sparse.csr_matrix((times, (number, place)), shape=size, dtype=np.int64)
        fixed = whole @ np.where(self.open, 0, self.low)
        low = np.array([row.low for row in self.rows], dtype=np.int64)
        high = np.array([row.high for row in self.rows], dtype=np.int64)
        ends = np.where(low <= -OPEN, -OPEN, low - fixed), np.where(high >= OPEN, OPEN, high - fixed)
        return whole, ends

    def _part(
        self, matrix: sparse.csr_matrix, ends: tuple[Whole, Whole], unknowns: Whole, rows: Whole, asked: list[int]
    ) -> None:
        local = {place: number for number, place in enumerate(unknowns.tolist())}
        targets = {local[place]: self.wanted[place] for place in asked}
        enough = max((want.reach or 1 for want in targets.values()), default=1)
        if _too_fine(matrix[rows]):
            self.known.update({place: Knowledge(None, None, None, None) for place in asked})
            return
        part = Component(
            matrix[rows][:, unknowns], (ends[0][rows], ends[1][rows]), (self.low[unknowns], self.high[unknowns]),
            sorted(targets), enough,
        )  # fmt: skip
        if part.feasible() is False:
            raise ContradictionError(None)
        search = _Search(part, targets, self.everything)
        search.run()
        for place in asked:
            here = search.knowledge(local[place])
            because = tuple(self.rows[int(rows[row])] for row in search.because.get(local[place], ()))
            self.known[place] = replace(here, because=because, shown=int(self.low[place]))


class _Search:
    """Seeks tables of whole numbers that show what each target can be, many at once and then one by one."""

    def __init__(self, part: Component, targets: Mapping[int, Wanted], everything: bool) -> None:
        self.part, self.targets, self.everything = part, targets, everything
        self.most: Whole | None = None
        self.least: Whole | None = None
        self.low: dict[int, int | None] = {}
        self.high: dict[int, int | None] = {}
        self.because: dict[int, list[int]] = {}

    def run(self) -> None:
        self._together()
        for place, want in self.targets.items():
            self._one(place, want)

    def knowledge(self, place: int) -> Knowledge:
        least = None if self.least is None else int(self.least[place])
        most = None if self.most is None else int(self.most[place])
        low = self.low.get(place, int(self.part.bounds[0][place]))
        high = self.high.get(place, int(self.part.bounds[1][place]))
        return Knowledge(low, high, least, most)

    def _note(self, table: Whole | None) -> bool:
        if table is None:
            return False
        self.most = table.copy() if self.most is None else np.maximum(self.most, table)
        self.least = table.copy() if self.least is None else np.minimum(self.least, table)
        return True

    def _propose(self, table: Reals | None) -> bool:
        return table is not None and self._note(self.part.checked(table))

    def _together(self) -> None:
        """Two or three programs that settle most targets: all high, all low, and once more what is left."""
        for _ in range(3):
            short = [place for place in self.targets if not self._reached(place)]
            if short and not self._propose(self.part.high_together(short)):
                columns = self.part.count + np.flatnonzero(np.isin(self.part.capped, short))
                if not self._note(self.part.whole_table(columns.tolist(), -1.0)):
                    break
        rest = [place for place, want in self.targets.items() if not self._varied(place, want)]
        if rest and not self._propose(self.part.low_together(rest)):
            self._note(self.part.whole_table(rest, 1.0))

    def _reached(self, place: int) -> bool:
        reach = self.targets[place].reach
        return reach is None or (self.most is not None and bool(self.most[place] >= reach))

    def _varied(self, place: int, want: Wanted) -> bool:
        if self.most is None or self.least is None:
            return not want.second and want.below is None
        second = not want.second or bool(self.most[place] > self.least[place])
        return second and (want.below is None or bool(self.least[place] <= want.below))

    def _one(self, place: int, want: Wanted) -> None:
        if not self._reached(place):
            self._end(place, 1, want.reach)
        if want.below is not None and not self._varied(place, replace(want, second=False)):
            self._end(place, -1, want.below)
        if not self._varied(place, want):
            self._end(place, 1, None if self.most is None else int(self.most[place]) + 1)
        if not self._varied(place, want):
            self._end(place, -1, None if self.least is None else int(self.least[place]) - 1)
        if self.everything or not (self._reached(place) and self._varied(place, want)):
            self._both_ends(place)

    def _end(self, place: int, sign: int, goal: int | None) -> None:
        """Look for a table in which an unknown is at `goal` or beyond."""
        if goal is not None and not self.part.bounds[0][place] <= goal <= self.part.bounds[1][place]:
            return
        value, table = self.part.extreme(place, sign, goal)
        if value is None or table is None or (goal is not None and (value - goal) * sign < 0):
            return
        if not self._propose(table) and goal is not None:
            self._note(self.part.whole_with(place, goal, goal))

    def _both_ends(self, place: int) -> None:
        found: set[int] = set()
        for sign, ends in ((-1, self.low), (1, self.high)):
            ends[place], table = self.part.extreme(place, sign)
            if table is not None:
                found.update(self.part.reasons())
                self._propose(table)
        self.because[place] = sorted(found)


def _too_fine(rows: sparse.csr_matrix) -> bool:
    """Whether a multiplier is beyond what the solver tells apart: a rate of many decimals."""
    return bool(rows.nnz and int(abs(rows.data).max()) > LARGEST)


def _components(matrix: sparse.csr_matrix, open_: npt.NDArray[np.bool_]) -> list[tuple[Whole, Whole]]:
    """The open unknowns that rows tie to each other, with those rows."""
    places = np.flatnonzero(open_)
    if not len(places):
        return []
    rows = abs(matrix[:, places]).astype(bool).astype(np.int8)
    both = sparse.bmat([[None, rows], [rows.T, None]], format="csr")
    _, label = sparse.csgraph.connected_components(both, directed=False)
    of_rows, of_places = label[: rows.shape[0]], label[rows.shape[0] :]
    parts: dict[int, tuple[list[int], list[int]]] = {}
    for place, number in zip(places.tolist(), of_places.tolist(), strict=True):
        parts.setdefault(number, ([], []))[0].append(place)
    for row, number in enumerate(of_rows.tolist()):
        if number in parts:
            parts[number][1].append(row)
    return [(np.array(one, dtype=np.int64), np.array(other, dtype=np.int64)) for one, other in parts.values()]
