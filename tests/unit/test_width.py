"""A table never loses a column: it is turned or split to the width there is, and every cell stays in its row."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.console import Console

from uitstroom.catalogue import Catalogue
from uitstroom.cli.terminal import tables as terminal
from uitstroom.periods import Period
from uitstroom.release.blocks import Grid, Row
from uitstroom.release.sentences import Wording
from uitstroom.release.width import fitted, needed, widths

NUMBERS = some.integers(min_value=0, max_value=9_999_999).map(lambda number: f"{number:,}".replace(",", "."))
WORDS = some.sampled_from(["nog niet gekend", "niet van toepassing [1]", "x", "–"])


@some.composite
def grids(draw: some.DrawFn) -> Grid:
    columns, rows = draw(some.integers(1, 24)), draw(some.integers(1, 12))
    return Grid(
        "Een reeks", "Vorm", tuple(f"kolom {place}" for place in range(columns)),
        tuple(
            Row(f"rij nummer {row}", tuple(draw(NUMBERS | WORDS) for _ in range(columns)), row % 3)
            for row in range(rows)
        ),
        ("Een opmerking.",), (True,) * columns,
    )  # fmt: skip


def _part(number: int, count: int) -> str:
    return f"({number}/{count})"


@given(grids(), some.integers(50, 160))
def test_every_cell_stands_somewhere_with_its_row_and_column(grid: Grid, width: int) -> None:
    parts = fitted(grid, width, _part, "Periode")
    found = [
        ((row.label, name) if one.stub == grid.stub else (name, row.label), cell)
        for one in parts
        for row in one.rows
        for name, cell in zip(one.columns, row.cells, strict=True)
    ]
    wanted = [
        ((row.label, name), cell) for row in grid.rows for name, cell in zip(grid.columns, row.cells, strict=True)
    ]
    assert sorted(found) == sorted(wanted)
    assert [one.notes for one in parts][-1] == grid.notes
    assert all(needed(one, width) <= width or len(one.columns) == 1 for one in parts)
    assert all(sum(widths(one, width)) <= width for one in parts if len(one.columns) > 1)


@given(grids(), some.integers(60, 160))
def test_the_terminal_shows_every_number_whole_within_its_width(grid: Grid, width: int) -> None:
    out = StringIO()
    console = Console(file=out, width=width)
    wording = Wording(Catalogue.load(), "nl", "x")
    console.print(terminal._noted(grid, [], wording, console))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    shown = re.findall(r"[\d.]+", out.getvalue())
    for row in grid.rows:
        for cell in row.cells:
            assert not cell[0].isdigit() or cell in shown


@pytest.mark.parametrize(
    ("code", "short", "said"),
    [
        ("2017-S1", "1e helft 2017", "in de eerste jaarhelft van 2017"),
        ("2017-Q3", "3e kwartaal 2017", "in het derde kwartaal van 2017"),
        ("2017-03", "mrt 2017", "in maart 2017"),
        ("2017", "2017", "in 2017"),
        ("2016-07/2017-06", "jul 2016 – jun 2017", "van juli 2016 tot en met juni 2017"),
        ("2017-01-15/2017-02-14", "15 januari 2017 tot en met 14 februari 2017",
         "van 15 januari 2017 tot en met 14 februari 2017"),
        ("2017-01-15/2017-01-15", "15 januari 2017 tot en met 15 januari 2017", "op 15 januari 2017"),
    ],
)  # fmt: skip
def test_periods_have_a_short_name_and_a_place_in_a_sentence(code: str, short: str, said: str) -> None:
    period = Period.parse(code)
    assert (period.short_name["nl"], period.adverb["nl"]) == (short, said)
