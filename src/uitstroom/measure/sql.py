"""The one SQL text of measuring, in the subset that DuckDB, PostgreSQL and Spark accept unchanged (parses as Trino).

It reads the store's tables `action` and `spell` and returns tallies or the units behind them. Months are added with
intervals and cast back to days; month differences, weekday functions, integer division, NULL order and collations
differ silently between engines and are not used. Every CTE is named by what its rows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Dimension, Instrument, Length, OutflowDefinition
from uitstroom.measure.tally import TOTAL, UNKNOWN, Counting, Following, Known
from uitstroom.periods import Day, Horizon, Period


def quoted(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _day(day: Day) -> str:
    return f"date '{day.isoformat()}'"


def _list(texts: Iterable[str]) -> str:
    """A list for `in`; where it is empty a text that is never a code, since `in ()` is no SQL and NULL would spread."""
    return ", ".join(quoted(text) for text in texts) or "'-'"


def _shift(column: str, amount: int, unit: str) -> str:
    sign = "-" if amount < 0 else "+"
    return f"cast({column} {sign} interval '{abs(amount)}' {unit} as date)"


def due_day(anchor: str, horizon: Horizon) -> str:
    """The due day of an anchor column; months clip to the month's end on every engine."""
    if horizon.on is not None:
        return f"case when {anchor} is not null then {_day(horizon.on)} end"
    if horizon.months is not None:
        return _shift(anchor, horizon.months, "month")
    return _shift(anchor, horizon.days or 0, "day")


