"""The fit rows of a table that is delivered whole, written to their partitions while the delivery is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import Fit
from uitstroom.registers.writing import Writing, Written
from uitstroom.sql import identifier, literal, parquet

GATHERED = 512 << 20
"""Bytes, about, that are gathered before a piece is written to each partition."""
_WIDTHS = {"varchar": 16, "bigint": 8, "date": 4, "integer": 4, "boolean": 1, "smallint": 2}


class Pieces(Fit):
    """Gathers rows, and empties `<table>_fit` into a file per partition when they are many.

    A row is written once, as the store keeps it, together with the others of its person.
    """

    def __init__(self, connection: Any, table: str, catalogue: Catalogue, writing: Writing) -> None:
        super().__init__(connection, table, catalogue)
        self.writing = writing
        self.files: dict[int, list[Written]] = {}
        self._gathered = self._number = 0

    @property
    def about(self) -> dict[str, str]:
        return {}

    @property
    def most(self) -> int:
        """How many rows are gathered."""
        return max(1, GATHERED // sum(_WIDTHS[kind] for kind in {**self.about, **self.types}.values()))

    @property
    def made(self) -> str:
        """SQL: the columns that the store keeps of a row."""
        empty = {name: f"cast(null as {kind}) as " for name, kind in self.types.items() if name in self.absent}
        return ", ".join(f"{empty.get(name, '')}{identifier(name)}" for name in self.types)

    @property
    def keys(self) -> str:
        return f"(select {identifier(KEYS[self.table])} from {self.written})"

    @property
    def persons(self) -> str:
        return self._persons(self.written)

    @property
    def written(self) -> str:
        """A relation of the rows in the files."""
        files = [one.path for one in self.all]
        return parquet(files) if files else f"(select {self.made} from {self.table}_fit where false)"

    @property
    def all(self) -> list[Written]:
        """Every file written."""
        return [one for files in self.files.values() for one in files]

    def view(self, rows: str) -> None:
        """Nothing is left in the workspace."""

    def add(self, number: int) -> int:
        added = super().add(number)
        self._gathered += added
        if self._gathered >= self.most:
            self._write()
        return added

    def finish(self) -> None:
        if self._gathered:
            self._write()

    def complete(self) -> None:
        """Have a file in every partition: a reader finds the columns also where there are no rows."""
        for place in range(self.partitions):
            if not self.files.get(place):
                self._piece(place, f"select {self.made} from {self.table}_fit where false")

    def _write(self) -> None:
        if self.ascending:
            self._look_at_order()
        self._pieces()
        self._number += 1
        self._gathered = 0
        self.connection.execute(f"truncate {self.table}_fit")

    def _pieces(self) -> None:
        self._split(f"{self.table}_fit")

    def _split(self, rows: str) -> None:
        """A file per partition of a relation, which is put in order once: a partition is then found by where it is, and
        not looked for among all rows."""
        if self.partitions == 1:
            self._piece(0, f"select {self.made} from {rows} order by person_id")
            return
        gathered = f"{self.table}_in_order"
        held = ", ".join(identifier(name) for name in self.types if name not in self.absent)
        self.connection.execute(f"""create or replace temp table {gathered} as
select {held}, partition
from {rows}
order by partition, person_id""")
        for place in range(self.partitions):
            self._piece(place, f"select {self.made} from {gathered} where partition = {place}")
        self.connection.execute(f"drop table {gathered}")

    def _piece(self, place: int, rows: str) -> None:
        self.writing.folder(self.table)
        written = self.writing.write(f"{self.table}/{place}-{self._number}.parquet", rows)
        self.files.setdefault(place, []).append(written)

    def without(self, doomed: Sequence[str]) -> None:
        """Write the files with these paths again without their rows in the table `doomed` (filename, place)."""
        for files in self.files.values():
            for number, one in enumerate(files):
                if str(one.path) in doomed:
                    rest = f"""select * exclude (file_row_number)
from {parquet([one.path], numbered=True)}
where file_row_number not in (select place from doomed where filename = {literal(str(one.path))})
order by person_id"""
                    files[number] = self.writing.write(one.name.replace(".parquet", "-less.parquet"), rest)
                    self.writing.drop(one)
