"""Distinct persons: they add up over codes only; over days and forms they are no fewer than any part and no more than
all parts together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from uitstroom.disclosure.quantity import PERSONS, Line
from uitstroom.disclosure.tied_cells import TiedCells
from uitstroom.disclosure.timeline import Cut, Stretch

Told = Mapping[Line, Mapping[Stretch, int]]
_MOST_COVERS = 24
"""Ways to cover one interval that are looked at, the fewest pieces first."""


def tie_persons(sheet: TiedCells, told: Told, flows: Mapping[Line, Cut]) -> None:
    """Tie every count of distinct persons to those of parts of its days and forms, and to the actions started."""
    sets: dict[Line, list[Line]] = defaultdict(list)
    for line in sorted(line for line in told if line.what in PERSONS):
        sets[replace(line, forms=())].append(line)
        _over_days(sheet, told[line])
        _beside(sheet, line, told, flows)
    for same in sets.values():
        for total in same:
            _over_forms(sheet, total, same, told)


def _over_days(sheet: TiedCells, cells: Mapping[Stretch, int]) -> None:
    for stretch, cell in cells.items():
        inside = [one for one in cells if one != stretch and _holds(stretch, one)]
        for one in _outermost(inside):
            sheet.at_most([cells[one]], [cell])
        for cover in covers(stretch, [one for one in cells if one != stretch]):
            sheet.at_most([cell], [cells[one] for one in cover])


def _outermost(stretches: Sequence[Stretch]) -> list[Stretch]:
    return [one for one in stretches if not any(other != one and _holds(other, one) for other in stretches)]


def _holds(large: Stretch, small: Stretch) -> bool:
    return large[0] <= small[0] and small[1] <= large[1]


def covers(stretch: Stretch, pieces: Sequence[Stretch]) -> list[tuple[Stretch, ...]]:
    """Ways to cover all days of a stretch with pieces of which none is idle, the fewest pieces first; at most
    `_MOST_COVERS`."""
    useful = sorted(piece for piece in pieces if piece[0] < stretch[1] and stretch[0] < piece[1])
    found: list[tuple[Stretch, ...]] = []
    growing: list[tuple[Stretch, ...]] = [()]
    while growing and len(found) < _MOST_COVERS:
        longer: list[tuple[Stretch, ...]] = []
        for cover in growing[: 50 * _MOST_COVERS]:
            for one in _longer(cover, stretch, useful):
                (found if one[-1][1] >= stretch[1] else longer).append(one)
        growing = longer
    return found[:_MOST_COVERS]


def _longer(cover: tuple[Stretch, ...], stretch: Stretch, pieces: Sequence[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    """A cover from the left with one piece more, none of them idle beside it."""
    reach = cover[-1][1] if cover else stretch[0]
    before = cover[-2][1] if len(cover) > 1 else stretch[0]
    for piece in pieces:
        idle = bool(cover) and piece[0] <= before
        if piece[0] <= reach < piece[1] and not idle and not (cover and piece[0] <= cover[-1][0]):
            yield (*cover, piece)


def _over_forms(sheet: TiedCells, total: Line, same: Sequence[Line], told: Told) -> None:
    parts = [line for line in same if set(line.forms) < set(total.forms)]
    single = [line for line in parts if len(line.forms) == 1]
    for stretch, cell in told[total].items():
        for part in parts:
            for one in _nearest(stretch, told[part], told[total]):
                sheet.at_most([told[part][one]], [cell])
        for pieces in (single, _largest_first(total, parts)):
            if {form for line in pieces for form in line.forms} == set(total.forms):
                _together(sheet, cell, stretch, [told[line] for line in pieces])


def _nearest(stretch: Stretch, part: Mapping[Stretch, int], total: Mapping[Stretch, int]) -> list[Stretch]:
    """The intervals of a part to compare with: the same days, else those within that the total does not tell."""
    if stretch in part:
        return [stretch]
    inside = [one for one in part if _holds(stretch, one) and one not in total]
    return _outermost(inside)


def _largest_first(total: Line, parts: Sequence[Line]) -> list[Line]:
    chosen: list[Line] = []
    left = set(total.forms)
    for line in sorted(parts, key=lambda one: (-len(one.forms), one)):
        if left & set(line.forms):
            chosen.append(line)
            left -= set(line.forms)
    return chosen


def _together(sheet: TiedCells, cell: int, stretch: Stretch, parts: Sequence[Mapping[Stretch, int]]) -> None:
    """No more persons than those of all the parts together, each over the same days or over what covers them."""
    chosen: list[int] = []
    for cells in parts:
        cover = ((stretch,),) if stretch in cells else tuple(covers(stretch, list(cells)))
        if not cover:
            return
        chosen += [cells[one] for one in cover[0]]
    sheet.at_most([cell], chosen)


def _beside(sheet: TiedCells, line: Line, told: Told, flows: Mapping[Line, Cut]) -> None:
    """Other counts of the same forms and codes: actions started, persons reached, those of all lists."""
    started = flows.get(replace(line, what="started", unit="action"))
    reached = told.get(replace(line, what="reached"), {})
    everybody = told.get(replace(line, population=""), {}) if line.population else {}
    for stretch, cell in told[line].items():
        if line.what == "persons" and started and (cells := started.outer(*stretch)) is not None:
            sheet.at_most([cell], cells)
        if line.what == "persons" and stretch in reached:
            sheet.at_most([cell], [reached[stretch]])
        if line.what == "reached" and stretch in everybody:
            sheet.at_most([cell], [everybody[stretch]])
