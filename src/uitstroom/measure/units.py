"""The units that are counted and followed, in SQL: chains of actions, and trajectories.

`unit` has one row per chain, or per trajectory and asked instrument in it; `part` the rows that they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Instrument, Length
from uitstroom.measure.codes import REASON, Codes
from uitstroom.measure.dialect import descending, further, key_order, listed, shifted
from uitstroom.measure.tally import UNKNOWN, Known
from uitstroom.sql import day_literal, literal


@dataclass(frozen=True)
class Units:
    """Writes them for one snapshot: `known` says how far its tables reach."""

    catalogue: Catalogue
    known: Known
    numbered: bool = False
    """Whether the keys of actions are stored as integers."""

    def relations(self, unit: str, instruments: Sequence[str], by: Sequence[str], within: str) -> str:
        """`unit`: one row per chain, or per trajectory and asked instrument in it; `part`: the rows they are made of.

        Nearly every chain is a single action, which is its own first and last part: `part` holds the rows of the other
        chains only, so that nothing is grouped that need not be. A single action that is not `within` what is looked
        at is left out.
        """
        carried = self.codes.carried(by)
        reason = f",\n    {_REASON} as {REASON}" if self.codes.of_reason(by) else ""
        if unit == "trajectory":
            several = _several(self._unit(unit), instruments, carried, reason)
            return f"part as (\n  {self._part(unit, carried)}\n),\n{several}\n)"
        wanted = f"a.instrument in ({listed(instruments)})"
        return f"""part as (
  {self._part(unit, carried, f"{wanted} and a.parts > 1")}
),
single as (
  {self._part(unit, carried, f"{wanted} and a.parts = 1")}
),
{_several(self._unit(unit), instruments, carried, reason)}
  union all
  select unit_key, unit_key as unit_id, instrument, person_id, linked, action_id as first_action,
    action_id as last_action, resumes, counted_on, start_date, longest_until, planned_end_date, employer_id, end_date,
    case when end_date is not null then end_reason end as end_reason, 1 as single{further(carried)}{reason}
  from single w
  where {within}
)"""

    def _part(self, unit: str, carried: Mapping[str, str], condition: str = "true") -> str:
        """The actions that exist, as far as they are known."""
        until = day_literal(self.known.actions_until)
        ended = f"a.start_date <= {until} and a.end_date <= {until}"
        columns = "".join(f",\n    {value} as {name}" for name, value in carried.items())
        return f"""select a.chain_id, a.part, a.action_id, a.instrument, a.person_id, a.employer_id,
    a.trajectory_id, a.resumes,
    case when a.start_date <= {until} then a.start_date end as start_date,
    case when coalesce(a.linked, true) then 1 else 0 end as linked,
    {self.counted_on} as counted_on,
    case when {ended} then a.end_date end as end_date, a.end_reason,
    coalesce(a.planned_end_date, case when a.end_date > {until} then a.end_date end) as planned_end_date,
    {self._unit(unit).key} as unit_key,
    case when a.start_date <= {until} then {self._longest()} end as longest_until{columns}
  from action a
  where {self.counted_on} <= {until}
    and not ({self._undone()})
    and {condition}"""

    def _unit(self, unit: str) -> _Unit:
        if unit == "action":
            return _Unit("a.chain_id", "part", f"{_ENDED_LAST}, part desc", "unit_key")
        key = key_order("action_id", numbered=self.numbered)
        return _Unit(
            _TRAJECTORY,
            f"{_STARTED_FIRST}, {', '.join(key)}",
            f"{_ENDED_LAST}, {_STARTED_LAST}, {descending(key)}",
            "coalesce(trajectory_id, cast(chain_id as varchar(200)))",
        )

    @property
    def codes(self) -> Codes:
        """The codes of dimensions, of units."""
        return Codes(self.catalogue, self.counted_on)

    @property
    def counted_on(self) -> str:
        """The day on which an action counts."""
        return f"case when a.instrument in ({listed(self._approved())}) then a.approved_on else a.start_date end"

    def _undone(self) -> str:
        reasons = self.catalogue.end_reasons.items()
        never = listed(code for code, reason in reasons if reason.kind == "never_happened")
        error = listed(code for code, reason in reasons if reason.registered_in_error)
        return (
            f"coalesce(a.end_reason, '') in ({error})\n"
            f"      or (a.instrument not in ({listed(self._approved())}) and coalesce(a.end_reason, '') in ({never}))"
        )

    def _approved(self) -> list[str]:
        return [code for code, one in self.catalogue.instruments.items() if one.versions[0].entrant == "approval"]

    def _longest(self) -> str:
        """The last day that the version valid at the start allows: used where a running action has no planned end."""
        cases = [
            f"when a.instrument = {literal(one.code)} and {_nearest(one, number)} then {_last_day(version.maximum)}"
            for one in self.catalogue.instruments.values()
            for number, version in enumerate(one.versions)
            if version.maximum is not None
        ]
        return f"case {' '.join(cases)} end" if cases else "cast(null as date)"


@dataclass(frozen=True)
class _Unit:
    """What makes rows of `action a` one unit: its key, the orders that put its first and last part first, its id."""

    key: str
    first: str
    last: str
    name: str


_REASON = f"case when w.end_date is null then 'running' else coalesce(w.end_reason, {literal(UNKNOWN)}) end"
_CHAIN = "cast(a.chain_id as varchar(200))"
_TRAJECTORY = (
    f"case when a.trajectory_id is null then 'c' || {_CHAIN} "
    "else 't' || a.trajectory_id || ' ' || coalesce(cast(a.person_id as varchar(20)), '') end"
)
_STARTED_FIRST = "case when start_date is null then 1 else 0 end, start_date"
_STARTED_LAST = "case when start_date is null then 1 else 0 end, start_date desc"
_ENDED_LAST = "case when end_date is null then 1 else 0 end desc, end_date desc"
"""The last day that a part covers decides; what runs covers every day to come."""


def _several(one: _Unit, instruments: Sequence[str], carried: Mapping[str, str], reason: str) -> str:
    """`unit`, open at its end: the chains and trajectories that are put together from the rows of `part`."""
    at_first = "".join(f",\n    min(case when from_first = 1 then {name} end) as {name}" for name in carried)
    return f"""placed as (
  select p.*,
    row_number() over (partition by unit_key order by {one.first}) as from_first,
    row_number() over (partition by unit_key order by {one.last}) as from_last
  from part p
),
whole as (
  select unit_key, min({one.name}) as unit_id, min(person_id) as person_id, min(linked) as linked,
    min(case when from_first = 1 then action_id end) as first_action,
    min(case when from_last = 1 then action_id end) as last_action,
    min(case when from_first = 1 then resumes end) as resumes,
    min(case when from_first = 1 then counted_on end) as counted_on,
    min(case when from_first = 1 then start_date end) as start_date,
    min(case when from_first = 1 then longest_until end) as longest_until,
    min(case when from_last = 1 then planned_end_date end) as planned_end_date,
    min(case when from_last = 1 then employer_id end) as employer_id,
    case when count(*) = count(end_date) then min(case when from_last = 1 then end_date end) end as end_date,
    case when count(*) = count(end_date) then min(case when from_last = 1 then end_reason end) end
      as end_reason{at_first}
  from placed
  group by unit_key
),
membership as (
  select distinct unit_key, instrument
  from part
  where instrument in ({listed(instruments)})
),
unit as (
  select w.unit_key, w.unit_id, m.instrument, w.person_id, w.linked, w.first_action, w.last_action, w.resumes,
    w.counted_on, w.start_date, w.longest_until, w.planned_end_date, w.employer_id, w.end_date, w.end_reason,
    0 as single{further(carried, "w.")}{reason}
  from whole w
  join membership m on m.unit_key = w.unit_key"""


def _nearest(instrument: Instrument, number: int) -> str:
    """Whether version `number` is the one valid on the counted day, the first and last reaching beyond their dates."""
    version, last = instrument.versions[number], len(instrument.versions) - 1
    day = "a.approved_on" if version.entrant == "approval" else "a.start_date"
    since = [f"{day} >= {day_literal(version.valid_from)}"] if number and version.valid_from else []
    until = [f"{day} <= {day_literal(version.valid_until)}"] if number < last and version.valid_until else []
    return " and ".join([*since, *until]) or "true"


def _last_day(length: Length | None) -> str:
    if length is None:
        return "cast(null as date)"
    if length.months is not None:
        return shifted(shifted("a.start_date", length.months, "month"), -1, "day")
    return shifted("a.start_date", (length.days or 7 * (length.weeks or 0)) - 1, "day")
