"""A profile: what a register that does not exist must hold, as data, with the basis of every total.

`stated` totals stand in their source; `inferred` ones follow from it by a reading; `invented` ones are chosen so that
the register holds together, and say nothing about the world.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from uitstroom.periods import Day, Period
from uitstroom.text import Text

Share = float
Shares = dict[str, float]
NO_FRAME = "none"


class Part(BaseModel):
    """A part of a profile: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Based(Part):
    """Something with a basis, and its source where it is not invented."""

    basis: Literal["stated", "inferred", "invented"]
    source: str | None = None


class Complete(Part):
    """From and until which day a delivered table is complete."""

    complete_from: Day
    complete_until: Day


class Delivery(Part):
    """One delivery: the folder is named by its day."""

    delivered_on: Day
    kind: Literal["full", "changes"]
    action: Complete
    spell: Complete


class Total(Based):
    """How many entrants all forms together have in a period."""

    period: str
    count: int


class Persons(Total):
    """How many distinct persons have an entrant in a period, and how actions are spread over persons."""

    repeat_share: Share
    """Of the actions outside the period: how many are by someone with an earlier action."""
    overlap_share: Share
    """Of the repeated actions: how many may overlap with the earlier one."""


class Ended(Based):
    """How many of a cohort's actions end in a period."""

    period: str
    count: int


class Cohort(Based):
    """The entrants of a half-year as the first delivery tells them, and how many more are registered after it."""

    period: str
    entrants: int
    late: int = 0
    ended: Ended | None = None


class Rate(Based):
    """What share of a period's followed units is at work, by the definition that the catalogue gives the form."""

    period: str
    percentage: int


class Duration(Part):
    """A planned duration: whole `months`, or `low` to `high` days."""

    share: Share
    months: int | None = None
    low: int = 0
    high: int = 0


class Ending(Part):
    """A reason of the end; `early` before the planned end."""

    reason: str
    share: Share
    early: bool = False


class Form(Part):
    """An instrument, and how its actions go."""

    instrument: str
    mix: str
    cohorts: tuple[Cohort, ...]
    rates: tuple[Rate, ...] = ()
    variants: Shares = {}
    """The share of the entrants per variant; the rest has none."""
    variant_mixes: dict[str, str] = {}
    """The mix of the variants that are for other people than the form itself."""
    durations: dict[str, tuple[Duration, ...]]
    """Planned durations per variant; `any` for those that are not named."""
    endings: tuple[Ending, ...]
    undone: tuple[Ending, ...] = ()
    """Reasons of actions that never happened, each a share of the entrants on top of them."""
    placements: tuple[Share, ...] = (1.0,)
    """The share of trajectories with one, two, … placements."""
    interrupted: Share = 0.0
    repeats: bool = True
    """Whether its actions may be by someone who has another action as well."""
    frames: Shares = {}
    without_trajectory: Share = 0.0
    work_type: str | None = None
    """The kind of employment line that its placements produce."""
    work_type_share: Share = 1.0
    hired_after: Share = 0.0
    """Of those at work when they are looked at: the share hired by the employer of the placement right after it."""
    known_persons: Share = 0.0
    """Of actions whose person is not recorded: the share that is delivered with one, and its days, all the same."""

    @property
    def trajectories(self) -> bool:
        return len(self.placements) > 1


class Training(Part):
    """The training parts around the placements of a trajectory."""

    instrument: str
    before_share: Share
    before: tuple[Duration, ...]
    after_share: Share
    after: tuple[Duration, ...]
    shared_share: Share
    """Trajectories that go by the same number as another person's."""
    pause: tuple[Duration, ...]
    """Days between placements."""
    endings: tuple[Ending, ...]


class Mix(Part):
    """What the people of some forms are like."""

    ages: tuple[Duration, ...]
    """In years, `low` to `high`."""
    months_unemployed: tuple[Duration, ...]
    columns: dict[str, Shares]


class Work(Part):
    """Work before, between and after actions."""

    types: Shares
    """Kinds of employment that count as work."""
    earlier_jobs: float
    short_jobs: float
    """Per action: the mean number of jobs before it, and of short ones while looking for work."""
    failed_share: Share
    """Of those not at work when they are looked at: the share that worked before or after that day."""
    edge_share: Share
    """The share of jobs that begin or end on the day that counts, or the day beside it."""
    piece_days: float
    """The mean length of the lines into which a job is split by birthdays, moves and changes of provider."""
    overlap_share: Share
    fixed_term_share: Share
    weekly_share: Share
    """Jobs in weekly contracts that follow each other."""
    cancelled_share: Share
    none_share: Share
    """Persons without any line."""


class Faults(Part):
    """What changes between the deliveries, as shares of the actions."""

    unlinked: Share
    late_end: Share
    foreseen_end: Share
    corrected_start: Share
    deleted: Share
    annulled: Share
    annulled_reason: str
    interrupted_reason: str
    unplanned: Share
    renumbered_persons: int


class Profile(Part):
    """A whole profile; every count is at scale 1."""

    name: str
    title: Text
    notice: Text
    person: Literal["pseudonym", "insz"] = "pseudonym"
    deliveries: tuple[Delivery, Delivery]
    totals: tuple[Total, ...]
    persons: Persons
    forms: tuple[Form, ...]
    training: Training
    mixes: dict[str, Mix]
    fallback: dict[str, Shares] = {}
    """Columns that are filled only where the municipality is not known."""
    leanings: dict[str, Shares] = {}
    """How much likelier than others someone with a code in a column is to be at work."""
    completed_leaning: float = Field(gt=0)
    employers: int = Field(ge=1)
    employer_columns: dict[str, Shares] = {}
    """What employers are like."""
    work: Work
    faults: Faults


def period_of(code: str) -> Period:
    """The period that a profile names."""
    return Period.parse(code)
