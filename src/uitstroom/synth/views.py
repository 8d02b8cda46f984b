"""What each delivery tells of the actions: what happened is one thing, what a register knows on a day another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from uitstroom.synth.actions import Actions, Units, Words
from uitstroom.synth.days import NO_DAY, Marks, Numbers, number
from uitstroom.synth.profile import Delivery, Profile


@dataclass(frozen=True)
class View:
    """Per action: whether the delivery holds it, and the start, end and reason that it tells."""

    present: Marks
    start: Numbers
    end: Numbers
    reason: Numbers

    def differs(self, other: View) -> Marks:
        """The rows that both hold, told differently."""
        same = (self.start == other.start) & (self.end == other.end) & (self.reason == other.reason)
        return np.asarray(self.present & other.present & ~same)


def view(actions: Actions, profile: Profile, words: Words, delivery: Delivery) -> View:
    """What one of the profile's deliveries tells."""
    day, corrected = number(delivery.delivered_on), delivery is profile.deliveries[1]
    begin = number(delivery.action.complete_from)
    known = actions.end_known_on <= day
    present = (actions.registered_on <= day) & ~(actions.deleted & corrected)
    annulled = actions.annulled & corrected
    start = np.where((actions.corrected_start != NO_DAY) & corrected, actions.corrected_start, actions.start)
    reason = np.where(known, actions.reason, 0)
    return View(
        present=present & ((actions.start >= begin) | (actions.end >= begin)),
        start=start,
        end=np.where(known, actions.end, NO_DAY),
        reason=np.where(annulled, words.reason(profile.faults.annulled_reason), reason),
    )


@dataclass(frozen=True)
class UnitView:
    """Per unit, as the measures see it: whether a placement of it exists, when it starts, and when it ended."""

    exists: Marks
    start: Numbers
    end: Numbers
    """No day while a part runs."""


def units_seen(units: Units, actions: Actions, seen: View, never: Marks, training: int, delivery: Delivery) -> UnitView:
    """Each unit as known to a delivery; `never` marks the reasons of actions that never happened."""
    until = number(delivery.action.complete_until)
    real = seen.present & (seen.start <= until) & ~never[seen.reason]
    ended = (seen.end != NO_DAY) & (seen.end <= until)
    count = len(units.form)
    exists, running = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    exists[actions.unit[real & (actions.instrument != training)]] = True
    running[actions.unit[real & ~ended]] = True
    start, end = np.full(count, 1 << 20), np.full(count, NO_DAY)
    np.minimum.at(start, actions.unit[real], seen.start[real])
    np.maximum.at(end, actions.unit[real], seen.end[real])
    return UnitView(exists, start, np.where(running, NO_DAY, end))
