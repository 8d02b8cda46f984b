"""Two deliveries of one register that does not exist: everything as first known, and what changed later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Recorded
from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.synth import actions as acting
from uitstroom.synth import following, people, views, work
from uitstroom.synth.chance import Chance, between, chosen, marked, stream
from uitstroom.synth.days import NO_DAY, Marks, Numbers, number
from uitstroom.synth.files import FORMER, Column, Dated, Format, Named, Numbered, Persons, manifest, write_table
from uitstroom.synth.profile import Complete, Delivery, Profile

_OPERATIONS = ("upsert", "delete")


@dataclass(frozen=True)
class World:
    """Everything that happened, and the keys by which it is delivered."""

    profile: Profile
    words: acting.Words
    units: acting.Units
    actions: acting.Actions
    people: people.People
    lines: work.Lines
    action_keys: Numbers
    trajectories: Numbers
    """Per unit: the number of its trajectory, negative for none."""
    records: Mapping[str, Marks]
    """Per column: whether each instrument of the words records it."""
    employer_columns: Mapping[str, tuple[tuple[str, ...], Numbers]]
    """Per column: its codes, and each employer's place among them."""
    renumbered: Numbers
    renumbered_on: Numbers
    """The persons who got another number, and the day of each."""

    @classmethod
    def of(cls, profile: Profile, catalogue: Catalogue, seed: int, scale: float) -> World:
        """The register of a profile; the same for the same seed and scale."""
        words = acting.Words.of(profile, catalogue)
        units, actions = acting.make(profile, words, seed, scale)
        persons = people.make(profile, catalogue, words, units, actions, seed, scale)
        first, second = (views.view(actions, profile, words, one) for one in profile.deliveries)
        looks = following.make(profile, catalogue, words, units, actions, persons, (first, second), seed)
        lines = work.make(profile, words, units, actions, persons, looks, seed)
        chance = stream(seed, "keys")
        order = np.argsort(actions.registered_on, kind="stable")
        keys = np.empty(len(order), dtype=np.int64)
        keys[order] = np.arange(1, len(order) + 1)
        renumbered = np.sort(chance.permutation(persons.count)[: round(profile.faults.renumbered_persons * scale)])
        spell = profile.deliveries[0].spell
        low, high = number(spell.complete_from), number(spell.complete_until)
        return cls(
            profile, words, units, actions, persons, lines, keys,
            trajectories=_trajectories(profile, units, actions, persons, chance), records=_records(words, catalogue),
            employer_columns=_employers(profile, seed),
            renumbered=renumbered, renumbered_on=between(chance, low, high, len(renumbered)),
        )  # fmt: skip


def _records(words: acting.Words, catalogue: Catalogue) -> dict[str, Marks]:
    versions = [set(catalogue.instrument(code).versions[0].records) if code else set() for code in words.instruments]
    return {column: np.array([column in records for records in versions]) for column in get_args(Recorded)}


def _employers(profile: Profile, seed: int) -> dict[str, tuple[tuple[str, ...], Numbers]]:
    chance = stream(seed, "employers")
    return {
        column: (tuple(shares), chosen(chance, profile.employers, list(shares.values())))
        for column, shares in profile.employer_columns.items()
    }


def _trajectories(
    profile: Profile, units: acting.Units, actions: acting.Actions, persons: people.People, chance: Chance
) -> Numbers:
    """A number for each trajectory, for some the same as another person's; none for some single placements."""
    count = len(units.form)
    has = np.array([form.trajectories for form in profile.forms])[units.form]
    without = np.array([form.without_trajectory for form in profile.forms])[units.form]
    single = np.bincount(actions.unit, minlength=count) == 1
    numbers = np.where(has & ~(single & (chance.random(count) < without)), np.arange(count), -1)
    previous = np.concatenate([[-1], numbers[:-1]])
    others = np.concatenate([[False], persons.of_unit[1:] != persons.of_unit[:-1]])
    shared = (numbers >= 0) & (previous >= 0) & others & marked(chance, count, profile.training.shared_share)
    alone = shared & ~np.concatenate([[False], shared[:-1]])
    return np.where(alone, previous, numbers)


