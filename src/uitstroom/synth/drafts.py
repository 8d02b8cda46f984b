"""Actions as they are drawn: one draft row per trajectory or per action of its own, with its placements side by side.

Totals hold by construction: candidates are drawn and taken until a cohort has exactly the entrants, and the ends, that
the profile asks. Nothing is corrected afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from uitstroom.errors import UitstroomError
from uitstroom.periods import Period
from uitstroom.synth.chance import Chance, between, chosen, marked
from uitstroom.synth.days import NO_DAY, Marks, Numbers, add_months, number, working_days
from uitstroom.synth.profile import Cohort, Duration, Form, Profile, period_of


@dataclass(frozen=True)
class Draft:
    """`placements`: how many each has. Arrays of placements are (drafts, most placements); a placement with a `pause`
    (its last day before it) goes on from `resume`. Endings are places in the form's list.
    """

    placements: Numbers
    start: Numbers
    planned: Numbers
    end: Numbers
    pause: Numbers
    resume: Numbers
    ending: Numbers
    training_before: Numbers
    training_after: Numbers
    """First and last day of the training, (drafts, 2); no day where there is none."""

    def take(self, rows: Numbers | Marks | slice) -> Draft:
        return Draft(*(getattr(self, item.name)[rows] for item in fields(self)))

    def __add__(self, other: Draft) -> Draft:
        pairs = ((getattr(self, item.name), getattr(other, item.name)) for item in fields(self))
        return Draft(*(np.concatenate(pair) for pair in pairs))

    def entrants_in(self, period: Period) -> Numbers:
        """How many placements of each draft start in a period."""
        there = np.arange(self.start.shape[1]) < self.placements[:, None]
        inside = (self.start >= number(period.first)) & (self.start <= number(period.last))
        return np.asarray((there & inside).sum(axis=1))

    def end_in(self, period: Period) -> Marks:
        """Whether the only placement ends in a period."""
        end = self.end[:, 0]
        return np.asarray((end >= number(period.first)) & (end <= number(period.last)))


@dataclass(frozen=True)
class Strand:
    """The actions of one form and variant: what is needed to draw them."""

    form: Form
    variant: str
    profile: Profile

    @property
    def durations(self) -> tuple[Duration, ...]:
        return self.form.durations.get(self.variant) or self.form.durations["any"]

    def draw(self, period: Period, count: int, chance: Chance, most: int | None = None) -> Draft:
        """Any `count` drafts whose first placement starts in a period, with at most `most` placements."""
        shares = self.form.placements
        placements = 1 + chosen(chance, count, shares[:most])
        start = chance.choice(working_days(period.first, period.last), count)
        first, columns = start, []
        for _ in shares:
            columns.append(self._placement(start, chance))
            start = columns[-1][2] + 1 + _lengths(self.profile.training.pause, start, chance)
        start, planned, end, pause, resume, ending = (np.stack(parts, axis=1) for parts in zip(*columns, strict=True))
        last = end[np.arange(count), placements - 1]
        before, after = self._training(first, last, chance)
        return Draft(placements, start, planned, end, pause, resume, ending, before, after)

    def _placement(self, start: Numbers, chance: Chance) -> tuple[Numbers, ...]:
        """Start, planned end, end, pause, resumption and ending of one placement for each start."""
        count = len(start)
        length = np.maximum(_lengths(self.durations, start, chance), 1)
        ending = chosen(chance, count, [one.share for one in self.form.endings])
        early = np.array([one.early for one in self.form.endings])[ending] & (length > 1)
        served = np.where(early, between(chance, 1, length - 1, count), length)
        paused = marked(chance, count, self.form.interrupted) & (served > 2)
        pause = start + between(chance, 1, served - 2, count)
        resume = pause + between(chance, 5, 45, count)
        shift = np.where(paused, resume - pause - 1, 0)
        return (
            start, start + length - 1 + shift, start + served - 1 + shift,
            np.where(paused, pause, NO_DAY), np.where(paused, resume, NO_DAY), ending,
        )  # fmt: skip

    def _training(self, first: Numbers, last: Numbers, chance: Chance) -> tuple[Numbers, Numbers]:
        """The training before the first placement and after the last one."""
        training, count = self.profile.training, len(first)
        before = marked(chance, count, training.before_share if self.form.trajectories else 0)
        after = marked(chance, count, training.after_share if self.form.trajectories else 0)
        begin = first - np.maximum(_lengths(training.before, first, chance), 1)
        end = last + np.maximum(_lengths(training.after, last, chance), 1)
        return (
            np.where(before[:, None], np.stack([begin, first - 1], axis=1), NO_DAY),
            np.where(after[:, None], np.stack([last + 1, end], axis=1), NO_DAY),
        )

    def exactly(self, period: Period, entrants: int, chance: Chance) -> Draft:
        """Drafts that begin in a period and hold exactly `entrants` placements that start in it."""
        draft = self.draw(period, max(entrants, 0), chance)
        held = np.cumsum(draft.entrants_in(period))
        fits = held <= entrants
        missing = entrants - int(held[fits][-1]) if fits.any() else max(entrants, 0)
        return draft.take(fits) + self.draw(period, missing, chance, most=1)

    def exactly_ended(self, cohort: Cohort, entrants: int, ended: int, chance: Chance) -> Draft:
        """Drafts of one placement: `entrants` start in the cohort's period, `ended` of them end where it says."""
        within = cohort.ended.period if cohort.ended else cohort.period
        draft = self.draw(period_of(cohort.period), 200 + 20 * entrants, chance)
        inside = draft.end_in(period_of(within))
        ends, goes_on = np.flatnonzero(inside)[:ended], np.flatnonzero(~inside)[: entrants - ended]
        if len(ends) + len(goes_on) < entrants:
            raise UitstroomError(
                f"too few actions that start in {cohort.period} can end in {within}",
                where=f"{self.profile.name}.toml: {self.form.instrument}",
                todo="change the count under `ended` or the durations",
            )
        return draft.take(np.sort(np.concatenate([ends, goes_on])))

    def cohorts(self, counts: Sequence[int], ended: Sequence[int], chance: Chance) -> list[Draft]:
        """The drafts of every cohort of the form, in order, each with exactly its count of entrants."""
        spilled: Counter[str] = Counter()
        drafts = []
        for cohort, count, ends in zip(self.form.cohorts, counts, ended, strict=True):
            draft = (
                self.exactly_ended(cohort, count, ends, chance)
                if cohort.ended
                else self.exactly(period_of(cohort.period), count - spilled[cohort.period], chance)
            )
            drafts.append(draft)
            for other in self.form.cohorts:
                spilled[other.period] += int(draft.entrants_in(period_of(other.period)).sum())
        return drafts


def _lengths(durations: tuple[Duration, ...], start: Numbers, chance: Chance) -> Numbers:
    """A planned number of days from each start; whole months run to the day before the same day."""
    band = chosen(chance, len(start), [one.share for one in durations])
    bands = np.array([(one.low, one.high, one.months or 0) for one in durations])
    low, high, months = bands[band].T
    days = between(chance, low, high, len(start))
    return np.where(months > 0, add_months(start, months) - start, days)
