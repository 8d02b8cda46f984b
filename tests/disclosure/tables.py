"""Small tables of leaf counts and small releases, for the tests of disclosure control."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from uitstroom.disclosure.leaf_table import LeafTable, read_leaves
from uitstroom.figures import DefinitionName, Event, Figure, Maturity, Population, Scope, Table
from uitstroom.periods import Horizon, Period
from uitstroom.text import Text, rounded_percentage

DATA = Path(__file__).parent / "data"
DAY = datetime.date(2017, 11, 23)
NAME = Text(nl="naam", en="name")


def leaf_table(
    folder: Path, columns: Sequence[str], rows: Sequence[Sequence[object]], at_work: bool = False
) -> LeafTable:
    path = folder / "leaves.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([[*columns, "n", *(["y"] if at_work else [])], *rows])
    return read_leaves(path, "n", [], columns, "y" if at_work else None)


def scope() -> Scope:
    return Scope(NAME, NAME, DAY, "5e" * 32, {}, {}, {}, "ca", True, DAY)


def count(who: str, value: int, indicator: str = "started", period: str = "2017-S1", **by: str) -> Figure:
    instrument, group = (None, "all") if who == "all" else (who, None)
    return Figure(
        indicator, instrument, group, Period.parse(period), "count", "value", by, ("action",), value,
        additive=indicator != "persons",
    )  # fmt: skip


def rate(who: str, at_work: int, base: int, **by: str) -> Figure:
    boxes = Maturity(base, 0, 0, 0, 0, base, at_work, base - at_work)
    return Figure(
        "outflow", who, None, Period.parse("2017-S1"), "rate", "value", by, ("action",),
        rounded_percentage(at_work, base), at_work, base,
        definition=DefinitionName("d", "1", "s", True), maturity=boxes,
    )  # fmt: skip


def followed(
    who: str, at_work: int, rest: int, period: str = "2017-S1", *, cohort: str = "ended", months: int = 3,
    event: Event | None = None, whom: str = "all", boxes: tuple[int, int, int, int] = (0, 0, 0, 0), until: str = "",
    work: tuple[str, ...] = ("OTH",), early: tuple[int, int] | None = None, **by: str,
) -> Figure:  # fmt: skip
    """A rate with every part of its definition; `early` holds those at work and all of a provisional one."""
    base = at_work + rest
    shown = early or (at_work, base)
    return Figure(
        "outflow", who, None, Period.parse(period), "rate", "value", by, ("action",),
        rounded_percentage(*shown), *shown, cohort=cohort, anchor="start" if cohort == "started" else "end",
        horizon=Horizon(months=months), event=event or Event(), work_types=work,
        definition=DefinitionName("any", "1", "s", True),
        maturity=Maturity(sum(boxes) + base, *boxes, base, at_work, rest), who=whom,
        provisional=datetime.date.fromisoformat(until) if until else None,
    )  # fmt: skip


def reached(who: str, numerator: int, members: frozenset[int], known: int | None = None) -> Figure:
    """The share of a list of persons that was reached."""
    listed = Population(f"list {hash(members)}", members, len(members) if known is None else known)
    return Figure(
        "reach", who, None, Period.parse("2017-S1"), "rate", "value", {}, ("person",),
        rounded_percentage(numerator, len(members)), numerator, len(members), who="reached", population=listed,
    )  # fmt: skip


def table(*figures: Figure) -> Table:
    return Table(figures[0].indicator, scope(), figures, NAME)


def added(counts: Mapping[str, int], indicator: str = "started", period: str = "2017-S1") -> Table:
    """Counts per instrument and their total."""
    figures = [count(who, value, indicator, period) for who, value in counts.items()]
    return table(*figures, count("all", sum(counts.values()), indicator, period))
