"""Changes of a person's number, and the small table that holds them (rule person.change)."""

from __future__ import annotations

from typing import Any

from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import Fit
from uitstroom.registers.rejecting import reject_ids
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.walks import walk
from uitstroom.sql import identifier, parquet

TABLE = "person_change"


class PersonChanges:
    """The changes of number that stood and those delivered, as `person_change_merged`, `fresh` for the latter."""

    def __init__(self, connection: Any, parent: Snapshot | None, fit: Fit, *, full: bool, delivered: bool) -> None:
        self.connection, self.fit, self.full, self.delivered = connection, fit, full, delivered
        self.files = [path for part in parent.parts(TABLE) for path in part.base] if parent else []

    def apply(self) -> bool:
        """Fill `mapping` (old, new: the newest number), those in a circle set apart; whether there are any."""
        self._views()
        while circle := walk(self.connection, f'select "old" as start, "new" as next from {TABLE}_merged'):
            listed_numbers = ", ".join(f"({number}, 'person_changes_in_a_cycle')" for number in circle)
            reject_ids(self.connection, TABLE, f"from (values {listed_numbers}) circle(id, rule)", "new")
        self.connection.execute(
            'create or replace temp table mapping as select start as "old", last as "new" from walk'
        )
        return bool(self.connection.execute("select count(*) > 0 from mapping").fetchall()[0][0])

    def _views(self) -> None:
        names, key = ", ".join(identifier(name) for name in self.fit.types), identifier(KEYS[TABLE])
        source = parquet(self.files) if self.files else f"(from {TABLE}_fit where false)"
        self.connection.execute(f"create or replace temp view {TABLE}_old as select {names} from {source}")
        rows = f"select {names}, true as fresh from {TABLE}_new where operation = 'upsert'"
        stood = f"select {names}, false as fresh from {TABLE}_old"
        if not self.delivered:
            rows = stood
        elif not self.full:
            rows += f"\nunion all\n{stood} where {key} not in (select {key} from {TABLE}_new)"
        self.connection.execute(f"create or replace temp view {TABLE}_merged as {rows}")
