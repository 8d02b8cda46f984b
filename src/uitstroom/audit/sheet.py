"""What stands in front of a reader: numbers that are printed or hidden, each with what it counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from uitstroom.audit.codelists import Codes
from uitstroom.audit.equations import OPEN
from uitstroom.audit.stretches import Stretch, words_of

SINGLE = ""
"""The form of a table that knows no forms."""


@dataclass(frozen=True, order=True)
class Topic:
    """What is counted. Topics of one `root` are parts of one count of the same units; `part` says which part.

    `adds` where the numbers of disjoint days, forms and codes add up; `persons` may overlap in days and forms.
    """

    root: tuple[str, ...]
    part: tuple[str, ...]
    adds: bool = True


@dataclass(frozen=True)
class Spot:
    """Where a number stands: its topic, the set of forms, the codes, and the days."""

    topic: Topic
    forms: frozenset[str]
    codes: Codes
    days: Stretch

    def words(self) -> str:
        """`started of ibo+iss in 2017-01-01/2017-06-30, sex=F`; of a table that knows no forms `value of sex=F`."""
        what = " ".join(part for part in (*self.topic.root[2:], *self.topic.part) if part)
        codes = ", ".join(f"{name}={code}" for name, code in sorted(self.codes))
        if self.forms == {SINGLE}:
            when = f"period={words_of(self.days)}" if self.days != ALWAYS else ""
            return f"{what} of {', '.join(part for part in (when, codes) if part) or 'total'}"
        who = "+".join(sorted(self.forms))
        return f"{what} of {who} in {words_of(self.days)}{', ' if codes else ''}{codes}"


ALWAYS: Stretch = (0, 1)
"""The days of a table that knows no periods."""


@dataclass(frozen=True)
class PrintedNumber:
    """One number: its value, or None where it is hidden and known to be from `floor` to `ceiling`.

    `place` names the file and cell; a `quiet` entry is one that could be printed though its neighbour could not.
    """

    spot: Spot
    value: int | None
    floor: int = 0
    place: str = ""
    quiet: bool = False
    true: int | None = None
    ceiling: int = OPEN


@dataclass(frozen=True)
class Percentage:
    """A percentage rounded half up: 100 x the sum of `above` over the sum of `below`."""

    above: tuple[Spot, ...]
    below: tuple[Spot, ...]
    printed: str
    decimals: int
    place: str = ""


@dataclass
class Sheet:
    """Everything that is printed together: numbers, percentages, shares (of no more than), sums with their kind.

    `differences` where differences in time and of sets of forms are questions themselves; `whole` where every list of
    parts is said to be complete, so that a total that is not their sum is a contradiction and no list cut short.
    """

    entries: list[PrintedNumber] = field(default_factory=list)
    rates: list[Percentage] = field(default_factory=list)
    shares: list[tuple[Spot, Spot]] = field(default_factory=list)
    sums: list[tuple[Spot, tuple[Spot, ...], str]] = field(default_factory=list)
    differences: bool = True
    whole: bool = True
