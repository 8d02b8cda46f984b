"""The rows of one table that are fit to load, kept block after block."""

from __future__ import annotations

from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.columns import columns, quoted
from uitstroom.registers.contract import STORED_TYPES


class Fit:
    """Keeps them in the workspace as `<table>_new`: file, record, operation, version, outside, the columns."""

    def __init__(self, connection: Any, table: str, catalogue: Catalogue) -> None:
        self.connection, self.table = connection, table
        self.columns = columns(table, catalogue)

    def create(self) -> None:
        listed = ", ".join(f"{quoted(column.name)} {STORED_TYPES[column.type]}" for column in self.columns)
        self.connection.execute(f"""create or replace temp table {self.table}_new (
  file smallint, record bigint, operation varchar, version smallint, outside boolean, {listed})""")

    def add(self, number: int) -> None:
        """Keep the fit rows of the block that stands as `checked`, of the table's file `number`."""
        names = ", ".join(quoted(column.name) for column in self.columns)
        self.connection.execute(f"""insert into {self.table}_new
select {number}, record, operation, version, outside, {names}
from checked
where not faulty""")
