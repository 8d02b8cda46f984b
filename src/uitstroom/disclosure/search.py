"""Which further cells to hide: few cells, dear ones spared, and a move for every demand.

A greedy start (hardest demand first, the cheapest move for each, what is hidden already being nearly free), then
rounds of improvement: take moves away and serve their demands again, keep the change when it is not dearer. Rounds
and steps are counted, never seconds, so that the same table gets the same pattern on any machine.

Trials go in batches. Each trial of a batch is judged against the same state, wherever that is done; what pays is then
carried out in the order of the batch, and a trial that another one overtook is made again in the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import Cells, Demand, Flags, Move
from uitstroom.disclosure.certificate import Certificate
from uitstroom.disclosure.solver import Solver

NEARLY_FREE = 0.01
"""The price of moving a cell that is hidden anyway: above 0, or answers would wander."""
BATCH = 8
"""Trials judged against one state; the same for any number of processes, or patterns would differ."""
MANY = 300
"""Sensitive cells from which on time counts: a cell is then not exchanged for a dearer one."""
_SLIGHT = 1e-9


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


@dataclass(frozen=True)
class Trial:
    """Something to try: serve a `target` for the first time, do without a `move`, or print a `cell` again.

    `radii` are tried in turn; a cell is tried where at most `most` moves lean on it;
    `narrow` where nothing may be hidden anew for it.
    """

    radii: tuple[int, ...]
    effort: int
    target: Target | None = None
    move: int | None = None
    cell: int | None = None
    most: int = 0
    narrow: bool = False


@dataclass(frozen=True)
class Change:
    """What a trial came to: moves dropped, moves added with the targets they serve, and targets that others take over.

    `saved` is by how much the pattern gets cheaper.
    """

    dropped: tuple[int, ...]
    added: tuple[tuple[Move, tuple[Target, ...]], ...]
    adopted: tuple[tuple[int, Target], ...]
    saved: float


@dataclass(frozen=True)
class Outcome:
    """The change that a trial proposes, None where it came to nothing, and the steps of the solver it took."""

    change: Change | None
    steps: int


class Judges(Protocol):
    """Who judges trials: this process, or several that are told of every change."""

    def outcomes(self, trials: Sequence[Trial], /) -> list[Outcome]:
        """One outcome per trial, in their order."""

    def tell(self, changes: Sequence[Change], /) -> None:
        """What was carried out since."""


@dataclass
class Search:
    """The state of a search: the moves kept, which cells they change, and which move serves which target."""

    cells: Cells
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None
    judges: Judges | None = None
    moves: dict[int, Move] = field(default_factory=dict)
    unserved: set[Target] = field(default_factory=set)
    steps: int = 0

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
        self._since = np.zeros(self.cells.count, dtype=np.int64)
        self._clock = 0
        self._tried: dict[Trial, int] = {}

    @property
    def many(self) -> bool:
        """Whether there is so much to do that time counts."""
        return len(self.cells.demands) >= MANY

    def hidden(self) -> Flags:
        """Sensitive cells, and those that some move changes."""
        return self.cells.sensitive | (self._use > 0)

    def start(self, radii: Iterable[int], effort: int = 2) -> None:
        """Serve every target that can be, trying each radius in turn."""
        wanted = tuple(radii)
        self._carry_out([Trial(wanted, effort, target=target) for target in targets(self.cells)], "search", 1)

    def improve_moves(self, radius: int, effort: int) -> int:
        """Take each move away in turn, dearest first, and serve its targets again; how many times that paid."""
        order = sorted(self.moves, key=lambda number: (-self._own_price(number), number))
        trials = [Trial((radius,), effort, move=number) for number in order if self._own_price(number) > 0]
        return self._carry_out(trials, "improve")

    def improve_cells(self, radius: int, effort: int, most: int, narrow: bool = False) -> int:
        """Print each hidden cell again in turn, dearest first, if at most `most` moves lean on it."""
        trials = [Trial((radius,), effort, cell=cell, most=most, narrow=narrow) for cell in self._secondary()]
        return self._carry_out([trial for trial in trials if self._promising(trial)], "clean up")

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

    def _promising(self, trial: Trial) -> bool:
        """Whether anything near the cell changed since the same was tried in vain."""
        cell = trial.cell or 0
        before = self._tried.get(trial)
        near = [self.moves[number].cells for number in self._through.get(cell, ())]
        return before is None or any(int(self._since[cells].max()) > before for cells in near)

    def _carry_out(self, trials: Sequence[Trial], stage: str, size: int | None = None) -> int:
        """Make all trials, batch after batch; how many made the pattern cheaper."""
        queue, paid = deque(trials), 0
        size = size or (BATCH if self.many else 1)
        while batch := self._batch(queue, size):
            outcomes = self.judges.outcomes(batch) if self.judges else [self.outcome(trial) for trial in batch]
            self.steps += sum(outcome.steps for outcome in outcomes)
            changes, again = self._settle(batch, outcomes)
            for change in changes:
                self.apply(change)
                paid += change.saved > _SLIGHT
            if self.judges and changes:
                self.judges.tell(changes)
            queue.extendleft(reversed(again))
            self.progress(stage, len(trials) - len(queue), len(trials))
        return paid

    def _batch(self, queue: deque[Trial], size: int) -> list[Trial]:
        """The next trials, without those of which the outcome is known here: targets that some move serves already."""
        batch: list[Trial] = []
        while queue and len(batch) < size:
            trial = queue.popleft()
            number = None if trial.target is None else self.serving(trial.target)
            if trial.target is None or number is None:
                batch.append(trial)
            else:
                self.adopt(number, trial.target)
        return batch

    def serving(self, target: Target, without: Collection[int] = ()) -> int | None:
        """The first move that serves a target, times something."""
        for number in sorted(self._through.get(target.cell, set()).difference(without)):
            if self.moves[number].times_for(target.cell, target.by) is not None:
                return number
        return None

    def adopt(self, number: int, target: Target) -> None:
        self._serves[number].add(target)
        if self.judges:
            self.judges.tell([Change((), (), ((number, target),), 0.0)])

    def _settle(self, batch: Sequence[Trial], outcomes: Sequence[Outcome]) -> tuple[list[Change], list[Trial]]:
        """The changes to carry out, and the trials to make again because another change overtook them."""
        changes: list[Change] = []
        again: list[Trial] = []
        touched: set[tuple[str, int]] = set()
        for trial, outcome in zip(batch, outcomes, strict=True):
            if outcome.change is None:
                self._give_up(trial)
            elif touched & (own := self._touched(outcome.change)):
                again.append(trial)
            else:
                changes.append(outcome.change)
                touched |= own
        return changes, again

    def _give_up(self, trial: Trial) -> None:
        if trial.target is not None:
            self.unserved.add(trial.target)
        if trial.cell is not None:
            self._tried[trial] = self._clock

    def _touched(self, change: Change) -> set[tuple[str, int]]:
        moves = [self.moves[number] for number in change.dropped] + [move for move, _ in change.added]
        cells = {int(cell) for move in moves for cell in move.cells[~self._free[move.cells]].tolist()}
        numbers = {*change.dropped, *(number for number, _ in change.adopted)}
        return {("cell", cell) for cell in cells} | {("move", number) for number in numbers}

    def apply(self, change: Change) -> None:
        """Carry out a change."""
        self._clock += 1
        for move in [self.moves[number] for number in change.dropped] + [move for move, _ in change.added]:
            self._since[move.cells[~self._free[move.cells]]] = self._clock
        for number in change.dropped:
            self._drop(number)
        for move, served in change.added:
            self._serves[self._add(move)] = set(served)
        for number, target in change.adopted:
            self._serves[number].add(target)

    def outcome(self, trial: Trial) -> Outcome:
        """What a trial would come to; the state stays as it is."""
        before = self.solver.steps
        change = _Attempt(self, trial).change()
        return Outcome(change, self.solver.steps - before)

    def _add(self, move: Move) -> int:
        number, self._next = self._next, self._next + 1
        self.moves[number] = move
        self.cost += self._use_more(move)
        for cell in move.cells.tolist():
            self._through.setdefault(cell, set()).add(number)
        return number

    def _drop(self, number: int) -> None:
        move = self.moves.pop(number)
        self._serves.pop(number)
        self.cost -= self._use_less(move)
        for cell in move.cells.tolist():
            self._through[cell].discard(number)

    def _use_more(self, move: Move) -> float:
        """Count a move in; returns what it hides anew."""
        fresh = move.cells[(self._use[move.cells] == 0) & ~self._free[move.cells]]
        self._price[fresh] = NEARLY_FREE
        self._use[move.cells] += 1
        return float(self.cells.weight[fresh].sum())

    def _use_less(self, move: Move) -> float:
        """Count a move out; returns what need not be hidden any more."""
        self._use[move.cells] -= 1
        bare = move.cells[(self._use[move.cells] == 0) & ~self._free[move.cells]]
        self._price[bare] = self.cells.weight[bare] + NEARLY_FREE
        return float(self.cells.weight[bare].sum())

    def _own_price(self, number: int) -> float:
        cells = self.moves[number].cells
        return float(self.cells.weight[cells[(self._use[cells] == 1) & ~self._free[cells]]].sum())


class _Attempt:
    """One trial: moves taken away, their targets served again within what that saves, and all put back."""

    def __init__(self, search: Search, trial: Trial) -> None:
        self.search, self.trial = search, trial
        self.numbers = self._numbers()
        self.todo = [trial.target] if trial.target else sorted(t for n in self.numbers for t in search._serves[n])
        self.added: list[tuple[Move, list[Target]]] = []
        self.adopted: list[tuple[int, Target]] = []
        self.budget = np.inf
        self.dearest = np.inf if not search.many or trial.cell is None else float(search.cells.weight[trial.cell])

    def _numbers(self) -> list[int]:
        search, trial = self.search, self.trial
        if trial.cell is not None:
            through = sorted(search._through.get(trial.cell, ()))
            return through if len(through) <= trial.most else []
        known = trial.move is not None and trial.move in search.moves
        return [trial.move] if known and trial.move is not None else []

    def change(self) -> Change | None:
        if not self.todo:
            return None
        taken = [self.search.moves[number] for number in self.numbers]
        saved = sum(self.search._use_less(move) for move in taken)
        self.budget = np.inf if self.trial.target else saved + _SLIGHT
        search = self.search
        if self.trial.cell is not None:
            search._closed[:] = ~(search.hidden() | search.cells.virtual) if self.trial.narrow else False
            search._closed[self.trial.cell] = True
        try:
            done = all(self._serve(target) for target in self.todo)
        finally:
            self._put_back(taken)
        added = tuple((move, tuple(served)) for move, served in self.added)
        left = 0.0 if self.trial.target else self.budget - _SLIGHT
        return Change(tuple(self.numbers), added, tuple(self.adopted), left) if done else None

    def _put_back(self, taken: Sequence[Move]) -> None:
        for move, _ in self.added:
            self.search._use_less(move)
        for move in taken:
            self.search._use_more(move)
        self.search._closed[:] = False

    def _serve(self, target: Target) -> bool:
        """Serve a target by a move that is there, or else by a new one within the budget."""
        if (number := self.search.serving(target, self.numbers)) is not None:
            self.adopted.append((number, target))
            return True
        for move, served in self.added:
            if move.times_for(target.cell, target.by) is not None:
                served.append(target)
                return True
        return self._solved(target)

    def _solved(self, target: Target) -> bool:
        search = self.search
        for radius in self.trial.radii:
            move = search.solver.cheapest(
                target.cell,
                target.by,
                radius,
                search._price,
                search._closed,
                self.trial.effort,
                self.budget,
                self.dearest,
            )
            if move is not None:
                self.added.append((move, [target]))
                self.budget -= search._use_more(move)
                return self.budget >= 0
        return False
