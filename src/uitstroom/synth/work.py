"""The employment lines of a register that does not exist.

Each job is laid around the days that are looked at: a job that shows someone at work covers that day, and no line that
counts as work covers a day on which someone is not. Placements produce lines of their own, which count as no work.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from uitstroom.synth.actions import UNDONE, Actions, Units, Words
from uitstroom.synth.chance import Chance, between, chosen, marked, stream, waiting
from uitstroom.synth.days import NO_DAY, SPAN, Marks, Numbers, number
from uitstroom.synth.following import Looks
from uitstroom.synth.people import People
from uitstroom.synth.profile import Delivery, Profile

_FAR = SPAN - 1
_PIECE = 200_000
"""Jobs that are split together: there are many more lines than jobs, and most of the memory goes to them."""


@dataclass(frozen=True)
class Lines:
    """One row per employment line: `end` is no day while it is open, `work_type` a place in the work types.

    `fixed` lines tell their end from their start; `early` ones are delivered even when they begin after the last
    complete day; `cancelled` ones are gone from the second delivery.
    """

    person: Numbers
    employer: Numbers
    work_type: Numbers
    start: Numbers
    end: Numbers
    fixed: Marks
    early: Marks
    cancelled: Marks

    @classmethod
    def together(cls, *parts: Lines) -> Lines:
        return cls(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(cls)))

    def narrow(self) -> Lines:
        """The same lines in half the memory."""
        columns = (getattr(self, item.name) for item in fields(self))
        return Lines(*(each if each.dtype == np.bool_ else each.astype(np.int32) for each in columns))

    def take(self, rows: Numbers | Marks) -> Lines:
        return Lines(*(getattr(self, item.name)[rows] for item in fields(self)))


def work_types(profile: Profile) -> tuple[str, ...]:
    """The kinds of employment in a profile: those that count as work first."""
    produced = [form.work_type for form in profile.forms if form.work_type]
    return tuple(dict.fromkeys([*profile.work.types, *produced]))


@dataclass(frozen=True)
class Jobs:
    """Jobs before they are split into lines; one that never ends has the end `_FAR`."""

    person: Numbers
    employer: Numbers
    start: Numbers
    end: Numbers

    @classmethod
    def together(cls, *parts: Jobs) -> Jobs:
        return cls(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(cls)))

    def take(self, rows: Numbers | Marks | slice) -> Jobs:
        return Jobs(*(getattr(self, item.name)[rows] for item in fields(self)))


def make(
    profile: Profile, words: Words, units: Units, actions: Actions, people: People, looks: Looks, seed: int
) -> Lines:
    """Every employment line, in the order of their start."""
    history = _History(profile, units, actions, people, looks, stream(seed, "work"))
    deciding, background = history.deciding(), history.background()
    clear = history.clear(background)
    jobs = Jobs.together(deciding, clear)
    soft = np.arange(len(jobs.person)) >= len(deciding.person)
    pieces = [
        _split(profile, jobs.take(rows), soft[rows], history.chance)
        for rows in (slice(first, first + _PIECE) for first in range(0, len(soft), _PIECE))
    ]
    produced = _produced(profile, words, units, actions, people, history.chance)
    every = Lines.together(*(_delivered(profile, one) for one in (*pieces, produced)))
    return every.take(np.lexsort((every.person, every.start)))


def _delivered(profile: Profile, lines: Lines) -> Lines:
    """The lines that a delivery can hold."""
    begin = number(profile.deliveries[0].spell.complete_from)
    last = number(profile.deliveries[1].delivered_on)
    return lines.take((lines.start <= last) & ((lines.end == NO_DAY) | (lines.end >= begin))).narrow()


@dataclass(frozen=True)
class _History:
    """The jobs of people around the days on which they are looked at."""

    profile: Profile
    units: Units
    actions: Actions
    people: People
    looks: Looks
    chance: Chance

    @cached_property
    def idle(self) -> Numbers:
        """The days, as person and day in order, on which someone is not at work."""
        looks = self.looks
        return np.unique((looks.person * SPAN + looks.due)[~looks.at_work])

    def clear(self, jobs: Jobs) -> Jobs:
        """The jobs that cover no day on which their person is not at work."""
        low = np.searchsorted(self.idle, jobs.person * SPAN + jobs.start)
        high = np.searchsorted(self.idle, jobs.person * SPAN + jobs.end, side="right")
        return jobs.take((low == high) & (jobs.start <= jobs.end))

    def deciding(self) -> Jobs:
        """One job over each day on which someone is at work."""
        rows = np.flatnonzero(self.looks.at_work)
        person, due = self.looks.person[rows], self.looks.due[rows]
        after, before = self._between_idle_days(person, due)
        start, hired = self._start(rows, due)
        count, chance, edge = len(rows), self.chance, self.profile.work.edge_share
        start = np.where(marked(chance, count, edge) & ~hired, due, start)
        end = np.where(chance.random(count) < 0.5, due + waiting(chance, 300, count), _FAR)
        end = np.where(marked(chance, count, edge), due, end)
        hiring, others = self._employer()[self.looks.unit[rows]], self._employers(count)
        employer = np.where(hired & (hiring >= 0), hiring, others)
        return Jobs(person, employer, np.maximum(start, after), np.minimum(end, before))

    def _between_idle_days(self, person: Numbers, due: Numbers) -> tuple[Numbers, Numbers]:
        """The first and last day that a job over the due day can have without covering an idle day."""
        idle = np.concatenate([[-1], self.idle, [np.iinfo(np.int64).max]])
        place = np.searchsorted(idle, person * SPAN + due)
        low, high = idle[place - 1] - person * SPAN, idle[place] - person * SPAN
        return np.maximum(low + 1, 1), np.minimum(np.maximum(high - 1, due), _FAR)

    def _start(self, rows: Numbers, due: Numbers) -> tuple[Numbers, Marks]:
        """The first day of the deciding jobs, not before the unit's end where that lies before the due day, and
        whether the placement's employer hired."""
        unit = self.looks.unit[rows]
        ended = np.minimum(self.units.last[unit], due - 1)
        shares = np.array([form.hired_after for form in self.profile.forms])[self.units.form[unit]]
        hired = (self.units.last[unit] < due) & (self.chance.random(len(rows)) < shares)
        later = np.minimum(ended + 1 + waiting(self.chance, 30, len(rows)), due)
        return np.where(hired, ended + 1, later), hired

    def _employer(self) -> Numbers:
        """The employer of each unit's last placement, -1 for none."""
        employer = np.full(len(self.units.form), -1)
        placements = self.actions.employer >= 0
        employer[self.actions.unit[placements]] = self.actions.employer[placements]
        return employer

    def _employers(self, count: int) -> Numbers:
        return np.floor(self.profile.employers * self.chance.random(count) ** 2).astype(np.int64)

    def background(self) -> Jobs:
        """Jobs that decide nothing: before the action, while looking for work, and around the days of the others."""
        work, silent = self.profile.work, self._silent()
        units = np.flatnonzero(self.people.told & ~silent[self.people.of_unit])
        earlier, short = self._earlier(units, work.earlier_jobs), self._short(units, work.short_jobs)
        jobs = Jobs.together(earlier, short, self._failed())
        return jobs.take(~silent[jobs.person])

    def _silent(self) -> Marks:
        """The persons without any line of work."""
        silent = marked(self.chance, self.people.count, self.profile.work.none_share)
        silent[self.looks.person[self.looks.at_work]] = False
        return silent

    def _earlier(self, units: Numbers, mean: float) -> Jobs:
        unit = np.repeat(units, self.chance.poisson(mean, len(units)))
        since = self.people.unemployed_since[unit]
        end = since - 1 - waiting(self.chance, 200, len(unit))
        start = end - 1 - waiting(self.chance, 250, len(unit))
        return Jobs(self.people.of_unit[unit], self._employers(len(unit)), np.maximum(start, 1), np.maximum(end, 1))

    def _short(self, units: Numbers, mean: float) -> Jobs:
        """Short jobs from the first day of looking for work to long after the action."""
        unit = np.repeat(units, self.chance.poisson(mean, len(units)))
        first = np.maximum(self.people.unemployed_since[unit], number(self.profile.deliveries[0].spell.complete_from))
        last = number(self.profile.deliveries[1].delivered_on)
        start = between(self.chance, first, np.full(len(unit), last), len(unit))
        return Jobs(self.people.of_unit[unit], self._employers(len(unit)), start,
                    start + waiting(self.chance, 6, len(unit)))  # fmt: skip

    def _failed(self) -> Jobs:
        """Jobs that end before the day on which someone is not at work, or begin after it."""
        rows = np.flatnonzero(~self.looks.at_work)
        rows = rows[marked(self.chance, len(rows), self.profile.work.failed_share)]
        due, count, chance = self.looks.due[rows], len(rows), self.chance
        beside = marked(chance, count, self.profile.work.edge_share)
        away = np.where(beside, 0, waiting(chance, 40, count))
        length = waiting(chance, 60, count)
        earlier = chance.random(count) < 0.5
        start = np.where(earlier, due - 1 - away - length, due + 1 + away)
        end = np.where(earlier, due - 1 - away, due + 1 + away + 3 * length)
        return Jobs(self.looks.person[rows], self._employers(count), start, end)


