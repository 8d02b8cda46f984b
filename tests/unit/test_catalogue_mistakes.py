"""Every mistake in a catalogue's files is told at once, with its file, its key, and what to do."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.reading import BUILT_IN
from uitstroom.catalogue.references import touching
from uitstroom.catalogue.schema import Dated
from uitstroom.errors import UitstroomError
from uitstroom.periods import ONE_DAY, Day

ISS, IBO, BIO, BVS = (f"instruments/{code}.toml" for code in ("iss", "ibo", "bio", "bvs"))
MISTAKES = {
    "unknown key": (
        ISS, 'purpose = "experience"', 'purpose = "experience"\npurpse = 1',
        "purpse", "this key is not known", "did you mean purpose?",
    ),
    "unknown key deep down": (
        IBO, "maximum = { months = 6 }\n  message", "maximum = { month = 6 }\n  message",
        "versions[1].rules[1].maximum.month", "this key is not known", "did you mean months?",
    ),
    "overlapping versions": (
        IBO, "valid_from = 2013-10-01", "valid_from = 2013-09-30",
        "versions", "two versions overlap: one from 2013-09-30, one until 2013-09-30", "the earlier end on 2013-09-29",
    ),
    "a gap between versions": (
        IBO, "valid_from = 2018-09-01\nvalid_until", "valid_from = 2018-09-03\nvalid_until",
        "versions", "no version is valid from 2018-09-01 to 2018-09-02", "let the earlier end on 2018-09-02",
    ),
    "a version before it begins": (
        ISS, "valid_until = 2018-08-31", "valid_until = 2013-01-31",
        "versions[1]", "valid_until lies before valid_from", None,
    ),
    "a rate on fields that are not recorded": (
        BIO, "not_recorded_reason", "note_of_old = 1 #", "versions[1].outflow",
        "iss-3-months is a rate on fields that are not recorded: person_id, start_date, end_date", "records",
    ),
    "counted by a day that is not recorded": (
        ISS, 'records = ["person_id", "start_date", ', 'records = ["person_id", ',
        "versions[1].records", "it counts by start, but start_date is not recorded", "add start_date",
    ),
    "starts and approvals in one instrument": (
        IBO, "valid_from = 2026-01-01\n", 'valid_from = 2026-01-01\nentrant = "approval"\n',
        "versions", "some versions count by start and some by approval", "an instrument of its own",
    ),
    "a missing translation": (
        ISS, '{ nl = "Instapstage", en = "Entry placement" }', '{ nl = "Instapstage" }',
        "name.en", "the English words are missing", "every text is given in Dutch and in English",
    ),
    "a translation in name only": (
        ISS, '{ nl = "ISS", en = "ISS" }', '{ nl = "ISS", en = " " }',
        "short_name.en", "these words are empty", "write them",
    ),
    "an unknown source": (
        "work_types.toml", 'source = "gh-dimona"', 'source = "gh-dimonna"',
        "OTH.source", "there is no source 'gh-dimonna'", "did you mean gh-dimona?",
    ),
    "an unknown source of a rule": (
        ISS, 'source = "group-s"', 'source = "groups"',
        "versions[1].rules[4].source", "there is no source 'groups'", "did you mean group-s?",
    ),
    "an unknown definition": (
        ISS, 'outflow = "iss-3-months"', 'outflow = "iss-3-month"',
        "versions[1].outflow", "there is no definition of outflow 'iss-3-month'", "did you mean iss-3-months?",
    ),
    "an unknown work type": (
        "indicators.toml", 'work_types = ["OTH", "EXT"', 'work_types = ["OTHER", "EXT"',
        "outflow.opleidingsstage-3-months[1].work_types", "there is no work type 'OTHER'", "did you mean OTH?",
    ),
    "an unknown frame": (
        "instruments/wes.toml", 'frames = ["tiw", ', 'frames = ["tiv", ',
        "versions[1].rules[2].frames", "there is no frame 'tiv'", "did you mean tiw?",
    ),
    "an unknown variant": (
        BVS, 'variants = ["gos"]', 'variants = ["gso"]',
        "versions[1].rules[2].variants", "there is no variant 'gso'", "did you mean gos?",
    ),
    "a variant of two instruments": (
        BVS, 'code = "gos"', 'code = "gibo"',
        "variants[3].code", "the instrument bvs has a variant of this code too", "choose another code",
    ),
    "an unknown successor": (
        BIO, 'successors = ["bis"]', 'successors = ["bos"]',
        "successors", "there is no instrument 'bos'", "known: activeringsstage, bio, bis, bvs, ibo",
    ),
    "a rule on a column that is not recorded": (
        BIO, 'columns = ["approved_on", ', 'columns = ["employer_id", ',
        "versions[1].rules[1].columns", "the rule looks at employer_id, which this version does not record",
        "record it",
    ),
    "a rule of no known kind": (
        ISS, 'kind = "duration"', 'kind = "length"',
        "versions[1].rules[1]", "this is none of the allowed values", "'requires', 'duration', 'start_window'",
    ),
    "a code that a column cannot hold": (
        ISS, 'allowed = ["low"]', 'allowed = ["lower"]',
        "versions[1].rules[3].allowed", "there is no code of education 'lower'", "did you mean low?",
    ),
    "an unknown member": (
        "groups.toml", '{ instrument = "iss", ', '{ instrument = "is", ',
        "werkplekleren.members[5].instrument", "there is no instrument 'is'", "did you mean",
    ),
    "a member without a place in tables": (
        "groups.toml", '"ibo", "iss", "wes"]', '"ibo", "wes"]',
        "werkplekleren.table_order", "iss has no place in the order of tables", "add 'iss'",
    ),
    "a member twice at once": (
        "groups.toml", "members = [", 'members = [ { instrument = "ibo", valid_until = 2000-01-01 },',
        "werkplekleren.members", "ibo is a member twice at the same time", "follow each other",
    ),
    "a dimension of nothing": (
        "dimensions.toml", 'of = "arrondissement"', 'of = "arondissement"',
        "province.of", "there is no dimension 'arondissement'", "did you mean arrondissement?",
    ),
    "a parent that is not there": (
        "dimensions.toml", '"Antwerp" }, parent = "10000" }', '"Antwerp" }, parent = "10001" }',
        "arrondissement.codes[1].parent", "there is no parent '10001'", "did you mean 20001?",
    ),
    "bands with a hole": (
        "dimensions.toml", "low = 25, high = 54", "low = 26, high = 54",
        "age_group.bands", "the bands <25 and 25-54 do not follow each other", "one above",
    ),
    "a column that SQL could not name": (
        "dimensions.toml", 'column = "sex"', 'column = "sex; drop"',
        "sex.column", "this has signs that are not allowed here", "write it as",
    ),
    "places that differ between languages": (
        "words.toml", "", '["reason.nobody"]\nnl = "niemand in {basis}"\nen = "nobody in {base}"\n',
        '"reason.nobody"', "the Dutch and the English words differ in {places}: base, basis", "the same in both",
    ),
    "a place that nobody fills": (
        "words.toml", "", '["reason.nobody"]\nnl = "niemand in {basis}"\nen = "nobody in {basis}"\n',
        '"reason.nobody"', "there is no place 'basis'", None,
    ),
    "a setting of protection left out": (
        "disclosure.toml", "threshold = 4\n", "threshold = 0\n",
        "threshold", "this number is too small", "the least is 1",
    ),
    "a dimension that is its own parent": (
        "dimensions.toml", 'kind = "code"\ncolumn = "municipality"', 'kind = "parent"\nof = "region"', "region.of",
        "the dimension is its own parent: region → province → arrondissement → municipality → region", "ring",
    ),
    "a code twice": (
        "dimensions.toml", 'code = "25-54"', 'code = "<25"',
        "age_group", "the code '<25' stands here 2 times", "keep one",
    ),
    "a place in tables twice": (
        "groups.toml", '"iss", "wes"]', '"iss", "iss", "wes"]',
        "werkplekleren.table_order", "the instrument 'iss' stands here 2 times", "keep one",
    ),
    "an unknown group": (
        "service.toml", 'default_group = "werkplekleren"', 'default_group = "werkplekken"',
        "default_group", "there is no group 'werkplekken'", "did you mean werkplekleren?",
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A full copy of the built-in folder, to make mistakes in."""
    copy = tmp_path / "own"
    shutil.copytree(BUILT_IN, copy)
    (copy / "words.toml").touch()
    return copy


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old}"
    path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")


