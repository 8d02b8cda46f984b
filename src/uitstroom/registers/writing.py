"""The files of a snapshot: Parquet per table and partition, written in the staging folder and then moved in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from uitstroom.registers.files import Files
from uitstroom.registers.parts import Part, StoredFile, checksum, partition
from uitstroom.registers.snapshots import Snapshot

ROWS_PER_PARTITION = 4_000_000
Parts = tuple[Part, ...]


def partitions_for(rows: int) -> int:
    """How many partitions a table of so many rows is kept in."""
    return max(1, round(rows / ROWS_PER_PARTITION))


class Writing:
    """Writes the tables of one snapshot; `place` is the folder they get in the store once `move` is called."""

    def __init__(self, connection: Any, root: Path, staging: Path, identity: str, files: Files) -> None:
        self.connection, self.root, self.files = connection, root, files
        self.staged = staging / identity
        self.place = Path("tables") / identity
        self._folders = [self.staged]
        files.make_folder(self.staged)

    def table(self, table: str, partitions: int) -> Parts:
        """The merged rows of a table, a file for each partition of persons."""
        self._folder(self.staged / table)
        if table == "person_change":
            file = self._write(f"{table}/0.parquet", f"select * exclude (fresh) from {table}_merged")
            return (Part((file,)), *((Part(),) * (partitions - 1)))
        selected = _ACTION if table == "action" else f"select * exclude (fresh) from {table}_merged m"
        return tuple(Part((self._partition(table, selected, one, partitions),)) for one in range(partitions))

    def _partition(self, table: str, selected: str, one: int, partitions: int) -> StoredFile:
        where = f"\nwhere {partition('m.person_id', partitions)} = {one}" if partitions > 1 else ""
        return self._write(f"{table}/{one}.parquet", selected + where)

    def faults(self) -> StoredFile:
        """What the store keeps of the quarantined rows: file, line, column and rule."""
        return self._write(
            "faults.parquet", 'select tbl as "table", name as file, line, col as "column", rule from listed_fault'
        )

    def _folder(self, path: Path) -> None:
        self.files.make_folder(path)
        self._folders.append(path)

    def _write(self, name: str, selected: str) -> StoredFile:
        path = self.staged / name
        target = str(path).replace("'", "''")
        copy = f"copy ({selected}) to '{target}' (format parquet, compression zstd, row_group_size 200000)"
        self.connection.execute("set preserve_insertion_order = false")
        rows: list[int] = []
        self.files.produce(path, lambda _: rows.extend(self.connection.execute(copy).fetchall()[0]))
        self.files.sync_file(path)
        return StoredFile(str(self.place / name), path.stat().st_size, checksum(path), rows[0])

    def move(self) -> None:
        """Move everything into the store; it is not part of it before the index says so."""
        for folder in reversed(self._folders):
            self.files.sync_folder(folder)
        self.files.rename(self.staged, self.root / self.place)
        self.files.sync_folder((self.root / self.place).parent)


_ACTION = """select m.* exclude (fresh), coalesce(c.chain_id, m.action_id) as chain_id, coalesce(c.part, 1) as part,
  cast(coalesce(max(c.part) over (partition by coalesce(c.chain_id, m.action_id)), 1) as integer) as parts
from action_merged m
left join chain c on c.action_id = m.action_id"""


def carried(parent: Snapshot, table: str, partitions: int) -> Parts:
    """The files of a table that did not change."""
    parts = parent.tables[table]
    return parts if len(parts) == partitions else (parts[0], *((Part(),) * (partitions - 1)))
