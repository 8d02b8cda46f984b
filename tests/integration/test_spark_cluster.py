"""A cluster of Spark, started here: a master with two workers, and a Spark Connect server.

Only run when asked for: `pytest -m cluster -s` prints how long each engine took.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark
import pytest

from tests.integration.delivering import CATALOGUE
from uitstroom import recipes
from uitstroom.measure.java import java
from uitstroom.registers import Store
from uitstroom.release.json_csv import as_json
from uitstroom.synth import write_delivery

pytestmark = [pytest.mark.cluster, pytest.mark.slow, pytest.mark.timeout(1800)]
HERE = "127.0.0.1"
PATIENCE = 120.0


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    folder = tmp_path_factory.mktemp("cluster")
    store = Store(folder / "store")
    for delivery in write_delivery("vdab-2017", folder / "deliveries", scale=0.1):
        store.load(delivery, CATALOGUE)
    return store


@pytest.fixture
def standalone(tmp_path) -> Iterator[str]:
    with ExitStack() as stack:
        port = _free_port()
        stack.enter_context(_running(tmp_path, "deploy.master.Master", "--host", HERE, "--port", port))
        _wait(port)
        address = f"spark://{HERE}:{port}"
        for _ in range(2):
            worker = ("deploy.worker.Worker", "--host", HERE, "--cores", 1, "--memory", "1g", address)
            stack.enter_context(_running(tmp_path, *worker))
        yield address


@pytest.fixture
def server(tmp_path) -> Iterator[str]:
    port = _free_port()
    settings = {"spark.connect.grpc.binding.address": HERE, "spark.connect.grpc.binding.port": port,
                "spark.ui.enabled": "false"}  # fmt: skip
    submitted = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    program = ("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")
    with _running(tmp_path, "deploy.SparkSubmit", "--master", "local[2]", *submitted, *program):
        _wait(port)
        yield f"sc://{HERE}:{port}"


@pytest.mark.parametrize("kind", ["standalone", "server"])
def test_a_cluster_says_what_duckdb_says(store, request, kind):
    address = request.getfixturevalue(kind)
    assert _measured(store, address) == _measured(store, "duckdb")


def _measured(store: Store, engine: str) -> str:
    started = time.monotonic()
    published = recipes.figures(
        store, ["started", "outflow", "persons"], "2017-S1", by=["sex"], internal=True, engine=engine,
        as_of=store.as_known_on(None).delivered_on,
    )  # fmt: skip
    print(f"\n{engine}: {time.monotonic() - started:.1f} s, pyspark {pyspark.__version__}")
    return as_json(published)


@contextmanager
def _running(folder: Path, program: str, *arguments: object) -> Iterator[None]:
    """A program of Spark beside the test, in a group of its own with all that it starts."""
    command = [Path(pyspark.__file__).parent / "bin" / "spark-class", f"org.apache.spark.{program}"]
    web = [] if program.endswith("SparkSubmit") else ["--webui-port", "0"]
    places = {"SPARK_LOCAL_DIRS": str(folder), "SPARK_WORKER_DIR": str(folder), "SPARK_LOCAL_IP": HERE}
    with java(), (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [*command, *web, *map(str, arguments)], env={**os.environ, **places}, cwd=folder,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex((HERE, port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError("Spark did not start")
