"""The rows of a table that stood before this delivery, partition by partition, as the new snapshot will have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uitstroom.registers.columns import IDENTIFIERS, KEYS
from uitstroom.registers.parts import PartFiles, standing
from uitstroom.registers.snapshots import Snapshot
from uitstroom.sql import identifier, parquet


class Stood:
    """A parent's table. `types`: the columns that it is to have, with those that are made at load.

    `converted`: its files have other columns or types, so that they must be written anew.
    """

    def __init__(self, connection: Any, parent: Snapshot, table: str, types: Mapping[str, str]) -> None:
        self.connection, self.table, self.types = connection, table, types
        self.key = identifier(KEYS[table])
        self.parts = parent.parts(table)
        described = connection.execute(f"describe from {parquet(self.parts[0].base)}").fetchall()
        self._found = {row[0]: str(row[1]).lower() for row in described}
        self.converted = self._found != dict(types)

    def select(self, part: int, columns: Sequence[str], where: str = "") -> str:
        """SQL: columns of the rows of a partition for which `where` is true."""
        return self._selected(self.parts[part], columns, where)

    def by_key(self, part: int, columns: Sequence[str], where: str, more: Sequence[str] = ()) -> str:
        """The same where the condition is about the key alone; `more` are relations of newer deltas."""
        return self._standing(self.parts[part], columns, where, where, more)

    def everywhere(self, columns: Sequence[str], where: str, *, by_key: bool = False) -> list[str]:
        """SQL of several queries that together select from all partitions; those without deltas are read as one."""
        plain = PartFiles(tuple(path for part in self.parts if not part.deltas for path in part.base))
        read = [*([plain] if plain.base else []), *(part for part in self.parts if part.deltas)]
        if by_key:
            return [self._standing(part, columns, where, where, ()) for part in read]
        return [self._selected(part, columns, where) for part in read]

    def _selected(self, files: PartFiles, columns: Sequence[str], where: str) -> str:
        return self._standing(files, columns, where, "", ()) + (f"\nwhere {where}" if where else "")

    def _standing(self, files: PartFiles, columns: Sequence[str], base: str, deltas: str, more: Sequence[str]) -> str:
        named = {identifier(name): identifier(name) for name in columns}
        newer = [self._relation((delta,), ["removed"], deltas) for delta in files.deltas]
        rows = standing(named, self.key, self._relation(files.base, [], base), [*newer, *more])
        return f"select {', '.join(named)} from ({rows}) stood"

    def _relation(self, files: Sequence[Path], more: Sequence[str], where: str) -> str:
        chosen = ", ".join([*(self._value(name) for name in self.types), *more])
        rows = f"(select {chosen} from {parquet(files)})"
        return f"(from {rows} kept where {where})" if where else rows

    def _value(self, name: str) -> str:
        kind, column = self.types[name], identifier(name)
        if name not in self._found:
            return f"cast(null as {kind}) as {column}"
        return column if self._found[name] == kind else f"cast({column} as {kind}) as {column}"

    @property
    def keys(self) -> str:
        """SQL: the key of every row that stood, as text."""
        text = f"select cast({self.key} as varchar) as id from"
        plain = [path for part in self.parts if not part.deltas for path in part.base]
        found = [f"{text} {parquet(plain)}"] if plain else []
        changed = [number for number, part in enumerate(self.parts) if part.deltas]
        return "\nunion all\n".join([*found, *(f"{text} ({self.select(one, [KEYS[self.table]])})" for one in changed)])


def made_types(table: str, types: Mapping[str, str]) -> dict[str, str]:
    """The types of the columns that the store keeps, with those of a chain."""
    if table != "action":
        return dict(types)
    return {**types, "chain_id": types[IDENTIFIERS["action"][0]], "part": "integer", "parts": "integer"}
