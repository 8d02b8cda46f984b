"""Taking in the files of a table: typed rows in the engine, and a fault for each row that is not fit to load.

In the workspace: each block stands as `checked` when its fit rows are kept (`Fit`); `fault` holds every rule that a row
breaks, `faulty_id` the keys of the rows that are not fit, as far as they can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError
from uitstroom.registers.casts import Casts, lookalikes
from uitstroom.registers.checks import Check, row_checks
from uitstroom.registers.columns import (
    IDENTIFIERS,
    KEYS,
    KeyType,
    columns,
    is_characteristic,
    stored_types,
)
from uitstroom.registers.delivery import Delivery
from uitstroom.registers.fit import Fit
from uitstroom.registers.judging import Judging
from uitstroom.registers.pseudonyms import Numbers, Texts
from uitstroom.registers.sources import Delivered, Source, is_parquet, open_source
from uitstroom.registers.versions import Versions
from uitstroom.sql import identifier

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
        manifest = delivery.manifest
        self._checks = partial(
            row_checks, table, catalogue, full=manifest.kind == "full", keyed=manifest.person == "keyed"
        )

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file by its name."""
        return dict(zip(self.delivery.files(self.table), (source.digest for source in self.sources), strict=True))

    def open(self) -> list[Problem]:
        """Open every file and look at its columns; what makes the delivery be refused whole."""
        problems: list[Problem] = []
        for path in self.delivery.paths(self.table):
            try:
                source = open_source(path, self.delivery.manifest.csv, self.connection, self.scratch)
            except duckdb.Error:
                problems.append(Problem("this is not a whole Parquet file", str(path), "deliver it again"))
            except OSError as error:
                problems.append(Problem(f"it cannot be read: {error.strerror}", str(path)))
            except UitstroomError as error:
                problems.extend(error.problems)
            else:
                self.sources.append(source)
                self._expect_persons(source)
                problems.extend(self._columns_of(source))
        if not problems:
            self.key_type = self._key_type()
        return problems

    def _expect_persons(self, source: Source) -> None:
        names = [column.name for column in self.columns if column.type == "person"]
        if isinstance(self.persons, Texts) and not all(source.integers(name) for name in names):
            self.persons.watching = True

    def _key_type(self) -> KeyType:
        if self.table == "person_change":
            return "bigint"
        whole = all(source.integers(name) for source in self.sources for name in IDENTIFIERS[self.table])
        return "bigint" if whole else "varchar"

    @property
    def absent_from_all(self) -> frozenset[str]:
        """Columns that no file has."""
        return frozenset(self.absent_columns.difference(*(source.columns for source in self.sources)))

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
            judging = self.judging(source)
            for block in source.blocks(self.connection, judging.judged):
                self.delivered += block.count
                if block.count:
                    self._misformed(number, block.faults)
                    self._block(number, source, block, judging)
                progress(self.table, min(1.0, (before + block.read) / size))
            before += source.path.stat().st_size
            if self.table == "action":
                self._refuse_absent(source)

    def judging(self, source: Source) -> Judging:
        """What is looked at in the rows of a file."""
        casts = Casts(self.delivery.manifest, parquet=any(map(is_parquet, self.delivery.files(self.table))))
        types = stored_types(self.table, self.catalogue, self.key_type)
        return Judging(self.table, self.catalogue, casts, self._checks, source, types)

    def _block(self, number: int, source: Source, block: Delivered, judging: Judging) -> None:
        """Keep the fit rows of a block and note the faults of the others.

        Where every row is fit there is nothing to count, but for the versions of actions and what they drop.
        """
        self._watch(judging, block.judged)
        if self.catalogue.service.person_number:
            self._compare(source, judging, block.judged)
        for name in judging.origins:
            self._pseudonyms(name, block.judged)
        self.connection.execute(f"create or replace temp view checked as {judging.checked(block.judged)}")
        well_formed = block.count - len(block.faults)
        fit = self.fit.add(number) == well_formed
        if fit and self.table != "action":
            return
        counted, faulty = self._counted(block, judging, faulty="false" if fit else "faulty")
        if counted != well_formed:
            raise UitstroomError("the file holds another number of rows than it says", where=str(source.path),
                                 todo="deliver it again")  # fmt: skip
        if faulty:
            self._note_faults(number)

    def _misformed(self, number: int, faults: dict[int, str]) -> None:
        if not faults:
            return
        rows = {"record": np.array(list(faults), dtype=np.int64), "rule": np.array(list(faults.values()), dtype=object)}
        self.connection.register("misformed", rows)
        self.connection.execute(f"insert into fault select '{self.table}', {number}, record, null, rule from misformed")
        self.connection.unregister("misformed")

    def _counted(self, block: Delivered, judging: Judging, *, faulty: str) -> tuple[int, int]:
        """How many rows and how many `faulty` ones; the versions and the dropped values are counted on the way."""
        dropped = "".join(f", count(*) filter (where dropped_{name} and not {faulty})" for name in judging.dropped)
        grouped = "group by version" if self.table == "action" else "having count(*) > 0"
        counted = self.connection.execute(f"""select any_value(version), bool_or(operation = 'upsert'), count(*),
  count(*) filter (where {faulty}){dropped}
from {block.judged}
{grouped}""").fetchall()
        self._seen_versions |= {row[0] for row in counted if row[1]}
        for place, name in enumerate(judging.dropped, start=4):
            if count := sum(row[place] for row in counted):
                self.dropped[name] = self.dropped.get(name, 0) + count
        return sum(row[2] for row in counted), sum(row[3] for row in counted)

    def _pseudonyms(self, column: str, judged: str) -> None:
        """The pairs of what is delivered and the pseudonym, for the persons of this block."""
        found = self.connection.execute(
            f"select distinct from_{column} as origin from {judged} where from_{column} is not null"
        ).fetchnumpy()["origin"]
        if isinstance(self.persons, Texts):
            made = self.persons.of(np.asarray(found, dtype=object).tolist())
        else:
            found = np.sort(np.asarray(found, dtype=np.int64))
            made = self.persons.of(found)
        self._pairs(column, found, made)

    def _watch(self, judging: Judging, judged: str) -> None:
        """Remember the persons that are their own pseudonym, where a text may get the same one."""
        if not isinstance(self.persons, Texts) or not self.persons.watching:
            return
        for column in (column.name for column in self.columns if column.type == "person"):
            pending = f" and from_{column} is null" if column in judging.origins else ""
            itself = self.connection.execute(
                f"select {identifier(column)} as itself from {judged} where {identifier(column)} is not null{pending}"
            ).fetchnumpy()["itself"]
            self.persons.integers(np.asarray(itself, dtype=np.int64))

    def _compare(self, source: Source, judging: Judging, judged: str) -> None:
        """Remember the pseudonyms of a block that read as national numbers."""
        manifest = self.delivery.manifest
        if not isinstance(self.persons, Texts) or manifest.person != "pseudonym" or manifest.pseudonyms_checked:
            return
        for column in (column for column in self.columns if column.type == "person"):
            rows = lookalikes(column.name, source.held(column).kind, column.name in judging.origins, judged,
                              manifest.delivered_on.year)  # fmt: skip
            self.persons.resemble(self.connection.execute(rows).fetchnumpy()["number"].astype(np.int64))

    def _pairs(self, column: str, origins: Any, pseudonyms: Any) -> None:
        kind = "varchar" if isinstance(self.persons, Texts) else "bigint"
        self.connection.execute(f"create or replace temp table pairs_{column} (origin {kind}, pseudonym bigint)")
        if len(origins):
            self.connection.register("pairs", {"origin": np.asarray(origins), "pseudonym": pseudonyms})
            self.connection.execute(f"insert into pairs_{column} select origin, pseudonym from pairs")
            self.connection.unregister("pairs")

    def _note_faults(self, number: int) -> None:
        key = identifier(KEYS[self.table])
        self.connection.execute("create or replace temp table faulty_row as select * from checked where faulty")
        self.connection.execute(f"""insert into faulty_id
select '{self.table}', {number}, record, {key}
from faulty_row
where {key} is not null""")
        found = "\nunion all\n".join(_fault_rows(self.table, number, check) for check in self._checks())
        self.connection.execute(f"insert into fault\n{found}")

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
        f"select '{table}', {number}, record, '{check.column}', '{check.rule}' from faulty_row "
        f"where coalesce({check.found}, false)"
    )
