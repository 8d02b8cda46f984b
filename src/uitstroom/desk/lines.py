"""The lines of a form: which columns an act asks for, no more than the version of the form records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from uitstroom.catalogue.schema import Instrument, Version
from uitstroom.desk.life import Life
from uitstroom.desk.register import Asked, Register
from uitstroom.desk.verdict import records
from uitstroom.desk.words import word, words
from uitstroom.periods import Day
from uitstroom.registers.columns import columns, is_characteristic
from uitstroom.text import Text

Kind = Literal["day", "whole", "text", "choice", "long_text", "yes_no"]
YES_NO = (("yes", Text(nl="ja", en="yes")), ("no", Text(nl="nee", en="no")))


@dataclass(frozen=True)
class Line:
    """One field: its column, label, kind, the codes to choose from, and whether it must be filled in."""

    column: str
    label: Text
    kind: Kind
    choices: tuple[tuple[str, Text], ...] = ()
    required: bool = False
    hint: Text | None = None
    group: str = "agreement"


REASON = Line("reason", word("field.reason"), "long_text", required=True, hint=word("hint.reason"), group="act")


def lines_of(register: Register, kind: str, instrument: str, day: Day, life: Life) -> tuple[Line, ...]:
    """What an act of that kind asks, of a form as it is on that day."""
    entry = register.catalogue.instrument(instrument)
    version = entry.nearest_version(day)
    if kind in ("proposed", "registered"):
        return (*_agreement(register, entry, version, day), *_characteristics(register, version),
                *_asked(register, instrument), _remark())  # fmt: skip
    if kind == "corrected":
        agreed = [line for line in _agreement(register, entry, version, day) if not _of_days(line, life)]
        return (*agreed, *_parts(register, life), *_characteristics(register, version),
                *_asked(register, instrument), REASON)  # fmt: skip
    return tuple(_of_act(register, kind, version, life))


def _of_days(line: Line, life: Life) -> bool:
    """Whether the days of the parts say it already."""
    return bool(life.parts) and line.column in ("start_date", "planned_end_date")


def _of_act(register: Register, kind: str, version: Version, life: Life) -> Iterator[Line]:
    """What an act asks on an action that is there already."""
    plan_alone = version.entrant == "approval"
    if kind in ("approved", "started", "interrupted", "resumed") or (kind == "ended" and not plan_alone):
        yield Line("on", word(f"on.{kind}"), "day", required=True, hint=word(f"hint.on_{kind}"), group="act")
    if kind == "approved" and plan_alone:
        yield Line("planned_days", word("field.planned_days"), "whole", required=True, group="act")
    if kind in ("started", "resumed"):
        yield Line("planned_end_date", word("field.planned_end_date"), "day", group="act")
    if kind in ("interrupted", "ended"):
        yield Line("end_reason", word("field.end_reason"), "choice", _reasons(register, kind, life, plan_alone),
                   required=True, group="act")  # fmt: skip
    if kind in ("refused", "cancelled", "registered_in_error"):
        yield REASON
    else:
        yield _remark()


def _remark() -> Line:
    return Line("remark", word("field.remark"), "long_text", hint=word("hint.remark"), group="act")


def _reasons(register: Register, kind: str, life: Life, plan_alone: bool) -> tuple[tuple[str, Text], ...]:
    wanted = ("interrupted",) if kind == "interrupted" else ("completed", "stopped")
    day = life.start or life.values.get("approved_on")
    return tuple(
        (code, reason.name)
        for code, reason in register.catalogue.end_reasons.items()
        if reason.kind in wanted and (day is None or not reason.valid_until or day <= reason.valid_until)
        and (code == "withdrawn") == plan_alone
    )  # fmt: skip


def _agreement(register: Register, entry: Instrument, version: Version, day: Day) -> Iterator[Line]:
    variants = tuple((one.code, one.name) for one in entry.variants if one.valid_on(day))
    if variants:
        yield Line("variant", word("field.variant"), "choice", variants)
    if records(version, "employer_id"):
        yield Line("employer", word("field.employer"), "text", hint=word("hint.employer"))
        yield Line("employer_name", word("field.employer_name"), "text", hint=word("hint.employer_name"))
    if records(version, "trajectory_id"):
        yield Line("trajectory_id", word("field.trajectory_id"), "text", hint=word("hint.trajectory_id"))
    if records(version, "frame"):
        frames = tuple((code, one.name) for code, one in register.catalogue.frames.items())
        yield Line("frame", word("field.frame"), "choice", frames)
    if version.entrant == "approval":
        yield Line("planned_days", word("field.planned_days"), "whole", required=True)
    else:
        yield Line("start_date", word("field.start_date"), "day", required=True, hint=word("hint.start_date"))
        yield Line("planned_end_date", word("field.planned_end_date"), "day", hint=word("hint.planned_end_date"))


def _characteristics(register: Register, version: Version) -> Iterator[Line]:
    if not version.characteristics:
        return
    catalogue = register.catalogue
    dimensions = {
        one.column: one for one in catalogue.dimensions.values() if one.kind in ("code", "band") and one.column
    }
    for column in columns("action", catalogue):
        dimension = dimensions.get(column.name)
        if not is_characteristic(column.name):
            continue
        label = words().get(f"field.{column.name}") or _capital(dimension.name if dimension else column.meaning)
        if column.type == "day":
            yield Line(column.name, label, "day", group="person")
        elif dimension and dimension.codes and not dimension.open:
            listed = tuple((one.code, one.name) for one in dimension.codes)
            yield Line(column.name, label, "choice", listed, group="person")
        else:
            hint = word("hint.municipality") if dimension and dimension.open else None
            yield Line(column.name, label, "text", hint=hint, group="person")


def _capital(text: Text) -> Text:
    return Text({language: said[:1].upper() + said[1:] for language, said in text.items()})


def _asked(register: Register, instrument: str) -> Iterator[Line]:
    for one in register.asked_of(instrument):
        yield _line_of(one)


def _line_of(asked: Asked) -> Line:
    choices = YES_NO if asked.type == "yes_no" else ()
    return Line(asked.column, asked.label, "choice" if choices else asked.type, choices, group="checks")


def _parts(register: Register, life: Life) -> Iterator[Line]:
    """The days of each part of an action, to be corrected."""
    reasons = tuple((code, one.name) for code, one in register.catalogue.end_reasons.items()
                    if one.kind != "never_happened")  # fmt: skip
    for place in range(1, len(life.parts) + 1):
        yield Line(f"part_{place}_start", word("part.start", place=place), "day", required=True, group="parts")
        yield Line(f"part_{place}_planned_end", word("part.planned_end", place=place), "day", group="parts")
        yield Line(f"part_{place}_end", word("part.end", place=place), "day", group="parts")
        yield Line(f"part_{place}_end_reason", word("part.end_reason", place=place), "choice", reasons, group="parts")


def shown_value(line: Line, value: Any) -> Text:
    """A value of a line as people read it."""
    if value is None or value == "":
        return word("field.empty")
    for code, name in line.choices:
        if code == value:
            return name
    return Text(nl="{value}", en="{value}").format(value=value)
