"""A rule is one expression: what the engine finds for millions is what Python finds for one."""

from __future__ import annotations

import datetime
import random

import duckdb
import pytest

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.conditions import breach
from uitstroom.catalogue.schema import Length, StartWindow, TargetGroup
from uitstroom.periods import ONE_DAY, Day, add_months
from uitstroom.registers.columns import columns
from uitstroom.registers.contract import STORED_TYPES
from uitstroom.registers.versions import Versions
from uitstroom.sql import identifier
from uitstroom.text import Text

CATALOGUE = Catalogue.load()
VERSIONS = Versions(CATALOGUE).all
COLUMNS = columns("action", CATALOGUE)
TYPES = {column.name: STORED_TYPES[column.type] for column in COLUMNS}
SAID = {"message": Text(nl="de regel", en="the rule"), "source": "seed", "stated": True}
WINDOW = StartWindow(
    kind="start_window", code="w", counted_from="unemployed_since", first_day=156, last_day=310, **SAID
)
OLDER = TargetGroup(kind="target_group", code="o", age_from=25, column="sex", allowed=("F",), **SAID)


def drawn(chance, one):
    """A row whose days lie on, just before and just after what the rules of a version look at."""
    start = Day(2017, 1, 1) + chance.randrange(730) * ONE_DAY
    near = chance.choice((-1, 0, 1)) * ONE_DAY
    length = chance.choice([Length(months=3), Length(months=6), Length(weeks=4), Length(months=12), Length(days=30)])
    days = (add_months(start, length.months) - start).days if length.months else length.days or 7 * length.weeks
    row = {
        "action_id": "A", "instrument": one.instrument.code, "variant": chance.choice(
            [None, *(variant.code for variant in one.instrument.variants)]),
        "start_date": start, "approved_on": start, "planned_days": days + chance.choice((-1, 0, 1)),
        "planned_end_date": start + (days - 1) * ONE_DAY + near, "employer_id": "E", "trajectory_id": "T",
        "end_reason": chance.choice([None, "completed", "cancelled"]), "resumes": chance.choice([None, None, "B"]),
        "frame": chance.choice([None, *CATALOGUE.frames]), "education": chance.choice(["low", "high"]),
        "disability": chance.choice(["yes", "no"]), "sex": chance.choice("FM"),
        "birth_date": add_months(start, -12 * chance.choice((18, 25))) + near,
        "unemployed_since": chance.choice([add_months(start, -chance.choice((6, 12, 24))) + near,
                                           start - chance.choice((155, 156, 310, 311)) * ONE_DAY]),
    }  # fmt: skip
    emptied = chance.sample(sorted(row.keys() - {"action_id", "instrument"}), chance.choice((0, 0, 1, 2)))
    return {name: None if name in emptied else row.get(name) for name in TYPES}


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        held = ", ".join(f"{identifier(name)} {kind}" for name, kind in TYPES.items())
        connection.execute(f"create table action (place integer, {held})")
        yield connection


@pytest.mark.parametrize("one", VERSIONS, ids=lambda one: f"{one.instrument.code}-{one.number}")
def test_the_engine_and_python_give_one_verdict(connection, one):
    chance = random.Random(one.number)
    rows = [drawn(chance, one) for _ in range(400)]
    places = ", ".join("?" * (len(TYPES) + 1))
    connection.execute("delete from action")
    connection.executemany(
        f"insert into action values ({places})", [(place, *row.values()) for place, row in enumerate(rows)]
    )
    broken = 0
    for rule in (*one.version.rules, WINDOW, OLDER):
        condition = breach(one.version, rule, CATALOGUE.end_reasons)
        if condition is None:
            continue
        said = connection.execute(f"select {condition.sql} from action order by place").fetchall()
        assert [found for (found,) in said] == [condition.of(row) for row in rows], rule.code
        broken += sum(found is True for (found,) in said)
    assert broken


def test_the_leap_day_is_counted_alike(connection):
    older = breach(VERSIONS[0].version, OLDER, CATALOGUE.end_reasons)
    day = datetime.date(2021, 2, 28)
    row = {"start_date": day, "birth_date": datetime.date(1996, 2, 29), "sex": "F"}
    literal = "select date '2021-02-28' as start_date, date '1996-02-29' as birth_date, 'F' as sex, "
    others = (
        "null::varchar as end_reason, null::varchar as resumes, null::varchar as variant, null::date as approved_on"
    )
    assert older.of(row) is connection.execute(f"select {older.sql} from ({literal}{others})").fetchall()[0][0] is True
