"""Through the command line: what is kept beside the register, and the outflow month by month."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.integration import delivering
from tests.integration.delivering import CATALOGUE
from uitstroom.cli import main
from uitstroom.measure.asking import Question
from uitstroom.measure.kept import Kept
from uitstroom.periods import Period
from uitstroom.recipes import answer_tables, measure_ahead
from uitstroom.registers import Store
from uitstroom.synth import write_delivery

BY_SEX = ("outflow", "started", "persons", "--by", "sex")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Path:
    """A synthetic register of which all outflow of early 2017 is known."""
    folder = tmp_path_factory.mktemp("measuring")
    for delivery in write_delivery("vdab-2017", folder / "deliveries", scale=0.05):
        Store(folder / "store").load(delivery, CATALOGUE)
    return folder / "store"


@pytest.fixture
def store(loaded, tmp_path) -> Path:
    """A store of which nothing is kept yet."""
    shutil.copytree(loaded, tmp_path / "store", ignore=shutil.ignore_patterns("kept"))
    return tmp_path / "store"


def asked(store: Path, *words: str, form: str = "--json") -> str:
    command = ["figures", *words, "--period", "2017-S1", "--internal", "--clock", "2018-12-01", "--store", str(store)]
    result = CliRunner().invoke(main, [*command, *([form] if form else [])])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def kept(store: Path) -> list[Path]:
    return sorted(path for path in (store / "kept").rglob("*") if path.is_file())


def test_where_the_disk_is_full_nothing_is_kept_and_the_answer_is_the_same(store):
    words = [*BY_SEX, "--period", "2017-S1", "--internal", "--clock", "2018-12-01", "--store", str(store), "--json"]
    told = subprocess.run(
        [Path(sys.executable).with_name("uitstroom"), "figures", *words],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert not kept(store)
    assert told.stdout == asked(store, *BY_SEX, "--engine", "duckdb-afresh")


def test_a_breakdown_keeps_what_the_next_one_is_read_off(store):
    afresh = asked(store, *BY_SEX, "--engine", "duckdb-afresh")
    assert not kept(store)
    assert asked(store, *BY_SEX) == afresh
    before = {path: path.stat().st_mtime_ns for path in kept(store)}
    assert before
    assert asked(store, *BY_SEX) == afresh
    assert asked(store, "outflow", "--by", "province") == asked(
        store, "outflow", "--by", "province", "--engine", "duckdb-afresh"
    )
    assert {path: path.stat().st_mtime_ns for path in kept(store)} == before


def test_what_is_kept_can_be_read_by_its_owner_only(store):
    asked(store, *BY_SEX)
    assert {path.stat().st_mode & 0o777 for path in kept(store)} == {0o600}
    assert {path.parent.stat().st_mode & 0o777 for path in kept(store)} == {0o700}


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"x")], ids=["gone", "cut short"])
def test_what_is_damaged_is_measured_again(store, damage):
    right = asked(store, *BY_SEX)
    for path in kept(store):
        damage(path)
    assert asked(store, *BY_SEX) == right


def test_a_store_that_cannot_be_written_is_measured_all_the_same(store):
    right = asked(store, *BY_SEX, "--engine", "duckdb-afresh")
    (store / "kept").write_text("a file where the folder would be")
    assert asked(store, *BY_SEX) == right


def test_a_curve_holds_what_each_horizon_says_by_itself(store):
    curve = json.loads(asked(store, "outflow", "--curve", "6"))["figures"]
    alone = json.loads(asked(store, "outflow", "--definition", "at-work-6-months"))["figures"]
    own = json.loads(asked(store, "outflow"))["figures"]
    months = {(one["instrument"], one["horizon"]["months"]): one for one in curve if one["horizon"]}
    assert {month for instrument, month in months if instrument == "iss"} == set(range(1, 7))
    for instrument, month, figures in (("iss", 3, own), ("iss", 6, alone), ("ibo", 6, alone)):
        single = next(one for one in figures if one["instrument"] == instrument)
        found = months[instrument, month]
        same = ("value", "numerator", "base", "maturity", "known_on", "status")
        if found["cohort"] == single["cohort"]:
            assert {key: found[key] for key in same} == {key: single[key] for key in same}


def test_a_curve_is_one_table_with_a_row_for_each_month(store):
    told = asked(store, "outflow", "--curve", "3", form="").splitlines()
    rows = [line.split()[:3] for line in told if line.startswith("na ")]
    assert rows == [["na", "1", "maand"], ["na", "2", "maanden"], ["na", "3", "maanden"]]


def test_only_outflow_has_a_curve(store):
    result = CliRunner().invoke(
        main, ["figures", "started", "--period", "2017-S1", "--curve", "3", "--store", str(store)]
    )
    assert result.exit_code != 0
    assert "only outflow has a curve" in result.stderr


def test_what_is_measured_ahead_answers_every_breakdown_by_the_catalogue_s_own_definitions(tmp_path, monkeypatch):
    catalogue = CATALOGUE
    rows = [
        delivering.action(f"a{n}", person_id=str(n), instrument=code, sex="F" if n % 2 else "M")
        for n, code in enumerate(("iss", "ibo", "opleidingsstage", "iss", "ibo", "opleidingsstage"), 1)
    ]
    spells = [delivering.spell(f"s{n}", person_id=str(n)) for n in (1, 2, 3)]
    store = Store(tmp_path / "store")
    store.load(delivering.deliver(tmp_path / "delivery", {"action": rows, "spell": spells}), catalogue)
    half = (Period.parse("2017-S1"),)
    asked = [Question(name, half, by) for name in ("started", "outflow", "ended", "completed") for by in ((), ("sex",))]
    afresh = answer_tables(store, catalogue, asked, engine="duckdb-afresh")
    assert measure_ahead(store, catalogue) == 1 + len({"ibo", "iss", "opleiding", "opleidingsstage"})
    monkeypatch.setattr(Kept, "make", lambda *_: pytest.fail("something was not measured ahead"))
    assert [one.figures for one in answer_tables(store, catalogue, asked)] == [one.figures for one in afresh]


def test_a_code_of_one_period_is_a_zero_in_the_others(store):
    document = json.loads(
        asked(
            store,
            "started",
            "--instrument",
            "iss",
            "--by",
            "municipality",
            "--period",
            "2016-03",
            "--period",
            "2017-03",
        )
    )
    places = {
        period: {one["by"].get("municipality") for one in document["figures"] if one["period"] == period}
        for period in ("2016-03", "2017-03", "2017-S1")
    }
    assert len(places["2016-03"]) > 2
    assert places["2016-03"] == places["2017-03"] == places["2017-S1"]
    assert any(one["value"] == 0 for one in document["figures"])


def test_without_a_day_it_is_as_known_on_the_day_of_the_delivery(store):
    (newest,) = [one for one in Store(store).snapshots() if one.id == Store(store).as_known_on(None).id]
    told = json.loads(asked(store, "started"))["scope"]["as_known_on"]
    assert told == newest.delivered_on.isoformat()


def test_a_table_is_as_wide_as_columns_says_and_loses_none(store, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    months = [word for month in range(1, 7) for word in ("--period", f"2016-{month:02}")]
    told = asked(store, "started", *months, form="")
    assert max(map(len, told.splitlines())) <= 60
    assert [
        name for name in ("jan", "feb", "mrt", "apr", "mei", "jun") if f"{name} 2016" not in " ".join(told.split())
    ] == []
