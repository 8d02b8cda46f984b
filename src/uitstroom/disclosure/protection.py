"""From cells to a proved pattern: search, then the checker, and what could not be protected said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from uitstroom.disclosure.cells import Cells, Flags
from uitstroom.disclosure.certificate import Certificate, Verdict, check
from uitstroom.disclosure.search import Search

Progress = Callable[[str, int, int], None]
MOST_LEANING = 8
"""How many moves may lean on a cell that the clean-up tries to print again."""


@dataclass(frozen=True)
class Protection:
    """A pattern with what its certificate proves; `steps` counts the problems that the solver was given."""

    cells: Cells
    certificate: Certificate
    verdict: Verdict
    steps: int

    @property
    def hidden(self) -> Flags:
        return self.certificate.hidden

    @property
    def unprotectable(self) -> list[int]:
        """Hidden cells for which nothing was proved; publish only after a choice has removed them."""
        return [int(cell) for cell in np.flatnonzero(self.verdict.disclosed)]


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that tells nobody."""


def protect_cells(cells: Cells, effort: int = 1, progress: Progress = quiet) -> Protection:
    """Hide what must be hidden, prove it, and say what could not be proved.

    `effort` (1 or more) buys rounds of clean-up: `effort` + 1 quick rounds, and from 2 on `effort` - 1 rounds that
    also make fractional answers whole and look further. Raises `NotCertifiedError` where the checker
    refuses the search's own proof: then nothing may be published.
    """
    search = Search(cells, progress)
    widest = cells.surroundings.widest
    search.start(range(1, widest + 1))
    search.effort = 0
    _rounds(search, 1, effort + 1)
    search.effort = 1
    _rounds(search, min(2, widest), effort - 1)
    certificate = search.certificate()
    return Protection(cells, certificate, check(cells, certificate), search.solver.steps)


def _rounds(search: Search, radius: int, rounds: int) -> None:
    for _ in range(rounds):
        paid = search.improve_moves(radius) + search.improve_cells(radius, MOST_LEANING)
        if not paid:
            return
