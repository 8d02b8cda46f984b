"""The files of a delivery as judged rows in the engine, block after block, each record with its number."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from uitstroom.errors import UitstroomError
from uitstroom.registers.casts import Held, Kind
from uitstroom.registers.contract import Column, ColumnType
from uitstroom.registers.csv_files import Block, CsvFile
from uitstroom.registers.delivery import Dialect
from uitstroom.sql import file_literal, identifier, literal, parquet

ROWS = 4_000_000
"""Rows of a Parquet file taken at once."""
BATCH = 1 << 25
"""Bytes of a CSV file that the engine reads at once."""
AHEAD = 2
"""Batches of a CSV file that are being read while one is used."""
INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
"""The engine's types whose every value is a bigint."""
TYPED: dict[tuple[str, ColumnType], Kind] = {("DATE", "day"): "day", ("BOOLEAN", "yes_no"): "yes_no"}
ABSENT = Held("null::varchar", "absent")


Judge = Callable[[str, str], str]
"""From the record number and the rows of a file, both in SQL, to a query for its judged rows."""


@dataclass(frozen=True)
class Delivered:
    """A block of records of a file, each numbered from 0 in the file.

    `judged` names the relation of those that are well formed, `faults` gives the rule that each other one breaks.
    `read` bytes of the file are done.
    """

    count: int
    faults: dict[int, str]
    read: int
    judged: str


class Source(Protocol):
    """One file of a delivery."""

    path: Path
    columns: tuple[str, ...]

    def integers(self, column: str) -> bool:
        """Whether the file can only hold signed 64-bit integers in a column, or nothing at all."""
        ...

    def held(self, column: Column) -> Held:
        """What stands in a column."""
        ...

    def blocks(self, connection: Any, judge: Judge) -> Iterator[Delivered]:
        """Every record, in order; a block stands until the next one is asked for."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that were read, once `blocks` has run out."""
        ...


@dataclass
class _Batch:
    """Blocks that the engine reads at once: splitting is fastest in small pieces, reading in large ones."""

    first: int
    line: int
    pieces: list[bytes] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    count: int = 0
    size: int = 0
    read: int = 0

    def add(self, block: Block) -> None:
        records = block.records
        self.pieces.append(records.clean)
        self.faults |= {block.first + place: rule for place, rule in records.faults.items()}
        self.count += records.count
        self.size += len(records.clean)
        self.read = block.offset + records.taken


class CsvSource:
    """A CSV file: its records are counted before the engine sees them, and the engine must see as many.

    While one block is being used the next ones are read, so that nobody waits.
    """

    def __init__(self, path: Path, dialect: Dialect, scratch: Path) -> None:
        self.path = path
        self.file = CsvFile(path, dialect)
        self.columns = self.file.columns
        self._scratch = scratch

    def integers(self, column: str) -> bool:
        """A text that looks like an integer may be another one than its number: `007`."""
        return column not in self.columns

    def held(self, column: Column) -> Held:
        if column.name not in self.columns:
            return ABSENT
        return Held(f"c{self.columns.index(column.name)}", "text")

    def blocks(self, connection: Any, judge: Judge) -> Iterator[Delivered]:
        with ThreadPoolExecutor(AHEAD) as readers:
            ahead: deque[Future[Delivered]] = deque()
            for batch in self._batches():
                ahead.append(readers.submit(self._read, connection.cursor(), batch, judge))
                if len(ahead) > AHEAD:
                    yield from _used(connection, ahead.popleft().result())
            while ahead:
                yield from _used(connection, ahead.popleft().result())

    def _batches(self) -> Iterator[_Batch]:
        batch = None
        for block in self.file.blocks():
            batch = batch or _Batch(block.first, block.line)
            batch.add(block)
            if batch.size >= BATCH:
                yield batch
                batch = None
        if batch:
            yield batch

    def _read(self, cursor: Any, batch: _Batch, judge: Judge) -> Delivered:
        """A batch as a table, which every cursor of the engine sees."""
        name = f"judged_{batch.first}"
        with cursor, memory_file(self._scratch, batch.pieces) as path:
            cursor.execute(f"create table {name} as {judge('record', self._rows(path, batch.first))}")
            counted = cursor.execute(f"select count(*) from {name}").fetchall()[0][0]
            if counted != batch.count:
                raise UitstroomError(
                    f"of {batch.count} records from line {batch.line + 1} on the engine read {counted}",
                    where=str(self.path), todo="report this: nothing was loaded, so that no row is lost",
                )  # fmt: skip
            _remove(cursor, name, list(batch.faults))
        return Delivered(batch.count, batch.faults, batch.read, name)

    def _rows(self, path: str, first: int) -> str:
        form, quote = self.file.form, literal(self.file.form.quote.decode())
        types = ", ".join(f"'c{place}': 'varchar'" for place in range(len(self.columns)))
        return f"""(
  select row_number() over () - 1 + {first} as record, *
  from read_csv({file_literal(path)}, hive_partitioning = false, auto_detect = false, header = false,
    columns = {{{types}}}, parallel = false,
    delim = {literal(form.delimiter.decode())}, quote = {quote}, escape = {quote},
    new_line = '\\n', nullstr = '', comment = '', strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = {4 * form.longest}, buffer_size = {16 * form.longest})
)"""

    @property
    def digest(self) -> str:
        return self.file.digest


