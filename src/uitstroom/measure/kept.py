"""What is computed once and kept: the outcome of every unit under a definition, and the units that are counted.

Kept beside the snapshots, in `kept/<fingerprint>/<snapshot>/`, the fingerprint being that of the SQL text without the
days until which the register is known. What a snapshot's parent kept is taken over: only persons whose rows changed,
or whose fate the days since then can decide, are measured again (`Layer`). Nothing here is needed: what is missing,
damaged or made by another text is made anew, and a store that cannot be written is measured without.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.measure.dialect import listed
from uitstroom.measure.partitions import Partitions
from uitstroom.measure.sql import Statements
from uitstroom.measure.tally import BOXES, Known
from uitstroom.periods import Day
from uitstroom.registers import FORM, Snapshot, Store
from uitstroom.registers.files import synchronise
from uitstroom.sql import day_literal, parquet, path_literal

FORMAT = 1
MOST_TOUCHED = 0.1
"""The share of a partition's rows that may stand in later layers before it is measured whole again."""
MOST_LAYERS = 8
_ABOUT = "about.json"
_NEVER = Known(Day.min, Day.min)


@dataclass(frozen=True)
class Keeping:
    """What is kept: the outcomes under a definition, or without one the units; of these instruments, for breakdowns by
    these dimensions."""

    definition: OutflowDefinition | None
    instruments: tuple[str, ...]
    by: tuple[str, ...]

    def sql(self, statements: Statements) -> str:
        if self.definition is None:
            return statements.units(self.instruments, self.by)
        return statements.outcomes(self.definition, self.instruments, self.by)

    def fingerprint(self, statements: Statements) -> str:
        """SHA-256 of the text that makes it, whatever the days until which the register is known."""
        text = f"{FORMAT}:{self.sql(replace(statements, known=_NEVER))}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def serves(self, other: Keeping) -> bool:
        """Whether what the other needs can be read off it."""
        return (
            self.definition == other.definition
            and set(other.instruments) <= set(self.instruments)
            and set(other.by) <= set(self.by)
        )


@dataclass(frozen=True)
class Layer:
    """Rows of a partition, and the persons whose rows in earlier layers they replace (None: there are no earlier ones).

    Rows without a person are all in a partition's last layer. Paths are relative to the folder of what is kept.
    """

    rows: str
    size: int
    count: int
    touched: str | None = None


@dataclass(frozen=True)
class Table:
    """A kept table: per partition its layers, oldest first."""

    keeping: Keeping
    partitions: tuple[tuple[Layer, ...], ...]

    @property
    def apart(self) -> list[Table]:
        """Each partition as a table of its own."""
        return [replace(self, partitions=(layers,)) for layers in self.partitions]


@dataclass(frozen=True)
class Before:
    """What an ancestor keeps, how far it was known, and per partition the files that changed its rows since."""

    table: Table
    known: Known
    changes: tuple[tuple[Path, ...], ...]


def known_of(snapshot: Snapshot) -> Known:
    """How far a snapshot's tables reach; one that was never delivered reaches nowhere."""
    none = (Day.min, Day.min)
    return Known(snapshot.complete.get("action", none)[1], snapshot.complete.get("spell", none)[1])


def numbered_tables(snapshot: Snapshot) -> frozenset[str]:
    """The tables of a snapshot whose keys are stored as integers."""
    return frozenset(table for table, kind in snapshot.key_types.items() if kind == "bigint")


