"""Days as whole numbers in arrays: 0 is no day, 1 is 1 January 1900."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from uitstroom.periods import Day, Horizon

Numbers = npt.NDArray[np.integer[Any]]
Marks = npt.NDArray[np.bool_]
NO_DAY = 0
SPAN = 1 << 16
"""More than the number of any day: `person * SPAN + day` puts a person's days in order."""
_ORIGIN = np.datetime64("1899-12-31", "D")
_LAST = Day(2060, 12, 31)


def number(day: Day) -> int:
    """The number of a day."""
    return int((np.datetime64(day, "D") - _ORIGIN).astype(np.int64))


def texts() -> npt.NDArray[Any]:
    """The ISO text of every day by its number; that of no day is empty."""
    days = _ORIGIN + np.arange(number(_LAST) + 1)
    written = np.datetime_as_string(days).astype(object)
    written[NO_DAY] = ""
    return written


def add_months(days: Numbers, months: int | Numbers) -> Numbers:
    """The same days `months` later, clipped to the month's end as `periods.add_months` does."""
    dates = _ORIGIN + days
    month = dates.astype("datetime64[M]")
    target = month + months
    longest = (target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")
    passed = np.minimum(dates - month.astype("datetime64[D]"), longest - 1)
    return np.asarray((target.astype("datetime64[D]") + passed - _ORIGIN).astype(np.int64))


def due_days(anchors: Numbers, horizon: Horizon) -> Numbers:
    """The due day of each anchor, as `Horizon.due_day`."""
    if horizon.on is not None:
        return np.full_like(anchors, number(horizon.on))
    if horizon.months is not None:
        return add_months(anchors, horizon.months)
    return anchors + (horizon.days or 0)


def working_days(first: Day, last: Day) -> Numbers:
    """The days from Monday to Friday in a stretch, each Monday as often as the other days together: most actions
    start on a Monday."""
    days = np.arange(number(first), number(last) + 1)
    weekday = (days - number(Day(2018, 1, 1))) % 7
    return np.concatenate([np.repeat(days[weekday == 0], 4), days[(weekday > 0) & (weekday < 5)]])
