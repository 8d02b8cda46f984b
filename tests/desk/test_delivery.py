"""A day at the desk is a delivery: a register that went through acts gives the figures of the register itself."""

from __future__ import annotations

import csv
import datetime
import json
import tomllib
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.desk.conftest import uitstroom

pytestmark = [pytest.mark.postgresql, pytest.mark.usefixtures("django")]
KEY = "7d1f0c4be2985a36417f9ad053c8be62"
ASKED = ("started", "running", "ended", "persons", "outflow")
DAY = datetime.timedelta(days=1)


def day(number):
    return datetime.date(2017, 1, 1) + number * DAY


def figures(store, *words):
    asked = uitstroom("figures", *ASKED, "--period", "2017-S1", "--store", store, "--json", "--internal", *words).stdout
    ignored = ("notes", "known_on")
    return [{key: value for key, value in one.items() if key not in ignored} for one in json.loads(asked)["figures"]]


@pytest.fixture
def house(django):
    from tests.desk.worlds import World

    return World.made()


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_text(KEY)
    path.chmod(0o600)
    return path


def offered(house, instrument, person, start, end=None, **values):
    from uitstroom.desk.acts import Deed

    said = {"instrument": instrument, "person_id": person, "employer_id": house.employer(), "start_date": start,
            "planned_end_date": start + 60 * DAY, **values}  # fmt: skip
    action = house.do(0, Deed("registered", uuid4(), values=said))
    action = house.next(0, action, "started", start)
    return house.next(0, action, "ended", end, end_reason="completed") if end else action


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_rows_are_what_the_acts_say_on_each_day(house, addresses, key_file, tmp_path):
    """Known on a day: what was done after it changes nothing; changes hold what differs, and delete what is gone."""
    person = house.persons[0]
    ended = offered(house, "bvs", person, day(10), day(35))
    running = offered(house, "bvs", house.persons[1], day(12))
    house.actors[0] = house.as_actor(0, today=datetime.date(2017, 7, 20))
    running = house.next(0, running, "interrupted", day(20), end_reason="interrupted")
    running = house.next(0, running, "resumed", day(30), planned_end_date=day(80))
    ended = house.next(0, ended, "corrected", None, education="high", reason="typefout")
    common = ("--database", addresses["owner"], "--from", "2016-01-01", "--until", "2017-06-01", "--key-file", key_file)
    uitstroom("desk", "deliver", *common, "--known-on", "2017-06-20", "--out", tmp_path / "before")
    uitstroom("desk", "deliver", *common, "--known-on", "2017-07-25", "--out", tmp_path / "after")
    changed = ("--known-on", "2017-07-25", "--since", "2017-06-20", "--out", tmp_path / "changes")
    uitstroom("desk", "deliver", *common, *changed)
    folders = (tmp_path / name for name in ("before", "after", "changes"))
    before, after, changes = ({row["action_id"]: row for row in read(one / "action.csv")} for one in folders)
    assert before[ended.number]["education"] == ""
    assert after[ended.number]["education"] == "high"
    assert before[running.number]["end_date"] == ""
    assert after[running.number]["end_reason"] == "interrupted"
    second = after[f"{running.number}.2"]
    assert (second["resumes"], second["start_date"], second["planned_end_date"]) == (
        running.number, day(30).isoformat(), day(80).isoformat())  # fmt: skip
    differing = {key for key in after if after[key] != before.get(key)}
    assert {key for key, row in changes.items() if row["operation"] == "upsert"} == differing
    acts = [row for row in read(tmp_path / "after" / "act.csv") if row["action_id"] == running.number]
    assert [(row["number"], row["kind"], row["role"]) for row in acts] == [
        ("1", "registered", "mediator"), ("2", "started", "mediator"), ("3", "interrupted", "mediator"),
        ("4", "resumed", "mediator")]  # fmt: skip


def test_what_was_undone_between_two_deliveries_is_deleted_or_never_happened(house, addresses, key_file, tmp_path):
    from uitstroom.desk.acts import Deed

    plan = house.do(0, Deed("registered", uuid4(), values={"instrument": "bio", "planned_days": 60}))
    plan = house.next("approver", plan, "approved", day(20), planned_days=60)
    house.actors[0] = house.as_actor(0, today=datetime.date(2017, 7, 20))
    house.next(0, plan, "registered_in_error", None, reason="dubbel")
    uitstroom("desk", "deliver", "--database", addresses["owner"], "--from", "2016-01-01", "--until", "2017-06-01",
              "--known-on", "2017-07-25", "--since", "2017-06-20", "--key-file", key_file,
              "--out", tmp_path / "out")  # fmt: skip
    rows = {row["action_id"]: row for row in read(tmp_path / "out" / "action.csv")}
    assert (rows[plan.number]["end_reason"], rows[plan.number]["operation"]) == ("registered_in_error", "upsert")


