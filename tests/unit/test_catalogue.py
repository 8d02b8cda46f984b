"""What the catalogue promises: VDAB as the answer to question 115 says, and a service's own files on top of it."""

import ast
import datetime
import re
import shutil
from pathlib import Path

import pytest

from uitstroom.catalogue import Catalogue, needed_columns
from uitstroom.catalogue.reading import BUILT_IN
from uitstroom.catalogue.schema import NoOutflow, OutflowDefinition, Version
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import ONE_DAY, Horizon, Period

DAY = datetime.date
ROOT = Path(__file__).resolve().parents[2]
SEED_LIST = ["bvs", "activeringsstage", "opleidingsstage", "ibo", "iss", "bio", "wes"]
SEED_TABLE = ["activeringsstage", "bvs", "opleidingsstage", "bio", "ibo", "iss", "wes"]
SEED_LABELS = [
    "Activeringsstage", "Beroepsverkennende stage", "Opleidingsstage", "BIO (goedgekeurde opleidingsplannen)", "IBO",
    "ISS", "Werkervaringsstages",
]  # fmt: skip


@pytest.fixture(scope="module")
def vdab() -> Catalogue:
    return Catalogue.load()


def overlay(folder: Path, **files: str) -> Catalogue:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Catalogue.load(folder)


def codes(instruments) -> list[str]:
    return [instrument.code for instrument in instruments]


# The seed


def test_seven_forms_in_2017_and_six_from_september_2018_in_the_order_of_tables(vdab):
    assert codes(vdab.members("werkplekleren", Period.parse("2017-S1"))) == SEED_TABLE
    later = codes(vdab.members("werkplekleren", Period.parse("2018-10")))
    assert later == ["activeringsstage", "bvs", "opleidingsstage", "bis", "ibo", "wes"]
    assert codes(vdab.members("werkplekleren", Period.parse("2023"))) == ["opleidingsstage", "bis", "ibo", "wes"]


def test_the_list_of_the_seed_has_an_order_of_its_own(vdab):
    day = DAY(2017, 6, 30)
    members = vdab.group("werkplekleren").members
    assert [member.instrument for member in members if member.valid_on(day)] == SEED_LIST


def test_labels_are_those_of_the_seed_letter_by_letter(vdab):
    labels = vdab.group("werkplekleren").labels
    assert [labels["started"][code]["nl"] for code in SEED_TABLE] == SEED_LABELS
    assert labels["outflow"]["bio"]["nl"] == "BIO"
    assert vdab.group("werkplekleren").total["nl"] == "Eindtotaal"


@pytest.mark.parametrize(
    ("instrument", "unit", "cohort", "anchor", "months"),
    [
        ("opleidingsstage", "trajectory", "ended", "end", 3),
        ("iss", "action", "ended", "end", 3),
        ("ibo", "action", "started", "start", 12),
    ],
)
def test_vdab_2017_measures_as_the_first_answer_says(vdab, instrument, unit, cohort, anchor, months):
    version = vdab.instrument(instrument).version_on(DAY(2017, 6, 30))
    definition = vdab.outflow_definition(version.outflow, DAY(2017, 6, 30))
    measured = (definition.unit, definition.cohort, definition.anchor, definition.horizon)
    assert measured == (unit, cohort, anchor, Horizon(months=months))
    assert (definition.who, definition.event.kind, definition.incomplete) == ("all", "on_the_day", "withhold")
    assert definition.work_types == ("OTH", "EXT", "FLX", "STU")
    assert definition.source == "seed"
    assert definition.stated


@pytest.mark.parametrize("instrument", ["bvs", "activeringsstage", "wes"])
def test_a_purpose_is_why_outflow_does_not_apply(vdab, instrument):
    version = vdab.instrument(instrument).version_on(DAY(2017, 6, 30))
    assert isinstance(version.outflow, NoOutflow)
    assert version.outflow.source == "seed"


def test_bio_is_not_possible_because_of_what_is_recorded_and_not_because_it_says_so(vdab):
    version = vdab.instrument("bio").version_on(DAY(2017, 6, 30))
    assert version.entrant == "approval"
    definition = vdab.outflow_definition(version.outflow, DAY(2017, 6, 30))
    missing = [column for column in needed_columns(definition, version) if column not in version.records]
    assert missing == ["person_id", "start_date", "end_date"]


