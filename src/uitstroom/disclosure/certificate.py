"""The proof, and the checker that believes nobody.

A certificate holds whole-number tables, as changes of the true one. Each must agree with everything published; between
them they must keep every sensitive cell open and give every other hidden cell a second value. Hiding more never makes
a certificate wrong. A certificate is as secret as the table: where a witness does not move, it is the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import Cells, Flags, Integers
from uitstroom.errors import UitstroomError
from uitstroom.text import rounded_percentage

_LARGEST = 2**40


@dataclass(frozen=True)
class Certificate:
    """`hidden` has one entry per cell; `changes` one column per witness table, one row per cell, in whole numbers."""

    hidden: Flags
    changes: sparse.csc_matrix


@dataclass(frozen=True)
class Verdict:
    """What a certificate proves: flags per cell. `certified` cells are sensitive cells that keep their interval."""

    certified: Flags
    disclosed: Flags
    """Sensitive cells without the two witnesses, and other hidden cells that never take a second value."""

    @property
    def complete(self) -> bool:
        return not bool(self.disclosed.any())


class NotCertifiedError(UitstroomError):
    """The certificate does not hold; nothing may be published on it."""


def check(cells: Cells, certificate: Certificate) -> Verdict:
    """What `certificate` proves of `cells`, in exact integers; raises `NotCertifiedError` where it proves nothing."""
    hidden, changes = certificate.hidden, certificate.changes
    _require(hidden.shape == (cells.count,) and hidden.dtype == bool, "the pattern does not fit the table")
    _require(changes.shape[0] == cells.count, "the witnesses do not fit the table")
    _require(changes.dtype == np.int64, "a witness is not in whole numbers")
    _require(not (hidden & cells.fixed).any(), "a cell is hidden that must be printed")
    _require(bool((hidden | cells.virtual | ~cells.sensitive).all()), "a sensitive cell is printed")
    moved, by = changes.tocoo().row, changes.tocoo().data
    _require(bool((np.abs(by) < _LARGEST).all()), "a witness holds an impossible number")
    _require(bool((hidden | cells.virtual)[moved].all()), "a witness changes a published cell")
    _require_rows(cells, changes)
    _require_bounds(cells, moved, by)
    _require_rates(cells, changes.tocsc())
    return _verdict(cells, hidden, moved, by)


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise NotCertifiedError(what, todo="protect the tables again; nothing was published")


def _require_rows(cells: Cells, changes: sparse.csc_matrix) -> None:
    fall, rise = cells.slack
    sums = (cells.rows @ changes).tocoo()
    holds = (sums.data >= fall[sums.row]) & (sums.data <= rise[sums.row])
    _require(bool(holds.all()), "a witness contradicts a published sum")


def _require_bounds(cells: Cells, moved: Integers, by: Integers) -> None:
    values = cells.values[moved] + by
    within = (values >= cells.floor[moved]) & (values <= cells.ceiling[moved])
    _require(bool(within[by != 0].all()), "a witness goes beyond what a reader knows of a cell")


def _require_rates(cells: Cells, changes: sparse.csc_matrix) -> None:
    for number in range(changes.shape[1] if cells.rates else 0):
        values = cells.values + changes[:, [number]].toarray().ravel()
        for rate in cells.rates:
            printed = rounded_percentage(int(values[rate.numerator]), int(values[rate.base]), rate.decimals)
            _require(printed == rate.printed, "a witness contradicts a published rate")


def _verdict(cells: Cells, hidden: Flags, moved: Integers, by: Integers) -> Verdict:
    highest, lowest = cells.values.copy(), cells.values.copy()
    np.maximum.at(highest, moved, cells.values[moved] + by)
    np.minimum.at(lowest, moved, cells.values[moved] + by)
    disclosed = hidden & (highest == lowest) & ~cells.sensitive & ~cells.virtual
    for demand in cells.demands:
        below = demand.below is None or lowest[demand.cell] <= demand.below
        disclosed[demand.cell] = not (below and highest[demand.cell] >= demand.reach)
    return Verdict(cells.sensitive & ~disclosed, disclosed)
