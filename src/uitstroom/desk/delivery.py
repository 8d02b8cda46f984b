"""A delivery out of acts: the register as known on a day, by the contract, with persons as the store's key makes them.

Beside the tables of the contract the folder holds `act.csv` (what was done to each action, without names) and
`log.toml` (the head of the chain), by which a register is held against what it delivered.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

import numpy as np
from django.db.models import Max

from uitstroom.catalogue import Catalogue
from uitstroom.desk.acts import Actor, Deed, Entry, told, write
from uitstroom.desk.life import Told, lived, rows
from uitstroom.desk.models import Act, Action, Employer, Person, Renumbering
from uitstroom.desk.proof import Head, head
from uitstroom.desk.register import Register
from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.registers.columns import columns
from uitstroom.registers.pseudonyms import Numbers, fingerprint

BLOCK = 5000
LOG = "log.toml"
REGISTER = 1
"""The key of the one register that acts on no single thing are about."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Order:
    """What is to be delivered: the register as known on `known_on`, complete from `first` to `until`.

    `since`: deliver only what changed since the register as known on that day. Without a `key` persons are delivered
    by their national numbers.
    """

    folder: Path
    known_on: Day
    first: Day
    until: Day
    since: Day | None = None
    key: bytes | None = None
    synthetic: bool = False

    @property
    def kind(self) -> Literal["full", "changes"]:
        return "changes" if self.since else "full"


@dataclass(frozen=True)
class Delivered:
    """How many rows a delivery holds, and the head of the chain that it was made of."""

    actions: int
    acts: int
    head: Head


def deliver(register: Register, actor: Actor, order: Order) -> Delivered:
    """Write the delivery; that it was made is an act too. Sees every office: the caller's transaction must."""
    _check(order)
    order.folder.mkdir(parents=True, exist_ok=True)
    names = [column.name for column in columns("action", register.catalogue)]
    changed = ["operation"] if order.since else []
    acts: list[tuple[object, ...]] = []
    counted = _write(order.folder / "action.csv", names + changed, _rows(register, order, acts.extend))
    _write(order.folder / "act.csv", ["action_id", "number", "kind", "on", "role"], acts)
    _persons(order)
    write([_said(actor, order)])
    found = head()
    if found is None:
        raise UitstroomError("the register holds no acts")
    (order.folder / "delivery.toml").write_text(_manifest(order), "utf-8")
    (order.folder / LOG).write_text(f'position = {found.position}\nhash = "{found.hash}"\n', "utf-8")
    return Delivered(counted, len(acts), found)


def _check(order: Order) -> None:
    if order.folder.exists() and any(order.folder.iterdir()):
        raise UitstroomError("this folder already holds files", where=str(order.folder), todo="choose an empty folder")
    if not order.first <= order.until <= order.known_on:
        raise UitstroomError("the days are not in order", todo="--from, --until and --known-on follow on one another")
    if order.since and order.since > order.known_on:
        raise UitstroomError("--since lies after --known-on", todo="give the day of the delivery before this one")


def _said(actor: Actor, order: Order) -> Entry:
    last = Act.objects.filter(subject="register", subject_id=REGISTER).aggregate(last=Max("sequence"))["last"] or 0
    values = {"kind": order.kind, "known_on": order.known_on, "until": order.until, "since": order.since}
    return Entry(actor, "register", REGISTER, last + 1, Deed("delivered", uuid4(), order.known_on, values), None)


def delivered_head(folder: Path) -> Head:
    """The head of the chain that a delivery was made of."""
    try:
        said = tomllib.loads((folder / LOG).read_text("utf-8"))
        return Head(int(said["position"]), str(said["hash"]))
    except (OSError, ValueError, KeyError):
        raise UitstroomError("this is no delivery of a desk: it does not say where the chain ended",
                             where=str(folder / LOG)) from None  # fmt: skip