def test_what_a_placement_itself_produces_is_never_work_that_counts(vdab):
    produced = {code for code, work in vdab.work_types.items() if work.placement}
    assert produced == {"IVT", "TRI", "STG", "DWD", "ALT"}
    for versions in vdab.indicators.outflow.values():
        assert not any(produced & set(version.work_types) for version in versions)


@pytest.mark.parametrize(
    ("instrument", "day", "first", "last"),
    [
        ("activeringsstage", DAY(2017, 1, 9), DAY(2017, 4, 11), DAY(2022, 12, 31)),
        ("iss", DAY(2018, 9, 1), DAY(2013, 2, 1), DAY(2018, 8, 31)),
        ("bvs", DAY(2016, 7, 1), None, DAY(2018, 8, 31)),
        ("ibo", DAY(2013, 9, 30), None, DAY(2013, 9, 30)),
        ("ibo", DAY(2017, 6, 30), DAY(2013, 10, 1), DAY(2018, 8, 31)),
        ("wes", DAY(2023, 1, 1), DAY(2023, 1, 1), None),
        ("bis", DAY(2018, 9, 1), DAY(2018, 9, 1), None),
    ],
)
def test_a_start_outside_every_version_falls_under_the_nearest(vdab, instrument, day, first, last):
    version = vdab.instrument(instrument).nearest_version(day)
    assert (version.valid_from, version.valid_until) == (first, last)


def test_the_register_of_the_policy_letter_s_year_lies_within_the_versions(vdab):
    """Of the forms that existed in July 2016; activation and work experience placements are of 2017."""
    for code in ("bvs", "opleidingsstage", "ibo", "iss", "bio"):
        assert vdab.instrument(code).version_on(DAY(2016, 7, 1)), code


def test_who_succeeds_is_succeeded(vdab):
    for code, instrument in vdab.instruments.items():
        assert all(code in vdab.instrument(other).predecessors for other in instrument.successors)
        assert all(code in vdab.instrument(other).successors for other in instrument.predecessors)


def test_a_withdrawn_plan_counts_and_one_registered_in_error_does_not(vdab):
    assert vdab.end_reasons["withdrawn"].kind != "never_happened"
    undone = [code for code, reason in vdab.end_reasons.items() if reason.registered_in_error]
    assert undone == ["registered_in_error"]


def test_every_municipality_has_a_province_and_a_region(vdab):
    districts = {entry.code: entry.parent for entry in vdab.dimension("arrondissement").codes}
    provinces = {entry.code: entry.parent for entry in vdab.dimension("province").codes}
    regions = {entry.code for entry in vdab.dimension("region").codes}
    assert set(districts.values()) == set(provinces)
    assert set(provinces.values()) == regions
    named = [entry.code[:2] for entry in vdab.dimension("municipality").codes]
    assert set(named) <= set(districts)
    assert len({code for code in districts if code not in {"54", "58"}}) == 42  # these two replaced each other in 2019


def test_a_dimension_of_frames_takes_their_names(vdab):
    assert [entry.code for entry in vdab.dimension("frame").codes] == list(vdab.frames)


# Sentences


DESK = ROOT / "src/uitstroom/desk"
"""The desk has words of its own; tests/desk/test_words.py holds them the same way."""


def asked_words() -> list[tuple[str, str, set[str] | None]]:
    """Place, key and the names of the parts (None: not known here) of every sentence that the code asks for."""
    found = []
    for module in sorted((ROOT / "src").rglob("*.py")):
        if module.is_relative_to(DESK):
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _of_the_catalogue(node.func) and node.args:
                key = _key(node.args[0])
                if key:
                    names = {part.arg for part in node.keywords}
                    found.append((f"{module.name}:{node.lineno}", key, None if None in names else names))
    return found


def _of_the_catalogue(function) -> bool:
    """`catalogue.word`, `self._word` and the like; the house style has words of its own."""
    name = getattr(function, "attr", None) or getattr(function, "id", "")
    return name in {"word", "_word"} and getattr(getattr(function, "value", None), "id", "") != "style"


