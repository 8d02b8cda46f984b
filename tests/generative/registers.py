"""Registers and questions whose days sit where rules change: random days never hit a boundary.

The days of actions are drawn around the ends of the periods, the completeness, the validity of versions, 29 February
and ends of months; those of spells around the anchors and due days that follow from these actions. The choices are
even ones, made by a generator whose seed is drawn: left to itself, the search repeats its first choices and reaches
few of the places where several must meet. How many rows there are is drawn, so that what fails is shown with few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import CodeEntry, Dimension, EndReason, Instrument, Length, OutflowDefinition, Version
from uitstroom.figures import Event
from uitstroom.measure.reference import Action, Spell
from uitstroom.measure.tally import Counting, Following, Known
from uitstroom.periods import ONE_DAY, Day, Horizon, Period
from uitstroom.text import Text

WORDS = Text.verbatim("-")
SOURCED: dict[str, Any] = {"source": "uitstroom", "stated": False}
INSTRUMENTS = ("placement", "course", "plan")
DIMENSIONS = (
    "sex", "sector", "branch", "age_group", "unemployment_duration", "arrondissement", "province", "region",
    "variant", "end_reason",
)  # fmt: skip
WORK_TYPES = ("OTH", "FLX", "IVT")
REASONS = ("completed", "goal", "stopped", "interrupted", "cancelled", "error")
VALIDITY = (Day(2016, 12, 31), Day(2017, 6, 15))
"""Last days of the first and the second version of every instrument."""


@dataclass(frozen=True)
class Situation:
    """A register, how far it is complete, and what is asked of it."""

    actions: tuple[Action, ...]
    spells: tuple[Spell, ...]
    known: Known
    counting: Counting
    following: Following


@cache
def catalogue() -> Catalogue:
    """Three forms whose versions differ in how long an action may last, and a dimension of every kind."""
    built_in = Catalogue.load()
    names = ("sex", "age_group", "unemployment_duration", "municipality", "arrondissement", "province", "region")
    dimensions = {name: built_in.dimensions[name] for name in (*names, "variant", "end_reason")}
    return replace(
        built_in,
        instruments={code: _instrument(code) for code in INSTRUMENTS},
        dimensions={**dimensions, "sector": _SECTOR, "branch": _BRANCH},
        end_reasons={code: _reason(code) for code in REASONS},
    )


_SECTOR = Dimension(
    name=WORDS, kind="code", column="sector", open=True,
    codes=(
        CodeEntry(code="A1", name=WORDS, parent="A"),
        CodeEntry(code="A2", name=WORDS, parent="B"),
        CodeEntry(code="B1", name=WORDS),
    ),
)  # fmt: skip
_BRANCH = Dimension(
    name=WORDS, kind="parent", of="sector", column="branch", prefix=1,
    codes=(CodeEntry(code="A", name=WORDS), CodeEntry(code="B", name=WORDS)),
)  # fmt: skip
_MAXIMA = {
    "placement": (Length(months=1), Length(weeks=2), Length(days=10)),
    "course": (None, Length(months=3), None),
    "plan": (Length(months=2), None, Length(weeks=1)),
}


def _instrument(code: str) -> Instrument:
    since = (None, *(day + ONE_DAY for day in VALIDITY))
    until = (*VALIDITY, None)
    versions = tuple(
        Version(
            valid_from=first, valid_until=last, records=("person_id", "start_date"), maximum=maximum,
            entrant="approval" if code == "plan" else "start", outflow="any", **SOURCED,
        )
        for first, last, maximum in zip(since, until, _MAXIMA[code], strict=True)
    )  # fmt: skip
    return Instrument(
        code=code, name=WORDS, short_name=WORDS, description=WORDS, purpose="placement", versions=versions
    )


def _reason(code: str) -> EndReason:
    kinds: dict[str, Any] = {"goal": "completed", "cancelled": "never_happened", "error": "never_happened"}
    return EndReason(name=WORDS, kind=kinds.get(code, code), registered_in_error=code == "error", **SOURCED)


def partitions(situation: Situation) -> list[Situation]:
    """The register in three, by person: the persons of a store stay together, and none is in the first."""
    return [
        replace(
            situation,
            actions=tuple(row for row in situation.actions if (row.person_id or 0) % 3 == number),
            spells=tuple(row for row in situation.spells if row.person_id % 3 == number),
        )
        for number in range(3)
    ]


PERIODS = tuple(
    Period.parse(code)
    for code in ("2017-S1", "2016-12", "2017-02", "2017-06", "2016-02-29/2016-02-29", "2016-07/2017-06")
)
HORIZONS = (
    *(Horizon(months=number) for number in (0, 1, 3, 12)),
    *(Horizon(days=number) for number in (0, 1, 45)),
)
EVENTS = (
    *(Event("on_the_day", same_employer=same) for same in (False, True)),
    *(Event("within", same_employer=same, new=new) for same in (False, True) for new in (False, True)),
    *(Event("sustained", days, same) for days in (1, 2, 20) for same in (False, True)),
)
HOW_MANY = st.sampled_from([1, 2, 3, 5, 8, *[20] * 15])
LATE = (Day(2017, 11, 10), Day(2018, 9, 30), Day(2018, 9, 30))
CORNERS = (
    Day(2016, 2, 28), Day(2016, 2, 29), Day(2016, 11, 30), Day(2016, 12, 31), Day(2017, 1, 31), Day(2017, 2, 28),
    Day(2017, 3, 31), Day(2017, 5, 31), Day(2017, 6, 30),
)  # fmt: skip


def around(days: Iterable[Day]) -> list[Day]:
    """These days, the day before and the day after each, in order."""
    return sorted({day + shift * ONE_DAY for day in days for shift in (-1, 0, 1)})


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    chance = draw(st.randoms(use_true_random=True))
    periods = tuple(chance.sample(PERIODS, chance.choice([1, 1, 2])))
    first, last = periods[0].first, periods[0].last
    definition = some_definition(chance, last)
    known = Known(
        actions_until=chance.choice([*around([last]), *LATE]),
        spells_until=chance.choice([*around([definition.horizon.due_day(last)]), *LATE]),
    )
    corners = chance.sample(around([*VALIDITY, *CORNERS, known.actions_until]), chance.randrange(4))
    actions = some_actions(chance, sorted([first, last, *around([first, last]), *corners]))
    spells = some_spells(chance, actions, definition, known)
    by = tuple(chance.sample(DIMENSIONS, chance.choice([0, 1, 2])))
    kept = actions[: draw(HOW_MANY)], spells[: draw(HOW_MANY)]
    following = Following(definition, periods, some_forms(chance), by)
    return Situation(*kept, known, some_counting(chance, periods, by), following)


def some_definition(chance: Random, last: Day) -> OutflowDefinition:
    return OutflowDefinition(
        unit=chance.choice(["action", "trajectory"]),
        cohort=chance.choice(["started", "ended"]),
        who=chance.choice(["all", "all", "completed"]),
        anchor=chance.choice(["start", "end"]),
        horizon=chance.choice([*HORIZONS, Horizon(on=chance.choice(around([last])))]),
        event=chance.choice(EVENTS),
        work_types=chance.choice([("OTH",), ("OTH", "FLX")]),
        name=WORDS, description=WORDS, **SOURCED,
    )  # fmt: skip


def some_counting(chance: Random, periods: tuple[Period, ...], by: tuple[str, ...]) -> Counting:
    what: Any = chance.choice(["started", "running", "ended", "completed", "persons", "reached"])
    of_persons = what in ("persons", "reached")
    together = chance.choice([(), some_forms(chance)]) if of_persons else ()
    population = chance.choice([None, None, (), (1,), (1, 3)]) if of_persons else None
    return Counting(what, periods, some_forms(chance), together, by, population)


def some_forms(chance: Random) -> tuple[str, ...]:
    """Mostly all of them."""
    return chance.choice([INSTRUMENTS, INSTRUMENTS, (chance.choice(INSTRUMENTS),)])


def some_actions(chance: Random, days: list[Day]) -> tuple[Action, ...]:
    """Actions of a few persons, some of them continued, some continuing what is not known."""
    actions: list[Action] = []
    prefix = chance.choice(["a", "", "0"])
    for number in range(16):
        continued = {action.resumes for action in actions}
        others = [action for action in actions if action.action_id not in continued]
        before = chance.choice(others) if others and chance.random() < 0.3 else None
        actions.append(some_action(chance, f"{prefix}{number}", before, days))
    return tuple(actions)


def some_action(chance: Random, action_id: str, before: Action | None, days: list[Day]) -> Action:
    start = chance.choice(days)
    fields: dict[str, Any] = {
        "instrument": chance.choice(INSTRUMENTS),
        "person_id": chance.choice([1, 1, 1, 2, 2, 3, 3, 4, 5, None]),
        "chain_id": action_id,
        "resumes": chance.choice([*[None] * 7, "unknown"]),
    }
    if before is not None:
        inherited = {name: getattr(before, name) for name in ("instrument", "person_id", "chain_id")}
        fields |= inherited | {"part": before.part + 1, "resumes": before.action_id}
    approval = fields["instrument"] == "plan"
    return Action(
        action_id=action_id,
        **fields,
        **some_end(chance, start, days),
        **some_characteristics(chance, start),
        approved_on=chance.choice(days) if approval else None,
        start_date=chance.choice([start, start, None]) if approval else start,
        linked=chance.choice([None, None, None, True, True, True, False]),
        trajectory_id=chance.choice([None, None, "T", "U"]),
        employer_id=chance.choice(["E", "E", "F", None]),
    )


def some_end(chance: Random, start: Day, days: list[Day]) -> dict[str, Any]:
    """An end with its reason; only what never happened ends before its start or not at all."""
    ahead = [day for day in days if day >= start]
    reason = chance.choice([*REASONS[:2] * 3, *REASONS, None])
    undone = reason in ("cancelled", "error")
    running = not undone and chance.random() < 0.3
    end = chance.choice([*days, None]) if undone else None if running else chance.choice(ahead)
    planned = chance.choice([None, chance.choice(ahead)])
    return {"end_date": end, "end_reason": None if running else reason, "planned_end_date": planned}


def some_characteristics(chance: Random, start: Day) -> dict[str, Any]:
    """Birthdays and starts of unemployment around the edges of their bands, 29 February included."""
    births = [*around(in_year(start, start.year - age) for age in (25, 55)), Day(1992, 2, 29), None]
    unemployed = [*around(in_year(start, start.year - years) for years in (0, 1, 2)), Day(2016, 2, 29), None]
    return {
        "sex": chance.choice(["F", "M", None]),
        "birth_date": chance.choice(births),
        "unemployed_since": chance.choice(unemployed),
        "municipality": chance.choice(["44021", "21004", "25014", "99999", None]),
        "region": chance.choice([None, None, "3000"]),
        "variant": chance.choice([None, "gos"]),
        "extra": {
            "sector": chance.choice(["A1", "A2", "B1", "C1", None]),
            "branch": chance.choice([None, None, "B"]),
        },
    }


def in_year(day: Day, year: int) -> Day:
    """The same day of another year; 28 February for the 29th."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def some_spells(
    chance: Random, actions: Iterable[Action], definition: OutflowDefinition, known: Known
) -> tuple[Spell, ...]:
    """Spells of the persons of actions, that begin and end around anchors, due days and the first of sustained days;
    some of them follow another with a gap of a day, without one, or overlapping.
    """
    spells: list[Spell] = []
    for number in range(20):
        action = chance.choice(list(actions))
        days = turns(action, definition, known)
        start, person, employer = chance.choice(days), action.person_id or 1, action.employer_id or "E"
        previous = spells[-1] if spells else None
        if previous is not None and previous.end_date is not None and chance.random() < 0.4:
            start = previous.end_date + chance.choice([0, 1, 1, 2]) * ONE_DAY
            person, employer = previous.person_id, previous.employer_id or "E"
        later = [day for day in days if day >= start] or [start]
        spells.append(
            Spell(
                spell_id=f"s{chance.choice('ab')}{number}",
                person_id=person,
                employer_id=chance.choice([employer, employer, employer, "F"]),
                work_type=chance.choice([*definition.work_types * 3, *WORK_TYPES]),
                start_date=start,
                end_date=chance.choice([*later, None]),
            )
        )
    return tuple(spells)


def turns(action: Action, definition: OutflowDefinition, known: Known) -> list[Day]:
    """The days on which the fate of an action can turn."""
    ends = [action.end_date, action.planned_end_date] if definition.anchor == "end" else [action.start_date]
    anchors = [day for day in ends if day] or [known.actions_until]
    dues = [definition.horizon.due_day(anchor) for anchor in anchors]
    firsts = [due - ((definition.event.days or 1) - 1) * ONE_DAY for due in dues]
    return around([*anchors, *dues, *firsts, known.spells_until])
