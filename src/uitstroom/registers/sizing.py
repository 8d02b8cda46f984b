"""How many partitions a register is kept in, judged before its delivery is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from uitstroom.registers.delivery import Delivery
from uitstroom.registers.sources import is_parquet
from uitstroom.sql import file_literal

ROWS_PER_PARTITION = 8_000_000
"""Spells; an action is four times as wide."""
ACTION = 4
_SAMPLE = 1 << 20


def partitions_for(connection: Any, delivery: Delivery) -> int:
    """So many that one partition fits in memory well, and that a query over all of them has few to go through."""
    spells, actions = (sum(_rows(connection, path) for path in delivery.paths(table)) for table in ("spell", "action"))
    return max(1, round(max(spells, ACTION * actions) / ROWS_PER_PARTITION))


def _rows(connection: Any, path: Path) -> float:
    """The rows of a file: as its metadata say, or as many as its beginning makes likely."""
    if is_parquet(path.name):
        counted = connection.execute(f"select num_rows from parquet_file_metadata({file_literal(path)})").fetchall()
        return float(counted[0][0])
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    lines = max(sample.count(b"\n"), sample.count(b"\r"))
    return lines * path.stat().st_size / len(sample) if sample else 0.0
