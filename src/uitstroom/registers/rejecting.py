"""Rows that were fit by themselves and cannot be loaded because of others: they go to the faults."""

from __future__ import annotations

from typing import Any

from uitstroom.registers.columns import KEYS
from uitstroom.sql import identifier


def reject(connection: Any, table: str, found: str) -> None:
    """Move rows to the faults; `found` selects file, record, col, rule and id, the row's key."""
    connection.execute(f"create or replace temp table rejected as {found}")
    connection.execute(f"insert into fault select '{table}', file, record, col, rule from rejected")
    connection.execute(
        f"insert into faulty_id select distinct '{table}', file, record, cast(id as varchar) from rejected"
    )
    connection.execute(f"insert into {table}_rejected select distinct file, record from rejected")


def reject_ids(connection: Any, table: str, blamed: str, column: str) -> None:
    """Move the rows with some keys to the faults; `blamed` selects action_id or the like as id, and rule."""
    reject(connection, table, f"""select fit.file, fit.record, '{column}' as col, blamed.rule, blamed.id
from {table}_new fit
join ({blamed}) blamed on blamed.id = fit.{identifier(KEYS[table])}""")  # fmt: skip
