"""A disk that forgets: what is left of a folder when the power fails, as far as nobody synchronised it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from uitstroom.registers.files import Files


@dataclass
class File:
    """The content that was written, and the content that is sure to be there after a failure."""

    content: bytes
    sure: bytes = b""


@dataclass
class Folder:
    """The entries that there are, and those that are sure to be there after a failure."""

    entries: dict[str, File | Folder] = field(default_factory=dict)
    sure: dict[str, File | Folder] = field(default_factory=dict)


Keeps = Callable[[File | Folder | None], bool]
"""Whether something that was not synchronised is still there; None for the removal of an entry."""
Operation = Callable[["Disk"], None]


class Disk:
    """A folder in memory, everything in it synchronised at first; operations are done on it one by one."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.root = _read(place)

    def folder(self, path: Path) -> Folder:
        found: File | Folder = self.root
        for name in path.relative_to(self.place).parts:
            assert isinstance(found, Folder)
            found = found.entries[name]
        assert isinstance(found, Folder)
        return found

    def file(self, path: Path) -> File:
        found = self.folder(path.parent).entries[path.name]
        assert isinstance(found, File)
        return found

    def left(self, to: Path, keeps: Keeps) -> None:
        """Write in `to` what is left after a failure; `keeps` says of each thing not synchronised whether it is."""
        _write(self.root, to, keeps)


def _read(place: Path) -> Folder:
    folder = Folder()
    for path in place.iterdir():
        folder.entries[path.name] = _read(path) if path.is_dir() else File(path.read_bytes(), path.read_bytes())
    folder.sure = dict(folder.entries)
    return folder


def _write(folder: Folder, to: Path, keeps: Keeps) -> None:
    to.mkdir()
    for name in {**folder.sure, **folder.entries}:
        entry = folder.sure.get(name)
        if entry is not folder.entries.get(name) and keeps(folder.entries.get(name)):
            entry = folder.entries.get(name)
        if isinstance(entry, Folder):
            _write(entry, to / name, keeps)
        elif isinstance(entry, File):
            content = entry.content if entry.content == entry.sure or keeps(entry) else entry.sure
            (to / name).write_bytes(content)


class Recorder(Files):
    """Does everything, and remembers how to do it again on a `Disk`."""

    def __init__(self) -> None:
        self.operations: list[tuple[str, Operation]] = []

    def _note(self, name: str, operation: Operation) -> None:
        self.operations.append((name, operation))

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)

        def make(disk: Disk) -> None:
            at = disk.root
            for name in path.relative_to(disk.place).parts:
                at = at.entries.setdefault(name, Folder())  # type: ignore[assignment]

        self._note("make_folder", make)

    def write(self, path: Path, content: bytes) -> None:
        super().write(path, content)
        self._put("write", path, content)

    def produce(self, path: Path, writer: Callable[[Path], None]) -> None:
        super().produce(path, writer)
        self._put("produce", path, path.read_bytes())

    def _put(self, name: str, path: Path, content: bytes) -> None:
        self._note(name, lambda disk: disk.folder(path.parent).entries.update({path.name: File(content)}))

    def sync_file(self, path: Path) -> None:
        super().sync_file(path)

        def sync(disk: Disk) -> None:
            disk.file(path).sure = disk.file(path).content

        self._note("sync_file", sync)

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)

        def sync(disk: Disk) -> None:
            if path.is_relative_to(disk.place):
                disk.folder(path).sure = dict(disk.folder(path).entries)

        self._note("sync_folder", sync)

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        self._move("rename", old, new)

    def replace(self, old: Path, new: Path) -> None:
        super().replace(old, new)
        self._move("replace", old, new)

    def _move(self, name: str, old: Path, new: Path) -> None:
        def move(disk: Disk) -> None:
            disk.folder(new.parent).entries[new.name] = disk.folder(old.parent).entries.pop(old.name)

        self._note(name, move)

    def remove(self, path: Path) -> None:
        super().remove(path)
        self._note("remove", lambda disk: disk.folder(path.parent).entries.pop(path.name, None) and None)


def always(_: File | Folder | None) -> bool:
    """Everything that was written is still there."""
    return True


def never(_: File | Folder | None) -> bool:
    """Only what was synchronised is still there."""
    return False


def files_only(entry: File | Folder | None) -> bool:
    """Files that were written or renamed are still there, folders that were made or renamed are not."""
    return isinstance(entry, File)


def folders_only(entry: File | Folder | None) -> bool:
    """Folders that were made or renamed are still there, files that were written or renamed are not."""
    return isinstance(entry, Folder)


def by_chance(seed: int) -> Keeps:
    """Some of it is still there."""
    chance = random.Random(seed)
    return lambda _: chance.random() < 0.5
