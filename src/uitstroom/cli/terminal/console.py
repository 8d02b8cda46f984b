"""The terminal itself: its width, and the bar of progress."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

_IN_A_FILE, _NARROWEST = 110, 40
_SILENCE, _BETWEEN = 2.0, 10.0
"""Seconds that may pass before the first sign of life, and before each next."""


def console(*, errors: bool = False) -> Any:
    """Where people read; as wide as `COLUMNS` says, else the terminal, else 110 columns in a file."""
    from rich.console import Console

    stream = sys.stderr if errors else sys.stdout
    return Console(stderr=errors, highlight=False, soft_wrap=False, width=_columns(stream.isatty()))


def _columns(in_terminal: bool) -> int | None:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked) > 0:
        return max(_NARROWEST, int(asked))
    return None if in_terminal else _IN_A_FILE


class Progress:
    """Signs of life on standard error: a bar in a terminal, elsewhere a line after two seconds and then every ten."""

    def __init__(self, stage: str = "measure") -> None:
        self._stage, self._share = stage, 0.0
        self._done = threading.Event()
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Callable[[str, float], None]:
        self._begun = time.monotonic()
        if sys.stderr.isatty():
            from rich.progress import Progress as Bar

            self._bar = Bar(transient=True, console=console(errors=True))
            self._bar.start()
            self._tasks[self._stage] = self._bar.add_task(self._stage, total=None)
        else:
            threading.Thread(target=self._tell, daemon=True).start()
        return self._advance

    def _advance(self, stage: str, share: float) -> None:
        self._stage, self._share = stage, share
        if self._bar is None:
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=1.0)
        self._bar.update(self._tasks[stage], total=1.0, completed=share)

    def _tell(self) -> None:
        """A line with the stage, how much of all is done where that is known, and the seconds so far."""
        wait = _SILENCE
        while not self._done.wait(wait):
            share = f" {self._share:.0%}" if self._share else ""
            sys.stderr.write(f"{self._stage}{share} ({time.monotonic() - self._begun:.0f} s)\n")
            sys.stderr.flush()
            wait = _BETWEEN

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._bar is not None:
            self._bar.stop()