@dataclass(frozen=True)
class Statements:
    """Writes the queries over one snapshot: `known` says how far its tables reach."""

    catalogue: Catalogue
    known: Known

    def count(self, counting: Counting) -> str:
        """Rows of `CountRow`: period, instrument, one column per dimension, count."""
        keys = ["period", "instrument", *_names(counting.by)]
        return f"""with {self._counted(counting)}
select {", ".join(keys)}, count(*) as counted
from counted
group by {", ".join(keys)}"""

    def counted(self, counting: Counting) -> str:
        """Rows of `Record` behind a count."""
        return f"""with {self._counted(counting)}
select period, instrument, {_listed(counting.by)}unit_id, first_action, last_action, person_id, start_date, end_date,
  end_reason, counted_day, cast(null as date) as due, cast(null as varchar(20)) as box,
  cast(null as varchar(20)) as spell_id
from counted"""

    def follow(self, following: Following) -> str:
        """Rows of `FollowRow`: period, instrument, one column per dimension, the boxes and the days."""
        keys = ", ".join(["period", "instrument", *_names(following.by)])
        boxes = ("without_person", "not_ended", "not_counted", "not_due", "at_work", "not_at_work")
        sums = ",\n  ".join(f"sum(case when box = '{box}' then 1 else 0 end) as {box}" for box in boxes)
        return f"""with {self._followed(following)}
select {keys},
  {sums},
  min(case when box in ('not_ended', 'not_due') then cohort_day end) as open_from,
  max(case when box <> 'without_person' then planned_due end) as last_due,
  sum(case when box = 'not_ended' and planned_due is null then 1 else 0 end) as unplanned
from boxed
group by {keys}"""

    def followed(self, following: Following) -> str:
        """Rows of `Record` behind an outflow, each with its box and the spell that decided it."""
        return f"""with {self._followed(following)},
deciding as (
  select unit_key, spell_id,
    row_number() over (partition by unit_key order by start_date, spell_id) as place
  from evidence
)
select b.period, b.instrument, {_listed(following.by, "b.")}b.unit_id, b.first_action, b.last_action, b.person_id,
  b.start_date, b.end_date, b.end_reason, b.anchor, b.due, b.box,
  case when b.box = 'at_work' then d.spell_id end as spell_id
from boxed b
left join deciding d on d.unit_key = b.unit_key and d.place = 1"""

    def chain_of(self, action_id: str, columns: Sequence[str]) -> str:
        """The rows of the chain of one action, in order."""
        return f"""select {", ".join(columns)}
from action
where chain_id in (select chain_id from action where action_id = {quoted(action_id)})
order by part"""

    def _counted(self, counting: Counting) -> str:
        what = counting.what
        instruments = sorted({*counting.instruments, *counting.total_over})
        units = self._units("action", instruments, counting.by)
        asked = _asked(counting.periods, instruments)
        if what in ("persons", "reached"):
            return f"{asked},\n{units},\n{_occurrence(what, counting.by)},\n{_persons(counting)}"
        return f"{asked},\n{units},\n{_occurrence(what, counting.by, name='counted')}"

    def _followed(self, following: Following) -> str:
        definition = following.definition
        units = self._units(definition.unit, following.instruments, following.by)
        return ",\n".join(
            (
                _asked(following.periods, following.instruments),
                units,
                self._cohort(definition),
                _spells(definition, self.known),
                _evidence(definition),
                self._boxed(definition),
            )
        )

    def _units(self, unit: str, instruments: Sequence[str], by: Sequence[str]) -> str:
        """`part`: the rows that exist; `unit`: one row per chain or trajectory and asked instrument in it."""
        firsts = [name for name, code in zip(_names(by), by, strict=True) if self._dimension(code).kind != "reason"]
        reasons = [name for name, code in zip(_names(by), by, strict=True) if self._dimension(code).kind == "reason"]
        at_first = "".join(f",\n    min(case when from_first = 1 then {name} end) as {name}" for name in firsts)
        key, first, last, name_of_unit = _UNIT[unit]
        until = _day(self.known.actions_until)
        ended = f"a.start_date <= {until} and a.end_date <= {until}"
        wanted = f" and a.instrument in ({_list(instruments)})" if unit == "action" else ""
        by_reason = "".join(f",\n    {_REASON} as {name}" for name in reasons)
        columns = "".join(f",\n    {self._code(self._dimension(by[names])) } as {name}"
                          for names, name in enumerate(_names(by)) if name in firsts)  # fmt: skip
        return f"""part as (
  select a.chain_id, a.part, a.action_id, a.instrument, a.person_id, a.employer_id, a.trajectory_id, a.resumes,
    case when a.start_date <= {until} then a.start_date end as start_date,
    case when coalesce(a.linked, true) then 1 else 0 end as linked,
    {self._counted_on()} as counted_on,
    case when {ended} then a.end_date end as end_date, a.end_reason,
    coalesce(a.planned_end_date, case when a.end_date > {until} then a.end_date end) as planned_end_date,
    {key} as unit_key,
    case when a.start_date <= {until} then {self._longest()} end as longest_until{columns}
  from {self._coded(by)} a
  where {self._counted_on()} <= {until}
    and not ({self._undone()}){wanted}
),
placed as (
  select p.*,
    row_number() over (partition by unit_key order by {first}) as from_first,
    row_number() over (partition by unit_key order by {last}) as from_last
  from part p
),
whole as (
  select unit_key, min({name_of_unit}) as unit_id, min(person_id) as person_id, min(linked) as linked,
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
  where instrument in ({_list(instruments)})
),
unit as (
  select w.*, m.instrument{by_reason}
  from whole w
  join membership m on m.unit_key = w.unit_key
)"""

    def _cohort(self, definition: OutflowDefinition) -> str:
        """`entrant`: the units of the cohort in each period, with the anchor and the due day."""
        anchor = "u.start_date" if definition.anchor == "start" else "u.end_date"
        entered = "u.start_date" if definition.unit == "trajectory" else "u.counted_on"
        in_cohort = (
            f"u.resumes is null and {entered} between q.first_day and q.last_day"
            if definition.cohort == "started"
            else "u.end_date between q.first_day and q.last_day"
        )
        planned = anchor if definition.anchor == "start" else _PLANNED_END
        return f"""entrant as (
  select q.period, u.*, {anchor} as anchor, {due_day(anchor, definition.horizon)} as due,
    {due_day(planned, definition.horizon)} as planned_due,
    {entered if definition.cohort == "started" else "u.end_date"} as cohort_day
  from unit u
  join asked q on q.instrument = u.instrument and {in_cohort}
),
sought as (
  select distinct unit_key, person_id, anchor, due
  from entrant
  where person_id is not null and due <= {_day(self.known.spells_until)}
)"""

    def _boxed(self, definition: OutflowDefinition) -> str:
        completed = (code for code, reason in self.catalogue.end_reasons.items() if reason.kind == "completed")
        left_out = (
            f"\n      when e.end_date is not null and coalesce(e.end_reason, '') not in ({_list(completed)})"
            " then 'not_counted'"
            if definition.who == "completed"
            else ""
        )
        return f"""boxed as (
  select e.*,
    case
      when e.person_id is null or e.linked = 0 then 'without_person'
      when e.anchor is null then 'not_ended'{left_out}
      when e.due > {_day(self.known.spells_until)} then 'not_due'
      when w.unit_key is not null then 'at_work'
      else 'not_at_work'
    end as box
  from entrant e
  left join (select distinct unit_key from evidence) w on w.unit_key = e.unit_key
)"""

    def _counted_on(self) -> str:
        return f"case when a.instrument in ({_list(self._approved())}) then a.approved_on else a.start_date end"

    def _undone(self) -> str:
        reasons = self.catalogue.end_reasons.items()
        never = _list(code for code, reason in reasons if reason.kind == "never_happened")
        error = _list(code for code, reason in reasons if reason.registered_in_error)
        return (
            f"coalesce(a.end_reason, '') in ({error})\n"
            f"      or (a.instrument not in ({_list(self._approved())}) and coalesce(a.end_reason, '') in ({never}))"
        )

    def _approved(self) -> list[str]:
        return [code for code, one in self.catalogue.instruments.items() if one.versions[0].entrant == "approval"]

    def _longest(self) -> str:
        """The last day that the version valid at the start allows: used where a running action has no planned end."""
        cases = [
            f"when a.instrument = {quoted(one.code)} and {_nearest(one, number)} then {_last_day(version.maximum)}"
            for one in self.catalogue.instruments.values()
            for number, version in enumerate(one.versions)
            if version.maximum is not None
        ]
        return f"case {' '.join(cases)} end" if cases else "cast(null as date)"

    def _dimension(self, code: str) -> Dimension:
        return self.catalogue.dimension(code)

    def _code(self, dimension: Dimension) -> str:
        """The code of a dimension for a row of `action a`, UNKNOWN where it is empty."""
        if dimension.kind == "variant":
            return "coalesce(a.variant, 'none')"
        if dimension.kind == "band":
            return self._band(dimension)
        column = f"a.{dimension.column}" if dimension.column else None
        parent = self._parent(dimension) if dimension.of else None
        return f"coalesce({', '.join(part for part in (column, parent, quoted(UNKNOWN)) if part)})"

    def _parent(self, dimension: Dimension) -> str:
        of = str(dimension.of)
        child = f"a.{self._child(of)}"
        parents = {entry.code: entry.parent for entry in reversed(self._dimension(of).codes) if entry.parent}
        whens = [
            f"when {child} in ({_list(code for code in parents if parents[code] == parent)}) then {quoted(parent)}"
            for parent in sorted(set(parents.values()))
        ]
        if dimension.prefix:
            prefix = f"substr({child}, 1, {dimension.prefix})"
            whens.append(f"when {prefix} in ({_list(entry.code for entry in dimension.codes)}) then {prefix}")
        return f"case {' '.join(whens)} end" if whens else "cast(null as varchar(40))"

    def _coded(self, by: Sequence[str]) -> str:
        """The actions with the codes of the dimensions whose parents are asked for, one level around the other.

        A code written out within its parent's expression would double the text at every level.
        """
        source = "action"
        for code in dict.fromkeys(child for asked in by for child in self._children(asked)):
            source = f"(select a.*, {self._code(self._dimension(code))} as {self._child(code)} from {source} a)"
        return source

    def _children(self, code: str) -> list[str]:
        """The dimensions that a dimension's codes are found through, the deepest first."""
        of = self._dimension(code).of
        return [*self._children(of), of] if of else []

    def _child(self, code: str) -> str:
        return f"code_{list(self.catalogue.dimensions).index(code)}"

    def _band(self, dimension: Dimension) -> str:
        """Compares days as the digits YYYYMMDD (years) or months and days, so that nothing is divided."""
        weight, digits = (10000, _year_digits) if dimension.unit == "years" else (100, _month_digits)
        passed = f"({digits(self._counted_on())} - {digits(f'a.{dimension.column}')})"
        whens = []
        for band in dimension.bands:
            low = f"{passed} >= {band.low * weight}" if band.low is not None else f"{passed} is not null"
            high = f" and {passed} < {(band.high + 1) * weight}" if band.high is not None else ""
            whens.append(f"when {low}{high} then {quoted(band.code)}")
        return f"case {' '.join(whens)} else {quoted(UNKNOWN)} end"


