"""Which releases have numbers that follow from each other: those must be protected together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from uitstroom.disclosure.quantity import EVER, Quantity
from uitstroom.disclosure.released import Released
from uitstroom.periods import Day

Stretches = Mapping[tuple[str, str], list[tuple[Day, Day, frozenset[tuple[str, str]]]]]


def kindred(one: Released, other: Released) -> bool:
    """Whether some number of one release shares persons, forms and days with one of another.

    Wider than sharing a quantity, since sums and differences tell too: a year and its halves, a form and its group.
    """
    if {number.quantity for number in one.numbers} & {number.quantity for number in other.numbers}:
        return True
    if one.lists and other.lists:
        return True
    mine, theirs = (_stretches(number.quantity for number in release.numbers) for release in (one, other))
    return any(
        first <= end and begin <= last and _fit(by, codes)
        for key in mine.keys() & theirs.keys()
        for first, last, by in mine[key]
        for begin, end, codes in theirs[key]
    )


def _stretches(quantities: Iterable[Quantity]) -> Stretches:
    """By list of persons and form, the days and codes that are counted, each once."""
    found: dict[tuple[str, str], set[tuple[Day, Day, frozenset[tuple[str, str]]]]] = defaultdict(set)
    for quantity in quantities:
        if (quantity.first, quantity.last) != EVER:
            for form in quantity.line.forms:
                part = (quantity.first, quantity.last, frozenset(quantity.line.by))
                found[quantity.line.population, form].add(part)
    return {key: sorted(parts, key=lambda part: (part[0], part[1], sorted(part[2]))) for key, parts in found.items()}


def _fit(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Whether one person can have both: no dimension with two codes."""
    codes = dict(one)
    return all(codes.get(dimension, code) == code for dimension, code in other)
