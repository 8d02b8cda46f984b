"""The primary rule, and the smallest sibling of a lone hidden cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields, replace

from uitstroom.figures import Figure, Maturity, Table
from uitstroom.text import Text

_Key = tuple[object, ...]


def hide(table: Table, threshold: int, reason: Text) -> Table:
    """The table with small cells suppressed, and beside a lone hidden cell of a total its smallest sibling."""
    small = {place for place, figure in enumerate(table.figures) if _sensitive(figure, threshold)}
    hidden = _with_siblings(table, small)
    figures = [
        _suppressed(figure, reason, threshold) if place in hidden else _with_maturity(figure, threshold)
        for place, figure in enumerate(table.figures)
    ]
    return replace(table, figures=tuple(figures), scope=replace(table.scope, protected=True))


def _sensitive(figure: Figure, threshold: int) -> bool:
    if figure.status != "value":
        return False
    if figure.kind == "count":
        return 0 < int(figure.value or 0) < threshold
    numerator, base = figure.numerator or 0, figure.base or 0
    return any(0 < count < threshold for count in (base, numerator, base - numerator))


def _size(figure: Figure) -> int:
    return int(figure.base or 0) if figure.kind == "rate" else int(figure.value or 0)


def _with_siblings(table: Table, hidden: set[int]) -> set[int]:
    families = list(_families(table))
    changed = True
    while changed:
        changed = False
        for total, children in families:
            covered = [child for child in children if child in hidden]
            if len(covered) + (total in hidden) != 1:
                continue
            open_ = [place for place in children if place not in hidden and _size(table.figures[place])]
            choice = min(open_, key=lambda place: (_size(table.figures[place]), place), default=total)
            if choice not in hidden:
                hidden.add(choice)
                changed = True
    return hidden


def _families(table: Table) -> Iterable[tuple[int, list[int]]]:
    """Every total with the cells that it adds: over the codes of a breakdown, and over the instruments."""
    places: dict[_Key, int] = {}
    children: dict[_Key, list[int]] = defaultdict(list)
    for place, figure in enumerate(table.figures):
        if figure.status != "value":
            continue
        here = tuple(sorted(figure.by.items()))
        places[figure.period, figure.instrument, here] = place
        if figure.instrument is not None:
            children[figure.period, None, here].append(place)
        for item in here:
            rest = tuple(other for other in here if other != item)
            children[figure.period, figure.instrument, rest, item[0]].append(place)
    for key, family in children.items():
        total = places.get(key[:3])
        if total is not None:
            yield total, family


def _suppressed(figure: Figure, reason: Text, threshold: int) -> Figure:
    bare = replace(figure, status="suppressed", value=None, numerator=None, base=None, bounds=None, reason=reason)
    if figure.maturity is None:
        return bare
    hidden = {"entrants": None, "followed": None, "at_work": None, "not_at_work": None}
    return replace(bare, maturity=_veiled(replace(figure.maturity, **hidden), threshold))


def _with_maturity(figure: Figure, threshold: int) -> Figure:
    if figure.maturity is None or figure.status == "suppressed":
        return figure
    return replace(figure, maturity=_veiled(figure.maturity, threshold))


def _veiled(maturity: Maturity, threshold: int) -> Maturity:
    """Small boxes hidden, and the sums that would give a lone one away."""
    boxes = {item.name: getattr(maturity, item.name) for item in fields(maturity)}
    hidden = {name for name, count in boxes.items() if count is None or 0 < count < threshold}
    for total, parts in _SUMS:
        lone = {total, *parts} & hidden
        if len(lone) == 1:
            open_ = [name for name in (*parts, total) if name not in hidden and boxes[name]]
            hidden |= {min(open_, key=lambda name: (name == total, boxes[name]))} if open_ else {total}
    return Maturity(**{name: None if name in hidden else count for name, count in boxes.items()})


_SUMS = (
    ("followed", ("at_work", "not_at_work")),
    ("entrants", ("without_person", "not_ended", "not_counted", "not_due", "followed")),
)


