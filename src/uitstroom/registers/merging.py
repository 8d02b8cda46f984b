"""From the rows that were delivered and those that stood to the rows of the new snapshot (semantics, 1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.registers.chains import chain_faults, in_cycles
from uitstroom.registers.columns import KEYS, columns, quoted
from uitstroom.registers.contract import STORED_TYPES
from uitstroom.registers.snapshots import Snapshot


class Merging:
    """The tables of the new snapshot as views in the workspace: `<table>_old` what stood, `<table>_merged` what will.

    `<table>_merged` has the store's columns without `chain_id` and `part`, and `fresh`: whether this delivery holds it.
    """

    def __init__(self, connection: Any, catalogue: Catalogue, parent: Snapshot | None, *, full: bool) -> None:
        self.connection, self.catalogue, self.parent, self.full = connection, catalogue, parent, full
        self.mapped = 0

    def reject(self, table: str, found: str) -> None:
        """Move rows from `<table>_new` to the faults; `found` selects file, record, column and rule."""
        key = quoted(KEYS[table])
        self.connection.execute(f"create or replace temp table rejected as {found}")
        self.connection.execute(f"insert into fault select '{table}', file, record, col, rule from rejected")
        self.connection.execute(f"""insert into faulty_id
select '{table}', n.file, n.record, n.{key}
from {table}_new n
where exists (select 1 from rejected r where r.file = n.file and r.record = n.record)""")
        self.connection.execute(f"""delete from {table}_new n
where exists (select 1 from rejected r where r.file = n.file and r.record = n.record)""")

    def reject_ids(self, table: str, faults: list[tuple[str, str]], column: str) -> None:
        """Move the rows with these keys to the faults, each with its rule."""
        self.connection.register("blamed", {
            "id": np.array([key for key, _ in faults], dtype=object),
            "rule": np.array([rule for _, rule in faults], dtype=object),
        })  # fmt: skip
        self.reject(
            table,
            f"""select n.file, n.record, '{column}' as col, b.rule
from {table}_new n
join blamed b on cast(b.id as varchar) = cast(n.{quoted(KEYS[table])} as varchar)""",
        )
        self.connection.unregister("blamed")

    def duplicates(self, table: str) -> None:
        """Of equal rows one stays; of different rows with one key none does (semantics, 4)."""
        key = quoted(KEYS[table])
        names = ", ".join(f"n.{quoted(column.name)}" for column in columns(table, self.catalogue))
        faulty_key = f"try_cast(id as {STORED_TYPES[self._key_type(table)]})"
        self.connection.execute(f"""create or replace temp table repeated as
with delivered as (
  select {key} as id from {table}_new
  union all
  select {faulty_key} from faulty_id where tbl = '{table}'
)
select id
from delivered
group by id
having count(*) > 1""")
        if not self.connection.execute("select count(*) from repeated").fetchall()[0][0]:
            return
        self.reject(
            table,
            f"""with repeat as (
  select n.file, n.record, n.{key} as id, row(n.operation, {names}) as held
  from {table}_new n
  where n.{key} in (select id from repeated)
),
kinds as (
  select id, count(distinct held) as held
  from repeat
  group by id
),
judged as (
  select r.file, r.record,
    k.held > 1 or r.id in (select {faulty_key} from faulty_id where tbl = '{table}') as different,
    row_number() over (partition by r.id order by r.file, r.record) as place
  from repeat r
  join kinds k on k.id = r.id
)
select file, record, '{KEYS[table]}' as col, case when different then 'different_duplicate' else 'duplicate' end as rule
from judged
where different or place > 1""",
        )

    def _key_type(self, table: str) -> Any:
        return next(column.type for column in columns(table, self.catalogue) if column.name == KEYS[table])

    def views(self, table: str, *, delivered: bool) -> None:
        """Define `<table>_old` and `<table>_merged`."""
        names = [column.name for column in columns(table, self.catalogue)]
        listed = ", ".join(quoted(name) for name in names)
        key = quoted(KEYS[table])
        files = [path for part in self.parent.parts(table) for path in part.base] if self.parent else []
        self._old(table, files)
        stood = f"select {listed}, false as fresh from {table}_old"
        if not delivered:
            rows = stood
        else:
            rows = f"select {listed}, true as fresh from {table}_new where operation = 'upsert'"
            if not self.full:
                rows += f"\nunion all\n{stood} where {key} not in (select {key} from {table}_new)"
        self.connection.execute(f"create or replace temp view {table}_merged as {rows}")

    def _old(self, table: str, files: list[Path]) -> None:
        paths = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
        source = f"read_parquet([{paths}])" if files else "(select 1 as nothing where false)"
        found = {row[0] for row in self.connection.execute(f"describe select * from {source}").fetchall()}
        chosen = []
        for column in columns(table, self.catalogue):
            name, kind = quoted(column.name), STORED_TYPES[column.type]
            value = name if column.name in found else f"null::{kind}"
            if column.type == "person" and column.name in found and table != "person_change" and self.mapped:
                value = f"coalesce((select m.new from mapping m where m.old = stood.{name}), stood.{name})"
            chosen.append(f"{value} as {name}")
        self.connection.execute(
            f"create or replace temp view {table}_old as select {', '.join(chosen)} from {source} stood"
        )

    def person_changes(self, *, delivered: bool) -> None:
        """Apply the changes of number to the rows of this delivery; `mapping` holds the old and the newest number."""
        self.views("person_change", delivered=delivered)
        cyclic = in_cycles(self._changes())
        if cyclic:
            self.reject_ids("person_change", [(key, "person_changes_in_a_cycle") for key in cyclic], "new")
        changes = self._changes()
        newest = {old: _last(old, changes) for old in changes}
        self.mapped = len(newest)
        if newest:
            self._map({int(old): int(new) for old, new in newest.items()})

    def _changes(self) -> dict[str, str]:
        rows = self.connection.execute('select "old"::varchar, "new"::varchar from person_change_merged').fetchall()
        return dict(rows)

    def _map(self, newest: Mapping[int, int]) -> None:
        self.connection.register("renumbered", {
            "old": np.array(list(newest), dtype=np.int64), "new": np.array(list(newest.values()), dtype=np.int64),
        })  # fmt: skip
        self.connection.execute('create or replace temp table mapping as select "old", "new" from renumbered')
        self.connection.unregister("renumbered")
        for table in ("action", "spell"):
            if self._exists(f"{table}_new"):
                self.connection.execute(
                    f"update {table}_new set person_id = m.new from mapping m where person_id = m.old"
                )

    def _exists(self, table: str) -> bool:
        found = self.connection.execute(
            "select count(*) from duckdb_tables() where table_name = $1", [table]
        ).fetchall()[0]
        return bool(found[0])

    def touched(self, table: str) -> bool:
        """Whether a change of number reaches rows of a table that is carried over."""
        if not self.mapped or not self.parent:
            return False
        files = [str(path) for part in self.parent.parts(table) for path in part.base]
        found = self.connection.execute(
            "select count(*) from read_parquet($1) where person_id in (select old from mapping)", [files]
        ).fetchall()[0]
        return bool(found[0])

    def break_chains(self) -> None:
        """Reject rows whose resumptions cannot be, until those that are left can be."""
        while faults := chain_faults(self.connection):
            self.reject_ids("action", faults, "resumes")


def _last(number: str, changes: Mapping[str, str]) -> str:
    while number in changes:
        number = changes[number]
    return number
