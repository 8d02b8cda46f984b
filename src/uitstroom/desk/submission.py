"""What somebody typed into the form of an act: checked, merged with what others did meanwhile, and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict

from uitstroom.desk.acts import Actor, Deed, OverlapError, perform, told_of
from uitstroom.desk.blanks import Blank
from uitstroom.desk.cells import moved_cells
from uitstroom.desk.identity import enterprise_number, record_employer
from uitstroom.desk.life import Life, Part, after, lived, rows
from uitstroom.desk.lines import Line, lines_of
from uitstroom.desk.models import Action, Employer, Person
from uitstroom.desk.register import Register
from uitstroom.desk.verdict import Elsewhere, Finding, judged, overlaps
from uitstroom.desk.words import word
from uitstroom.periods import Day
from uitstroom.text import Language, Text

NOT_AHEAD = frozenset({"approved", "started", "interrupted", "resumed", "ended"})
"""Acts about a day that has come."""
JUDGED = frozenset({"proposed", "registered", "approved", "started", "corrected"})


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what it was, and what it is now."""

    line: Line
    was: str
    now: str


@dataclass
class Submission:
    """One form of one act on one action, or on a new one."""

    register: Register
    actor: Actor
    kind: str
    language: Language
    action: Action | None = None
    person: Person | None = None
    instrument: str = ""
    data: QueryDict | None = None
    conflicts: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    cells: list[Text] = field(default_factory=list)
    overtaken: bool = False

    def __post_init__(self) -> None:
        self.told = told_of(self.action.pk) if self.action else []
        self.life = lived(self.told)
        self.instrument = self.instrument or self.life.instrument
        day = self.life.counted_on or self.actor.today
        self.lines = lines_of(self.register, self.kind, self.instrument, day, self.life)
        if self.data is not None:
            self._merge(self.data)
        self.blank = Blank(self.lines, self.language, self.data, self.initial(self.life))

    @property
    def seen(self) -> int:
        return self.life.sequence

    def initial(self, life: Life) -> dict[str, Any]:
        """What the fields hold before anybody types."""
        if self.action is None:
            return self._of_person()
        values = dict(life.values)
        if self.kind == "corrected":
            return {**values, "employer": _number_of(life.employer), **_parts(life), "reason": ""}
        days: dict[str, Day | None] = {"approved": self.actor.today, "started": life.start, "ended": life.planned_end}
        on = days.get(self.kind)
        return {
            "on": min(on, self.actor.today) if on else None, "planned_end_date": life.planned_end,
            "planned_days": values.get("planned_days"),
        }  # fmt: skip

    def _of_person(self) -> dict[str, Any]:
        """What is known of the person from an earlier action: nothing is entered twice."""
        if self.person is None:
            return {}
        last = Action.objects.filter(person=self.person).order_by("-pk").first()
        known = lived(told_of(last.pk)).values if last else {}
        own = {"sex": self.person.held_sex, "birth_date": self.person.held_birth_date}
        names = [line.column for line in self.lines if line.group == "person"]
        return {**{name: known[name] for name in names if name in known}, **own}

    def _merge(self, data: QueryDict) -> None:
        """Where somebody else did something meanwhile: keep what only one of the two changed, ask about the rest."""
        seen = _whole(data.get("seen"))
        theirs = set(data.getlist("theirs"))
        now = _as_typed(self.initial(self.life))
        if self.action and seen is not None and seen < self.life.sequence:
            self.overtaken = True
            was = _as_typed(self.initial(lived(self.told[:seen]))) if self.kind == "corrected" else now
            self.conflicts = list(_merged(self.lines, data, was, now))
        for column in theirs:
            data[column] = now.get(column, "")
        data["seen"] = str(self.life.sequence)

    def valid(self, *, confirmed: frozenset[str]) -> bool:
        """Whether nothing stands in the way; every fault is put at its field, every unconfirmed warning listed."""
        filled = self.blank.is_valid()
        if self.conflicts or self.overtaken:
            return False
        self._check_day()
        employer = self._employer()
        if filled or self.kind in ("proposed", "registered"):
            self._judge(employer)
        unconfirmed = [one for one in self.findings if one.code not in confirmed]
        reason = self.data.get("confirmed_reason", "").strip() if self.data else ""
        lacks_reason = bool(self.findings) and not reason
        return not self.blank.errors and not unconfirmed and not lacks_reason

    def _check_day(self) -> None:
        on = self.blank.values.get("on")
        if on is None:
            return
        last = self.life.parts[-1] if self.life.parts else None
        if self.kind in NOT_AHEAD and on > self.actor.today:
            self.blank.blame("on", word("error.ahead").in_language(self.language))
        if self.kind in ("interrupted", "ended") and last and on < last.start:
            self.blank.blame("on", word("error.before_start", day=last.start).in_language(self.language))
        if self.kind == "resumed" and last and last.end and on <= last.end:
            self.blank.blame("on", word("error.before_interruption", day=last.end).in_language(self.language))
        if self.kind == "ended" and self.life.state == "interrupted" and last and on != last.end:
            self.blank.blame("on", word("error.at_interruption", day=last.end or on).in_language(self.language))

    def _employer(self) -> int | None:
        """The employer that was typed; an unknown one is recorded with its name when the act is done."""
        typed = self.blank.values.get("employer")
        if not typed:
            return None
        number = enterprise_number(typed) or (typed if Employer.objects.filter(number=typed).exists() else None)
        known = Employer.objects.filter(number=number).first() if number else None
        if number is None:
            self.blank.blame("employer", word("error.enterprise_number").in_language(self.language))
        elif known is None and not self.blank.values.get("employer_name"):
            self.blank.blame("employer_name", word("error.unknown_employer").in_language(self.language))
        return known.pk if known else None

    def _judge(self, employer: int | None) -> None:
        if self.kind not in JUDGED:
            return
        life = after(self.life, self.deed(UUID(int=0), employer).told(self.actor))
        course = self._course(life)
        found = [one for row in self._rows(life) for one in judged(self.register, row, course)]
        found += (
            [one for row in self._rows(life)[:1] for one in overlaps(row, course)] if self.kind != "corrected" else []
        )
        for one in found:
            column = _asked(one.column, self.kind)
            if one.severity == "reject" and column not in self.blank.errors:
                self.blank.blame(column, _sentence(one, self.language))
        self.findings = _once([one for one in found if one.severity == "warn"])
        if self.kind == "corrected":
            self.cells = moved_cells(self.register, self.life, life)

    def _rows(self, life: Life) -> list[dict[str, Any]]:
        """The rows as a delivery would hold them; of a plan that is not approved yet, as if it were today."""
        found = list(rows("0", life, self.register.catalogue))
        planned = {"start_date": life.start, "planned_end_date": life.planned_end}
        row = {**life.values, **planned, "approved_on": life.values.get("approved_on") or self.actor.today}
        return [{**one, "instrument": self.instrument} for one in found] or [row]

    def _course(self, life: Life) -> list[Elsewhere]:
        person = life.values.get("person_id")
        if person is None:
            return []
        with connection.cursor() as cursor:
            own = self.action.pk if self.action else None
            cursor.execute("select * from desk_course_of(%s, %s, %s)", [person, self.instrument, own])
            return [Elsewhere(*row) for row in cursor.fetchall()]

    def deed(self, key: UUID, employer: int | None) -> Deed:
        """The act that the form comes to."""
        values = dict(self.blank.values)
        on = values.pop("on", None)
        values.pop("employer_name", None)
        if "employer" in values:
            values.pop("employer")
            values["employer_id"] = employer
        if self.kind == "corrected":
            return Deed(self.kind, key, on, self._changed(values), self.seen)
        if self.action is None:
            values |= {"instrument": self.instrument, "person_id": self.person.pk if self.person else None}
        return Deed(self.kind, key, on, {name: one for name, one in values.items() if one is not None}, self.seen)

    def _changed(self, values: dict[str, Any]) -> dict[str, Any]:
        """What a correction changes: only that is told."""
        stood = {**self.life.values, "employer_id": self.life.employer}
        said = {name: one for name, one in values.items() if not name.startswith("part_") and one != stood.get(name)}
        parts = [self._part(values, place) for place in range(1, len(self.life.parts) + 1)]
        if tuple(parts) != self.life.parts:
            said["parts"] = parts
        return said

    def _part(self, values: Mapping[str, Any], place: int) -> Part:
        stood = self.life.parts[place - 1]
        names = ("start", "planned_end", "end", "end_reason")
        told: dict[str, Any] = {name: values.get(f"part_{place}_{name}") for name in names}
        employer = values["employer_id"] if "employer_id" in values and stood.employer == self.life.employer else None
        return replace(stood, **told, employer=employer or stood.employer)

    def do(self, key: UUID) -> Action | None:
        """Do it. None where the database finds that it cannot be, which is then told at the field."""
        employer = self._employer()
        typed = self.blank.values.get("employer")
        if typed and employer is None:
            employer = record_employer(
                self.actor, enterprise_number(typed) or typed, self.blank.values["employer_name"]
            ).pk
        deed = self.deed(key, employer)
        said = dict(deed.values or {})
        if self.findings and self.data is not None:
            said |= {"confirmed": sorted(one.code for one in self.findings),
                     "confirmed_reason": self.data.get("confirmed_reason", "").strip()}  # fmt: skip
        if self.cells:
            said["cells"] = [cell.in_language("nl") for cell in self.cells]
        try:
            return perform(
                self.register, self.actor, replace(deed, values=said), self.action.pk if self.action else None
            )
        except OverlapError:
            self.blank.blame(_asked("start_date", self.kind), word("error.overlap").in_language(self.language))
            return None


