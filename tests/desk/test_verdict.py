"""The verdict of the desk is that of the intake: on every generated action, in both languages."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest

from tests.integration.delivering import deliver
from tests.unit.test_conditions import VERSIONS, drawn
from uitstroom.catalogue import Catalogue
from uitstroom.periods import ONE_DAY
from uitstroom.registers import Store

CATALOGUE = Catalogue.load()
ACTIONS = 6000


def generated(count):
    """Actions on and beside the days and codes that the rules look at; some with a fault that rejects a row."""
    chance = random.Random(14)
    for place in range(count):
        row = drawn(chance, chance.choice(VERSIONS))
        row |= {"action_id": f"A{place}", "person_id": str(1 + place), "resumes": None, "linked": None}
        row["instrument"] = row["instrument"] if chance.random() > 0.02 else "nonsense"
        row["education"] = chance.choice([row["education"], row["education"], "nonsense"])
        row["municipality"] = chance.choice([None, "44021", "99999", "4402", "x"])
        start = row["start_date"]
        if start and chance.random() < 0.5:
            row["end_date"] = start + chance.choice((-1, 0, 1, 40)) * ONE_DAY
        row["planned_days"] = row["planned_days"] if chance.random() > 0.02 else -1
        yield row


@pytest.mark.parametrize("count", [ACTIONS, pytest.param(100_000, marks=pytest.mark.slow)])
def test_the_desk_and_the_intake_find_the_same(tmp_path, count):
    from uitstroom.desk.register import Register
    from uitstroom.desk.verdict import judged

    register = Register(CATALOGUE, frozenset(), (), {})
    rows = list(generated(count))
    folder = deliver(tmp_path / "in", {"action": ({k: v for k, v in row.items() if v is not None} for row in rows)})
    report = Store(tmp_path / "store").load(folder, CATALOGUE, accept_quarantine=True)
    found = [(row, judged(register, row)) for row in rows]
    rejected = {row["action_id"] for row, findings in found if any(map(rejects, findings))}
    assert len(rejected) == report.quarantined["action"]
    assert 0 < len(rejected) < count
    said = Counter(one.code for row, findings in found if row["action_id"] not in rejected
                   for one in {one.code: one for one in findings}.values())  # fmt: skip
    warned = {code: one.count for code, one in report.warnings.items() if code.partition(":")[0] not in OF_COLUMNS}
    assert {"outside_versions", "not_valid:variant", "iss-age"} <= warned.keys()
    assert dict(said) == warned
    told = {(one.code, one.message) for _, findings in found for one in findings}
    assert {(code, one.message) for code, one in report.warnings.items() if code in warned} <= told


def rejects(finding):
    """A planned end before the start warns in a delivery; the desk does not take it."""
    return finding.severity == "reject" and finding.code != "planned_end_before_start"


OF_COLUMNS = {"ignored", "absent", "dropped", "ignored_columns", "absent_columns"}
"""What a load says of columns, which no form has."""


def test_actions_of_one_person_are_counted_alike():
    """Who starts first is not held to be one too many; who starts after the maximum is."""
    from uitstroom.desk.register import Register
    from uitstroom.desk.verdict import Elsewhere, judged

    register = Register(CATALOGUE, frozenset(), (), {})
    days = [one["start_date"] for one in (iss(number) for number in range(3))]
    over = []
    for number, day in enumerate(days):
        course = [Elsewhere(other, None, 10 + place) for place, other in enumerate(days) if other != day]
        over.append("iss-two-placements" in {one.code for one in judged(register, iss(number), course)})
    assert over == [False, False, True]
    assert all(first < second for first, second in pairwise(days))


def iss(number):
    import datetime

    start = datetime.date(2017, 1 + 3 * number, 1)
    return {"instrument": "iss", "person_id": 1, "employer_id": number, "start_date": start,
            "planned_end_date": datetime.date(2017, 3 + 3 * number, 28)}  # fmt: skip
