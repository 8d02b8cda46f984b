"""The one SQL text of measuring, in the subset that DuckDB, PostgreSQL and Spark accept unchanged (parses as Trino).

It reads the store's tables `action` and `spell` and returns tallies or the units behind them. Months are added with
intervals and cast back to days; month differences, weekday functions, integer division, NULL order and collations
differ silently between engines and are not used. Every CTE is named by what its rows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.indicators import COUNTS, Count
from uitstroom.measure.codes import REASON, Codes, by_names
from uitstroom.measure.dialect import due_day, further, key_order, listed
from uitstroom.measure.evidence import curve, employment, evidence, months_known
from uitstroom.measure.tally import BOXES, TOTAL, Counting, Following, Known
from uitstroom.measure.units import Units
from uitstroom.periods import Horizon, Period
from uitstroom.sql import day_literal, literal


@dataclass(frozen=True)
class Statements:
    """Writes the queries over one snapshot: `known` says how far its tables reach."""

    catalogue: Catalogue
    known: Known
    numbered: frozenset[str] = frozenset()
    """The tables whose keys are stored as integers."""

    def count(self, counting: Counting) -> str:
        """Rows of `CountRow`: period, instrument, one column per dimension, count."""
        return self._count(counting, self._units_of(counting))

    def _count(self, counting: Counting, units: str) -> str:
        keys = ", ".join(["period", "instrument", *self._codes.names(counting.by)])
        by = ", ".join(["period", "instrument", *by_names(counting.by)])
        return f"""with {self._counted(counting, units, bare=not counting.by)},
celled as (
  select {keys}, count(*) as units
  from counted
  group by {keys}
)
select {by}, cast(sum(units) as bigint) as counted
from {self._codes.found(counting.by, "celled")} c
group by {by}"""

    def counted(self, counting: Counting) -> str:
        """Rows of `Record` behind a count."""
        return f"""with {self._counted(counting, self._units_of(counting))}
select period, instrument, {_columns(by_names(counting.by))}unit_id, first_action, last_action, person_id, start_date,
  end_date, end_reason, counted_day, cast(null as date) as due, {_TEXT} as box, {_TEXT} as spell_id
from {self._codes.found(counting.by, "counted")} c"""

    def follow(self, following: Following) -> str:
        """Rows of `FollowRow`: period, instrument, one column per dimension, the boxes and the days."""
        return f"with {self._boxed(following, _span(following.periods))},\n{self._tallied(following)}"

    def follow_kept(self, following: Following) -> str:
        """The same, from a table `boxed` that `outcomes` filled."""
        return f"with {self._tallied(following)}"

    def count_kept(self, counting: Counting) -> str:
        """The rows of `count`, from a table `kept` that `units` filled."""
        reason = f"{REASON} as end_reason" if COUNTS[counting.what].of_reasons else f"{_TEXT} as end_reason"
        names = self._codes.names(counting.by)
        unit = ", ".join([*UNIT_KEPT, *names, *(f"{_TEXT} as {name}" for name in _NOT_KEPT), reason])
        return self._count(
            counting,
            f"""unit as (
  select {unit}
  from kept
  where place = 1
),
part as (
  select unit_key, part_start as start_date, part_end as end_date
  from kept
  where single = 0
)""",
        )

    def units(self, instruments: Sequence[str], by: Sequence[str]) -> str:
        """What can be kept of the chains, for counting them: `UNIT_KEPT` and what the dimensions `by` need, a row for
        each part with its place, its start and its end."""
        columns = further([*UNIT_KEPT, *self._codes.names(by)], "u.")[2:]
        return f"""with {self._units.relations("action", instruments, by, "true")}
