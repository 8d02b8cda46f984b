"""The rows of one table that are fit to load, kept block after block."""

from __future__ import annotations

from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.columns import KEYS, KeyType, quoted, stored_types
from uitstroom.registers.parts import partition

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
        self.rows = 0
        self.ascending = True
        """Whether the key of every fit row is higher than those before it: then none is repeated among them."""
        self._highest: Any = None

    @property
    def types(self) -> dict[str, str]:
        """The SQL type of each of the table's columns."""
        return stored_types(self.table, self.catalogue, self.key_type)

    @property
    def about(self) -> dict[str, str]:
        return PLACE

    def create(self) -> None:
        columns = {**self.about, **{quoted(name): kind for name, kind in self.types.items()}, "partition": "smallint"}
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self.connection.execute(f"create or replace temp table {self.table}_fit ({listed})")
        self.connection.execute(f"create or replace temp table {self.table}_rejected (file smallint, record bigint)")
        self.view(f"{self.table}_fit")

    def view(self, rows: str) -> None:
        """Define `<table>_new` over a relation."""
        self.connection.execute(f"""create or replace temp view {self.table}_new as
select * from {rows} fit
where not exists (
  select 1 from {self.table}_rejected rejected where rejected.file = fit.file and rejected.record = fit.record
)""")

    def add(self, number: int) -> None:
        """Keep the fit rows of the block that stands as `checked`, of the table's file `number`."""
        of_person = self.table != "person_change"
        person = '"person_id"' if not self.mapped else 'coalesce(mapping."new", checked."person_id")'
        values = {name: quoted(name) for name in self.types}
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

    def _look_at_order(self) -> None:
        """Of the rows kept, in the order in which the engine holds them."""
        key = quoted(KEYS[self.table])
        ascending, lowest, highest = self.connection.execute(f"""select bool_and(higher), min(id), max(id)
from (select {key} as id, {key} > lag({key}) over () as higher from {self.table}_fit)""").fetchall()[0]
        if lowest is not None:
            follows = self._highest is None or lowest > self._highest
            self.ascending = follows and ascending is not False
            self._highest = highest

    def finish(self) -> None:
        """All files are read."""
        self._look_at_order()
