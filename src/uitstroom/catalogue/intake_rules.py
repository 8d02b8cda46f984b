"""The intake rules of an instrument: a small closed list of kinds, each with its source and its message."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from uitstroom.catalogue.entries import Code, ColumnName, Entry, Sourced
from uitstroom.text import Text


class Length(Entry):
    """A duration as a rule states it: exactly one of these. A month from 1 April ends on 30 April."""

    days: int | None = None
    weeks: int | None = None
    months: int | None = None

    @model_validator(mode="after")
    def _one(self) -> Length:
        if sum(part is not None for part in (self.days, self.weeks, self.months)) != 1:
            raise ValueError("give exactly one of days, weeks, months")
        return self


class RuleEntry(Sourced):
    """What every intake rule has. In a delivery every rule warns; `severity` is for the desk (rule intake.warns)."""

    code: Code
    message: Text
    """What the rule says, as a whole sentence; printed with every breach."""
    severity: Literal["warn", "reject"] = "warn"
    """What the desk does with a breach; a delivery always warns."""
    variants: tuple[Code, ...] = ()
    """The variants it applies to; empty means all that have no rule of the same kind of their own."""


class Requires(RuleEntry):
    """These columns must be filled."""

    kind: Literal["requires"]
    columns: tuple[ColumnName, ...]


class Duration(RuleEntry):
    """The planned duration (planned end, or `planned_days`) lies between these; never the actual end."""

    kind: Literal["duration"]
    minimum: Length | None = None
    maximum: Length | None = None


class StartWindow(RuleEntry):
    """The start lies between these days counted from the day in `counted_from` (that day is day 0)."""

    kind: Literal["start_window"]
    counted_from: ColumnName
    """The column with the day that is day 0."""
    first_day: int | None = None
    last_day: int | None = None


class AllowedFrame(RuleEntry):
    """The action is only allowed inside one of these frames."""

    kind: Literal["allowed_frame"]
    frames: tuple[Code, ...]


class TargetGroup(RuleEntry):
    """Every condition that is given holds at the start: a column has one of the codes, an age, months unemployed."""

    kind: Literal["target_group"]
    column: ColumnName | None = None
    """The column that must hold one of `allowed`."""
    allowed: tuple[str, ...] = ()
    age_below: int | None = None
    """The age in completed years is less than this."""
    age_from: int | None = None
    """The age in completed years is at least this."""
    unemployed_months: int | None = None
    """Whole months unemployed at the start are at least this."""


class MaximumPerPerson(RuleEntry):
    """A person has at most this many actions of the instrument (chains count once)."""

    kind: Literal["maximum_per_person"]
    actions: int
    per_employer: bool = False
    """Whether the actions are counted per employer."""


class Documented(RuleEntry):
    """A rule whose facts the contract of deliveries does not hold: printed, and never checked."""

    kind: Literal["documented"]
    checked: Literal[False] = False


Rule = Annotated[
    Requires | Duration | StartWindow | AllowedFrame | TargetGroup | MaximumPerPerson | Documented,
    Field(discriminator="kind"),
]
