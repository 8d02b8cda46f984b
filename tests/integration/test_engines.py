"""The same store gives the same figures on every engine; what an engine cannot do, it says in our words."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner

from tests import spark_here
from tests.integration.delivering import CATALOGUE, action, deliver, spell
from uitstroom.cli import main
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.measure import java
from uitstroom.measure.opening import engine_at
from uitstroom.measure.postgresql import schema_of
from uitstroom.measure.tally import Counting
from uitstroom.periods import Period
from uitstroom.registers import Snapshot, Store
from uitstroom.synth import write_delivery

STARTED = Counting("started", (Period.parse("2017-S1"),), ("ibo",))


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Path:
    """A synthetic register, under a path with signs that an engine could take for something else."""
    folder = tmp_path_factory.mktemp("engines") / "it's [a] store {1} 100%"
    deliveries = write_delivery("vdab-2017", folder / "deliveries", scale=0.02)
    for delivery in deliveries:
        Store(folder).load(delivery, CATALOGUE)
    return folder


def said(store: Path, *command: str) -> str:
    """What a command prints; it must succeed."""
    result = CliRunner().invoke(main, [*command, "--store", str(store)])
    assert result.exit_code == 0, result.stderr
    return result.stdout


FIGURES = ("figures", "started", "outflow", "persons", "--period", "2017-S1", "--by", "sex", "--internal", "--json",
           "--clock", "2017-11-23")  # fmt: skip
RECORDS = ("records", "outflow", "--period", "2017-S1", "--instrument", "iss")


@pytest.mark.parametrize("command", [FIGURES, RECORDS], ids=["figures", "records"])
@pytest.mark.postgresql
def test_postgresql_says_what_duckdb_says(store, postgresql_url, command):
    assert said(store, *command, "--engine", postgresql_url) == said(store, *command)


@pytest.mark.spark
def test_spark_says_what_duckdb_says(store):
    spark_here.spark()
    figures = said(store, *FIGURES, "--engine", spark_here.ADDRESS)
    assert figures == said(store, *FIGURES)
    assert any(figure["status"] == "value" for figure in json.loads(figures)["figures"])


@pytest.mark.spark
@pytest.mark.postgresql
def test_corrections_removals_and_moves_are_seen_by_every_engine(tmp_path, postgresql_url):
    """What later deliveries changed is kept beside the earlier rows: each engine sees only what stands."""
    spark_here.spark()
    store = Store(tmp_path / "store")
    rows = {
        "action": [action(f"A{number}", person_id=str(number)) for number in range(1, 80)],
        "spell": [spell(f"S{number}", person_id=str(number)) for number in range(1, 80)],
    }
    store.load(deliver(tmp_path / "full", rows), CATALOGUE)
    changes = {
        "action": [
            action("A1", person_id="1", end_date="2017-03-01", operation="upsert"),
            action("A2", person_id="50", operation="upsert"),
            action("A3", person_id="3", operation="delete"),
            action("A100", person_id="100", operation="upsert"),
        ],
        "spell": [spell("S4", person_id="4", start_date="2017-09-01", operation="upsert")],
    }
    store.load(deliver(tmp_path / "changes", changes, kind="changes"), CATALOGUE)
    assert all(part.deltas for table in rows for part in store.as_known_on(None).parts(table))
    answers = {
        address: said(store.path, "records", "started", "outflow", "--period", "2017-S1", "--instrument", "ibo",
                      "--definition", "iss-3-months", "--engine", address)
        for address in ("duckdb", postgresql_url, spark_here.ADDRESS)
    }  # fmt: skip
    assert len(set(answers.values())) == 1
    assert "A100" in answers["duckdb"]
    assert "A3," not in answers["duckdb"]


@pytest.mark.postgresql
def test_an_action_is_explained_inside_the_database(store, postgresql_url):
    first = said(store, *RECORDS).splitlines()[1].split(",")[6]
    assert said(store, "explain", first, "--engine", postgresql_url) == said(store, "explain", first)


@pytest.mark.postgresql
def test_a_snapshot_is_copied_once_and_then_only_the_database_is_read(store, database, monkeypatch):
    snapshot = Store(store).as_known_on(None)
    with engine_at(database, snapshot, CATALOGUE) as engine:
        before = engine.count(STARTED)
    monkeypatch.setattr(Snapshot, "parts", lambda *_: pytest.fail("the store was read again"))
    with engine_at(database, snapshot, CATALOGUE) as engine:
        assert engine.count(STARTED) == before


@pytest.mark.postgresql
def test_a_copy_that_fails_leaves_nothing_behind(store, database, monkeypatch):
    snapshot = Store(store).as_known_on(None)
    whole = Snapshot.parts

    def damaged(self, table):
        if table == "spell":
            raise UitstroomError("damaged")
        return whole(self, table)

    monkeypatch.setattr(Snapshot, "parts", damaged)
    with pytest.raises(UitstroomError, match="damaged"), engine_at(database, snapshot, CATALOGUE):
        pass
    with psycopg.connect(database) as connection:
        found = connection.execute("select nspname from pg_namespace where nspname like 'uitstroom%'").fetchall()
    assert found == []


@pytest.mark.postgresql
def test_a_service_may_provide_the_schema_as_views(store, database):
    """The register lives in the database: nothing is copied."""
    snapshot = Store(store).as_known_on(None)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"create schema {schema_of(snapshot)}")
        connection.execute(
            f"""create view {schema_of(snapshot)}.action as
            select 'A1'::varchar collate "C" as action_id, 'A1'::varchar collate "C" as chain_id, 1 as part, 1 as parts,
              'ibo'::varchar collate "C" as instrument, 1::bigint as person_id, date '2017-02-01' as start_date"""
        )
        connection.execute(
            f"""create view {schema_of(snapshot)}.spell as
            select 'S1'::varchar collate "C" as spell_id, 1::bigint as person_id, 'E'::varchar collate "C" as
              employer_id, 'OTH'::varchar collate "C" as work_type, date '2017-02-01' as start_date,
              null::date as end_date"""
        )
    with engine_at(database, snapshot, CATALOGUE) as engine:
        assert [row.count for row in engine.count(STARTED)] == [1]


@pytest.mark.postgresql
def test_without_the_right_to_make_a_schema_it_is_said_so(store, database):
    snapshot = Store(store).as_known_on(None)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("do $$ begin create role reader login; exception when duplicate_object then null; end $$")
    theirs = database.replace("uitstroom@", "reader:secret@")
    with pytest.raises(UitstroomError, match="does not let this user") as told, engine_at(theirs, snapshot, CATALOGUE):
        pass
    assert "secret" not in str(told.value)


@pytest.fixture
def database(postgresql_url):
    """The address of a database where no schema is yet."""
    name = f"uitstroom_{uuid4().hex}"
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield postgresql_url.replace(connection.info.dbname, name)
        connection.execute(f"drop database {name} with (force)")


UNREACHABLE = [
    "spark://127.0.0.1:1",
    "sc://127.0.0.1:1/;token=secret",
    "postgresql://me:secret@127.0.0.1:1/register?password=secret",
]


@pytest.mark.parametrize("address", UNREACHABLE)
def test_an_engine_that_does_not_answer_is_told_at_once_and_no_secret_with_it(store, address):
    started = time.monotonic()
    with pytest.raises(UitstroomError) as told, engine_at(address, Store(store).as_known_on(None), CATALOGUE):
        pass
    assert "127.0.0.1:1" in str(told.value)
    assert "secret" not in str(told.value)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "address", ["", "trino://host", "spark://host", "spark://local[0]", "sc://", "mysql://u:secret@h"]
)
def test_another_address_is_refused(store, address):
    with pytest.raises(UsageError) as told, engine_at(address, Store(store).as_known_on(None), CATALOGUE):
        pass
    assert "spark://" in str(told.value)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("address", "package", "extra"),
    [("spark://local", "pyspark", "spark"), ("sc://127.0.0.1", "pyspark", "connect"),
     ("postgresql://h", "psycopg", "postgres")],
)  # fmt: skip
def test_an_engine_that_is_not_installed_says_what_to_install(store, monkeypatch, address, package, extra):
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UitstroomError) as told, engine_at(address, Store(store).as_known_on(None), CATALOGUE):
        pass
    assert f"pip install 'uitstroom[{extra}]'" in str(told.value)


@pytest.mark.spark
def test_one_process_has_one_spark(store):
    spark_here.spark()
    with pytest.raises(UsageError, match="a Spark session is open"):  # noqa: SIM117
        with engine_at("spark://local[7]", Store(store).as_known_on(None), CATALOGUE):
            pass


@pytest.mark.spark
def test_spark_s_own_words_stay_inside(store):
    spark_here.spark()
    with engine_at(spark_here.ADDRESS, Store(store).as_known_on(None), CATALOGUE) as engine:
        run = engine._run
    with (
        pytest.raises(UitstroomError) as told,
        engine_at(spark_here.ADDRESS, Store(store).as_known_on(None), CATALOGUE),
    ):
        run("select hidden_name from action")
    assert "hidden_name" not in str(told.value)
    assert told.value.__suppress_context__


def test_java_is_found_where_none_is_installed(monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with java.java():
        assert Path(os.environ["JAVA_HOME"], "bin", "java").exists()
    assert "JAVA_HOME" not in os.environ
    monkeypatch.setenv("JAVA_HOME", "/of/the/user")
    with java.java():
        assert os.environ["JAVA_HOME"] == "/of/the/user"