select {columns}, 1 as place, u.start_date as part_start, u.end_date as part_end
from unit u
where u.single = 1
union all
select {columns}, row_number() over (partition by u.unit_key order by p.part) as place, p.start_date, p.end_date
from unit u
join part p on p.unit_key = u.unit_key
where u.single = 0"""

    def outcomes(self, definition: OutflowDefinition, instruments: Sequence[str], by: Sequence[str]) -> str:
        """What can be kept of a follow-up: `KEPT` and what the dimensions `by` need, one row per unit and instrument,
        whatever its period."""
        following = Following(definition, (), tuple(instruments), tuple(by))
        kept = ", ".join([*KEPT, *self._codes.names(by)])
        return f"with {self._boxed(following, None)}\nselect {kept}\nfrom boxed"

    def followed(self, following: Following) -> str:
        """Rows of `Record` behind an outflow, each with its box and the spell that decided it."""
        earliest = ", ".join(["start_date", *key_order("spell_id", numbered="spell" in self.numbered)])
        return f"""with {self._boxed(following, _span(following.periods))},
{_asked(following.periods, following.instruments)},
deciding as (
  select unit_key, spell_id,
    row_number() over (partition by unit_key order by {earliest}) as place
  from evidence
),
shown as (
  select q.period, b.*, case when b.box = 'at_work' then d.spell_id end as spell_id
  from boxed b
  join asked q on q.instrument = b.instrument and b.cohort_day between q.first_day and q.last_day
  left join deciding d on d.unit_key = b.unit_key and d.place = 1
)
select period, instrument, {_columns(by_names(following.by))}unit_id, first_action, last_action, person_id, start_date,
  end_date, end_reason, anchor, due, box, spell_id
from {self._codes.found(following.by, "shown")} c"""

    def curve(self, following: Following, months: int) -> str:
        """The definition measured 1 … `months` months after the anchor, in one pass: rows of the month and `FollowRow`,
        whose `last_due` is the latest anchor instead. For the event "on the day" only."""
        definition = following.definition.model_copy(update={"horizon": Horizon(months=0)})
        span = _span(following.periods)
        names = self._codes.names(following.by)
        keys = f"q.period, o.instrument, {_columns(names, 'o.')}o.box, o.months_known"
        numbers = range(1, months + 1)
        works = ",\n    ".join(f"sum((o.months_at_work >> {month - 1}) & 1) as month_{month}" for month in numbers)
        work = " ".join(f"when m.month = {month} then s.month_{month}" for month in numbers)
        cells = f"month, period, instrument, {_columns(names)}earliest, latest, planned"
        within = _within(definition.cohort, span)
        return f"""with {self._units.relations(definition.unit, following.instruments, following.by, within)},
{_cohort(definition, span, self.known)},
{curve(definition, months, self.known.spells_until, _anchors(definition, span))},
outlined as (
  select e.*, {self._box(definition, "'followed'")} as box,
    {months_known("e.anchor", self.known.spells_until, months)} as months_known,
    coalesce(w.months_at_work, 0) as months_at_work
  from entrant e
  left join course w on w.unit_key = e.unit_key
),
{_asked(following.periods, following.instruments)},
shaped as (
  select {keys}, count(*) as units,
    min(o.cohort_day) as earliest, max(o.planned_due) as latest, count(o.planned_due) as planned,
    {works}
  from outlined o
  join asked q on q.instrument = o.instrument and o.cohort_day between q.first_day and q.last_day
  group by {keys}
),
month as (
  select *
  from (values {", ".join(f"({month})" for month in numbers)}) as horizon (month)
),
monthly as (
  select s.*, m.month,
    case when s.box = 'followed' and m.month <= s.months_known then case {work} end else 0 end as working,
    case
      when s.box <> 'followed' then s.box
      when m.month > s.months_known then 'not_due'
      else 'not_at_work'
    end as otherwise
  from shaped s
  cross join month m
),
celled as (
  select {cells}, otherwise as outcome, units - working as units
  from monthly
  union all
  select {cells}, 'at_work' as outcome, working as units
  from monthly
  where working > 0
)
{self._tally(following.by, "outcome", ("month",))}"""

    def known_persons(self, persons: Sequence[int]) -> str:
        """How many of these persons have an action."""
        given, listed_only = _population(persons)
        return f"""with {given}known as (
  select distinct person_id
  from action
  where person_id is not null{listed_only}
)
select cast(count(*) as bigint) as persons
from known"""

    def parts_of(self, unit: str, actions: Sequence[str]) -> str:
        """Each of these actions with the start, end and reason of every row of its chain, or of its trajectory."""
        same_person = "(a.person_id = n.person_id or (a.person_id is null and n.person_id is null))"
        together = f" or (a.trajectory_id = n.trajectory_id and {same_person})" if unit == "trajectory" else ""
        return f"""with named as (
  select action_id, chain_id, trajectory_id, person_id
  from action
  where action_id in ({listed(actions)})
)
select n.action_id, a.start_date, a.end_date, a.end_reason
from named n
join action a on a.chain_id = n.chain_id{together}"""

    def spells_of(self, person: int, columns: Sequence[str]) -> str:
        """The employment lines of a person."""
        return f"""select {", ".join(columns)}