class Kept:
    """Reads and makes what is kept of a snapshot."""

    def __init__(self, partitions: Partitions, statements: Statements) -> None:
        self.partitions, self.statements = partitions, statements
        self._snapshot, self._connection = partitions.snapshot, partitions.connection
        self._root = partitions.snapshot.kept

    def find(self, wanted: Keeping) -> Table | None:
        """A table of this snapshot off which all that is wanted can be read, the smallest first."""
        found = [table for table in self._of(self._snapshot) if table.keeping.serves(wanted)]
        return min(found, key=lambda table: (len(table.keeping.by), len(table.keeping.instruments)), default=None)

    def make(self, wanted: Keeping) -> Table | None:
        """Compute and keep a table; None where the store cannot be written."""
        place = self._root / wanted.fingerprint(self.statements) / self._snapshot.id
        staged = place.with_name(f".{uuid.uuid4().hex}")
        try:
            staged.mkdir(mode=0o700, parents=True)
            table = _Making(self, wanted, staged, place.relative_to(self._root)).table(self._before(wanted))
            _write_about(staged / _ABOUT, table)
            for path in (*staged.iterdir(), staged):
                synchronise(path)
            if place.exists() and not self._at(place / _ABOUT):
                shutil.rmtree(place)
            if not place.exists():
                staged.rename(place)
        except OSError:
            return None
        finally:
            shutil.rmtree(staged, ignore_errors=True)
        return table

    def forget(self) -> None:
        """Remove all that is kept of this snapshot."""
        for place in self._root.glob(f"*/{self._snapshot.id}"):
            shutil.rmtree(place, ignore_errors=True)

    def show(self, table: Table, name: str) -> None:
        """Have `name` be the rows of a kept table, of all partitions: persons are in one, so that their layers can be
        put together level by level."""
        depth = max(len(layers) for layers in table.partitions)
        levels = " union all ".join(self._level(table, level) for level in range(depth))
        self._connection.execute(f"create or replace temp view {name} as {levels}")

    def _level(self, table: Table, level: int) -> str:
        rows = [layers[level].rows for layers in table.partitions if len(layers) > level]
        later = [one.touched for layers in table.partitions for one in layers[level + 1 :] if one.touched]
        known = "" if level == len(table.partitions[0]) - 1 else " where kept.person_id is not null"
        newer = f" anti join {self.files(later)} newer using (person_id)" if later else ""
        return f"select * from {self.files(rows)} kept{newer}{known}"

    def files(self, names: Iterable[str]) -> str:
        """A relation of the rows of files of what is kept."""
        return parquet(self._root / name for name in names)

    def _of(self, snapshot: Snapshot) -> Iterator[Table]:
        for path in sorted(self._root.glob(f"*/{snapshot.id}/{_ABOUT}")):
            if table := self._at(path):
                yield table

    def _at(self, path: Path) -> Table | None:
        """The table that a file tells of, where it is whole and made by the text of today."""
        table = _read_about(path)
        known = table and table.keeping.fingerprint(self.statements) == path.parent.parent.name
        return table if table and known and self._whole(table) else None

    def _whole(self, table: Table) -> bool:
        layers = [layer for layers in table.partitions for layer in layers]
        return all(_size(self._root / layer.rows) == layer.size for layer in layers)

    def _before(self, wanted: Keeping) -> Before | None:
        """What the nearest ancestor keeps of the same."""
        snapshots = {one.id: one for one in Store(self._snapshot.root).snapshots()}
        ancestor = snapshots.get(self._snapshot.parent or "")
        while ancestor is not None:
            found = [table for table in self._of(ancestor) if table.keeping == wanted]
            changes = self._snapshot.touched_since(ancestor) if found else None
            if changes is not None:
                return Before(found[0], known_of(ancestor), changes)
            ancestor = snapshots.get(ancestor.parent or "")
        return None


