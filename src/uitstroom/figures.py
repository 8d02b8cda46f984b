"""Figures: never a bare number. A cell is a value or a typed reason why there is none.

release/fields.py says how each is written (docs/figures.schema.json); docs/rules.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from uitstroom.periods import Day, Horizon, Period
from uitstroom.text import Text

Status = Literal["value", "not_applicable", "not_possible", "not_yet_known", "suppressed"]
Kind = Literal["count", "rate"]
Unit = Literal["action", "approved_plan", "trajectory", "person"]
UNITS: tuple[Unit, ...] = ("action", "approved_plan", "trajectory", "person")
Who = Literal["all", "completed", "entrants", "reached"]
STATUSES: tuple[Status, ...] = ("value", "not_applicable", "not_possible", "not_yet_known", "suppressed")


@dataclass(frozen=True)
class Maturity:
    """The boxes an entrant can fall in; each a count, or None where it is hidden (rule outflow.boxes).

    While none is hidden: entrants = without_person + not_ended + not_counted + not_due + followed, and
    followed = at_work + not_at_work.
    """

    entrants: int | None = 0
    without_person: int | None = 0
    not_ended: int | None = 0
    not_counted: int | None = 0
    not_due: int | None = 0
    followed: int | None = 0
    at_work: int | None = 0
    not_at_work: int | None = 0


BOXES = tuple(item.name for item in dataclasses.fields(Maturity))


@dataclass(frozen=True)
class Event:
    """What must happen: at work on the due day, within the horizon, or on each of the last `days` days to the due day.

    `same_employer` asks it of the action's own employer; `new` (with `within`) of work that starts after the anchor.
    """

    kind: Literal["on_the_day", "within", "sustained"] = "on_the_day"
    days: int | None = None
    same_employer: bool = False
    new: bool = False

    def __post_init__(self) -> None:
        if (self.kind == "sustained") != (self.days is not None) or (self.days is not None and self.days < 1):
            raise ValueError('`days` (1 or more) goes with kind = "sustained", and only with it')
        if self.new and self.kind != "within":
            raise ValueError('`new` goes with kind = "within" only')


@dataclass(frozen=True)
class DefinitionName:
    """Which definition measured a figure, and on whose authority: its source, and whether the source says it."""

    name: str
    version: str
    source: str
    stated: bool


@dataclass(frozen=True)
class Break:
    """Two versions of an instrument or definition between which figures cannot simply be compared."""

    before: str
    after: str


@dataclass(frozen=True)
class Bounds:
    """The rate if all who are not yet known were not at work, and if all were; printed percentages."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Population:
    """A given list of persons. Its keyed fingerprint is printed, its members and how many of them are known are not.

    One that was read back from print knows its fingerprint only, and has no members.
    """

    fingerprint: str
    members: frozenset[int] = field(default=frozenset(), repr=False)
    known: int = 0

    @property
    def persons(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Note:
    """A sentence that must travel with a figure or a table: a footnote, a limit, a warning."""

    code: str
    text: Text


@dataclass(frozen=True)
class Figure:
    """One cell. `value`, `numerator` and `base` are None unless `status` is `value`.

    `instrument` is None for a total over `group`; `by` maps a dimension to a code, and a dimension left out is its
    total. `units` holds every unit the value adds; `unit` is the only one, or None where they are mixed.
    `provisional` is the day that an incomplete value reaches. `additive` is False where parts may overlap (persons).
    `who` says of a rate whom its base holds of those who ended, of persons whether they started or were reached.
    `decimals` are those of a printed rate. `reasons` are the end
    reasons that a share of the ended counts. `population` is the list of persons of whom it was asked.
    """

    indicator: str
    instrument: str | None
    group: str | None
    period: Period
    kind: Kind
    status: Status
    by: Mapping[str, str] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    value: Decimal | int | None = None
    numerator: int | None = None
    base: int | None = None
    cohort: Literal["started", "ended"] | None = None
    anchor: Literal["start", "end"] | None = None
    horizon: Horizon | None = None
    event: Event | None = None
    work_types: tuple[str, ...] = ()
    definition: DefinitionName | None = None
    maturity: Maturity | None = None
    bounds: Bounds | None = None
    reason: Text | None = None
    missing: tuple[str, ...] = ()
    known_on: Day | None = None
    provisional: Day | None = None
    series_break: Break | None = None
    leaves_out: tuple[str, ...] = ()
    additive: bool = True
    who: Who | None = None
    decimals: int = 0
    reasons: tuple[str, ...] = ()
    population: Population | None = None
    notes: tuple[Note, ...] = ()

    @property
    def unit(self) -> Unit | None:
        return self.units[0] if len(self.units) == 1 else None


@dataclass(frozen=True)
class Scope:
    """Who counted, where, as known on which day, from what; every table carries it.

    `complete` maps a table to its first and last complete day; `quarantined` to the rows left out.
    """

    service: Text
    where: Text
    as_known_on: Day
    snapshot: str
    complete: Mapping[str, tuple[Day, Day]]
    quarantined: Mapping[str, int]
    delivered: Mapping[str, int]
    catalogue: str
    synthetic: bool
    clock: Day
    protected: bool = False


@dataclass(frozen=True)
class Table:
    """Figures of one indicator that are read together, their scope, and the notes that must travel with them.

    `by` lists the dimensions the table is broken down by, in order; `order` the instruments, in the order of rows.
    """

    indicator: str
    scope: Scope
    figures: tuple[Figure, ...]
    title: Text
    by: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
