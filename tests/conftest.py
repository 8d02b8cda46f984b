"""What every test shares: a PostgreSQL database, deterministic generation, no network, no settings from outside."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests.cluster import ADDRESS, cluster

settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", parent=settings.get_profile("ci"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("UITSTROOM_TEST_PROFILE", "ci"))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty database on a real server; a server that cannot be had is a failure."""
    with ExitStack() as stack:
        server = os.environ.get(ADDRESS) or stack.enter_context(cluster())
        name = f"uitstroom_{uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name}")
            yield server.replace("/postgres?", f"/{name}?")
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Nothing that is tested may call outside."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX and not (isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")):
            raise AssertionError("a test tried to reach the network")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    """A key file or store that the person who tests happens to have set is not used."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("UITSTROOM_") and "_TEST_" not in name]:
            patch.delenv(name)
        yield
