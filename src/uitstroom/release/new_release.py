"""The place of a release that is being made: whole or not at all, and nothing left lying about."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from uitstroom.errors import UitstroomError
from uitstroom.release.manifest import MANIFEST, UNFINISHED, Files, Internal, Manifest, digest, digests, internal_of

ROOM = 16 * 1024 * 1024
"""Bytes that must be free before anything is measured; the largest releases are smaller."""


class NewRelease:
    """A release in the making, in a folder beside its place that no other answer uses.

    Entering it raises `UitstroomError` where the place is taken, cannot be written or has no room: before anything is
    measured. Staging folders and internal parts that a killed answer left are removed then.
    """

    def __init__(self, release: Path) -> None:
        self.release, self.internal = release.absolute(), internal_of(release)

    def __enter__(self) -> NewRelease:
        try:
            self.release.parent.mkdir(parents=True, exist_ok=True)
            _sweep(self.release.parent, f".{self.release.name}-")
            self._refuse_if_taken()
            self._staging = Path(tempfile.mkdtemp(prefix=f".{self.release.name}-", dir=self.release.parent))
            self._lock = _locked(self._staging)
            _reserve(self._staging / "room")
        except OSError as error:
            self.__exit__(None, None, None)
            raise self._refused(error) from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        if staging := getattr(self, "_staging", None):
            shutil.rmtree(staging, ignore_errors=True)
        if (lock := getattr(self, "_lock", None)) is not None:
            os.close(lock)

    def put(self, public: Files, internal: Files, manifest: Manifest, engine: str) -> None:
        """Write both parts to the disk and give them their names; the public one last.

        Raises `UitstroomError` where the disk refuses; then nothing is there.
        """
        told = manifest.as_bytes()
        kept = Internal(self.internal, digest(told), engine, digests(internal))
        try:
            _write(self._staging / "public", {**public, MANIFEST: told}, 0o755, 0o644)
            _write(self._staging / "internal", {**internal, MANIFEST: kept.as_bytes(), UNFINISHED: b""}, 0o700, 0o600)
            (self._staging / "internal").replace(self.internal)
            (self._staging / "public").replace(self.release)
            (self.internal / UNFINISHED).unlink()
            _synchronise(self.release.parent)
        except OSError as error:
            if not (self.release / MANIFEST).exists():
                _remove_unfinished(self.internal)
            raise self._refused(error) from None

    def _refuse_if_taken(self) -> None:
        for place in (self.release, self.internal):
            if place is self.internal and not (self.release / MANIFEST).exists():
                _remove_unfinished(place)
            if place.exists() and (not place.is_dir() or any(place.iterdir())):
                raise UitstroomError(
                    "this folder is not empty", where=str(place),
                    todo="give a new folder: a release is never overwritten",
                )  # fmt: skip

    def _refused(self, error: OSError) -> UitstroomError:
        return UitstroomError(
            f"the release cannot be written here: {error.strerror or 'the disk refuses'}", where=str(self.release),
            todo="give a folder that can be written, on a disk with room",
        )  # fmt: skip


def _sweep(folder: Path, prefix: str) -> None:
    """Remove the staging folders that nobody holds: whoever made them was killed."""
    for left in folder.glob(f"{prefix}*"):
        if left.name.startswith(prefix) and left.is_dir() and (lock := _locked(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """A lock on a folder, which ends with the process that holds it; None where another holds it."""
    with suppress(FileNotFoundError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor
    return None


def _remove_unfinished(internal: Path) -> None:
    if (internal / UNFINISHED).exists():
        shutil.rmtree(internal)


def _reserve(file: Path) -> None:
    with file.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, ROOM)
    file.unlink()


def _write(folder: Path, files: Files, folder_mode: int, mode: int) -> None:
    folder.mkdir(mode=folder_mode)
    folders = {folder}
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=folder_mode)
        folders.add(file.parent)
        with file.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        file.chmod(mode)
    for one in folders:
        one.chmod(folder_mode)
        _synchronise(one)


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
