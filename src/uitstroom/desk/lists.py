"""An office's own list, row by row: what each row comes to as acts, by the same rules as the forms."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from uitstroom.catalogue.schema import EndReason
from uitstroom.desk.acts import Actor, Deed, Entry, write
from uitstroom.desk.bulk import Course
from uitstroom.desk.identity import born, enterprise_number, national_number, sex_of
from uitstroom.desk.models import Employer, Person
from uitstroom.desk.register import Register
from uitstroom.desk.verdict import Finding, judged
from uitstroom.desk.words import word
from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.registers.checks import FAULTS
from uitstroom.registers.columns import columns
from uitstroom.text import Text

LONGEST = 200_000
"""Rows of one list."""
Row = dict[str, Any]


@dataclass
class Line:
    """A row of a list: its place in the file, its values, and what is wrong with it."""

    place: int
    values: Row
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(one.severity == "reject" for one in self.findings)


def rows_of(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV or XLSX file with their places; the first row names the columns. Raises `UitstroomError`."""
    table = _of_sheet(content) if name.lower().endswith(".xlsx") else _of_text(content)
    head = [cell.strip().lower() for cell in next(table, [])]
    if "instrument" not in head:
        raise UitstroomError("the first row must name the columns, `instrument` among them",
                             todo="`uitstroom contract` lists the columns of actions")  # fmt: skip
    for place, cells in enumerate(table, start=2):
        if any(cells):
            yield place, dict(zip(head, (cell.strip() for cell in cells), strict=False))


def _of_text(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UitstroomError("the file is not UTF-8", todo="save it as CSV UTF-8, or as XLSX") from None
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        yield from csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter)
    except csv.Error:
        raise UitstroomError("the file is no readable CSV", todo="save it again as CSV UTF-8, or as XLSX") from None


def _of_sheet(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        yield from ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError):
        raise UitstroomError("the file is no readable XLSX", todo="save it again, or as CSV UTF-8") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    date = getattr(value, "date", None)
    return date().isoformat() if callable(date) else str(value)


def lines_of(register: Register, today: Day, table: Iterable[tuple[int, Mapping[str, str]]]) -> list[Line]:
    """Each row as values, with every structural fault and every rule that it breaks."""
    kinds = {column.name: column.type for column in columns("action", register.catalogue)}
    kinds |= {one.column: one.type for one in register.asked if one.type == "day"}
    found = []
    for place, cells in table:
        line = Line(place, {})
        for name, cell in cells.items():
            if cell:
                line.values[name] = _valued(line, name, cell, kinds.get(name, "text"), today)
        if not line.refused:
            line.findings += judged(register, _as_judged(register, line.values, today))
        found.append(line)
        if len(found) > LONGEST:
            raise UitstroomError(f"the list has more than {LONGEST} rows", todo="cut it in parts")
    return found


def _as_judged(register: Register, values: Row, today: Day) -> Row:
    """A plan that nobody approved yet is judged as if it were today."""
    by_approval = values.get("instrument") in register.catalogue.instruments and register.by_approval(
        values["instrument"]
    )
    return {"approved_on": today, **values} if by_approval else values


def _valued(line: Line, name: str, cell: str, kind: str, today: Day) -> Any:
    if kind == "day":
        return _day(line, name, cell)
    if kind == "whole":
        if cell.isdecimal() and len(cell) < 6:
            return int(cell)
        line.findings.append(_fault(name, "not_a_whole_number"))
    if kind == "yes_no":
        return cell.lower() in ("yes", "ja", "true", "1")
    if kind == "person":
        number = national_number(cell, today.year)
        if number is None:
            line.findings.append(_fault(name, "not_a_person_number"))
        return number
    return cell


def _day(line: Line, name: str, cell: str) -> Day | None:
    parts = cell.replace("/", "-").split("-")
    try:
        numbers = [int(part) for part in parts]
        return Day(*numbers) if len(parts[0]) == 4 else Day(*reversed(numbers))
    except (ValueError, TypeError, OverflowError):
        line.findings.append(_fault(name, "not_a_day"))
        return None


def _fault(column: str, rule: str) -> Finding:
    return Finding(rule, FAULTS[rule], column, severity="reject")


