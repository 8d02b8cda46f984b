"""The catalogue as data: what a service's files may say, validated whole.

Nothing about a particular instrument, service or year stands in code: it stands in TOML files of this form
(docs/catalogue-format.md is made from these classes). Every fact that decides a number carries `source` (a key of
sources.toml) and `stated`: whether the source says it (true) or it is inferred (false).
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from uitstroom.figures import Event
from uitstroom.periods import Day, Horizon, Period
from uitstroom.text import Text

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9<>][A-Za-z0-9._+<>=-]*$", max_length=40)]
ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Recorded = Literal[
    "person_id", "start_date", "planned_end_date", "end_date", "end_reason", "approved_on", "planned_days",
    "employer_id", "trajectory_id", "frame",
]  # fmt: skip


class Entry(BaseModel):
    """A part of the catalogue: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Entry):
    """Something that a source says (`stated = true`) or that is inferred from it (`stated = false`)."""

    source: str
    """A key of sources.toml."""
    stated: bool
    """Whether the source says it; false where it is inferred."""


class Dated(Entry):
    """Valid from `valid_from` to `valid_until`, both included; absent is without end."""

    valid_from: Day | None = None
    valid_until: Day | None = None

    def valid_on(self, day: Day) -> bool:
        return (self.valid_from or datetime.date.min) <= day <= (self.valid_until or datetime.date.max)

    def overlaps(self, period: Period) -> bool:
        return (self.valid_from or datetime.date.min) <= period.last and period.first <= (
            self.valid_until or datetime.date.max
        )

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self


class Source(Entry):
    """Where a fact comes from."""

    title: str
    """Who says it, and in what."""
    url: str | None = None
    second_hand: bool = False
    """Read through somebody else's notes."""


class Service(Entry):
    """Who counts, and where."""

    code: Code
    name: Text
    where: Text
    """The region or country that it serves."""
    default_group: Code
    """The group that is asked for when no instrument is named."""
    extends: bool = True
    """In a directory of a service's own: whether its files come on top of the built-in ones."""


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
    """What every intake rule has. In a delivery every rule warns; `severity` is for the desk (semantics, 4)."""

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


class NoOutflow(Sourced):
    """Why the question of outflow does not apply to an instrument, in its service's own words."""

    reason: Text
    """Why, as a whole clause; printed in the cell's footnote."""


class Version(Dated, Sourced):
    """What held for an instrument between two days.

    `records` lists the columns that the service knows at all; a figure that needs another is `not_possible`, and
    values delivered in others are dropped at load. `outflow` names a definition of indicators.toml, or says why the
    question does not apply.
    """

    name: Text | None = None
    """The name of that time, where it was another than the instrument's."""
    records: tuple[Recorded, ...]
    """The columns that the service knows at all for these actions."""
    not_recorded_reason: Text | None = None
    """Why the service does not know what its own outflow definition needs: printed beside what is missing, and
    required where anything is."""
    characteristics: bool = True
    """Whether the characteristics of the person and any other dimension's column are recorded."""
    entrant: Literal["start", "approval"] = "start"
    """What makes an entrant: the start of the action, or the approval of its plan."""
    maximum: Length | None = None
    """The longest an action can plan to last: used for `known_on` where a planned end is missing."""
    rules: tuple[Rule, ...] = ()
    outflow: str | NoOutflow
    """The name of a definition of outflow, or why the question does not apply."""
    note: Text | None = None
    """What a reader of the figures should know."""


class Variant(Dated, Sourced):
    """A form of an instrument that is counted in it (GOS in BVS)."""

    code: Code
    name: Text
    description: Text | None = None
    shown: bool = False
    """Whether the tables of the group show it as a part of its instrument."""


class Instrument(Entry):
    """A measure. Its versions touch without gap or overlap."""

    code: Code
    kind: Literal["workplace_learning", "training"] = "workplace_learning"
    """`training`: part of a trajectory, but no workplace learning."""
    name: Text
    short_name: Text
    """The name in tables and sentences."""
    description: Text
    """What it is, in the service's words, as a clause that can follow its name."""
    purpose: Literal["orientation", "training", "placement", "experience"]
    """What it is for."""
    predecessors: tuple[Code, ...] = ()
    """The instruments that it replaced."""
    successors: tuple[Code, ...] = ()
    """The instruments that replaced it."""
    sources: tuple[str, ...] = ()
    """Keys of sources.toml: where more can be read."""
    variants: tuple[Variant, ...] = ()
    versions: tuple[Version, ...]

    def version_on(self, day: Day) -> Version | None:
        return next((version for version in self.versions if version.valid_on(day)), None)

    def nearest_version(self, day: Day) -> Version:
        """The version valid on `day`, else the first or the last one (semantics, 4)."""
        before_all = self.versions[0].valid_from is not None and day < self.versions[0].valid_from
        return self.version_on(day) or self.versions[0 if before_all else -1]

    def exists_in(self, period: Period) -> bool:
        return any(version.overlaps(period) for version in self.versions)


class Member(Dated):
    """An instrument's membership of a group."""

    instrument: Code


class Group(Entry):
    """Instruments that are asked for together. `members` in the order of lists; `table_order` in that of tables.

    `labels` gives, per indicator, an instrument's row another word than its name; `total` is the total row's.
    """

    name: Text
    total: Text
    """The label of the total row."""
    members: tuple[Member, ...]
    """In the order of lists."""
    table_order: tuple[Code, ...]
    """All members, in the order of tables."""
    labels: dict[str, dict[str, Text]] = {}
    """Per indicator and instrument: the row's label."""


