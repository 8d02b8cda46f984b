"""One load, from a delivery to the next snapshot: read, check, set apart, merge, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from uitstroom.errors import Problem, UitstroomError
from uitstroom.periods import Day
from uitstroom.registers.admission import content_of, snapshot_id
from uitstroom.registers.chains import break_chains, overlapping, take_candidates, unknown_predecessors
from uitstroom.registers.changing import Changing
from uitstroom.registers.checks import FAULTS, never_happened
from uitstroom.registers.columns import KeyType, stored_types
from uitstroom.registers.contract import TABLES
from uitstroom.registers.counting import Counting, of_columns
from uitstroom.registers.delivery import MANIFEST
from uitstroom.registers.duplicates import set_apart
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake, Persons, prepare
from uitstroom.registers.missing import Missing
from uitstroom.registers.parts import checksum
from uitstroom.registers.person_changes import PersonChanges
from uitstroom.registers.pieces import Pieces
from uitstroom.registers.pseudonyms import LOOKALIKES, Numbers, Texts, too_alike
from uitstroom.registers.quarantine import Quarantine, list_lines
from uitstroom.registers.report import Broken, LoadReport, QuarantineError
from uitstroom.registers.request import Request
from uitstroom.registers.rules import LOOKALIKE, OVERLAPPING, UNKNOWN_DELETED, UNKNOWN_PREDECESSOR, together
from uitstroom.registers.sizing import partitions_for
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.stood import Stood
from uitstroom.registers.tables import Table, Tables
from uitstroom.registers.waiting import Actions
from uitstroom.registers.writing import Writing

MOST_QUARANTINED, FEWEST_ROWS = 0.5, 20
"""The share of a first delivery's table of so many rows that may be quarantined without being accepted."""
MOST_REMOVALS = 0.01
"""The share of a table's keys that may vanish without being accepted."""


