"""Whether the register is what its acts say: the chain whole, every row made of acts, nothing erased unsaid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import models

from uitstroom.desk import acts
from uitstroom.desk.life import Told, lived, read
from uitstroom.desk.models import Act, Action, Content, Stretch

SEPARATOR = "\x1f"
BLOCK = 2000


@dataclass(frozen=True)
class Head:
    """The last act of a chain."""

    position: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """A row that is not what it must be."""

    table: str
    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.what}"


def head() -> Head | None:
    """The end of the chain; None where nothing was done yet."""
    last = Act.objects.order_by("-position").first()
    return Head(last.position, bytes(last.hash).hex()) if last else None


def faults(against: Head | None = None) -> Iterator[Fault]:
    """Everything that is not as the acts say; with `against`, also whether the chain still holds that head."""
    erased: set[int] = set()
    yield from _chain(erased)
    yield from _contents(erased)
    yield from _actions()
    if against:
        act = Act.objects.filter(position=against.position).first()
        if act is None or bytes(act.hash).hex() != against.hash:
            yield Fault("act", str(against.position), "the chain does not hold the head that was delivered: an older "
                        "copy was put back, or acts were replaced")  # fmt: skip


def _chain(erased: set[int]) -> Iterator[Fault]:
    before, position = b"\x00", 0
    for act in Act.objects.select_related("content").order_by("position").iterator(BLOCK):
        position += 1
        if act.position != position:
            yield Fault("act", str(position), "it is not there")
            position = act.position
        if bytes(act.previous) != before:
            yield Fault("act", str(act.position), "it does not hold the hash of the act before it")
        if digest(act) != bytes(act.hash):
            yield Fault("act", str(act.position), "its hash is not that of what it says")
        if act.kind == "erased":
            erased.update(read(act.facts)["contents"])
        before = bytes(act.hash)


def digest(act: Act) -> bytes:
    """The hash of what an act says, worked out apart from the database."""
    content = act.content
    parts = (
        act.position, act.subject, act.subject_id, act.sequence, act.kind,
        act.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"), act.known_on, act.on_day or "", act.account_id or "",
        act.role, act.office_id or "", act.key, act.facts, content.pk if content else "",
        bytes(content.digest).hex() if content else "", bytes(act.previous).hex(),
    )  # fmt: skip
    return hashlib.sha256(SEPARATOR.join(map(str, parts)).encode()).digest()


def _contents(erased: set[int]) -> Iterator[Fault]:
    used = models.Exists(Act.objects.filter(content=models.OuterRef("pk")))
    for content in Content.objects.annotate(used=used).order_by("pk").iterator(BLOCK):
        if content.body is None and content.pk not in erased:
            yield Fault("content", str(content.pk), "it is gone, and no act says that it was erased")
        if content.body is not None and content.pk in erased:
            yield Fault("content", str(content.pk), "an act says that it was erased, and it is there")
        if content.body is not None and _of_body(content) != bytes(content.digest):
            yield Fault("content", str(content.pk), "it is not what was written")
        if not content.used:
            yield Fault("content", str(content.pk), "no act refers to it")


def _of_body(content: Content) -> bytes:
    return hashlib.sha256(bytes(content.salt) + str(content.body).encode()).digest()


def _actions() -> Iterator[Fault]:
    """Every action and its stretches, made again of the acts."""
    told: dict[int, list[Told]] = {}
    for action in Action.objects.order_by("pk").iterator(BLOCK):
        told[action.pk] = []
        if len(told) == BLOCK:
            yield from _replayed(told)
            told = {}
    yield from _replayed(told)
    known = Action.objects.filter(pk=models.OuterRef("subject_id"))
    lost = Act.objects.filter(subject="action", sequence=1).exclude(models.Exists(known))
    for act in lost.iterator(BLOCK):
        yield Fault("action", str(act.subject_id), "its acts are there, and it is not")


def _replayed(told: dict[int, list[Told]]) -> Iterator[Fault]:
    written = Act.objects.filter(subject="action", subject_id__in=told).select_related("content")
    for act in written.order_by("subject_id", "sequence").iterator(BLOCK):
        told[act.subject_id].append(acts.told(act))
    stood: dict[int, list[Stretch]] = {key: [] for key in told}
    for stretch in Stretch.objects.filter(action_id__in=told).order_by("action_id", "part"):
        stood[stretch.action_id].append(stretch)
    for action in Action.objects.filter(pk__in=told):
        yield from _compared(action, told[action.pk], stood[action.pk])


def _compared(action: Action, told: list[Told], stood: list[Stretch]) -> Iterator[Fault]:
    life = lived(told)
    again = Action(pk=action.pk, number=action.number, office_id=action.office_id)
    acts.fill(again, life)
    different = [
        field.name for field in Action._meta.concrete_fields
        if getattr(again, field.attname) != getattr(action, field.attname)
    ]  # fmt: skip
    if different:
        yield Fault("action", action.number, f"its acts say otherwise of {', '.join(different)}")
    wanted = [acts.compared(one) for one in acts.stretch_rows(action, life)]
    if wanted != [acts.compared(one) for one in stood]:
        yield Fault("stretch", action.number, "its acts say otherwise of the days that it covers")