class _Making:
    """Makes one kept table in a staging folder."""

    def __init__(self, kept: Kept, keeping: Keeping, staged: Path, place: Path) -> None:
        self._kept, self._keeping, self._staged, self._place = kept, keeping, staged, place
        self._partitions, self._connection = kept.partitions, kept.partitions.connection
        self._sql = keeping.sql(kept.statements)

    def table(self, before: Before | None) -> Table:
        numbers = range(len(self._partitions))
        return Table(self._keeping, tuple(self._layers(number, before) for number in numbers))

    def _layers(self, number: int, before: Before | None) -> tuple[Layer, ...]:
        if before is None:
            return (self._whole(number),)
        older, changes = before.table.partitions[number], before.changes[number]
        if not changes and before.known == self._kept.statements.known:
            return older
        touched = self._touched(number, before.known, older, changes)
        later = sum(layer.count for layer in older[1:])
        if len(older) >= MOST_LAYERS or touched + later > MOST_TOUCHED * older[0].count:
            return (self._whole(number),)
        return (*older, self._further(number)) if touched or number == 0 else older

    def _whole(self, number: int) -> Layer:
        self._partitions.show(number)
        return self._copied(number)

    def _further(self, number: int) -> Layer:
        """Measure the persons of the table `touched` again, and what is nobody's."""
        self._partitions.show(number, touched=True)
        persons = f"{number}.touched.parquet"
        self._copy("select person_id from touched", persons)
        return self._copied(number, f"{self._place}/{persons}")

    def _touched(self, number: int, before: Known, older: Sequence[Layer], changes: Sequence[Path]) -> int:
        """Fill the table `touched` with the persons of whom a row changed, or whose days have come within what is known
        since; returns how many there are."""
        self._partitions.show(number)
        known = self._kept.statements.known
        persons = [
            _between("action", ("start_date", "approved_on", "end_date"), before.actions_until, known.actions_until)
        ]
        if changes:
            persons.append(f"select person_id from {parquet(changes, by_name=True)}")
        if self._keeping.definition is not None:
            rows = self._kept.files(layer.rows for layer in older)
            persons.append(_between(rows, ("due",), before.spells_until, known.spells_until))
        found = " union all ".join(persons)
        known_persons = f"select distinct person_id from ({found}) where person_id is not null"
        self._connection.execute(f"create or replace temp table touched as {known_persons}")
        return int(self._connection.execute("select count(*) from touched").fetchall()[0][0])

    def _copied(self, number: int, touched: str | None = None) -> Layer:
        name = f"{number}.parquet"
        count = self._copy(f"select * replace ({self._coded()}) from ({self._sql})", name)
        return Layer(f"{self._place}/{name}", (self._staged / name).stat().st_size, count, touched)

    def _coded(self) -> str:
        """The columns of few known texts, as what is written fastest; they are read as texts."""
        texts = {"instrument": self._keeping.instruments} | ({"box": BOXES} if self._keeping.definition else {})
        return ", ".join(f"cast({name} as enum ({listed(values)})) as {name}" for name, values in texts.items())

    def _copy(self, sql: str, name: str) -> int:
        path = self._staged / name
        copied = self._connection.execute(f"copy ({sql}) to {path_literal(path)} ({FORM})").fetchall()
        path.chmod(0o600)
        return int(copied[0][0])


def _between(relation: str, columns: Sequence[str], after: Day, until: Day) -> str:
    """The persons of rows with a day that was not known yet, and is now."""
    days = [f"({column} > {day_literal(after)} and {column} <= {day_literal(until)})" for column in columns]
    return f"select person_id from {relation} where {' or '.join(days)}"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _write_about(path: Path, table: Table) -> None:
    definition = table.keeping.definition
    content = {
        "definition": definition.model_dump(mode="json") if definition else None,
        "instruments": table.keeping.instruments,
        "by": table.keeping.by,
        "partitions": [[asdict(layer) for layer in layers] for layers in table.partitions],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _read_about(path: Path) -> Table | None:
    """What a file says is kept; None where it says nothing that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        definition = content["definition"]
        keeping = Keeping(
            OutflowDefinition.model_validate(definition) if definition else None,
            tuple(content["instruments"]), tuple(content["by"]),
        )  # fmt: skip
        layers = tuple(tuple(Layer(**layer) for layer in part) for part in content["partitions"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Table(keeping, layers)
