"""The days of one line of flows: where its numbers cut them, and what lies between two cuts.

A number of an interval of days is a step between two points. Where steps connect points, every stretch between them can
be computed by whoever has the numbers; stretches that no step reaches stay unknown. Days are ordinals; a stretch ends
before its second day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

Stretch = tuple[int, int]
ZERO = -1
"""Stands for a cell that is 0 for everybody: a row that was left out."""
NewCell = Callable[[Stretch, "int | None", bool], int]
"""Makes a cell for a stretch: its value (None: unknown), and whether it is a difference to protect."""


@dataclass(frozen=True)
class Cut:
    """A line cut at its points: the cell between each two points that follow each other, None where none reaches.

    `whole` holds the cells of longer stretches; a cut is `loose` where it falls apart into parts that no step joins.
    """

    points: tuple[int, ...]
    gaps: tuple[int | None, ...]
    whole: Mapping[Stretch, int] = field(default_factory=dict)
    loose: bool = False

    @property
    def bare(self) -> Cut:
        """The same without its longer stretches."""
        return replace(self, whole={})

    def run(self, first: int, end: int) -> list[int] | None:
        """The cells that make up a stretch between two points; None where it is not covered."""
        if (first, end) in self.whole:
            return [self.whole[first, end]]
        start, stop = bisect_left(self.points, first), bisect_left(self.points, end)
        found = self.gaps[start:stop]
        exact = stop < len(self.points) and self.points[start] == first and self.points[stop] == end
        cells = [cell for cell in found if cell is not None]
        return cells if exact and found and len(cells) == len(found) else None

    def inner(self, first: int, end: int) -> list[int]:
        """The cells of all stretches that lie within these days."""
        start, stop = bisect_left(self.points, first), bisect_right(self.points, end) - 1
        if start < stop and (self.points[start], self.points[stop]) in self.whole:
            return [self.whole[self.points[start], self.points[stop]]]
        return [cell for cell in self.gaps[start:stop] if cell is not None] if start < stop else []

    def outer(self, first: int, end: int) -> list[int] | None:
        """The cells of the shortest stretch that holds these days; None where it is not covered."""
        start, stop = bisect_right(self.points, first) - 1, bisect_left(self.points, end)
        if start < 0 or stop >= len(self.points):
            return None
        return self.run(self.points[start], self.points[stop])


@dataclass
class Steps:
    """Points joined by steps of a known size; a step that contradicts those before it joins nothing."""

    _up: dict[int, tuple[int, int]] = field(default_factory=dict)
    kept: set[Stretch] = field(default_factory=set)

    @classmethod
    def of(cls, sizes: Mapping[Stretch, int]) -> Steps:
        made = cls()
        for stretch in sorted(sizes, key=lambda one: (one[1] - one[0], one)):
            made._join(stretch, sizes[stretch])
        return made

    def _join(self, stretch: Stretch, size: int) -> None:
        (one, low), (other, high) = map(self.find, stretch)
        if one != other:
            self._up[other] = (one, low + size - high)
        if one != other or high - low == size:
            self.kept.add(stretch)

    def find(self, point: int) -> tuple[int, int]:
        """The root of a point, and how much more has been counted before the point than before the root."""
        sum_, here = 0, point
        while (above := self._up.setdefault(here, (here, 0)))[0] != here:
            here, sum_ = above[0], sum_ + above[1]
        self._up[point] = here, sum_
        return here, sum_

    def between(self, first: int, end: int) -> int | None:
        """What is counted from one point to another; None where nothing joins them."""
        (one, low), (other, high) = self.find(first), self.find(end)
        return high - low if one == other else None


def cut(
    told: Mapping[Stretch, int],
    sizes: Mapping[Stretch, int],
    public: Iterable[Stretch],
    nobody: Iterable[Stretch],
    new: NewCell,
) -> Cut:
    """Cut a line where its own numbers do: `told` has the cell of each stretch, `sizes` its true value.

    A stretch that can be computed and is not told becomes a difference, unless numbers that are `public` already give
    it. What lies within a stretch of which everybody knows that it counts `nobody` is a zero. Lines whose numbers
    contradict each other are not cut.
    """
    steps = Steps.of(sizes)
    known = Steps.of({stretch: sizes[stretch] for stretch in public})
    points = tuple(sorted({point for stretch in steps.kept for point in stretch}))
    reached, empty = _reached(points, steps.kept), _reached(points, steps.kept.intersection(nobody))
    if any((steps.between(*pair) or 0) < 0 for pair in pairwise(points)):
        return Cut((), ())
    gaps: list[int | None] = []
    for pair, covered, zero in zip(pairwise(points), reached, empty, strict=True):
        if pair in told and pair in steps.kept:
            gaps.append(told[pair])
        elif zero:
            gaps.append(ZERO)
        else:
            size = steps.between(*pair)
            fresh = size is not None and known.between(*pair) is None
            gaps.append(new(pair, size, fresh) if covered else None)
    whole = {stretch: told[stretch] for stretch in steps.kept}
    return Cut(points, tuple(gaps), whole, len({steps.find(point)[0] for point in points}) > 1)


def _reached(points: tuple[int, ...], kept: Iterable[Stretch]) -> list[bool]:
    """Whether any number covers each gap."""
    place = {point: number for number, point in enumerate(points)}
    change = [0] * len(points)
    for first, end in kept:
        change[place[first]] += 1
        change[place[end]] -= 1
    depth, covered = 0, []
    for step in change[:-1]:
        depth += step
        covered.append(depth > 0)
    return covered


@dataclass(frozen=True)
class Remainder:
    """A stretch between two points that follow each other in their own part of a line, less what other parts
    count inside it; `size` is what is counted there."""

    stretch: Stretch
    less: tuple[Stretch, ...]
    size: int
    fresh: bool


def remainders(sizes: Mapping[Stretch, int], public: Iterable[Stretch]) -> list[Remainder]:
    """The differences of a line whose numbers fall apart into parts that no step joins."""
    steps = Steps.of(sizes)
    known = Steps.of({stretch: sizes[stretch] for stretch in public})
    parts: dict[int, list[int]] = defaultdict(list)
    for point in sorted({point for stretch in steps.kept for point in stretch}):
        parts[steps.find(point)[0]].append(point)
    if len(parts) < 2:
        return []
    found = []
    for root, own in parts.items():
        for first, end in pairwise(own):
            others = [[point for point in part if first < point < end] for key, part in parts.items() if key != root]
            lying = _apart([(points[0], points[-1]) for points in others if len(points) > 1])
            if any(others):
                terms = [(first, end), *lying]
                sizes_of = [steps.between(*one) or 0 for one in terms]
                fresh = any(known.between(*one) is None for one in terms)
                found.append(Remainder((first, end), tuple(lying), sizes_of[0] - sum(sizes_of[1:]), fresh))
    return found


def _apart(spans: list[Stretch]) -> list[Stretch]:
    """Spans that do not overlap, the longest first."""
    found: list[Stretch] = []
    for first, end in sorted(spans, key=lambda one: (one[0] - one[1], one)):
        if all(end <= other[0] or other[1] <= first for other in found):
            found.append((first, end))
    return sorted(found)
