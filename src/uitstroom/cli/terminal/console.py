"""The terminal itself: its width, and the bar of progress."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def console(*, errors: bool = False) -> Any:
    """Where people read; as wide as the terminal, or 110 columns in a file."""
    from rich.console import Console

    stream = sys.stderr if errors else sys.stdout
    return Console(stderr=errors, highlight=False, soft_wrap=False, width=None if stream.isatty() else 110)


class Progress:
    """A progress bar on standard error, there only in a terminal."""

    def __enter__(self) -> Callable[[str, float], None] | None:
        if not sys.stderr.isatty():
            return None
        from rich.progress import Progress as Bar

        self._bar = Bar(transient=True, console=console(errors=True))
        self._bar.start()
        self._tasks: dict[str, Any] = {}
        return self._advance

    def _advance(self, stage: str, share: float) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=1.0)
        self._bar.update(self._tasks[stage], completed=share)

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_bar"):
            self._bar.stop()