def _rows(
    register: Register, order: Order, told_acts: Callable[[Iterable[tuple[object, ...]]], None]
) -> Iterator[list[object]]:
    """The rows of `action`, and the acts of each action on the way."""
    names = [column.name for column in columns("action", register.catalogue)]
    made = _translator(order)
    for number, acts in _lives(order):
        after = _by_key(number, [act for act in acts if act.known_on <= order.known_on], register.catalogue)
        told_acts((number, place, act.kind, act.on, act.role) for place, act in enumerate(acts, start=1))
        if order.since is None:
            yield from ([_text(one) for one in made(row, names)] for row in after.values())
            continue
        before = _by_key(number, [act for act in acts if act.known_on <= order.since], register.catalogue)
        for key, row in after.items():
            if row != before.get(key):
                yield [*(_text(one) for one in made(row, names)), "upsert"]
        for key in before.keys() - after.keys():
            yield [*(_text(before[key].get(name)) if name in _KEPT else "" for name in names), "delete"]


_KEPT = ("action_id", "instrument")


def _by_key(number: str, acts: Sequence[Told], catalogue: Catalogue) -> dict[str, Row]:
    return {str(row["action_id"]): row for row in rows(number, lived(acts), catalogue)} if acts else {}


def _lives(order: Order) -> Iterator[tuple[str, list[Told]]]:
    """Each action's number with its acts as known on the day; of changes only those that something was done to."""
    acts = Act.objects.filter(subject="action", known_on__lte=order.known_on).select_related("content")
    if order.since:
        changed = Act.objects.filter(subject="action", known_on__gt=order.since, known_on__lte=order.known_on)
        acts = acts.filter(subject_id__in=changed.values("subject_id"))
    numbers = dict(Action.objects.values_list("pk", "number").iterator(BLOCK))
    for action, found in groupby(
        acts.order_by("subject_id", "sequence").iterator(BLOCK), key=lambda act: act.subject_id
    ):
        yield numbers[action], [told(act) for act in found]


def _translator(order: Order) -> Callable[[Row, Sequence[str]], list[object]]:
    """Makes of the desk's own keys what a delivery says: numbers of employers, persons by the key."""
    employers = dict(Employer.objects.values_list("pk", "number").iterator(BLOCK))
    persons = pseudonyms(order.key)

    def translated(row: Row, names: Sequence[str]) -> list[object]:
        said = {**row, "employer_id": employers.get(row.get("employer_id") or 0),
                "person_id": persons.get(row.get("person_id") or 0)}  # fmt: skip
        return [said.get(name) for name in names]

    return translated


def pseudonyms(key: bytes | None) -> dict[int, str]:
    """By the key of a person at the desk: the number, or what the service's key makes of it."""
    held = dict(Person.objects.exclude(held_number=None).values_list("pk", "held_number").iterator(BLOCK))
    if key is None:
        return {person: str(number) for person, number in held.items()}
    numbers = np.array([int(str(number)) for number in held.values()], dtype=np.int64)
    return dict(zip(held, map(str, Numbers(key).of(numbers).tolist()), strict=True))


def _persons(order: Order) -> None:
    persons = pseudonyms(order.key)
    changes = Renumbering.objects.filter(on_day__lte=order.known_on).order_by("pk")
    told_changes = [(persons.get(one.old_id), persons.get(one.new_id), one.on_day) for one in changes]
    if told_changes:
        _write(order.folder / "person_change.csv", ["old", "new", "on"], told_changes)


def _write(path: Path, names: Sequence[str], lines: Iterable[Sequence[object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for line in lines:
            writer.writerow([_text(one) for one in line])
            count += 1
    return count


def _text(value: object) -> object:
    return "" if value is None else value.isoformat() if isinstance(value, Day) else value


def _manifest(order: Order) -> str:
    lines = [f"delivered_on = {order.known_on}", f'kind = "{order.kind}"']
    lines.append('person = "number"' if order.key is None else f'person = "keyed"\nkey = "{fingerprint(order.key)}"')
    if order.synthetic:
        lines.append("synthetic = true")
    for table in ("action", "person_change"):
        if (order.folder / f"{table}.csv").exists():
            lines.append(f'\n[tables.{table}]\nfiles = ["{table}.csv"]')
            lines.append(f"complete_from = {order.first}\ncomplete_until = {order.until}")
    return "\n".join(lines) + "\n"
