"""One load, from a delivery to the next snapshot: read, check, set apart, merge, write."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError
from uitstroom.periods import Day
from uitstroom.registers.admission import content_of, snapshot_id
from uitstroom.registers.chains import resolve
from uitstroom.registers.checks import FAULTS
from uitstroom.registers.columns import KEYS, quoted
from uitstroom.registers.contract import TABLES
from uitstroom.registers.delivery import Delivery
from uitstroom.registers.files import Files
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake, Persons, Progress, prepare
from uitstroom.registers.merging import Merging
from uitstroom.registers.parts import StoredFile, checksum
from uitstroom.registers.pseudonyms import Numbers, Texts
from uitstroom.registers.quarantine import Quarantine, list_lines
from uitstroom.registers.report import Broken, LoadReport
from uitstroom.registers.rules import (
    ABSENT,
    DROPPED,
    IGNORED,
    UNKNOWN_DELETED,
    UNKNOWN_PREDECESSOR,
    action_warnings,
    spell_warnings,
)
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.writing import Parts, Writing, carried, partitions_for

MOST_REMOVALS = 0.01
"""The share of a table's keys that may vanish without being accepted."""


@dataclass(frozen=True)
class Request:
    """What is asked of a load, and where it happens."""

    root: Path
    staging: Path
    delivery: Delivery
    catalogue: Catalogue
    parent: Snapshot | None
    key: bytes | None
    quarantine: Path | None
    accept_removals: bool
    progress: Progress
    files: Files
    withdrawn: frozenset[str] = frozenset()


@dataclass
class Counts:
    """What was counted, per table."""

    delivered: dict[str, int] = field(default_factory=dict)
    loaded: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    rejected_updates: dict[str, int] = field(default_factory=dict)
    vanished: dict[str, int] = field(default_factory=dict)


