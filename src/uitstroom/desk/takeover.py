"""A whole register taken over from lists: read, judged, and made into acts in one transaction."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from uitstroom.desk.acts import Actor, Deed, Entry, NotNowError, write
from uitstroom.desk.boundary import today
from uitstroom.desk.bulk import Course, lives_of, take_in
from uitstroom.desk.database import whole
from uitstroom.desk.identity import record_person
from uitstroom.desk.lists import Line, Takeover, chains, checked_employers, lines_of, rows_of, told_of
from uitstroom.desk.models import Office, Renumbering
from uitstroom.desk.register import register
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Day


@dataclass(frozen=True)
class TakenOver:
    """How many rows were read and actions made, and what is said of each row that was refused."""

    rows: int
    actions: int
    refused: list[str]


def take_over(
    files: Sequence[Path], codes: Sequence[str], known_on: Day | None, reason: str, *, employers_as_given: bool = False
) -> TakenOver:
    """Make acts of the rows of lists; rows that break a structural rule are refused, one by one."""
    day = known_on or today()
    with whole():
        offices = [_office(code) for code in codes]
        takeover = Takeover(register(), Actor(None, "owner", None, day), offices, reason)
        rows, actions, refused = 0, 0, []
        for path in files:
            content = _content(path)
            if content.removeprefix(b"\xef\xbb\xbf").startswith(b"old,new,on"):
                rows += _renumbered(takeover.actor, content)
                continue
            lines = lines_of(register(), day, rows_of(path.name, content))
            if not employers_as_given:
                checked_employers(lines)
            courses = courses_of(takeover, lines)
            rows += len(lines)
            actions += len(take_in(register(), courses))
            refused += [f"{path.name}, row {line.place}: {said.in_language('en')}" for line in lines if line.refused
                        for said in told_of(line)]  # fmt: skip
    return TakenOver(rows, actions, refused)


def courses_of(takeover: Takeover, lines: Sequence[Line]) -> list[Course]:
    """The courses of the lines that stand; a chain whose acts do not fit one another is refused."""
    gathered = chains(lines)
    takeover.know(lines)
    found = []
    for place, chain in enumerate(one for one in gathered if not one[0].refused):
        course = takeover.course(place, chain)
        try:
            lives_of(takeover.register, course)
        except NotNowError as error:
            raise UitstroomError(f"row {chain[0].place} does not fit: {error}") from None
        found.append(course)
    return found


def _renumbered(actor: Actor, content: bytes) -> int:
    """Changes of number: one person who had two. Returns how many."""
    changes = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    persons = {
        one[name]: record_person(actor, one[name], "", "", uuid4()) for one in changes for name in ("old", "new")
    }
    for one in changes:
        old, new, day = persons[one["old"]], persons[one["new"]], Day.fromisoformat(one["on"])
        Renumbering.objects.create(old=old, new=new, on_day=day)
        old.sequence += 1
        old.save(update_fields=["sequence"])
        deed = Deed("renumbered", uuid4(), day, {"new": new.pk})
        write([Entry(actor, "person", old.pk, old.sequence, deed, None)])
    return len(changes)


def _office(code: str) -> int:
    found = Office.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Office.objects.values_list("code", flat=True))
        raise UsageError(f"there is no office {code!r}", todo=f"known: {known or 'none'}")
    return found.pk


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UitstroomError(f"it cannot be read: {error.strerror}", where=str(path)) from None
