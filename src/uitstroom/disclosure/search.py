"""Which further cells to hide: few cells, dear ones spared, and a move for every demand.

A greedy start (hardest demand first, the cheapest move for each, what is hidden already being nearly free), then
rounds of improvement: take moves away and serve their demands again, keep the change when it is not dearer. Rounds
and steps are counted, never seconds, so that the same table gets the same pattern on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import Cells, Demand, Flags, Move
from uitstroom.disclosure.certificate import Certificate
from uitstroom.disclosure.solver import Solver

NEARLY_FREE = 0.01
"""The price of moving a cell that is hidden anyway: above 0, or answers would wander."""


_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, order=True)
class Target:
    """A change of one sensitive cell that must be possible: at least `by` (at most, where negative)."""

    hardness: int
    cell: int
    by: int


def targets(cells: Cells) -> list[Target]:
    """Both sides of every demand, hardest first."""
    return sorted(side for demand in cells.demands for side in _sides(cells, demand))


def _sides(cells: Cells, demand: Demand) -> list[Target]:
    value = int(cells.values[demand.cell])
    changes = [demand.reach - value] + ([] if demand.below is None else [demand.below - value])
    return [Target(-abs(by) if by > 0 else 0, demand.cell, by) for by in changes]


@dataclass
class Search:
    """The state of a search: the moves kept, which cells they change, and which move serves which target."""

    cells: Cells
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None
    effort: int = 2
    moves: dict[int, Move] = field(default_factory=dict)
    served: dict[Target, int] = field(default_factory=dict)
    unserved: set[Target] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.solver = Solver(self.cells)
        self.cost = 0.0
        self._next = 0
        self._use = np.zeros(self.cells.count, dtype=np.int64)
        self._free = self.cells.sensitive | self.cells.virtual
        self._price = np.where(self._free, NEARLY_FREE, self.cells.weight + NEARLY_FREE)
        self._closed: Flags = np.zeros(self.cells.count, dtype=bool)
        self._through: dict[int, set[int]] = {}
        self._serves: dict[int, set[Target]] = {}

    def hidden(self) -> Flags:
        """Sensitive cells, and those that some move changes."""
        return self.cells.sensitive | (self._use > 0)

    def start(self, radii: Iterable[int]) -> None:
        """Serve every target that can be, trying each radius in turn."""
        todo = targets(self.cells)
        for done, target in enumerate(todo):
            if not self._place(target, radii):
                self.unserved.add(target)
            self.progress("search", done + 1, len(todo))
        self._drop_idle(list(self.moves))

    def improve_moves(self, radius: int) -> int:
        """Take each move away in turn, dearest first, and serve its targets again; how many times that paid."""
        order = sorted(self.moves, key=lambda number: (-self._own_price(number), number))
        paid = 0
        for done, number in enumerate(order):
            if number in self.moves and self._own_price(number) > 0:
                paid += self._retry([number], radius)
            self.progress("improve", done + 1, len(order))
        return paid

    def improve_cells(self, radius: int, most: int) -> int:
        """Print each hidden cell again in turn, dearest first, if at most `most` moves lean on it."""
        order = self._secondary()
        paid = 0
        for done, cell in enumerate(order):
            through = sorted(self._through.get(cell, ()))
            if 0 < len(through) <= most:
                self._closed[cell] = True
                paid += self._retry(through, radius)
                self._closed[cell] = False
            self.progress("clean up", done + 1, len(order))
        return paid

    def certificate(self) -> Certificate:
        """The pattern found, and a witness table per target served."""
        tables = sorted({(number, self._times(target, number)) for target, number in self._served()})
        columns = np.repeat(np.arange(len(tables)), [len(self.moves[number].cells) for number, _ in tables])
        rows = np.concatenate([_NONE, *(self.moves[number].cells for number, _ in tables)])
        data = np.concatenate([_NONE, *(self.moves[number].change * times for number, times in tables)])
        changes = sparse.csc_matrix((data, (rows, columns)), shape=(self.cells.count, len(tables)))
        return Certificate(self.hidden() & ~self.cells.virtual, changes)

    def _served(self) -> list[tuple[Target, int]]:
        return [(target, number) for number, served in self._serves.items() for target in served]

    def _times(self, target: Target, number: int) -> int:
        times = self.moves[number].times_for(target.cell, target.by)
        if times is None:
            raise RuntimeError("a move no longer serves its target")
        return times

    def _secondary(self) -> list[int]:
        cells = np.flatnonzero((self._use > 0) & ~self._free).tolist()
        return sorted(cells, key=lambda cell: (-self.cells.weight[cell] / len(self._through[cell]), cell))

    def _place(self, target: Target, radii: Iterable[int]) -> bool:
        if (number := self._found(target)) is None:
            number = self._solved(target, radii)
        if number is None:
            return False
        self.served[target] = number
        self._serves[number].add(target)
        return True

    def _found(self, target: Target) -> int | None:
        """A move already there that serves the target, times something."""
        for number in sorted(self._through.get(target.cell, ())):
            if self.moves[number].times_for(target.cell, target.by) is not None:
                return number
        return None

    def _solved(self, target: Target, radii: Iterable[int]) -> int | None:
        for radius in radii:
            move = self.solver.cheapest(target.cell, target.by, radius, self._price, self._closed, self.effort)
            if move is not None:
                return self._add(move)
        return None

    def _add(self, move: Move, number: int | None = None) -> int:
        if number is None:
            number, self._next = self._next, self._next + 1
        self.moves[number] = move
        self._serves[number] = set()
        fresh = move.cells[(self._use[move.cells] == 0) & ~self._free[move.cells]]
        self.cost += float(self.cells.weight[fresh].sum())
        self._price[fresh] = NEARLY_FREE
        self._use[move.cells] += 1
        for cell in move.cells.tolist():
            self._through.setdefault(cell, set()).add(number)
        return number

    def _drop(self, number: int) -> tuple[Move, set[Target]]:
        move, served = self.moves.pop(number), self._serves.pop(number)
        self._use[move.cells] -= 1
        bare = move.cells[(self._use[move.cells] == 0) & ~self._free[move.cells]]
        self.cost -= float(self.cells.weight[bare].sum())
        self._price[bare] = self.cells.weight[bare] + NEARLY_FREE
        for cell in move.cells.tolist():
            self._through[cell].discard(number)
        return move, served

    def _drop_idle(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if number in self.moves and not self._serves[number]:
                self._drop(number)

    def _own_price(self, number: int) -> float:
        cells = self.moves[number].cells
        return float(self.cells.weight[cells[(self._use[cells] == 1) & ~self._free[cells]]].sum())

    def _retry(self, numbers: list[int], radius: int) -> bool:
        """Serve the targets of some moves anew without them; put everything back if that is dearer."""
        before, first = self.cost, self._next
        taken = {number: self._drop(number) for number in numbers}
        todo = sorted(target for _, served in taken.values() for target in served)
        kept = self._serve_again(todo, radius, before)
        if not kept:
            self._undo(taken, first, todo)
        return kept and self.cost < before - 1e-9

    def _serve_again(self, todo: list[Target], radius: int, limit: float) -> bool:
        return all(self._place(target, (radius,)) and self.cost <= limit + 1e-9 for target in todo)

    def _undo(self, taken: dict[int, tuple[Move, set[Target]]], first: int, todo: list[Target]) -> None:
        for target in todo:
            if (number := self.served.get(target)) in self._serves:
                self._serves[number].discard(target)
        for number in [number for number in self.moves if number >= first]:
            self._drop(number)
        for number, (move, served) in taken.items():
            self._add(move, number)
            self._serves[number] = set(served)
            self.served.update(dict.fromkeys(served, number))
