"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, gone when they end.

`python tests/cluster.py COMMAND…` runs a command beside one, with its address in UITSTROOM_TEST_POSTGRESQL.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ADDRESS = "UITSTROOM_TEST_POSTGRESQL"
PATIENCE = 60.0
"""Seconds that a server may take to start or stop."""
SETTINGS = {"listen_addresses": "", "fsync": "off", "max_connections": "40", "timezone": "UTC"}


class NoServerError(Exception):
    """The tests cannot have a PostgreSQL server; they fail, they are never skipped."""


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server as a user without rights, give its address, and leave nothing behind."""
    owner = _owner()
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="uitstroom-pg-", dir="/tmp"))
    os.chown(home, owner.pw_uid, owner.pw_gid)
    try:
        _initialise(programs, home, owner)
        with _serving(programs, home, owner):
            yield f"postgresql://uitstroom@/postgres?host={quote(str(home), safe='')}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _owner() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _programs() -> Path:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which("initdb")
    if not found:
        raise NoServerError("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


def _initialise(programs: Path, home: Path, owner: pwd.struct_passwd) -> None:
    command = [programs / "initdb", "-D", home / "data", "-U", "uitstroom", "-A", "trust", "-N"]
    made = subprocess.run(
        [*command, "-E", "UTF8", "--locale=C.UTF-8"], capture_output=True, text=True, cwd="/", **_as(owner)
    )
    if made.returncode:
        raise NoServerError(f"initdb failed: {made.stderr}")


@contextmanager
def _serving(programs: Path, home: Path, owner: pwd.struct_passwd) -> Iterator[None]:
    settings = [f"--{key}={value}" for key, value in SETTINGS.items()]
    command = [programs / "postgres", "-D", home / "data", "-k", home, *settings]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **_as(owner))
    try:
        _wait(programs, home, server)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)


def _wait(programs: Path, home: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while subprocess.run([programs / "pg_isready", "-q", "-h", home], check=False).returncode:
        if server.poll() is not None or time.monotonic() > until:
            raise NoServerError(f"PostgreSQL did not start: {(home / 'log').read_text()}")
        time.sleep(0.1)


def _as(owner: pwd.struct_passwd) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _beside(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as address:
        return subprocess.run(command, env={**os.environ, ADDRESS: address}, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(_beside(sys.argv[1:]))
    except NoServerError as trouble:
        sys.exit(f"tests: {trouble}")
