"""Spark in the process of the tests: one session for all of them, made small."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest

from uitstroom.catalogue import Catalogue
from uitstroom.measure.engines import SqlEngine
from uitstroom.measure.partitions import stored_columns
from uitstroom.measure.reading import Action, Spell
from uitstroom.measure.spark import rows_of, spark_session
from uitstroom.measure.tally import Engine, Known

ADDRESS = "spark://local[1]"
_SMALL = {
    "spark.driver.memory": "700m",
    "spark.driver.extraJavaOptions": '"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"',
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}
"""A query over twenty rows costs planning and compiling, and little else."""


@cache
def spark() -> Any:
    """The session, open until the tests end."""
    stack = ExitStack()
    atexit.register(stack.close)
    settings = " ".join(f"--conf {name}={value}" for name, value in _SMALL.items())
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PYSPARK_SUBMIT_ARGS", f"{settings} pyspark-shell")
        return stack.enter_context(spark_session(ADDRESS))


def engine_of_rows(catalogue: Catalogue, actions: Iterable[Action], spells: Iterable[Spell], known: Known) -> Engine:
    """An engine over rows, as `from_rows` gives one on the other engines."""
    actions = list(actions)
    chains = [row.chain_id for row in actions]
    for table, rows in (("action", actions), ("spell", spells)):
        counted = {id(row): chains.count(row.chain_id) for row in rows} if table == "action" else {}
        columns = stored_columns(table, catalogue)
        values = [[counted[id(row)] if name == "parts" else _field(row, name) for name in columns] for row in rows]
        _view(table, columns, values)
    return SqlEngine(catalogue, known, lambda sql: rows_of(spark(), sql))


def _view(table: str, columns: dict[str, str], rows: list[list[object]]) -> None:
    typed = ", ".join(f"cast({name} as {_TYPES.get(kind, kind)}) as {name}" for name, kind in columns.items())
    listed = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows or [[None] * len(columns)])
    source = f"(values {listed}) as given ({', '.join(columns)})" + ("" if rows else " where false")
    spark().sql(f"select {typed} from {source}").createOrReplaceTempView(table)


_TYPES = {"varchar": "string"}


def _field(row: Any, name: str) -> object:
    return getattr(row, name) if hasattr(row, name) else row.extra.get(name)


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool | int):
        return "null" if value is None else str(value).lower()
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
