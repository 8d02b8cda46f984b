"""Acts: written once, in one line, with what they make of an action in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg.errors import ExclusionViolation, UniqueViolation

from uitstroom.desk.life import FACTS, Life, Told, Values, after, lived, next_kinds, read, written
from uitstroom.desk.models import Act, Action, Stretch
from uitstroom.desk.register import Register
from uitstroom.errors import UitstroomError
from uitstroom.periods import ONE_DAY, Day

COLUMNS = (
    "position, subject, subject_id, sequence, kind, at, known_on, on_day, account_id, role, office_id, key, facts, "
    "content_id, previous, hash"
)


class OvertakenError(UitstroomError):
    """Somebody else did something to the subject since it was looked at."""


class NotNowError(UitstroomError):
    """The act does not fit what the action has become, or the role of who does it."""


class OverlapError(UitstroomError):
    """The person has an action of this form with this employer on one of these days already."""


@dataclass(frozen=True)
class Actor:
    """Who does something, as what, where, and on which day of the desk."""

    account: int | None
    role: str
    office: int | None
    today: Day


@dataclass(frozen=True)
class Deed:
    """Something to be done to an action: an act that is not yet written.

    `seen`: the sequence number of the action's last act that the actor saw; 0 for a new action.
    """

    kind: str
    key: UUID
    on: Day | None = None
    values: Values | None = None
    seen: int = 0

    def told(self, actor: Actor) -> Told:
        return Told(self.kind, self.on, self.values or {}, actor.role, actor.today)


def told_of(action: int, *, known_on: Day | None = None) -> list[Told]:
    """What the acts of an action told, in order, as known on a day."""
    acts = Act.objects.filter(subject="action", subject_id=action).select_related("content").order_by("sequence")
    return [told(act) for act in (acts.filter(known_on__lte=known_on) if known_on else acts)]


def told(act: Act) -> Told:
    """What an act that was written tells; what was erased of it is not there."""
    body = act.content.body if act.content else None
    return Told(act.kind, act.on_day, {**read(act.facts), **(read(body) if body else {})}, act.role, act.known_on)


def perform(register: Register, actor: Actor, deed: Deed, action: int | None = None) -> Action:
    """Do something to an action, or make one; the same key twice is done once.

    Raises `OvertakenError`, `NotNowError` or `OverlapError`; then nothing is changed.
    """
    try:
        with transaction.atomic():
            return _performed(register, actor, deed, action)
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation) and (done := done_before(deed.key)):
            return Action.objects.get(pk=done[1])
        if isinstance(error.__cause__, ExclusionViolation):
            raise OverlapError("the person has an action of this form with this employer on these days") from None
        raise


def done_before(key: UUID) -> tuple[str, int] | None:
    """The subject of the act that has this key."""
    with connection.cursor() as cursor:
        cursor.execute("select subject, subject_id from desk_of_key(%s)", [key])
        found = cursor.fetchone()
    return (found[0], found[1]) if found else None


def _performed(register: Register, actor: Actor, deed: Deed, action: int | None) -> Action:
    held = Action.objects.select_for_update().get(pk=action) if action else None
    if done := done_before(deed.key):
        return Action.objects.get(pk=done[1])
    if held and held.sequence != deed.seen:
        raise OvertakenError("somebody else did something to this action")
    before = lived(told_of(held.pk)) if held else Life()
    check(register, actor, before, deed)
    life = after(before, deed.told(actor))
    office = held.office_id if held else actor.office
    stood = held or _new(office)
    fill(stood, life)
    stood.save()
    stretches(stood, life)
    write([Entry(actor, "action", stood.pk, life.sequence, deed, office)])
    return stood


def check(register: Register, actor: Actor, life: Life, deed: Deed) -> None:
    """Raises `NotNowError` where the deed fits neither the life nor the role of who does it."""
    instrument = life.instrument or str((deed.values or {}).get("instrument"))
    day = life.counted_on or deed.on or (deed.values or {}).get("start_date") or actor.today
    version = register.catalogue.instrument(instrument).nearest_version(day)
    allowed = next_kinds(life, version, needs_approval=register.needs_approval(instrument))
    if deed.kind not in allowed or not register.may(actor.role, deed.kind):
        raise NotNowError(f"{deed.kind} does not fit an action that is {life.state}")


def _new(office: int | None) -> Action:
    """An action with the next number of its office: the office's code and a number without gaps."""
    if office is None:
        raise NotNowError("only who belongs to an office makes actions")
    with connection.cursor() as cursor:
        cursor.execute(
            "update desk_office set last_number = last_number + 1 where id = %s returning code, last_number", [office]
        )
        found = cursor.fetchone()
    return Action(number=f"{found[0]}-{found[1]:06d}", office_id=office)


