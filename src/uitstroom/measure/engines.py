"""The engines that run the one SQL text: DuckDB over the store's Parquet, PostgreSQL where a register lives.

The only part of measuring that knows a database driver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from uitstroom.catalogue import Catalogue
from uitstroom.measure.sql import Statements
from uitstroom.measure.tally import Counting, CountRow, Engine, Following, FollowRow, Known, Record
from uitstroom.registers.contract import COLUMNS, STORED_TYPES

if TYPE_CHECKING:
    from uitstroom.measure.reading import Action, Spell
    from uitstroom.registers import Snapshot

Rows = list[tuple[Any, ...]]
Row = TypeVar("Row", CountRow, FollowRow)
Run = Callable[[str], Rows]


CHAIN_COLUMNS = (
    "action_id", "chain_id", "part", "instrument", "person_id", "trajectory_id", "approved_on", "start_date",
    "end_date", "end_reason", "resumes",
)  # fmt: skip


class SqlEngine:
    """Counts and follows by running the SQL text; `run` returns the rows of every partition, one after another.

    Partitions are by person, so tallies of distinct persons add up over them.
    """

    def __init__(self, catalogue: Catalogue, known: Known, run: Run) -> None:
        self._statements = Statements(catalogue, known)
        self._run = run

    def count(self, counting: Counting) -> list[CountRow]:
        rows = self._rows(CountRow, self._statements.count(counting), len(counting.by))
        return _merged(rows, lambda one, other: replace(one, count=one.count + other.count))

    def follow(self, following: Following) -> list[FollowRow]:
        rows = self._rows(FollowRow, self._statements.follow(following), len(following.by))
        return _merged(rows, _together)

    def counted(self, counting: Counting) -> list[Record]:
        return self._rows(Record, self._statements.counted(counting), len(counting.by))

    def followed(self, following: Following) -> list[Record]:
        return self._rows(Record, self._statements.followed(following), len(following.by))

    def chain_of(self, action_id: str) -> list[dict[str, Any]]:
        rows = self._run(self._statements.chain_of(action_id, CHAIN_COLUMNS))
        return [dict(zip(CHAIN_COLUMNS, row, strict=True)) for row in rows]

    def _rows(self, kind: type[Any], sql: str, dimensions: int) -> list[Any]:
        split = 2 + dimensions
        return [kind(row[0], row[1], tuple(row[2:split]), *row[split:]) for row in self._run(sql)]


def _merged(rows: Iterable[Row], add: Callable[[Row, Row], Row]) -> list[Row]:
    cells: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.period, row.instrument, row.by)
        cells[key] = add(cells[key], row) if key in cells else row
    return list(cells.values())


def _together(one: FollowRow, other: FollowRow) -> FollowRow:
    numbers = {
        item.name: getattr(one, item.name) + getattr(other, item.name) for item in fields(one) if item.type == "int"
    }
    opens = [day for day in (one.open_from, other.open_from) if day is not None]
    dues = [day for day in (one.last_due, other.last_due) if day is not None]
    return replace(one, **numbers, open_from=min(opens, default=None), last_due=max(dues, default=None))


@contextmanager
def duckdb_engine(snapshot: Snapshot, catalogue: Catalogue) -> Iterator[Engine]:
    """An engine over a snapshot's Parquet files, one partition of persons after another, in bounded memory."""
    import tempfile

    import duckdb

    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{_MEMORY}'")
        connection.execute("set temp_directory = $1", [spill])
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        yield SqlEngine(catalogue, known_of(snapshot), _over_partitions(connection, snapshot, catalogue))


_MEMORY = "2GB"


def known_of(snapshot: Snapshot) -> Known:
    """How far a snapshot's tables reach."""
    return Known(snapshot.complete["action"][1], snapshot.complete["spell"][1])


