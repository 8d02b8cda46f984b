"""A question put to several programs in turn, their answers held against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.made.size import Size
from bench.processes import measured
from bench.tallies import Reading, Tally, difference


@dataclass(frozen=True)
class Measurement:
    """One process that was measured. `actions` and `spells` are the rows of the register that it worked on."""

    task: str
    tool: str
    actions: int
    spells: int
    seconds: float
    rss_mb: float
    cpu_seconds: float
    repeat: int

    def as_row(self) -> dict[str, Any]:
        """The keys and values of the JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Contender:
    """A program: its command, what must be done before each run, and how its answer is read (None: it gives none)."""

    tool: str
    command: Sequence[str | Path]
    reading: Reading | None = None
    before: Callable[[], object] = lambda: None


def contest(
    task: str, size: Size, contenders: Sequence[Contender], folder: Path, repeat: int = 1
) -> Iterator[Measurement]:
    """Run the contenders one after another, `repeat` times; `SystemExit` when two answers differ."""
    told: dict[str, Tally] = {}
    for number in range(1, repeat + 1):
        for one in contenders:
            one.before()
            run = measured(one.command, folder)
            if one.reading:
                told[one.tool] = one.reading(run.output)
                _agree(task, told, one.tool)
            yield Measurement(
                task, one.tool, size.actions, size.spells, round(run.seconds, 3), round(run.rss_mb, 1),
                round(run.cpu_seconds, 3), number,
            )  # fmt: skip


def _agree(task: str, told: dict[str, Tally], tool: str) -> None:
    other = next(iter(told))
    found = difference(told[other], told[tool])
    if found or not told[tool]:
        raise SystemExit(f"{task}: the tally of {tool} is not that of {other}, so the times compare nothing\n{found}")
