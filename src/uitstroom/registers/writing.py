"""The files of a snapshot: Parquet per table and partition, written in the staging folder and then moved in."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from uitstroom.registers.files import Files
from uitstroom.registers.parts import FORM, StoredFile, checksum
from uitstroom.sql import path_literal


@dataclass(frozen=True)
class Written:
    """A file in the staging folder; its digest comes when it is on the disk."""

    name: str
    path: Path
    rows: int
    size: int
    digest: Future[str]


class Writing:
    """Writes the files of one snapshot; `place` is the folder they get in the store once `move` is called.

    Files are synchronised and their checksums taken beside the engine's work.
    """

    def __init__(self, connection: Any, root: Path, staging: Path, files: Files) -> None:
        self.connection, self.root, self.files = connection, root, files
        self.staged = staging / "snapshot"
        self.place = Path("tables")
        self._folders = [self.staged]
        self._written: list[Written] = []
        self._beside = ThreadPoolExecutor(1)
        files.make_folder(self.staged)

    def named(self, identity: str) -> None:
        """Say which snapshot the files are of."""
        self.place = Path("tables") / identity

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self._beside.shutdown(cancel_futures=True)

    def folder(self, name: str) -> None:
        """Have a folder for the files of a table."""
        path = self.staged / name
        if path not in self._folders:
            self.files.make_folder(path)
            self._folders.append(path)

    def write(self, name: str, selected: str) -> Written:
        """A file with the rows of a query, in its order where it has one, and otherwise about as they come."""
        path, rows = self.staged / name, list[int]()
        copy = f"copy ({selected}) to {path_literal(path)} ({FORM})"
        self.connection.execute("set preserve_insertion_order = false")
        self.files.produce(path, lambda _: rows.extend(self.connection.execute(copy).fetchall()[0]))
        self.connection.execute("set preserve_insertion_order = true")
        written = Written(name, path, rows[0], path.stat().st_size, self._beside.submit(self._sure, path))
        self._written.append(written)
        return written

    def _sure(self, path: Path) -> str:
        self.files.sync_file(path)
        return checksum(path)

    def stored(self, written: Written) -> StoredFile:
        """What the store says of a file; waits until it is on the disk."""
        return StoredFile(str(self.place / written.name), written.size, written.digest.result(), written.rows)

    def drop(self, written: Written) -> None:
        """Remove a file again."""
        written.digest.result()
        self._written.remove(written)
        self.files.remove(written.path)

    def faults(self) -> StoredFile:
        """What the store keeps of the quarantined rows: file, line, column and rule."""
        rows = 'select tbl as "table", name as file, line, col as "column", rule from listed_fault'
        return self.stored(self.write("faults.parquet", rows))

    def missing(self) -> StoredFile:
        """What the store lacks of what was delivered."""
        return self.stored(self.write("missing.parquet", "from missing order by tbl, key, file, record"))

    def move(self) -> None:
        """Move everything into the store; it is not part of it before the index says so."""
        for written in self._written:
            written.digest.result()
        for folder in reversed(self._folders):
            self.files.sync_folder(folder)
        self.files.rename(self.staged, self.root / self.place)
        self.files.sync_folder((self.root / self.place).parent)
