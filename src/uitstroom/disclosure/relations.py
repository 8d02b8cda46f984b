"""How numbers hang together: sums over codes, forms and boxes, what is part of what, and what two breakdowns share.

Every function ties cells of one snapshot on a sheet. A row that is not a law but holds is kept all the same: it stands
for a reader who supposes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from uitstroom.disclosure.quantity import (
    AT_WORK,
    FOLLOWED,
    NOT_AT_WORK,
    Items,
    Line,
    Parents,
    ancestors,
)
from uitstroom.disclosure.tied_cells import TiedCells
from uitstroom.disclosure.timeline import Cut, Stretch

Cells = Mapping[Stretch, int]
_BOXES = ("without_person", "not_ended", "not_counted", "not_due", FOLLOWED)
_MOST_POINTS = 12
"""Points between two common ones of which every stretch is looked at; of more only those that follow each other."""


def add_up(sheet: TiedCells, total: Cut, parts: Sequence[Cut], *, whole: bool = True) -> None:
    """Tie a line to lines that make it up (or, if not `whole`, to lines that are some of it), on days both are cut at.

    Between days at which not all of them are cut, what lies within a stretch is no more than what covers it.
    """
    common = sorted(set(total.points).intersection(*(part.points for part in parts)))
    closed = set()
    for first, end in pairwise(common):
        own, others = total.run(first, end), [part.run(first, end) for part in parts]
        if own is not None and all(other is not None for other in others):
            cells = [cell for other in others for cell in other or ()]
            if whole:
                sheet.equal(own, cells)
                closed.add((first, end))
            else:
                sheet.at_most(cells, own)
    if any(len(one.points) > len(common) for one in (total, *parts)):
        _between(sheet, total, parts, common, closed, whole=whole)


def _between(
    sheet: TiedCells, total: Cut, parts: Sequence[Cut], common: Sequence[int], closed: set[Stretch], *, whole: bool
) -> None:
    """The stretches of a line between two days at which all are cut."""
    bounds = {0, *common, max(total.points, default=0)}
    for first, end in pairwise(sorted(bounds)):
        own = [point for point in total.points if first <= point <= end]
        longest = len(own) if len(own) <= _MOST_POINTS else 2
        for stretch in combinations(own, 2):
            near = own.index(stretch[1]) - own.index(stretch[0]) < longest
            if near and stretch not in closed and (cells := total.run(*stretch)) is not None:
                _held(sheet, cells, parts, stretch, closed, (first, end), whole=whole)


def _held(
    sheet: TiedCells,
    own: list[int],
    parts: Sequence[Cut],
    stretch: Stretch,
    closed: set[Stretch],
    block: Stretch,
    *,
    whole: bool,
) -> None:
    if within := [cell for part in parts for cell in part.inner(*stretch)]:
        sheet.at_most(within, own)
    covers = [part.outer(*stretch) for part in parts]
    if whole and all(cover is not None for cover in covers):
        around = [cell for cover in covers for cell in cover or ()]
        wide = block in closed and all(part.outer(*stretch) == part.run(*block) for part in parts)
        if not wide:
            sheet.at_most(own, around)


def over_codes(lines: Iterable[Line], parents: Parents) -> dict[Line, list[list[Line]]]:
    """Per line the breakdowns of it that are there, each with all its lines: codes of a dimension, or of one below."""
    known = set(lines)
    found: dict[tuple[Line, str], list[Line]] = defaultdict(list)
    for line in sorted(known):
        for item in line.by:
            rest = tuple(one for one in line.by if one != item)
            for wider in (rest, *(tuple(sorted((*rest, above))) for above in ancestors(item, parents))):
                total = replace(line, by=wider)
                if total in known:
                    found[total, item[0]].append(line)
    families: dict[Line, list[list[Line]]] = defaultdict(list)
    for (total, _), parts in found.items():
        families[total].append(parts)
    return families


def over_forms(lines: Iterable[Line]) -> Iterator[tuple[Line, list[Line], frozenset[str]]]:
    """Each line of several forms with lines that are disjoint parts of it (the single forms; the largest sets), and the
    forms that these leave out."""
    sets: dict[Line, list[Line]] = defaultdict(list)
    for line in sorted(lines):
        sets[replace(line, forms=())].append(line)
    for same in sets.values():
        for total in (line for line in same if len(line.forms) > 1):
            inside = [line for line in same if set(line.forms) < set(total.forms)]
            single = [line for line in inside if len(line.forms) == 1]
            ways = (tuple(single), tuple(sorted(_disjoint(inside))))
            for parts in dict.fromkeys(way for way in ways if way):
                yield total, list(parts), frozenset(total.forms).difference(*(part.forms for part in parts))


def _disjoint(lines: Sequence[Line]) -> list[Line]:
    """Lines of which no two share a form, those of many forms first."""
    chosen: list[Line] = []
    for line in sorted(lines, key=lambda one: (-len(one.forms), one)):
        if not any(set(line.forms) & set(other.forms) for other in chosen):
            chosen.append(line)
    return chosen


def over_boxes(line: Line, lines: Mapping[Line, Cut]) -> Iterator[tuple[Cut, list[Cut]]]:
    """The sums of boxes in which those followed stand: with those at work, and with all other entrants."""
    terms = dict(line.terms)
    entrants = replace(line, what=terms["cohort"], terms=())
    boxes = [replace(line, what=box, terms=_of_box(box, terms)) for box in _BOXES]
    if entrants in lines and all(box in lines for box in boxes):
        yield lines[entrants], [lines[box] for box in boxes]


def _of_box(box: str, terms: Mapping[str, str]) -> Items:
    """What a box depends on, of what those followed depend on."""
    fixed = terms["horizon"][:1].isdigit()
    names = {
        "without_person": ("cohort",),
        "not_ended": ("cohort", "anchor"),
        "not_counted": ("cohort", "anchor", "who", *(("horizon",) if fixed else ())),
    }.get(box, ("cohort", "anchor", "who", "horizon"))
    return tuple(sorted((name, terms[name]) for name in names))


def of_work(line: Line) -> tuple[Line, Line]:
    """Those followed, and those of them not at work, beside a line of those at work."""
    followed = tuple(item for item in line.terms if item[0] in ("cohort", "anchor", "who", "horizon"))
    return replace(line, what=FOLLOWED, terms=followed), replace(line, what=NOT_AT_WORK)


def parts_of_others(lines: Iterable[Line]) -> list[tuple[Line, Line]]:
    """Pairs of lines of outflow of which everybody in the first is in the second, by what their definitions ask."""
    sets: dict[Line, list[Line]] = defaultdict(list)
    for line in sorted(lines):
        if line.what in (FOLLOWED, AT_WORK, NOT_AT_WORK, "not_due"):
            sets[replace(line, terms=())].append(line)
    ordered: dict[tuple[str, tuple[Items, ...]], list[tuple[int, int]]] = {}
    pairs = []
    for same in sets.values():
        key = same[0].what, tuple(line.terms for line in same)
        if key not in ordered:
            ordered[key] = _ordered(*key)
        pairs += [(same[one], same[other]) for one, other in ordered[key]]
    return pairs


def _ordered(what: str, terms: tuple[Items, ...]) -> list[tuple[int, int]]:
    """Places of definitions of which the first asks for a part of the second; what follows from two others left out."""
    count = range(len(terms))
    told = [dict(one) for one in terms]
    part = {(one, other) for one in count for other in count if one != other and _part(what, told[one], told[other])}
    return [
        (one, other)
        for one, other in sorted(part)
        if not any((one, third) in part and (third, other) in part for third in count)
    ]


def _part(what: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether all that the one definition puts in a box the other puts there too."""
    if any(one[name] != other[name] for name in ("cohort", "anchor")):
        return False
    if one["who"] != other["who"] and (one["who"], other["who"]) != ("completed", "all"):
        return False
    here, there = one["horizon"], other["horizon"]
    if what == "not_due":
        return here == there or _sooner(here, there)
    if what == FOLLOWED:
        return here == there or _sooner(there, here)
    if what == NOT_AT_WORK:
        found_later = one["event"].startswith("within") and _sooner(there, here)
        return (here == there or found_later) and _shows(other, one)
    return here == there and _shows(one, other)


