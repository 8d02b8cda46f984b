"""A snapshot and the changes to it are the same as the full delivery of what they come to (rule delivery.changes)."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.delivering import action, deliver, load, spell, stored
from uitstroom.errors import UitstroomError
from uitstroom.registers import Snapshot

KEYS = [f"A{number}" for number in range(8)]
SPELLS = [f"S{number}" for number in range(8)]
PERSONS = ["", "1", "2", "3", "-4", "5"]
RENUMBERED = [{"old": "3", "new": "2", "on": datetime.date(2017, 11, 1)}]


@dataclass(frozen=True)
class State:
    """The rows that stand, as they are delivered."""

    actions: dict[str, dict[str, object]]
    spells: dict[str, dict[str, object]]


employers = st.sampled_from(["E1", "E2"])


@st.composite
def states(draw):
    """Actions of which each resumes one at most, of the same person, never in a circle, perhaps of one not there."""
    actions, free, persons = {}, set(), {}
    for key in KEYS:
        resumes = draw(st.sampled_from([None, None, *sorted(free)]))
        free = {*free, key} - {resumes}
        persons[key] = persons[resumes] if resumes else draw(st.sampled_from(PERSONS))
        values = {"person_id": persons[key], "resumes": resumes or "", "employer_id": draw(employers)}
        if draw(st.booleans()):
            actions[key] = action(key, **values)
    spells = {
        key: spell(key, person_id=draw(st.sampled_from(PERSONS[1:])), employer_id=draw(employers))
        for key in draw(st.sets(st.sampled_from(SPELLS), min_size=1))
    }
    return State(actions or {"A0": action("A0")}, spells)


def full(state, *, renumbered):
    tables = {"action": list(state.actions.values()), "spell": list(state.spells.values())}
    return {**tables, "person_change": RENUMBERED} if renumbered else tables


def difference(old, new):
    """The rows of a delivery of changes that makes `new` of `old`."""
    rows = [row for key, row in new.items() if old.get(key) != row]
    return [{**row, "operation": "upsert"} for row in rows] + [
        {**row, "operation": "delete"} for key, row in old.items() if key not in new
    ]


def changes(old, new, *, renumbered):
    tables = {"action": difference(old.actions, new.actions), "spell": difference(old.spells, new.spells)}
    return {**tables, "person_change": RENUMBERED} if renumbered else tables


def persons_of(snapshot: Snapshot) -> dict[int | None, list[object]]:
    """The rows of each person."""
    found: dict[int | None, list[object]] = {}
    for table in ("action", "spell"):
        for row in stored(snapshot, table).values():
            found.setdefault(row.get("person_id"), []).append(row)
    return found


def touched(before: Snapshot, after: Snapshot) -> set[int | None] | None:
    """The persons in the files that make one snapshot of the other."""
    files = after.touched_since(before)
    if files is None:
        return None
    with duckdb.connect() as connection:
        return {
            person
            for path in itertools.chain(*files)
            for (person,) in connection.execute("select person_id from read_parquet($1)", [str(path)]).fetchall()
        }


@settings(max_examples=12)
@given(
    st.lists(states(), min_size=2, max_size=4), st.sampled_from([None, 0, 1]), st.sampled_from([0, 1, 10]),
    st.sampled_from([1, 8]),
)  # fmt: skip
def test_a_snapshot_and_changes_are_the_full_delivery_of_what_they_come_to(
    tmp_path_factory, steps, renumbered, share, most
):
    place = tmp_path_factory.mktemp("changes")
    with (
        patch("uitstroom.registers.sizing.ROWS_PER_PARTITION", 10),
        patch("uitstroom.registers.changing.DELTA_SHARE", share),
        patch("uitstroom.registers.changing.MOST_DELTAS", most),
    ):
        changed = load(place / "store", deliver(place / "0", full(steps[0], renumbered=renumbered == 0))).snapshot
        for number, (old, new) in enumerate(itertools.pairwise(steps), start=1):
            before, tables = changed, changes(old, new, renumbered=renumbered == number)
            changed = load(place / "store", deliver(place / str(number), tables, kind="changes")).snapshot
            was, now, reached = persons_of(before), persons_of(changed), touched(before, changed)
            differing = {person for person in {**was, **now} if was.get(person) != now.get(person)}
            assert reached is None or differing <= reached
            assert share or most == 1 or reached is not None
    whole = load(place / "other", deliver(place / "whole", full(steps[-1], renumbered=renumbered is not None))).snapshot
    for table in ("action", "spell"):
        assert stored(changed, table) == stored(whole, table)
    assert changed.quarantined["action"] == whole.quarantined["action"] == 0
    assert changed.warnings.get("unknown_predecessor") == whole.warnings.get("unknown_predecessor")


def test_changes_are_refused_where_there_is_nothing_to_change(tmp_path):
    with pytest.raises(UitstroomError, match="need a snapshot"):
        load(tmp_path / "store", deliver(tmp_path / "in", {"action": [action("A")]}, kind="changes"))
