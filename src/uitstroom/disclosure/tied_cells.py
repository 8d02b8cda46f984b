"""The cells of a release and the rows that tie them, while they are being collected.

A row must hold in truth: one that does not is nothing that a reader could use. What nobody counted (days that no number
separates) has no true value that is known here; any values that agree with all that is true will do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import highspy
import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import OPEN, Integers
from uitstroom.disclosure.quantity import Quantity
from uitstroom.disclosure.solver import load, quiet_highs
from uitstroom.disclosure.timeline import ZERO

Parts = tuple[tuple[int, int], ...]
_NODES = 5000


@dataclass
class TiedCell:
    """One number. `value` None: nobody counted it. `told` where a table tells it, printed or not; `printed` in this
    release, `public` before it; `positive` where a reader knows that it is 1 or more if it is hidden; `kept` where it
    must not be hidden, `dear` where hiding it costs more than all else; `difference` where no table tells it but it
    follows from what tables tell."""

    name: Quantity
    value: int | None
    told: bool = False
    printed: bool = False
    public: bool = False
    positive: bool = False
    kept: bool = False
    dear: bool = False
    difference: bool = False
    note: str = ""

    def words(self) -> str:
        return self.name.words() + self.note


@dataclass
class TiedCells:
    """Cells by number, and rows with their two ends."""

    cells: list[TiedCell] = field(default_factory=list)
    rows: dict[Parts, tuple[int, int]] = field(default_factory=dict)
    _sure: set[Parts] = field(default_factory=set)

    def cell(self, name: Quantity, value: int | None, difference: bool = False, note: str = "") -> int:
        """A new cell that is printed nowhere so far."""
        self.cells.append(TiedCell(name, value, difference=difference, note=note))
        return len(self.cells) - 1

    def row(self, parts: Iterable[tuple[int, int]], low: int, high: int, sure: bool = False) -> None:
        """Tie cells: `low` <= sum of cell x factor <= `high`. A `sure` row holds whatever nobody counted."""
        summed: dict[int, int] = {}
        for cell, factor in parts:
            if cell != ZERO:
                summed[cell] = summed.get(cell, 0) + factor
        key = tuple(sorted((cell, factor) for cell, factor in summed.items() if factor))
        if not key:
            return
        before = self.rows.get(key, (-OPEN, OPEN))
        self.rows[key] = (max(before[0], low), min(before[1], high))
        if sure:
            self._sure.add(key)

    def equal(self, total: Iterable[int], parts: Iterable[int], sure: bool = False) -> None:
        """The cells of `total` together are the cells of `parts` together."""
        self.row([*((cell, -1) for cell in total), *((cell, 1) for cell in parts)], 0, 0, sure)

    def at_most(self, small: Iterable[int], large: Iterable[int]) -> None:
        """The cells of `small` together are no more than those of `large` together."""
        self.row([*((cell, -1) for cell in small), *((cell, 1) for cell in large)], 0, OPEN)

    def settle(self) -> None:
        """Give every cell that nobody counted a value, and drop the rows that do not hold."""
        unknown = [number for number, cell in enumerate(self.cells) if cell.value is None]
        if unknown:
            touched = {key: ends for key, ends in self.rows.items() if self._open(key)}
            held = {key: ends for key, ends in touched.items() if key in self._sure}
            found = self._agreeing(unknown, touched)
            if found is None:
                found = self._agreeing(unknown, held)
            for place, number in enumerate(unknown):
                self.cells[number].value = 0 if found is None else int(found[place])
        self.rows = {key: ends for key, told in self.rows.items() if (ends := self._true(key, told)) is not None}

    def _open(self, key: Parts) -> bool:
        return any(self.cells[cell].value is None for cell, _ in key)

    def _true(self, key: Parts, ends: tuple[int, int]) -> tuple[int, int] | None:
        """The ends of a row that holds, or of what is left of a sum whose parts fall short; else None."""
        total = sum((self.cells[cell].value or 0) * factor for cell, factor in key)
        if ends[0] <= total <= ends[1]:
            return ends
        return (-OPEN, 0) if ends == (0, 0) and total < 0 and sum(factor < 0 for _, factor in key) == 1 else None

    def _agreeing(self, unknown: list[int], rows: dict[Parts, tuple[int, int]]) -> Integers | None:
        """Whole numbers from 0 for the unknown cells that agree with `rows`; None where none are found."""
        place = {number: column for column, number in enumerate(unknown)}
        entries, lower, upper = [], [], []
        for row, (key, (low, high)) in enumerate(rows.items()):
            known = sum((self.cells[cell].value or 0) * factor for cell, factor in key if cell not in place)
            entries += [(row, place[cell], factor) for cell, factor in key if cell in place]
            lower.append(_end(low, known))
            upper.append(_end(high, known))
        if not entries:
            return np.zeros(len(unknown), dtype=np.int64)
        at, columns, factors = zip(*entries, strict=True)
        shape = (len(rows), len(unknown))
        return _whole(sparse.csc_matrix((np.array(factors, dtype=float), (at, columns)), shape=shape), lower, upper)


def _end(end: int, known: int) -> float:
    return float(np.copysign(np.inf, end)) if abs(end) >= OPEN else float(end - known)


def _whole(matrix: sparse.csc_matrix, lower: list[float], upper: list[float]) -> Integers | None:
    highs = quiet_highs()
    highs.setOptionValue("mip_max_nodes", _NODES)
    highs.setOptionValue("mip_max_improving_sols", 1)
    count = matrix.shape[1]
    columns = np.zeros(count), np.full(count, np.inf)
    places = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data
    rows = np.array(lower), np.array(upper)
    for kind in (0, 1):
        load(highs, np.zeros(count), columns, rows, places, np.full(count, kind, dtype=np.int32))
        highs.run()
        answered = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
        if highs.getModelStatus() not in answered:
            continue
        found: Integers = np.rint(np.array(highs.getSolution().col_value)).astype(np.int64).clip(min=0)
        sums = matrix @ found
        if ((sums >= rows[0]) & (sums <= rows[1])).all():
            return found
    return None
