"""What was asked of an engine in detail is not asked again: its rows are added up, to the same answer."""

from dataclasses import replace

from hypothesis import given, settings

from tests.generative.registers import INSTRUMENTS, Situation, catalogue, situations
from uitstroom.measure.engines import from_rows
from uitstroom.measure.tally import Engine


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
