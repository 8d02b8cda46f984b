"""What whole numbers say without any solver: ends that follow from one row at a time, until nothing follows."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from uitstroom.audit.equations import OPEN, Equation, Equations

ROUNDS = 40
"""How often the ends of one unknown may move; ends that creep are left to the solver."""


class ContradictionError(ValueError):
    """What is printed holds for no whole numbers; `row` is where that showed."""

    def __init__(self, row: Equation | None) -> None:
        super().__init__("the published numbers contradict each other")
        self.row = row


Because = dict[int, dict[bool, Equation]]
"""Per unknown, the row that last moved its upper (True) and its lower end."""


def narrow(equations: Equations, rows: Sequence[Equation]) -> Because:
    """Move the ends of the unknowns inwards; raises ContradictionError where none is left between them."""
    narrowing = _Narrowing(equations, rows)
    narrowing.run()
    return narrowing.because


class _Narrowing:
    def __init__(self, equations: Equations, rows: Sequence[Equation]) -> None:
        self.low, self.high, self.rows = equations.low, equations.high, rows
        self.because: Because = {}
        self.moved = [0] * len(self.low)
        self.near: list[list[int]] = [[] for _ in self.low]
        for number, row in enumerate(rows):
            for place, _ in row.parts:
                self.near[place].append(number)
        self.waiting = deque(range(len(rows)))
        self.queued = [True] * len(rows)

    def run(self) -> None:
        for place, low in enumerate(self.low):
            if low > self.high[place]:
                raise ContradictionError(None)
        while self.waiting:
            number = self.waiting.popleft()
            self.queued[number] = False
            self._row(self.rows[number])

    def _row(self, row: Equation) -> None:
        least, most, open_least, open_most = self._ends(row)
        if (not open_least and least > row.high) or (not open_most and most < row.low):
            raise ContradictionError(row)
        for place, times in row.parts:
            if self.low[place] == self.high[place]:
                continue
            small, large = self._span(place, times)
            if row.high < OPEN and open_least <= (small is None):
                rest = least - (small or 0)
                self._bounded(row, place, times, row.high - rest, upper=True)
            if row.low > -OPEN and open_most <= (large is None):
                rest = most - (large or 0)
                self._bounded(row, place, times, row.low - rest, upper=False)

    def _ends(self, row: Equation) -> tuple[int, int, int, int]:
        """The least and most that a row can be, and how many of its parts have no end on that side."""
        least = most = open_least = open_most = 0
        for place, times in row.parts:
            small, large = self._span(place, times)
            least, open_least = (least, open_least + 1) if small is None else (least + small, open_least)
            most, open_most = (most, open_most + 1) if large is None else (most + large, open_most)
        return least, most, open_least, open_most

    def _span(self, place: int, times: int) -> tuple[int | None, int | None]:
        low = times * self.low[place]
        high = None if self.high[place] >= OPEN else times * self.high[place]
        return (low, high) if times > 0 else (high, low)

    def _bounded(self, row: Equation, place: int, times: int, end: int, upper: bool) -> None:
        """`times` x the unknown is at most `end` (`upper`), or at least."""
        if (times > 0) == upper:
            limit = end // times
            if limit < self.high[place]:
                self.high[place] = limit
                self._changed(row, place, True)
        else:
            limit = -(-end // times)
            if limit > self.low[place]:
                self.low[place] = limit
                self._changed(row, place, False)

    def _changed(self, row: Equation, place: int, upper: bool) -> None:
        if self.low[place] > self.high[place]:
            raise ContradictionError(row)
        self.because.setdefault(place, {})[upper] = row
        self.moved[place] += 1
        if self.moved[place] <= ROUNDS:
            for number in self.near[place]:
                if not self.queued[number]:
                    self.queued[number] = True
                    self.waiting.append(number)
