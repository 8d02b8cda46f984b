"""Which engine a snapshot is measured on, chosen by an address."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UsageError
from uitstroom.measure.engines import duckdb_engine
from uitstroom.measure.tally import Engine

if TYPE_CHECKING:
    from uitstroom.registers import Snapshot

DUCKDB = "duckdb"
AFRESH = "duckdb-afresh"
"""DuckDB over the register itself: nothing that is kept is read, and nothing is kept."""


def engine_at(address: str, snapshot: Snapshot, catalogue: Catalogue) -> AbstractContextManager[Engine]:
    """The engine at an address, over a snapshot: `duckdb`, `duckdb-afresh`, `spark://…`, `sc://…` (Spark Connect) or
    `postgresql://…`.

    Every engine runs the same SQL text and gives the same figures. Raises `UsageError` for another address, and
    `UitstroomError` where an engine is not installed or cannot be reached.
    """
    if address in (DUCKDB, AFRESH):
        return duckdb_engine(snapshot, catalogue, keep=address == DUCKDB)
    if address.startswith(("spark://", "sc://")):
        from uitstroom.measure.spark import spark_engine

        return spark_engine(address, snapshot, catalogue)
    if address.startswith(("postgresql://", "postgres://")):
        from uitstroom.measure.postgresql import postgresql_engine

        return postgresql_engine(address, snapshot, catalogue)
    raise UsageError(
        "there is no engine at such an address", where="--engine",
        todo="write duckdb, duckdb-afresh, spark://local, spark://HOST:PORT, sc://HOST:PORT or postgresql://USER@HOST/DATABASE",
    )  # fmt: skip
