"""The SQL text on Spark, over the store's Parquet: in this process, on a cluster, or through Spark Connect.

`spark://local` is Spark in this process (`spark://local[2]`: on two cores), `spark://HOST:PORT` the master of a
standalone cluster, `sc://HOST:PORT` a Spark Connect server. A cluster's workers read the store under the path that it
has here. Memory, cores and the like are set as Spark sets them: `spark-defaults.conf`, or PYSPARK_SUBMIT_ARGS.
"""

from __future__ import annotations

import re
import socket
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.measure.addresses import shown
from uitstroom.measure.engines import SqlEngine
from uitstroom.measure.java import java
from uitstroom.measure.kept import known_of, numbered_tables
from uitstroom.measure.partitions import Rows, stored_columns
from uitstroom.measure.tally import Engine
from uitstroom.registers import standing
from uitstroom.registers.columns import KEYS
from uitstroom.registers.parts import partition

if TYPE_CHECKING:
    from uitstroom.registers import Snapshot

_LOCAL = re.compile(r"spark://(local(?:\[(?:[1-9]\d*|\*)\])?)")
_MASTERS = re.compile(r"spark://([\w.-]+:\d+(?:,[\w.-]+:\d+)*)")
_SERVER = re.compile(r"sc://[\w.-]+(:\d+)?(/|$)")
_IN_THIS_PROCESS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
_CONNECT_PORT = 15002
_PATIENCE = 10.0
"""Seconds that a master or server may take to answer before it is called unreachable."""
_STRANGE = re.compile(r"([\\*?\[\]{}])")


@contextmanager
def spark_engine(url: str, snapshot: Snapshot, catalogue: Catalogue) -> Iterator[Engine]:
    """An engine over a snapshot's Parquet files, all partitions at once.

    Raises `UsageError` for an address that is none, `UitstroomError` where Spark is not installed, cannot be reached or
    cannot compute; Spark's own words never get out.
    """
    with spark_session(url) as session, _own_words(url):
        _register_tables(session, snapshot, catalogue)
        yield SqlEngine(catalogue, known_of(snapshot), lambda sql: rows_of(session, sql), numbered_tables(snapshot))


def rows_of(session: Any, sql: str) -> Rows:
    """The rows of a query as plain tuples."""
    return [tuple(row) for row in session.sql(sql).collect()]


@contextmanager
def spark_session(url: str) -> Iterator[Any]:
    """A Spark session at an address, stopped at the end; one that is open here at this address is taken, and left open.

    Raises as `spark_engine` does.
    """
    opened = _remote(url) if url.startswith("sc://") else _classic(url)
    with opened as session:
        yield session


@contextmanager
def _classic(url: str) -> Iterator[Any]:
    master = _master(url)
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise _not_installed("spark") from None
    _refuse_silent(url, [] if master.startswith("local") else master.removeprefix("spark://").split(","))
    active = SparkSession.getActiveSession()
    if active is not None:
        _hold_against(master, active.sparkContext.master)
        yield active
        return
    settings = {"spark.app.name": "uitstroom", "spark.ui.showConsoleProgress": "false", "spark.master": master}
    settings |= _IN_THIS_PROCESS if master.startswith("local") else {}
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    with _own_words(url), java():
        session = SparkSession(SparkContext(conf=conf, gateway=_gateway()))
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


@cache
def _gateway() -> Any:
    """The JVM of this process. What it logs could quote the register, so it is thrown away."""
    from pyspark import SparkContext
    from pyspark.java_gateway import launch_gateway

    return SparkContext._gateway or launch_gateway(None, {"stderr": subprocess.DEVNULL})  # type: ignore[no-untyped-call]


@contextmanager
def _remote(url: str) -> Iterator[Any]:
    if not _SERVER.match(url):
        raise _no_address(url)
    place = urlsplit(url)
    try:
        with _own_words(url):
            from pyspark.sql.connect.session import SparkSession

            _refuse_silent(url, [f"{place.hostname}:{place.port or _CONNECT_PORT}"])
            session = SparkSession.builder.remote(url).create()
    except ImportError:
        raise _not_installed("connect") from None
    try:
        yield session
    finally:
        session.stop()


