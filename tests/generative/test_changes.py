"""A snapshot and the changes to it are the same as the full delivery of what they come to (semantics, 1)."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.delivering import action, deliver, load, spell, stored
from uitstroom.errors import UitstroomError

KEYS = [f"A{number}" for number in range(8)]
PERSONS = {key: str(1 + number % 3) for number, key in enumerate(KEYS)}
SPELLS = [f"S{number}" for number in range(4)]


@st.composite
def resumptions(draw):
    """Which action each action resumes: of the same person, one at most of each, and never in a circle."""
    free, chosen = set(KEYS), {}
    for number, key in enumerate(KEYS):
        before = sorted(one for one in free if one in KEYS[:number] and PERSONS[one] == PERSONS[key])
        chosen[key] = draw(st.sampled_from([None, *before]))
        free.discard(chosen[key])
    return chosen


employers = st.sampled_from(["E1", "E2", "E3"])
states = st.tuples(
    st.dictionaries(st.sampled_from(KEYS), employers, min_size=1),
    st.dictionaries(st.sampled_from(SPELLS), employers, min_size=1),
)


def action_row(key, employer, resumed, operation="upsert"):
    return action(key, person_id=PERSONS[key], employer_id=employer, resumes=resumed[key] or "", operation=operation)


def spell_row(key, employer, _, operation="upsert"):
    return spell(key, employer_id=employer, operation=operation)


def full(state, resumed):
    actions, spells = state
    return {
        "action": [action_row(key, employer, resumed) for key, employer in actions.items()],
        "spell": [spell_row(key, employer, resumed) for key, employer in spells.items()],
    }


def difference(old, new, row, resumed):
    """The rows of a delivery of changes that makes `new` of `old`, deletions first or last being the same."""
    rows = [row(key, employer, resumed) for key, employer in new.items() if old.get(key) != employer]
    return rows + [row(key, old[key], resumed, "delete") for key in old if key not in new]


@settings(max_examples=12)
@given(resumptions(), st.lists(states, min_size=2, max_size=3), st.booleans())
def test_a_snapshot_and_changes_are_the_full_delivery_of_what_they_come_to(
    tmp_path_factory, resumed, steps, renumbered
):
    place = tmp_path_factory.mktemp("changes")
    changed = load(place / "store", deliver(place / "0", full(steps[0], resumed)))
    for number, (old, new) in enumerate(itertools.pairwise(steps), start=1):
        tables = {
            "action": difference(old[0], new[0], action_row, resumed),
            "spell": difference(old[1], new[1], spell_row, resumed),
        }
        if renumbered:
            tables["person_change"] = [{"old": "3", "new": "2", "on": datetime.date(2017, 11, 1)}]
        changed = load(place / "store", deliver(place / str(number), tables, kind="changes"))
    tables = full(steps[-1], resumed)
    if renumbered:
        tables["person_change"] = [{"old": "3", "new": "2", "on": datetime.date(2017, 11, 1)}]
    whole = load(place / "other", deliver(place / "whole", tables))
    for table in tables:
        assert stored(changed.snapshot, table) == stored(whole.snapshot, table)
    assert changed.quarantined["action"] == whole.quarantined["action"] == 0


def test_changes_are_refused_where_there_is_nothing_to_change(tmp_path):
    with pytest.raises(UitstroomError, match="need a snapshot"):
        load(tmp_path / "store", deliver(tmp_path / "in", {"action": [action("A")]}, kind="changes"))