from spell
where person_id = {person}"""

    def chain_of(self, action_id: str, columns: Sequence[str]) -> str:
        """The rows of the chain of one action, in order."""
        return f"""select {", ".join(columns)}
from action
where chain_id in (select chain_id from action where action_id = {literal(action_id)})
order by part"""

    @property
    def _completed(self) -> str:
        """The reasons of ends that are completions."""
        return listed(code for code, reason in self.catalogue.end_reasons.items() if reason.kind == "completed")

    @property
    def _units(self) -> Units:
        return Units(self.catalogue, self.known, "action" in self.numbered)

    @property
    def _codes(self) -> Codes:
        return self._units.codes

    def _tallied(self, following: Following) -> str:
        names = self._codes.names(following.by)
        return f"""{_asked(following.periods, following.instruments)},
celled as (
  select q.period, b.instrument, {_columns(names, "b.")}b.box, count(*) as units,
    min(b.cohort_day) as earliest, max(b.planned_due) as latest, count(b.planned_due) as planned
  from boxed b
  join asked q on q.instrument = b.instrument and b.cohort_day between q.first_day and q.last_day
  group by q.period, b.instrument, {_columns(names, "b.")}b.box
)
{self._tally(following.by, "box")}"""

    def _tally(self, by: Sequence[str], box: str, before: Sequence[str] = ()) -> str:
        """The boxes of each cell of `celled`, which holds units by `box` and what the dimensions need."""
        keys = ", ".join([*before, "period", "instrument", *by_names(by)])
        sums = ",\n  ".join(
            f"cast(sum(case when {box} = '{name}' then units else 0 end) as bigint) as {name}" for name in BOXES
        )
        return f"""select {keys},
  {sums},
  min(case when {box} in ('not_ended', 'not_due') then earliest end) as open_from,
  max(case when {box} <> 'without_person' then latest end) as last_due,
  cast(sum(case when {box} = 'not_ended' then units - planned else 0 end) as bigint) as unplanned