def _master(url: str) -> str:
    """What Spark calls the address."""
    local = _LOCAL.fullmatch(url)
    if local:
        return local[1] if "[" in local[1] else "local[*]"
    if not _MASTERS.fullmatch(url):
        raise _no_address(url)
    return url


def _hold_against(wanted: str, master: str | None) -> None:
    if wanted != master:
        raise UsageError(
            f"a Spark session is open in this process, at {master}", where="--engine",
            todo="use its address, or stop it first: one process has one Spark",
        )  # fmt: skip


def _refuse_silent(url: str, places: Sequence[str]) -> None:
    """Spark itself would try for minutes."""
    for place in places:
        host, _, number = place.rpartition(":")
        try:
            socket.create_connection((host, int(number)), _PATIENCE).close()
        except OSError:
            continue
        return
    if places:
        raise UitstroomError(
            "nothing answers at this address", where=shown(url), todo="see that Spark runs there and can be reached"
        )


def _register_tables(session: Any, snapshot: Snapshot, catalogue: Catalogue) -> None:
    """Views `action` and `spell` of the rows that stand, with the columns that measuring reads."""
    for table in ("action", "spell"):
        columns = _typed(table, snapshot, catalogue)
        parts = snapshot.parts(table)
        levels = [[path for part in parts for path in part.base]]
        levels += [
            [part.deltas[number] for part in parts if number < len(part.deltas)]
            for number in range(max((len(part.deltas) for part in parts), default=0))
        ]
        names = [f"{table}_{number}" for number in range(len(levels))]
        for name, paths in zip(names, levels, strict=True):
            stored = columns if name == names[0] else {**columns, "removed": "boolean"}
            _read(session, paths, stored).createOrReplaceTempView(name)
        keyed = [f"(select *, {_key(table, snapshot)} as placed_key from {name})" for name in names]
        rows = standing({name: name for name in columns}, "placed_key", keyed[0] if names[1:] else names[0], keyed[1:])
        session.sql(rows).createOrReplaceTempView(table)


def _typed(table: str, snapshot: Snapshot, catalogue: Catalogue) -> dict[str, str]:
    """The columns that measuring reads, with the type that the snapshot's files have them in."""
    keys = {KEYS[table], "chain_id", "resumes"} if table == "action" else {KEYS[table]}
    kept = snapshot.key_types[table]
    return {name: kept if name in keys else kind for name, kind in stored_columns(table, catalogue).items()}


def _key(table: str, snapshot: Snapshot) -> str:
    """A key is told apart within its partition: a person that moves leaves one and enters another."""
    return f"struct({partition('person_id', snapshot.partitions)}, {KEYS[table]})"


def _read(session: Any, paths: Sequence[Path], columns: Mapping[str, str]) -> Any:
    """The rows of Parquet files; a column that a file does not have is empty."""
    schema = ", ".join(f"{name} {'string' if kind == 'varchar' else kind}" for name, kind in columns.items())
    if not paths:
        nothing = ", ".join(f"cast(null as {kind.split()[-1]}) as {kind.split()[0]}" for kind in schema.split(", "))
        return session.sql(f"select {nothing} where false")
    return session.read.schema(schema).parquet(*(_located(path) for path in paths))


def _located(path: Path) -> str:
    """The address of a file; Spark takes some signs in it for patterns."""
    return "file://" + _STRANGE.sub(r"\\\1", str(path.resolve()))


@contextmanager
def _own_words(url: str) -> Iterator[None]:
    """Say ourselves what went wrong: Spark quotes the query, the paths and the values."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            yield
    except ImportError:
        raise
    except (PySparkException, Py4JError, ConnectionError) as error:
        raise UitstroomError(
            f"Spark could not go on ({type(error).__name__})", where=shown(url),
            todo="see that its workers run, read the store under the same path as here, and have memory enough; "
            "in this process Spark needs Java 17 or newer: pip install 'uitstroom[spark]' brings one",
        ) from None  # fmt: skip


def _no_address(url: str) -> UsageError:
    return UsageError(
        "this is no address of Spark", where=f"--engine {shown(url)}",
        todo="write spark://local, spark://local[2], spark://HOST:PORT (a standalone master) or sc://HOST:PORT",
    )  # fmt: skip


def _not_installed(extra: str) -> UitstroomError:
    return UitstroomError("Spark is not installed here", todo=f"pip install 'uitstroom[{extra}]'")