_REASON = f"case when w.end_date is null then 'running' else coalesce(w.end_reason, {quoted(UNKNOWN)}) end"
_PLANNED_END = "coalesce(u.end_date, u.planned_end_date, u.longest_until)"
_TRAJECTORY = (
    "case when a.trajectory_id is null then 'c' || a.chain_id "
    "else 't' || a.trajectory_id || ' ' || coalesce(cast(a.person_id as varchar(20)), '') end"
)
_UNIT = {
    "action": ("a.chain_id", "part", "part desc", "unit_key"),
    "trajectory": (
        _TRAJECTORY,
        "case when start_date is null then 1 else 0 end, start_date, action_id",
        "case when end_date is null then 1 else 0 end desc, end_date desc, "
        "case when start_date is null then 1 else 0 end, start_date desc, action_id desc",
        "coalesce(trajectory_id, chain_id)",
    ),
}
"""Per unit: its key, the orders that put its first and its last part first, and its id."""


def _names(by: Sequence[str]) -> list[str]:
    return [f"by_{number}" for number, _ in enumerate(by, 1)]


def _listed(by: Sequence[str], table: str = "") -> str:
    return "".join(f"{table}{name}, " for name in _names(by))


def _asked(periods: Sequence[Period], instruments: Sequence[str]) -> str:
    rows = ",\n    ".join(
        f"({quoted(period.code)}, {quoted(instrument)}, {_day(period.first)}, {_day(period.last)})"
        for period in periods
        for instrument in instruments
    )
    return f"""asked as (
  select *
  from (values
    {rows}
  ) as question (period, instrument, first_day, last_day)
)"""