class Loading:
    """A load in progress."""

    def __init__(self, request: Request, connection: Any) -> None:
        self.request, self.connection = request, connection
        self.manifest, self.parent = request.delivery.manifest, request.parent
        self.full = self.manifest.kind == "full"
        self.persons: Persons = Numbers(request.key) if request.key else Texts()
        self.intakes: dict[str, Intake] = {}
        self.fits: dict[str, Fit] = {}
        self.changing: dict[str, Changing] = {}
        self.counting = Counting(connection, str(request.delivery.folder))
        self.counts = self.counting.counts
        self.unknown = request.parent.warnings.get("unknown_predecessor", 0) if request.parent else 0
        self.overlapping = 0
        self.partitions = 1

    def run(self) -> LoadReport:
        """The report of a load whose snapshot is written but not yet in the index, or of one that changes nothing."""
        prepare(self.connection)
        request = self.request
        with Writing(self.connection, request.root, request.staging, request.files) as writing:
            self._open(writing)
            digests = {name: checksum(request.delivery.folder / name) for name in self._names()}
            content = content_of(request.delivery, digests, request.catalogue, request.key)
            if self.parent and self.parent.content == content:
                return LoadReport(self.parent, changed=False)
            identity = snapshot_id(self.parent, content)
            self._refuse_withdrawn(identity)
            writing.named(identity)
            self._read(digests)
            self._merge()
            self._count()
            missing = self._missing(identity)
            self._refuse_quarantine(identity, content)
            quarantine = self._quarantine(identity)
            tables = self._write(writing)
            warnings = self._warnings(tables)
            snapshot = self._snapshot(identity, content, warnings, tables, missing, writing)
            if not self.request.dry_run:
                writing.move()
        self.request.progress("write", 1.0)
        return self._report(snapshot, warnings, quarantine)

    def _names(self) -> list[str]:
        return [name for table in self.intakes for name in self.request.delivery.files(table)]

    def _open(self, writing: Writing) -> None:
        problems: list[Problem] = []
        for table in TABLES:
            self.fits[table] = self._fit(table, writing)
            if table in self.manifest.tables:
                intake = Intake(self.connection, self.request.delivery, self.request.catalogue, self.persons,
                                self.request.staging, self.fits[table])  # fmt: skip
                self.intakes[table] = intake
                problems.extend(intake.open())
        if problems:
            raise UitstroomError.of(problems)

    def _fit(self, table: str, writing: Writing) -> Fit:
        if self.full and table in self.manifest.tables and table != "person_change":
            if table == "spell":
                return Pieces(self.connection, table, self.request.catalogue, writing)
            return Actions(self.connection, table, self.request.catalogue, writing, self.request.staging / "waiting")
        return Fit(self.connection, table, self.request.catalogue)

    def _refuse_withdrawn(self, identity: str) -> None:
        if identity in self.request.withdrawn:
            raise UitstroomError(f"exactly this delivery was loaded as {identity} and withdrawn",
                                 where=str(self.request.delivery.folder),
                                 todo="correct what was wrong with it and load that")  # fmt: skip

    def _read(self, digests: dict[str, str]) -> None:
        """Take in every table; changes of number first, since rows go to the partition of the newest one."""
        self.partitions = self._partitions()
        mapped = False
        for table in ("person_change", "action", "spell"):
            fit = self.fits[table]
            fit.key_type, fit.partitions, fit.mapped = self._key_type(table), self.partitions, mapped
            if table in self.intakes:
                fit.absent = self.intakes[table].absent_from_all
                self._take(table, digests)
                set_apart(self.connection, self.intakes[table], fit)
            else:
                fit.create()
            if table == "person_change":
                mapped = PersonChanges(
                    self.connection, self.parent, fit, full=self.full, delivered=table in self.intakes
                ).apply()
        if self.persons.collided:
            raise UitstroomError("two persons of this delivery have the same pseudonym",
                                 where=str(self.request.delivery.folder),
                                 todo="use another key, or other pseudonyms, and a new store")  # fmt: skip
        self._refuse_lookalikes()

    def _refuse_lookalikes(self) -> None:
        """Refuse national numbers that are called pseudonyms: as they are, everybody could read them."""
        alike = len(self.persons.lookalikes) if isinstance(self.persons, Texts) else 0
        if alike < min(LOOKALIKES):
            return
        rows = "\nunion all\n".join(self.fits[table].persons for table in self.intakes)
        distinct = self.counting.one(f"select count(distinct person) from ({rows}) rows")
        if too_alike(alike, max(alike, distinct)):
            raise UitstroomError(
                f"{alike} of the {max(alike, distinct)} pseudonyms are valid national numbers",
                where=f"{self.request.delivery.folder / MANIFEST}, person",
                todo='say person = "number" and give a key; if somebody saw that they are none, say '
                "pseudonyms_checked = true",
            )

    def _partitions(self) -> int:
        """Chosen when both tables are delivered whole; otherwise those of the parent, whose files are referred to."""
        if self.parent and not (self.full and {"action", "spell"} <= set(self.intakes)):
            return self.parent.partitions
        return partitions_for(self.connection, self.request.delivery)

    def _key_type(self, table: str) -> KeyType:
        """Integers stay integers only where what stood was of integers too."""
        if table == "person_change":
            return "bigint"
        delivered = {self.intakes[table].key_type} if table in self.intakes else set()
        stood = {self.parent.key_types[table]} if self.parent and not (self.full and delivered) else set()
        return "varchar" if "varchar" in delivered | stood else "bigint"

    def _take(self, table: str, digests: dict[str, str]) -> None:
        intake, where = self.intakes[table], self.request.delivery.folder
        fit = self.fits[table]
        if isinstance(fit, Actions):
            fit.look_ahead(intake)
        intake.take(self.request.progress)
        fit.finish()
        changed = [name for name, digest in intake.digests.items() if digest != digests[name]]
        if changed:
            raise UitstroomError("the file changed while it was read", where=str(where / changed[0]),
                                 todo="load it again when it is whole")  # fmt: skip

    def _merge(self) -> None:
        """Find what changes of what stood, and set impossible resumptions apart."""
        self.request.progress("check", 0.0)
        moved = "person_change" in self.intakes and self.fits["action"].mapped
        for table in ("action", "spell"):
            if self.parent and not (self.full and table in self.intakes) and (moved or table in self.intakes):
                changing = Changing(self.connection, self.parent, self.fits[table])
                changing.reach(moved=moved)
                if table in self.intakes or changing.reached:
                    self.changing[table] = changing
        self._chains()

    def _chains(self) -> None:
        changing, never = self.changing.get("action"), never_happened(self.request.catalogue)
        if changing:
            changing.candidates(never)
            break_chains(self.connection)
            self.unknown += unknown_predecessors(self.connection) - changing.unknown_before(never)
        elif "action" in self.intakes:
            take_candidates(self.connection, never)
            break_chains(self.connection)
            self.unknown = unknown_predecessors(self.connection)
        if changing or "action" in self.intakes:
            self.overlapping = overlapping(self.connection)

    def _count(self) -> None:
        for table, intake in self.intakes.items():
            self.counting.rows(intake, self.fits[table])
            if self.parent and self.full:
                self._refuse_removals(table, self.parent)
            elif self.parent:
                self.counting.changed(table, f"{table}_{'old' if table == 'person_change' else 'reached'}")

    def _refuse_removals(self, table: str, parent: Snapshot) -> None:
        if table == "person_change":
            self.counting.vanished(self.fits[table], 'select cast("old" as varchar) as id from person_change_old')
            return
        if table not in parent.tables:
            return
        types = stored_types(table, self.request.catalogue, parent.key_types[table])
        vanished = self.counting.vanished(self.fits[table], Stood(self.connection, parent, table, types).keys)
        before = parent.rows.get(table, 0)
        if self.request.accept_removals or vanished <= MOST_REMOVALS * before:
            return
        raise UitstroomError(
            f"{vanished} of the {before} rows that stood would vanish "
            f"({self.counts.quarantined[table]} delivered rows have faults)",
            where=f"{self.request.delivery.folder}, {table}",
            todo="see whether the delivery is whole; if it is, load it with --accept-removals",
        )

    def _missing(self, identity: str) -> Mapping[str, int]:
        """What the new snapshot lacks of what was delivered, per table."""
        missing = Missing(self.connection, self.parent, identity)
        for table, intake in self.intakes.items():
            stood = f"{table}_{'old' if table == 'person_change' else 'reached'}"
            missing.delivered(intake, self.fits[table], full=self.full, stood=stood, corrects=self.manifest.corrects)
        return missing.counts()

    def _refuse_quarantine(self, identity: str, content: str) -> None:
        """Refuse a first delivery of which most is quarantined; what is wrong with it is written all the same."""
        mostly = [
            table for table, rows in self.counts.delivered.items()
            if rows >= FEWEST_ROWS and self.counts.quarantined[table] > MOST_QUARANTINED * rows
        ]  # fmt: skip
        if self.parent or not mostly or self.request.accept_quarantine:
            return
        quarantine = self._quarantine(None)
        snapshot = self._snapshot(identity, content, {}, {}, {}, None)
        report = replace(self._report(snapshot, {}, quarantine), changed=False)
        raise QuarantineError(report, str(self.request.delivery.folder), mostly)

    def _quarantine(self, identity: str | None) -> Path | None:
        list_lines(self.connection, self.intakes)
        if not any(self.counts.quarantined.values()) or self.request.dry_run:
            return None
        self.request.progress("quarantine", 0.0)
        return Quarantine(self.connection, self.request.delivery, self.request.quarantine).write(self.intakes, identity)

    def _write(self, writing: Writing) -> dict[str, Table]:
        making = Tables(self.connection, self.request.catalogue, writing, self.partitions)
        tables: dict[str, Table] = {}
        for number, table in enumerate(TABLES):
            self.request.progress("write", number / len(TABLES))
            if table in self.intakes or (self.parent is not None and table in self.parent.tables):
                tables[table] = self._table(making, table)
                if self.full and table in self.intakes:
                    self.counting.written(table, tables[table].rows)
        return tables

    def _table(self, making: Tables, table: str) -> Table:
        fit = self.fits[table]
        if table in self.changing:
            return making.changed(self.changing[table])
        if isinstance(fit, Actions):
            return making.actions(fit)
        if isinstance(fit, Pieces):
            return making.spells(fit)
        if table in self.intakes or self.parent is None:
            return making.person_changes()
        return making.carried(self.parent, table)

    def _warnings(self, tables: dict[str, Table]) -> dict[str, Broken]:
        warnings = together(table.warnings for table in tables.values())
        for intake in self.intakes.values():
            warnings |= of_columns(intake)
        if self.unknown:
            warnings["unknown_predecessor"] = Broken(self.unknown, UNKNOWN_PREDECESSOR)
        if self.overlapping:
            warnings["overlaps_resumed"] = Broken(self.overlapping, OVERLAPPING)
        missing = sum(
            self.counting.one(f"select count(*) from {table}_new where operation = 'delete'")
            - self.counts.deleted.get(table, 0)
            for table in self.intakes if not self.full
        )  # fmt: skip
        if alike := len(self.persons.lookalikes) if isinstance(self.persons, Texts) else 0:
            warnings["pseudonyms_like_numbers"] = Broken(alike, LOOKALIKE)
        if missing:
            warnings["unknown_deleted"] = Broken(missing, UNKNOWN_DELETED)
        return warnings

    def _snapshot(self, identity: str, content: str, warnings: dict[str, Broken], tables: dict[str, Table],
                  missing: Mapping[str, int], writing: Writing | None) -> Snapshot:  # fmt: skip
        rows = {table: made.rows for table, made in tables.items()}
        quarantined = {table: missing.get(table, 0) for table in tables}
        carries = self.parent and (not self.full or set(tables) - set(self.intakes))
        return Snapshot(
            id=identity, parent=self.parent.id if self.parent else None, delivered_on=self.manifest.delivered_on,
            kind=self.manifest.kind, complete=self._complete(),
            delivered={table: rows[table] + quarantined[table] for table in tables}, quarantined=quarantined, rows=rows,
            warnings={code: broken.count for code, broken in warnings.items()}, vanished=dict(self.counts.vanished),
            catalogue=self.request.catalogue.fingerprint,
            synthetic=self.manifest.synthetic or bool(carries and self.parent and self.parent.synthetic),
            partitions=self.partitions, content=content, tables={table: made.parts for table, made in tables.items()},
            key_types={table: self.fits[table].key_type for table in ("action", "spell")}, root=self.request.root,
            faults=writing.faults() if writing and any(self.counts.quarantined.values()) else None,
            missing=writing.missing() if writing and any(missing.values()) else None,
        )  # fmt: skip

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
