"""Expressions over one row: the same condition as SQL for millions of rows and in Python for one.

A value that is not known is `None` (SQL: null) and spreads as SQL has it: a comparison with it is neither true nor
false. The engines' SQL and `of` are held against one another by a test.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from uitstroom.catalogue.intake_rules import Length
from uitstroom.periods import ONE_DAY, Day, add_months, completed_months, completed_years
from uitstroom.sql import day_literal, identifier, literal

Row = Mapping[str, Any]


class Expression(Protocol):
    """A value or a condition."""

    @property
    def sql(self) -> str:
        """Its text in SQL."""

    def of(self, row: Row) -> Any:
        """What it is for a row; None where that is not known."""


@dataclass(frozen=True)
class Column:
    """A column of the row; `text` where SQL must say it otherwise."""

    name: str
    text: str | None = None

    @property
    def sql(self) -> str:
        return self.text or identifier(self.name)

    def of(self, row: Row) -> Any:
        return row.get(self.name)


@dataclass(frozen=True)
class Constant:
    """A text, a whole number, a day, or true or false."""

    value: str | int | Day | bool

    @property
    def sql(self) -> str:
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, str):
            return literal(self.value)
        return day_literal(self.value) if isinstance(self.value, Day) else str(self.value)

    def of(self, row: Row) -> Any:  # noqa: ARG002
        return self.value


@dataclass(frozen=True)
class First:
    """The first of the values that is known."""

    values: tuple[Expression, ...]

    @property
    def sql(self) -> str:
        return f"coalesce({', '.join(value.sql for value in self.values)})"

    def of(self, row: Row) -> Any:
        return next((found for value in self.values if (found := value.of(row)) is not None), None)


@dataclass(frozen=True)
class DaysOn:
    """The last of `number` days of which `day` is the first."""

    day: Expression
    number: Expression

    @property
    def sql(self) -> str:
        return f"cast({self.day.sql} + {self.number.sql} - 1 as date)"

    def of(self, row: Row) -> Any:
        return _lifted(lambda day, number: day + (number - 1) * ONE_DAY, self.day.of(row), self.number.of(row))


@dataclass(frozen=True)
class LastDay:
    """The last day of a length that begins on `day`: three months from 1 April end on 30 June."""

    day: Expression
    length: Length

    @property
    def sql(self) -> str:
        if self.length.months is not None:
            return f"(cast({self.day.sql} + interval {self.length.months} month as date) - 1)"
        return f"({self.day.sql} + {self._days - 1})"

    @property
    def _days(self) -> int:
        return self.length.days if self.length.days is not None else 7 * (self.length.weeks or 0)

    def of(self, row: Row) -> Any:
        day = self.day.of(row)
        if day is None:
            return None
        if self.length.months is not None:
            return add_months(day, self.length.months) - ONE_DAY
        return day + (self._days - 1) * ONE_DAY


@dataclass(frozen=True)
class Distance:
    """The days from `since` to `day`; `since` itself is day 0."""

    since: Expression
    day: Expression

    @property
    def sql(self) -> str:
        return f"({self.day.sql} - {self.since.sql})"

    def of(self, row: Row) -> Any:
        return _lifted(lambda since, day: (day - since).days, self.since.of(row), self.day.of(row))


@dataclass(frozen=True)
class Completed:
    """Completed years or months from `since` to `day`, as `periods` counts them."""

    unit: Literal["years", "months"]
    since: Expression
    day: Expression

    @property
    def sql(self) -> str:
        day, since = self.day.sql, self.since.sql
        if self.unit == "months":
            months = f"(year({day}) - year({since})) * 12 + month({day}) - month({since})"
            return f"({months} - case when day({day}) < day({since}) then 1 else 0 end)"
        before = f"month({day}) * 100 + day({day}) < month({since}) * 100 + day({since})"
        return f"(year({day}) - year({since}) - case when {before} then 1 else 0 end)"

    def of(self, row: Row) -> Any:
        count = completed_years if self.unit == "years" else completed_months
        return _lifted(count, self.since.of(row), self.day.of(row))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Compare:
    """Whether `left` is less than, greater than, or at least `right`."""

    left: Expression
    sign: Literal["<", ">", ">="]
    right: Expression

    @property
    def sql(self) -> str:
        return f"({self.left.sql} {self.sign} {self.right.sql})"

    def of(self, row: Row) -> Any:
        return _lifted(_COMPARISONS[self.sign], self.left.of(row), self.right.of(row))


@dataclass(frozen=True)
class Among:
    """Whether the value is one of the codes."""

    value: Expression
    codes: tuple[str, ...]

    @property
    def sql(self) -> str:
        return f"({self.value.sql} in ({', '.join(Constant(code).sql for code in self.codes) or 'null'}))"

    def of(self, row: Row) -> Any:
        value = self.value.of(row)
        return None if value is None or not self.codes else value in self.codes


@dataclass(frozen=True)
class Empty:
    """Whether the value is not known."""

    value: Expression

    @property
    def sql(self) -> str:
        return f"({self.value.sql} is null)"

    def of(self, row: Row) -> Any:
        return self.value.of(row) is None


@dataclass(frozen=True)
class Not:
    """The contrary."""

    part: Expression

    @property
    def sql(self) -> str:
        return f"(not {self.part.sql})"

    def of(self, row: Row) -> Any:
        return _lifted(operator.not_, self.part.of(row))


@dataclass(frozen=True)
class All:
    """Whether every part holds; of no parts it holds."""

    parts: tuple[Expression, ...]

    @property
    def sql(self) -> str:
        return f"({' and '.join(part.sql for part in self.parts) or 'true'})"

    def of(self, row: Row) -> Any:
        found = [part.of(row) for part in self.parts]
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class AnyOf:
    """Whether one of the parts holds; of no parts none does."""

    parts: tuple[Expression, ...]

    @property
    def sql(self) -> str:
        return f"({' or '.join(part.sql for part in self.parts) or 'false'})"

    def of(self, row: Row) -> Any:
        found = [part.of(row) for part in self.parts]
        return True if True in found else None if None in found else False


@dataclass(frozen=True)
class Known:
    """Whether the part is known to hold: false where it is not known."""

    part: Expression

    @property
    def sql(self) -> str:
        return f"coalesce({self.part.sql}, false)"

    def of(self, row: Row) -> Any:
        return self.part.of(row) is True


def _lifted(function: Callable[..., Any], *values: Any) -> Any:
    """The function of values that are all known."""
    return None if any(value is None for value in values) else function(*values)
