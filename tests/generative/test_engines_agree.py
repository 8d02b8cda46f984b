"""The reference and every engine say the same of every register; and what must never make a difference makes none."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import astuple, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.registers import DIMENSIONS, EVENTS, Situation, catalogue, partitions, situations
from tests.generative.test_added_up import month_by_month
from tests.spark_here import engine_of_rows
from uitstroom.measure.engines import SqlEngine, from_rows
from uitstroom.measure.reference import Reference
from uitstroom.measure.tally import TOTAL, UNKNOWN, Engine
from uitstroom.periods import ONE_DAY, Day

BOXES = ("without_person", "not_ended", "not_counted", "not_due", "at_work", "not_at_work")


STATEMENTS = ("count", "counted", "follow", "followed", "chain_of")


def answers(where: str, situation: Situation, asked: Sequence[str] = STATEMENTS) -> dict[str, list]:
    with _opened(where, situation) as engine:
        return _answers(engine, situation, asked)


def _opened(where: str, situation: Situation) -> AbstractContextManager[Engine]:
    if where == "spark":
        return nullcontext(engine_of_rows(catalogue(), situation.actions, situation.spells, situation.known))
    return from_rows(where, catalogue(), situation.actions, situation.spells, situation.known)


def _answers(engine: Engine, situation: Situation, asked: Sequence[str] = STATEMENTS) -> dict[str, list]:
    given = {
        "count": situation.counting,
        "counted": situation.counting,
        "follow": situation.following,
        "followed": situation.following,
        "chain_of": situation.actions[-1].action_id,
    }
    found = {name: getattr(engine, name)(given[name]) for name in asked}
    assert all(type(value) in PLAIN for rows in found.values() for row in rows for value in values(row))
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


PLAIN = {int, str, Day, type(None)}
"""What tallies and records are made of: a Decimal or a time of day would get into what is published."""


def values(row: object) -> list[object]:
    """Every value of a tally, a record or a row of a chain."""
    cells = list(row.values()) if isinstance(row, dict) else astuple(row)
    return [value for cell in cells for value in (cell if isinstance(cell, tuple) else (cell,))]


@settings(max_examples=150)
@given(situations())
def test_duckdb_says_what_the_reference_says(situation):
    assert answers("duckdb", situation) == answers("reference", situation)


@pytest.mark.postgresql
@settings(max_examples=100)
@given(situation=situations())
def test_postgresql_says_what_the_reference_says(postgresql_url, situation):
    assert answers(postgresql_url, situation) == answers("reference", situation)


@pytest.mark.spark
@settings(max_examples=16)
@given(situations(), st.booleans())
def test_spark_says_what_the_reference_says(situation, turn):
    """Planning a statement takes Spark a second: each register is asked half of them."""
    asked = ("count", "followed") if turn else ("counted", "follow", "chain_of")
    assert answers("spark", situation, asked) == answers("reference", situation, asked)


@pytest.mark.spark
@settings(max_examples=3)
@given(situations())
def test_a_curve_on_spark_says_what_the_reference_says_of_each_month(situation):
    with _opened("spark", situation) as engine, _opened("reference", situation) as reference:
        assert month_by_month(engine, situation, curve=14) == month_by_month(reference, situation, curve=None)


@pytest.mark.postgresql
@settings(max_examples=20)
@given(situation=situations())
def test_a_curve_on_postgresql_says_what_the_reference_says_of_each_month(postgresql_url, situation):
    with _opened(postgresql_url, situation) as engine, _opened("reference", situation) as reference:
        assert month_by_month(engine, situation, curve=14) == month_by_month(reference, situation, curve=None)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.timeout(1800)
@settings(max_examples=50)
@given(situations())
def test_spark_says_what_the_reference_says_of_many_registers(situation):
    assert answers("spark", situation) == answers("reference", situation)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=1000)
@given(situations())
def test_duckdb_says_what_the_reference_says_of_many_registers(situation):
    assert answers("duckdb", situation) == answers("reference", situation)


@settings(max_examples=25)
@given(situations())
def test_duckdb_in_partitions_of_persons_says_what_the_reference_says(situation):
    """A store keeps the rows of a person together, and those without a person in the first partition."""
    with ExitStack() as open_engines:
        parts = [open_engines.enter_context(_opened("duckdb", part)) for part in partitions(situation)]
        whole = SqlEngine(catalogue(), situation.known, lambda sql: [row for part in parts for row in part._run(sql)])
        assert _answers(whole, situation) == answers("reference", situation)


@pytest.mark.parametrize(("where", "examples"), [("reference", 300), ("duckdb", 30)])
def test_how_many_lines_cover_a_stretch_of_work_decides_nothing(where, examples):
    """A birthday, a move or a change of provider splits a spell: no box changes."""

    @settings(max_examples=examples)
    @given(situations(), st.data())
    def holds(situation, data):
        spells = tuple(piece for spell in situation.spells for piece in split(spell, data))
        assert boxes(where, replace(situation, spells=spells)) == boxes(where, situation)

    holds()


def boxes(where: str, situation: Situation) -> list:
    return [replace(record, spell_id=None) for record in answers(where, situation)["followed"]]


def split(spell, data):
    """The spell in two that touch, or, where it is open or long, in two that overlap."""
    last = (spell.end_date or spell.start_date + 400 * ONE_DAY) - ONE_DAY
    if last < spell.start_date or not data.draw(st.booleans()):
        return [spell]
    cut = spell.start_date + data.draw(st.integers(0, (last - spell.start_date).days)) * ONE_DAY
    return [
        replace(spell, spell_id=f"{spell.spell_id}-1", end_date=cut + data.draw(st.integers(0, 1)) * ONE_DAY),
        replace(spell, spell_id=f"{spell.spell_id}-2", start_date=cut + ONE_DAY),
    ]


@settings(max_examples=150)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(situation, chance):
    actions, spells = list(situation.actions), list(situation.spells)
    chance.shuffle(actions)
    chance.shuffle(spells)
    shuffled = replace(situation, actions=tuple(actions), spells=tuple(spells))
    found, mixed = answers("reference", situation), answers("reference", shuffled)
    del found["chain_of"], mixed["chain_of"]
    assert mixed == found


def test_the_generated_registers_reach_everything():
    """A generator that never makes a thing would let every mistake about it pass."""
    seen = Counter()

    @settings(max_examples=600)
    @given(situations())
    def collect(situation):
        seen.update(features(situation))

    collect()
    wanted = {
        *(f"box {box}" for box in BOXES),
        *(f"event {event}" for event in EVENTS),
        *(f"at work by {event.kind} {event.new} {event.same_employer}" for event in EVENTS),
        *(f"{unit} {cohort} {anchor} {who} followed" for unit in ("action", "trajectory")
          for cohort in ("started", "ended") for anchor in ("start", "end") for who in ("all", "completed")),
        *(f"by {dimension}" for dimension in DIMENSIONS),
        *(f"counts {what}" for what in ("started", "running", "ended", "completed", "persons", "reached")),
        "unknown characteristic", "total of persons", "population", "chain", "orphan", "undone", "plan without start",
        "trajectory of several forms", "start not known", "end not known", "unplanned", "planned",
        "due on the last day", "due the day after the last", "fixed day", "29 February", "two periods", "spell joined",
        "no person", "cohort day is the first", "cohort day is the last",
    }  # fmt: skip
    assert wanted - set(seen) == set()


def features(situation: Situation) -> set[str]:
    counting, following, known = situation.counting, situation.following, situation.known
    definition = following.definition
    engine = Reference(catalogue(), situation.actions, situation.spells, known)
    counted, followed, rows = engine.counted(counting), engine.followed(following), engine.follow(following)
    boxes = {record.box for record in followed}
    kind = f"{definition.unit} {definition.cohort} {definition.anchor} {definition.who}"
    event = definition.event
    days = {
        (record.start if definition.cohort == "started" else record.end, period.first, period.last)
        for record in followed
        for period in following.periods
        if record.period == period.code
    }
    facts = {
        "unknown characteristic": any(UNKNOWN in record.by for record in counted),
        "total of persons": any(record.instrument == TOTAL for record in counted),
        "population": bool(counting.population) and bool(counted),
        "chain": any(action.part > 1 for action in situation.actions),
        "orphan": any(action.resumes == "unknown" for action in situation.actions),
        "undone": any(action.end_reason == "error" for action in situation.actions),
        "plan without start": any(record.instrument == "plan" and record.start is None for record in counted),
        "trajectory of several forms": len({(one.unit_id, one.person_id) for one in followed}) < len(followed),
        "start not known": any(one.start_date and one.start_date > known.actions_until for one in situation.actions),
        "end not known": any(one.end_date and one.end_date > known.actions_until for one in situation.actions),
        "unplanned": any(row.unplanned for row in rows),
        "planned": any(row.not_ended and row.last_due and not row.unplanned for row in rows),
        "due on the last day": any(record.due == known.spells_until for record in followed),
        "due the day after the last": any(record.due == known.spells_until + ONE_DAY for record in followed),
        "fixed day": definition.horizon.on is not None and bool(followed),
        "29 February": any((one.anchor.month, one.anchor.day) == (2, 29) for one in followed if one.anchor),
        "two periods": len({record.period for record in followed}) > 1,
        "spell joined": len(situation.spells) > 1 and event.new and "at_work" in boxes,
        "no person": any(record.person_id is None for record in followed),
        "cohort day is the first": any(day == first for day, first, _ in days),
        "cohort day is the last": any(day == last for day, _, last in days),
    }
    found = {name for name, holds in facts.items() if holds}
    found |= {f"box {box}" for box in boxes}
    found |= {f"counts {counting.what}"} if counted else set()
    found |= {f"event {event}"} if boxes & {"at_work", "not_at_work"} else set()
    found |= {f"at work by {event.kind} {event.new} {event.same_employer}"} if "at_work" in boxes else set()
    found |= {f"{kind} followed"} if boxes & {"at_work", "not_at_work"} else set()
    found |= {f"by {dimension}" for dimension in following.by if followed}
    return found
