"""A table made to fit a width: turned where that is enough, else split; never a column lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from uitstroom.release.blocks import Grid, Row

PAGE = 100
"""So many letters stand side by side on an upright page, with what keeps columns apart."""
_WORDS = 14
"""Cells of words need no more than so many letters in a line; they break."""
_LABEL = 20
_BETWEEN = 3
"""White between columns, in letters."""


def fitted(grid: Grid, width: int, part: Callable[[int, int], str], period: str) -> tuple[Grid, ...]:
    """The grid as one or more grids of at most `width` letters each, if their columns can be as narrow as that.

    `part` names each of several: their captions end with it. `period` heads the labels of a turned one. The notes stand
    under the last.
    """
    if needed(grid, width) <= width:
        return (grid,)
    turned = _turned(grid, period)
    if turned and needed(turned, width) <= width:
        return (turned,)
    groups = _groups(grid, width)
    if len(groups) == 1:
        return (grid,)
    return tuple(
        replace(
            _chosen(grid, places),
            caption=f"{grid.caption} {part(number, len(groups))}",
            notes=grid.notes if number == len(groups) else (),
        )
        for number, places in enumerate(groups, 1)
    )


def needed(grid: Grid, width: int) -> int:
    """The letters that a line of the grid needs."""
    return (
        label_width(grid, width)
        + _BETWEEN
        + sum(column_width(grid, place) + _BETWEEN for place in range(len(grid.columns)))
    )


def widths(grid: Grid, width: int) -> list[int]:
    """The letters of each column, the label column first: what it needs, and then what is left, up to its longest."""
    given = [label_width(grid, width), *(column_width(grid, place) for place in range(len(grid.columns)))]
    labels = [len(grid.stub), *(2 * row.level + len(row.label) for row in grid.rows)]
    longest = [max(labels)]
    for place, name in enumerate(grid.columns):
        longest.append(max([len(name), *(len(row.cells[place]) for row in grid.rows)]))
    left = width - needed(grid, width)
    for place in (*range(1, len(given)), 0):
        more = max(0, min(left, longest[place] - given[place]))
        given[place] += more
        left -= more
    return given


def label_width(grid: Grid, width: int) -> int:
    """The letters that the label column needs; labels longer than a third of the width break."""
    longest = max((2 * row.level + len(row.label) for row in grid.rows), default=0)
    return max(len(grid.stub), min(longest, max(_LABEL, width // 3)))


def column_width(grid: Grid, place: int) -> int:
    """The letters that a column needs: words break, numbers never."""
    cells = max((_unbroken(row.cells[place]) for row in grid.rows), default=0)
    return max(cells, *map(len, grid.columns[place].split()))


def _unbroken(cell: str) -> int:
    """The letters of a cell that cannot break; few words in a line are no pleasure to read."""
    longest = max(map(len, cell.split()), default=0)
    return longest if cell[:1].isdigit() and " " not in cell else max(longest, min(len(cell), _WORDS))


def _turned(grid: Grid, period: str) -> Grid | None:
    """Columns as rows, where every column holds numbers of the same kind and the rows are fewer."""
    if len(grid.rows) >= len(grid.columns) or not all(grid.numeric):
        return None
    rows = tuple(Row(name, tuple(row.cells[place] for row in grid.rows)) for place, name in enumerate(grid.columns))
    columns = tuple(row.label for row in grid.rows)
    return replace(grid, stub=period, columns=columns, rows=rows, numeric=(True,) * len(columns))


def _groups(grid: Grid, width: int) -> list[list[int]]:
    """The places of the columns that stand together; a percentage is never parted from its base."""
    step = 2 if grid.numeric and not all(grid.numeric) and len(grid.columns) % 2 == 0 else 1
    label = label_width(grid, width) + _BETWEEN
    groups: list[list[int]] = [[]]
    used = label
    for first in range(0, len(grid.columns), step):
        places = list(range(first, first + step))
        more = sum(column_width(grid, place) + _BETWEEN for place in places)
        if groups[-1] and used + more > width:
            groups.append([])
            used = label
        groups[-1] += places
        used += more
    return groups


def _chosen(grid: Grid, places: list[int]) -> Grid:
    def of(whole: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(whole[place] for place in places)

    rows = tuple(replace(row, cells=of(row.cells)) for row in grid.rows)
    numeric = tuple(grid.numeric[place] for place in places) if grid.numeric else ()
    return replace(grid, columns=of(grid.columns), rows=rows, numeric=numeric)