def folders(profile: Profile, directory: Path) -> tuple[Path, Path]:
    """The empty folders of both deliveries, made where they are not there, each named by its day."""
    first, second = (directory / one.delivered_on.isoformat() for one in profile.deliveries)
    for folder in (first, second):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UitstroomError("this folder already holds files", where=str(folder), todo="choose an empty folder")
    for folder in (first, second):
        folder.mkdir(parents=True, exist_ok=True)
    return first, second


def write(world: World, place: int, folder: Path, format: Format) -> None:  # noqa: A002
    """Write one of the two deliveries into a folder."""
    profile, delivery = world.profile, world.profile.deliveries[place]
    tables = {
        "action": _entry(write_table(folder, "action", "actions", _actions(world, place), format), delivery.action),
        "spell": _entry(write_table(folder, "spell", "spells", _spells(world, place), format), delivery.spell),
    }
    if place == 0 and len(world.renumbered):
        name = write_table(folder, "person_change", "person_changes", _changes(world), format)
        tables["person_change"] = _entry(name, delivery.action)
    head = {"delivered_on": _toml(delivery.delivered_on), "kind": _toml(delivery.kind), "person": _toml(profile.person),
            "synthetic": "true"}  # fmt: skip
    notice = f"{profile.notice['nl']}\n{profile.notice['en']}"
    (folder / "delivery.toml").write_text(manifest(head, tables, notice), "utf-8")


def _toml(value: str | Day) -> str:
    return f'"{value}"' if isinstance(value, str) else value.isoformat()


def _entry(file: str, complete: Complete) -> dict[str, str]:
    return {"files": f'["{file}"]', "complete_from": _toml(complete.complete_from),
            "complete_until": _toml(complete.complete_until)}  # fmt: skip


def _change(told: tuple[Marks, Marks], differs: Marks, delivery: Delivery, place: int) -> tuple[Numbers, Marks]:
    """The rows of a delivery, and which of them it deletes."""
    before, after = told
    if place == 0 or delivery.kind == "full":
        rows = np.flatnonzero(told[place])
        return rows, np.zeros(len(rows), dtype=np.bool_)
    rows = np.flatnonzero((after & ~before) | (before & ~after) | differs)
    return rows, ~after[rows]


def _operation(deleted: Marks, delivery: Delivery) -> dict[str, Column]:
    return {"operation": Named(_OPERATIONS, deleted.astype(np.int64))} if delivery.kind == "changes" else {}


def _actions(world: World, place: int) -> dict[str, Column]:
    """The columns of a delivery's actions, in the order of their keys."""
    profile, delivery = world.profile, world.profile.deliveries[place]
    first, second = (views.view(world.actions, profile, world.words, one) for one in profile.deliveries)
    rows, deleted = _change((first.present, second.present), first.differs(second), delivery, place)
    order = np.argsort(world.action_keys[rows])
    rows, deleted = rows[order], deleted[order]
    seen = (first, second)[place]
    return {**_of_actions(world, rows, seen, place), **_operation(deleted, delivery)}


