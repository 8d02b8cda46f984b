"""What was asked of an engine in detail is not asked again: its rows are added up, to the same answer."""

from dataclasses import replace

from hypothesis import given, settings

from tests.generative.registers import INSTRUMENTS, Situation, catalogue, situations
from uitstroom.figures import Event
from uitstroom.measure.engines import from_rows
from uitstroom.measure.tally import Engine
from uitstroom.periods import Horizon


def asked_in_turn(engine: Engine, situation: Situation) -> list[object]:
    """The most detailed question, then what can be added up from it, some of it of further instruments."""
    following, counting = situation.following, situation.counting
    finest = replace(following, instruments=INSTRUMENTS[:2]), replace(counting, instruments=INSTRUMENTS[:2])
    coarse = [(replace(following, by=by), replace(counting, by=by)) for by in (following.by[1:], following.by[:1], ())]
    asked = [finest, finest, *coarse, (following, counting)]
    return [sorted(rows, key=repr) for one, other in asked for rows in (engine.follow(one), engine.count(other))]


@settings(max_examples=25)
@given(situations())
def test_answers_that_are_added_up_are_those_of_the_reference(situation):
    rows = catalogue(), situation.actions, situation.spells, situation.known
    with from_rows("duckdb", *rows) as engine, from_rows("reference", *rows) as reference:
        assert asked_in_turn(engine, situation) == asked_in_turn(reference, situation)


def month_by_month(engine: Engine, situation: Situation, *, curve: int | None) -> list[object]:
    """The outflow on the day, 1 to 14 months after the anchor."""
    asked, event = situation.following, situation.following.definition.event
    on_the_day = {"event": Event("on_the_day", same_employer=event.same_employer)}
    months = [on_the_day | {"horizon": Horizon(months=month)} for month in range(1, 15)]
    definitions = [asked.definition.model_copy(update=changed) for changed in months]
    found = [engine.follow(replace(asked, definition=definition, curve=curve)) for definition in definitions]
    return [sorted(rows, key=repr) for rows in found]


@settings(max_examples=40)
@given(situations())
def test_a_curve_says_of_each_month_what_asking_for_that_month_says(situation):
    rows = catalogue(), situation.actions, situation.spells, situation.known
    with from_rows("duckdb", *rows) as engine, from_rows("reference", *rows) as reference:
        assert month_by_month(engine, situation, curve=14) == month_by_month(reference, situation, curve=None)