def _shows(strict: Mapping[str, str], loose: Mapping[str, str]) -> bool:
    """Whether work that shows for the one event always shows for the other, looked at until the same day."""
    employer = strict["employer"] == loose["employer"] or loose["employer"] == "any"
    work = set(strict["work"].split()) <= set(loose["work"].split())
    one, other = strict["event"].split(), loose["event"].split()
    on_a_later_day = strict["horizon"] not in ("P0D", "P0M")
    if one == other:
        event = True
    elif one[0] == "sustained" == other[0]:
        event = int(one[1]) >= int(other[1])
    elif other == ["within"]:
        event = one[0] == "within" or on_a_later_day
    else:
        event = one[0] == "sustained" and other == ["on_the_day"]
    return employer and work and event


def _sooner(one: str, other: str) -> bool:
    """Whether the one horizon ends before the other, whatever day it begins; not said of fixed days."""
    if not (one.startswith("P") and other.startswith("P")):
        return False
    if one[-1] == other[-1]:
        return int(one[1:-1]) < int(other[1:-1])
    longest, shortest = (31, 28) if one[-1] == "M" else (1, 28)
    return int(one[1:-1]) * longest <= int(other[1:-1]) * (shortest if other[-1] == "M" else 1)


def share_a_cube(sheet: TiedCells, told: Mapping[Line, Cells]) -> None:
    """Two breakdowns of the same people: those with one code in both are no fewer than what does not fit beside.

    n(a and b) + n(a and c) - n(a) <= n(b and c).
    """
    pairs: dict[tuple[Line, Stretch], dict[Items, int]] = defaultdict(dict)
    for line, cells in told.items():
        if 1 <= len(line.by) <= 2:
            for stretch, cell in cells.items():
                pairs[replace(line, by=()), stretch][line.by] = cell
    for cells_of in pairs.values():
        _frechet(sheet, cells_of)


def _frechet(sheet: TiedCells, cells: Mapping[Items, int]) -> None:
    beside: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for by in cells:
        if len(by) == 2:
            beside[by[0]].append(by[1])
            beside[by[1]].append(by[0])
    for item, others in beside.items():
        if (item,) not in cells:
            continue
        for one, other in combinations(sorted(others), 2):
            both = (one, other)
            if one[0] != other[0] and both in cells:
                small = [cells[tuple(sorted((item, one)))], cells[tuple(sorted((item, other)))]]
                sheet.at_most(small, [cells[item,], cells[both]])