def _split(profile: Profile, jobs: Jobs, soft: Marks, chance: Chance) -> Lines:
    """The lines of jobs: contiguous pieces, some overlapping by days, some a week long."""
    work, count = profile.work, len(jobs.person)
    until = np.minimum(jobs.end, number(profile.deliveries[1].delivered_on) + 60)
    length = np.maximum(until - jobs.start + 1, 1)
    weekly = marked(chance, count, work.weekly_share) & (length <= 26 * 7)
    pieces = np.minimum(np.where(weekly, -(-length // 7), 1 + chance.poisson(length / work.piece_days)), length)
    job = np.repeat(np.arange(count), pieces)
    place = np.arange(len(job)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start = jobs.start[job] + place * length[job] // pieces[job]
    next_start = jobs.start[job] + (place + 1) * length[job] // pieces[job]
    last = place == pieces[job] - 1
    end = np.where(last, np.where(jobs.end[job] == _FAR, NO_DAY, jobs.end[job]), next_start - 1)
    overlapping = (place > 0) & marked(chance, len(job), work.overlap_share)
    start = np.where(overlapping, np.maximum(start - 3, jobs.start[job]), start)
    kinds = chosen(chance, count, list(work.types.values()))
    return Lines(
        jobs.person[job], jobs.employer[job], kinds[job], start, end,
        fixed=~last | weekly[job] | marked(chance, len(job), work.fixed_term_share),
        early=marked(chance, len(job), 0.5),
        cancelled=soft[job] & marked(chance, len(job), work.cancelled_share),
    )  # fmt: skip


def _produced(profile: Profile, words: Words, units: Units, actions: Actions, people: People, chance: Chance) -> Lines:
    """The lines that the placements themselves produce."""
    types = work_types(profile)
    of_instrument = np.full(len(words.instruments), -1)
    share = np.zeros(len(words.instruments))
    for form in profile.forms:
        place = words.instruments.index(form.instrument)
        share[place] = form.work_type_share if form.work_type else 0
        of_instrument[place] = types.index(form.work_type) if form.work_type else -1
    lines = (units.fate[actions.unit] != UNDONE) & (chance.random(len(actions.unit)) < share[actions.instrument])
    rows = np.flatnonzero(lines)
    no = np.zeros(len(rows), dtype=np.bool_)
    person, work_type = people.of_unit[actions.unit[rows]], of_instrument[actions.instrument[rows]]
    return Lines(
        person, actions.employer[rows], work_type, actions.start[rows], actions.end[rows],
        fixed=chance.random(len(rows)) < 0.9, early=~no, cancelled=no,
    )  # fmt: skip


@dataclass(frozen=True)
class LineView:
    """Per line: whether a delivery holds it, and the end that it tells."""

    present: Marks
    end: Numbers


def view(lines: Lines, profile: Profile, delivery: Delivery) -> LineView:
    """What one of the profile's deliveries tells of the lines."""
    complete, day = number(delivery.spell.complete_until), number(delivery.delivered_on)
    told_until = np.where(lines.early, day, complete)
    second = delivery is profile.deliveries[1]
    known = lines.fixed | ((lines.end != NO_DAY) & (lines.end <= told_until))
    return LineView((lines.start <= told_until) & ~(lines.cancelled & second), np.where(known, lines.end, NO_DAY))
