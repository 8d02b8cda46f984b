"""Written question 115 of 2017, from raw records to its two tables, through the real command line."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]
STARTED = {
    "Activeringsstage": "312",
    "Beroepsverkennende stage": "3.076",
    "Opleidingsstage": "11.571",
    "BIO (goedgekeurde opleidingsplannen)": "1.000",
    "IBO": "7.183",
    "ISS": "73",
    "Werkervaringsstages": "36",
    "Eindtotaal": "23.251",
}
"""The first table of the answer, letter by letter."""
OUTFLOW = {
    "Activeringsstage": "niet van toepassing",
    "Beroepsverkennende stage": "niet van toepassing",
    "Opleidingsstage": "67% na 3 maanden",
    "BIO": "niet mogelijk",
    "IBO": "nog niet gekend (vanaf 30 juni 2018)",
    "ISS": "47% na 3 maanden",
    "Werkervaringsstages": "niet van toepassing",
}
"""The second."""


def uitstroom(*words: str | Path, check: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as wide as a file: readline, which pytest loads, says 80."""
    command = [sys.executable, "-c", "from uitstroom.cli import main; main(prog_name='uitstroom')", *map(str, words)]
    plain = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=plain)
    assert done.returncode == check, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo's folder and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, uitstroom("demo", "--out", folder).stdout


def rows(printed: str, title: str) -> dict[str, str]:
    """The rows of a printed table: label and first cell."""
    lines = printed.split(title, 1)[1].split("\n\n", 1)[0].splitlines()
    found = (re.fullmatch(r"(\S.*?)\s{2,}(\S.*?)(\s{2,}.*)?", line.rstrip()) for line in lines)
    return {match[1]: match[2] for match in found if match}


def asked(store: Path, *words: str | Path) -> dict[str, Any]:
    """The JSON of figures, held against its schema."""
    document: dict[str, Any] = json.loads(uitstroom("figures", *words, "--json", "--store", store).stdout)
    jsonschema.validate(document, json.loads((ROOT / "docs/figures.schema.json").read_text()))
    return document


def figure(document: dict[str, Any], instrument: str | None, **by: str) -> dict[str, Any]:
    (found,) = [one for one in document["figures"] if one["instrument"] == instrument and one["by"] == by]
    return dict(found)


def test_the_demo_prints_the_two_tables_in_the_answers_order_with_its_labels(demo: tuple[Path, str]) -> None:
    _, printed = demo
    started = rows(printed, "gestarte acties, eerste jaarhelft 2017")
    assert {label: started[label] for label in STARTED} == STARTED
    assert [label for label in started if label in STARTED] == list(STARTED)
    outflow = rows(printed, "uitstroom naar werk, eerste jaarhelft 2017")
    assert [label for label in outflow if label in OUTFLOW] == list(OUTFLOW)
    assert all(outflow[label].startswith(cell) for label, cell in OUTFLOW.items())
    assert "voor trajecten met opleidingsstage" in outflow["Opleidingsstage"]


def test_what_must_travel_with_the_tables_is_there(demo: tuple[Path, str]) -> None:
    _, printed = demo
    text = " ".join(printed.split())
    assert "Synthetisch register" in text
    assert "verschillende eenheden op: acties en goedgekeurde opleidingsplannen" in text
    assert "de persoon, de startdatum en de einddatum" in text
    assert "Niet in het totaal, omdat er geen persoon geregistreerd wordt: BIO" in text
    persons = rows(printed, "personen, 1 juli 2016 tot en met 30 juni 2017")["Eindtotaal"]
    assert 36_500 <= int(persons.replace(".", "")) < 37_500


def test_english_says_the_same(demo: tuple[Path, str]) -> None:
    folder, _ = demo
    printed = uitstroom(
        "figures", "outflow", "--period", "2017-S1", "--as-of", "2017-11-23", "--lang", "en",
        "--store", folder / "store",
    ).stdout  # fmt: skip
    assert "67% after 3 months" in printed
    assert "not yet known (from 30 June 2018)" in printed


def test_the_seeds_values_pass_protection_unhidden(demo: tuple[Path, str]) -> None:
    store = demo[0] / "store"
    question = ("started", "outflow", "--period", "2017-S1", "--as-of", "2017-11-23")
    protected, internal = asked(store, *question), asked(store, *question, "--internal")
    assert protected["scope"]["protected"]
    assert not internal["scope"]["protected"]
    told = [(one["status"], one["value"], one["base"]) for one in protected["figures"]]
    assert told == [(one["status"], one["value"], one["base"]) for one in internal["figures"]]


def test_the_records_behind_each_figure_are_as_many(demo: tuple[Path, str]) -> None:
    store = demo[0] / "store"
    question = ("started", "outflow", "--period", "2017-S1", "--as-of", "2017-11-23")
    document = asked(store, *question, "--internal")
    done = uitstroom("records", *question, "--store", store)
    assert "INTERN" in done.stderr
    listed = list(csv.DictReader(io.StringIO(done.stdout)))
    for one in document["figures"]:
        if one["instrument"] is None or one["status"] in ("not_applicable", "not_possible") or one["by"]:
            continue
        behind = [
            row for row in listed if (row["indicator"], row["instrument"]) == (one["indicator"], one["instrument"])
        ]
        assert len(behind) == (one["maturity"]["entrants"] if one["maturity"] else one["value"])
        if one["status"] == "value" and one["maturity"]:
            assert sum(row["box"] == "at_work" for row in behind) == one["numerator"]