def fill(action: Action, life: Life) -> None:
    """Make the row of an action what its life says."""
    values = life.values
    action.instrument, action.variant = life.instrument, values.get("variant")
    action.state, action.sequence = life.state or "", life.sequence
    action.person_id, action.employer_id = values.get("person_id"), life.employer
    action.trajectory_id, action.frame = values.get("trajectory_id"), values.get("frame")
    action.approved_on, action.planned_days = values.get("approved_on"), values.get("planned_days")
    action.start_date, action.planned_end_date = life.start, life.planned_end
    action.end_date, action.end_reason = life.end, life.end_reason
    action.has_plan = bool(values.get("plan"))


def covered(life: Life) -> list[tuple[int, Day, Day | None]]:
    """Part, first day and the day after the last one, of a life that happened."""
    if life.state in ("cancelled", "erroneous"):
        return []
    return [
        (place, part.start, part.end + ONE_DAY if part.end else None) for place, part in enumerate(life.parts, start=1)
    ]


def stretches(action: Action, life: Life) -> None:
    """Make the stretches of an action what its life says, where that differs."""
    wanted = list(stretch_rows(action, life))
    stood = list(Stretch.objects.filter(action=action).order_by("part"))
    if [compared(one) for one in stood] == [compared(one) for one in wanted]:
        return
    Stretch.objects.filter(action=action).delete()
    Stretch.objects.bulk_create(wanted)


def compared(one: Stretch) -> tuple[Any, ...]:
    """What two stretches are held against one another by."""
    days = (one.days.lower, one.days.upper)
    return one.part, one.instrument, one.person_id, one.employer_id, days, one.planned_end_date, one.end_reason


def stretch_rows(action: Action, life: Life) -> Iterator[Stretch]:
    """The stretches that a life has."""
    from psycopg.types.range import DateRange

    for place, first, past in covered(life):
        part = life.parts[place - 1]
        yield Stretch(
            action_id=action.pk, office_id=action.office_id, part=place, instrument=action.instrument,
            person_id=action.person_id, employer_id=part.employer, days=DateRange(first, past),
            planned_end_date=part.planned_end, end_reason=part.end_reason,
        )  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An act as it is written: who does it, its subject, its place among the acts of the subject, what is done."""

    actor: Actor
    subject: str
    subject_id: int
    sequence: int
    deed: Deed
    office: int | None


def write(entries: Sequence[Entry]) -> None:
    """Write acts, in order; the database puts them in line. Runs inside the caller's transaction."""
    contents = _contents(entries)
    rows = [_row(entry, content) for entry, content in zip(entries, contents, strict=True)]
    places = ", ".join(["(0, %s, %s, %s, %s, now(), %s, %s, %s, %s, %s, %s, %s, %s, '', '')"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(f"insert into desk_act ({COLUMNS}) values {places}", [one for row in rows for one in row])  # noqa: S608


def _row(entry: Entry, content: int | None) -> tuple[Any, ...]:
    deed, actor = entry.deed, entry.actor
    return (
        entry.subject, entry.subject_id, entry.sequence, deed.kind, actor.today, deed.on, actor.account, actor.role,
        entry.office, deed.key, written(_of_action(deed)), content,
    )  # fmt: skip


def _of_action(deed: Deed) -> Values:
    return {key: value for key, value in (deed.values or {}).items() if key in FACTS}


def _of_person(deed: Deed) -> Mapping[str, Any]:
    return {key: value for key, value in (deed.values or {}).items() if key not in FACTS and value not in (None, "")}


def _contents(entries: Iterable[Entry]) -> list[int | None]:
    """The keys of the rows that hold what is said of persons, None for an act that says nothing of them."""
    bodies = [_of_person(entry.deed) for entry in entries]
    held = [(secrets.token_bytes(16), written(body)) for body in bodies if body]
    keys: Iterator[int] = iter(())
    if held:
        places = ", ".join(["(%s, %s)"] * len(held))
        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into desk_content (salt, body) values {places} returning id",  # noqa: S608
                [one for row in held for one in row],
            )
            keys = iter([row[0] for row in cursor.fetchall()])
    return [next(keys) if body else None for body in bodies]