def _merged(
    lines: Sequence[Line], data: QueryDict, was: Mapping[str, str], now: Mapping[str, str]
) -> Iterator[Conflict]:
    for line in lines:
        old, new, typed = was.get(line.column, ""), now.get(line.column, ""), data.get(line.column, "")
        if typed == old and new != old:
            data[line.column] = new
        elif new not in (old, typed):
            yield Conflict(line, old, new)


def _as_typed(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: "" if value is None else value.isoformat() if isinstance(value, Day) else str(value)
        for name, value in values.items()
    }


def _parts(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, part in enumerate(life.parts, start=1):
        found |= {f"part_{place}_start": part.start, f"part_{place}_planned_end": part.planned_end,
                  f"part_{place}_end": part.end, f"part_{place}_end_reason": part.end_reason}  # fmt: skip
    return found


def _number_of(employer: int | None) -> str:
    found = Employer.objects.filter(pk=employer).first() if employer else None
    return found.number if found else ""


def _asked(column: str | None, kind: str) -> str | None:
    """The field of the form that stands for a column."""
    of_act = {"start_date": "on"} if kind == "started" else {"approved_on": "on"} if kind == "approved" else {}
    of_parts = {"start_date": "part_1_start", "end_date": "part_1_end", "planned_end_date": "part_1_planned_end"}
    named = {"employer_id": "employer", **of_act, **(of_parts if kind == "corrected" else {})}
    return named.get(column or "", column)


def _sentence(finding: Finding, language: Language) -> str:
    said = finding.message.in_language(language)
    said = said[:1].upper() + said[1:]
    return f"{said} ({word('rule.source').in_language(language)}: {finding.source})" if finding.source else said


def _once(findings: Sequence[Finding]) -> list[Finding]:
    return list({one.code: one for one in findings}.values())


def _whole(text: object) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 9 else None
