"""The rows of one table that are fit to load, kept block after block."""

from __future__ import annotations

import itertools
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.columns import KEYS, KeyType, stored_types
from uitstroom.registers.parts import partition
from uitstroom.sql import identifier

STRETCHES = 10_000
"""Where there are more, keys are taken to be in no order."""
_LARGEST = 2**63 - 1
LEAPS = (1, 50_000)
"""How far apart keys are that follow each other in no stretch: where keys are dense any gap tells, else a wide one."""
PLACE: dict[str, str] = {
    "file": "smallint", "record": "bigint", "operation": "varchar", "version": "smallint", "outside": "boolean",
}  # fmt: skip
"""What is kept of a row beside its columns: where it was delivered, and what was found about it."""


class Fit:
    """Keeps them in the workspace as `<table>_fit`: PLACE, the table's columns, and `partition`, that of the person.

    `<table>_new` holds those of them that are not in `<table>_rejected` (file, record). Persons have their newest
    number, where `mapped` says that the table `mapping` (old, new) is there.
    """

    def __init__(self, connection: Any, table: str, catalogue: Catalogue) -> None:
        self.connection, self.table, self.catalogue = connection, table, catalogue
        self.key_type: KeyType = "varchar"
        self.partitions = 1
        self.mapped = False
        self.absent: frozenset[str] = frozenset()
        """Columns that were not delivered: empty in every row."""
        self.rows = 0
        self.ascending = True
        """Whether the keys of fit rows ascend in a few stretches apart from each other: then none is repeated."""
        self._by_number: bool | None = None
        self._stretches: list[tuple[Any, Any]] = []

    @property
    def types(self) -> dict[str, str]:
        """The SQL type of each of the table's columns."""
        return stored_types(self.table, self.catalogue, self.key_type)

    @property
    def about(self) -> dict[str, str]:
        return PLACE

    @property
    def keys(self) -> str:
        """A relation of the keys of the rows that are not rejected."""
        return f"(select {identifier(KEYS[self.table])} from {self.table}_new)"

    @property
    def persons(self) -> str:
        """SQL: the person of every row kept."""
        return self._persons(f"{self.table}_fit")

    def _persons(self, rows: str) -> str:
        if self.table == "person_change":
            return f'select "old" as person from {rows} union all select "new" from {rows}'
        return f"select person_id as person from {rows}"

    def create(self) -> None:
        columns = {
            **self.about,
            **{identifier(name): kind for name, kind in self.types.items()},
            "partition": "smallint",
        }
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self.connection.execute(f"create or replace temp table {self.table}_fit ({listed})")
        self.connection.execute(f"create or replace temp table {self.table}_rejected (file smallint, record bigint)")
        self.view(f"{self.table}_fit")

    def view(self, rows: str) -> None:
        """Define `<table>_new` over a relation."""
        self.connection.execute(f"""create or replace temp view {self.table}_new as
select * from {rows} fit anti join {self.table}_rejected using (file, record)""")

    def add(self, number: int) -> int:
        """Keep the fit rows of the block that stands as `checked`, of the table's file `number`; returns how many."""
        of_person = self.table != "person_change"
        person = '"person_id"' if not self.mapped else 'coalesce(mapping."new", checked."person_id")'
        values = {name: identifier(name) for name in self.types}
        join = ""
        if of_person:
            values["person_id"] = person
            join = '\nleft join mapping on mapping."old" = checked."person_id"' if self.mapped else ""
        about = [str(number) if name == "file" else name for name in self.about]
        place = partition(person, self.partitions) if of_person and self.partitions > 1 else "0"
        added = self.connection.execute(f"""insert into {self.table}_fit
select {", ".join([*about, *values.values(), place])}
from checked{join}
where not faulty""").fetchall()
        self.rows += int(added[0][0])
        return int(added[0][0])

    def _look_at_order(self) -> None:
        """Of the rows kept, in the order in which the engine holds them: a few stretches, each of ascending keys.

        It may hold a stretch of the file later than the next one, so that a stretch ends at a leap, too. Texts that are
        whole numbers are in the order of these: texts of different numbers are different.
        """
        key, number = identifier(KEYS[self.table]), f"try_cast({identifier(KEYS[self.table])} as bigint)"
        if self._by_number is None:
            found = self.connection.execute(f"select {number} from {self.table}_fit limit 1").fetchall()
            self._by_number = bool(found) and found[0][0] is not None
        order = number if self._by_number else key
        starts = self._starts(order, LEAPS[0])
        if len(starts) == STRETCHES:
            starts = self._starts(order, LEAPS[1])
        if not starts:
            return
        if any(start is None for start, _ in starts):
            self.ascending = False
            return
        last = self.connection.execute(f"select arg_max({order}, rowid) from {self.table}_fit").fetchall()[0]
        ends = [before for _, before in starts[1:]] + [last[0]]
        self._stretches += zip((start for start, _ in starts), ends, strict=True)
        self._stretches.sort()
        apart = all(one[1] < other[0] for one, other in itertools.pairwise(self._stretches))
        self.ascending = apart and len(self._stretches) < STRETCHES

    def _starts(self, order: str, leap: int) -> list[tuple[Any, Any]]:
        """The first key of each stretch, and the key before it, as the engine holds them; a key without order, too."""
        gap = f" or id > least(before, {_LARGEST - leap}) + {leap}" if self._by_number else ""
        found: list[tuple[Any, Any]] = self.connection.execute(f"""select id, before
from (
  select id, lag(id) over () as before, place from (select {order} as id, rowid as place from {self.table}_fit)
)
where id is null or before is null or id <= before{gap}
order by place
limit {STRETCHES}""").fetchall()
        return found

    def finish(self) -> None:
        """All files are read."""
        self._look_at_order()
