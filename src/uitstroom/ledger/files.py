"""The files of a ledger while it is written: whole or not at all, by one writer at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from uitstroom.errors import UitstroomError
from uitstroom.ledger.entry import Entry
from uitstroom.ledger.ledger import KEPT, LINES, RELEASES, SEALED, Ledger, internal_part

STAGING = ".staging"


@contextmanager
def written(folder: Path) -> Iterator[Ledger]:
    """Hold a ledger to write to it; what a killed writer left is removed first.

    Raises `UitstroomError` where another writes to it, where its internal part is missing, or where the disk refuses.
    """
    internal = internal_part(folder)
    if (folder / LINES).is_file() and not (internal / KEPT).is_dir():
        raise UitstroomError(
            "the internal part of this ledger is missing, and without it nothing can be protected against it",
            where=str(internal), todo="put it back from its archive",
        )  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        internal.mkdir(mode=0o700, exist_ok=True)
        with (internal / "lock").open("a") as lock:
            _hold(lock.fileno(), folder)
            for part in (folder / RELEASES, internal / SEALED, internal / KEPT):
                part.mkdir(exist_ok=True, mode=0o755 if part.parent == folder else 0o700)
            ledger = Ledger.read(folder)
            _swept(ledger)
            yield ledger
    except OSError as error:
        raise UitstroomError(
            f"the ledger cannot be written: {error.strerror or 'the disk refuses'}", where=str(folder),
            todo="give a folder that can be written, on a disk with room",
        ) from None  # fmt: skip


def _hold(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UitstroomError(
            "another is writing to this ledger", where=str(folder), todo="wait until it has finished, and try again"
        ) from None


def appended(ledger: Ledger, entry: Entry) -> Ledger:
    """The ledger with one more line: on the disk when this returns."""
    lines = [*(one.line() for one in ledger.entries), entry.line()]
    _put(ledger.folder / LINES, "".join(f"{line}\n" for line in lines).encode(), 0o644)
    return Ledger(ledger.folder, (*ledger.entries, entry))


def place_file(file: Path, content: bytes) -> None:
    """Write a file of the internal part whole."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _put(file, content, 0o600)


def place_folder(source: Path, target: Path, *, public: bool, without: Sequence[str] = ()) -> None:
    """Copy a folder whole under its name, `without` some parts; what stands there already, without an entry, is
    replaced."""
    staging = target.parent / f"{STAGING}-{target.name}"
    remove(staging)
    remove(target)
    staging.parent.mkdir(parents=True, exist_ok=True, mode=0o755 if public else 0o700)
    shutil.copytree(source, staging, ignore=shutil.ignore_patterns(*without))
    for path in (staging, *staging.rglob("*")):
        path.chmod((0o755 if public else 0o700) if path.is_dir() else (0o644 if public else 0o600))
        _synchronise(path)
    staging.replace(target)
    _synchronise(target.parent)


def remove(folder: Path) -> None:
    """Take a folder away, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def _put(file: Path, content: bytes, mode: int) -> None:
    staging = file.with_name(f"{STAGING}-{file.name}")
    with staging.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    staging.chmod(mode)
    staging.replace(file)
    _synchronise(file.parent)


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swept(ledger: Ledger) -> None:
    """Remove what no entry speaks of, and the files of releases that were withdrawn because they told too much."""
    for left in [*ledger.folder.rglob(f"{STAGING}*"), *ledger.internal.rglob(f"{STAGING}*")]:
        if left.is_dir():
            remove(left)
        else:
            left.unlink(missing_ok=True)
    known = {(one.name, one.version) for one in ledger.releases}
    public = {(one.name, one.version) for one in ledger.releases if not one.sealed and not one.gone}
    hidden = {(one.name, one.version) for one in ledger.releases if one.sealed}
    numbers = {f"{one.entry.number}.json" for one in ledger.releases if one.sealed}
    _keep_only(ledger.folder / RELEASES, public)
    _keep_only(ledger.internal / SEALED, hidden)
    _keep_only(ledger.internal / KEPT, known)
    for file in (ledger.internal / SEALED).glob("*.json"):
        if file.name not in numbers:
            file.unlink()


def _keep_only(folder: Path, known: Iterable[tuple[str, str]]) -> None:
    wanted = set(known)
    for version in [path for path in folder.glob("*/*") if path.is_dir()]:
        if (version.parent.name, version.name) not in wanted:
            remove(version)
    for name in [path for path in folder.iterdir() if path.is_dir() and not any(path.iterdir())]:
        name.rmdir()
