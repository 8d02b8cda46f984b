"""What each intake rule says of one row, as one expression that is true for a row that breaks it (rule intake.warns).

What the row does not say is not held against it. Rules about all actions of a person are no part of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from uitstroom.catalogue.expressions import (
    All,
    Among,
    AnyOf,
    Column,
    Compare,
    Completed,
    Constant,
    DaysOn,
    Distance,
    Empty,
    Expression,
    First,
    Known,
    LastDay,
    Not,
)
from uitstroom.catalogue.schema import (
    AllowedFrame,
    Dated,
    Duration,
    EndReason,
    Requires,
    RuleEntry,
    StartWindow,
    TargetGroup,
    Version,
)

PLANNED_END_BEFORE_START = Compare(Column("planned_end_date"), "<", Column("start_date"))


def never_happened(reasons: Mapping[str, EndReason]) -> Expression:
    """The action never was: it was cancelled, or registered in error."""
    codes = tuple(code for code, reason in reasons.items() if reason.kind == "never_happened")
    return Known(Among(Column("end_reason"), codes))


def counted_day(version: Version) -> Column:
    """The day that makes an action of this version an entrant."""
    return Column("approved_on" if version.entrant == "approval" else "start_date")


def breach(version: Version, rule: RuleEntry, reasons: Mapping[str, EndReason]) -> Expression | None:
    """Whether a row of the version breaks the rule; None for a rule that no single row can break."""
    condition = _condition(version, rule)
    if condition is None:
        return None
    entrant = () if isinstance(rule, Requires) else (Empty(Column("resumes")),)
    return All((Not(never_happened(reasons)), *entrant, applies(version, rule), condition))


def applies(version: Version, rule: RuleEntry) -> Expression:
    """Whether the rule is about the row's variant: its own, or any that has no rule of the same kind of its own."""
    variant = Column("variant")
    if rule.variants:
        return Known(Among(variant, rule.variants))
    others = {code for other in version.rules if isinstance(other, type(rule)) for code in other.variants}
    return Not(Known(Among(variant, tuple(sorted(others))))) if others else Constant(True)


def outside_days(column: str, entries: Mapping[str, Dated], day: Expression) -> Expression:
    """The column holds a code that is not valid on that day."""
    dated = [(code, entry) for code, entry in entries.items() if entry.valid_from or entry.valid_until]
    return AnyOf(tuple(All((Among(Column(column), (code,)), _not_on(entry, day))) for code, entry in dated))


def _not_on(entry: Dated, day: Expression) -> Expression:
    bounds = [Compare(day, "<", Constant(entry.valid_from))] if entry.valid_from else []
    bounds += [Compare(day, ">", Constant(entry.valid_until))] if entry.valid_until else []
    return AnyOf(tuple(bounds))


def _condition(version: Version, rule: RuleEntry) -> Expression | None:
    start = counted_day(version)
    if isinstance(rule, Requires):
        return AnyOf(tuple(Empty(Column(name)) for name in rule.columns))
    if isinstance(rule, Duration):
        return AnyOf(tuple(_duration(version, rule)))
    if isinstance(rule, StartWindow):
        return AnyOf(tuple(_window(rule, start)))
    if isinstance(rule, AllowedFrame):
        return Not(Known(Among(Column("frame"), rule.frames)))
    return AnyOf(tuple(_target(rule, start))) if isinstance(rule, TargetGroup) else None


def planned_end(version: Version) -> Expression:
    """The last day that was planned, by date or by the approved number of days."""
    by_days = DaysOn(counted_day(version), Column("planned_days"))
    by_date = Column("planned_end_date")
    return First((by_days, by_date) if version.entrant == "approval" else (by_date, by_days))


def _duration(version: Version, rule: Duration) -> Iterator[Expression]:
    """The planned last day against the first and last day that the rule allows."""
    planned, start = planned_end(version), counted_day(version)
    if rule.minimum:
        yield Compare(planned, "<", LastDay(start, rule.minimum))
    if rule.maximum:
        yield Compare(planned, ">", LastDay(start, rule.maximum))


def _window(rule: StartWindow, start: Expression) -> Iterator[Expression]:
    distance = Distance(Column(rule.counted_from), start)
    if rule.first_day is not None:
        yield Compare(distance, "<", Constant(rule.first_day))
    if rule.last_day is not None:
        yield Compare(distance, ">", Constant(rule.last_day))


def _target(rule: TargetGroup, start: Expression) -> Iterator[Expression]:
    age = Completed("years", Column("birth_date"), start)
    if rule.column:
        yield Not(Among(Column(rule.column), rule.allowed))
    if rule.age_below is not None:
        yield Compare(age, ">=", Constant(rule.age_below))
    if rule.age_from is not None:
        yield Compare(age, "<", Constant(rule.age_from))
    if rule.unemployed_months is not None:
        months = Completed("months", Column("unemployed_since"), start)
        yield Compare(months, "<", Constant(rule.unemployed_months))