def _used(connection: Any, block: Delivered) -> Iterator[Delivered]:
    yield block
    connection.execute(f"drop table {block.judged}")


def _remove(cursor: Any, table: str, records: list[int]) -> None:
    if records:
        cursor.register("misformed", {"record": np.array(records, dtype=np.int64)})
        cursor.execute(f"delete from {table} where record in (select record from misformed)")
        cursor.unregister("misformed")


@contextmanager
def memory_file(scratch: Path, pieces: Iterable[bytes]) -> Iterator[str]:
    """The path of a file that never reaches the disk where the system can do that."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("records")
        name = f"/proc/self/fd/{descriptor}"
    else:
        descriptor, name = tempfile.mkstemp(dir=scratch)
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[os.write(descriptor, view) :]
        yield name
    finally:
        os.close(descriptor)


class ParquetSource:
    """A Parquet file: what is typed stays so, all else is taken as the text that a CSV file would have held."""

    def __init__(self, path: Path, connection: Any) -> None:
        self.path = path
        self._connection = connection
        self._name = parquet([path], numbered=True)
        described = connection.execute(f"describe select * exclude (file_row_number) from {self._name}").fetchall()
        self._names = {row[0].strip().lower(): row[0] for row in described}
        self._types = {row[0].strip().lower(): str(row[1]) for row in described}
        self.columns = tuple(row[0].strip().lower() for row in described)
        groups = connection.execute(f"""select distinct row_group_id, row_group_num_rows
from parquet_metadata({file_literal(path)})
order by row_group_id""").fetchall()
        self._groups = [int(rows) for _, rows in groups]
        self._digest = ""

    def integers(self, column: str) -> bool:
        """By its type, or because not one value stands in it."""
        if self._types.get(column, "BIGINT") in INTEGERS:
            return True
        held = f"nullif(cast({identifier(self._names[column])} as varchar), '') is not null"
        return not self._connection.execute(f"select 1 from {self._name} where {held} limit 1").fetchall()

    def held(self, column: Column) -> Held:
        if column.name not in self.columns:
            return ABSENT
        name, kind = identifier(self._names[column.name]), self._types[column.name]
        if kind in INTEGERS and column.type in ("text", "whole", "person"):
            return Held(name, "integer")
        if (kind, column.type) in TYPED:
            return Held(name, TYPED[kind, column.type])
        return Held(_text(name, kind), "text")

    def blocks(self, connection: Any, judge: Judge) -> Iterator[Delivered]:
        state = _state(self.path)
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(_digest, self.path)
            first = 0
            for rows in _runs(self._groups):
                held = f"{self._name} where file_row_number >= {first} and file_row_number < {first + rows}"
                connection.execute(f"create or replace temp view judged as {judge('file_row_number', held)}")
                first += rows
                yield Delivered(rows, {}, state[0] * first // sum(self._groups), "judged")
            self._digest = digest.result() if _state(self.path) == state else ""

    @property
    def digest(self) -> str:
        return self._digest


def _runs(groups: Sequence[int]) -> Iterator[int]:
    """How many rows to take at once: whole row groups, unless one holds more than `ROWS`."""
    held = 0
    for rows in groups:
        if held and held + rows > ROWS:
            yield held
            held = 0
        held += rows
        while held > ROWS:
            yield ROWS
            held -= ROWS
    if held:
        yield held


def _text(name: str, kind: str) -> str:
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) and abs({name}) < 9007199254740992"
        return f"case when {whole} then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
    if kind.startswith("TIMESTAMP"):
        midnight = f"{name} = date_trunc('day', {name})"
        return f"case when {midnight} then cast(cast({name} as date) as varchar) else cast({name} as varchar) end"
    return f"nullif(cast({name} as varchar), '')"


def _state(path: Path) -> tuple[int, int, int]:
    """Size, time of change and inode: what another content would alter."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_source(path: Path, dialect: Dialect, connection: Any, scratch: Path) -> Source:
    """The reader of a file, chosen by its name."""
    return ParquetSource(path, connection) if is_parquet(path.name) else CsvSource(path, dialect, scratch)


def is_parquet(name: str) -> bool:
    """Whether a file is one of Parquet, by its name."""
    return name.lower().endswith(".parquet")
