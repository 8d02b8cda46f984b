"""A solver that talks to nobody: what C code writes to standard output goes nowhere."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_OUTPUT = 1
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def silent_output() -> Iterator[None]:
    """Keep file descriptor 1 away from C code: for what it writes on its own account, not through Python.

    Descriptor 1 belongs to the whole process, so that one thread at a time has it away; it comes back in every case,
    closed again where it was closed. What Python holds for it is written before, and no fault of it is told here.
    """
    with _ONE_AT_A_TIME:
        _flush()
        try:
            kept: int | None = os.dup(_OUTPUT)
        except OSError:
            kept = None
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            if nowhere != _OUTPUT:
                os.dup2(nowhere, _OUTPUT)
            yield
        finally:
            _flush_c()
            _restore(kept, nowhere)


def _flush() -> None:
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    _flush_c()


def _flush_c() -> None:
    """Write out what C code holds back for a pipe or file."""
    ctypes.CDLL(None).fflush(None)


def _restore(kept: int | None, nowhere: int) -> None:
    if kept is None:
        os.close(_OUTPUT)
    else:
        os.dup2(kept, _OUTPUT)
        os.close(kept)
    if nowhere != _OUTPUT:
        os.close(nowhere)
