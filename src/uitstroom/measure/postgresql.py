"""The SQL text inside a PostgreSQL database.

A snapshot's tables stand there in a schema of their own, `uitstroom_<snapshot id>`. Where it is missing it is filled
from the store, once and whole; it never changes afterwards, as the snapshot never does. A service whose register
already lives in the database can provide the schema itself, as views (docs/engines.md).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.measure.addresses import shown
from uitstroom.measure.engines import SqlEngine
from uitstroom.measure.kept import known_of
from uitstroom.measure.partitions import stored_columns
from uitstroom.measure.tally import Engine
from uitstroom.registers import PartFiles, standing
from uitstroom.registers.columns import KEYS
from uitstroom.sql import parquet, path_literal

if TYPE_CHECKING:
    from uitstroom.registers import Snapshot

TABLES = ("action", "spell")
_BLOCK = 1 << 20


@contextmanager
def postgresql_engine(url: str, snapshot: Snapshot, catalogue: Catalogue) -> Iterator[Engine]:
    """An engine inside the database; the snapshot's schema is filled first where it is missing.

    Raises `UitstroomError` where psycopg is not installed, the server cannot be reached, or the user may not make or
    read the schema; the server's own words, and the password, never get out.
    """
    schema = schema_of(snapshot)
    with _connected(url) as connection:
        if not _stands(connection, schema):
            _fill(connection, schema, snapshot, catalogue)
        _open(connection, schema, catalogue)
        yield SqlEngine(catalogue, known_of(snapshot), lambda sql: list(connection.execute(sql).fetchall()))


def schema_of(snapshot: Snapshot) -> str:
    """The name of the schema that holds a snapshot."""
    return f"uitstroom_{snapshot.id}"


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    try:
        import psycopg
    except ModuleNotFoundError:
        raise UitstroomError("psycopg is not installed here", todo="pip install 'uitstroom[postgres]'") from None
    try:
        with psycopg.connect(url, autocommit=True, application_name="uitstroom") as connection:
            yield connection
    except psycopg.errors.InsufficientPrivilege:
        raise UitstroomError(
            "the database does not let this user make or read the snapshot's schema", where=shown(url),
            todo="grant create on the database, or have its owner measure once so that the schema is there, and grant "
            "usage on it and select on its tables",
        ) from None  # fmt: skip
    except psycopg.Error as error:
        raise UitstroomError(
            f"PostgreSQL could not go on ({type(error).__name__})", where=shown(url),
            todo="see that the server runs, that the address and the password are right, and that there is room",
        ) from None  # fmt: skip


def _stands(connection: Any, schema: str) -> bool:
    found = connection.execute("select 1 from pg_catalog.pg_namespace where nspname = %s", [schema]).fetchone()
    return found is not None


def _fill(connection: Any, schema: str, snapshot: Snapshot, catalogue: Catalogue) -> None:
    """Copy the rows that stand from the store into the schema: all of them or, if it fails, nothing."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
        if _stands(connection, schema):
            return
        connection.execute(f"create schema {schema}")
        for table in TABLES:
            _copy_table(connection, schema, table, snapshot, catalogue)
        connection.execute(f"create index on {schema}.spell (person_id)")
        for table in TABLES:
            connection.execute(f"analyze {schema}.{table}")


def _copy_table(connection: Any, schema: str, table: str, snapshot: Snapshot, catalogue: Catalogue) -> None:
    with _reader() as (reader, folder):
        columns = _columns(reader, snapshot.parts(table), stored_columns(table, catalogue))
        # Text is put in binary order, so that ties are broken alike on every engine.
        declared = ", ".join(f'"{name}" {_DECLARED.get(kind.lower(), kind)}' for name, kind in columns.items())
        connection.execute(f"create table {schema}.{table} ({declared})")
        for part in snapshot.parts(table):
            if part.base or part.deltas:
                rows = _rows_of(reader, part, columns, KEYS[table])
                _copy(connection, f"{schema}.{table}", reader, rows, folder / "rows")