def _over_partitions(connection: Any, snapshot: Snapshot, catalogue: Catalogue) -> Run:
    columns = {table: stored_columns(table, catalogue) for table in ("action", "spell")}
    partitions = list(zip(snapshot.files("action"), snapshot.files("spell"), strict=True))

    def run(sql: str) -> Rows:
        rows: Rows = []
        for actions, spells in partitions:
            _view(connection, "action", actions, columns["action"])
            _view(connection, "spell", spells, columns["spell"])
            rows.extend(connection.execute(sql).fetchall())
        return rows

    return run


def _view(connection: Any, table: str, files: Sequence[Any], columns: dict[str, str]) -> None:
    """The table over its files, with an empty column for each that the catalogue knows and the snapshot does not."""
    paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    found = set()
    if files:
        found = {row[0] for row in connection.execute(f"describe select * from read_parquet([{paths}])").fetchall()}
    chosen = ", ".join(name if name in found else f"cast(null as {kind}) as {name}" for name, kind in columns.items())
    source = f"read_parquet([{paths}])" if files else "(select 1) as nothing where false"
    if table == "action" and files and "parts" not in found:
        chosen = chosen.replace("cast(null as integer) as parts", "count(*) over (partition by chain_id) as parts")
    connection.execute(f"create or replace temp view {table} as select {chosen} from {source}")


def stored_columns(table: str, catalogue: Catalogue) -> dict[str, str]:
    """Name and SQL type of the columns that measuring may read, those of the catalogue's dimensions included."""
    columns = {column.name: STORED_TYPES[column.type] for column in COLUMNS[table]}
    if table == "action":
        columns |= {"chain_id": "varchar", "part": "integer", "parts": "integer"}
        for dimension in catalogue.dimensions.values():
            if dimension.column:
                columns.setdefault(dimension.column, "date" if dimension.kind == "band" else "varchar")
    return columns


@contextmanager
def from_rows(
    where: str, catalogue: Catalogue, actions: Iterable[Action], spells: Iterable[Spell], known: Known
) -> Iterator[Engine]:
    """An engine over rows in memory: `where` is `reference`, `duckdb` or a PostgreSQL URL.

    On a database the rows live in temporary tables that are gone when the engine is closed.
    """
    if where == "reference":
        from uitstroom.measure.reference import Reference

        yield Reference(catalogue, actions, spells, known)
    else:
        with _connection(where) as connection:
            for table, rows in (("action", _with_parts(actions)), ("spell", spells)):
                _insert(connection, table, rows, stored_columns(table, catalogue), binary_order=where != "duckdb")
            yield SqlEngine(catalogue, known, lambda sql: list(connection.execute(sql).fetchall()))


def _connection(where: str) -> Any:
    if where == "duckdb":
        import duckdb

        return duckdb.connect()
    import psycopg

    return psycopg.connect(where)


def _insert(connection: Any, table: str, rows: Iterable[Any], columns: dict[str, str], *, binary_order: bool) -> None:
    """Text is put in binary order, so that ties are broken alike on every engine."""
    collate = ' collate "C"' if binary_order else ""
    declared = ", ".join(f"{name} {kind}{collate if kind == 'varchar' else ''}" for name, kind in columns.items())
    connection.execute(f"create temp table {table} ({declared})")
    mark = "%s" if binary_order else "?"
    values = [tuple(_field(row, name) for name in columns) for row in rows]
    if values:
        cursor = connection.cursor() if binary_order else connection
        cursor.executemany(f"insert into {table} values ({', '.join([mark] * len(columns))})", values)


def _with_parts(actions: Iterable[Action]) -> list[Action]:
    """The actions, each with the number of rows of its chain, as a load gives them."""
    rows = list(actions)
    parts = Counter(row.chain_id for row in rows)
    return [replace(row, extra={**row.extra, "parts": parts[row.chain_id]}) for row in rows]


def _field(row: Any, name: str) -> object:
    return getattr(row, name) if hasattr(row, name) else row.extra.get(name)
