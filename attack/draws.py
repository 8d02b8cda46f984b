"""Releases at random: two to six questions whose periods, forms, breakdowns and definitions meet in many ways."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from uitstroom.measure.asking import Question
from uitstroom.periods import Period
from uitstroom.registers.population import PersonList

FORMS = ("activeringsstage", "bvs", "opleidingsstage", "bio", "ibo", "iss", "wes")
DIMENSIONS = (
    "sex", "age_group", "education", "origin", "disability", "unemployment_duration", "variant", "frame",
    "municipality", "arrondissement", "province", "region",
)  # fmt: skip
DEFINITIONS = (
    "within-3-months", "new-work-within-3-months", "sustained-30-days", "iss-3-months", "one-day-after-end",
    "at-work-6-months", "same-employer-6-months", "ibo-12-months", "cluster-3-months", "positive-end-3-months",
)  # fmt: skip
FIRST, SECOND = datetime.date(2017, 11, 23), datetime.date(2018, 7, 20)
"""The days on which releases are asked: after the first delivery of the synthetic register, and after the second."""
KINDS = ("started", "started", "started", "persons", "running", "ended", "ended", "outflow", "outflow", "reach")


@dataclass(frozen=True)
class Asked:
    """One release: its questions, put on a day."""

    as_of: datetime.date
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Draw:
    """Releases that follow one another from one register; each is protected together with those before it."""

    seed: int
    big: bool
    releases: tuple[Asked, ...]


def draw(seed: int, persons: Sequence[int]) -> Draw:
    """The same releases for the same seed; `persons` are some of the register, for lists of the asker."""
    chance = Random(seed)
    drawing = _Drawing(chance, persons)
    days = [FIRST] if chance.random() < 0.7 else [chance.choice((FIRST, SECOND)), chance.choice((FIRST, SECOND))]
    releases = tuple(Asked(day, drawing.questions()) for day in sorted(days))
    return Draw(seed, chance.random() < 0.25, releases)


class _Drawing:
    """Periods that share ends, and a few breakdowns and forms that come back in several questions."""

    def __init__(self, chance: Random, persons: Sequence[int]) -> None:
        self.chance, self.persons = chance, persons
        self.points = sorted(chance.sample(_points(), chance.randint(3, 6)))
        self.dimensions = chance.sample(DIMENSIONS, 3)
        self.forms = [tuple(sorted(chance.sample(FORMS, chance.randint(1, 4)))) for _ in range(2)]

    def questions(self) -> tuple[Question, ...]:
        return tuple(self._question() for _ in range(self.chance.randint(2, 6)))

    def _question(self) -> Question:
        kind = self.chance.choice(KINDS)
        periods = tuple(self._period() for _ in range(self.chance.choice((1, 1, 2, 3, 4))))
        by = self._by(kind)
        return Question(
            kind, tuple(dict.fromkeys(periods)), by, self._forms(), None,
            definition=self._definition(kind), so_far=self.chance.random() < 0.3,
            population=self._population() if kind == "reach" else None,
        )  # fmt: skip

    def _by(self, kind: str) -> tuple[str, ...]:
        size = self.chance.choice((0, 0, 1, 1, 1, 2))
        known = [*self.dimensions, *(["end_reason"] if kind in ("ended", "outflow") else [])]
        return tuple(self.chance.sample(known, min(size, len(known)))) if kind != "reach" else ()

    def _forms(self) -> tuple[str, ...] | None:
        return self.chance.choice((None, *self.forms))

    def _definition(self, kind: str) -> str | None:
        if kind == "persons":
            return self.chance.choice((None, "entrants", "reached"))
        return self.chance.choice((None, *DEFINITIONS)) if kind == "outflow" else None

    def _population(self) -> PersonList:
        return PersonList.of(self.chance.sample(self.persons, self.chance.choice((60, 200))), "attack")

    def _period(self) -> Period:
        if self.chance.random() < 0.4:
            return Period.parse(self.chance.choice(_NAMED))
        first, end = sorted(self.chance.sample(self.points, 2))
        return Period.parse(_spelled(first, end - datetime.timedelta(days=1), self.chance))


_NAMED = (
    "2016", "2017", "2016-S1", "2016-S2", "2017-S1", "2017-S2", "2016-Q4", "2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4",
    "2017-01", "2017-05", "2017-06", "2017-10", "2016-07/2017-06", "2017-01/2017-06", "2017-07/2017-10",
)  # fmt: skip


def _points() -> list[datetime.date]:
    """First days of months, and a few days within."""
    months = [datetime.date(year, month, 1) for year in (2016, 2017) for month in range(1, 13)]
    return months + [datetime.date(2017, month, day) for month in (1, 2, 6, 10) for day in (10, 16, 27)]


def _spelled(first: datetime.date, last: datetime.date, chance: Random) -> str:
    """A stretch of days in one of the ways to write it."""
    whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole and chance.random() < 0.6:
        return f"{first:%Y-%m}/{last:%Y-%m}"
    return f"{first.isoformat()}/{last.isoformat()}"
