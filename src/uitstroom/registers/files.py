"""The one way in which anything is written to a store, so that a test can replay every prefix of what is done."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from uitstroom.errors import UitstroomError


class Files:
    """Writes, renames and removes; nothing is durable before its file and its folder are synchronised."""

    def make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, path: Path, content: bytes) -> None:
        """A new file with this content, readable by its owner only."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)

    def produce(self, path: Path, writer: Callable[[Path], None]) -> None:
        """A new file that `writer` (the engine) makes."""
        writer(path)
        path.chmod(0o600)

    def sync_file(self, path: Path) -> None:
        synchronise(path)

    def sync_folder(self, path: Path) -> None:
        synchronise(path)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def replace(self, old: Path, new: Path) -> None:
        """Put `old` in the place of `new` in one step."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all in it."""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def synchronise(path: Path) -> None:
    """Have a file or the entries of a folder on the disk, whatever happens to the machine."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock on a store; whoever comes second waits `patience` seconds at most, and is then told."""
    with path.open("a") as file:
        until = time.monotonic() + patience
        while not _try_lock(file.fileno()):
            if time.monotonic() > until:
                raise UitstroomError("another load is writing to this store", where=str(path.parent),
                                     todo="wait until it has finished, and try again")  # fmt: skip
            time.sleep(0.05)
        yield


def _try_lock(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
