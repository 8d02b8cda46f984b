"""Between two releases each changed cell says what it was, what it is, and how much each cause makes of it."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.test_answer_115 import ROOT, uitstroom
from uitstroom.catalogue import Catalogue
from uitstroom.recipes.answering import Making, answer
from uitstroom.recipes.comparing import diff
from uitstroom.registers import Store
from uitstroom.release.difference import Amount, Change, changes, difference
from uitstroom.release.folder import Release

QUESTION = """
name = "reeks"
formats = []
parliament = {{ nl = "Vlaams Parlement", en = "Flemish Parliament" }}
number = "1"
date = 2017-11-23
asked_by = "Iemand"
asked_of = {{ nl = "de minister", en = "the minister" }}
title = {{ nl = "Titel", en = "Title" }}
as_known_on = {day}
text = "Hoeveel?"
[[tables]]
name = "gestart"
indicator = "started"
periods = ["2017-S1", "2017-Q3"]
by = ["sex"]
[[tables]]
name = "tot-nu-toe"
indicator = "started"
periods = ["2017"]
so_far = true
[[tables]]
name = "personen"
indicator = "persons"
periods = ["2017-S1"]
[[tables]]
name = "volledig"
indicator = "completed"
periods = ["2017-S1"]
[[tables]]
name = "uitstroom"
indicator = "outflow"
periods = ["2017-S1"]
instruments = ["opleidingsstage", "iss"]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two snapshots, and a release of the same question from each."""
    folder = tmp_path_factory.mktemp("difference")
    shutil.copytree(ROOT / "tests/made_by_0_1_0/store", folder / "store")
    for name, day in (("older", "2017-11-23"), ("newer", "2018-07-20")):
        (folder / f"{name}.toml").write_text(QUESTION.format(day=day), "utf-8")
        answer(Making(folder / f"{name}.toml", Store(folder / "store"), Catalogue.load()), folder / name)
    return folder


@pytest.fixture(scope="module")
def changed(place: Path) -> list[Change]:
    return diff(place / "older", place / "newer", Store(place / "store"), Catalogue.load())


def test_the_amounts_of_each_cell_add_up_and_the_register_explains_all_of_it(changed: list[Change]) -> None:
    indicators = set()
    for change in changed:
        if change.before is None or change.after is None:
            continue
        whole = difference(change.before, change.after)
        if whole is not None:
            total = sum((replace(amount, cause="register") for amount in change.amounts), Amount("register"))
            assert total == whole, change.key
            assert "register" not in [amount.cause for amount in change.amounts], change
            indicators.add(change.key[1])
    assert {"started", "persons"} <= indicators


def test_a_rest_that_no_unit_explains_is_told_as_such(place: Path, tmp_path: Path) -> None:
    for name in ("older", "newer"):
        shutil.copytree(place / "older", tmp_path / name)
    file = tmp_path / "newer/data/figures.json"
    release = Release.read(place / "older")
    figure = next(one for one in release.tables[0].figures if one.status == "value" and not one.by)
    said = f'"value": {figure.value},'
    file.write_text(file.read_text("utf-8").replace(said, f'"value": {int(figure.value or 0) + 7},', 1), "utf-8")
    found = changes(tmp_path / "older", tmp_path / "newer", lambda key, before, after: [Amount("correction", value=4)])
    assert found[0].amounts == (Amount("correction", value=4), Amount("register", value=3))


def test_the_terminal_shows_amounts_and_says_that_they_are_internal(place: Path, changed: list[Change]) -> None:
    told = uitstroom("diff", place / "older", place / "newer", "--store", place / "store")
    assert "INTERN" in told.stderr
    causes = Counter(cause for change in changed for cause in change.causes)
    assert causes["late_registration"]
    assert "late registratie +" in told.stdout


def test_the_revision_that_is_published_says_nothing_that_both_releases_do_not(place: Path) -> None:
    """Amounts per cause may be single persons: they are not in it."""
    told = uitstroom("diff", place / "older", place / "newer", "--csv", "--store", place / "store").stdout
    printed = {
        str(number)
        for name in ("older", "newer")
        for table in Release.read(place / name).tables
        for figure in table.figures
        for number in (figure.value, figure.numerator, figure.base)
        if number is not None
    }
    rows = list(csv.DictReader(io.StringIO(told)))
    assert rows
    for row in rows:
        for side in ("before", "after"):
            numbers = {row[f"{part}_{side}"] for part in ("value", "numerator", "base")}
            assert numbers - {""} <= printed
        if row["value_before"] and row["value_after"]:
            assert float(row["difference"]) == float(row["value_after"]) - float(row["value_before"])
