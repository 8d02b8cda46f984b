"""What a store lacks of what was delivered: counted by key, so that a correction takes off exactly what it mends.

Of a quarantined row whose key can be read the store keeps the SHA-256 of that key, and no more; of another one the
SHA-256 of its file and the number of its record. Such a record is missing until a delivery that corrects its snapshot
takes its place; each record of a correction takes the place of one, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake
from uitstroom.registers.parts import sound
from uitstroom.registers.snapshots import Snapshot
from uitstroom.sql import identifier, literal, parquet

_KEY = "sha256(cast({} as varchar))"


class Missing:
    """Table `missing` (tbl, key, file, record, origin, corrects): `origin` is the snapshot whose load quarantined a
    record without a key; one that took another's place `corrects`, and is not missing itself."""

    def __init__(self, connection: Any, parent: Snapshot | None, identity: str) -> None:
        self.connection, self.parent, self.identity = connection, parent, identity
        self._do("""create or replace temp table missing (
  tbl varchar, key varchar, file varchar, record bigint, origin varchar, corrects boolean
)""")
        if parent and parent.missing:
            self._do(f"insert into missing by name from {parquet([sound(parent.root, parent.missing)])}")
        elif parent:
            for table, rows in parent.quarantined.items():
                self._do(f"insert into missing select {literal(table)}, null, '', range, '', false from range({rows})")

    def _do(self, sql: str) -> None:
        self.connection.execute(sql)

    def delivered(self, intake: Intake, fit: Fit, *, full: bool, stood: str, corrects: str | None) -> None:
        """Take off what a table of the delivery mends, and add what was quarantined of it; `stood` is a relation of the
        keys that stood among those delivered."""
        self._records(intake, fit, full=full)
        if full:
            self._do(f"delete from missing where tbl = {literal(fit.table)}")
        else:
            if corrects:
                self._correct(fit.table, corrects)
            self._do(f"""delete from missing
where tbl = {literal(fit.table)} and key in (select key from landed where loaded)""")
        self._add(fit, full=full, stood=stood)

    def _records(self, intake: Intake, fit: Fit, *, full: bool) -> None:
        """Fill `landed` (file, record, key, loaded): every record of changes, of a full delivery the faulty ones."""
        digests = ", ".join(f"({number}, {literal(digest)})" for number, digest in enumerate(intake.digests.values()))
        key = _KEY.format(identifier(KEYS[fit.table]))
        loaded = f"select file, record, {key}, true from {fit.table}_new" if not full else ""
        self._do(f"""create or replace temp table landed as
with row_of as (
  select fault.file, fault.record, {_KEY.format("max(known.id)")} as key, false as loaded
  from (select distinct file, record from fault where tbl = {literal(fit.table)}) fault
  left join faulty_id known on known.tbl = {literal(fit.table)} and known.file = fault.file
    and known.record = fault.record
  group by fault.file, fault.record
  {f"union all {loaded}" if loaded else ""}
)
select named.digest as file, record, key, loaded
from row_of join (values {digests}) named(number, digest) on named.number = row_of.file""")

    def _correct(self, table: str, corrects: str) -> None:
        """Let each record that mends no known key take the place of one that was missing without a key."""
        of_table = f"tbl = {literal(table)}"
        self._do(f"""create or replace temp table place_taken as
with free as (
  select file, record, row_number() over (order by file, record) as place
  from landed
  where (key is null or key not in (select key from missing where {of_table} and key is not null))
    and not exists (
      select 1 from missing one
      where one.{of_table} and one.key is null and one.file = landed.file and one.record = landed.record
    )
),
lacking as (
  select file, record, origin, row_number() over (order by origin desc, file, record) as place
  from missing
  where {of_table} and key is null and not corrects and origin in ({literal(corrects)}, '')
)
select free.file, free.record, lacking.file as old_file, lacking.record as old_record, lacking.origin
from free join lacking using (place)""")
        self._do(f"""delete from missing
using place_taken taken
where missing.{of_table} and missing.key is null and missing.file = taken.old_file
  and missing.record = taken.old_record and missing.origin = taken.origin""")
        self._do(f"""insert into missing
select {literal(table)}, null, file, record, {literal(corrects)}, true from place_taken""")

    def _add(self, fit: Fit, *, full: bool, stood: str) -> None:
        """Keys that were quarantined and do not stand, and records without one."""
        table, key = literal(fit.table), identifier(KEYS[fit.table])
        self._do(f"""create or replace temp table faulty_key as
select distinct id, try_cast(id as {fit.types[KEYS[fit.table]]}) as key
from faulty_id
where tbl = {table}""")
        if self.connection.execute("select count(*) from faulty_key").fetchall()[0][0]:
            standing = (
                fit.keys
                if full
                else f"""(
  select {key} from {fit.table}_new where operation = 'upsert'
  union all
  select {key} from {stood} where {key} not in (select {key} from {fit.table}_new)
)"""
            )
            self._do(f"""insert into missing
select {table}, {_KEY.format("id")}, null, null, null, false
from faulty_key
where (key is null or key not in (select {key} from {standing} where {key} in (select key from faulty_key)))
  and {_KEY.format("id")} not in (select key from missing where tbl = {table} and key is not null)""")
        self._do(f"""insert into missing
select {table}, null, file, record, {literal(self.identity)}, false
from landed
where key is null and not loaded and not exists (
  select 1 from missing one
  where one.tbl = {table} and one.key is null and not one.corrects
    and one.file = landed.file and one.record = landed.record
)""")

    def counts(self) -> Mapping[str, int]:
        """How much is missing of each table of which anything is."""
        found = self.connection.execute("select tbl, count(*) from missing where not corrects group by tbl")
        return dict(found.fetchall())
