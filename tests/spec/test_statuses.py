"""Which cells are values and which carry a reason instead: the order of the statuses (rule status.order)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UsageError
from uitstroom.figures import Figure, Scope, Table
from uitstroom.measure.asking import Question, Setting
from uitstroom.measure.engines import from_rows
from uitstroom.measure.explaining import explained
from uitstroom.measure.reading import Action, Spell
from uitstroom.measure.records import behind
from uitstroom.measure.statements import statements
from uitstroom.measure.tables import table
from uitstroom.measure.tally import Known
from uitstroom.periods import Horizon, Period
from uitstroom.registers.population import PersonList
from uitstroom.release.figure_json import figure_as_json

CATALOGUE = Catalogue.load()
ASKED_ON = date(2017, 11, 23)
S1 = (Period.parse("2017-S1"),)


@contextmanager
def register(
    actions: list[Action],
    spells: list[Spell] | None = None,
    *,
    engine: str = "duckdb",
    actions_until: date = date(2017, 11, 10),
    spells_until: date = date(2017, 10, 31),
    since: date = date(2016, 1, 1),
    clock: date = ASKED_ON,
    catalogue: Catalogue = CATALOGUE,
) -> Iterator[Setting]:
    """A register with these rows, complete to the days of the worked cases."""
    scope = Scope(
        catalogue.service.name,
        catalogue.service.where,
        ASKED_ON,
        "0" * 64,
        {"action": (since, actions_until), "spell": (since, spells_until)},
        {},
        {},
        catalogue.fingerprint,
        False,
        clock,
    )
    known = Known(actions_until, spells_until)
    with from_rows(engine, catalogue, actions, spells or [], known) as opened:
        yield Setting(opened, catalogue, scope)


def action(number: int, instrument: str, start: date | None, end: date | None = None, **rest: Any) -> Action:
    rest.setdefault("end_reason", "completed" if end else None)
    rest.setdefault("person_id", number)
    name = f"a{number:04}"
    return Action(name, instrument, name, start_date=start, end_date=end, **rest)


def plan(number: int, day: date, **rest: Any) -> Action:
    return Action(f"b{number:04}", "bio", f"b{number:04}", approved_on=day, planned_days=90, **rest)


def job(number: int, start: date, end: date | None = None) -> Spell:
    return Spell(f"s{number:04}", number, "0400", "OTH", start, end)


def cell(made: Table, instrument: str | None, **by: str) -> Figure:
    (found,) = [one for one in made.figures if one.instrument == instrument and dict(one.by) == by]
    return found


def ask(setting: Setting, indicator: str, period: str = "2017-S1", **options: Any) -> Table:
    return table(setting, Question(indicator, (Period.parse(period),), **options))


class TestPrecedence:
    """Did not exist > purpose > not recorded > not yet known > nobody in the base > value."""

    def test_a_form_that_did_not_exist_names_its_successor(self) -> None:
        with register([], actions_until=date(2020, 1, 31), spells_until=date(2020, 1, 31)) as setting:
            figure = cell(ask(setting, "started", "2019", instruments=("bio",)), "bio")
        assert (figure.status, figure.value) == ("not_applicable", None)
        assert figure.reason is not None
        assert "BIS" in figure.reason["nl"]
        assert "BIS" in figure.reason["en"]

    def test_a_counted_start_outside_every_version_is_a_value_with_a_warning(self) -> None:
        with register([action(1, "wes", date(2016, 12, 1))]) as setting:
            made = ask(setting, "started", "2016", instruments=("wes",))
        assert cell(made, "wes").value == 1
        assert "note.counted_outside_versions" in {note.code for note in made.notes}

    def test_purpose_comes_before_what_is_not_yet_known(self) -> None:
        with register([action(1, "wes", date(2017, 2, 1))]) as setting:
            figures = ask(setting, "outflow").figures
        statuses = {figure.instrument: figure.status for figure in figures}
        assert statuses == {
            "activeringsstage": "not_applicable",
            "bvs": "not_applicable",
            "opleidingsstage": "not_applicable",
            "bio": "not_possible",
            "ibo": "not_yet_known",
            "iss": "not_applicable",
            "wes": "not_applicable",
        }

    def test_what_is_not_recorded_is_named_and_follows_from_the_catalogue(self) -> None:
        with register([plan(1, date(2017, 6, 30))]) as setting:
            figure = cell(ask(setting, "outflow"), "bio")
        assert figure.missing == ("person_id", "start_date", "end_date")
        bio = CATALOGUE.instruments["bio"]
        version = bio.versions[0].model_copy(
            update={"records": ("person_id", "approved_on", "planned_days", "start_date", "end_date", "end_reason")}
        )
        changed = bio.model_copy(update={"versions": (version,)})
        recorded = replace(CATALOGUE, instruments={**CATALOGUE.instruments, "bio": changed})
        rows = [
            replace(plan(n, date(2017, 1, 5)), person_id=n, start_date=date(2017, 1, 10), end_date=date(2017, 4, 9))
            for n in range(1, 11)
        ]
        jobs = [job(n, date(2017, 5, 1)) for n in range(1, 7)]
        with register(rows, jobs, catalogue=recorded) as setting:
            figure = cell(ask(setting, "outflow"), "bio")
        assert (figure.status, figure.value, figure.numerator, figure.base) == ("value", 60, 6, 10)

    def test_a_period_before_the_register_is_not_possible_and_never_zero(self) -> None:
        with register([], since=date(2016, 7, 1)) as setting:
            figure = cell(ask(setting, "started", "2016", instruments=("ibo",)), "ibo")
        assert (figure.status, figure.value, figure.missing) == ("not_possible", None, ("action<2016-07-01",))

    def test_a_period_that_begins_on_a_fixed_day_or_after_it_is_not_applicable(self) -> None:
        """After what is not recorded, before what is not yet known."""
        figures = []
        for code in ("2016-S2", "2016-12-31/2017-06-30", "2017-S1", "2018"):
            with register([action(1, "ibo", date(2016, 12, 30))]) as setting:
                made = ask(setting, "outflow", code, instruments=("ibo",), definition="on-31-december-2016")
            figures.append(cell(made, "ibo"))
        day = date(2016, 12, 31)
        assert [figure.status for figure in figures] == ["value", *["not_applicable"] * 3]
        assert (figures[0].known_on, figures[0].base) == (day, 1)
        assert all(figure.reason and "31 december 2016" in figure.reason["nl"] for figure in figures[1:])
        with register([plan(1, date(2017, 6, 30))]) as setting:
            made = ask(setting, "outflow", instruments=("bio",), definition="on-31-december-2016")
        assert cell(made, "bio").status == "not_possible"

    def test_a_fixed_day_is_known_on_it_or_on_the_last_day_of_the_period(self) -> None:
        for on, until in ((date(2017, 6, 1), date(2017, 6, 29)), (date(2017, 11, 30), date(2017, 10, 31))):
            for anchor in ("start", "end"):
                changed = _definition(cohort="started", anchor=anchor, horizon=Horizon(on=on))
                days = {"actions_until": until, "spells_until": until, "catalogue": changed}
                with register([action(1, "ibo", date(2017, 5, 20))], **days) as setting:
                    made = ask(setting, "outflow", instruments=("ibo",), definition="within-3-months")
                figure = cell(made, "ibo")
                assert (figure.status, figure.known_on) == ("not_yet_known", max(on, date(2017, 6, 30))), (on, anchor)

    def test_who_still_runs_on_a_fixed_day_keeps_nothing_unknown(self) -> None:
        changed = _definition(cohort="started", anchor="end", horizon=Horizon(on=date(2017, 8, 1)))
        rows = [action(1, "ibo", date(2017, 5, 20)), action(2, "ibo", date(2017, 2, 1), date(2017, 5, 1))]
        with register(rows, catalogue=changed) as setting:
            figure = cell(ask(setting, "outflow", instruments=("ibo",), definition="within-3-months"), "ibo")
        assert (figure.status, figure.base, figure.known_on) == ("value", 1, date(2017, 8, 1))

    def test_a_table_that_was_never_delivered_is_missing(self) -> None:
        with register([action(1, "ibo", date(2017, 2, 1))]) as setting:
            complete = {"action": setting.scope.complete["action"]}
            setting = replace(setting, scope=replace(setting.scope, complete=complete))
            started = cell(ask(setting, "started", instruments=("ibo",)), "ibo")
            outflow = cell(ask(setting, "outflow", instruments=("ibo",)), "ibo")
        assert started.value == 1
        assert (outflow.status, outflow.missing) == ("not_possible", ("spell",))
        assert outflow.reason is not None
        assert outflow.reason["nl"] == "het register bevat nog geen tewerkstellingslijnen"

    def test_purpose_is_passed_over_only_for_one_definition(self) -> None:
        with pytest.raises(UsageError, match="--definition"):
            Question("outflow", S1, regardless_of_purpose=True)

    def test_nobody_in_the_base_is_said_and_not_divided(self) -> None:
        with register([]) as setting:
            figure = cell(ask(setting, "outflow", instruments=("iss",)), "iss")
        assert (figure.status, figure.value) == ("not_applicable", None)
        assert figure.reason is not None
        assert figure.reason["nl"] == "niemand in de basis"

    def test_no_action_in_a_valid_period_is_zero(self) -> None:
        with register([]) as setting:
            assert cell(ask(setting, "started"), "ibo").value == 0


class TestNotYetKnown:
    """The status depends on completeness only; the clock changes only the words."""

    def test_ibo_of_the_first_half_of_2017_can_be_known_from_30_june_2018(self) -> None:
        """Worked case 12."""
        rows = [action(n, "ibo", date(2017, 6, 30)) for n in range(1, 9)]
        jobs = [job(n, date(2018, 6, 30)) for n in range(1, 5)]
        outcome = []
        for until in (date(2018, 6, 29), date(2018, 6, 30)):
            with register(rows, jobs, actions_until=until, spells_until=until) as setting:
                figure = cell(ask(setting, "outflow", instruments=("ibo",)), "ibo")
            outcome.append((figure.status, figure.known_on, figure.value, figure.base))
        day = date(2018, 6, 30)
        assert outcome == [("not_yet_known", day, None, None), ("value", day, 50, 8)]

    def test_the_clock_changes_only_the_words(self) -> None:
        figures = []
        for clock in (date(2018, 6, 29), date(2018, 6, 30)):
            with register([action(1, "ibo", date(2017, 6, 30))], clock=clock) as setting:
                figures.append(cell(ask(setting, "outflow", instruments=("ibo",)), "ibo"))
        before, after = figures
        assert replace(before, reason=None) == replace(after, reason=None)
        assert before.reason != after.reason
        assert after.reason is not None
        assert "31 oktober 2017" in after.reason["nl"]

    def test_a_year_that_has_not_ended_is_known_on_its_last_day(self) -> None:
        """Worked case 20."""
        with register([action(1, "ibo", date(2017, 2, 1))]) as setting:
            closed = cell(ask(setting, "started", "2017", instruments=("ibo",)), "ibo")
            so_far = cell(ask(setting, "started", "2017", instruments=("ibo",), so_far=True), "ibo")
        assert (closed.status, closed.known_on, closed.value) == ("not_yet_known", date(2017, 12, 31), None)
        assert (so_far.status, so_far.value, so_far.provisional) == ("value", 1, date(2017, 11, 10))

    def test_a_provisional_rate_uses_only_starters_whose_whole_cohort_is_followed(self) -> None:
        starts = [date(2016, 8, 1)] * 4 + [date(2016, 10, 31)] * 4 + [date(2016, 11, 1)] * 4
        rows = [action(n, "ibo", start) for n, start in enumerate(starts, 1)]
        jobs = [job(n, date(2017, 1, 1)) for n in (1, 2, 5, 6, 7, 9)]
        with register(rows, jobs) as setting:
            figure = cell(ask(setting, "outflow", "2016-S2", instruments=("ibo",), so_far=True), "ibo")
        assert figure.provisional == date(2016, 10, 31)
        assert (figure.numerator, figure.base, figure.value) == (5, 8, 63)
        assert figure.bounds is not None
        assert (figure.bounds.low, figure.bounds.high) == (42, 75)
        assert figure.maturity is not None
        assert (figure.maturity.entrants, figure.maturity.not_due) == (12, 4)

    def test_a_cohort_of_starters_followed_from_their_ends_waits_for_the_last_planned_end(self) -> None:
        starters = [
            action(1, "ibo", date(2017, 1, 5), date(2017, 3, 31)),
            action(2, "ibo", date(2017, 6, 1), planned_end_date=date(2017, 11, 30)),
        ]
        changed = _definition(cohort="started", anchor="end")
        with register(starters, catalogue=changed) as setting:
            figure = cell(ask(setting, "outflow", instruments=("ibo",), definition="within-3-months"), "ibo")
        assert (figure.status, figure.known_on) == ("not_yet_known", date(2018, 2, 28))

    def test_without_a_planned_end_or_maximum_no_day_can_be_said(self) -> None:
        changed = _definition(cohort="started", anchor="end")
        with register([action(1, "opleidingsstage", date(2017, 6, 1))], catalogue=changed) as setting:
            made = ask(setting, "outflow", instruments=("opleidingsstage",), definition="within-3-months")
            figure = cell(made, "opleidingsstage")
        assert (figure.status, figure.known_on) == ("not_yet_known", None)
        assert figure.reason is not None
        assert not any(character.isdigit() for character in figure.reason["nl"] + figure.reason["en"])


def _definition(**changes: Any) -> Catalogue:
    indicators = CATALOGUE.indicators
    (one,) = indicators.outflow["within-3-months"]
    outflow = {**indicators.outflow, "within-3-months": (one.model_copy(update=changes),)}
    return replace(CATALOGUE, indicators=indicators.model_copy(update={"outflow": outflow}))


class TestTotals:
    """What a total adds, what it leaves out, and when there is none."""

    def test_a_total_of_actions_and_approved_plans_declares_both_units(self) -> None:
        with register([action(1, "ibo", date(2017, 2, 1)), plan(2, date(2017, 6, 30))]) as setting:
            made = ask(setting, "started")
        total = cell(made, None)
        assert (total.value, total.units, total.unit) == (2, ("action", "approved_plan"), None)
        assert "note.mixed_units" in {note.code for note in made.notes}

    def test_persons_are_counted_once_and_say_so(self) -> None:
        """Worked case 14."""
        rows = [
            action(1, "bvs", date(2017, 2, 1), date(2017, 2, 20)),
            action(2, "iss", date(2017, 3, 1), date(2017, 5, 31), person_id=1),
            plan(3, date(2017, 3, 1)),
        ]
        with register(rows) as setting:
            made = ask(setting, "persons")
        total = cell(made, None)
        assert (cell(made, "bvs").value, cell(made, "iss").value, total.value) == (1, 1, 1)
        assert (total.additive, total.leaves_out, cell(made, "bio").status) == (False, ("bio",), "not_possible")

    def test_a_breakdown_that_a_form_does_not_record_leaves_its_margin_standing(self) -> None:
        rows = [action(1, "ibo", date(2017, 2, 1), sex="F"), plan(2, date(2017, 6, 30))]
        with register(rows) as setting:
            made = ask(setting, "started", by=("sex",))
        assert cell(made, "bio").value == 1
        assert cell(made, "bio", sex="F").status == "not_possible"
        assert cell(made, "bio", sex="F").missing == ("sex",)
        assert (cell(made, None).value, cell(made, None, sex="F").value) == (2, 1)
        assert cell(made, None, sex="F").leaves_out == ("bio",)

    def test_an_empty_characteristic_is_a_row_of_its_own(self) -> None:
        with register([action(1, "ibo", date(2017, 2, 1))]) as setting:
            made = ask(setting, "started", by=("sex",), instruments=("ibo",))
        assert cell(made, "ibo", sex="unknown").value == 1

    def test_rates_of_different_definitions_have_no_total_and_of_one_definition_have(self) -> None:
        rows = [action(n, code, date(2017, 1, 9), date(2017, 4, 9)) for n, code in ((1, "iss"), (2, "ibo"))]
        with register(rows, [job(1, date(2017, 5, 1))]) as setting:
            own = ask(setting, "outflow", instruments=("iss", "opleidingsstage"))
            same = ask(setting, "outflow", instruments=("iss", "ibo"), definition="within-3-months")
        assert None not in {figure.instrument for figure in own.figures}
        assert (cell(same, None).value, cell(same, None).base) == (50, 2)
        assert {figure.definition.name for figure in same.figures if figure.definition} == {"within-3-months"}

    def test_trajectories_of_several_forms_have_no_total_and_say_why(self) -> None:
        rows = [
            action(1, "opleidingsstage", date(2017, 1, 9), date(2017, 3, 9), trajectory_id="T"),
            action(2, "iss", date(2017, 1, 9), date(2017, 4, 9), trajectory_id="T", person_id=1),
        ]
        with register(rows) as setting:
            made = ask(
                setting, "outflow", instruments=("opleidingsstage", "iss"), definition="opleidingsstage-3-months"
            )
        assert [(one.instrument, one.base) for one in made.figures] == [("opleidingsstage", 1), ("iss", 1)]
        assert "note.shared_units" in {note.code for note in made.notes}

    def test_a_form_counted_outside_the_group_is_a_row_with_a_warning_and_in_the_total(self) -> None:
        """BIS joins on 1 September 2018, WES on 1 January 2017; in the group of 2016 neither has a row of its own."""
        rows = [
            action(1, "wes", date(2016, 12, 1), date(2016, 12, 20)),
            action(2, "ibo", date(2016, 12, 1), date(2016, 12, 20)),
        ]
        with register(rows) as setting:
            tables = {name: ask(setting, name, "2016") for name in ("started", "persons", "ended")}
            other = ask(setting, "started", "2017-S1")
        for made in tables.values():
            assert sum(figure.value or 0 for figure in made.figures if figure.instrument is None and not figure.by) == 2
            assert "bis" not in made.order
            assert "wes" in made.order
            row = cell(made, "wes")
            assert (row.value, [note.code for note in row.notes]) == (1, ["note.counted_outside_versions"])
        assert "bis" not in other.order
        with register([action(3, "iss", date(2018, 9, 3))], actions_until=date(2019, 1, 31)) as setting:
            made = ask(setting, "started", "2018-Q4")
            late = ask(setting, "started", "2018-09-01/2018-09-30")
        assert "iss" not in made.order
        assert cell(late, "iss").value == 1

    def test_a_form_that_exists_and_is_counted_outside_the_group_says_that_it_is_no_member(self) -> None:
        group = CATALOGUE.groups["werkplekleren"]
        members = tuple(
            one.model_copy(update={"valid_from": date(2017, 1, 1)}) if one.instrument == "iss" else one
            for one in group.members
        )
        changed = replace(CATALOGUE, groups={"werkplekleren": group.model_copy(update={"members": members})})
        rows = [action(n, "iss", date(2016, 9, 1), date(2016, 12, 1)) for n in range(1, 5)]
        with register(rows, [job(1, date(2017, 1, 1))], catalogue=changed) as setting:
            started, outflow = ask(setting, "started", "2016-S2"), ask(setting, "outflow", "2016-S2")
            nobody = ask(setting, "outflow", "2016-S1")
        assert (cell(started, "iss").value, cell(started, None).value) == (4, 4)
        assert (cell(outflow, "iss").value, cell(outflow, "iss").base) == (25, 4)
        for made in (started, outflow):
            assert "note.counted_outside_group" in [note.code for note in cell(made, "iss").notes]
            assert "note.counted_outside_group" in [note.code for note in made.notes]
        assert "iss" not in nobody.order

    def test_the_completed_are_a_share_of_the_ended(self) -> None:
        rows = [action(n, "ibo", date(2017, 1, 9), date(2017, 4, 9), sex="F") for n in range(1, 4)]
        rows += [action(4, "ibo", date(2017, 1, 9), date(2017, 4, 9), end_reason="breach", sex="M")]
        rows += [action(5, "iss", date(2017, 1, 9), date(2017, 4, 9), end_reason="breach", sex="F")]
        with register([*rows, plan(6, date(2017, 3, 1))]) as setting:
            made = ask(setting, "completed", by=("sex",))
            later = cell(ask(setting, "completed", "2017", instruments=("ibo",)), "ibo")
            so_far = cell(ask(setting, "completed", "2017", instruments=("ibo",), so_far=True), "ibo")
        shares = {
            (one.instrument, one.by.get("sex")): (one.value, one.numerator, one.base)
            for one in made.figures
            if one.status == "value"
        }
        assert shares == {
            ("ibo", None): (75, 3, 4), ("ibo", "F"): (100, 3, 3), ("ibo", "M"): (0, 0, 1),
            ("iss", None): (0, 0, 1), ("iss", "F"): (0, 0, 1),
            (None, None): (60, 3, 5), (None, "F"): (75, 3, 4), (None, "M"): (0, 0, 1),
        }  # fmt: skip
        assert (cell(made, "bio").status, cell(made, "wes").status) == ("not_possible", "not_applicable")
        assert {(one.kind, one.reasons, one.units) for one in made.figures if one.instrument == "ibo"} == {
            ("rate", ("completed", "goal_reached"), ("action",))
        }
        assert (later.status, later.known_on) == ("not_yet_known", date(2017, 12, 31))
        assert (so_far.value, so_far.provisional) == (75, date(2017, 11, 10))
        with register(rows) as setting, pytest.raises(UsageError, match="only an end has a reason"):
            ask(setting, "completed", by=("end_reason",))


class TestSeries:
    """A change of version between or within periods is a break that names both."""

    def test_the_reform_of_september_2018_breaks_the_series_of_ibo(self) -> None:
        periods = tuple(Period.parse(code) for code in ("2018-S1", "2018-S2"))
        with register([], actions_until=date(2019, 1, 31), spells_until=date(2019, 1, 31)) as setting:
            made = table(setting, Question("started", periods, instruments=("ibo",)))
        first, second = made.figures
        assert first.series_break is None
        assert second.series_break is not None
        assert (second.series_break.before, second.series_break.after) == ("ibo@2013-10-01", "ibo@2018-09-01")


def test_the_records_behind_a_figure_count_as_the_figure() -> None:
    rows = [action(n, "iss", date(2017, 1, 9), date(2017, 4, n), linked=n != 5) for n in range(1, 21)]
    rows += [action(n, "ibo", date(2017, 2, 1), resumes="gone" if n == 30 else None) for n in range(21, 31)]
    jobs = [job(n, date(2017, 5, 1)) for n in range(1, 9)]
    with register(rows, jobs) as setting:
        for indicator in ("started", "persons", "running", "ended", "outflow"):
            for instrument in ("iss", "ibo"):
                question = Question(indicator, S1, instruments=(instrument,))
                figure = cell(table(setting, question), instrument)
                found = [one.record for one in behind(setting, question)]
                counted = figure.maturity.entrants if figure.maturity else figure.value
                assert len(found) == counted, (indicator, instrument)
                if indicator == "outflow" and figure.status == "value":
                    assert sum(one.box == "at_work" for one in found) == figure.numerator == 7


def test_a_figure_says_whom_it_counts_and_by_which_definition() -> None:
    with register(
        [action(1, "ibo", date(2017, 2, 1)), action(2, "iss", date(2017, 1, 2), date(2017, 3, 1))]
    ) as setting:
        persons = ask(setting, "persons").figures
        reached = ask(setting, "persons", definition="reached").figures
        (rate,) = ask(setting, "outflow", instruments=("iss",), definition="same-employer-6-months").figures
    assert {(one.who, one.definition.name) for one in persons if one.definition} == {("entrants", "entrants")}
    assert {(one.who, one.definition.name) for one in reached if one.definition} == {("reached", "reached")}
    assert (rate.who, rate.decimals) == ("completed", 0)
    assert all(one.definition for one in (*persons, *reached))


@pytest.mark.parametrize("engine", ["reference", "duckdb"])
def test_every_figure_carries_all_its_keys(engine: str) -> None:
    with register([action(1, "ibo", date(2017, 2, 1))], engine=engine) as setting:
        keys = {
            frozenset(figure_as_json(figure))
            for name in ("started", "outflow")
            for figure in ask(setting, name).figures
        }
    (only,) = keys
    assert {"status", "break", "maturity", "known_on", "leaves_out", "who", "decimals", "notes"} <= only


@pytest.mark.parametrize("engine", ["reference", "duckdb"])
def test_reach_is_a_share_of_the_list_and_not_of_the_register(engine: str) -> None:
    rows = [
        action(1, "ibo", date(2016, 12, 1), date(2017, 1, 1)),
        action(2, "iss", date(2017, 3, 1), date(2017, 5, 31)),
        action(3, "iss", date(2017, 3, 1), date(2017, 5, 31), person_id=2),
        action(4, "ibo", date(2017, 7, 1)),
        action(5, "ibo", date(2017, 2, 1)),
    ]
    with register(rows, engine=engine) as setting:
        made = ask(setting, "reach", population=PersonList.of((1, 2, 2, 4, 99), "key"), instruments=("ibo", "iss"))
        nobody = ask(setting, "reach", population=PersonList.of((), "key"), instruments=("ibo",))
    assert [(one.instrument, one.numerator, one.base, one.value) for one in made.figures] == [
        ("ibo", 1, 4, 25),
        ("iss", 1, 4, 25),
        (None, 2, 4, 50),
    ]
    assert cell(nobody, "ibo").status == "not_applicable"
    for figure in made.figures:
        population = figure.population
        assert population is not None
        assert (population.persons, population.known, figure.who) == (4, 3, "reached")
        assert figure_as_json(figure)["population"] == population.fingerprint


def test_a_list_is_known_again_by_its_persons_and_by_nobody_without_the_key() -> None:
    same = PersonList.of((2, 1, 1), "key")
    assert same == PersonList.of((1, 2), "key")
    others = PersonList.of((1, 2), "other"), PersonList.of((1, 3), "key")
    assert len({one.fingerprint for one in (same, *others)}) == 3
    assert "1" not in repr(same).replace(same.fingerprint, "")


@pytest.mark.parametrize("engine", ["reference", "duckdb"])
def test_a_duration_counts_each_covered_day_once(engine: str) -> None:
    """Worked case 9, and a trajectory whose parts overlap; what runs has no duration yet."""
    rows = [
        Action(
            "a", "ibo", "a", person_id=1, start_date=date(2016, 11, 15), end_date=date(2017, 2, 10),
            end_reason="interrupted",
        ),
        Action(
            "b", "ibo", "a", part=2, person_id=1, start_date=date(2017, 3, 1), end_date=date(2017, 5, 31),
            end_reason="completed", resumes="a",
        ),
        action(3, "opleidingsstage", date(2017, 1, 2), date(2017, 1, 31), trajectory_id="T"),
        action(4, "opleiding", date(2017, 1, 30), date(2017, 2, 2), trajectory_id="T", person_id=3),
        action(5, "ibo", date(2017, 2, 1)),
    ]  # fmt: skip
    with register(rows, engine=engine) as setting:
        ended = list(behind(setting, Question("ended", S1, instruments=("ibo",))))
        followed = list(behind(setting, Question("outflow", S1, instruments=("opleidingsstage",))))
        running = list(behind(setting, Question("running", S1, instruments=("ibo",))))
    assert [(one.record.unit_id, one.duration) for one in ended] == [("a", 180)]
    assert [(one.record.unit_id, one.duration) for one in followed] == [("T", 32)]
    assert [one.duration for one in running] == [None]


def test_an_account_says_by_how_much_employment_misses() -> None:
    """A line that began one day too late, one that ended too early, one of a kind that does not count."""
    rows = [action(1, "iss", date(2017, 1, 10), date(2017, 4, 9))]
    spells = [
        job(1, date(2017, 7, 10)),
        replace(job(1, date(2017, 5, 1), date(2017, 7, 6)), spell_id="s2"),
        replace(job(1, date(2017, 7, 1)), spell_id="s3", work_type="IVT"),
    ]
    with register(rows, spells) as setting:
        lines = [line["nl"] for line in explained(setting, "a0001")]
    told = {line.strip().split(":")[0]: line for line in lines if line.strip().startswith("s")}
    assert "begon één dag te laat" in told["s0001"]
    assert "eindigde 3 dagen te vroeg" in told["s2"]
    assert "soort telt niet" in told["s3"]
    assert any("90" in line for line in lines if line.startswith("Duur"))


def test_the_sql_that_is_shown_counts_what_the_figure_counts() -> None:
    rows = [action(n, "iss", date(2017, 1, 9), date(2017, 4, n)) for n in range(1, 6)]
    known = Known(date(2017, 11, 10), date(2017, 10, 31))
    question = Question("outflow", S1, instruments=("iss",))
    with register(rows, [job(n, date(2017, 5, 1)) for n in (1, 2)]) as setting:
        figure = cell(table(setting, question), "iss")
        (text,) = statements(CATALOGUE, setting.scope, known, question)
        ((period, instrument, *boxes),) = setting.engine._run(text)  # type: ignore[attr-defined]
    assert (period, instrument, figure.value) == ("2017-S1", "iss", 40)
    assert boxes[:6] == [0, 0, 0, 0, figure.numerator, (figure.base or 0) - (figure.numerator or 0)]