class Loading:
    """A load in progress."""

    def __init__(self, request: Request, connection: Any) -> None:
        self.request, self.connection = request, connection
        self.manifest, self.parent = request.delivery.manifest, request.parent
        self.full = self.manifest.kind == "full"
        self.persons: Persons = Numbers(request.key) if request.key else Texts()
        self.intakes: dict[str, Intake] = {}
        self.merging = Merging(connection, request.catalogue, request.parent, full=self.full)
        self.counts = Counts()

    def run(self) -> LoadReport:
        """The report of a load whose snapshot is written but not yet in the index, or of one that changes nothing."""
        prepare(self.connection)
        self._open()
        digests = {name: checksum(self.request.delivery.folder / name) for name in self._names()}
        content = content_of(self.request.delivery, digests, self.request.catalogue, self.request.key)
        if self.parent and self.parent.content == content:
            return LoadReport(self.parent, changed=False)
        identity = snapshot_id(self.parent, content)
        self._refuse_withdrawn(identity)
        if self.parent:
            self.parent.verify()
        self._take(digests)
        self._merge()
        self._count()
        warnings = self._warnings()
        quarantine = self._quarantine(identity)
        snapshot = self._write(identity, content, warnings)
        return self._report(snapshot, warnings, quarantine)

    def _names(self) -> list[str]:
        return [name for table in self.intakes for name in self.request.delivery.files(table)]

    def _open(self) -> None:
        problems: list[Problem] = []
        for table in (table for table in TABLES if table in self.manifest.tables):
            fit = Fit(self.connection, table, self.request.catalogue)
            intake = Intake(self.connection, self.request.delivery, self.request.catalogue, self.persons,
                            self.request.staging, fit)  # fmt: skip
            self.intakes[table] = intake
            problems.extend(intake.open())
        if problems:
            raise UitstroomError.of(problems)

    def _refuse_withdrawn(self, identity: str) -> None:
        if identity in self.request.withdrawn:
            raise UitstroomError(f"exactly this delivery was loaded as {identity} and withdrawn",
                                 where=str(self.request.delivery.folder),
                                 todo="correct what was wrong with it and load that")  # fmt: skip

    def _take(self, digests: dict[str, str]) -> None:
        where = self.request.delivery.folder
        for table, intake in self.intakes.items():
            intake.take(self.request.progress)
            changed = [name for name, digest in intake.digests.items() if digest != digests[name]]
            if changed:
                raise UitstroomError("the file changed while it was read", where=str(where / changed[0]),
                                     todo="load it again when it is whole")  # fmt: skip
            if self.full and table != "person_change" and not intake.delivered:
                raise UitstroomError("a full delivery without any row", where=f"{where}, {table}",
                                     todo="deliver the rows, or leave the table out")  # fmt: skip
        if self.persons.collided:
            raise UitstroomError("two persons of this delivery have the same pseudonym", where=str(where),
                                 todo="use another key, or other pseudonyms, and a new store")  # fmt: skip

    def _merge(self) -> None:
        """What will stand: duplicates and impossible resumptions set apart, changes of number applied."""
        self.request.progress("check", 0.0)
        for table in self.intakes:
            self.merging.duplicates(table)
        self.merging.person_changes(delivered="person_change" in self.intakes)
        for table in ("action", "spell"):
            self.merging.views(table, delivered=table in self.intakes)
        if "action" in self.intakes:
            self.merging.break_chains()

    def _one(self, sql: str) -> int:
        return int(self.connection.execute(sql).fetchall()[0][0])

    def _count(self) -> None:
        for table, intake in self.intakes.items():
            counts, key = self.counts, quoted(KEYS[table])
            counts.delivered[table] = intake.delivered
            counts.loaded[table] = self._one(f"select count(*) from {table}_new")
            counts.quarantined[table] = self._one(
                f"select count(*) from (select distinct file, record from fault where tbl = '{table}')"
            )
            if counts.loaded[table] + counts.quarantined[table] != counts.delivered[table]:
                raise UitstroomError("loaded and quarantined rows do not add up to those delivered",
                                     where=f"{self.request.delivery.folder}, {table}",
                                     todo="report this: nothing was loaded, so that no row is lost")  # fmt: skip
            if self.parent:
                self._compare(table, key)

    def _compare(self, table: str, key: str) -> None:
        """What becomes of rows that stood."""
        old, new = f"select {key} from {table}_old", f"select {key} from {table}_new"
        if self.full:
            self.counts.vanished[table] = self._one(f"select count(*) from {table}_old where {key} not in ({new})")
            self._refuse_removals(table)
            return
        deleted = f"select count(*) from {table}_new where operation = 'delete' and {key} in ({old})"
        self.counts.deleted[table] = self._one(deleted)
        self.counts.rejected_updates[table] = self._one(f"""select count(*)
from {table}_old
where {key}::varchar in (select id from faulty_id where tbl = '{table}') and {key} not in ({new})""")

    def _refuse_removals(self, table: str) -> None:
        before, vanished = (self.parent.rows.get(table, 0) if self.parent else 0), self.counts.vanished[table]
        if table == "person_change" or self.request.accept_removals or vanished <= MOST_REMOVALS * before:
            return
        raise UitstroomError(
            f"{vanished} of the {before} rows that stood would vanish "
            f"({self.counts.quarantined[table]} delivered rows have faults)",
            where=f"{self.request.delivery.folder}, {table}",
            todo="see whether the delivery is whole; if it is, load it with --accept-removals",
        )

    def _warnings(self) -> dict[str, Broken]:
        warnings: dict[str, Broken] = {}
        if "action" in self.intakes:
            warnings |= action_warnings(self.connection, self.request.catalogue)
        if "spell" in self.intakes:
            warnings |= spell_warnings(self.connection, self.request.catalogue)
        for intake in self.intakes.values():
            warnings |= _of_columns(intake)
        unknown = resolve(self.connection)
        if unknown:
            warnings["unknown_predecessor"] = Broken(unknown, UNKNOWN_PREDECESSOR)
        missing = sum(
            self._one(f"select count(*) from {table}_new where operation = 'delete'")
            - self.counts.deleted.get(table, 0)
            for table in self.intakes
        )
        if missing:
            warnings["unknown_deleted"] = Broken(missing, UNKNOWN_DELETED)
        return warnings

    def _quarantine(self, identity: str) -> Path | None:
        list_lines(self.connection, self.intakes)
        if not any(self.counts.quarantined.values()):
            return None
        self.request.progress("quarantine", 0.0)
        return Quarantine(self.connection, self.request.delivery, self.request.quarantine).write(self.intakes, identity)

    def _write(self, identity: str, content: str, warnings: dict[str, Broken]) -> Snapshot:
        writing = Writing(self.connection, self.request.root, self.request.staging, identity, self.request.files)
        partitions = self._partitions()
        tables: dict[str, Parts] = {}
        for number, table in enumerate(table for table in TABLES if self._stands(table)):
            self.request.progress("write", number / len(TABLES))
            rewritten = table in self.intakes or (table != "person_change" and self.merging.touched(table))
            if rewritten or self.parent is None:
                tables[table] = writing.table(table, partitions)
            else:
                tables[table] = carried(self.parent, table, partitions)
        faults = writing.faults() if any(self.counts.quarantined.values()) else None
        writing.move()
        self.request.progress("write", 1.0)
        return self._snapshot(identity, content, warnings, tables, faults, partitions)

    def _stands(self, table: str) -> bool:
        return table in self.intakes or (self.parent is not None and table in self.parent.tables)

    def _rows(self, table: str) -> int:
        return self._one(f"select count(*) from {table}_merged")

    def _partitions(self) -> int:
        """Chosen when both tables are delivered whole; otherwise those of the parent, whose files are referred to."""
        if self.parent and not (self.full and {"action", "spell"} <= set(self.intakes)):
            return self.parent.partitions
        return partitions_for(max(self._rows("action"), self._rows("spell")))

    def _snapshot(self, identity: str, content: str, warnings: dict[str, Broken], tables: dict[str, Parts],
                  faults: StoredFile | None, partitions: int) -> Snapshot:  # fmt: skip
        rows = {table: self._rows(table) for table in tables}
        quarantined = {table: self._standing_quarantine(table) for table in tables}
        carries = self.parent and (not self.full or set(tables) - set(self.intakes))
        return Snapshot(
            id=identity, parent=self.parent.id if self.parent else None, delivered_on=self.manifest.delivered_on,
            kind=self.manifest.kind, complete=self._complete(),
            delivered={table: rows[table] + quarantined[table] for table in tables}, quarantined=quarantined, rows=rows,
            warnings={code: broken.count for code, broken in warnings.items()}, vanished=dict(self.counts.vanished),
            catalogue=self.request.catalogue.fingerprint,
            synthetic=self.manifest.synthetic or bool(carries and self.parent and self.parent.synthetic),
            partitions=partitions, content=content, tables=tables,
            key_types={"action": "varchar", "spell": "varchar"}, root=self.request.root, faults=faults,
        )  # fmt: skip

    def _standing_quarantine(self, table: str) -> int:
        """Rows missing since the table was last delivered whole; a quarantine delivery takes off what it mends."""
        before = self.parent.quarantined.get(table, 0) if self.parent else 0
        if table not in self.intakes:
            return before
        if self.full:
            return self.counts.quarantined[table]
        mended = self.counts.loaded[table] if self.manifest.corrects else 0
        return max(0, before - mended) + (0 if self.manifest.corrects else self.counts.quarantined[table])

    def _complete(self) -> dict[str, tuple[Day, Day]]:
        complete = dict(self.parent.complete) if self.parent else {}
        for table, part in self.manifest.tables.items():
            if part.complete_from and part.complete_until:
                since = part.complete_from
                if not self.full and table in complete:
                    since = min(since, complete[table][0])
                complete[table] = (since, part.complete_until)
        return complete

    def _report(self, snapshot: Snapshot, warnings: dict[str, Broken], quarantine: Path | None) -> LoadReport:
        faults = self.connection.execute(
            "select rule, count(distinct (tbl, file, record)) from fault group by rule order by rule"
        ).fetchall()
        dropped = {name: count for intake in self.intakes.values() for name, count in intake.dropped.items()}
        legal = {code: broken for code, broken in warnings.items() if not code.startswith("dropped:")}
        counts = self.counts
        return LoadReport(
            snapshot, True, counts.delivered, counts.loaded, counts.quarantined, counts.deleted,
            counts.rejected_updates, counts.vanished, {rule: Broken(count, FAULTS[rule]) for rule, count in faults},
            legal, dropped, quarantine,
        )  # fmt: skip


def _of_columns(intake: Intake) -> dict[str, Broken]:
    """Warnings about whole columns of a table."""
    warnings = {f"dropped:{name}": Broken(count, DROPPED) for name, count in sorted(intake.dropped.items())}
    warnings |= {f"absent_column:{name}": Broken(1, ABSENT) for name in intake.absent_characteristics()}
    if intake.ignored_columns:
        warnings[f"ignored_columns:{intake.table}"] = Broken(intake.ignored_columns, IGNORED)
    return warnings