def _of_actions(world: World, rows: Numbers, seen: views.View, place: int) -> dict[str, Column]:
    actions, words, unit = world.actions.take(rows), world.words, world.actions.unit[rows]
    told, start, reason = world.people.told[unit], seen.start[rows], seen.reason[rows]

    def where(column: str, values: Numbers, absent: int) -> Numbers:
        """The values where the instrument records the column, or a person comes along whose action is known."""
        plan = column in ("approved_on", "planned_days")
        return np.where(world.records[column][actions.instrument] | (told & (not plan)), values, absent)

    return {
        "action_id": Numbered("A", world.action_keys[rows]),
        "instrument": Named(words.instruments, actions.instrument),
        "variant": Named(words.variants, actions.variant),
        "person_id": Persons(_persons(world, rows, start, told, place), world.profile.person),
        "linked": Named(("", "no"), (~actions.linked).astype(np.int64)),
        "trajectory_id": Numbered("T", world.trajectories[unit]),
        "employer_id": Numbered("E", where("employer_id", actions.employer, -1), digits=6),
        "approved_on": Dated(where("approved_on", start, NO_DAY)),
        "planned_days": Numbered("", where("planned_days", _planned_days(actions, start), -1), digits=1),
        "start_date": Dated(where("start_date", start, NO_DAY)),
        "planned_end_date": Dated(where("planned_end_date", actions.planned, NO_DAY)),
        "end_date": Dated(np.where(reason > 0, seen.end[rows], where("end_date", seen.end[rows], NO_DAY))),
        "end_reason": Named(words.reasons, reason),
        "resumes": Numbered("A", np.where(actions.resumes, world.action_keys[rows - 1], -1)),
        "frame": Named(words.frames, where("frame", actions.frame, 0)),
        **_characteristics(world, unit, told),
        **_of_employers(world, where("employer_id", actions.employer, -1)),
    }


def _of_employers(world: World, employer: Numbers) -> dict[str, Column]:
    return {
        name: Named(("", *codes), np.where(employer >= 0, places[employer] + 1, 0))
        for name, (codes, places) in world.employer_columns.items()
    }


def _planned_days(actions: acting.Actions, start: Numbers) -> Numbers:
    return np.where(actions.planned == NO_DAY, -1, actions.planned - start + 1)


def _persons(world: World, rows: Numbers, start: Numbers, told: Marks, place: int) -> Numbers:
    """The number of each action's person: the former one in the first delivery's actions from before the change."""
    person = world.people.of_unit[world.actions.unit[rows]]
    identity = world.people.identity[person]
    changed_on = np.full(world.people.count, NO_DAY)
    if place == 0:
        changed_on[world.renumbered] = world.renumbered_on
    return np.where(told, np.where(start < changed_on[person], identity + FORMER, identity), -1)


def _characteristics(world: World, unit: Numbers, told: Marks) -> dict[str, Column]:
    person = world.people.of_unit[unit]
    coded: dict[str, Column] = {
        name: Named(codes, np.where(told, places[person], codes.index("")))
        for name, (codes, places) in world.people.columns.items()
    }
    return {
        **coded,
        "birth_date": Dated(np.where(told, world.people.birth[person], NO_DAY)),
        "unemployed_since": Dated(np.where(told, world.people.unemployed_since[unit], NO_DAY)),
    }


def _spells(world: World, place: int) -> dict[str, Column]:
    """The columns of a delivery's employment lines, in the order of their keys."""
    profile, lines = world.profile, world.lines
    delivery = profile.deliveries[place]
    first, second = (work.view(lines, profile, one) for one in profile.deliveries)
    differs = first.present & second.present & (first.end != second.end)
    rows, deleted = _change((first.present, second.present), differs, delivery, place)
    taken = lines.take(rows)
    return {
        "spell_id": Numbered("S", rows + 1),
        "person_id": Persons(world.people.identity[taken.person], profile.person),
        "employer_id": Numbered("E", taken.employer, digits=6),
        "work_type": Named(work.work_types(profile), taken.work_type),
        "start_date": Dated(taken.start),
        "end_date": Dated((first, second)[place].end[rows]),
        **_operation(deleted, delivery),
    }


def _changes(world: World) -> dict[str, Column]:
    identity = world.people.identity[world.renumbered]
    return {
        "old": Persons(identity + FORMER, world.profile.person),
        "new": Persons(identity, world.profile.person),
        "on": Dated(world.renumbered_on),
    }
