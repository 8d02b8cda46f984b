"""Two deliveries of one register that does not exist: everything as first known, and what changed later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.synth import actions as acting
from uitstroom.synth import following, people, views, work
from uitstroom.synth.chance import Chance, between, marked, stream
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
    told_person: Marks
    """Per action: whether its person is delivered."""
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
        told = _told_person(profile, persons, units, actions, chance)
        renumbered = np.sort(chance.permutation(persons.count)[: round(profile.faults.renumbered_persons * scale)])
        days = [number(profile.deliveries[0].action.complete_from), number(profile.deliveries[0].spell.complete_until)]
        return cls(
            profile, words, units, actions, persons, lines, keys, _trajectories(profile, units, actions, persons, chance),
            told, renumbered, between(chance, *days, len(renumbered)),
        )  # fmt: skip


def _told_person(
    profile: Profile, persons: people.People, units: acting.Units, actions: acting.Actions, chance: Chance
) -> Marks:
    """The persons that are recorded, and the few that come along where they are not."""
    share = np.array([form.known_persons for form in profile.forms])[units.form]
    told = persons.recorded | (chance.random(len(units.form)) < share)
    return told[actions.unit]


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


def write(world: World, place: int, directory: Path, format: Format) -> Path:  # noqa: A002
    """Write one of the two deliveries into a folder named by its day, and return the folder."""
    profile, delivery = world.profile, world.profile.deliveries[place]
    folder = directory / delivery.delivered_on.isoformat()
    if folder.exists() and any(folder.iterdir()):
        raise UitstroomError("this folder already holds files", where=str(folder), todo="choose an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "action": _entry(write_table(folder, "action", "actions", _actions(world, place), format), delivery.action),
        "spell": _entry(write_table(folder, "spell", "spells", _spells(world, place), format), delivery.spell),
    }
    if place == 0 and len(world.renumbered):
        name = write_table(folder, "person_change", "person_changes", _changes(world), format)
        tables["person_change"] = _entry(name, delivery.action)
    head = {"delivered_on": _toml(delivery.delivered_on), "kind": _toml(delivery.kind), "person": _toml(profile.person),
            "synthetic": "true"}  # fmt: skip
    notice = f"{profile.notice.nl}\n{profile.notice.en}"
    (folder / "delivery.toml").write_text(manifest(head, tables, notice), "utf-8")
    return folder


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
    recorded, told = world.people.recorded[unit], world.told_person[rows]
    planned_days = np.where(recorded, -1, actions.planned - seen.start[rows] + 1)
    planned_days[actions.planned == NO_DAY] = -1
    start, end = seen.start[rows], seen.end[rows]
    predecessor = np.where(actions.resumes, world.action_keys[rows - 1], -1)
    return {
        "action_id": Numbered("A", world.action_keys[rows]),
        "instrument": Named(words.instruments, actions.instrument),
        "variant": Named(words.variants, actions.variant),
        "person_id": Persons(_persons(world, rows, start, told, place), world.profile.person),
        "linked": Named(("", "false"), (~actions.linked).astype(np.int64)),
        "trajectory_id": Numbered("T", world.trajectories[unit]),
        "employer_id": Numbered("E", np.where(recorded, actions.employer, -1), digits=6),
        "approved_on": Dated(np.where(recorded, NO_DAY, start)),
        "planned_days": Numbered("", planned_days, digits=1),
        "start_date": Dated(np.where(told, start, NO_DAY)),
        "planned_end_date": Dated(np.where(recorded, actions.planned, NO_DAY)),
        "end_date": Dated(np.where(recorded, end, NO_DAY)),
        "end_reason": Named(words.reasons, seen.reason[rows]),
        "resumes": Numbered("A", predecessor),
        "frame": Named(words.frames, np.where(recorded, actions.frame, 0)),
        **_characteristics(world, unit, told),
    }


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