def test_a_person_is_delivered_as_the_store_s_key_makes_them(house, addresses, key_file, tmp_path):
    from uitstroom.registers.pseudonyms import Numbers, fingerprint

    action = offered(house, "bvs", house.persons[0], day(10))
    common = (
        "--database",
        addresses["owner"],
        "--from",
        "2016-01-01",
        "--until",
        "2017-06-01",
        "--known-on",
        "2017-06-20",
    )
    uitstroom("desk", "deliver", *common, "--key-file", key_file, "--out", tmp_path / "keyed")
    uitstroom("desk", "deliver", *common, "--national-numbers", "--out", tmp_path / "number")
    keyed, number = (
        next(row["person_id"] for row in read(tmp_path / name / "action.csv") if row["action_id"] == action.number)
        for name in ("keyed", "number")
    )
    import numpy as np

    assert int(keyed) == Numbers(KEY.encode()).of(np.array([int(number)]))[0]
    said = tomllib.loads((tmp_path / "keyed" / "delivery.toml").read_text())
    assert (said["person"], said["key"]) == ("keyed", fingerprint(KEY.encode()))
    assert number not in (tmp_path / "keyed" / "action.csv").read_text()


def test_a_register_that_was_put_back_to_before_a_delivery_is_found(house, addresses, key_file, tmp_path, superuser):
    offered(house, "bvs", house.persons[0], day(10))
    uitstroom("desk", "deliver", "--database", addresses["owner"], "--from", "2016-01-01", "--until", "2017-06-01",
              "--known-on", "2017-06-20", "--key-file", key_file, "--out", tmp_path / "out")  # fmt: skip
    against = ("--database", addresses["owner"], "--against", tmp_path / "out")
    assert "whole" in uitstroom("desk", "verify", *against).stdout
    head = (tmp_path / "out" / "log.toml").read_text()
    position = int(tomllib.loads(head)["position"])
    (tmp_path / "out" / "log.toml").write_text(head.replace(str(position), str(position + 1), 1))
    assert "older copy" in uitstroom("desk", "verify", *against, check=1).stderr


def test_a_register_taken_over_gives_the_figures_of_the_register_itself(addresses, key_file, tmp_path):
    """Synthetic lists → acts → delivery → store → figures, against the same lists loaded as they are."""
    from uitstroom.synth import write_delivery

    first, _ = write_delivery("vdab-2017", tmp_path / "synth", scale=0.01, person=person_of_numbers())
    url = fresh(addresses)
    listed = [path for name in ("actions.csv", "person_changes.csv") if (path := first / name).exists()]
    done = uitstroom("desk", "import", "--database", url, *listed, "--office", "GNT", "--office", "ANT", "--known-on",
                     "2017-11-15", "--reason", "overgenomen", "--employers-as-given").stdout  # fmt: skip
    assert "0 rows refused" in done
    uitstroom("desk", "deliver", "--database", url, "--from", "2016-01-01", "--until", "2017-11-10", "--known-on",
              "2017-11-15", "--out", tmp_path / "delivery", "--key-file", key_file)  # fmt: skip
    spells = alone(tmp_path / "spells", first)
    for name, folders in (("one", [first]), ("other", [tmp_path / "delivery", spells])):
        for folder in folders:
            uitstroom("load", folder, "--store", tmp_path / name, "--key-file", key_file)
    assert "whole" in uitstroom("desk", "verify", "--database", url).stdout
    by = ("--by", "sex")
    assert figures(tmp_path / "other") == figures(tmp_path / "one")
    assert figures(tmp_path / "other", *by) == figures(tmp_path / "one", *by)


def person_of_numbers():
    """How the program calls persons by national numbers."""
    return "insz"


def alone(folder: Path, register: Path) -> Path:
    """A delivery of the spells of a register alone: employment comes from another source, by national numbers."""
    folder.mkdir()
    (folder / "spells.csv").write_bytes((register / "spells.csv").read_bytes())
    said = tomllib.loads((register / "delivery.toml").read_text())
    days = {name: said["tables"]["spell"][name] for name in ("complete_from", "complete_until")}
    lines = [
        f"delivered_on = {said['delivered_on']}",
        'kind = "full"',
        'person = "number"',
        "synthetic = true",
        "[tables.spell]",
        'files = ["spells.csv"]',
        *(f"{name} = {one}" for name, one in days.items()),
    ]
    (folder / "delivery.toml").write_text("\n".join(lines) + "\n")
    return folder


def fresh(addresses):
    """The owner's address of another empty desk with two offices."""
    name = f"desk_{uuid4().hex}"
    with psycopg.connect(addresses["super"], autocommit=True) as connection:
        connection.execute(f"create database {name} owner desk_owner")
    parts = addresses["owner"].split("?")
    url = f"{parts[0].rpartition('/')[0]}/{name}?{parts[1]}"
    superuser = addresses["super"].split("?")
    there = f"{superuser[0].rpartition('/')[0]}/{name}?{superuser[1]}"
    with psycopg.connect(there, autocommit=True) as connection:
        connection.execute("alter schema public owner to desk_owner")
    uitstroom("desk", "migrate", "--database", url, "--application-role", "desk_application")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into desk_office (code, name, sequence, last_number) values "
                           "('GNT', 'Gent', 0, 0), ('ANT', 'Antwerpen', 0, 0)")  # fmt: skip
    return url
