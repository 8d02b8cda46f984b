"""A snapshot's partitions as the tables `action` and `spell` of a DuckDB connection, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers import PartFiles, Snapshot, standing
from uitstroom.registers.contract import COLUMNS, STORED_TYPES

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
            rows = self._standing(table, self.snapshot.parts(table)[number])
            if touched:
                rows = f"select * from ({rows}) as standing where {_RESTRICTED[table]}"
            self.connection.execute(f"create or replace temp view {table} as {rows}")

    def _standing(self, table: str, part: PartFiles) -> str:
        types = stored_columns(table, self.catalogue)
        base = self._relation(part.base, types)
        deltas = [self._relation([delta], types | {"removed": "boolean"}) for delta in part.deltas]
        return standing({name: name for name in types}, KEYS[table], base, deltas)

    def _relation(self, files: Sequence[Path], types: Mapping[str, str]) -> str:
        """The rows of files, with an empty column for each that the catalogue knows and they do not have."""
        if not files:
            nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in types.items())
            return f"(select {nothing} where false)"
        source = f"read_parquet([{listed_paths(files)}], union_by_name = true)"
        found = {row[0] for row in self.connection.execute(f"describe select * from {source}").fetchall()}
        chosen = ", ".join(name if name in found else f"cast(null as {kind}) as {name}" for name, kind in types.items())
        return f"(select {chosen} from {source})"


def listed_paths(paths: Iterable[Path]) -> str:
    """Paths as a list of SQL literals."""
    return ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
