"""The integers a release could print, the rows that tie them, and what a reader knows of each.

Everything disclosure control reasons about is one vector of integer cells ``x`` and one sparse integer matrix ``M``
with ``lower <= M x <= upper``: a sum is a row with both ends 0, a bound on unique persons or a rate that somebody
printed is a row with one end open. Nothing here knows what a cell means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

OPEN = 2**60
"""An end of an interval that is not there; no count of persons comes near it."""


@dataclass(frozen=True)
class Demand:
    """What must stay possible for one sensitive cell: tables that agree with everything published, one with at least
    `reach` there, and one with at most `below` (None: nothing below is asked, the reader knows it cannot be less).
    """

    cell: int
    reach: int
    below: int | None


@dataclass(frozen=True)
class PrintedRate:
    """A rate that a reader has although its numerator or base is hidden: percentages, rounded half up."""

    numerator: int
    base: int
    decimals: int
    printed: Decimal


class Surroundings(Protocol):
    """Which cells lie around a cell; searching there first is what makes large tables possible."""

    @property
    def widest(self) -> int:
        """The radius that takes in every cell that can matter."""

    def around(self, cell: int, radius: int, /) -> tuple[object, Integers]:
        """A key that equal surroundings share, and the sorted cells of it."""


@dataclass(frozen=True)
class Everywhere:
    """The surroundings of small linked tables: all cells."""

    count: int
    widest: int = 1

    def around(self, _cell: int, _radius: int) -> tuple[object, Integers]:
        return "everywhere", np.arange(self.count, dtype=np.int64)


@dataclass(frozen=True)
class Cells:
    """The publishable integers of one release, true values included.

    One entry per cell: `values`; `floor` and `ceiling`, what a reader knows of a cell that is hidden; `fixed`, printed
    whatever happens (a zero, a total that must stay, an earlier release); `virtual`, printed nowhere and hidden at no
    price (those *not* at work); `weight`, the price of hiding, at least 0. One entry per row of `rows`: `lower` and
    `upper`. `demands` has one entry per sensitive cell, in the order of cells.
    """

    values: Integers
    rows: sparse.csr_matrix
    lower: Integers
    upper: Integers
    floor: Integers
    ceiling: Integers
    fixed: Flags
    virtual: Flags
    weight: Numbers
    demands: tuple[Demand, ...]
    surroundings: Surroundings
    rates: tuple[PrintedRate, ...] = ()

    def __post_init__(self) -> None:
        sums = self.rows @ self.values
        if ((sums < self.lower) | (sums > self.upper)).any():
            raise ValueError("the true values break a row: they do not add up")
        if self.demands and self.fixed[[demand.cell for demand in self.demands]].any():
            raise ValueError("a sensitive cell cannot be printed whatever happens")

    @property
    def count(self) -> int:
        return len(self.values)

    @cached_property
    def sensitive(self) -> Flags:
        flags = np.zeros(self.count, dtype=bool)
        for demand in self.demands:
            flags[demand.cell] = True
        return flags

    @cached_property
    def columns(self) -> sparse.csc_matrix:
        """The rows again, stored by cell."""
        return self.rows.tocsc()

    @cached_property
    def slack(self) -> tuple[Integers, Integers]:
        """How much the left-hand side of each row may fall (at most 0) and rise (at least 0)."""
        sums = self.rows @ self.values
        return self.lower - sums, self.upper - sums


@dataclass(frozen=True)
class Move:
    """A change of the true table that every row allows, times each whole number from `-least` to `most`.

    `cells` is sorted and holds only cells that change; `change` is by how much.
    """

    cells: Integers
    change: Integers
    most: int
    least: int

    def at(self, cell: int) -> int:
        place = int(np.searchsorted(self.cells, cell))
        return int(self.change[place]) if place < len(self.cells) and self.cells[place] == cell else 0

    def times_for(self, cell: int, wanted: int) -> int | None:
        """The smallest multiple that changes `cell` by at least `wanted` (at most, if negative), None if none does."""
        step = self.at(cell)
        if step == 0:
            return None
        times = -(-abs(wanted) // abs(step))
        if (step > 0) == (wanted > 0):
            return times if times <= self.most else None
        return -times if times <= self.least else None

    def pairs(self) -> Iterator[tuple[int, int]]:
        return zip(self.cells.tolist(), self.change.tolist(), strict=True)


def times_within(step: Integers, fall: Integers, rise: Integers) -> int:
    """How many whole times `step` fits between `fall` and `rise`."""
    up, down = step > 0, step < 0
    limits = np.concatenate([rise[up] // step[up], fall[down] // step[down]])
    return int(limits.min(initial=OPEN))
