"""The catalogue as data: what a service's files may say, validated whole.

Nothing about a particular instrument, service or year stands in code: it stands in TOML files of this form
(docs/catalogue-format.md is made from these classes). Every fact that decides a number carries `source` (a key of
sources.toml) and `stated`: whether the source says it (true) or it is inferred (false).
"""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from uitstroom.catalogue.definitions import (
    CountDefinition,
    IndicatorEntry,
    Indicators,
    OutflowDefinition,
)
from uitstroom.catalogue.entries import (
    Code,
    ColumnName,
    Dated,
    Entry,
    Recorded,
    Sourced,
)
from uitstroom.catalogue.intake_rules import (
    AllowedFrame,
    Documented,
    Duration,
    Length,
    MaximumPerPerson,
    Requires,
    Rule,
    RuleEntry,
    StartWindow,
    TargetGroup,
)
from uitstroom.periods import Day, Period
from uitstroom.text import Text

__all__ = [
    "AllowedFrame",
    "Band",
    "Code",
    "CodeEntry",
    "ColumnName",
    "CountDefinition",
    "Dated",
    "Dimension",
    "DisclosurePolicy",
    "Documented",
    "Duration",
    "EndReason",
    "Entry",
    "Frame",
    "Group",
    "IndicatorEntry",
    "Indicators",
    "Instrument",
    "Length",
    "MaximumPerPerson",
    "Member",
    "NoOutflow",
    "OutflowDefinition",
    "Recorded",
    "Requires",
    "Rule",
    "RuleEntry",
    "Service",
    "Source",
    "Sourced",
    "StartWindow",
    "TargetGroup",
    "Variant",
    "Version",
    "WorkType",
]


def _only_forms(paragraph: Text) -> Text:
    """`ValueError` where a paragraph has another place than `{forms}`."""
    for words in paragraph.values():
        if {name for _, name, _, _ in Formatter().parse(words) if name is not None} - {"forms"}:
            raise ValueError("the only place that a paragraph can have is {forms}")
    return paragraph


Paragraph = Annotated[Text, AfterValidator(_only_forms)]


class Source(Entry):
    """Where a fact comes from."""

    title: str
    """Who says it, and in what."""
    url: str | None = None
    second_hand: bool = False
    """Read through somebody else's notes."""


class Licence(Entry):
    """Under which the figures may be used."""

    name: Text
    url: str


class Service(Entry):
    """Who counts, and where."""

    code: Code
    name: Text
    where: Text
    """The region or country that it serves."""
    default_group: Code
    """The group that is asked for when no instrument is named."""
    person_number: Literal["be.ssn"] | None = None
    """How national numbers are checked: `be.ssn`, by the check digits of the Belgian register and its BIS numbers."""
    time_zone: str = "UTC"
    """In which it announces its publications: `Europe/Brussels`."""
    licence: Licence | None = None
    """Of what it publishes; it stands in each release."""
    contact: str | None = None
    """Whom to ask about its figures: a page or an address."""
    extends: bool = True
    """In a directory of a service's own: whether its files come on top of the built-in ones."""


class NoOutflow(Sourced):
    """Why the question of outflow does not apply to an instrument, in its service's own words."""

    reason: Text
    """Why, as a whole clause; printed in the cell's footnote."""
    paragraph: Paragraph | None = None
    """Why, as whole sentences of a letter; `{forms}` is where the forms stand that it holds for."""


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
    not_recorded_paragraph: Paragraph | None = None
    """The same as whole sentences of a letter; `{forms}` is where the forms stand that it holds for."""
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
    phrase: Text | None = None
    """The name within a sentence, with its article and its abbreviation; else the name."""
    plural: Text | None = None
    """Several of its actions, in a word; else the unit and the short name."""
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
        """The version valid on `day`, else the first or the last one (rule version.validity)."""
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
    plural: Text | None = None
    """Several of its actions, in a word; else the unit alone."""
    members: tuple[Member, ...]
    """In the order of lists."""
    table_order: tuple[Code, ...]
    """All members, in the order of tables."""
    labels: dict[str, dict[str, Text]] = Field(default={})
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
    unknown: Text = Text(nl="niet gekend", en="not known")
    """The row of those whose column is empty."""
    source: str | None = None
    stated: bool = True


class WorkType(Dated, Sourced):
    """A kind of employment line; `placement` when a placement itself produces it."""

    name: Text
    placement: bool = False
    """Whether a placement itself produces these lines."""


class EndReason(Dated, Sourced):
    """Why an action ended. `registered_in_error` undoes an approval as well (rule action.approved_plan)."""

    name: Text
    kind: Literal["completed", "stopped", "interrupted", "never_happened"]
    registered_in_error: bool = False
    """Whether it undoes an approval too."""


class Frame(Dated, Sourced):
    """A programme within which an action takes place (a tender, say): a value of the column `frame`."""

    name: Text
    description: Text | None = None


class DisclosurePolicy(Sourced):
    """disclosure.toml: what must not be told. Of what decides most, leaving one out is an error."""

    threshold: int = Field(ge=1)
    """The lowest count that may be shown; 0 is shown."""
    group_disclosure: Literal["hide", "show"]
    """Whether a group in which nobody, or everybody, is at work is hidden."""
    attacker: Literal["positive", "any"]
    """Whether a reader knows that a hidden count is at least 1."""
    never_hide: tuple[Literal["grand_totals", "form_totals"], ...]
    """Cells that must stand, whatever else must be hidden for it: totals of several forms; a form's undivided numbers,
    unless they are small themselves. They give way only where nothing else protects a number."""
    differences: Literal["protect", "show"] = "protect"
    """Whether a small number that nobody prints, but that follows from printed ones, is protected: the days between
    two periods, the forms beside a set of forms."""
    shortest_list: int = Field(default=50, ge=1)
    """The fewest persons on a given list of whom a share is told."""
    weights: Literal["logarithm", "equal"]
    """How the cost of hiding a cell grows with its count."""
    symbol: str
    """What stands in a hidden cell."""
