"""Taking in the files of a table: typed rows in the engine, and a fault for each row that is not fit to load.

In the workspace: each block stands as `checked` when its fit rows are kept (`Fit`); `fault` holds every rule that a row
breaks, `faulty_id` the keys of the rows that are not fit, as far as they can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError
from uitstroom.registers.casts import Casts
from uitstroom.registers.checks import Check, row_checks
from uitstroom.registers.columns import (
    IDENTIFIERS,
    KEYS,
    KeyType,
    columns,
    is_characteristic,
    quoted,
    recorded_columns,
)
from uitstroom.registers.contract import Column
from uitstroom.registers.delivery import Delivery
from uitstroom.registers.fit import Fit
from uitstroom.registers.pseudonyms import Numbers, Texts
from uitstroom.registers.sources import Source, is_parquet, open_source
from uitstroom.registers.versions import Versions
from uitstroom.text import Text

OPERATION = Column("operation", "text", Text("upsert of delete", "upsert or delete"))
Progress = Callable[[str, float], None]
Persons = Numbers | Texts


def prepare(connection: Any) -> None:
    """The tables of faults, empty."""
    connection.execute(
        "create or replace temp table fault (tbl varchar, file smallint, record bigint, col varchar, rule varchar)"
    )
    connection.execute("create or replace temp table faulty_id (tbl varchar, file smallint, record bigint, id varchar)")


class Intake:
    """Takes in one table of a delivery."""

    def __init__(
        self, connection: Any, delivery: Delivery, catalogue: Catalogue, persons: Persons, scratch: Path, fit: Fit
    ) -> None:
        self.connection, self.table, self.delivery, self.catalogue = connection, fit.table, delivery, catalogue
        self.persons, self.scratch, self.fit = persons, scratch, fit
        table = self.table
        self.columns = columns(table, catalogue)
        self.versions = Versions(catalogue)
        self.delivered = 0
        self.ignored_columns = 0
        self.absent_columns: set[str] = set()
        self.dropped: dict[str, int] = {}
        self.sources: list[Source] = []
        self.key_type: KeyType = "varchar"
        """Of the table's keys and of what refers to them, as the store keeps them; known once `open` has returned."""
        self._seen_versions: set[int | None] = set()
        self._versions_of_all: set[int | None] = set()
        self._casts = Casts(delivery.manifest, isinstance(persons, Texts), any(map(is_parquet, delivery.files(table))))
        self._checks = row_checks(table, catalogue, full=delivery.manifest.kind == "full")

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file by its name."""
        return dict(zip(self.delivery.files(self.table), (source.digest for source in self.sources), strict=True))

    def open(self) -> list[Problem]:
        """Open every file and look at its columns; what makes the delivery be refused whole."""
        problems: list[Problem] = []
        for path in self.delivery.paths(self.table):
            try:
                source = open_source(
                    path, self.delivery.manifest.csv, self.connection, self.scratch,
                    pad_numbers=self.delivery.manifest.person == "insz",
                )  # fmt: skip
            except duckdb.Error:
                problems.append(Problem("this is not a whole Parquet file", str(path), "deliver it again"))
            except OSError as error:
                problems.append(Problem(f"it cannot be read: {error.strerror}", str(path)))
            except UitstroomError as error:
                problems.extend(error.problems)
            else:
                self.sources.append(source)
                problems.extend(self._columns_of(source))
        if not problems:
            self.key_type = self._key_type()
        return problems

    def _key_type(self) -> KeyType:
        if self.table == "person_change":
            return "bigint"
        whole = all(source.integers(name) for source in self.sources for name in IDENTIFIERS[self.table])
        return "bigint" if whole else "varchar"

    def absent_characteristics(self) -> list[str]:
        """Columns that no file or not every file has, although the instruments that occur record them."""
        found = [one for one in self.versions.all if one.number in self._versions_of_all]
        return sorted(
            name for name in self.absent_columns if is_characteristic(name) and any(one.records(name) for one in found)
        )

    def _columns_of(self, source: Source) -> list[Problem]:
        found = set(source.columns)
        if len(found) < len(source.columns):
            return [Problem("two columns have the same name", str(source.path), "give each its own")]
        missing = [column.name for column in self.columns if column.always and column.name not in found]
        known = {column.name for column in self.columns} | {"operation"}
        self.ignored_columns += len(found - known)
        self.absent_columns |= {column.name for column in self.columns} - found
        advice = "deliver it, or state the delimiter under [csv] in delivery.toml"
        return [Problem(f"the column {name} is missing", str(source.path), advice) for name in missing]

    def take(self, progress: Progress) -> None:
        """Read every file; afterwards each record is in `<table>_new` or has a fault."""
        self.fit.create()
        size = max(1, sum(source.path.stat().st_size for source in self.sources))
        before = 0
        for number, source in enumerate(self.sources):
            self._seen_versions = set()
            for block in source.blocks(self.connection, [*self.columns, OPERATION]):
                self.delivered += block.count
                if block.count:
                    self._misformed(number, block.faults)
                    self._typed()
                    self._checked()
                    self._sorted(number)
                progress(self.table, min(1.0, (before + block.read) / size))
            before += source.path.stat().st_size
            if self.table == "action":
                self._refuse_absent(source)

    def _misformed(self, number: int, faults: dict[int, str]) -> None:
        if not faults:
            return
        rows = {"record": np.array(list(faults), dtype=np.int64), "rule": np.array(list(faults.values()), dtype=object)}
        self.connection.register("misformed", rows)
        self.connection.execute(f"insert into fault select '{self.table}', {number}, record, null, rule from misformed")
        self.connection.unregister("misformed")

    def _typed(self) -> None:
        parts = [part for column in self.columns for part in self._casts.of(column)]
        self.connection.execute(f"""create or replace temp table typed as
