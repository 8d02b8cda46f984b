"""Several processes that judge the trials of one search, each with a copy of its state.

A worker is an interpreter of its own, started afresh, so that no lock, connection or thread of this process comes
along. What it hears and says goes through its standard input and output, which no solver can reach.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any

from uitstroom.disclosure.cells import Cells
from uitstroom.disclosure.search import Change, Outcome, Search, Trial

_PROGRAM = "import sys; sys.path[:] = {path!r}; from uitstroom.disclosure.crew import serve; serve()"


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _LostError(Exception):
    """A worker no longer answers."""


@dataclass
class _Worker:
    """One process, and the changes that it has not heard of yet."""

    process: subprocess.Popen[bytes]
    news: list[Change] = field(default_factory=list)

    @classmethod
    def started(cls, cells: Cells) -> _Worker:
        command = [sys.executable, "-c", _PROGRAM.format(path=sys.path)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        worker = cls(process)
        with suppress(_LostError):
            worker._say(cells)
        return worker

    def outcome(self, trial: Trial) -> Outcome:
        """Raises `_LostError` where the process is gone."""
        news, self.news = self.news, []
        self._say((news, trial))
        try:
            answer: Outcome = pickle.load(self._pipe(self.process.stdout))  # noqa: S301 - our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise _LostError from error
        return answer

    def _say(self, message: object) -> None:
        try:
            pipe = self._pipe(self.process.stdin)
            pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            pipe.flush()
        except OSError as error:
            raise _LostError from error

    def _pipe(self, pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise _LostError
        return pipe

    def dismiss(self) -> None:
        with suppress(OSError):
            self._pipe(self.process.stdin).close()
        self.process.kill()
        self.process.wait()
        self._pipe(self.process.stdout).close()


class Crew:
    """Judges trials in `size` processes; what a lost process owes is judged here, with the same outcome."""

    def __init__(self, search: Search, size: int) -> None:
        self.search = search
        self._workers = [_Worker.started(search.cells) for _ in range(size)]
        self._threads = ThreadPoolExecutor(size)

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()
        for worker in self._workers:
            worker.dismiss()

    def outcomes(self, trials: Sequence[Trial]) -> list[Outcome]:
        found: dict[int, Outcome] = {}
        queue: SimpleQueue[tuple[int, Trial]] = SimpleQueue()
        for item in enumerate(trials):
            queue.put(item)
        list(self._threads.map(lambda worker: self._work(worker, queue, found), self._workers[: len(trials)]))
        return [found[place] if place in found else self.search.outcome(t) for place, t in enumerate(trials)]

    def _work(self, worker: _Worker, queue: SimpleQueue[tuple[int, Trial]], found: dict[int, Outcome]) -> None:
        while not queue.empty():
            place, trial = queue.get()
            try:
                found[place] = worker.outcome(trial)
            except _LostError:
                self._workers = [other for other in self._workers if other is not worker]
                return

    def tell(self, changes: Sequence[Change]) -> None:
        for worker in self._workers:
            worker.news.extend(changes)


def serve() -> None:
    """The life of a worker: the cells first, then changes to carry out and a trial to judge, until nobody asks."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    search = Search(_heard(source))
    while True:
        changes, trial = _heard(source)
        for change in changes:
            search.apply(change)
        pickle.dump(search.outcome(trial), target, protocol=pickle.HIGHEST_PROTOCOL)
        target.flush()


def _heard(source: IO[bytes]) -> Any:
    try:
        return pickle.load(source)  # noqa: S301 - from the process that started this one
    except EOFError:
        sys.exit(0)
