"""A release is read back from its folder alone: by later versions, and where nothing of the register is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import jsonschema
import pytest

from tests import samples
from tests.docs.tree import ROOT
from uitstroom.errors import UitstroomError
from uitstroom.figures import Population
from uitstroom.release.data import WRITERS
from uitstroom.release.fields import FIELDS
from uitstroom.release.figure_json import figure_as_json, figure_of
from uitstroom.release.figures_file import SCHEMA, FiguresFile, figures_schema
from uitstroom.release.folder import Release
from uitstroom.release.words_file import WORDS_FILE, ReleaseWords

OLD = ROOT / "tests" / "made_by_0_1_0" / "releases"
READERS = ("uitstroom.release.folder", "uitstroom.release.figures_file", "uitstroom.release.words_file")
HEAVY = ("duckdb", "highspy", "scipy", "numpy", "pydantic", "uitstroom.catalogue", "uitstroom.disclosure",
         "uitstroom.registers", "uitstroom.measure", "rich", "click")  # fmt: skip


def written(name: str = "json") -> dict[str, bytes]:
    return WRITERS[name](samples.published(), samples.catalogue(), "nl")


@pytest.mark.parametrize("place", range(len(samples.all_tables())))
def test_every_figure_reads_back_as_it_was(place: int) -> None:
    for figure in samples.published().tables[place].figures:
        asked = replace(figure, notes=(samples.note("note.synthetic"),), population=Population("f" * 64))
        assert figure_of(json.loads(json.dumps(figure_as_json(asked))), SCHEMA) == asked


def test_a_file_says_again_what_it_said() -> None:
    content = written()["data/figures.json"]
    read = FiguresFile.parse(content, "figures.json")
    assert read.as_bytes() == content
    assert [table.figures for table in read.tables] == [table.figures for table in samples.published()]
    assert (read.threshold, read.group_disclosure) == (4, "show")


def test_a_rate_keeps_the_decimals_that_were_printed() -> None:
    figure = next(one for one in samples.outflow().figures if one.status == "value")
    whole = replace(figure, value=samples.Decimal("47.0"), decimals=1)
    assert str(figure_of(json.loads(json.dumps(figure_as_json(whole))), SCHEMA).value) == "47.0"


@pytest.mark.parametrize("name", sorted(one.name for one in OLD.iterdir()))
def test_releases_of_0_1_0_are_read_without_a_catalogue(name: str) -> None:
    release = Release.read(OLD / name)
    told = json.loads((OLD / name / "data/figures.json").read_text("utf-8"))
    assert release.figures.schema == 1
    again = [figure_as_json(figure) for table in release.tables for figure in table.figures]
    since = {field.name for field in FIELDS if field.since == 1}
    assert [{key: value for key, value in one.items() if key in since} for one in again] == told["figures"]
    assert release.scope.snapshot == release.manifest.inputs["snapshot"]
    assert release.words.name("instrument", "ibo")["nl"] == "Individuele beroepsopleiding"
    assert release.words.name("status", "suppressed")["nl"]


def test_the_words_travel_with_the_release() -> None:
    made = written()
    names = FiguresFile.parse(made["data/figures.json"], "").codes
    words = ReleaseWords.parse(made[WORDS_FILE], names)
    catalogue = samples.catalogue()
    assert words.as_bytes() == made[WORDS_FILE]
    assert words.word("status.suppressed") == catalogue.word("status.suppressed")
    assert words.meaning("instrument", "ibo") == catalogue.instrument("ibo").description
    assert words.row("started", None, samples.GROUP) == catalogue.group(samples.GROUP).total
    with pytest.raises(UitstroomError, match="no words for nonsense"):
        words.word("nonsense")


def test_the_schema_beside_the_figures_judges_them() -> None:
    made = written()
    schema = json.loads(made["data/figures.schema.json"])
    assert schema == figures_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    judge.validate(json.loads(made["data/figures.json"]))
    for change in ({"status": "secret"}, {"value": None}, {"decimals": -1}, {"more": 1}):
        body = json.loads(made["data/figures.json"])
        next(one for one in body["figures"] if one["status"] == "value").update(change)
        assert not judge.is_valid(body), change


@pytest.mark.parametrize(
    ("change", "said"),
    [({"schema": SCHEMA + 1}, "newer version"), ({"figures": []}, "cannot be read"), ({"scope": {}}, "cannot be read")],
)
def test_figures_that_cannot_be_read_are_refused(change: dict[str, object], said: str) -> None:
    body = json.loads(written()["data/figures.json"]) | change
    with pytest.raises(UitstroomError, match=said):
        FiguresFile.parse(json.dumps(body).encode(), "figures.json")


@pytest.mark.parametrize("module", READERS)
def test_readers_start_no_engine(module: str) -> None:
    """What serves a site imports these, where neither driver nor solver is installed."""
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == ""
