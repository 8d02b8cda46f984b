"""The indicators, each a row: what it counts, which columns that needs, on which day a unit counts and when.

To add one: a row here, its words in the catalogue's indicators.toml and pages.toml, and a case in tests/spec. The day
and the condition are said twice, in SQL for the engines and in Python for the reference; the cases hold the two
together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from uitstroom.periods import Day, Period

ENTRANCE = "entrance"
"""Stands for the column on which an instrument's actions count: their start, or their approval."""
Kinds = Mapping[str, str]
"""The kind of each end reason, as the catalogue has it."""


class Stretch(Protocol):
    """A part of a unit, from its start on; without an end it runs."""

    @property
    def start(self) -> Day | None: ...

    @property
    def end(self) -> Day | None: ...


class Countable(Protocol):
    """A unit as an indicator looks at it; `counted` is None where it is no entrant, `end` while it runs."""

    @property
    def counted(self) -> Day | None: ...

    @property
    def end(self) -> Day | None: ...

    @property
    def end_reason(self) -> str | None: ...

    @property
    def parts(self) -> Sequence[Stretch]: ...


CountedOn = Callable[[Countable, Period, Kinds], Day | None]


@dataclass(frozen=True)
class Count:
    """What is counted: units, or the distinct persons of units.

    `needs` are the columns without which nothing can be said. `day` and `condition` are SQL over the `row` of a unit
    (of each of its parts, with `of_parts`) and over `q`, the period; `looked_at` is what must hold of a single action
    to be looked at between `first` and `last`; `completed` stands for the reasons of that kind. `counted_on` says the
    same in Python: the day that counts a unit in a period, or None. `who` says which persons they are.
    """

    code: str
    needs: tuple[str, ...]
    day: str
    condition: str
    looked_at: str
    counted_on: CountedOn = field(repr=False)
    of_persons: bool = False
    of_parts: bool = False
    of_reasons: bool = False
    who: Literal["entrants", "reached"] | None = None


@dataclass(frozen=True)
class Indicator:
    """What can be asked. Without a `count` it is followed (outflow).

    `share_of`: the figure is the share that the count is of this one. `named` are the counts that a definition chooses
    by name instead. `by_reason`: it can be broken down by the reason of the end. `of_list`: it is asked of a list of
    persons, and is the share that they make of it.
    """

    code: str
    count: Count | None = None
    share_of: Count | None = None
    named: Mapping[str, Count] = field(default_factory=dict)
    by_reason: bool = False
    of_list: bool = False

    @property
    def kind(self) -> Literal["count", "rate"]:
        return "count" if self.count and not self.share_of and not self.of_list else "rate"

    def counted(self, definition: str | None = None) -> Count | None:
        """What is counted under a definition of this name."""
        return self.named.get(definition, self.count) if definition else self.count


def _entered(unit: Countable, period: Period, _: Kinds) -> Day | None:
    return unit.counted if unit.counted is not None and unit.counted in period else None


def _ended(unit: Countable, period: Period, _: Kinds) -> Day | None:
    return unit.end if unit.end is not None and unit.end in period else None


def _completed(unit: Countable, period: Period, kinds: Kinds) -> Day | None:
    return _ended(unit, period, kinds) if kinds.get(unit.end_reason or "") == "completed" else None


def _running(unit: Countable, period: Period, kinds: Kinds) -> Day | None:
    return _reached(unit, Period(period.last, period.last, period.code), kinds)


def _reached(unit: Countable, period: Period, _: Kinds) -> Day | None:
    """The first day of the period that a part covers."""
    stretches = [(part.start, part.end or period.last) for part in unit.parts if part.start]
    covered = [max(start, period.first) for start, end in stretches if start <= period.last and end >= period.first]
    return min(covered, default=None)


_COVERED = "w.start_date <= {last} and (w.end_date is null or w.end_date >= {first})"
_ENTERED = (
    "u.counted_on", "{row}.resumes is null and {row}.counted_on between q.first_day and q.last_day",
    "w.counted_on between {first} and {last}", _entered,
)  # fmt: skip
_LAST_END = "{row}.end_date between q.first_day and q.last_day"

STARTED = Count("started", (ENTRANCE,), *_ENTERED)
PERSONS = Count("persons", ("person_id", ENTRANCE), *_ENTERED, of_persons=True, who="entrants")
ENDED = Count(
    "ended", ("end_date",), "u.end_date", _LAST_END, "w.end_date between {first} and {last}", _ended,
)  # fmt: skip
COMPLETED = Count(
    "completed", ("end_date", "end_reason"), "u.end_date", f"{_LAST_END} and {{row}}.end_reason in ({{completed}})",
    "w.end_date between {first} and {last} and w.end_reason in ({completed})", _completed, of_reasons=True,
)  # fmt: skip
RUNNING = Count(
    "running", ("start_date", "end_date"), "q.last_day",
    "{row}.start_date <= q.last_day and ({row}.end_date is null or {row}.end_date >= q.last_day)",
    _COVERED, _running, of_parts=True,
)  # fmt: skip
REACHED = Count(
    "reached", ("person_id", "start_date", "end_date"),
    "case when {row}.start_date > q.first_day then {row}.start_date else q.first_day end",
    "{row}.start_date <= q.last_day and ({row}.end_date is null or {row}.end_date >= q.first_day)",
    _COVERED, _reached, of_persons=True, of_parts=True, who="reached",
)  # fmt: skip

COUNTS = {one.code: one for one in (STARTED, PERSONS, REACHED, RUNNING, ENDED, COMPLETED)}
"""What an engine can count, by its code."""
INDICATORS = {
    one.code: one
    for one in (
        Indicator("started", STARTED),
        Indicator("persons", PERSONS, named={"entrants": PERSONS, "reached": REACHED}),
        Indicator("running", RUNNING),
        Indicator("ended", ENDED, by_reason=True),
        Indicator("completed", COMPLETED, share_of=ENDED),
        Indicator("outflow", by_reason=True),
        Indicator("reach", REACHED, of_list=True),
    )
}
"""What can be asked, by its code."""
if TYPE_CHECKING:
    IndicatorCode = str
else:
    IndicatorCode = Literal[tuple(INDICATORS)]
