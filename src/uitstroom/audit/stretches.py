"""Days as whole numbers, read from the codes of periods alone: a stretch is [first day, day after the last)."""

from __future__ import annotations

import datetime
import re

Stretch = tuple[int, int]
"""The ordinal of the first day and of the day after the last."""

_CODE = re.compile(r"(\d{4})(?:-(S[12]|Q[1-4]|(?:0[1-9]|1[0-2])(?:-(\d{2}))?))?", re.ASCII)
_LENGTH = {"S": 6, "Q": 3}


def stretch_of(code: str) -> Stretch:
    """The days of `2017`, `2017-S1`, `2017-Q3`, `2017-03`, `2017-03-31`, or of two of these with a slash between.

    Raises ValueError on anything else.
    """
    first, _, last = code.partition("/")
    begin, end = _stretch(first.strip())[0], _stretch((last or first).strip())[1]
    if begin >= end:
        raise ValueError(code)
    return begin, end


def ordinal(day: str) -> int:
    """The number of a day written as 2017-03-31."""
    return datetime.date.fromisoformat(day).toordinal()


def words_of(stretch: Stretch) -> str:
    """The shortest code of these days: `2017`, `2017-S2`, `2017-Q3`, `2017-03`, or two days with a slash between."""
    first, last = (datetime.date.fromordinal(day) for day in (stretch[0], stretch[1] - 1))
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months in (1, 3, 6, 12) and (first.month - 1) % months == 0:
        number = (first.month - 1) // months + 1
        code = f"{first.year}" + {12: "", 6: f"-S{number}", 3: f"-Q{number}", 1: f"-{number:02d}"}[months]
        if _stretch(code) == stretch:
            return code
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def _stretch(code: str) -> Stretch:
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(code)
    year, part = int(match[1]), match[2] or ""
    if match[3]:
        day = ordinal(code)
        return day, day + 1
    if part[:1] in _LENGTH:
        length = _LENGTH[part[0]]
        return _months(year, length * (int(part[1]) - 1), length)
    return _months(year, int(part) - 1, 1) if part else _months(year, 0, 12)


def _months(year: int, first: int, length: int) -> Stretch:
    ends = (datetime.date(year + month // 12, month % 12 + 1, 1).toordinal() for month in (first, first + length))
    begin, end = ends
    return begin, end
