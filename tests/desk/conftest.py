"""A desk on a real PostgreSQL: an owner who is no superuser, the application's own role, offices and accounts."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import quote, urlsplit

import psycopg
import pytest

PROGRAM = "import sys; from uitstroom.cli import main; main(prog_name='uitstroom')"


def uitstroom(*words, check=0):
    """Run the command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == check, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def as_role(url, role):
    """The same database for another role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{quote(role)}@{parts.netloc.rpartition('@')[2]}").geturl()


@pytest.fixture(scope="session")
def addresses(postgresql_url):
    """The addresses of a migrated database: of its superuser, its owner and the application."""
    owner, application = "desk_owner", "desk_application"
    name = urlsplit(postgresql_url).path.removeprefix("/")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("select rolname from pg_roles")}
        if owner not in known:
            connection.execute(f"create role {owner} login createrole")
        connection.execute(f"alter database {name} owner to {owner}")
        connection.execute(f"alter schema public owner to {owner}")
    found = {"super": postgresql_url, "owner": as_role(postgresql_url, owner),
             "application": as_role(postgresql_url, application)}  # fmt: skip
    uitstroom("desk", "migrate", "--database", found["owner"], "--application-role", application)
    return found


@pytest.fixture(scope="session")
def django(addresses):
    """Django, signed in to the database as the application."""
    from uitstroom.desk.commands import start

    start(addresses["application"], tls="no", hosts="testserver", secret="of the tests", day="2017-06-15")
    yield
    from django.db import connections

    connections.close_all()


@pytest.fixture
def superuser(addresses):
    """A connection that may do anything, as a tamperer would have."""
    with psycopg.connect(addresses["super"], autocommit=True) as connection:
        yield connection
