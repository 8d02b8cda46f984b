"""Resumptions, resolved once at load: which rows are parts of one chain, and in which order (rule chain.one_action).

Works on the table `candidate` (the columns CANDIDATE, happened, fresh): every delivered row that resumes or is resumed,
and of what stood (`fresh` is false) every row whose chain these reach. What never happened is no part of any chain.
"""

from __future__ import annotations

from typing import Any

from uitstroom.registers.rejecting import reject_ids
from uitstroom.registers.walks import walk

CANDIDATE = (
    "file", "record", "action_id", "resumes", "start_date", "end_date", "person_id", "instrument", "operation",
)  # fmt: skip

MERGED = """create or replace temp view candidate_merged as
with new as (
  select * from candidate
  where fresh and not exists (
    select 1 from action_rejected rejected
    where rejected.file = candidate.file and rejected.record = candidate.record
  )
)
select * from new where operation = 'upsert' and happened
union all
select * from candidate
where not fresh and happened and not exists (select 1 from new where new.action_id = candidate.action_id)"""

LINKS = """create or replace temp table link as
select s.action_id, s.resumes, s.fresh, s.start_date, p.action_id is not null as known, p.fresh as known_fresh,
  s.person_id is distinct from p.person_id as other_person,
  s.instrument is distinct from p.instrument as other_instrument, s.start_date < p.start_date as earlier,
  s.start_date <= coalesce(p.end_date, s.start_date) as overlapping
from candidate_merged s
left join candidate_merged p on p.action_id = s.resumes
where s.resumes is not null"""

FAULTS = """create or replace temp table chain_fault as
with blamed as (
  select case when fresh then action_id else resumes end as action_id, other_person, other_instrument, earlier
  from link
  where known and (fresh or known_fresh)
),
successor as (
  select action_id, fresh, row_number() over (partition by resumes order by fresh, start_date, action_id) as place
  from link
)
select action_id as id, 'resumes_other_person' as rule from blamed where other_person
union
select action_id, 'resumes_other_instrument' from blamed where other_instrument
union
select action_id, 'starts_before_resumed' from blamed where earlier
union
select action_id, 'second_successor' from successor where place > 1 and fresh"""

FRESH = "select action_id from link where fresh union select resumes from link where known_fresh"
KNOWN = "select action_id as start, resumes as next from link where known"


def take_candidates(connection: Any, never_happened: str) -> None:
    """Fill table `candidate` from a delivery of all actions."""
    names = f"{', '.join(CANDIDATE)}, not ({never_happened}) as happened"
    connection.execute(f"""create or replace temp table candidate as
select {names}, true as fresh
from action_new
where resumes is not null""")
    connection.execute(f"""insert into candidate
select {names}, true
from action_new
where resumes is null and action_id in (select resumes from candidate)""")


def break_chains(connection: Any) -> None:
    """Reject delivered rows whose resumptions cannot be, until those that are left can be; then fill table `chain`.

    What stood before is never blamed. `chain` (action_id, chain_id, part, parts) has the chains of more than one row.
    """
    connection.execute(MERGED)
    while _faults(connection):
        reject_ids(connection, "action", "from chain_fault", "resumes")
    connection.execute("""create or replace temp table chain as
with whole as (
  select last as chain_id, cast(max(steps) + 1 as integer) as parts from walk group by last
)
select walk.start as action_id, whole.chain_id, cast(walk.steps + 1 as integer) as part, whole.parts
from walk join whole on whole.chain_id = walk.last
union all
select chain_id, chain_id, 1, parts from whole""")


def _faults(connection: Any) -> bool:
    """Fill table `chain_fault` (id, rule) with the rows that cannot stand, and `walk` with the known links."""
    connection.execute(LINKS)
    connection.execute(FAULTS)
    if walk(connection, KNOWN):
        connection.execute(f"""insert into chain_fault
select distinct last, 'resumes_in_a_cycle'
from walk
where last in (select start from walk) and last in ({FRESH})""")
    return bool(connection.execute("select count(*) > 0 from chain_fault").fetchall()[0][0])


def overlapping(connection: Any) -> int:
    """How many of the delivered resumptions begin on or before the last day of what they continue."""
    found = "select count(*) from link where known and (fresh or known_fresh) and overlapping"
    return int(connection.execute(found).fetchall()[0][0])


def unknown_predecessors(connection: Any) -> int:
    """How many of the candidates that stand resume an action that does not."""
    return int(connection.execute("select count(*) from link where not known").fetchall()[0][0])