def chains(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that resume one another together, in order; a line whose chain has a refused line is refused too."""
    by_key = {line.values.get("action_id"): line for line in lines if line.values.get("action_id")}
    following = {line.values["resumes"]: line for line in lines if line.values.get("resumes") in by_key}
    found = []
    for line in lines:
        if line.values.get("resumes") in by_key:
            continue
        chain = [line]
        while (step := following.get(chain[-1].values.get("action_id"))) and step not in chain:
            chain.append(step)
        if any(one.refused for one in chain):
            for one in chain:
                if not one.refused:
                    one.findings.append(Finding("chain", word("list.chain"), "resumes", severity="reject"))
        found.append(chain)
    return found


@dataclass
class Takeover:
    """Makes courses of lines, for an actor: persons and employers are recorded on the way, by acts of their own.

    `employers_as_given`: a register that is taken over may name its employers by keys of its own.
    """

    register: Register
    actor: Actor
    offices: Sequence[int]
    reason: str
    employers_as_given: bool = False
    persons: dict[str, int] = field(default_factory=dict)
    employers: dict[str, int] = field(default_factory=dict)

    def know(self, lines: Sequence[Line]) -> None:
        """Record every person and employer of the lines that the desk does not know."""
        numbers = {line.values["person_id"] for line in lines if not line.refused and line.values.get("person_id")}
        stood = Person.objects.filter(held_number__in=numbers).values_list("held_number", "pk")
        self.persons = {str(number): key for number, key in stood}
        new = sorted(numbers - self.persons.keys())
        made = Person.objects.bulk_create(
            Person(held_number=number, held_birth_date=born(number), held_sex=sex_of(number), sequence=1)
            for number in new
        )  # fmt: skip
        self.persons |= {str(person.held_number): person.pk for person in made}
        self._recorded("person", [(one.pk, {"number": one.held_number}) for one in made])
        self._know_employers(lines)

    def _know_employers(self, lines: Sequence[Line]) -> None:
        named = {line.values["employer_id"]: line.values.get("employer_name") or line.values["employer_id"]
                 for line in lines if not line.refused and line.values.get("employer_id")}  # fmt: skip
        self.employers = dict(Employer.objects.filter(number__in=named).values_list("number", "pk"))
        made = Employer.objects.bulk_create(
            Employer(number=number, name=name, sequence=1)
            for number, name in sorted(named.items()) if number not in self.employers
        )  # fmt: skip
        self.employers |= {employer.number: employer.pk for employer in made}
        self._recorded("employer", [(one.pk, {"number": one.number, "name": one.name}) for one in made])

    def _recorded(self, subject: str, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        office = self.actor.office
        entries = [
            Entry(self.actor, subject, key, 1, Deed("recorded", uuid4(), values=said), office) for key, said in rows
        ]
        for start in range(0, len(entries), 2000):
            write(entries[start : start + 2000])

    def course(self, place: int, chain: Sequence[Line]) -> Course:
        """The acts that a line, with those that resume it, comes to."""
        office = self.offices[place % len(self.offices)]
        actor = replace(self.actor, office=office)
        return Course(office, tuple((actor, deed) for deed in self._deeds(actor, chain)))

    def _deeds(self, actor: Actor, chain: Sequence[Line]) -> Iterator[Deed]:
        first = self._agreed(chain[0])
        yield Deed("registered", uuid4(), values=first)
        instrument, start = str(first["instrument"]), chain[0].values.get("start_date")
        approved = chain[0].values.get("approved_on")
        plan_alone = self.register.by_approval(instrument)
        if self.register.needs_approval(instrument):
            if not self.register.may(actor.role, "approved") or (plan_alone and approved is None):
                return
            yield Deed("approved", uuid4(), approved or start)
        reason = self._reason(chain[-1])
        if plan_alone:
            yield from self._given_up(chain[-1], reason)
        elif reason and reason.kind == "never_happened" and not reason.registered_in_error:
            yield Deed("cancelled", uuid4(), values={"reason": self.reason})
        elif (start and start <= actor.today) or self.register.may(actor.role, "approved"):
            yield from self._ran(chain, reason)

    def _given_up(self, line: Line, reason: EndReason | None) -> Iterator[Deed]:
        if reason and reason.registered_in_error:
            yield Deed("registered_in_error", uuid4(), values={"reason": self.reason})
        elif reason:
            yield Deed("ended", uuid4(), line.values.get("end_date"), {"end_reason": line.values["end_reason"]})

    def _ran(self, chain: Sequence[Line], reason: EndReason | None) -> Iterator[Deed]:
        """From the start over each interruption to the end."""
        for place, line in enumerate(chain):
            values, last = line.values, line is chain[-1]
            said = {"planned_end_date": values.get("planned_end_date"), "employer_id": self._employer(line)}
            said = {name: one for name, one in said.items() if one is not None}
            yield Deed("resumed" if place else "started", uuid4(), values["start_date"], said)
            if values.get("end_date") and not (last and reason and reason.kind == "never_happened"):
                kind = "interrupted" if not last or (reason and reason.kind == "interrupted") else "ended"
                why = {"end_reason": values["end_reason"]} if values.get("end_reason") else {}
                yield Deed(kind, uuid4(), values["end_date"], why)
        if reason and reason.registered_in_error:
            yield Deed("registered_in_error", uuid4(), values={"reason": self.reason})

    def _reason(self, line: Line) -> EndReason | None:
        return self.register.catalogue.end_reasons.get(line.values.get("end_reason") or "")

    def _employer(self, line: Line) -> int | None:
        return self.employers.get(line.values.get("employer_id") or "")

    def _agreed(self, line: Line) -> dict[str, Any]:
        """What the registration says: everything but how it went on."""
        left_out = {"action_id", "resumes", "end_date", "end_reason", "employer_name", "approved_on", "operation"}
        said = {name: value for name, value in line.values.items() if name not in left_out and value is not None}
        warned = sorted({one.code for one in line.findings if one.severity == "warn"})
        confirmed = {"confirmed": warned, "confirmed_reason": self.reason} if warned else {}
        keys = {"person_id": self.persons.get(line.values.get("person_id") or ""), "employer_id": self._employer(line)}
        return {**said, **confirmed, **{name: key for name, key in keys.items() if key is not None}}


def checked_employers(lines: Sequence[Line]) -> None:
    """Refuse each line whose enterprise number cannot be right."""
    for line in lines:
        typed = line.values.get("employer_id")
        if typed:
            number = enterprise_number(typed)
            line.values["employer_id"] = number
            if number is None:
                message = word("error.enterprise_number")
                line.findings.append(Finding("enterprise_number", message, "employer_id", severity="reject"))


def told_of(line: Line) -> list[Text]:
    """What is wrong with a line, each with its column."""
    return [word("list.finding", column=one.column or "–", message=one.message) for one in line.findings]