def _occurrence(what: str, by: Sequence[str], name: str = "occurrence") -> str:
    """The units that count in each period, with the day that counts them."""
    day, condition, parts = _WHEN[what]
    columns = f"""q.period, u.instrument, {_listed(by, "u.")}u.unit_id, u.unit_key, u.first_action, u.last_action,
    u.person_id, u.start_date, u.end_date, u.end_reason, {day} as counted_day"""
    joined = "\n  join part p on p.unit_key = u.unit_key" if parts else ""
    return f"""{name} as (
  select {"distinct " if parts else ""}{columns}
  from unit u{joined}
  join asked q on q.instrument = u.instrument and {condition}
)"""


_WHEN = {
    "started": ("u.counted_on", "u.resumes is null and u.counted_on between q.first_day and q.last_day", False),
    "persons": ("u.counted_on", "u.resumes is null and u.counted_on between q.first_day and q.last_day", False),
    "ended": ("u.end_date", "u.end_date between q.first_day and q.last_day", False),
    "running": (
        "q.last_day",
        "p.start_date <= q.last_day and (p.end_date is null or p.end_date >= q.last_day)",
        True,
    ),
    "reached": (
        "u.counted_on",
        "p.start_date <= q.last_day and (p.end_date is null or p.end_date >= q.first_day)",
        True,
    ),
}
"""Per count: the day that counts a unit, when it counts, and whether its parts decide."""


