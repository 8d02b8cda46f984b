"""The people of a register that does not exist: who took part in what, and what they are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from uitstroom.catalogue import Catalogue
from uitstroom.synth.actions import TIMELY, Actions, Units, Words
from uitstroom.synth.chance import Chance, between, chosen, stream
from uitstroom.synth.days import Marks, Numbers, add_months, number
from uitstroom.synth.profile import Duration, Mix, Profile, period_of


@dataclass(frozen=True)
class People:
    """`of_unit` is each unit's person; the other arrays have a row per person, `unemployed_since` one per unit.

    `told` marks the units whose person is delivered: where it is recorded, and a few beside. `columns` holds, per
    characteristic, its codes and each person's place among them.
    """

    of_unit: Numbers
    told: Marks
    identity: Numbers
    birth: Numbers
    unemployed_since: Numbers
    columns: Mapping[str, tuple[tuple[str, ...], Numbers]]

    @property
    def count(self) -> int:
        return len(self.birth)


def with_person(profile: Profile, catalogue: Catalogue) -> Marks:
    """Per form: whether its person is recorded."""
    records = [catalogue.instrument(form.instrument).versions[0].records for form in profile.forms]
    return np.array(["person_id" in columns for columns in records])


def make(
    profile: Profile, catalogue: Catalogue, words: Words, units: Units, actions: Actions, seed: int, scale: float
) -> People:
    """People for every unit, so that the profile's period holds exactly its number of distinct persons."""
    chance = stream(seed, "people")
    recorded = with_person(profile, catalogue)[units.form]
    inside = recorded & _entrant_in(profile, words, units, actions)
    repeats = np.array([form.repeats for form in profile.forms])[units.form] & recorded
    owner = np.arange(len(units.form))
    surplus = max(int(inside.sum()) - round(profile.persons.count * scale), 0)
    again = chance.permutation(np.flatnonzero(inside & repeats))[:surplus]
    hosts = np.setdiff1d(np.flatnonzero(inside), again)
    owner[again] = _earlier(units, again, hosts, profile.persons.overlap_share, chance)
    others = np.flatnonzero(~inside & repeats & (chance.random(len(owner)) < profile.persons.repeat_share))
    hosts = np.setdiff1d(np.flatnonzero(recorded), np.concatenate([again, others]))
    owner[others] = _earlier(units, others, hosts, profile.persons.overlap_share, chance)
    owners, of_unit = np.unique(owner, return_inverse=True)
    beside = np.array([form.known_persons for form in profile.forms])[units.form]
    told = recorded | (chance.random(len(owner)) < beside)
    return _described(profile, units, owners, of_unit, told, seed)


def _entrant_in(profile: Profile, words: Words, units: Units, actions: Actions) -> Marks:
    """The timely units with an entrant of a form (a start that is no resumption, of no training) in the period."""
    period = period_of(profile.persons.period)
    training = words.instruments.index(profile.training.instrument)
    rows = (actions.start >= number(period.first)) & (actions.start <= number(period.last)) & ~actions.resumes
    inside = np.zeros(len(units.form), dtype=np.bool_)
    inside[actions.unit[rows & (actions.instrument != training)]] = True
    return np.asarray(inside & (units.fate == TIMELY))


def _earlier(units: Units, again: Numbers, hosts: Numbers, overlap: float, chance: Chance) -> Numbers:
    """For each unit `again`, one of `hosts` that ended before it; any for a share, and where there is none."""
    order = hosts[np.argsort(units.last[hosts], kind="stable")]
    ended = np.searchsorted(units.last[order], units.first[again])
    anyone = (ended == 0) | (chance.random(len(again)) < overlap)
    return order[np.floor(chance.random(len(again)) * np.where(anyone, len(order), ended)).astype(np.int64)]


def _described(profile: Profile, units: Units, owners: Numbers, of_unit: Numbers, told: Marks, seed: int) -> People:
    """Each person as the mix of its first unit has it."""
    chance = stream(seed, "characteristics")
    birth, columns = np.zeros(len(owners), dtype=np.int64), _empty_columns(profile, len(owners))
    unemployed = np.zeros(len(units.form), dtype=np.int64)
    for place, entry in enumerate(profile.mixes.values()):
        rows = np.flatnonzero(units.mix[owners] == place)
        birth[rows] = _birth(entry, units.first[owners[rows]], chance)
        for column, shares in entry.columns.items():
            _fill(columns[column], rows, shares, chance)
        of_mix = np.flatnonzero(units.mix == place)
        months = _banded(entry.months_unemployed, len(of_mix), chance)
        unemployed[of_mix] = add_months(units.first[of_mix], -months) - between(chance, 0, 27, len(of_mix))
    _fall_back(profile, columns, chance)
    identity = stream(seed, "identity").permutation(len(owners))
    described = {name: (tuple(codes), places) for name, (codes, places) in columns.items()}
    return People(of_unit, told, identity, birth, unemployed, described)


Column = tuple[list[str], npt.NDArray[np.int64]]


def _empty_columns(profile: Profile, count: int) -> dict[str, Column]:
    names = [*(name for mix in profile.mixes.values() for name in mix.columns), *profile.fallback]
    return {name: ([""], np.zeros(count, dtype=np.int64)) for name in dict.fromkeys(names)}


def _fill(column: Column, rows: Numbers, shares: dict[str, float], chance: Chance) -> None:
    codes, places = column
    codes.extend(code for code in shares if code not in codes)
    of_share = np.array([codes.index(code) for code in shares])
    places[rows] = of_share[chosen(chance, len(rows), list(shares.values()))]


def _fall_back(profile: Profile, columns: dict[str, Column], chance: Chance) -> None:
    for name, shares in profile.fallback.items():
        codes, places = columns["municipality"]
        _fill(columns[name], np.flatnonzero(places == codes.index("")), shares, chance)


def _banded(bands: tuple[Duration, ...], count: int, chance: Chance) -> Numbers:
    band = chosen(chance, count, [one.share for one in bands])
    low, high = (np.array([getattr(one, key) for one in bands])[band] for key in ("low", "high"))
    return between(chance, low, high, count)


def _birth(mix: Mix, first: Numbers, chance: Chance) -> Numbers:
    """Birth days that make each person as old in whole years at the first day as the mix has it."""
    years = _banded(mix.ages, len(first), chance)
    return add_months(first, -12 * years) - between(chance, 0, 364, len(first))