def _key(argument) -> str | None:
    """The key as a pattern: what is filled in while running stands for anything."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return re.escape(argument.value)
    if isinstance(argument, ast.JoinedStr):
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.]+" for part in argument.values]
        return "".join(parts)
    return None


def test_every_sentence_that_the_code_asks_for_is_there_with_the_places_that_it_fills(vdab):
    asked = asked_words()
    assert len(asked) > 50
    wrong = []
    for place, key, names in asked:
        fitting = [text for word, text in vdab.words.items() if re.fullmatch(key, word)]
        filled = [text for text in fitting if names is None or set(re.findall(r"\{(\w+)\}", text["nl"])) <= names]
        if not filled:
            wrong.append(f"{place} {key} {sorted(names or ())}")
    assert wrong == []


def test_a_sentence_is_filled_in_each_language(vdab):
    said = vdab.word("reason.not_yet_known", day=DAY(2018, 6, 30))
    assert "30 juni 2018" in said["nl"]
    assert "30 June 2018" in said["en"]


def test_a_sentence_that_is_not_there_is_told(vdab):
    with pytest.raises(UitstroomError, match=r"no words for letter\.none"):
        vdab.word("letter.none")


# Looking things up


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda one: one.instrument("IBO"), "did you mean ibo?"),
        (lambda one: one.dimension("sexe"), "did you mean sex?"),
        (lambda one: one.group("werkplek"), "did you mean werkplekleren?"),
        (lambda one: one.outflow_definition("ibo-12-month", DAY(2017, 1, 1)), "did you mean ibo-12-months?"),
        (lambda one: one.persons_definition("reach", DAY(2017, 1, 1)), "did you mean reached?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(vdab, ask, said):
    with pytest.raises(UsageError) as caught:
        ask(vdab)
    assert said in str(caught.value)


def test_a_definition_is_the_version_of_its_day(tmp_path):
    body = """
