"""Whole courses of new actions at once: the same acts as one by one, written in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from uitstroom.desk.acts import Actor, Deed, Entry, NotNowError, check, fill, stretch_rows, write
from uitstroom.desk.life import Life, after
from uitstroom.desk.models import Action, Stretch
from uitstroom.desk.register import Register

BLOCK = 500


@dataclass(frozen=True)
class Course:
    """A new action of an office: what was done to it, by whom, in order."""

    office: int
    deeds: tuple[tuple[Actor, Deed], ...]


def take_in(register: Register, courses: Sequence[Course]) -> list[Action]:
    """Write the acts of new actions, and what they make of them; inside the caller's transaction.

    Each deed is held against the life before it, as when it is done alone. Raises `NotNowError`.
    """
    blocks = [courses[place : place + BLOCK] for place in range(0, len(courses), BLOCK)]
    return [action for block in blocks for action in _block(register, block)]


def lives_of(register: Register, course: Course) -> list[Life]:
    """The lives that the deeds of a course make, one after the other. Raises `NotNowError`."""
    lives = [Life()]
    for actor, deed in course.deeds:
        check(register, actor, lives[-1], deed)
        lives.append(after(lives[-1], deed.told(actor)))
    return lives[1:]


def _block(register: Register, courses: Sequence[Course]) -> list[Action]:
    lives = [lives_of(register, course)[-1] for course in courses]
    actions = [
        Action(number=number, office_id=course.office)
        for number, course in zip(_numbers(courses), courses, strict=True)
    ]
    for action, life in zip(actions, lives, strict=True):
        fill(action, life)
    Action.objects.bulk_create(actions)
    pairs = zip(actions, lives, strict=True)
    Stretch.objects.bulk_create(stretch for action, life in pairs for stretch in stretch_rows(action, life))
    write([entry for action, course in zip(actions, courses, strict=True) for entry in _entries(action, course)])
    return actions


def _entries(action: Action, course: Course) -> Iterator[Entry]:
    for place, (actor, deed) in enumerate(course.deeds, start=1):
        yield Entry(actor, "action", action.pk, place, deed, course.office)


def _numbers(courses: Sequence[Course]) -> Iterator[str]:
    """The next numbers of the offices of the courses, in their order."""
    following: dict[int, tuple[str, int]] = {}
    for office in {course.office for course in courses}:
        count = sum(course.office == office for course in courses)
        with connection.cursor() as cursor:
            cursor.execute(
                "update desk_office set last_number = last_number + %s where id = %s returning code, last_number - %s",
                [count, office, count],
            )
            found = cursor.fetchone()
        if found is None:
            raise NotNowError("only who belongs to an office makes actions")
        following[office] = (found[0], found[1])
    for course in courses:
        code, last = following[course.office]
        following[course.office] = (code, last + 1)
        yield f"{code}-{last + 1:06d}"