from {self._codes.found(by, "celled")} c
group by {keys}"""

    def _units_of(self, counting: Counting) -> str:
        first, last = _span(counting.periods)
        within = COUNTS[counting.what].looked_at.format(first=first, last=last, completed=self._completed)
        return self._units.relations("action", _instruments(counting), counting.by, within)

    def _counted(self, counting: Counting, units: str, *, bare: bool = False) -> str:
        """`counted`: a row for each unit that counts, or for each person; `bare` where only their number matters."""
        carried = self._codes.names(counting.by)
        asked = _asked(counting.periods, _instruments(counting))
        occurrence = "occurrence" if COUNTS[counting.what].of_persons else "counted"
        occurred = _occurrence(COUNTS[counting.what], carried, self._completed, occurrence)
        if COUNTS[counting.what].of_persons:
            persons = _persons(counting, carried, bare=bare, numbered="action" in self.numbered)
            return f"{asked},\n{units},\n{occurred},\n{persons}"
        return f"{asked},\n{units},\n{occurred}"

    def _boxed(self, following: Following, span: Span | None) -> str:
        """`boxed`: each unit of a cohort of these days (None: of whatever day), with its box."""
        definition = following.definition
        within = _within(definition.cohort, span)
        return ",\n".join(
            (
                self._units.relations(definition.unit, following.instruments, following.by, within),
                _cohort(definition, span, self.known),
                employment(definition, self.known.spells_until, _anchors(definition, span)),
                evidence(definition),
                self._boxes(definition),
            )
        )

    def _boxes(self, definition: OutflowDefinition) -> str:
        followed = f"""case
      when e.due > {day_literal(self.known.spells_until)} then 'not_due'
      when w.unit_key is not null then 'at_work'
      else 'not_at_work'
    end"""
        return f"""boxed as (
  select e.*, {self._box(definition, followed)} as box
  from entrant e
  left join (select distinct unit_key from evidence) w on w.unit_key = e.unit_key
)"""

    def _box(self, definition: OutflowDefinition, followed: str) -> str:
        """The first box that fits a unit `e`; of what can be followed as `followed` says."""
        left_out = (
            f"\n      when e.end_date is not null and coalesce(e.end_reason, '') not in ({self._completed})"
            " then 'not_counted'"
            if definition.who == "completed"
            else ""
        )
        if definition.horizon.on:
            left_out += f"\n      when e.anchor >= {day_literal(definition.horizon.on)} then 'not_counted'"
        return f"""case
      when e.person_id is null or e.linked = 0 then 'without_person'
      when e.anchor is null then 'not_ended'{left_out}
      else {followed}
    end"""


KEPT = ("instrument", "person_id", "cohort_day", "anchor", "due", "planned_due", "box")
"""The columns of every kept outcome."""
UNIT_KEPT = (
    "unit_key", "instrument", "person_id", "resumes", "counted_on", "start_date", "end_date", "single",
)  # fmt: skip
"""The columns of every kept unit."""
_NOT_KEPT = ("unit_id", "first_action", "last_action")
_TEXT = "cast(null as varchar(20))"
Span = tuple[str, str]
"""The first and the last day of all the periods of a question, in SQL."""


def _instruments(counting: Counting) -> list[str]:
    return sorted({*counting.instruments, *counting.total_over})


def _cohort(definition: OutflowDefinition, span: Span | None, known: Known) -> str:
    """`entrant`: the units of a cohort, with the anchor and the due day; `sought`: those that can be at work."""
    anchor, cohort_day = _anchor(definition), _cohort_day(definition)
    within = f"{cohort_day} between {span[0]} and {span[1]}" if span else f"{cohort_day} is not null"
    first = "u.resumes is null and " if definition.cohort == "started" else ""
    planned = due_day("coalesce(d.planned_end_date, d.longest_until)", definition.horizon)
    planned_due = "d.due" if definition.anchor == "start" else f"coalesce(d.due, {planned})"
    once = "distinct " if definition.unit == "trajectory" else ""
    return f"""entrant as (
  select d.*, {planned_due} as planned_due
  from (
    select u.*, {anchor} as anchor, {due_day(anchor, definition.horizon)} as due, {cohort_day} as cohort_day
    from unit u
    where {first}{within}
  ) d
),
sought as (
  select {once}unit_key, person_id, anchor, due
  from entrant
  where person_id is not null and due <= {day_literal(known.spells_until)}
)"""


def _anchor(definition: OutflowDefinition) -> str:
    return "u.start_date" if definition.anchor == "start" else "u.end_date"


def _cohort_day(definition: OutflowDefinition) -> str:
    entered = "u.start_date" if definition.unit == "trajectory" else "u.counted_on"
    return entered if definition.cohort == "started" else "u.end_date"


def _anchors(definition: OutflowDefinition, span: Span | None) -> Span | None:
    """The first and the last anchor of a cohort of these days, where its day is the anchor."""
    return span if _anchor(definition) == _cohort_day(definition) else None


def _within(cohort: str, span: Span | None) -> str:
    """Whether a single action `w` can be in a cohort between the first and the last day of a question."""
    return COUNTS[cohort].looked_at.format(first=span[0], last=span[1]) if span else "true"


def _span(periods: Sequence[Period]) -> Span:
    first, last = min(period.first for period in periods), max(period.last for period in periods)
    return day_literal(first), day_literal(last)


def _columns(names: Iterable[str], table: str = "") -> str:
    return "".join(f"{table}{name}, " for name in names)


def _asked(periods: Sequence[Period], instruments: Sequence[str]) -> str:
    rows = ",\n    ".join(
        f"({literal(period.code)}, {literal(instrument)}, {day_literal(period.first)}, {day_literal(period.last)})"
        for period in periods
        for instrument in instruments
    )
    return f"""asked as (
  select *
  from (values
    {rows}
  ) as question (period, instrument, first_day, last_day)
)"""


def _occurrence(count: Count, carried: Sequence[str], completed: str, name: str) -> str:
    """The units that count in each period, with the day that counts them."""
    day = {row: count.day.format(row=row) for row in ("u", "p")}
    condition = {row: count.condition.format(row=row, completed=completed) for row in ("u", "p")}
    columns = f"""q.period, u.instrument, {_columns(carried, "u.")}u.unit_id, u.unit_key, u.first_action, u.last_action,
    u.person_id, u.start_date, u.end_date, u.end_reason"""
    asked = "join asked q on q.instrument = u.instrument and"
    if not count.of_parts:
        counted = f"{columns}, {day['u']} as counted_day"
        return f"{name} as (\n  select {counted}\n  from unit u\n  {asked} {condition['u']}\n)"
    return f"""{name} as (
  select {columns}, {day["u"]} as counted_day
  from unit u
  {asked} {condition["u"]}
  where u.single = 1
  union all
  select distinct {columns}, {day["p"]} as counted_day
  from unit u
  join part p on p.unit_key = u.unit_key
  {asked} {condition["p"]}
  where u.single = 0
)"""


def _persons(counting: Counting, carried: Sequence[str], *, bare: bool, numbered: bool) -> str:
    """One row per person, under the first counted unit of what the row counts; and of all instruments together.

    `bare`: of a person only the period and the instrument are looked at, and no first unit need be found.
    """
    given, among = _population(counting.population)
    apart = f"instrument in ({listed(counting.instruments)})"
    together = f"instrument in ({listed(counting.total_over)})"
    columns = "" if bare else _OF_FIRST.format(carried=_columns(carried))
    ranked = _BARE if bare else _ranked(counting, together, numbered=numbered)
    first, first_of_all = ("", "") if bare else (" and place = 1", " and place_of_all = 1")
    once = "distinct " if bare else ""
    total = f"""
  union all
  select {once}period, {literal(TOTAL)} as instrument, {columns}person_id
  from ranked
  where {together}{first_of_all}"""
    return f"""{given}known as (
  select *
  from occurrence
  where person_id is not null{among}
),
{ranked},
counted as (
  select {once}period, instrument, {columns}person_id
  from ranked
  where {apart}{first}{total if counting.total_over else ""}
)"""


_BARE = "ranked as (select period, instrument, person_id from known)"


def _ranked(counting: Counting, together: str, *, numbered: bool) -> str:
    """`ranked`: the place of each unit among those of its person, in its own row and in the total; the fewer columns
    tell the rows apart, the faster."""
    period = ["period"] if len(counting.periods) > 1 else []
    wanted = (
        [] if set(counting.total_over) == set(_instruments(counting)) else [f"case when {together} then 1 else 0 end"]
    )
    places = {"place": [*period, "instrument"]} | ({"place_of_all": [*period, *wanted]} if counting.total_over else {})
    started = "case when start_date is null then 1 else 0 end, start_date"
    order = ", ".join(["counted_day", started, *key_order("unit_key", numbered=numbered)])
    ranks = ",\n    ".join(
        f"row_number() over (partition by {', '.join([*keys, 'person_id'])}\n      order by {order}) as {name}"
        for name, keys in places.items()
    )
    return f"ranked as (\n  select c.*,\n    {ranks}\n  from known c\n)"


_OF_FIRST = "{carried}unit_id, first_action, last_action, start_date, end_date, end_reason, counted_day, "


def _population(persons: Sequence[int] | None) -> tuple[str, str]:
    """The persons of a given list, and the condition that only they are counted."""
    if persons is None:
        return "", ""
    if not persons:
        return "", " and person_id is null"
    rows = ", ".join(f"({person})" for person in persons)
    given = f"given as (\n  select person_id\n  from (values {rows}) as population (person_id)\n),\n"
    return given, " and person_id in (select person_id from given)"
