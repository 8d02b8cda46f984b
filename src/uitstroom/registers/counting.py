"""What a load counts, per table: nothing that was delivered may be lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from uitstroom.errors import UitstroomError
from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake
from uitstroom.registers.report import Broken
from uitstroom.registers.rules import ABSENT, DROPPED, IGNORED
from uitstroom.sql import identifier

AT_ONCE = 64_000_000
"""Keys that are compared at once."""


@dataclass
class Counts:
    """What was counted, per table."""

    delivered: dict[str, int] = field(default_factory=dict)
    loaded: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)
    rejected_updates: dict[str, int] = field(default_factory=dict)
    vanished: dict[str, int] = field(default_factory=dict)


class Counting:
    """Counts over the tables of the workspace."""

    def __init__(self, connection: Any, where: str) -> None:
        self.connection, self.where = connection, where
        self.counts = Counts()

    def one(self, sql: str) -> int:
        return int(self.connection.execute(sql).fetchall()[0][0])

    def rows(self, intake: Intake, fit: Fit) -> None:
        """Loaded and quarantined rows, which must add up to those delivered."""
        counts, table = self.counts, fit.table
        counts.delivered[table] = intake.delivered
        counts.loaded[table] = fit.rows - self.one(f"select count(distinct (file, record)) from {table}_rejected")
        counts.quarantined[table] = self.one(
            f"select count(*) from (select distinct file, record from fault where tbl = '{table}')"
        )
        if counts.loaded[table] + counts.quarantined[table] != counts.delivered[table]:
            raise self._lost("loaded and quarantined rows do not add up to those delivered", table)

    def written(self, table: str, rows: int) -> None:
        """The rows of a table that was delivered whole, which must be those loaded."""
        if rows != self.counts.loaded[table]:
            raise self._lost("the rows in the files are not as many as those loaded", table)

    def _lost(self, message: str, table: str) -> UitstroomError:
        return UitstroomError(message, where=f"{self.where}, {table}",
                              todo="report this: nothing was loaded, so that no row is lost")  # fmt: skip

    def vanished(self, fit: Fit, old: str) -> int:
        """Keys that stood (`old` selects them as text `id`) and are in a full delivery no longer."""
        table = fit.table
        new = f"select cast({identifier(KEYS[table])} as varchar) as id from {fit.keys}"
        buckets = 1 + self.counts.loaded[table] // AT_ONCE
        vanished = 0
        for bucket in range(buckets):
            within = f"where hash(id) % {buckets} = {bucket}" if buckets > 1 else ""
            old_keys, new_keys = (f"(from ({keys}) keys {within})" for keys in (old, new))
            vanished += self.one(f"select count(*) from {old_keys} old anti join {new_keys} new using (id)")
        self.counts.vanished[table] = vanished
        return vanished

    def changed(self, table: str, stood: str) -> None:
        """Rows that a delivery of changes takes out, or leaves standing; `stood` is a relation of keys that stood."""
        key = identifier(KEYS[table])
        of_new = f"select count(*) from {table}_new where operation = 'delete' and {key} in (select {key} from {stood})"
        self.counts.deleted[table] = self.one(of_new)
        self.counts.rejected_updates[table] = self.one(f"""select count(*)
from {stood}
where {key}::varchar in (select id from faulty_id where tbl = '{table}')
  and {key} not in (select {key} from {table}_new)""")


def of_columns(intake: Intake) -> dict[str, Broken]:
    """Warnings about whole columns of a table."""
    warnings = {f"dropped:{name}": Broken(count, DROPPED) for name, count in sorted(intake.dropped.items())}
    warnings |= {f"absent_column:{name}": Broken(1, ABSENT) for name in intake.absent_characteristics()}
    if intake.ignored_columns:
        warnings[f"ignored_columns:{intake.table}"] = Broken(intake.ignored_columns, IGNORED)
    return warnings
