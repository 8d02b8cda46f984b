"""On which day each figure that is not yet known can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low

from uitstroom.figures import Figure, Table
from uitstroom.periods import Day
from uitstroom.registers import Snapshot


@dataclass(frozen=True)
class Expected:
    """A figure that is not yet known: `known_on`, from which day of completeness it is; None where that cannot be said.

    `expected_on` adds the lag seen in past deliveries between the last complete day and the delivery; None without one.
    """

    table: Table
    figure: Figure
    known_on: Day | None
    expected_on: Day | None


def expectations(tables: Iterable[Table], snapshots: Sequence[Snapshot]) -> list[Expected]:
    """Every instrument's figure that is not yet known, the earliest first; those without a day last."""
    found = [
        Expected(table, figure, figure.known_on, _expected(figure, snapshots))
        for table in tables
        for figure in table.figures
        if figure.status == "not_yet_known" and not figure.by
    ]
    return sorted(found, key=lambda one: (one.known_on or Day.max, one.figure.period, one.figure.instrument or "~"))


def lag(snapshots: Iterable[Snapshot], table: str) -> timedelta | None:
    """The middle of the days that past deliveries took from a table's last complete day to their delivery."""
    days = [
        (snapshot.delivered_on - snapshot.complete[table][1]).days
        for snapshot in snapshots
        if snapshot.withdrawn is None and table in snapshot.complete
    ]
    return timedelta(days=median_low(days)) if days else None


def _expected(figure: Figure, snapshots: Sequence[Snapshot]) -> Day | None:
    waits = lag(snapshots, "spell" if figure.kind == "rate" else "action")
    return figure.known_on + waits if figure.known_on and waits is not None else None
