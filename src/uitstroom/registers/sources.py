"""The files of a delivery as tables of texts in the engine, block after block, each record with its number."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from uitstroom.errors import UitstroomError
from uitstroom.registers.columns import quoted
from uitstroom.registers.contract import Column
from uitstroom.registers.csv_files import Block, CsvFile
from uitstroom.registers.delivery import Dialect

ROWS = 500_000
"""Rows of a Parquet file taken at once."""
INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
"""The engine's types whose every value is a bigint."""


@dataclass(frozen=True)
class Delivered:
    """A block that stands in the engine as table `delivered`: `record` (bigint, from 0 in the file), `misformed`
    (boolean: its record breaks a rule of form), and each column asked for as text. `read` bytes of the file are done.
    """

    count: int
    faults: dict[int, str]
    read: int


class Source(Protocol):
    """One file of a delivery."""

    path: Path
    columns: tuple[str, ...]

    def integers(self, column: str) -> bool:
        """Whether the file can only hold signed 64-bit integers in a column, or nothing at all."""
        ...

    def blocks(self, connection: Any, wanted: Sequence[Column]) -> Iterator[Delivered]: ...

    @property
    def digest(self) -> str: ...


class CsvSource:
    """A CSV file: its records are counted before the engine sees them, and the engine must see as many."""

    def __init__(self, path: Path, dialect: Dialect, scratch: Path) -> None:
        self.path = path
        self.file = CsvFile(path, dialect)
        self.columns = self.file.columns
        self._scratch = scratch

    def integers(self, column: str) -> bool:
        """A text that looks like an integer may be another one than its number: `007`."""
        return column not in self.columns

    def blocks(self, connection: Any, wanted: Sequence[Column]) -> Iterator[Delivered]:
        places = {name: place for place, name in enumerate(self.columns)}
        chosen = ", ".join(
            f"{f'c{places[column.name]}' if column.name in places else 'null::varchar'} as {quoted(column.name)}"
            for column in wanted
        )
        with _memory_file(self._scratch) as (descriptor, name):
            for block in self.file.blocks():
                if block.records.count:
                    _fill(descriptor, block.records.clean)
                    self._read(connection, block, name, chosen)
                read = block.offset + block.records.taken
                faults = {block.first + place: rule for place, rule in block.records.faults.items()}
                yield Delivered(block.records.count, faults, read)

    def _read(self, connection: Any, block: Block, name: str, chosen: str) -> None:
        faulty = np.array(sorted(block.records.faults), dtype=np.int64) + block.first
        connection.register("misformed", {"record": faulty})
        form = self.file.form
        types = ", ".join(f"'c{place}': 'varchar'" for place in range(len(self.columns)))
        connection.execute(f"""create or replace temp table delivered as
with records as (
  select row_number() over () - 1 + {block.first} as record, *
  from read_csv('{name}', auto_detect = false, header = false, columns = {{{types}}}, parallel = false,
    delim = {_literal(form.delimiter)}, quote = {_literal(form.quote)}, escape = {_literal(form.quote)},
    new_line = '\\n', nullstr = '', comment = '', strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = {4 * form.longest}, buffer_size = {16 * form.longest})
)
select record, record in (select record from misformed) as misformed, {chosen}
from records""")
        connection.unregister("misformed")
        counted = connection.execute("select count(*) from delivered").fetchall()[0][0]
        if counted != block.records.count:
            raise UitstroomError(
                f"of {block.records.count} records from line {block.line + 1} on the engine read {counted}",
                where=str(self.path), todo="report this: nothing was loaded, so that no row is lost",
            )  # fmt: skip

    @property
    def digest(self) -> str:
        return self.file.digest


def _literal(text: bytes) -> str:
    return "'" + text.decode().replace("'", "''") + "'"


@contextmanager
def _memory_file(scratch: Path) -> Iterator[tuple[int, str]]:
    """A file that never reaches the disk where the system can do that: its descriptor and its name."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("records")
        name = f"/proc/self/fd/{descriptor}"
    else:
        descriptor, name = tempfile.mkstemp(dir=scratch)
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)


def _fill(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


class ParquetSource:
    """A Parquet file: its columns are taken as the texts that a CSV file would have held."""

    def __init__(self, path: Path, connection: Any, *, pad_numbers: bool) -> None:
        self.path = path
        self._pad = pad_numbers
        self._name = f"read_parquet('{_escaped(path)}', file_row_number = true)"
        described = connection.execute(f"describe select * exclude (file_row_number) from {self._name}").fetchall()
        self._names = {row[0].strip().lower(): row[0] for row in described}
        self._types = {row[0].strip().lower(): str(row[1]) for row in described}
        self.columns = tuple(row[0].strip().lower() for row in described)
        self.rows = int(
            connection.execute(f"select num_rows from parquet_file_metadata('{_escaped(path)}')").fetchall()[0][0]
        )
        self._digest = ""
        self._connection = connection

    def integers(self, column: str) -> bool:
        """By its type, or because not one value stands in it."""
        if self._types.get(column, "BIGINT") in INTEGERS:
            return True
        held = f"nullif(cast({quoted(self._names[column])} as varchar), '') is not null"
        return not self._connection.execute(f"select 1 from {self._name} where {held} limit 1").fetchall()

    def blocks(self, connection: Any, wanted: Sequence[Column]) -> Iterator[Delivered]:
        chosen = ", ".join(f"{self._text(column)} as {quoted(column.name)}" for column in wanted)
        size = self.path.stat().st_size
        for first in range(0, self.rows, ROWS):
            connection.execute(f"""create or replace temp table delivered as
select file_row_number as record, false as misformed, {chosen}
from {self._name}
where file_row_number >= {first} and file_row_number < {first + ROWS}""")
            count = connection.execute("select count(*) from delivered").fetchall()[0][0]
            if count != min(ROWS, self.rows - first):
                raise UitstroomError("the file holds another number of rows than it says", where=str(self.path),
                                     todo="deliver it again")  # fmt: skip
            yield Delivered(count, {}, size * min(first + ROWS, self.rows) // self.rows)
        with self.path.open("rb") as file:
            self._digest = hashlib.file_digest(file, "sha256").hexdigest()

    def _text(self, column: Column) -> str:
        if column.name not in self.columns:
            return "null::varchar"
        name, kind = quoted(self._names[column.name]), self._types[column.name]
        if kind.endswith("INT") or kind in ("INTEGER", "UINTEGER"):
            pad = self._pad and column.type == "person"
            return f"lpad(cast({name} as varchar), 11, '0')" if pad else f"cast({name} as varchar)"
        if kind in ("DOUBLE", "FLOAT"):
            whole = f"{name} = trunc({name}) and abs({name}) < 9007199254740992"
            return f"case when {whole} then cast(cast({name} as bigint) as varchar) else cast({name} as varchar) end"
        if kind.startswith("TIMESTAMP"):
            midnight = f"{name} = date_trunc('day', {name})"
            return f"case when {midnight} then cast(cast({name} as date) as varchar) else cast({name} as varchar) end"
        return f"nullif(cast({name} as varchar), '')"

    @property
    def digest(self) -> str:
        return self._digest


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def open_source(path: Path, dialect: Dialect, connection: Any, scratch: Path, *, pad_numbers: bool) -> Source:
    """The reader of a file, chosen by its name."""
    if is_parquet(path.name):
        return ParquetSource(path, connection, pad_numbers=pad_numbers)
    return CsvSource(path, dialect, scratch)


def is_parquet(name: str) -> bool:
    """Whether a file is one of Parquet, by its name."""
    return name.lower().endswith(".parquet")