def _persons(counting: Counting) -> str:
    """One row per person, under the first counted unit of what the row counts; and of all instruments together."""
    apart = f"select * from occurrence where instrument in ({_list(counting.instruments)})"
    together = (
        f"""
  union all
  select period, {quoted(TOTAL)} as instrument, {_listed(counting.by)}unit_id, unit_key, first_action, last_action,
    person_id, start_date, end_date, end_reason, counted_day
  from occurrence
  where instrument in ({_list(counting.total_over)})"""
        if counting.total_over
        else ""
    )
    listed, among = _population(counting.population)
    return f"""{listed}claim as (
  {apart}{together}
),
ranked as (
  select c.*,
    row_number() over (partition by period, instrument, person_id order by counted_day, unit_key) as place
  from claim c
  where person_id is not null{among}
),
counted as (
  select *
  from ranked
  where place = 1
)"""


def _population(persons: Sequence[int] | None) -> tuple[str, str]:
    """The persons of a given list, and the condition that only they are counted."""
    if persons is None:
        return "", ""
    if not persons:
        return "", " and person_id is null"
    rows = ", ".join(f"({person})" for person in persons)
    listed = f"listed as (\n  select person_id\n  from (values {rows}) as population (person_id)\n),\n"
    return listed, " and person_id in (select person_id from listed)"


def _spells(definition: OutflowDefinition, known: Known) -> str:
    until = _day(known.spells_until)
    return f"""employment as (
  select spell_id, person_id, employer_id, start_date,
    case when end_date <= {until} then end_date else {until} end as end_date
  from spell
  where work_type in ({_list(definition.work_types)}) and start_date <= {until}
)"""


def _evidence(definition: OutflowDefinition) -> str:
    """The spells that show a unit at work, as the definition's event asks."""
    event = definition.event
    employers = _EMPLOYERS[definition.unit] if event.same_employer else ""
    join = "\n  join employer f on f.unit_key = s.unit_key and f.employer_id = e.employer_id" * event.same_employer
    first = {
        "on_the_day": "s.due",
        "within": _shift("s.anchor", 0 if event.new else 1, "day"),
        "sustained": _shift("s.due", 1 - (event.days or 1), "day"),
    }[event.kind]
    seen = f"""{employers}seen as (
  select s.unit_key, s.anchor, s.due, {first} as window_first, e.spell_id, e.employer_id, e.start_date, e.end_date
  from sought s
  join employment e on e.person_id = s.person_id and e.start_date <= s.due and e.end_date >= {first}
    and {first} <= s.due{join}
)"""
    shown = _SUSTAINED if event.kind == "sustained" else _NEW if event.new else _SEEN
    return f"{seen},\n{shown}"


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
  where start_date > anchor and (reached is null or start_date > {_shift("reached", 1, "day")})
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
    and sum(case when from_day > {_shift("reached", 1, "day")} then 1 else 0 end) = 0
),
evidence as (
  select n.unit_key, n.spell_id, n.start_date
  from seen n
  join covered c on c.unit_key = n.unit_key
  where n.end_date >= n.due
)"""


def _nearest(instrument: Instrument, number: int) -> str:
    """Whether version `number` is the one valid on the counted day, the first and last reaching beyond their dates."""
    version, last = instrument.versions[number], len(instrument.versions) - 1
    day = "a.approved_on" if version.entrant == "approval" else "a.start_date"
    since = [f"{day} >= {_day(version.valid_from)}"] if number and version.valid_from else []
    until = [f"{day} <= {_day(version.valid_until)}"] if number < last and version.valid_until else []
    return " and ".join([*since, *until]) or "true"


def _last_day(length: Length | None) -> str:
    if length is None:
        return "cast(null as date)"
    if length.months is not None:
        return _shift(_shift("a.start_date", length.months, "month"), -1, "day")
    return _shift("a.start_date", (length.days or 7 * (length.weeks or 0)) - 1, "day")


def _year_digits(day: str) -> str:
    return f"(extract(year from {day}) * 10000 + extract(month from {day}) * 100 + extract(day from {day}))"


def _month_digits(day: str) -> str:
    return f"((extract(year from {day}) * 12 + extract(month from {day})) * 100 + extract(day from {day}))"