[[outflow.two]]
valid_until = 2017-06-30
{rest}
horizon = {{ months = 3 }}
[[outflow.two]]
valid_from = 2017-07-01
valid_until = 2018-12-31
{rest}
horizon = {{ months = 6 }}
"""
    words = '{ nl = "n", en = "n" }'
    rest = f'cohort = "ended"\nanchor = "end"\nwork_types = ["OTH"]\nsource = "seed"\nstated = true\nname = {words}\n'
    own = overlay(tmp_path, indicators=body.format(rest=rest + f"description = {words}"))
    boundary = DAY(2017, 6, 30)
    assert own.outflow_definition("two", boundary).horizon == Horizon(months=3)
    assert own.outflow_definition("two", boundary + ONE_DAY).horizon == Horizon(months=6)
    with pytest.raises(UsageError, match="not valid on 2019-01-01"):
        own.outflow_definition("two", DAY(2019, 1, 1))


def definition(**changes: object) -> OutflowDefinition:
    words = {"nl": "n", "en": "n"}
    plain = {"cohort": "ended", "anchor": "end", "horizon": {"months": 3}, "work_types": ["OTH"], "source": "seed"}
    return OutflowDefinition.model_validate(plain | {"stated": True, "name": words, "description": words} | changes)


def version(entrant: str) -> Version:
    return Version.model_validate({"records": [], "outflow": "x", "source": "seed", "stated": True, "entrant": entrant})


@pytest.mark.parametrize(
    ("entrant", "changes", "needed"),
    [
        ("start", {}, {"person_id", "start_date", "end_date"}),
        ("start", {"cohort": "started", "anchor": "start"}, {"person_id", "start_date"}),
        ("start", {"cohort": "started"}, {"person_id", "start_date", "end_date"}),
        ("start", {"unit": "trajectory"}, {"person_id", "start_date", "end_date", "trajectory_id"}),
        ("start", {"event": {"same_employer": True}}, {"person_id", "start_date", "end_date", "employer_id"}),
        ("start", {"who": "completed"}, {"person_id", "start_date", "end_date", "end_reason"}),
        ("approval", {"cohort": "started", "anchor": "start"}, {"person_id", "start_date", "approved_on"}),
        ("approval", {}, {"person_id", "start_date", "end_date"}),
    ],
)
def test_a_definition_needs_these_columns(entrant, changes, needed):
    assert set(needed_columns(definition(**changes), version(entrant))) == needed


# A service's own files


def test_a_full_copy_is_the_same_catalogue_wherever_it_stands(vdab, tmp_path):
    shutil.copytree(BUILT_IN, tmp_path / "own")
    assert Catalogue.load(tmp_path / "own").fingerprint == vdab.fingerprint
    service = tmp_path / "own" / "service.toml"
    service.write_text(service.read_text("utf-8") + "extends = false\n", "utf-8")
    alone = Catalogue.load(tmp_path / "own")
    assert alone.fingerprint == vdab.fingerprint


def test_the_fingerprint_is_of_what_is_said_and_not_of_how_it_is_written(vdab, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(BUILT_IN, own)
    iss = own / "instruments" / "iss.toml"
    text = iss.read_text("utf-8")
    spread = 'purpose = "experience"\nkind = "workplace_learning" # the default'
    iss.write_text("# a remark\n" + text.replace('purpose = "experience"', spread).replace(" = ", "  =  "), "utf-8")
    assert Catalogue.load(own).fingerprint == vdab.fingerprint
    iss.write_text(text.replace("age_below = 25", "age_below = 26"), "utf-8")
    assert Catalogue.load(own).fingerprint != vdab.fingerprint


def test_the_order_of_what_has_no_order_leaves_the_fingerprint_alone(tmp_path):
    words = ['["own.a"]\nnl = "a"\nen = "a"\n', '["own.b"]\nnl = "b"\nen = "b"\n']
    text = (BUILT_IN / "groups.toml").read_text("utf-8")
    labels = re.search(r"(?s)(?<=labels\.started\]\n).+?(?=\n\n)", text)[0]
    turned = text.replace(labels, "\n".join(reversed(labels.splitlines())))
    one = overlay(tmp_path / "one", words="".join(words), groups=text)
    other = overlay(tmp_path / "other", words="".join(reversed(words)), groups=turned)
    assert turned != text
    assert one.fingerprint == other.fingerprint


def test_bio_with_a_person_a_start_and_an_end_can_be_measured(tmp_path):
    shutil.copytree(BUILT_IN, tmp_path / "own")
    path = tmp_path / "own" / "instruments" / "bio.toml"
    more = 'records = ["person_id", "start_date", "end_date", '
    path.write_text(path.read_text("utf-8").replace("records = [", more), "utf-8")
    own = Catalogue.load(tmp_path / "own")
    bio = own.instrument("bio").version_on(DAY(2017, 6, 30))
    assert set(needed_columns(own.outflow_definition(bio.outflow, DAY(2017, 6, 30)), bio)) <= set(bio.records)


def test_an_entry_on_top_replaces_the_one_below_and_leaves_the_others(vdab, tmp_path):
    instrument = (BUILT_IN / "instruments" / "iss.toml").read_text("utf-8")
    own = overlay(
        tmp_path,
        instruments__own=instrument.replace('code = "iss"', 'code = "own"', 1),
        instruments__iss=instrument.replace("actions = 2", "actions = 3", 1),
        sources='[seed]\ntitle = "een andere titel"\n',
        words='["reason.nobody"]\nnl = "geen mens"\nen = "not a soul"\n[own.words]\nnl = "a"\nen = "b"\n',
        service='name = { nl = "Dienst", en = "Service" }\n',
        indicators="[indicators.started]\n" + 'name = { nl = "a", en = "b" }\ndescription = { nl = "a", en = "b" }\n',
    )
    assert [*vdab.instruments, "own"] == list(own.instruments)
    assert own.instrument("iss").versions[0].rules[1].actions == 3
    assert own.instrument("ibo") == vdab.instrument("ibo")
    assert own.sources["seed"].title == "een andere titel"
    assert list(own.sources) == list(vdab.sources)
    assert (own.word("reason.nobody")["nl"], own.word("own.words")["en"]) == ("geen mens", "b")
    assert (own.service.name["nl"], own.service.default_group) == ("Dienst", "werkplekleren")
    assert own.indicators.indicators["started"].name["nl"] == "a"
    assert own.indicators.outflow == vdab.indicators.outflow
    assert own.fingerprint != vdab.fingerprint


def test_a_word_file_may_nest_its_sentences_as_it_likes(tmp_path):
    own = overlay(
        tmp_path,
        words='[event.within]\nnl = "a"\nen = "b"\n[event.within.new]\nnl = "c {when}"\nen = "d {when}"\n',
    )
    assert own.words["event.within"]["nl"] == "a"
    assert own.words["event.within.new"]["en"] == "d {when}"


def test_nothing_in_a_loaded_catalogue_can_be_changed(vdab):
    with pytest.raises(ValueError, match="frozen"):
        vdab.instrument("iss").code = "x"
