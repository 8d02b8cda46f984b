"""What is asked of an engine, and the small integers it gives back.

An engine turns a `Counting` or a `Following` into tally rows; ratios, totals over breakdowns, ordering and words are
made from them in `answering`. The plain-Python reference and every SQL engine keep exactly this promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.indicators import COUNTS, Count
from uitstroom.periods import Day, Period

TOTAL = "*"
"""Stands for all instruments together in a row of persons, who may be counted under several instruments."""
UNKNOWN = "unknown"
"""The code of a characteristic that is recorded but empty ("niet gekend")."""
Box = Literal["without_person", "not_ended", "not_counted", "not_due", "at_work", "not_at_work"]
BOXES: tuple[Box, ...] = get_args(Box)


@dataclass(frozen=True)
class Known:
    """The last complete day of each table; what is delivered about later days is not looked at.

    Rule action.beyond_completeness.
    """

    actions_until: Day
    spells_until: Day


@dataclass(frozen=True)
class Counting:
    """Counts of chains or of distinct persons: `what` is the code of one of `indicators.COUNTS`.

    `instruments` are counted apart; of persons also all of `total_over` together, as `TOTAL`. `by` lists dimensions.
    With a `population` only its persons are counted.
    """

    what: str
    periods: tuple[Period, ...]
    instruments: tuple[str, ...]
    total_over: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    population: tuple[int, ...] | None = None

    @property
    def row(self) -> Count:
        """What is counted, and when."""
        return COUNTS[self.what]


@dataclass(frozen=True)
class CountRow:
    """A cell that is not empty: `by` holds the codes of `Counting.by`, in order."""

    period: str
    instrument: str
    by: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Following:
    """The outflow of the cohorts of `instruments` in `periods`, all measured by one definition.

    `curve` says that it will be asked with a horizon of every number of months up to this one: an engine may then
    measure them all at once.
    """

    definition: OutflowDefinition
    periods: tuple[Period, ...]
    instruments: tuple[str, ...]
    by: tuple[str, ...] = ()
    curve: int | None = None


@dataclass(frozen=True)
class FollowRow:
    """The boxes of one cell; every unit of the cohort is in exactly one (rule outflow.boxes).

    `open_from`: the earliest start of a unit that is not yet ended or not yet due. `last_due`: the latest due day, a
    running one taken at its planned end or at its start plus the version's maximum; `unplanned` counts the running
    ones that have neither.
    """

    period: str
    instrument: str
    by: tuple[str, ...]
    without_person: int
    not_ended: int
    not_counted: int
    not_due: int
    at_work: int
    not_at_work: int
    open_from: Day | None
    last_due: Day | None
    unplanned: int


@dataclass(frozen=True)
class Record:
    """One counted unit behind a figure: `unit_id` is the chain's first action or the trajectory.

    `first_action` and `last_action` are its first and last parts. For outflow: its box, anchor and due day, and the
    spell that decided it (the earliest to start, then the smallest id, of those that show it at work on the day that
    counts). For counts the box is None and `anchor` is the counted day (start, approval, end, the day of the
    stock, or the first day in the period of somebody reached).
    """

    period: str
    instrument: str
    by: tuple[str, ...]
    unit_id: str
    first_action: str
    last_action: str
    person_id: int | None
    start: Day | None
    end: Day | None
    end_reason: str | None
    anchor: Day | None
    due: Day | None
    box: Box | None
    spell_id: str | None


Part = tuple[str, Day | None, Day | None, str | None]
"""An action that was asked for, and the start, end and reason of a row of its unit."""
SPELL_COLUMNS = ("spell_id", "employer_id", "work_type", "start_date", "end_date")


class Engine(Protocol):
    """Something that holds one snapshot and can count and follow."""

    def count(self, counting: Counting) -> list[CountRow]: ...

    def follow(self, following: Following) -> list[FollowRow]: ...

    def counted(self, counting: Counting) -> list[Record]: ...

    def followed(self, following: Following) -> list[Record]: ...

    def known_persons(self, persons: tuple[int, ...]) -> int:
        """How many of these persons have an action in the register, of whatever day."""
        ...

    def parts_of(self, unit: str, first_actions: Sequence[str]) -> list[Part]:
        """The rows of the chains (of the trajectories, for that unit) that these actions are part of."""
        ...

    def spells_of(self, person: int) -> list[dict[str, Any]]:
        """The employment lines of a person, by their start; `SPELL_COLUMNS`."""
        ...

    def chain_of(self, action_id: str) -> list[dict[str, Any]]:
        """The rows of the chain that an action is part of, in order; none if there is no such action."""
        ...