def problems(folder: Path) -> list:
    with pytest.raises(UitstroomError) as caught:
        Catalogue.load(folder)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_file_its_key_and_what_to_do(folder, name):
    file, old, new, key, what, todo = MISTAKES[name]
    edit(folder, file, old, new)
    found = [one for one in problems(folder) if one.what == what]
    places = [one.where.removeprefix(f"{folder}/") for one in found]
    assert [place for place in places if place.endswith(f", {key}")], (places, problems(folder))
    assert todo is None or any(todo in (one.todo or "") for one in found)


def test_all_mistakes_are_told_at_once(folder):
    """One edit of each kind that the desk makes most, in one instrument and in other files."""
    chosen = [
        "overlapping versions", "unknown key", "unknown key deep down", "a rate on fields that are not recorded",
        "a missing translation", "an unknown source", "an unknown member", "places that differ between languages",
    ]  # fmt: skip
    for name in chosen:
        edit(folder, *MISTAKES[name][:3])
    told = {one.what for one in problems(folder)}
    assert {MISTAKES[name][4] for name in chosen} <= told


def test_a_small_mistake_does_not_hide_the_others_of_its_instrument(folder):
    edit(folder, IBO, 'purpose = "placement"', 'purpose = "placement"\nremark = 1')
    edit(folder, IBO, '{ nl = "IBO", en = "IBO" }', '{ nl = "IBO" }')
    edit(folder, IBO, 'kind = "duration"', 'kind = "length"')
    edit(folder, IBO, "valid_from = 2013-10-01", "valid_from = 2013-09-30")
    told = {one.what for one in problems(folder)}
    assert any(what.startswith("two versions overlap") for what in told)
    assert len(told) == 4


