"""Who is at work on the day that counts: chosen so that each rate of the profile comes out when it is measured.

Units, anchors and horizons are those of the catalogue's definitions; the profile only says the percentage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.periods import Day, Period
from uitstroom.synth.actions import LATE, Actions, Units, Words
from uitstroom.synth.chance import Chance, stream
from uitstroom.synth.days import NO_DAY, SPAN, Marks, Numbers, due_days, number
from uitstroom.synth.people import People
from uitstroom.synth.profile import Delivery, Form, Profile, Rate, period_of
from uitstroom.synth.views import UnitView, View, units_seen


@dataclass(frozen=True)
class Looks:
    """A row per unit that is looked at: its person, its due day, whether that person is at work on it."""

    unit: Numbers
    person: Numbers
    due: Numbers
    at_work: Marks


def make(
    profile: Profile, catalogue: Catalogue, words: Words, units: Units, actions: Actions, people: People,
    views: tuple[View, View], seed: int,
) -> Looks:  # fmt: skip
    """The outcome of every unit in a period that the profile gives a rate, late registrations included."""
    never = np.array([code != "" and catalogue.end_reasons[code].kind == "never_happened" for code in words.reasons])
    training = words.instruments.index(profile.training.instrument)
    seen = [units_seen(units, actions, view, never, training, delivery)
            for view, delivery in zip(views, profile.deliveries, strict=True)]  # fmt: skip
    linked = people.told.copy()
    linked[actions.unit[~actions.linked]] = False
    deciding = Deciding(_weights(profile, words, units, actions, people), people, stream(seed, "following"))
    for form, rate, place in _rates(profile):
        definition = _definition(form, rate, catalogue)
        first = _mature_in(profile, definition, period_of(rate.period))
        due = [_due(definition, one, period_of(rate.period), linked & (units.form == place)) for one in seen]
        deciding.decide(due[first], rate.percentage)
        deciding.decide(np.where(units.fate == LATE, due[1], NO_DAY), rate.percentage)
    return deciding.looks()


def _rates(profile: Profile) -> Iterator[tuple[Form, Rate, int]]:
    return ((form, rate, place) for place, form in enumerate(profile.forms) for rate in form.rates)


def _definition(form: Form, rate: Rate, catalogue: Catalogue) -> OutflowDefinition:
    day = period_of(rate.period).last
    version = catalogue.instrument(form.instrument).nearest_version(day)
    return catalogue.outflow_definition(str(version.outflow), day)


def _mature_in(profile: Profile, definition: OutflowDefinition, period: Period) -> int:
    """The place of the first delivery that settles the rate of a period."""
    due = definition.horizon.due_day(period.last)
    return next((place for place, one in enumerate(profile.deliveries) if _reaches(one, due, period)), 1)


def _reaches(delivery: Delivery, due: Day, period: Period) -> bool:
    return delivery.spell.complete_until >= due and delivery.action.complete_until >= period.last


def _due(definition: OutflowDefinition, seen: UnitView, period: Period, of_form: Marks) -> Numbers:
    """The due day of each unit in the cohort, no day for the others."""
    cohort = seen.start if definition.cohort == "started" else seen.end
    anchor = seen.start if definition.anchor == "start" else seen.end
    inside = of_form & seen.exists & (cohort >= number(period.first)) & (cohort <= number(period.last))
    inside &= anchor != NO_DAY
    due = np.full(len(inside), NO_DAY)
    due[inside] = due_days(anchor[inside], definition.horizon)
    return due


def _weights(profile: Profile, words: Words, units: Units, actions: Actions, people: People) -> npt.NDArray[np.float64]:
    """How likely each unit is to be at work, beside the others."""
    weights = np.ones(len(units.form))
    for column, shares in profile.leanings.items():
        codes, places = people.columns[column]
        weights *= np.array([shares.get(code, 1.0) for code in codes])[places][people.of_unit]
    completed = np.zeros(len(units.form), dtype=np.bool_)
    stopped = {words.reason(one.reason) for form in profile.forms for one in form.endings if one.early}
    completed[actions.unit[~np.isin(actions.reason, sorted(stopped))]] = True
    return np.where(completed, weights * profile.completed_leaning, weights)


class Deciding:
    """Decides the outcome of each person on each day once, and keeps to it when another rate looks at the same."""

    def __init__(self, weights: npt.NDArray[np.float64], people: People, chance: Chance) -> None:
        self._weights, self._people, self._chance = weights, people, chance
        self._due = np.full(len(weights), NO_DAY)
        self._at_work = np.zeros(len(weights), dtype=np.bool_)

    def decide(self, due: Numbers, percentage: int) -> None:
        """Make `percentage` of the units with a due day be at work on it, to the nearest unit."""
        rows = np.flatnonzero((due != NO_DAY) & (self._due == NO_DAY))
        keys = self._people.of_unit[rows] * SPAN + due[rows]
        settled = self._settled(keys)
        shared = np.unique(keys, return_counts=True)
        more_than_one = np.isin(keys, shared[0][shared[1] > 1]) & (settled < 0)
        outcome = np.where(settled >= 0, settled == 1, more_than_one)
        free = np.flatnonzero((settled < 0) & ~more_than_one)
        wanted = (2 * percentage * len(rows) + 100) // 200 - int(outcome.sum())
        order = self._chance.exponential(size=len(free)) / self._weights[rows[free]]
        outcome[free[np.argsort(order, kind="stable")[: max(wanted, 0)]]] = True
        self._due[rows], self._at_work[rows] = due[rows], outcome

    def _settled(self, keys: Numbers) -> Numbers:
        """1 or 0 for a person and day that were decided before, -1 for others."""
        done = np.flatnonzero(self._due != NO_DAY)
        known = self._people.of_unit[done] * SPAN + self._due[done]
        order = np.argsort(known, kind="stable")
        known, outcome = known[order], self._at_work[done][order].astype(np.int64)
        if not len(known):
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[place] == keys, outcome[place], -1)

    def looks(self) -> Looks:
        rows = np.flatnonzero(self._due != NO_DAY)
        return Looks(rows, self._people.of_unit[rows], self._due[rows], self._at_work[rows])
