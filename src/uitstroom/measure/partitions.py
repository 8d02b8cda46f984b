"""A snapshot's partitions as the tables `action` and `spell` of a DuckDB connection, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers import PartFiles, Snapshot, standing
from uitstroom.registers.contract import COLUMNS, STORED_TYPES
from uitstroom.sql import parquet

Rows = list[tuple[Any, ...]]
KEYS = {"action": "action_id", "spell": "spell_id"}
_OF_PERSONS = "person_id in (select person_id from touched)"
_RESTRICTED = {"action": f"person_id is null or {_OF_PERSONS}", "spell": _OF_PERSONS}


def stored_columns(table: str, catalogue: Catalogue) -> dict[str, str]:
    """Name and SQL type of the columns that measuring may read, those of the catalogue's dimensions included."""
    columns = {column.name: STORED_TYPES[column.type] for column in COLUMNS[table]}
    if table == "action":
        columns |= {"chain_id": "varchar", "part": "integer", "parts": "integer"}
        for dimension in catalogue.dimensions.values():
            if dimension.column:
                columns.setdefault(dimension.column, "date" if dimension.kind == "band" else "varchar")
    return columns


@dataclass(frozen=True)
class Partitions:
    """Shows the partitions of a snapshot to a DuckDB connection."""

    connection: Any
    snapshot: Snapshot
    catalogue: Catalogue

    def __len__(self) -> int:
        return self.snapshot.partitions

    def run(self, sql: str) -> Rows:
        """The rows of a statement over every partition, one after another."""
        rows: Rows = []
        for number in range(len(self)):
            self.show(number)
            rows.extend(self.connection.execute(sql).fetchall())
        return rows

    def show(self, number: int, *, touched: bool = False) -> None:
        """Have `action` and `spell` be the rows of one partition; with `touched`, of the persons in the table of that
        name only, and of nobody."""
        for table in ("action", "spell"):
            rows = self._standing(table, self._parts[table][number])
            if touched:
                rows = f"select * from ({rows}) as standing where {_RESTRICTED[table]}"
            self.connection.execute(f"create or replace temp view {table} as {rows}")

    @cached_property
    def _parts(self) -> dict[str, tuple[PartFiles, ...]]:
        return {table: self.snapshot.parts(table) for table in KEYS}

    @cached_property
    def _chosen(self) -> dict[str, str]:
        """The columns of each table, those empty that its files do not have; the files of a table have the same."""
        return {table: self._columns(table) for table in KEYS}

    def _columns(self, table: str) -> str:
        base = self._parts[table][0].base
        described = self.connection.execute(f"describe from {parquet(base)}").fetchall() if base else []
        found = {row[0] for row in described}
        types = stored_columns(table, self.catalogue)
        return ", ".join(name if name in found else f"cast(null as {kind}) as {name}" for name, kind in types.items())

    def _standing(self, table: str, part: PartFiles) -> str:
        base = self._relation(table, part.base, "")
        deltas = [self._relation(table, [delta], ", removed") for delta in part.deltas]
        return standing({name: name for name in stored_columns(table, self.catalogue)}, KEYS[table], base, deltas)

    def _relation(self, table: str, files: Sequence[Path], more: str) -> str:
        source = parquet(files) if files else "(select null)"
        return f"(select {self._chosen[table]}{more} from {source}{'' if files else ' nothing where false'})"
