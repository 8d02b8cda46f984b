"""Whole unknowns, and rows of them whose sums lie between two ends."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

OPEN = 2**60
"""An end that is not there; no count of persons comes near it."""


@dataclass(frozen=True)
class Equation:
    """`low` <= the sum of unknowns times their multipliers <= `high`; `likely` where it need not hold."""

    parts: tuple[tuple[int, int], ...]
    low: int
    high: int
    kind: str
    likely: bool = False


@dataclass
class Equations:
    """Unknowns by key, each with what is known of it, and the rows between them."""

    names: list[Hashable] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: list[Equation] = field(default_factory=list)
    _place: dict[Hashable, int] = field(default_factory=dict)

    def unknown(self, key: Hashable) -> int:
        """The unknown of a key, made where there is none: 0 or more."""
        place = self._place.get(key)
        if place is None:
            place = self._place[key] = len(self.names)
            self.names.append(key)
            self.low.append(0)
            self.high.append(OPEN)
        return place

    def known(self, key: Hashable) -> int | None:
        """The unknown of a key, None where there is none."""
        return self._place.get(key)

    def bound(self, place: int, low: int = 0, high: int = OPEN) -> None:
        """Narrow what is known of an unknown."""
        self.low[place] = max(self.low[place], low)
        self.high[place] = min(self.high[place], high)

    def add(self, parts: Mapping[int, int] | Iterable[tuple[int, int]], low: int, high: int, kind: str,
            likely: bool = False) -> None:  # fmt: skip
        """Add a row; parts of one unknown are taken together."""
        summed: dict[int, int] = {}
        for place, times in parts.items() if isinstance(parts, Mapping) else parts:
            summed[place] = summed.get(place, 0) + times
        kept = tuple(sorted((place, times) for place, times in summed.items() if times))
        if kept:
            self.rows.append(Equation(kept, low, high, kind, likely))

    def equal(self, left: Iterable[int], right: Iterable[int], kind: str, likely: bool = False) -> None:
        """The sums of two lists of unknowns are equal."""
        self.add([*((place, 1) for place in left), *((place, -1) for place in right)], 0, 0, kind, likely)

    def at_most(self, left: Iterable[int], right: Iterable[int], kind: str, likely: bool = False) -> None:
        """The sum of the first list is no more than that of the second."""
        self.add([*((place, -1) for place in left), *((place, 1) for place in right)], 0, OPEN, kind, likely)
