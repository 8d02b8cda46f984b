"""What is kept of a snapshot says what measuring it from scratch says, however the snapshot came about."""

import datetime
import shutil
from contextlib import ExitStack
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.delivering import CATALOGUE, action, deliver, load, spell
from uitstroom.indicators import COUNTS
from uitstroom.measure.engines import duckdb_engine
from uitstroom.measure.tally import Counting, Following
from uitstroom.periods import ONE_DAY, Period

INSTRUMENTS = ("iss", "ibo", "opleidingsstage", "bio")
DEFINITIONS = (
    "iss-3-months", "ibo-12-months", "opleidingsstage-3-months", "new-work-within-3-months", "sustained-30-days",
    "on-31-december-2016", "positive-end-3-months", "same-employer-6-months",
)  # fmt: skip
PERIODS = tuple(Period.parse(code) for code in ("2016-S2", "2017-S1", "2017-02", "2016-07/2017-06"))
KNOWN = (datetime.date(2017, 2, 28), datetime.date(2017, 6, 29), datetime.date(2017, 6, 30), datetime.date(2017, 10, 1))
BREAKDOWNS = ((), ("sex",), ("region",), ("age_group", "sex"), ("end_reason",))
PERSONS = ["", *(str(person) for person in range(1, 9))]


def some_day(chance: Random, first: datetime.date = datetime.date(2016, 6, 1)) -> datetime.date:
    """Mostly a day beside one on which the register ends, or beside a due day that falls there."""
    months = chance.choice([0, 0, 3, 12])
    day = chance.choice(KNOWN) + chance.choice([-1, 0, 1]) * ONE_DAY - datetime.timedelta(days=months * 365 // 12)
    return max(day, first)


def some_action(chance: Random, key: str, person: str) -> dict[str, object]:
    start = some_day(chance)
    end = chance.choice([None, some_day(chance, start), some_day(chance, start)])
    instrument = chance.choice(INSTRUMENTS)
    return action(
        key, person_id=person, instrument=instrument, start_date=start, end_date=end or "",
        end_reason=chance.choice(["completed", "stopped"]) if end else "", approved_on=some_day(chance),
        planned_end_date=chance.choice(["", some_day(chance, start)]), sex=chance.choice(["M", "F", ""]),
        trajectory_id=chance.choice(["", "T"]), employer_id=chance.choice(["E1", "E2"]), birth_date="1980-05-05",
        municipality=chance.choice(["44021", "21004"]), linked=chance.choice(["", "nee"]),
    )  # fmt: skip


def some_spell(chance: Random, key: str) -> dict[str, object]:
    start = some_day(chance)
    return spell(
        key, person_id=chance.choice(PERSONS[1:]), start_date=start, work_type=chance.choice(["OTH", "FLX", "IVT"]),
        end_date=chance.choice(["", some_day(chance, start), some_day(chance, start)]),
        employer_id=chance.choice(["E1", "E2"]),
    )  # fmt: skip


def some_rows(chance: Random, number: int) -> dict[str, list[dict[str, object]]]:
    """A delivery: whole for number 0, otherwise rows of which some are new, some replace and some take away."""
    actions = []
    for key in range(12) if number == 0 else chance.sample(range(16), 4):
        actions.append(some_action(chance, f"A{key}", chance.choice(PERSONS)))
        if actions[-1]["person_id"] and chance.random() < 0.3:
            follows = some_action(chance, f"A{key}+{number}", str(actions[-1]["person_id"]))
            actions.append({**follows, "instrument": actions[-1]["instrument"], "resumes": f"A{key}"})
    spells = [some_spell(chance, f"S{key}") for key in (range(20) if number == 0 else chance.sample(range(24), 5))]
    if number:
        for row in chance.sample([*actions, *spells], 2):
            row["operation"] = "delete"
    return {"action": actions, "spell": spells}


def answers(snapshot, chance, *, keep):
    """A few questions with breakdowns, which make something be kept, and then without, read off the same."""
    found = []
    with duckdb_engine(snapshot, CATALOGUE, keep=keep) as engine:
        definition = CATALOGUE.outflow_definition(chance.choice(DEFINITIONS), PERIODS[0].last)
        for by, some in ((chance.choice(BREAKDOWNS), INSTRUMENTS), ((), INSTRUMENTS[:2])):
            found.append(engine.follow(Following(definition, PERIODS, some, by)))
        of_actions = chance.choice(("started", "running", "ended", "completed"))
        for what in (of_actions, chance.choice(("persons", "reached"))):
            total = INSTRUMENTS if COUNTS[what].of_persons else ()
            by = chance.choice(BREAKDOWNS[1:4])
            found.append(engine.count(Counting(what, PERIODS, INSTRUMENTS, total, by)))
    return [sorted(rows, key=repr) for rows in found]


@pytest.fixture(scope="module", autouse=True)
def _small():
    """Partitions of a few rows, deltas that are never put together, and layers that are kept as long as can be."""
    with ExitStack() as stack:
        for name, value in {
            "uitstroom.registers.sizing.ROWS_PER_PARTITION": 15,
            "uitstroom.registers.changing.DELTA_SHARE": 0,
            "uitstroom.measure.kept.MOST_TOUCHED": 1000,
        }.items():
            stack.enter_context(patch(name, value))
        yield


@settings(max_examples=12)
@given(st.randoms(use_true_random=True), st.integers(1, 3))
def test_what_is_kept_says_what_measuring_from_scratch_says(tmp_path_factory, chance, changes):
    place: Path = tmp_path_factory.mktemp("kept")
    questions = chance.randrange(1000)
    days = sorted(chance.choice(KNOWN) for _ in range(changes + 1))
    for number, day in enumerate(days):
        complete = {"action": ("2016-01-01", str(day)), "spell": ("2016-01-01", str(day))}
        tables = some_rows(chance, number)
        delivery = deliver(place / str(number), tables, complete=complete, kind="changes" if number else "full")
        snapshot = load(place / "store", delivery).snapshot
        seed = questions + chance.randrange(2)
        right = answers(snapshot, Random(seed), keep=False)
        assert answers(snapshot, Random(seed), keep=True) == right
    shutil.rmtree(place)
