"""The changes to a table that stood: which of its rows they reach, and the delta files that say so."""

from __future__ import annotations

from typing import Any

from uitstroom.registers.chains import CANDIDATE
from uitstroom.registers.columns import KEYS
from uitstroom.registers.fit import Fit
from uitstroom.registers.parts import Part, partition, verify
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.stood import Stood, made_types
from uitstroom.registers.writing import Writing
from uitstroom.sql import identifier

DELTA_SHARE = 10
"""A partition's base is written anew when its deltas hold more than one in so many of its rows,"""
MOST_DELTAS = 8
"""or when there would be more of them."""
OF_PERSON = (
    "action_id", "instrument", "variant", "person_id", "employer_id", "start_date", "end_reason", "resumes",
)  # fmt: skip
"""What rules about all actions of a person look at."""
REACHED = {
    "action": (
        "action_id", "person_id", "instrument", "resumes", "start_date", "end_date", "end_reason", "chain_id", "part",
        "parts",
    ),
    "spell": ("spell_id", "person_id"),
}  # fmt: skip


class Changing:
    """A table of a parent, and what of it changes: by rows delivered (`<table>_new`), or by a change of number.

    `<table>_reached`: the rows that stood under a delivered key, under a number that changed, or in a chain that such
    rows are or come to be part of.
    """

    def __init__(self, connection: Any, parent: Snapshot, fit: Fit) -> None:
        self.connection, self.parent, self.fit = connection, parent, fit
        self.table = fit.table
        self.key = identifier(KEYS[self.table])
        self.types = made_types(self.table, fit.types)
        self.stood = Stood(connection, parent, self.table, self.types)
        self._kind = fit.types[KEYS[self.table]]

    def reach(self, *, moved: bool) -> None:
        """Find the rows; `moved`: whether the number of rows that stood may have changed."""
        kinds = ", ".join(f"{identifier(name)} {self.types[name]}" for name in REACHED[self.table])
        self._do(f"create or replace temp table {self.table}_reached ({kinds})")
        self._wanted()
        if self._any(f"{self.table}_wanted"):
            self._find(f"{self.key} in (select id from {self.table}_wanted)", by_key=True)
        if moved:
            self._find('person_id in (select "old" from mapping)')
        if self.table == "action":
            self._find("resumes is not null and resumes in (select id from action_wanted)")
            if self._any("action_reached where parts > 1"):
                self._find("parts > 1 and chain_id in (select chain_id from action_reached)")

    def _do(self, sql: str) -> None:
        self.connection.execute(sql)

    def _any(self, rows: str) -> bool:
        return bool(self.connection.execute(f"select count(*) > 0 from (from {rows} limit 1)").fetchall()[0][0])

    def _wanted(self) -> None:
        """The keys of delivered rows, and of the actions that they resume."""
        resumed = "\nunion select resumes from action_fit where resumes is not null" if self.table == "action" else ""
        self._do(f"""create or replace temp table {self.table}_wanted as
select {self.key} as id from {self.table}_fit
union select try_cast(id as {self._kind}) from faulty_id where tbl = '{self.table}'{resumed}""")

    def _find(self, where: str, *, by_key: bool = False) -> None:
        """Add rows to those reached."""
        for number, found in enumerate(self.stood.everywhere(REACHED[self.table], where, by_key=by_key)):
            self._do(f"insert into found {found}" if number else f"create or replace temp table found as {found}")
        self._do(f"insert into {self.table}_reached from found anti join {self.table}_reached using ({self.key})")

    @property
    def reached(self) -> bool:
        """Whether any row that stood is."""
        return self._any(f"{self.table}_reached")

    def unknown_before(self, never_happened: str) -> int:
        """How many of the actions reached resumed one that did not stand: such a row was the first of its chain."""
        found = f"select count(*) from action_reached where part = 1 and resumes is not null and not ({never_happened})"
        return int(self.connection.execute(found).fetchall()[0][0])

    def candidates(self, never_happened: str) -> None:
        """Fill table `candidate` with what decides about chains."""
        delivered, happened = ", ".join(CANDIDATE), f"not ({never_happened})"
        self._do(f"""create or replace temp table candidate as
select {delivered}, {happened} as happened, true as fresh from action_fit
union all
select null, null, action_id, resumes, start_date, end_date, {self._person("stood")}, instrument, 'upsert', {happened},
  false
from action_reached stood{self._moving}""")

    def _person(self, rows: str) -> str:
        return f'coalesce(mapping."new", {rows}.person_id)' if self.fit.mapped else f"{rows}.person_id"

    @property
    def _moving(self) -> str:
        return '\nleft join mapping on mapping."old" = stood.person_id' if self.fit.mapped else ""

    @property
    def _chained(self) -> str:
        return "\nleft join chain on chain.action_id = stood.action_id" if self.table == "action" else ""

    def persons(self, instruments: str) -> None:
        """Fill table `action_merged`: of all persons with a delivered action of these, those that stand of it."""
        names = [name for name in OF_PERSON if name != "person_id"]
        columns = ", ".join(f"stood.{identifier(name)}" for name in names)
        of_these = f"instrument in ({instruments})"
        self._do(f"""create or replace temp table action_merged as
select {columns}, person_id, true as fresh
from action_new stood
where operation = 'upsert' and {of_these}""")
        self._do("""create or replace temp table touched as
select distinct person_id, person_id as newest from action_merged where person_id is not null""")
        if self.fit.mapped:
            self._do('insert into touched select "old", "new" from mapping where "new" in (select newest from touched)')
        place = partition("person_id", self.fit.partitions)
        found = self.connection.execute(f"select distinct {place} as place from touched order by place").fetchall()
        for (part,) in found:
            rows = self.stood.select(part, OF_PERSON, f"{of_these} and person_id in (select person_id from touched)")
            self._do(f"""insert into action_merged
select {columns}, touched.newest, false
from ({rows}) stood
join touched on touched.person_id = stood.person_id
where not exists (select 1 from action_new where action_new.action_id = stood.action_id)""")

    def differ(self) -> None:
        """Fill `<table>_delta`: the rows that come to stand and those that are removed, each with its partition."""
        self._rewritten()
        self._do(f"""create or replace temp table {self.table}_delta as
select {self._made("stood.person_id")}, false as removed, partition
from {self.table}_new stood{self._chained}
where operation = 'upsert'""")
        if self._any(f"{self.table}_rewritten"):
            self._keep()
        self._remove()

    def _rewritten(self) -> None:
        """The rows that were not delivered and change all the same: another person, or another place in a chain."""
        differs = ['stood.person_id in (select "old" from mapping)'] if self.fit.mapped else []
        if self.table == "action":
            differs.append("stood.chain_id <> coalesce(chain.chain_id, stood.action_id)")
            differs += [f"stood.{name} <> coalesce(chain.{name}, 1)" for name in ("part", "parts")]
        self._do(f"""create or replace temp table {self.table}_rewritten as
select stood.{self.key} as id
from {self.table}_reached stood{self._chained}
where stood.{self.key} not in (select {self.key} from {self.table}_new) and ({" or ".join(differs) or "false"})""")

    def _made(self, person: str) -> str:
        made = {"person_id": person}
        if self.table == "action":
            made["chain_id"] = "coalesce(chain.chain_id, stood.action_id)"
            made |= {name: f"coalesce(chain.{name}, 1)" for name in ("part", "parts")}
        return ", ".join(f"{made.get(name, f'stood.{identifier(name)}')} as {identifier(name)}" for name in self.types)

    def _keep(self) -> None:
        person = self._person("stood")
        rewritten = f"{self.key} in (select id from {self.table}_rewritten)"
        for rows in self.stood.everywhere(list(self.types), rewritten, by_key=True):
            self._do(f"""insert into {self.table}_delta
select {self._made(person)}, false, {partition(person, self.fit.partitions)}
from ({rows}) stood{self._chained}{self._moving}""")

    def _remove(self) -> None:
        """A row that is deleted, or now another person's, is taken away where it stood."""
        self._do(f"""insert into {self.table}_delta by name
select {self.key}, person_id, true as removed, {partition("person_id", self.fit.partitions)} as partition
from {self.table}_reached stood
where ({self.key} in (select {self.key} from {self.table}_new) or {self.key} in (select id from {self.table}_rewritten))
  and not exists (
    select 1 from {self.table}_delta made
    where made.{self.key} = stood.{self.key} and made.person_id is not distinct from stood.person_id
  )""")

    def rows(self) -> int:
        """How many rows stand now."""
        of_new = f"select count(*) from {self.table}_new where operation"
        reached = f"{self.key} in (select {self.key} from {self.table}_reached)"
        more, less = self.connection.execute(
            f"select ({of_new} = 'upsert' and not {reached}), ({of_new} = 'delete' and {reached})"
        ).fetchall()[0]
        return int(self.parent.rows[self.table] + more - less)

    def write(self, writing: Writing) -> tuple[Part, ...]:
        """The files of each partition: those that stood, with a delta or written anew."""
        writing.folder(self.table)
        found = self.connection.execute(f"select partition, count(*) from {self.table}_delta group by partition")
        changed = dict(found.fetchall())
        return tuple(
            self._part(writing, number, part, changed.get(number, 0))
            for number, part in enumerate(self.parent.tables[self.table])
        )

    def _part(self, writing: Writing, number: int, part: Part, changed: int) -> Part:
        if not changed and not self.stood.converted:
            return part
        names = ", ".join(identifier(name) for name in self.types)
        delta = f"select {names}, removed from {self.table}_delta where partition = {number}"
        if not self._too_many(part, changed):
            written = writing.write(f"{self.table}/{number}.delta.parquet", f"{delta}\norder by person_id")
            return Part(part.base, (*part.deltas, writing.stored(written)))
        for file in part.stored:
            verify(self.parent.root, file)
        rows = self.stood.by_key(number, list(self.types), "", [f"({delta})"])
        written = writing.write(f"{self.table}/{number}.parquet", f"from ({rows}) whole\norder by person_id")
        return Part((writing.stored(written),))

    def _too_many(self, part: Part, changed: int) -> bool:
        rows = changed + sum(delta.rows for delta in part.deltas)
        most = sum(base.rows for base in part.base)
        return self.stood.converted or rows * DELTA_SHARE > most or len(part.deltas) >= MOST_DELTAS