class CodeEntry(Dated):
    """A value of a dimension."""

    code: Code
    name: Text
    parent: Code | None = None
    """The code above it, in the dimension that is made of this one."""


class Band(Entry):
    """Values from `low` to `high`, both included; absent is without end."""

    code: Code
    name: Text
    low: int | None = None
    high: int | None = None


class Dimension(Entry):
    """Something that figures can be broken down by, as at the start of the action.

    `code`: the column holds one of `codes` (`open` with `pattern`: any that fits). `band`: completed years (`years`) or
    months (`months`) from the day in the column to the start, in `bands`. `parent`: the parent of the code that
    dimension `of` gives; its own `codes` name them; `prefix` takes that many characters of the child's code where it
    has no entry with a parent. A dimension on the column `frame` without codes takes those of frames.toml. `reason`:
    the reason of the end (indicators about ends). `variant`: the variant.
    """

    name: Text
    kind: Literal["code", "band", "parent", "reason", "variant"]
    column: ColumnName | None = None
    """The column of the delivery; any name, beside those of the contract."""
    of: Code | None = None
    """The dimension that it is derived from."""
    unit: Literal["years", "months"] | None = None
    """What a band counts from the day in the column to the start of the action."""
    bands: tuple[Band, ...] = ()
    codes: tuple[CodeEntry, ...] = ()
    open: bool = False
    """Whether a code that is not listed is allowed too."""
    pattern: str | None = None
    """What an unlisted code must look like (a regular expression)."""
    prefix: int | None = None
    """How many characters of the code below make the code here."""
    unknown: Text = Text("niet gekend", "not known")
    """The row of those whose column is empty."""
    source: str | None = None
    stated: bool = True


class WorkType(Dated, Sourced):
    """A kind of employment line; `placement` when a placement itself produces it."""

    name: Text
    placement: bool = False
    """Whether a placement itself produces these lines."""


class EndReason(Dated, Sourced):
    """Why an action ended. `registered_in_error` undoes an approval as well (semantics, 3)."""

    name: Text
    kind: Literal["completed", "stopped", "interrupted", "never_happened"]
    registered_in_error: bool = False
    """Whether it undoes an approval too."""


class Frame(Dated, Sourced):
    """A programme within which an action takes place (a tender, say): a value of the column `frame`."""

    name: Text
    description: Text | None = None


class OutflowDefinition(Dated, Sourced):
    """How outflow is measured; every part is printed with the figure (semantics, 6).

    `inferred` lists the parts that are inferred although the source states the definition as a whole.
    """

    unit: Literal["action", "trajectory"] = "action"
    """What is followed."""
    cohort: Literal["started", "ended"]
    """Those who started, or those who ended, in the period."""
    who: Literal["all", "completed"] = "all"
    """All who ended, or only those who completed."""
    anchor: Literal["start", "end"]
    """The day from which the horizon is counted."""
    horizon: Horizon
    """How long after the anchor one looks."""
    event: Event = Event()
    """What must be seen then."""
    work_types: tuple[Code, ...]
    """The kinds of work that count; all others do not."""
    incomplete: Literal["withhold", "show"] = "withhold"
    """While the cohort cannot be followed whole: no figure, or a provisional one."""
    decimals: int = Field(default=0, ge=0, le=2)
    inferred: tuple[str, ...] = ()
    """Parts that are inferred although the source states the whole."""
    name: Text
    description: Text
    """The whole definition in one clause."""

    @property
    def version(self) -> str:
        return self.valid_from.isoformat() if self.valid_from else "1"


class CountDefinition(Dated, Sourced):
    """How a count is made: of `entrants`, or of persons `reached` (at least one day of an action in the period)."""

    counts: Literal["entrants", "reached"] = "entrants"
    name: Text
    description: Text


class Indicator(Entry):
    """What can be asked."""

    name: Text
    description: Text
    default_definition: str | None = None
    """The definition that is used when none is asked for."""
    by: tuple[Code, ...] = ()
    """The breakdown when none is asked for."""


IndicatorCode = Literal["started", "persons", "running", "ended", "outflow", "reach"]


class Indicators(Entry):
    """indicators.toml: the indicators by name, and the named definitions, each a list of its dated versions."""

    indicators: dict[IndicatorCode, Indicator]
    outflow: dict[str, tuple[OutflowDefinition, ...]]
    persons: dict[str, tuple[CountDefinition, ...]]
    limits: tuple[Text, ...] = ()
    """What an outflow cannot see; printed with every outflow."""


class DisclosurePolicy(Sourced):
    """disclosure.toml: what must not be told. No setting has a default: leaving one out is an error."""

    threshold: int = Field(ge=1)
    """The lowest count that may be shown; 0 is shown."""
    group_disclosure: Literal["hide", "show"]
    """Whether a group in which nobody, or everybody, is at work is hidden."""
    attacker: Literal["positive", "any"]
    """Whether a reader knows that a hidden count is at least 1."""
    never_hide: tuple[Literal["grand_totals"], ...]
    """Cells that must stand, whatever else must be hidden for it."""
    weights: Literal["logarithm", "equal"]
    """How the cost of hiding a cell grows with its count."""
    symbol: str
    """What stands in a hidden cell."""
