"""Runs a program in a process of its own, and says what it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Run:
    """What one process took, the processes that it started and waited for included, and what it printed.

    `rss_mb` is the peak of the largest of them. Linux lets a child begin with the peak of its parent, so that the
    program that measures must itself stay small.
    """

    seconds: float
    cpu_seconds: float
    rss_mb: float
    output: str


def measured(command: Sequence[str | Path], folder: Path) -> Run:
    """Run a command in a folder; `SystemExit` with what it said when it fails."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begin = time.monotonic()
        process = subprocess.Popen(  # noqa: S603
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"this failed: {' '.join(map(str, command))}\n{_text(errors)}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _text(output))


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
