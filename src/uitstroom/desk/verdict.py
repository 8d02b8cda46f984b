"""What the rules say of an action: the verdict of the intake, and what only the desk can know (rule intake.warns).

At the desk a structural fault refuses, like in a delivery it quarantines; a legal rule warns or refuses as the
catalogue says, and a warning is confirmed with a reason that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from uitstroom.catalogue.conditions import PLANNED_END_BEFORE_START, applies, breach, counted_day, outside_days
from uitstroom.catalogue.expressions import Column as Held
from uitstroom.catalogue.expressions import Expression, First
from uitstroom.catalogue.intake_rules import Rule
from uitstroom.catalogue.schema import Dated, Documented, Instrument, MaximumPerPerson, Requires, RuleEntry, Version
from uitstroom.desk.register import Register
from uitstroom.desk.words import word
from uitstroom.periods import Day
from uitstroom.registers.checks import FAULTS, FIRST_DAY, LAST_DAY
from uitstroom.registers.columns import columns, is_characteristic
from uitstroom.registers.rules import NO_TRAJECTORY, NOT_VALID, OUTSIDE, PLANNED_END
from uitstroom.text import Text

Row = Mapping[str, Any]
_RULE: TypeAdapter[RuleEntry] = TypeAdapter(Rule)


@dataclass(frozen=True)
class Finding:
    """A rule that an action breaks: in which column, by which source, and whether it refuses."""

    code: str
    message: Text
    column: str | None = None
    source: str | None = None
    severity: Literal["warn", "reject"] = "warn"


@dataclass(frozen=True)
class Elsewhere:
    """Another action of the same person and form, of any office."""

    start: Day | None
    end: Day | None
    employer: int | None


def judged(register: Register, row: Row, course: Sequence[Elsewhere] = ()) -> list[Finding]:
    """Everything that is wrong with an action, faults first."""
    faults = list(structural(register, row))
    return faults or list(legal(register, row, course))


def version_of(register: Register, row: Row) -> Version | None:
    """The version that applies to a row; None where the row does not say on which day it counts."""
    instrument = register.catalogue.instruments.get(str(row.get("instrument")))
    day = _counted(instrument, row) if instrument else None
    return instrument.nearest_version(day) if instrument and day else None


def _counted(instrument: Instrument, row: Row) -> Day | None:
    day: Day | None = row.get(counted_day(instrument.versions[0]).name)
    return day


def structural(register: Register, row: Row) -> Iterator[Finding]:
    """What a delivery would be quarantined for."""
    instrument = register.catalogue.instruments.get(str(row.get("instrument")))
    if instrument is None:
        yield _fault("instrument", "unknown_code" if row.get("instrument") else "missing")
        return
    version = version_of(register, row)
    counted = counted_day(instrument.versions[0]).name
    if version is None:
        yield _fault(counted, "missing")
    recorded = {name: value for name, value in row.items() if version is None or records(version, name)}
    yield from _days(register, recorded)
    yield from _codes(register, instrument, recorded)
    yield from _ends(register, recorded, ends_known=version is not None and records(version, "end_date"))


def records(version: Version, column: str) -> bool:
    """Whether a version records a column of actions."""
    if column in ("action_id", "instrument", "variant", "linked", "resumes"):
        return True
    return version.characteristics if is_characteristic(column) else column in version.records


def _fault(column: str, rule: str) -> Finding:
    return Finding(rule, FAULTS[rule], column, severity="reject")


def _days(register: Register, row: Row) -> Iterator[Finding]:
    first, last = Day.fromisoformat(FIRST_DAY), Day.fromisoformat(LAST_DAY)
    for column in columns("action", register.catalogue):
        value = row.get(column.name)
        if column.type == "day" and value is not None and not first <= value <= last:
            yield _fault(column.name, "impossible_day")
        if column.type == "whole" and value is not None and value < 0:
            yield _fault(column.name, "negative")


def _codes(register: Register, instrument: Instrument, row: Row) -> Iterator[Finding]:
    catalogue = register.catalogue
    allowed: dict[str, Iterable[str]] = {
        "variant": [variant.code for variant in instrument.variants], "end_reason": catalogue.end_reasons,
    }  # fmt: skip
    if catalogue.frames:
        allowed["frame"] = catalogue.frames
    for column, codes in allowed.items():
        if row.get(column) is not None and row[column] not in codes:
            yield _fault(column, "unknown_code")
    for dimension in catalogue.dimensions.values():
        value = row.get(dimension.column or "")
        if dimension.kind != "code" or value is None or dimension.column in allowed:
            continue
        listed = {entry.code for entry in dimension.codes}
        fits = dimension.open and (not dimension.pattern or re.fullmatch(dimension.pattern, str(value)))
        if listed and value not in listed and not fits:
            yield _fault(str(dimension.column), "unknown_code")


def _ends(register: Register, row: Row, *, ends_known: bool) -> Iterator[Finding]:
    reason = register.catalogue.end_reasons.get(str(row.get("end_reason")))
    if reason and reason.kind == "never_happened":
        return
    start, end = row.get("start_date"), row.get("end_date")
    if start and end and end < start:
        yield _fault("end_date", "end_before_start")
    if row.get("end_reason") and end is None and ends_known:
        yield _fault("end_date", "reason_without_end")


def legal(register: Register, row: Row, course: Sequence[Elsewhere] = ()) -> Iterator[Finding]:
    """The rules of the catalogue that the row breaks, those checked too that a delivery can only document."""
    version = version_of(register, row)
    if version is None:
        return
    kept = {name: value for name, value in row.items() if _asked(register, name) or records(version, name)}
    happened = not _never(register, row)
    instrument = register.catalogue.instrument(str(row["instrument"]))
    day = _counted(instrument, row)
    if day and not version.valid_on(day):
        yield Finding("outside_versions", OUTSIDE, counted_day(version).name)
    if happened and kept.get("trajectory_id") is None and of_trajectories(register, version):
        yield Finding("no_trajectory", NO_TRAJECTORY, "trajectory_id")
    if happened and PLANNED_END_BEFORE_START.of(kept):
        yield Finding("planned_end_before_start", PLANNED_END, "planned_end_date", severity="reject")
    yield from _outside(register, version, kept)
    for rule in version.rules:
        yield from _breaches(register, version, rule, kept, course)


def _asked(register: Register, name: str) -> bool:
    return any(one.column == name for one in register.asked)


def _never(register: Register, row: Row) -> bool:
    reason = register.catalogue.end_reasons.get(str(row.get("end_reason")))
    return reason is not None and reason.kind == "never_happened"


def of_trajectories(register: Register, version: Version) -> bool:
    """Whether the version records trajectories and its outflow is that of trajectories."""
    definitions = register.catalogue.indicators.outflow.get(str(version.outflow), ())
    return records(version, "trajectory_id") and any(one.unit == "trajectory" for one in definitions)


def _outside(register: Register, version: Version, row: Row) -> Iterator[Finding]:
    """Codes that are not valid on the day of the row."""
    catalogue, day = register.catalogue, counted_day(version)
    variants = {variant.code: variant for one in catalogue.instruments.values() for variant in one.variants}
    dated: list[tuple[str, Mapping[str, Dated], Expression]] = [
        ("end_reason", catalogue.end_reasons, First((Held("end_date"), Held("start_date")))),
        ("frame", catalogue.frames, day),
        ("variant", variants, day),
    ]
    for column, entries, on in dated:
        if outside_days(column, entries, on).of(row):
            yield Finding(f"not_valid:{column}", NOT_VALID, column)


def _breaches(
    register: Register, version: Version, rule: RuleEntry, row: Row, course: Sequence[Elsewhere]
) -> Iterator[Finding]:
    checked = checkable(register, rule)
    if isinstance(checked, MaximumPerPerson):
        if _over_maximum(version, checked, row, course, never=_never(register, row)):
            yield _finding(register, rule, checked)
        return
    condition = breach(version, checked, register.catalogue.end_reasons)
    if condition is not None and condition.of(row):
        yield _finding(register, rule, checked)


def checkable(register: Register, rule: RuleEntry) -> RuleEntry:
    """The rule itself, or, of a documented one that the desk can check, the one that says the same."""
    check = register.checks.get(rule.code)
    if not isinstance(rule, Documented) or check is None:
        return rule
    said = {"message": rule.message, "source": rule.source, "stated": rule.stated, "severity": rule.severity}
    return _RULE.validate_python({**said, "variants": rule.variants, **check})


def _over_maximum(
    version: Version, rule: MaximumPerPerson, row: Row, course: Sequence[Elsewhere], *, never: bool
) -> bool:
    """Whether those of the person that start earlier, or on the same day, are as many as the rule allows."""
    if never or row.get("person_id") is None or row.get("resumes") or not applies(version, rule).of(row):
        return False
    start = row.get("start_date")
    earlier = [
        one for one in course
        if (one.start is None or start is None or one.start <= start)
        and (not rule.per_employer or one.employer == row.get("employer_id"))
    ]  # fmt: skip
    return len(earlier) >= rule.actions


def _finding(register: Register, rule: RuleEntry, checked: RuleEntry) -> Finding:
    source = register.catalogue.sources[rule.source].title
    return Finding(rule.code, rule.message, _column(checked), source, rule.severity)


def _column(rule: RuleEntry) -> str | None:
    """The column that a reader would change."""
    if isinstance(rule, Requires):
        return rule.columns[0]
    named = getattr(rule, "column", None) or getattr(rule, "counted_from", None)
    by_kind = {"duration": "planned_end_date", "allowed_frame": "frame", "maximum_per_person": "start_date"}
    return named or by_kind.get(str(getattr(rule, "kind", "")), "start_date")


def overlaps(row: Row, course: Sequence[Elsewhere]) -> Iterator[Finding]:
    """Another action of the same form on the same days: perhaps this one."""
    start = row.get("start_date")
    last = row.get("end_date") or row.get("planned_end_date") or Day.max
    for one in course:
        if start and one.start and one.start <= last and start <= (one.end or Day.max):
            yield Finding("possible_duplicate", word("rule.possible_duplicate", day=one.start), "start_date")
            return
