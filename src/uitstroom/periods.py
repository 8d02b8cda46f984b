"""Days, periods and horizons. Every interval of days is closed on both sides."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

from uitstroom.errors import UsageError
from uitstroom.text import Text, long_day

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)


def add_months(day: Day, months: int) -> Day:
    """The same day `months` later, clipped to the month's end: 30 November + 3 is 28 February (semantics, 6)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def completed_years(birth: Day, day: Day) -> int:
    """Age in completed years; who was born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def completed_months(since: Day, day: Day) -> int:
    """Whole months from `since` to `day`, negative when `day` comes first."""
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)


@total_ordering
@dataclass(frozen=True)
class Period:
    """A stretch of days, both included, under the name it was asked by (`2017-S1`)."""

    first: Day
    last: Day
    code: str

    def __contains__(self, day: Day) -> bool:
        return self.first <= day <= self.last

    def __lt__(self, other: Period) -> bool:
        return (self.first, self.last) < (other.first, other.last)

    @property
    def name(self) -> Text:
        """`eerste jaarhelft 2017` / `first half of 2017`; days in full where a period has no name of its own."""
        return _named(self.code) or Text(
            f"{long_day(self.first, 'nl')} tot en met {long_day(self.last, 'nl')}",
            f"{long_day(self.first, 'en')} to {long_day(self.last, 'en')}",
        )

    @classmethod
    def parse(cls, code: str) -> Period:
        """A year `2017`, half `2017-S1`, quarter `2017-Q3`, month `2017-03`, a stretch `2016-07/2017-06` of months,
        or `2017-01-15/2017-02-14` of days.

        Raises `UsageError` on anything else, naming these forms.
        """
        first, slash, last = code.partition("/")
        try:
            start, end = _stretch(first), _stretch(last if slash else first)
            if start[0] > end[1] or (slash and ("S" in code or "Q" in code)):
                raise ValueError(code)
        except ValueError:
            raise UsageError(
                "this is not a period",
                where=f"period {code!r}",
                todo="write 2017, 2017-S1 (half year), 2017-Q3 (quarter), 2017-03 (month), 2016-07/2017-06 "
                "or 2017-01-15/2017-02-14",
            ) from None
        return cls(start[0], end[1], code)


_FORMS = re.compile(r"(\d{4})(?:-(?:S([12])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


def _stretch(code: str) -> tuple[Day, Day]:
    match = _FORMS.fullmatch(code)
    if not match:
        raise ValueError(code)
    year, half, quarter, month, day = (int(part) if part else 0 for part in match.groups())
    if day:
        return Day(year, month, day), Day(year, month, day)
    if half:
        return _months(year, 6 * half - 5, 6)
    if quarter:
        return _months(year, 3 * quarter - 2, 3)
    return _months(year, month, 1) if match.group(4) else _months(year, 1, 12)


def _months(year: int, month: int, count: int) -> tuple[Day, Day]:
    first = Day(year, month, 1)
    return first, add_months(first, count) - ONE_DAY


def _named(code: str) -> Text | None:
    match = _FORMS.fullmatch(code)
    if not match or match.group(5):
        return None
    year, half, quarter, month, _ = match.groups()
    if half:
        return Text(*(f"{word} {year}" for word in _HALVES[int(half)]))
    if quarter:
        return Text(f"{_ORDINALS[int(quarter)][0]} kwartaal {year}", f"{_ORDINALS[int(quarter)][1]} quarter of {year}")
    if month:
        return Text(*(long_day(Day(int(year), int(month), 1), key)[2:] for key in ("nl", "en")))
    return Text(year, year)


_HALVES = {1: ("eerste jaarhelft", "first half of"), 2: ("tweede jaarhelft", "second half of")}
_ORDINALS = {1: ("eerste", "first"), 2: ("tweede", "second"), 3: ("derde", "third"), 4: ("vierde", "fourth")}


@dataclass(frozen=True)
class Horizon:
    """How long after the anchor one looks: exactly one of `months`, `days` or the fixed day `on` is given."""

    months: int | None = None
    days: int | None = None
    on: Day | None = None

    def __post_init__(self) -> None:
        given = [part for part in (self.months, self.days, self.on) if part is not None]
        if len(given) != 1 or (isinstance(given[0], int) and given[0] < 0):
            raise ValueError("a horizon is one of: months, days (0 or more), or a fixed day `on`")

    def due_day(self, anchor: Day) -> Day:
        """The day on which an anchor is looked at (semantics, 6)."""
        if self.on is not None:
            return self.on
        if self.months is not None:
            return add_months(anchor, self.months)
        return anchor + datetime.timedelta(days=self.days or 0)

    @property
    def name(self) -> Text:
        """`na 3 maanden` / `after 3 months`, or `op 31 december 2016`."""
        if self.on is not None:
            return Text(f"op {long_day(self.on, 'nl')}", f"on {long_day(self.on, 'en')}")
        return Text(f"na {self.length.nl}", f"after {self.length.en}")

    @property
    def length(self) -> Text:
        """`3 maanden` / `3 months`, or the fixed day."""
        if self.on is not None:
            return Text(long_day(self.on, "nl"), long_day(self.on, "en"))
        number, words = (self.days or 0, _DAYS) if self.months is None else (self.months, _MONTHS)
        return Text(*(f"{number} {_plural(number, singular, plural)}" for singular, plural in words))


_MONTHS = (("maand", "maanden"), ("month", "months"))
_DAYS = (("dag", "dagen"), ("day", "days"))


def _plural(number: int, singular: str, plural: str) -> str:
    return singular if number == 1 else plural
