"""Differences of numbers that are a question themselves: the days between printed days, and the rest of a set of forms.

The days on which the printed numbers of one series begin or end are points, each number is a line between two. In each
set of points that lines join, the days between two neighbours, less what other such sets cover within them, are a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from uitstroom.audit.codelists import Codes
from uitstroom.audit.sheet import PrintedNumber, Topic
from uitstroom.audit.stretches import Stretch

Heights = dict[int, int] | None
Series = tuple[Topic, frozenset[str], Codes]
Values = Mapping[Stretch, int | None]
"""The days of each number of a series, and its true value where that is known."""


@dataclass(frozen=True)
class Gap:
    """The `days`, of which `without` are taken out: no number is printed of it. `true` where it is known."""

    series: Series
    days: Stretch
    without: tuple[Stretch, ...]
    true: int | None


def gaps(numbers: Iterable[PrintedNumber]) -> Iterator[Gap]:
    """Every difference in time, of series that add up."""
    series: dict[Series, dict[Stretch, int | None]] = defaultdict(dict)
    for number in numbers:
        spot = number.spot
        if spot.topic.adds and spot.topic.root[2:3] != ("running",):
            true = number.value if number.value is not None else number.true
            series[spot.topic, spot.forms, spot.codes][spot.days] = true
    for key, printed in series.items():
        if len(printed) > 1:
            yield from _of_series(key, printed)


def _of_series(series: Series, printed: Values) -> Iterator[Gap]:
    parts = _joined(printed)
    heights = [_heights(points, printed) for points in parts]
    spans = [(min(points), max(points)) for points in parts]
    for number, points in enumerate(parts):
        for days in pairwise(sorted(points)):
            for inside in _taken_out(number, days, spans):
                without = tuple(spans[other] for other in inside)
                if without or days not in printed:
                    rest = [(heights[other], spans[other]) for other in inside]
                    yield Gap(series, days, without, _true(heights[number], days, rest))


def _taken_out(number: int, days: Stretch, spans: list[Stretch]) -> list[list[int]]:
    """The sets of points within some days and not within each other; of those that overlap the first or the last."""
    inside = [
        other for other, span in enumerate(spans) if other != number and _within(span, days) and span != days
    ]  # fmt: skip
    outer = [one for one in inside if not any(_within(spans[one], spans[two]) for two in inside if two != one)]
    ways = [_apart(sorted(outer, key=lambda one: spans[one]), spans)]
    last = sorted(_apart(sorted(outer, key=lambda one: spans[one][1], reverse=True), spans), key=lambda one: spans[one])
    return ways if last == ways[0] else [*ways, last]


def _apart(ordered: list[int], spans: list[Stretch]) -> list[int]:
    """One after the other, those that share no day with one before."""
    kept: list[int] = []
    for one in ordered:
        if all(spans[one][1] <= spans[two][0] or spans[two][1] <= spans[one][0] for two in kept):
            kept.append(one)
    return kept


def _joined(printed: Iterable[Stretch]) -> list[set[int]]:
    """The points that lines join, set by set."""
    parts: list[set[int]] = []
    for days in printed:
        touched = [part for part in parts if part & set(days)]
        parts = [part for part in parts if part not in touched] + [set(days).union(*touched)]
    return parts


def _within(one: Stretch, other: Stretch) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _heights(points: set[int], printed: Values) -> Heights:
    """How much was counted before each point, from the first on; None where a number is not known."""
    lines = [(days, value) for days, value in printed.items() if days[0] in points]
    if any(value is None for _, value in lines):
        return None
    heights, waiting = {min(points): 0}, lines
    while waiting:
        rest = []
        for (first, end), value in waiting:
            if first in heights:
                heights[end] = heights[first] + (value or 0)
            elif end in heights:
                heights[first] = heights[end] - (value or 0)
            else:
                rest.append(((first, end), value))
        waiting = rest
    return heights


def _true(heights: Heights, days: Stretch, inside: Iterable[tuple[Heights, Stretch]]) -> int | None:
    if heights is None:
        return None
    value = heights[days[1]] - heights[days[0]]
    for part, (first, end) in inside:
        if part is None:
            return None
        value -= part[end] - part[first]
    return value
