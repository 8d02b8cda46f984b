"""What a number is: the one thing that it counts, whatever table it stands in and whatever its period is called.

Two figures with one `Quantity` are one number. A `Line` is a quantity without its days: what is counted, of whom. What
a number does not depend on is not in it: the entrants of two definitions over one cohort are the same, and those of a
cohort of started actions are the actions started.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uitstroom.figures import BOXES, Event, Figure, Table
from uitstroom.periods import Day, Horizon, Period

Parents = Mapping[str, Mapping[str, tuple[str, str]]]
"""Per dimension and code, the dimension and code that it is a part of (municipality → arrondissement → province)."""
Items = tuple[tuple[str, str], ...]
EVER = (datetime.date.min, datetime.date.min)
"""The days of a number that has none: how many persons a list holds."""
FOLLOWED, AT_WORK, NOT_AT_WORK = "followed", "at_work", "not_at_work"
PERSONS, STOCK = frozenset({"persons", "reached", "not_reached"}), frozenset({"running"})
FLOWS = frozenset({"started", "ended", *BOXES} - {"entrants"})
"""What is counted on a day of its own, so that the numbers of days that follow each other add up."""
PLACES = ("value", "numerator", "base", *BOXES)
"""Where a figure prints numbers."""


@dataclass(frozen=True, order=True)
class Line:
    """What is counted, of whom, on whatever days.

    `terms` holds the parts of a definition that the number depends on, and no others; `population` is the fingerprint
    of a list of persons, empty for all; `forms` is a set in order, `by` holds a code per dimension.
    """

    what: str
    unit: str
    terms: Items
    population: str
    forms: tuple[str, ...]
    by: Items

    def words(self) -> str:
        by = "".join(f", {dimension}={code}" for dimension, code in self.by)
        terms = "".join(f", {name}={value}" for name, value in self.terms)
        return f"{self.what} of {'+'.join(self.forms) or 'a list'} ({self.unit}{terms}){by}"


@dataclass(frozen=True, order=True)
class Quantity:
    """A line over the days from `first` to `last`; a stock is of one day."""

    line: Line
    first: Day
    last: Day

    def words(self) -> str:
        """For a person inside the service; never a number."""
        if (self.first, self.last) == EVER:
            return self.line.words()
        return f"{self.line.words()} in {code_of_days(self.first, self.last)}"


@dataclass(frozen=True)
class Number:
    """A number that a table tells: where it stands (the figure's place in the table, and the place in the figure).

    `place` is `rest` for what is only computed from two others, `zero` for what a row left out says, else of PLACES.
    """

    quantity: Quantity
    value: int
    figure: int
    place: str


def numbers(table: Table, parents: Parents) -> Iterator[Number]:
    """Every number of a table with its true values, also those that nobody prints but everybody can compute."""
    members = _members(table)
    until = table.scope.complete.get("action", (None, datetime.date.max))[1]
    for place, figure in enumerate(table.figures):
        by = canonical(figure.by, parents)
        if by is None:
            continue
        own = (figure.instrument,) if figure.instrument else members[figure.period.code, tuple(figure.by.items())]
        told = _of_rate if figure.kind == "rate" else _of_count
        for name, quantity, value in told(figure, own or (f"group {figure.group}",), by, until):
            if quantity.first <= quantity.last:
                yield Number(quantity, value, place, name)


def code_of_days(first: Day, last: Day) -> str:
    """The shortest code of a stretch of days: `2017-S1`, or its first and last day."""
    year, month = first.year, first.month
    codes = (f"{year}", f"{year}-S{month // 7 + 1}", f"{year}-Q{(month + 2) // 3}", f"{year}-{month:02d}")
    named = (code for code in codes if (period := Period.parse(code)).first == first and period.last == last)
    return next(named, first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}")


def canonical(by: Mapping[str, str], parents: Parents) -> Items | None:
    """The codes without those that others imply; None where one contradicts another: there nobody is counted."""
    implied: dict[str, str] = {}
    for item in by.items():
        for dimension, code in ancestors(item, parents):
            if by.get(dimension, code) != code:
                return None
            implied[dimension] = code
    return tuple(sorted(item for item in by.items() if item[0] not in implied))


def ancestors(item: tuple[str, str], parents: Parents) -> Iterator[tuple[str, str]]:
    """Everything that a code is a part of, nearest first."""
    seen = {item}
    while (above := parents.get(item[0], {}).get(item[1])) and above not in seen:
        seen.add(item := above)
        yield item


def _members(table: Table) -> dict[tuple[str, Items], tuple[str, ...]]:
    """The forms that the total of each period and breakdown adds, zeros included."""
    found: dict[tuple[str, Items], list[str]] = {}
    for figure in table.figures:
        added = found.setdefault((figure.period.code, tuple(figure.by.items())), [])
        if figure.instrument and _counts(figure):
            added.append(figure.instrument)
    return {key: tuple(sorted(set(forms))) for key, forms in found.items()}


def _counts(figure: Figure) -> bool:
    """Whether a total adds a figure; one that did not exist is a 0, an outflow without a base is left out."""
    if figure.indicator != "outflow":
        return figure.status in ("value", "suppressed", "not_applicable")
    return figure.status in ("value", "suppressed") or bool(figure.maturity and not figure.maturity.entrants)


COMPLETION, COMPLETED, NOT_COMPLETED = "completion", "completed", "not_completed"
"""A dimension of the ended above their reasons, that shares of the completed are told by."""


def _of_count(figure: Figure, forms: tuple[str, ...], by: Items, until: Day) -> Iterator[tuple[str, Quantity, int]]:
    unit = "person" if "person" in figure.units else "action"
    what = "reached" if figure.who == "reached" else figure.indicator
    last = figure.provisional or min(figure.period.last, until)
    line = Line(what, unit, (), _list(figure), forms, by)
    quantity = Quantity(line, last if what in STOCK else figure.period.first, last)
    if figure.status == "value" and figure.value is not None:
        yield "value", quantity, int(figure.value)
    elif figure.status == "not_applicable" and figure.instrument:
        yield "zero", quantity, 0


def _of_rate(figure: Figure, forms: tuple[str, ...], by: Items, until: Day) -> Iterator[tuple[str, Quantity, int]]:
    if figure.population:
        yield from _of_list(figure, forms, by)
        return
    if figure.reasons:
        yield from _of_share(figure, forms, by)
        return
    first, last = figure.period.first, min(figure.period.last, until)
    for box in BOXES if figure.maturity else ():
        count = getattr(figure.maturity, box)
        if count is not None:
            yield box, Quantity(_box(figure, box, forms, by), first, last), count
    if figure.status == "value" and figure.base is not None and figure.numerator is not None:
        reach = figure.provisional or last
        told = {"base": FOLLOWED, "numerator": AT_WORK, "rest": NOT_AT_WORK}
        counts = {"base": figure.base, "numerator": figure.numerator, "rest": figure.base - figure.numerator}
        for place, box in told.items():
            yield place, Quantity(_box(figure, box, forms, by), first, reach), counts[place]


def _of_share(figure: Figure, forms: tuple[str, ...], by: Items) -> Iterator[tuple[str, Quantity, int]]:
    """The ended, and of them the completed and the others, as codes of one more dimension of theirs."""
    if figure.status == "value" and figure.base is not None and figure.numerator is not None:
        days = figure.period.first, figure.provisional or figure.period.last
        told = {"numerator": (COMPLETED, figure.numerator), "rest": (NOT_COMPLETED, figure.base - figure.numerator)}
        yield "base", Quantity(Line("ended", "action", (), "", forms, by), *days), figure.base
        for place, (code, count) in told.items():
            parts = tuple(sorted((*by, (COMPLETION, code))))
            yield place, Quantity(Line("ended", "action", (), "", forms, parts), *days), count


def _of_list(figure: Figure, forms: tuple[str, ...], by: Items) -> Iterator[tuple[str, Quantity, int]]:
    if figure.status == "value" and figure.base is not None and figure.numerator is not None:
        last = figure.provisional or figure.period.last
        lines = {what: Line(what, "person", (), _list(figure), forms, by) for what in ("reached", "not_reached")}
        yield "base", Quantity(Line("population", "person", (), _list(figure), (), ()), *EVER), figure.base
        yield "numerator", Quantity(lines["reached"], figure.period.first, last), figure.numerator
        yield "rest", Quantity(lines["not_reached"], figure.period.first, last), figure.base - figure.numerator


def _list(figure: Figure) -> str:
    return figure.population.fingerprint if figure.population else ""


def _box(figure: Figure, box: str, forms: tuple[str, ...], by: Items) -> Line:
    """The line of a box, by what it depends on and nothing else."""
    unit = "trajectory" if "trajectory" in figure.units else "action"
    if box == "entrants":
        return Line(str(figure.cohort), unit, (), "", forms, by)
    return Line(box, unit, tuple(sorted(_terms(figure, box).items())), "", forms, by)


def _terms(figure: Figure, box: str) -> dict[str, str]:
    terms = {"cohort": str(figure.cohort)}
    if box != "without_person":
        terms["anchor"] = str(figure.anchor)
    if box not in ("without_person", "not_ended"):
        terms["who"] = str(figure.who or "all")
    fixed = figure.horizon is not None and figure.horizon.on is not None
    if box in ("not_due", FOLLOWED, AT_WORK, NOT_AT_WORK) or (box == "not_counted" and fixed):
        terms["horizon"] = _horizon(figure.horizon)
    if box in (AT_WORK, NOT_AT_WORK):
        terms |= _event(figure.event or Event())
        terms["work"] = " ".join(sorted(set(figure.work_types)))
    return terms


def _horizon(horizon: Horizon | None) -> str:
    if horizon is None:
        return ""
    if horizon.on is not None:
        return horizon.on.isoformat()
    return f"P{horizon.days}D" if horizon.months is None else f"P{horizon.months}M"


def _event(event: Event) -> dict[str, str]:
    kind = f"{event.kind} {event.days}" if event.days else f"{event.kind} new" if event.new else event.kind
    return {"event": kind, "employer": "same" if event.same_employer else "any"}


def line_json(line: Line) -> dict[str, Any]:
    """A line as a file keeps it."""
    return {
        "what": line.what, "unit": line.unit, "terms": dict(line.terms), "population": line.population,
        "forms": list(line.forms), "by": dict(line.by),
    }  # fmt: skip


def line_of(content: Mapping[str, Any]) -> Line:
    """The line that a file kept; raises `KeyError` or `TypeError` on anything else."""
    return Line(
        content["what"], content["unit"], _items(content["terms"]), content["population"],
        tuple(sorted(content["forms"])), _items(content["by"]),
    )  # fmt: skip


def _items(content: Mapping[str, str]) -> Items:
    return tuple(sorted((str(name), str(value)) for name, value in content.items()))


def quantity_json(quantity: Quantity) -> dict[str, Any]:
    """A quantity as a file keeps it: its line and its first and last day."""
    return {**line_json(quantity.line), "first": quantity.first.isoformat(), "last": quantity.last.isoformat()}


def quantity_of(content: Mapping[str, Any]) -> Quantity:
    """The quantity that a file kept."""
    first, last = (Day.fromisoformat(content[end]) for end in ("first", "last"))
    return Quantity(line_of(content), first, last)
