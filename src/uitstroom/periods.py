"""Days, periods and horizons. Every interval of days is closed on both sides."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

from uitstroom.errors import UsageError
from uitstroom.text import Text, long_month, say, short_month

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)


def add_months(day: Day, months: int) -> Day:
    """The same day `months` later, clipped to the month's end: 30 November + 3 is 28 February (rule periods.clip)."""
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
        return _named(self.code) or _STRETCH.format(first=self.first, last=self.last)

    @property
    def short_name(self) -> Text:
        """`1e helft 2017` / `H1 2017`: the name for the head of a column."""
        return _short(self.code) or self._short_stretch()

    def _short_stretch(self) -> Text:
        if self.first.day == 1 and (self.last + ONE_DAY).day == 1:
            return _SHORT_STRETCH.format(first=_short_month(self.first), last=_short_month(self.last))
        return self.name

    @property
    def adverb(self) -> Text:
        """`in de eerste jaarhelft van 2017` / `in the first half of 2017`: the period as a part of a sentence."""
        return _said(self.code) or self._stretch_adverb()

    def _stretch_adverb(self) -> Text:
        if self.first.day == 1 and (self.last + ONE_DAY).day == 1:
            first, last = (_month_name(day) for day in (self.first, self.last))
            return _FROM_TO.format(first=first, last=last)
        if self.first == self.last:
            return _ON.format(day=self.first)
        return _FROM_TO.format(first=self.first, last=self.last)

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


_FORMS = re.compile(r"(\d{4})(?:-(?:S([12])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?", re.ASCII)


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
        return _HALVES[int(half)].format(year=year)
    if quarter:
        return _QUARTER.format(which=_ORDINALS[int(quarter)], year=year)
    if month:
        return _month_name(Day(int(year), int(month), 1))
    return Text.verbatim(year)


def _short(code: str) -> Text | None:
    match = _FORMS.fullmatch(code)
    if not match or match.group(5):
        return None
    year, half, quarter, month, _ = match.groups()
    if half:
        return _SHORT_HALF.format(which=half, year=year)
    if quarter:
        return _SHORT_QUARTER.format(which=quarter, year=year)
    return _short_month(Day(int(year), int(month), 1)) if month else Text.verbatim(year)


def _short_month(day: Day) -> Text:
    return Text.by_language(lambda language: short_month(day, language))


def _month_name(day: Day) -> Text:
    return Text.by_language(lambda language: long_month(day, language))


def _said(code: str) -> Text | None:
    """A named period with the words that a sentence needs around it."""
    match = _FORMS.fullmatch(code)
    if not match or match.group(5):
        return None
    year, half, quarter, _, _ = match.groups()
    if half:
        return _IN_HALF.format(which=_ORDINALS[int(half)], year=year)
    if quarter:
        return _IN_QUARTER.format(which=_ORDINALS[int(quarter)], year=year)
    return _IN.format(period=_named(code))


_HALVES = {
    1: Text(nl="eerste jaarhelft {year}", en="first half of {year}"),
    2: Text(nl="tweede jaarhelft {year}", en="second half of {year}"),
}
_STRETCH = Text(nl="{first} tot en met {last}", en="{first} to {last}")
_FROM_TO = Text(nl="van {first} tot en met {last}", en="from {first} to {last}")
_ON = Text(nl="op {day}", en="on {day}")
_IN = Text(nl="in {period}", en="in {period}")
_IN_HALF = Text(nl="in de {which} jaarhelft van {year}", en="in the {which} half of {year}")
_SHORT_HALF = Text(nl="{which}e helft {year}", en="H{which} {year}")
_SHORT_QUARTER = Text(nl="{which}e kwartaal {year}", en="Q{which} {year}")
_SHORT_STRETCH = Text(nl="{first} – {last}", en="{first} – {last}")
_IN_QUARTER = Text(nl="in het {which} kwartaal van {year}", en="in the {which} quarter of {year}")
_QUARTER = Text(nl="{which} kwartaal {year}", en="{which} quarter of {year}")
_ORDINALS = {
    1: Text(nl="eerste", en="first"),
    2: Text(nl="tweede", en="second"),
    3: Text(nl="derde", en="third"),
    4: Text(nl="vierde", en="fourth"),
}


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
        """The day on which an anchor is looked at (rule periods.clip)."""
        if self.on is not None:
            return self.on
        if self.months is not None:
            return add_months(anchor, self.months)
        return anchor + datetime.timedelta(days=self.days or 0)

    @property
    def name(self) -> Text:
        """`na 3 maanden` / `after 3 months`, or `op 31 december 2016`."""
        if self.on is not None:
            return Text(nl="op {day}", en="on {day}").format(day=self.on)
        return Text(nl="na {length}", en="after {length}").format(length=self.length)

    @property
    def length(self) -> Text:
        """`3 maanden` / `3 months`, or the fixed day."""
        if self.on is not None:
            return Text.by_language(lambda language: say(self.on, language))
        number, words = (self.days or 0, _DAYS) if self.months is None else (self.months, _MONTHS)
        return words[number != 1].format(number=str(number))


_MONTHS = (Text(nl="{number} maand", en="{number} month"), Text(nl="{number} maanden", en="{number} months"))
_DAYS = (Text(nl="{number} dag", en="{number} day"), Text(nl="{number} dagen", en="{number} days"))