def test_no_word_of_the_validator_reaches_the_reader(folder):
    for file, old, new, *_ in MISTAKES.values():
        if old and old in (folder / file).read_text("utf-8"):
            edit(folder, file, old, new)
    said = "\n".join(str(one) for one in problems(folder)).replace(str(folder), "own")
    assert not re.search(r"[Ii]nput should|pydantic|validat(or|ion)|_type\b|\bNone\b|Traceback|model_", said)
    assert len(said.splitlines()) > len(MISTAKES)


@pytest.mark.parametrize(
    ("file", "content", "what"),
    [
        ("groups.toml", b"a = \n", "this is not TOML"),
        ("instruments/x.toml", b"code = 'a\xff'\n", "this file is not text in UTF-8"),
        ("instrument.toml", b"", "this is no file of a catalogue"),
        ("indicators.toml", b"[outflows.x]\n", "this key is not known"),
        ("instruments/iss2.toml", b'code = "iss"\n', "holds this instrument too"),
        ("indicators.toml", b"[indicators.startd]\n", "there is no indicator 'startd'"),
    ],
)
def test_what_cannot_be_read_is_told(folder, file, content, what):
    (folder / file).write_bytes(content)
    assert any(what in one.what and file in one.where for one in problems(folder))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    [problem] = problems(tmp_path / "nowhere")
    assert problem.what == "there is no such folder"


def test_a_folder_that_stands_alone_needs_its_own_files(tmp_path):
    (tmp_path / "service.toml").write_text('extends = false\ncode = "x"\ndefault_group = "g"\n', "utf-8")
    told = {(one.where, one.what) for one in problems(tmp_path)}
    assert ("disclosure.toml", "this file is missing") in told
    assert (f"{tmp_path}/service.toml, name", "this key is missing") in told
    assert ("indicators.toml, indicators.outflow", "this indicator is missing") in told


@given(
    st.dates(Day(2000, 1, 1), Day(2020, 1, 1)),
    st.lists(st.integers(1, 400), min_size=1, max_size=6),
    st.integers(0, 5),
    st.sampled_from([-2, -1, 1, 2]),
)
def test_versions_touch_and_any_shifted_boundary_is_found(first, lengths, place, shift):
    """A row of versions that follow each other day by day is sound; moving one boundary is a gap or an overlap."""
    starts = [first]
    for length in lengths:
        starts.append(starts[-1] + 3 * length * ONE_DAY)
    rows = [Dated(valid_from=a, valid_until=b - ONE_DAY) for a, b in pairwise(starts)]
    rows = [Dated(valid_until=first - ONE_DAY), *rows, Dated(valid_from=starts[-1])]
    assert list(touching(rows, "here")) == []
    moved = 1 + place % (len(rows) - 1)
    rows[moved] = Dated(valid_from=rows[moved].valid_from + shift * ONE_DAY, valid_until=rows[moved].valid_until)
    found = [problem.what for problem in touching(rows, "here")]
    assert [what.startswith("two versions overlap") for what in found] == [shift < 0]
