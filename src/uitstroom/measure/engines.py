"""The engines that run the one SQL text: DuckDB over the store's Parquet, PostgreSQL where a register lives.

The only part of measuring that knows a database driver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.errors import UitstroomError
from uitstroom.measure.kept import Keeping, Kept, Table, known_of, numbered_tables
from uitstroom.measure.partitions import Partitions, Rows, stored_columns
from uitstroom.measure.sql import Statements
from uitstroom.measure.tally import (
    SPELL_COLUMNS,
    TOTAL,
    Counting,
    CountRow,
    Engine,
    Following,
    FollowRow,
    Known,
    Part,
    Record,
)
from uitstroom.periods import Horizon, add_months

if TYPE_CHECKING:
    from uitstroom.measure.reading import Action, Spell
    from uitstroom.registers import Snapshot

Row = TypeVar("Row", CountRow, FollowRow)
Run = Callable[[str], Rows]


CHAIN_COLUMNS = (
    "action_id", "chain_id", "part", "instrument", "person_id", "trajectory_id", "approved_on", "start_date",
    "end_date", "end_reason", "resumes",
)  # fmt: skip


_MOST_ACTIONS = 1000
"""Actions that are named in one statement."""


class SqlEngine:
    """Counts and follows by running the SQL text; `run` returns the rows of every partition, one after another.

    Partitions are by person, so tallies of distinct persons add up over them. What was asked finely is not asked again
    coarsely: its rows are added up.
    """

    def __init__(self, catalogue: Catalogue, known: Known, run: Run, numbered: frozenset[str] = frozenset()) -> None:
        self._statements = Statements(catalogue, known, numbered)
        self._run = run
        self._counts: list[tuple[Counting, list[CountRow]]] = []
        self._follows: list[tuple[Following, list[FollowRow]]] = []

    def count(self, counting: Counting) -> list[CountRow]:
        return _added_up(counting, self._counts, self._count, _counted_together)

    def follow(self, following: Following) -> list[FollowRow]:
        return _added_up(following, self._follows, self._follow_all, _followed_together)

    def counted(self, counting: Counting) -> list[Record]:
        return _records(self._rows(Record, self._statements.counted(counting), len(counting.by)))

    def followed(self, following: Following) -> list[Record]:
        return _records(self._rows(Record, self._statements.followed(following), len(following.by)))

    def known_persons(self, persons: tuple[int, ...]) -> int:
        return sum(row[0] for row in self._run(self._statements.known_persons(persons))) if persons else 0

    def parts_of(self, unit: str, first_actions: Sequence[str]) -> list[Part]:
        rows: list[Part] = []
        for place in range(0, len(first_actions), _MOST_ACTIONS):
            some = self._run(self._statements.parts_of(unit, first_actions[place : place + _MOST_ACTIONS]))
            rows += [(str(action), start, end, reason) for action, start, end, reason in some]
        return rows

    def spells_of(self, person: int) -> list[dict[str, Any]]:
        found = self._run(self._statements.spells_of(person, SPELL_COLUMNS))
        rows = [_named_as_text(dict(zip(SPELL_COLUMNS, row, strict=True))) for row in found]
        return sorted(rows, key=lambda row: (row["start_date"], row["spell_id"]))

    def chain_of(self, action_id: str) -> list[dict[str, Any]]:
        rows = self._run(self._statements.chain_of(action_id, CHAIN_COLUMNS))
        return [_named_as_text(dict(zip(CHAIN_COLUMNS, row, strict=True))) for row in rows]

    def _count(self, counting: Counting) -> list[CountRow]:
        rows = self._rows(CountRow, self._statements.count(counting), len(counting.by))
        return _merged(rows, _counted_together)

    def _follow(self, following: Following) -> list[FollowRow]:
        rows = self._rows(FollowRow, self._statements.follow(following), len(following.by))
        return _merged(rows, _followed_together)

    def _follow_all(self, following: Following) -> list[FollowRow]:
        """The rows of a question; of a curve those of every month are remembered."""
        definition, last = following.definition, following.curve
        asked = definition.horizon.months
        if not last or not asked or asked > last or definition.event.kind != "on_the_day":
            return self._follow(following)
        curve = self._curve(following, last)
        for month, rows in curve.items():
            horizon = definition.model_copy(update={"horizon": Horizon(months=month)})
            self._follows.append((replace(following, definition=horizon), rows))
        return curve[asked]

    def _curve(self, following: Following, last: int) -> dict[int, list[FollowRow]]:
        curve: dict[int, list[FollowRow]] = {month: [] for month in range(1, last + 1)}
        split = 2 + len(following.by)
        for month, *row in self._run(self._statements.curve(following, last)):
            *boxes, open_from, anchor, unplanned = row[split:]
            due = add_months(anchor, month) if anchor else None
            curve[month].append(FollowRow(row[0], row[1], tuple(row[2:split]), *[*boxes, open_from, due, unplanned]))
        return {month: _merged(rows, _followed_together) for month, rows in curve.items()}

    def _rows(self, kind: type[Any], sql: str, dimensions: int, run: Run | None = None) -> list[Any]:
        split = 2 + dimensions
        return [kind(row[0], row[1], tuple(row[2:split]), *row[split:]) for row in (run or self._run)(sql)]


class StoreEngine(SqlEngine):
    """Measures a snapshot of a store with DuckDB, in bounded memory, and keeps what further questions are read off.

    The first question with a breakdown keeps all that breakdowns need; without `keep` nothing is read or kept.
    """

    def __init__(self, partitions: Partitions, *, keep: bool) -> None:
        snapshot = partitions.snapshot
        super().__init__(partitions.catalogue, known_of(snapshot), partitions.run, numbered_tables(snapshot))
        self._connection, self._keep = partitions.connection, keep
        self._kept = Kept(partitions, self._statements)
        self._instruments = tuple(partitions.catalogue.instruments)
        self._dimensions = tuple(partitions.catalogue.dimensions)

    def keep(self, definition: OutflowDefinition | None, instruments: Sequence[str]) -> bool:
        """Keep the outcomes under a definition (None: the units) for every breakdown; whether they are kept now."""
        import duckdb

        wanted = Keeping(definition, tuple(instruments), self._dimensions)
        with suppress(duckdb.IOException):
            return self._kept.find(wanted) is not None or self._kept.make(wanted) is not None
        return False

    def _count(self, counting: Counting) -> list[CountRow]:
        kept = self._unless_damaged(lambda: self._count_kept(counting))
        return super()._count(counting) if kept is None else kept

    def _follow(self, following: Following) -> list[FollowRow]:
        kept = self._unless_damaged(lambda: self._follow_kept(following))
        return super()._follow(following) if kept is None else kept

    def _unless_damaged(self, read: Callable[[], list[Row] | None]) -> list[Row] | None:
        """What is read off what is kept; where that is damaged it goes, and there is nothing."""
        import duckdb

        try:
            return read()
        except duckdb.Error:
            self._kept.forget()
            return None

    def _count_kept(self, counting: Counting) -> list[CountRow] | None:
        by = self._reasoned(counting)
        if by is None:
            return None
        wanted = Keeping(None, (*counting.instruments, *counting.total_over), by)
        most = Keeping(None, self._instruments, self._dimensions) if counting.by else None
        table = self._serving(wanted, most)
        if table is None:
            return None
        rows: list[CountRow] = []
        for one in table.apart if counting.row.of_persons else (table,):
            self._kept.show(one, "kept")
            rows += self._rows(CountRow, self._statements.count_kept(counting), len(counting.by), self._once)
        return _merged(rows, _counted_together)

    def _follow_kept(self, following: Following) -> list[FollowRow] | None:
        wanted = Keeping(following.definition, following.instruments, following.by)
        table = self._serving(wanted, replace(wanted, by=self._dimensions if following.by else ()))
        if table is None:
            return None
        self._kept.show(table, "boxed")
        rows = self._rows(FollowRow, self._statements.follow_kept(following), len(following.by), self._once)
        return _merged(rows, _followed_together)

    def _reasoned(self, counting: Counting) -> tuple[str, ...] | None:
        """The dimensions that must be kept to count; None where none of them holds the reasons that are looked at."""
        if not counting.row.of_reasons:
            return counting.by
        dimensions = self._statements.catalogue.dimensions
        reasons = [code for code, dimension in dimensions.items() if dimension.kind == "reason"]
        return tuple(dict.fromkeys((*counting.by, *reasons[:1]))) if reasons else None

    def _serving(self, wanted: Keeping, most: Keeping | None) -> Table | None:
        """A kept table that serves, made with all of `most` if there is none yet and the disk has room for it."""
        import duckdb

        if not self._keep:
            return None
        found = self._kept.find(wanted)
        with suppress(duckdb.IOException):
            return found or (self._kept.make(most) if most else None)
        return None

    def _once(self, sql: str) -> Rows:
        return list(self._connection.execute(sql).fetchall())


Asked = TypeVar("Asked", Counting, Following)


def _added_up(
    asked: Asked,
    answered: list[tuple[Asked, list[Row]]],
    ask: Callable[[Asked], list[Row]],
    together: Callable[[Row, Row], Row],
) -> list[Row]:
    """The rows of an answer: those of instruments that were asked more finely before are added up."""
    for earlier, rows in answered:
        if earlier == asked:
            return rows
        if _finer(earlier, asked):
            covered = (set(asked.instruments) & set(earlier.instruments)) | {TOTAL}
            places = [earlier.by.index(code) for code in asked.by]
            coarse = (
                replace(row, by=tuple(row.by[place] for place in places)) for row in rows if row.instrument in covered
            )
            left = tuple(code for code in asked.instruments if code not in covered)
            found = _merged(coarse, together)
            return found + (_added_up(replace(asked, instruments=left), answered, ask, together) if left else [])
    rows = ask(asked)
    answered.append((asked, rows))
    return rows


def _finer(earlier: Asked, asked: Asked) -> bool:
    """Whether the rows of an earlier answer can be added up to some of those asked for now.

    A person is in one cell of each instrument and of their total: over dimensions persons can, over instruments never.
    """
    if replace(earlier, instruments=asked.instruments, by=asked.by) != asked:
        return False
    count = getattr(asked, "row", None)
    of_persons = count is not None and count.of_persons
    if of_persons and earlier.instruments != asked.instruments:
        return False
    return set(asked.by) <= set(earlier.by) and not set(earlier.instruments).isdisjoint(asked.instruments)


def _merged(rows: Iterable[Row], together: Callable[[Row, Row], Row]) -> list[Row]:
    cells: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = (row.period, row.instrument, row.by)
        cells[key] = together(cells[key], row) if key in cells else row
    return list(cells.values())


def _counted_together(one: CountRow, other: CountRow) -> CountRow:
    return replace(one, count=one.count + other.count)


def _followed_together(one: FollowRow, other: FollowRow) -> FollowRow:
    numbers = {
        item.name: getattr(one, item.name) + getattr(other, item.name) for item in fields(one) if item.type == "int"
    }
    opens = [day for day in (one.open_from, other.open_from) if day is not None]
    dues = [day for day in (one.last_due, other.last_due) if day is not None]
    return replace(one, **numbers, open_from=min(opens, default=None), last_due=max(dues, default=None))


def _records(rows: list[Record]) -> list[Record]:
    return [replace(row, **_named_as_text({name: getattr(row, name) for name in _NAMES_OF_RECORD})) for row in rows]


_NAMES_OF_RECORD = ("unit_id", "first_action", "last_action", "spell_id")
_NAMES = {*_NAMES_OF_RECORD, "action_id", "chain_id", "resumes"}


def _named_as_text(columns: dict[str, Any]) -> dict[str, Any]:
    """Keys as text, where the store has them as integers."""
    return {name: str(value) if name in _NAMES and value is not None else value for name, value in columns.items()}


@contextmanager
def duckdb_engine(snapshot: Snapshot, catalogue: Catalogue, *, keep: bool = True) -> Iterator[StoreEngine]:
    """An engine over a snapshot's Parquet files, one partition of persons after another, in bounded memory.

    `keep` lets it keep, beside the snapshots, what further questions can be read off.
    """
    import tempfile

    import duckdb

    try:
        with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
            connection.execute(f"set memory_limit = '{_MEMORY}'")
            connection.execute("set temp_directory = $1", [spill])
            connection.execute("set preserve_insertion_order = false")
            connection.execute("set enable_progress_bar = false")
            connection.execute("set parquet_metadata_cache = true")
            yield StoreEngine(Partitions(connection, snapshot, catalogue), keep=keep)
    except duckdb.Error as error:
        raise UitstroomError(
            f"the store could not be read ({type(error).__name__})", where=str(snapshot.root),
            todo="`uitstroom check` says whether a file of it is damaged; else see that there is room on the disk",
        ) from None  # fmt: skip


_MEMORY = "2GB"


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