@contextmanager
def _reader() -> Iterator[tuple[Any, Path]]:
    """An engine that reads Parquet, and a folder of its own."""
    import duckdb

    try:
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as reader:
            reader.execute("set temp_directory = $1", [folder])
            for setting in ("memory_limit = '1GB'", "enable_progress_bar = false"):
                reader.execute(f"set {setting}")
            yield reader, Path(folder)
    except duckdb.Error as error:
        raise UitstroomError(
            f"the store could not be read ({type(error).__name__})",
            todo="see that there is room on the disk, and restore the store from a backup if a file of it is damaged",
        ) from None


_DECLARED = {"varchar": 'varchar collate "C"'}


def _columns(reader: Any, parts: Sequence[PartFiles], stored: Mapping[str, str]) -> dict[str, str]:
    """Name and type of the columns of a table: as its files have them, and those of the catalogue beside them."""
    columns = dict(stored)
    for part in parts:
        for files in (part.base, part.deltas):
            columns |= _described(reader, files) if files else {}
    columns.pop("removed", None)
    return columns


def _described(reader: Any, files: Sequence[Path]) -> dict[str, str]:
    return {row[0]: row[1] for row in reader.execute(f"describe select * from {_read(files)}").fetchall()}


def _rows_of(reader: Any, part: PartFiles, columns: Mapping[str, str], key: str) -> str:
    """SQL of the rows of a partition that stand."""
    relations = [_relation(reader, part.base, columns)]
    relations += [_relation(reader, [delta], {**columns, "removed": "BOOLEAN"}) for delta in part.deltas]
    return standing({name: f'"{name}"' for name in columns}, key, relations[0], relations[1:])


def _relation(reader: Any, files: Sequence[Path], columns: Mapping[str, str]) -> str:
    """The rows of files with exactly these columns; one that they do not have is empty."""
    found = _described(reader, files) if files else {}
    chosen = ", ".join(
        f'"{name}"' if name in found else f'cast(null as {kind}) as "{name}"' for name, kind in columns.items()
    )
    return f"(select {chosen} from {_read(files) if files else '(select 1) nothing where false'})"


def _read(files: Sequence[Path]) -> str:
    return parquet(files, by_name=True)


def _copy(connection: Any, table: str, reader: Any, rows: str, pipe: Path) -> None:
    """Stream the rows as CSV through a pipe from one engine into the other: neither the disk nor Python holds them."""
    os.mkfifo(pipe, 0o600)
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(_write, reader, rows, pipe)
        with (
            pipe.open("rb", buffering=0) as source,
            connection.cursor().copy(f"copy {table} from stdin (format csv, null '\\N')") as target,
        ):
            while block := source.read(_BLOCK):
                target.write(block)
            writing.result()
    pipe.unlink()


def _write(reader: Any, rows: str, pipe: Path) -> None:
    form = "format csv, header false, nullstr '\\N', use_tmp_file false"
    try:
        reader.execute(f"copy ({rows}) to {path_literal(pipe)} ({form})")
    finally:
        # Whoever waits for the pipe to be opened must not wait for ever where the engine failed before that.
        with suppress(OSError):
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))


def _open(connection: Any, schema: str, catalogue: Catalogue) -> None:
    """Have `action` and `spell` mean the snapshot's, with an empty column for each that only the catalogue knows."""
    connection.execute(f"set search_path = {schema}")
    for table in TABLES:
        found = _present(connection, schema, table)
        columns = stored_columns(table, catalogue)
        if KEYS[table] not in found:
            raise UitstroomError(
                f"the schema has no table or view {table} that this user may read", where=schema,
                todo="docs/engines.md says what it must hold; drop the schema to have it filled again",
            )  # fmt: skip
        if columns.keys() - found:
            chosen = ", ".join(
                f'"{name}"' if name in found else f'cast(null as {kind}) as "{name}"' for name, kind in columns.items()
            )
            connection.execute(f"create temp view {table} as select {chosen} from {schema}.{table}")


def _present(connection: Any, schema: str, table: str) -> set[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = %s and table_name = %s",
        [schema, table],
    )
    return {row[0] for row in rows.fetchall()}
