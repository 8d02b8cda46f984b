"""Resumptions, resolved once at load: which rows are parts of one chain, and in which order (semantics, 3).

Works on the view `action_merged` (the rows that would stand in the new snapshot; `fresh` for those of this delivery).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

LINKS = """create or replace temp table link as
select s.action_id, s.resumes, s.fresh, s.start_date, p.action_id is not null as known, p.fresh as known_fresh,
  s.person_id is distinct from p.person_id as other_person,
  s.instrument is distinct from p.instrument as other_instrument
from action_merged s
left join action_merged p on p.action_id = s.resumes
where s.resumes is not null"""

FAULTS = """with blamed as (
  select case when fresh then action_id else resumes end as action_id, other_person, other_instrument
  from link
  where known and (fresh or known_fresh)
),
successor as (
  select action_id, fresh, row_number() over (partition by resumes order by fresh, start_date, action_id) as place
  from link
)
select action_id, 'resumes_other_person' as rule from blamed where other_person
union
select action_id, 'resumes_other_instrument' from blamed where other_instrument
union
select action_id, 'second_successor' from successor where place > 1 and fresh"""


FRESH = "select action_id from link where fresh union select resumes from link where known_fresh"


def chain_faults(connection: Any) -> list[tuple[str, str]]:
    """The fresh rows that cannot stand, each with the rule; what stood before is never blamed."""
    connection.execute(LINKS)
    found: list[tuple[str, str]] = connection.execute(FAULTS).fetchall()
    cyclic = in_cycles(dict(connection.execute("select action_id, resumes from link where known").fetchall()))
    fresh = {row[0] for row in connection.execute(FRESH).fetchall()} if cyclic else set()
    return found + [(action, "resumes_in_a_cycle") for action in sorted(cyclic & fresh)]


def in_cycles(following: Mapping[str, str]) -> set[str]:
    """The keys from which one comes back to the key itself, where each key has at most one that follows."""
    seen: set[str] = set()
    cyclic: set[str] = set()
    for start in following:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in seen and at not in path:
            path[at] = None
            at = following.get(at)
        if at in path:
            walked = list(path)
            cyclic.update(walked[walked.index(at) :])
        seen.update(path)
    return cyclic


def resolve(connection: Any) -> int:
    """Fill table `chain` (action_id, chain_id, part) for every row that continues a known one; returns how many resume
    one that is not known. There are no cycles."""
    connection.execute(LINKS)
    connection.execute("create or replace temp table chain (action_id varchar, chain_id varchar, part integer)")
    rows = connection.execute("select action_id, resumes from link where known").fetchall()
    places = placed(dict(rows))
    if places:
        columns = list(zip(*((action, chain, part) for action, (chain, part) in places.items()), strict=True))
        connection.register("resolved", {
            "action_id": np.array(columns[0], dtype=object), "chain_id": np.array(columns[1], dtype=object),
            "part": np.array(columns[2], dtype=np.int32),
        })  # fmt: skip
        connection.execute("insert into chain select action_id, chain_id, part from resolved")
        connection.unregister("resolved")
    return int(connection.execute("select count(*) from link where not known").fetchall()[0][0])


def placed(predecessors: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """For each action that continues another: the first of its chain, and its place in it from 1."""
    places: dict[str, tuple[str, int]] = {}
    for action in predecessors:
        path = list(_unplaced(action, predecessors, places))
        for one in reversed(path):
            before = predecessors[one]
            first, part = places.get(before, (before, 1))
            places[one] = (first, part + 1)
    return places


def _unplaced(action: str, predecessors: Mapping[str, str], places: Mapping[str, object]) -> Iterable[str]:
    at = action
    while at in predecessors and at not in places:
        yield at
        at = predecessors[at]
