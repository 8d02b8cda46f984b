"""From cells to a proved pattern: search, then the checker, and what could not be protected said."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from uitstroom.disclosure.cells import Cells, Flags
from uitstroom.disclosure.certificate import Certificate, Verdict, check
from uitstroom.disclosure.crew import Crew, cores
from uitstroom.disclosure.search import Search

Progress = Callable[[str, int, int], None]
MOST_LEANING = 14
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


def protect_cells(
    cells: Cells, effort: int = 1, progress: Progress = quiet, processes: int | None = None, refusable: bool = False
) -> Protection:
    """Hide what must be hidden, prove it, and say what could not be proved.

    `effort` (1 or more) buys rounds of clean-up: quick ones, and from 2 on `effort` - 1 rounds that also make
    fractional answers whole and look further. `processes` (None: as many as there are processors, where there is enough
    to do) share the work and change nothing in what is found. With `refusable` nothing is cleaned up where some demand
    cannot be met: that pattern is not to be used. Raises `NotCertifiedError` where the checker refuses the search's own
    proof: then nothing may be published.
    """
    search = Search(cells, progress)
    size = processes or (cores() if search.many else 1)
    with Crew(search, size) if size > 1 else nullcontext() as crew:
        search.judges = crew
        _searched(search, effort, refusable)
    certificate = search.certificate()
    return Protection(cells, certificate, check(cells, certificate), search.steps)


def _searched(search: Search, effort: int, refusable: bool) -> None:
    widest = search.cells.surroundings.widest
    search.start(range(1, widest + 1))
    if refusable and search.unserved:
        return
    if not search.many:
        search.improve_cells(1, 0, MOST_LEANING, narrow=True)
    _rounds(search, 1, 0, effort if search.many else effort + 4)
    _rounds(search, min(2, widest), 1, effort - 1)


def _rounds(search: Search, radius: int, effort: int, rounds: int) -> None:
    for _ in range(rounds):
        paid = search.improve_moves(radius, effort) + search.improve_cells(radius, effort, MOST_LEANING)
        if not paid:
            return