@pytest.fixture(scope="module")
def later(demo: tuple[Path, str]) -> tuple[Path, str, str]:
    """The store with the second delivery; and what it answered about 23 November 2017 before and after."""
    folder, _ = demo
    store = folder / "later"
    shutil.copytree(folder / "store", store)
    old = ("figures", "started", "outflow", "--period", "2017-S1", "--as-of", "2017-11-23", "--json", "--store", store)
    before = uitstroom(*old).stdout
    (delivery,) = sorted((folder / "deliveries").iterdir())[1:]
    uitstroom("load", delivery, "--store", store)
    return store, before, uitstroom(*old).stdout


def test_a_later_delivery_leaves_the_old_answer_byte_equal(later: tuple[Path, str, str]) -> None:
    _, before, after = later
    assert before == after


def test_a_delivery_complete_to_30_june_2018_makes_ibo_a_value(later: tuple[Path, str, str]) -> None:
    store, _, _ = later
    ibo = figure(asked(store, "outflow", "--period", "2017-S1"), "ibo")
    assert ibo["status"] == "value"
    assert ibo["base"] == ibo["maturity"]["followed"]


def test_a_withdrawn_snapshot_is_passed_by_and_can_be_found(later: tuple[Path, str, str], tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(later[0], store)
    newest = asked(store, "started", "--period", "2017-S1")["scope"]["snapshot"]
    uitstroom("withdraw", newest[:12], "--reason", "foute levering", "--store", store)
    assert asked(store, "started", "--period", "2017-S1")["scope"]["snapshot"] != newest
    assert "foute levering" in uitstroom("snapshots", "--store", store).stdout


def test_one_changed_record_changes_the_tables(demo: tuple[Path, str], tmp_path: Path) -> None:
    delivery = tmp_path / "delivery"
    shutil.copytree(sorted((demo[0] / "deliveries").iterdir())[0], delivery)
    with (delivery / "actions.csv").open(newline="") as file:
        records = list(csv.DictReader(file))
    chosen = next(
        one for one in records
        if one["instrument"] == "iss" and not one["resumes"] and "2017-01-01" <= one["start_date"] <= "2017-06-30"
        and one["end_reason"] not in ("cancelled", "registered_in_error")
    )  # fmt: skip
    chosen["instrument"], chosen["variant"] = "wes", ""
    with (delivery / "actions.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, records[0])
        writer.writeheader()
        writer.writerows(records)
    uitstroom("load", delivery, "--store", tmp_path / "store")
    document = asked(tmp_path / "store", "started", "--period", "2017-S1", "--as-of", "2017-11-23")
    assert (figure(document, "iss")["value"], figure(document, "wes")["value"]) == (72, 37)
    assert figure(document, None)["value"] == 23_251


def test_a_rate_of_bio_appears_when_the_catalogue_records_person_start_and_end(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue"
    shutil.copytree(ROOT / "src/uitstroom/catalogue/data/vdab", catalogue)
    bio = catalogue / "instruments" / "bio.toml"
    bio.write_text(
        re.sub(r"records = \[", 'records = ["person_id", "start_date", "end_date", ', bio.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    header = "action_id,instrument,person_id,approved_on,planned_days,start_date,end_date,end_reason"
    lines = [f"b{n},bio,{n},2017-01-02,90,2017-01-10,2017-04-09,completed" for n in range(1, 11)]
    (delivery / "actions.csv").write_text("\n".join([header, *lines]) + "\n")
    jobs = [f"s{n},{n},0400,OTH,2017-05-01," for n in range(1, 7)]
    (delivery / "spells.csv").write_text(
        "\n".join(["spell_id,person_id,employer_id,work_type,start_date,end_date", *jobs])
    )
    (delivery / "delivery.toml").write_text(
        'delivered_on = 2017-11-15\nkind = "full"\nperson = "pseudonym"\n'
        '[tables.action]\nfiles = ["actions.csv"]\ncomplete_from = 2016-01-01\ncomplete_until = 2017-11-10\n'
        '[tables.spell]\nfiles = ["spells.csv"]\ncomplete_from = 2016-01-01\ncomplete_until = 2017-10-31\n'
    )
    uitstroom("load", delivery, "--store", tmp_path / "store", "--catalogue", catalogue)
    document = asked(tmp_path / "store", "outflow", "--period", "2017-S1", "--catalogue", catalogue)
    bio_figure = figure(document, "bio")
    assert (bio_figure["status"], bio_figure["value"], bio_figure["base"]) == ("value", 60, 10)


def test_an_action_is_explained_down_to_the_spell(demo: tuple[Path, str]) -> None:
    store = demo[0] / "store"
    listed = uitstroom("records", "outflow", "--period", "2017-S1", "--instrument", "iss", "--store", store).stdout
    chosen = next(row for row in csv.DictReader(io.StringIO(listed)) if row["box"] == "at_work")
    told = uitstroom("explain", chosen["first_action"], "--store", store).stdout
    assert chosen["spell_id"] in told
    assert "iss-3-months" in told


def test_mistakes_in_a_question_are_said_and_exit_with_2(demo: tuple[Path, str]) -> None:
    store = demo[0] / "store"
    for words in (
        ("figures", "startd", "--period", "2017"),
        ("figures", "started", "--period", "2017-S9"),
        ("figures", "started", "--period", "2017", "--by", "shoe_size"),
        ("figures", "started", "--period", "2017", "--instrument", "nope"),
        ("figures", "outflow", "--period", "2017", "--definition", "nope"),
        ("figures", "started", "--period", "2017", "--by", "end_reason"),
    ):
        done = uitstroom(*words, "--store", store, check=2)
        assert done.stdout == ""
        assert "→" in done.stderr
    assert "no snapshot" in uitstroom("figures", "started", "--period", "2017", "--store", store / "x", check=1).stderr
