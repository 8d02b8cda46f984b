"""What 0.1.0 published is read, verified and compared by every later version."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.test_answer_115 import ROOT, uitstroom
from uitstroom.release.verdict import moved_cells

MADE = ROOT / "tests" / "made_by_0_1_0"
RELEASES = ("sv-2017-115", "ibo-2017-11-23", "ibo-2018-07-16")
"""Those that no newer rule moves."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, since a store may be read only where it can be written to."""
    place = tmp_path_factory.mktemp("made") / "made"
    shutil.copytree(MADE, place)
    return place


@pytest.mark.parametrize("name", RELEASES)
def test_every_release_stands_in_its_older_form(made: Path, name: str) -> None:
    told = uitstroom("verify", made / "releases" / name, "--store", made / "store", "--beside", made / "beside").stdout
    assert told.strip() == "Dezelfde cijfers, oudere vorm: elke cel is gelijk."


def test_a_release_that_a_newer_rule_moves_names_each_cell_and_the_rule(made: Path) -> None:
    """Since 0.2.0 a share of a list is withheld where it or its complement is small, zero included."""
    options = ("--store", made / "store", "--beside", made / "beside")
    told = " ".join(uitstroom("verify", made / "releases" / "bereik", *options, check=1).stdout.split())
    assert told.count("door de regel count.reach.") == told.count("andere cel: bereik · reach · ") == 7
    assert "geen regel" not in told
    assert told.endswith("NIET gelijk: 7 cellen komen er volgens de regels van vandaag anders uit.")


def test_a_cell_that_comes_out_differently_is_listed_and_a_damaged_file_named(made: Path, tmp_path: Path) -> None:
    release = tmp_path / "sv-2017-115"
    shutil.copytree(made / "releases" / "sv-2017-115", release)
    figures = release / "data" / "figures.json"
    body = json.loads(figures.read_text("utf-8"))
    ibo = next(one for one in body["figures"] if (one["indicator"], one["instrument"]) == ("started", "ibo"))
    ibo["value"] += 1
    figures.write_text(json.dumps(body), "utf-8")
    told = uitstroom("verify", release, "--store", made / "store", check=1).stdout
    assert "data/figures.json" in told
    (cell,) = moved_cells(figures.read_bytes(), (MADE / "releases/sv-2017-115/data/figures.json").read_bytes())
    assert (cell.cell, int(cell.before) - int(cell.after)) == ("gestart · started · ibo · 2017-S1", 1)
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    from uitstroom.release.manifest import digest

    manifest["files"]["data/figures.json"] = digest(figures.read_bytes())
    (release / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    told = " ".join(uitstroom("verify", release, "--store", made / "store", check=1).stdout.split())
    assert f"gestart · started · ibo · 2017-S1: was {cell.before}, wordt {cell.after}" in told


def test_differences_between_them_are_explained(made: Path) -> None:
    older, newer = (made / "releases" / name for name in ("ibo-2017-11-23", "ibo-2018-07-16"))
    told = uitstroom("diff", older, newer, "--store", made / "store").stdout
    assert "nieuwe gegevens" in told


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"status": "suppressed", "value": None, "reason": {"nl": "x", "en": "x"}}, "protection"),
        ({"value": 1, "instrument": None, "group": "werkplekleren"}, "count.outside_validity"),
    ],
)
def test_the_rule_that_can_move_a_cell_is_named(change: dict[str, object], rule: str) -> None:
    older = json.loads((MADE / "releases/sv-2017-115/data/figures.json").read_text("utf-8"))
    newer = json.loads(json.dumps(older))
    place = next(
        place
        for place, one in enumerate(newer["figures"])
        if one["indicator"] == "started" and one["status"] == "value" and bool(one["instrument"]) != ("group" in change)
    )
    newer["figures"][place].update(change)
    (moved,) = moved_cells(json.dumps(older).encode(), json.dumps(newer).encode())
    assert moved.rule == rule
