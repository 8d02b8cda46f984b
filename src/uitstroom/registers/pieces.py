"""The fit rows of a table that is delivered whole, written to their partitions while the delivery is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.columns import quoted
from uitstroom.registers.fit import PLACE, Fit
from uitstroom.registers.writing import Writing, Written, listed

GATHERED = 512 << 20
"""Bytes, about, that are gathered before a piece is written to each partition."""
_WIDTHS = {"varchar": 16, "bigint": 8, "date": 4, "integer": 4, "boolean": 1, "smallint": 2}
FEW = 16
"""Up to so many partitions, looking all rows through for each is cheaper than sorting them by partition."""


class Pieces(Fit):
    """Gathers rows, and empties `<table>_fit` into files when they are many."""

    def __init__(self, connection: Any, table: str, catalogue: Catalogue) -> None:
        super().__init__(connection, table, catalogue)
        self._gathered = self._number = 0

    @property
    def most(self) -> int:
        """How many rows are gathered."""
        return max(1, GATHERED // sum(_WIDTHS[kind] for kind in {**self.about, **self.types}.values()))

    def add(self, number: int) -> None:
        before = self.rows
        super().add(number)
        self._gathered += self.rows - before
        if self._gathered >= self.most:
            self._write()

    def finish(self) -> None:
        if self._gathered:
            self._write()

    def _write(self) -> None:
        if self.ascending:
            self._look_at_order()
        for place in range(self.partitions):
            self._piece(place, self._number, f"{self.table}_fit")
        self._number += 1
        self._gathered = 0
        self.connection.execute(f"truncate {self.table}_fit")

    def _piece(self, place: int, number: int, rows: str) -> None:
        raise NotImplementedError


class Staged(Pieces):
    """Actions: what the store keeps of a row depends on other rows, so they wait in the staging folder."""

    def __init__(self, connection: Any, table: str, catalogue: Catalogue, folder: Path) -> None:
        super().__init__(connection, table, catalogue)
        self.folder = folder
        self.files: dict[int, list[Path]] = {}

    def _piece(self, place: int, number: int, rows: str) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / f"{self.table}-{place}-{number}.parquet"
        where = f"where partition = {place}" if self.partitions > 1 else ""
        target = str(path).replace("'", "''")
        self.connection.execute("set preserve_insertion_order = false")
        self.connection.execute(f"copy (from {rows} {where}) to '{target}' (format parquet, compression lz4_raw)")
        self.connection.execute("set preserve_insertion_order = true")
        path.chmod(0o600)
        self.files.setdefault(place, []).append(path)

    def finish(self) -> None:
        super().finish()
        self.view(self.source([path for files in self.files.values() for path in files]))

    def source(self, files: Sequence[Path]) -> str:
        """A relation of the staged rows in some files."""
        return f"read_parquet({listed(files)})" if files else f"{self.table}_fit"


class Final(Pieces):
    """Spells: a row is written once, as the store keeps it, sorted by person within its file."""

    def __init__(self, connection: Any, table: str, catalogue: Catalogue, writing: Writing) -> None:
        super().__init__(connection, table, catalogue)
        self.writing = writing
        self.files: dict[int, list[Written]] = {}

    @property
    def about(self) -> dict[str, str]:
        return {}

    def view(self, rows: str) -> None:
        self.connection.execute(f"create or replace temp view {self.table}_new as from {rows}")

    def _write(self) -> None:
        self.writing.folder(self.table)
        super()._write()

    def _piece(self, place: int, number: int, rows: str) -> None:
        names = ", ".join(quoted(name) for name in self.types)
        where = f"\nwhere partition = {place}" if self.partitions > 1 else ""
        written = self.writing.write(
            f"{self.table}/{place}-{number}.parquet", f"select {names}\nfrom {rows}{where}\norder by person_id"
        )
        self.files.setdefault(place, []).append(written)

    def finish(self) -> None:
        super().finish()
        self._at_least_one()
        self.view(f"read_parquet({listed([one.path for one in self.all])})")

    def _at_least_one(self) -> None:
        """A reader finds the columns of every partition, also of one without rows."""
        self.writing.folder(self.table)
        for place in range(self.partitions):
            if place not in self.files:
                self._piece(place, self._number, f"(from {self.table}_fit where false)")

    @property
    def all(self) -> list[Written]:
        return [one for files in self.files.values() for one in files]

    def without(self, doomed: Sequence[str]) -> None:
        """Write the files with these paths again without their rows in the table `doomed` (filename, place)."""
        names = ", ".join(quoted(name) for name in self.types)
        for files in self.files.values():
            for number, one in enumerate(files):
                if str(one.path) in doomed:
                    path = str(one.path).replace("'", "''")
                    rest = f"""select {names}
from read_parquet('{path}', file_row_number = true)
where file_row_number not in (select place from doomed where filename = '{path}')
order by person_id"""
                    files[number] = self.writing.write(one.name.replace(".parquet", "-less.parquet"), rest)
                    self.writing.drop(one)
        self.view(f"read_parquet({listed([one.path for one in self.all])})")


__all__ = ["PLACE", "Final", "Pieces", "Staged"]
