"""Counts, totals, unique persons and two releases together, against a reader who tries every table."""

from __future__ import annotations

import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.disclosure.tables import added, count, table
from uitstroom.disclosure.model import protect_release
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.errors import UitstroomError
from uitstroom.text import Text

REASON = Text(nl="niet vrijgegeven", en="withheld")
FORMS = ("iss", "wes")
MOST = 11
COUNT = st.sampled_from([1, 2, 3, 4, 5, 7])


def _facts(*releases):
    """What is printed: (indicator, form, period) → number; None where a number is hidden."""
    facts = {}
    for figure in (f for tables in releases for t in tables for f in t.figures):
        key = (figure.indicator, figure.instrument or "all", figure.period.code)
        facts[key] = figure.value if facts.get(key) is None else facts[key]
    return facts


def _worlds(facts):
    """Every table of counts and persons that agrees, each as a mapping like the facts."""
    free = [(form, half) for half in ("2017-S1", "2017-S2") for form in FORMS]
    ranges = [
        range(1, MOST) if (known := facts["started", *key]) is None else (known,)
        for key in free
    ]  # fmt: skip
    for values in itertools.product(*ranges):
        counts = dict(zip(free, values, strict=True))
        world = {("started", form, half): number for (form, half), number in counts.items()}
        for half in ("2017-S1", "2017-S2"):
            world["started", "all", half] = sum(counts[form, half] for form in FORMS)
        for who in (*FORMS, "all"):
            world["started", who, "2017"] = sum(world["started", who, half] for half in ("2017-S1", "2017-S2"))
        if _agrees(world, facts):
            yield from _with_persons(world, facts)


def _with_persons(world, facts):
    most = [world["started", form, "2017-S1"] for form in FORMS]
    for one, two in itertools.product(*(range(1, number + 1) for number in most)):
        for total in range(max(one, two), one + two + 1):
            persons = {("persons", who, "2017-S1"): n for who, n in (("iss", one), ("wes", two), ("all", total))}
            if _agrees(persons, facts):
                yield {**world, **persons}


def _agrees(world, facts):
    return all(facts[key] in (None, number) for key, number in world.items())


@settings(max_examples=40)
@given(st.lists(COUNT, min_size=4, max_size=4), st.lists(st.integers(0, 2), min_size=3, max_size=3))
def test_two_releases_and_persons_open_no_small_number(numbers, less):
    first, second = dict(zip(FORMS, numbers[:2], strict=True)), dict(zip(FORMS, numbers[2:], strict=True))
    year = {form: first[form] + second[form] for form in FORMS}
    persons = {form: max(1, first[form] - fewer) for form, fewer in zip(FORMS, less, strict=False)}
    persons["all"] = max(*persons.values(), sum(persons.values()) - less[2])
    rule = Rule(3, keep_totals=False)
    true = [added(first)]
    then = [added(second, period="2017-S2"), added(year, period="2017")]
    then.append(table(*(count(who, number, "persons") for who, number in persons.items())))
    try:
        before = protect_release(true, rule, REASON).tables
        now = protect_release(then, rule, REASON, [Released.of(before, tuple(true))]).tables
    except UitstroomError:
        assume(False)
    facts, seen = _facts(before, now), {}
    for world in _worlds(facts):
        for key, number in world.items():
            seen.setdefault(key, set()).add(number)
    truth = _facts(true, then)
    for key, number in truth.items():
        assert facts[key] in (None, number)
        if number < 3:
            assert facts[key] is None
            assert max(seen[key]) >= 3, key
            assert number == 1 or min(seen[key]) < number, key
        elif facts[key] is None:
            assert len(seen[key]) >= 2, key
