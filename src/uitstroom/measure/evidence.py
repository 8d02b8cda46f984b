"""The spells that show a unit at work, in SQL, for every event of a definition (rule event.on_the_day).

`employment` are the spells that count, cut off where they are no longer known; `evidence` those of them that show a
unit of `sought` (unit_key, person_id, anchor, due) at work.
"""

from __future__ import annotations

from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.measure.dialect import due_day, listed, shifted
from uitstroom.measure.window import first_day_sql
from uitstroom.periods import ONE_DAY, Day, Horizon
from uitstroom.sql import day_literal

Days = tuple[str, str] | None
"""A first and a last day, in SQL, where a question limits them."""


def employment(definition: OutflowDefinition, spells_until: Day, anchors: Days) -> str:
    """The spells of the work types that the definition counts, that can decide about units with these `anchors`."""
    days = None
    if anchors:
        first, last = (due_day(anchor, definition.horizon) for anchor in anchors)
        days = first_day_sql(definition, anchors[0], first), last
    return f"employment as (\n  {_employment(definition, spells_until, days)}\n)"


def _employment(definition: OutflowDefinition, spells_until: Day, days: Days) -> str:
    """The conditions are written so that DuckDB does not look them up in the files first, which costs it more."""
    until = day_literal(spells_until)
    within = f"\n    and start_date <= {days[1]} and coalesce(end_date, {until}) >= {days[0]}" if days else ""
    return f"""select spell_id, person_id, employer_id, start_date,
    case when end_date <= {until} then end_date else {until} end as end_date
  from spell
  where coalesce(work_type, '') in ({listed(definition.work_types)}) and start_date <= {until}{within}"""


def evidence(definition: OutflowDefinition) -> str:
    """The spells that show a unit at work, as the definition's event asks."""
    event = definition.event
    first = first_day_sql(definition, "s.anchor", "s.due")
    reached = "" if first == "s.due" else f" and {first} <= s.due"
    seen = f"""{employers(definition)}seen as (
  select s.unit_key, s.anchor, s.due, {first} as window_first, e.spell_id, e.employer_id, e.start_date, e.end_date
  from sought s
  join employment e on e.person_id = s.person_id
    and e.start_date <= s.due and e.end_date >= {first}{reached}{join_employers(definition)}
)"""
    shown = _SUSTAINED if event.kind == "sustained" else _NEW if event.new else _SEEN
    return f"{seen},\n{shown}"


def employers(definition: OutflowDefinition) -> str:
    """The employers of each unit, where the definition asks for work with the same one."""
    return _EMPLOYERS[definition.unit] if definition.event.same_employer else ""


def join_employers(definition: OutflowDefinition) -> str:
    """The condition that a spell `e` of a unit `s` is with one of its employers, where that is asked."""
    if not definition.event.same_employer:
        return ""
    return "\n  join employer f on f.unit_key = s.unit_key and f.employer_id = e.employer_id"


_EMPLOYERS = {
    "action": """employer as (
  select distinct unit_key, employer_id
  from unit
  where employer_id is not null
),
""",
    "trajectory": """employer as (
  select distinct unit_key, employer_id
  from part
  where employer_id is not null
),
""",
}

_SEEN = """evidence as (
  select unit_key, spell_id, start_date
  from seen
)"""

_NEW = f"""succession as (
  select n.*,
    max(end_date) over (
      partition by unit_key, employer_id order by start_date, spell_id
      rows between unbounded preceding and 1 preceding
    ) as reached
  from seen n
),
evidence as (
  select unit_key, spell_id, start_date
  from succession
  where start_date > anchor and (reached is null or start_date > {shifted("reached", 1, "day")})
)"""

_SUSTAINED = f"""clipped as (
  select unit_key, due, window_first,
    case when start_date > window_first then start_date else window_first end as from_day,
    case when end_date < due then end_date else due end as until_day
  from seen
),
succession as (
  select c.*,
    max(until_day) over (
      partition by unit_key order by from_day, until_day rows between unbounded preceding and 1 preceding
    ) as reached
  from clipped c
),
covered as (
  select unit_key
  from succession
  group by unit_key, due, window_first
  having min(from_day) = window_first and max(until_day) = due
    and sum(case when from_day > {shifted("reached", 1, "day")} then 1 else 0 end) = 0
),
evidence as (
  select n.unit_key, n.spell_id, n.start_date
  from seen n
  join covered c on c.unit_key = n.unit_key
  where n.end_date >= n.due
)"""


def curve(definition: OutflowDefinition, months: int, spells_until: Day, anchors: Days) -> str:
    """`course`: of each unit of `sought` the months 1 … `months` after its anchor on whose due day a spell covers it,
    the bit 2^(m-1) for month m.

    Days are compared as numbers of 32 days to the month, since differences of months are not portable: the due day of
    month m is the anchor plus 32 m, and what lasts to the end of a month lasts beyond every day that is clipped to it.
    """
    first, last = "e.start_number - s.anchor_number", "e.end_number - s.anchor_number"
    days = (anchors[0], due_day(anchors[1], Horizon(months=months))) if anchors else None
    return f"""{employers(definition)}numbered as (
  select unit_key, person_id, anchor_number, anchor_number + 32 as first_number,
    anchor_number + {32 * months} as last_number
  from (select unit_key, person_id, {_number("anchor")} as anchor_number from sought) anchored
),
lasting as (
  select person_id, employer_id, {_number("start_date")} as start_number,
    case when {_last_of_month("end_date")} then {_number("end_date")} + 31 - {_day("end_date")}
      else {_number("end_date")} end as end_number
  from ({_employment(definition, spells_until, days)}) work
),
within as (
  select s.unit_key, case when {first} > 32 then ({first} + 31) >> 5 else 1 end as first_month,
    case when {last} < {32 * months} then ({last}) >> 5 else {months} end as last_month
  from numbered s
  join lasting e on e.person_id = s.person_id
    and e.start_number <= s.last_number and e.end_number >= s.first_number{join_employers(definition)}
),
course as (
  select unit_key, bit_or(case when first_month <= last_month
    then (cast(1 as bigint) << last_month) - (cast(1 as bigint) << (first_month - 1)) else 0 end) as months_at_work
  from within
  group by unit_key
)"""


def months_known(anchor: str, until: Day, months: int) -> str:
    """SQL: how many of the months 1 … `months` after an anchor have a due day that is not after `until`."""
    day = 31 if (until + ONE_DAY).day == 1 else until.day
    number = (until.year * 12 + until.month) * 32 + day
    passed = f"{number} - {_number(anchor)}"
    return f"case when {passed} >= {32 * months} then {months} when {passed} > 0 then ({passed}) >> 5 else 0 end"


def _number(day: str) -> str:
    return f"cast((extract(year from {day}) * 12 + extract(month from {day})) * 32 + {_day(day)} as integer)"


def _day(day: str) -> str:
    return f"cast(extract(day from {day}) as integer)"


def _last_of_month(day: str) -> str:
    return f"{_day(day)} > 27 and {_day(shifted(day, 1, 'day'))} = 1"
