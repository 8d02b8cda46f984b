"""The legal rules of the catalogue warn, each where it must and nowhere else (rule intake.warns)."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from tests.integration.delivering import CATALOGUE, action, deliver, spell
from uitstroom.catalogue.schema import (
    AllowedFrame,
    Duration,
    Instrument,
    Length,
    MaximumPerPerson,
    Requires,
    StartWindow,
    TargetGroup,
    Version,
)
from uitstroom.registers import Store
from uitstroom.text import Text

SAID = {"message": Text(nl="de regel", en="the rule"), "source": "seed", "stated": True}
RECORDS = (
    "person_id",
    "start_date",
    "planned_end_date",
    "end_date",
    "end_reason",
    "planned_days",
    "employer_id",
    "frame",
)


def catalogue(*rules, entrant="start", **version):
    """A catalogue whose IBO has these rules only, valid from 2016 to 2017 unless said."""
    said = {"valid_from": datetime.date(2016, 1, 1), "valid_until": datetime.date(2017, 12, 31), **version}
    made = Version(
        records=(*RECORDS, "approved_on"), entrant=entrant, rules=rules, outflow="ibo-12-months", source="seed",
        stated=True, **said,
    )  # fmt: skip
    ibo: Instrument = CATALOGUE.instrument("ibo").model_copy(update={"versions": (made,)})
    return dataclasses.replace(CATALOGUE, instruments={**CATALOGUE.instruments, "ibo": ibo})


def warned(tmp_path, known, *rows):
    """How many rows break the rule `r`."""
    folder = deliver(tmp_path / "in", {"action": rows, "spell": [spell("S")]})
    report = Store(tmp_path / "store").load(folder, known)
    assert not any(report.quarantined.values())
    return report.warnings["r"].count if "r" in report.warnings else 0


def planned(action_id, start, end, **values):
    return action(action_id, start_date=start, planned_end_date=end, end_date="", end_reason="", **values)


@pytest.mark.parametrize(("length", "start", "last"), [
    (Length(months=3), "2017-04-01", "2017-06-30"),
    (Length(months=1), "2017-01-31", "2017-02-27"),
    (Length(weeks=2), "2017-04-01", "2017-04-14"),
    (Length(days=30), "2017-04-01", "2017-04-30"),
])  # fmt: skip
def test_a_length_is_counted_with_its_first_and_last_day(tmp_path, length, start, last):
    day = datetime.date.fromisoformat(last)
    before, after = day - datetime.timedelta(days=1), day + datetime.timedelta(days=1)
    rows = [planned("B", start, before), planned("L", start, last), planned("A", start, after)]
    longest = Duration(kind="duration", code="r", maximum=length, **SAID)
    shortest = Duration(kind="duration", code="r", minimum=length, **SAID)
    assert warned(tmp_path / "1", catalogue(longest), *rows[:2]) == 0
    assert warned(tmp_path / "2", catalogue(longest), *rows) == 1
    assert warned(tmp_path / "3", catalogue(shortest), *rows[1:]) == 0
    assert warned(tmp_path / "4", catalogue(shortest), *rows) == 1


def test_the_planned_end_is_looked_at_and_never_the_actual_one(tmp_path):
    rule = Duration(kind="duration", code="r", minimum=Length(months=3), **SAID)
    dropout = action("A", start_date="2017-01-15", planned_end_date="2017-04-14", end_date="2017-01-29")
    unplanned = action("B", planned_end_date="", end_date="2017-01-29")
    assert warned(tmp_path, catalogue(rule), dropout, unplanned) == 0


def test_planned_days_count_where_a_plan_is_approved(tmp_path):
    rule = Duration(kind="duration", code="r", maximum=Length(months=1), **SAID)
    plans = [{"action_id": f"P{days}", "instrument": "ibo", "approved_on": "2017-04-01", "planned_days": days}
             for days in (29, 30, 31)]  # fmt: skip
    assert warned(tmp_path, catalogue(rule, entrant="approval"), *plans) == 1


def test_rules_about_a_start_leave_out_resumptions_and_what_never_happened(tmp_path):
    rule = Duration(kind="duration", code="r", maximum=Length(days=1), **SAID)
    rows = [
        action("A"), action("B", resumes="A", start_date="2017-05-01", planned_end_date="2017-06-01", end_date=""),
        action("C", end_reason="cancelled"),
    ]  # fmt: skip
    rows[1]["end_reason"] = ""
    assert warned(tmp_path, catalogue(rule), *rows) == 1


def test_required_columns(tmp_path):
    rule = Requires(kind="requires", code="r", columns=("employer_id", "frame"), **SAID)
    frame = next(iter(CATALOGUE.frames))
    rows = [action("A", frame=frame), action("B"), action("C", frame=frame, employer_id="")]
    assert warned(tmp_path, catalogue(rule), *rows) == 2


def test_the_window_of_the_start(tmp_path):
    rule = StartWindow(
        kind="start_window", code="r", counted_from="unemployed_since", first_day=156, last_day=310, **SAID
    )
    start = datetime.date(2017, 6, 1)
    rows = [
        action(f"A{days}", start_date=start, end_date="", end_reason="",
               unemployed_since=start - datetime.timedelta(days=days)) for days in (155, 156, 310, 311)
    ]  # fmt: skip
    assert warned(tmp_path, catalogue(rule), *rows, action("N")) == 2


def test_the_frame(tmp_path):
    allowed, other = list(CATALOGUE.frames)[:2]
    rule = AllowedFrame(kind="allowed_frame", code="r", frames=(allowed,), **SAID)
    rows = [action("A", frame=allowed), action("B", frame=other), action("C")]
    assert warned(tmp_path, catalogue(rule), *rows) == 2


def test_the_target_group(tmp_path):
    rule = TargetGroup(
        kind="target_group", code="r", column="education", allowed=("low",), age_below=25, age_from=18,
        unemployed_months=12, **SAID,
    )  # fmt: skip
    fits = {"education": "low", "birth_date": "1992-01-16", "unemployed_since": "2016-01-15"}
    rows = [
        action("fits", **fits), action("empty"), action("youngest", **{**fits, "birth_date": "1999-01-15"}),
        action("education", **{**fits, "education": "high"}), action("too old", **{**fits, "birth_date": "1992-01-15"}),
        action("too young", **{**fits, "birth_date": "1999-01-16"}),
        action("too short", **{**fits, "unemployed_since": "2016-01-16"}),
    ]  # fmt: skip
    assert warned(tmp_path, catalogue(rule), *rows) == 4


def test_the_maximum_per_person_counts_chains_also_those_that_stood(tmp_path):
    rule = MaximumPerPerson(kind="maximum_per_person", code="r", actions=2, **SAID)
    known = catalogue(rule)
    rows = [
        action("A"),
        action("B", resumes="A"),
        action("C"),
        action("D", end_reason="cancelled"),
        action("E", person_id="2"),
    ]
    assert warned(tmp_path, known, *rows) == 0
    more = {"action": [action("F", start_date="2017-02-01"), action("G", person_id="2")]}
    report = Store(tmp_path / "store").load(deliver(tmp_path / "more", more, kind="changes"), known)
    assert report.warnings["r"].count == 1
    later = deliver(tmp_path / "later", {"action": [action("H", person_id="3")]}, kind="changes")
    assert "r" not in Store(tmp_path / "store").load(later, known).warnings


def test_the_maximum_per_employer(tmp_path):
    rule = MaximumPerPerson(kind="maximum_per_person", code="r", actions=1, per_employer=True, **SAID)
    assert warned(tmp_path, catalogue(rule), action("A"), action("B", employer_id="E2"), action("C")) == 1


def test_a_rule_for_variants_takes_the_place_of_the_general_one(tmp_path):
    variant = CATALOGUE.instrument("ibo").variants[0].code
    general = Duration(kind="duration", code="r", maximum=Length(months=1), **SAID)
    special = Duration(kind="duration", code="special", maximum=Length(months=12), variants=(variant,), **SAID)
    assert warned(tmp_path, catalogue(general, special), action("A"), action("B", variant=variant)) == 1


def test_a_rule_holds_only_for_its_version(tmp_path):
    rule = Requires(kind="requires", code="r", columns=("frame",), **SAID)
    rows = [action("A", start_date="2016-12-31"), action("B", start_date="2017-01-01")]
    assert warned(tmp_path / "1", catalogue(rule, valid_until=datetime.date(2016, 12, 31)), *rows[:1]) == 1
    folder = deliver(tmp_path / "in", {"action": rows, "spell": [spell("S")]})
    late = Store(tmp_path / "2").load(folder, catalogue(rule, valid_until=datetime.date(2016, 12, 31)))
    assert late.warnings["outside_versions"].count == 1
    early = Store(tmp_path / "3").load(folder, catalogue(rule, valid_from=datetime.date(2017, 1, 1)))
    assert early.warnings["outside_versions"].count == 1