select record, lower(coalesce(operation, 'upsert')) as operation, {", ".join(parts)}
from delivered
where not misformed""")

    def _checked(self) -> None:
        people = [column.name for column in self.columns if column.type == "person"]
        for name in people:
            self._pseudonyms(name)
        joins = "\n  ".join(f"left join pairs_{name} on pairs_{name}.origin = typed.from_{name}" for name in people)
        replaced = ", ".join(
            f"coalesce(typed.{quoted(name)}, pairs_{name}.pseudonym) as {quoted(name)}" for name in people
        )
        faulty = " or ".join(f"coalesce({check.found}, false)" for check in self._checks)
        self.connection.execute(f"""create or replace temp table checked as
with persons as (
  select typed.* replace ({replaced})
  from typed
  {joins}
),
numbered as (
  select *, {self.versions.number if self.table == "action" else "null"} as number
  from persons
),
versioned as (
  select *, abs(number) as version, coalesce(number < 0, false) as outside
  from numbered
),
kept as (
  select record, operation, version, outside, {", ".join(self._kept())}
  from versioned
)
select *, {faulty} as faulty
from kept""")

    def _pseudonyms(self, column: str) -> None:
        """The pairs of what is delivered and the pseudonym, for the persons of this block."""
        found = self.connection.execute(
            f"select distinct from_{column} as origin from typed where from_{column} is not null"
        ).fetchnumpy()["origin"]
        if isinstance(self.persons, Texts):
            itself = self.connection.execute(
                f"select distinct {quoted(column)} as itself from typed where {quoted(column)} is not null"
            ).fetchnumpy()["itself"]
            self.persons.integers(np.asarray(itself, dtype=np.int64))
            made = self.persons.of(np.asarray(found, dtype=object).tolist())
        else:
            found = np.sort(np.asarray(found, dtype=np.int64))
            made = self.persons.of(found)
        self._pairs(column, found, made)

    def _pairs(self, column: str, origins: Any, pseudonyms: Any) -> None:
        kind = "varchar" if isinstance(self.persons, Texts) else "bigint"
        self.connection.execute(f"create or replace temp table pairs_{column} (origin {kind}, pseudonym bigint)")
        if len(origins):
            self.connection.register("pairs", {"origin": np.asarray(origins), "pseudonym": pseudonyms})
            self.connection.execute(f"insert into pairs_{column} select origin, pseudonym from pairs")
            self.connection.unregister("pairs")

    def _kept(self) -> list[str]:
        parts = []
        recordable = recorded_columns(self.table, self.catalogue) if self.table == "action" else ()
        for column in self.columns:
            name, drop = quoted(column.name), "false"
            if column.name in recordable:
                drop = self.versions.where(lambda one, name=column.name: not one.records(name))  # type: ignore[misc]
            if drop == "false":
                parts += [name, f"bad_{column.name}"]
            else:
                parts += [
                    f"case when not {drop} then {name} end as {name}",
                    f"bad_{column.name} and not {drop} as bad_{column.name}",
                    f"{drop} and ({name} is not null or bad_{column.name}) as dropped_{column.name}",
                ]
        return parts

    def _sorted(self, number: int) -> None:
        self.fit.add(number)
        self._count_dropped()
        seen = self.connection.execute("select distinct version from checked where operation = 'upsert'").fetchall()
        self._seen_versions |= {row[0] for row in seen}
        if self.connection.execute("select count(*) from checked where faulty").fetchall()[0][0]:
            self._note_faults(number)

    def _note_faults(self, number: int) -> None:
        self.connection.execute(f"""insert into faulty_id
select '{self.table}', {number}, record, {quoted(KEYS[self.table])}
from checked
where faulty and {quoted(KEYS[self.table])} is not null""")
        found = "\nunion all\n".join(_fault_rows(self.table, number, check) for check in self._checks)
        self.connection.execute(f"insert into fault\n{found}")

    def _count_dropped(self) -> None:
        described = self.connection.execute("describe checked").fetchall()
        names = [row[0].removeprefix("dropped_") for row in described if row[0].startswith("dropped_")]
        if not names:
            return
        sums = ", ".join(f"count(*) filter (where dropped_{name})" for name in names)
        counts = self.connection.execute(f"select {sums} from checked where not faulty").fetchall()[0]
        for name, count in zip(names, counts, strict=True):
            if count:
                self.dropped[name] = self.dropped.get(name, 0) + count

    def _refuse_absent(self, source: Source) -> None:
        """Refuse a file that lacks a column which an instrument in it records."""
        self._versions_of_all |= self._seen_versions
        found = [one for one in self.versions.all if one.number in self._seen_versions]
        problems = []
        for column in sorted({name for one in found for name in one.version.records} - set(source.columns)):
            needing = sorted({one.instrument.code for one in found if column in one.version.records})
            problems.append(
                Problem(f"the column {column} is missing, and is recorded for {', '.join(needing)}", str(source.path),
                        "deliver it, empty where it is not known")
            )  # fmt: skip
        if problems:
            raise UitstroomError.of(problems)


def _fault_rows(table: str, number: int, check: Check) -> str:
    return (
        f"select '{table}', {number}, record, '{check.column}', '{check.rule}' from checked "
        f"where faulty and coalesce({check.found}, false)"
    )
