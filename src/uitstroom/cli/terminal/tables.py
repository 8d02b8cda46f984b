"""Tables in the terminal: the figures, the reason of every cell that is no number, and what must travel with them."""

from __future__ import annotations

import io

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Sheet
from rich.text import Text as Line

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Table
from uitstroom.release.blocks import Grid
from uitstroom.release.curves import curves
from uitstroom.release.layout import grid
from uitstroom.release.sentences import Wording
from uitstroom.text import Language


def show(
    publishable: Publishable, catalogue: Catalogue, language: Language, console: Console, *, curve: bool = False
) -> None:
    """Print every table with its notes; a warning stands above unprotected figures. `curve`: the tables differ in
    their horizon only, and are put together."""
    wording = Wording(catalogue, language, publishable.symbol)
    if publishable.internal:
        console.print(Line(wording.word("note.internal"), style="bold"))
    common = _common(publishable, wording)
    if curve:
        for laid_out in curves(tuple(publishable), wording):
            console.print(_noted(laid_out, common))
    else:
        for table in publishable:
            console.print(_whole(table, wording, common))
    console.print(Line(""))
    for line in common:
        console.print(_indented(line, 0, "dim"))


def _common(publishable: Publishable, wording: Wording) -> list[str]:
    """What holds for every table is said once, under the last."""
    tables = list(publishable)
    notes = [wording.say(note.text) for note in tables[0].notes if all(note in table.notes for table in tables)]
    return [*notes, *wording.scope(tables[0])]


def _whole(table: Table, wording: Wording, common: list[str]) -> RenderableType:
    return Group(_noted(grid(table, wording), common), *_accounts(table, wording))


def _noted(laid_out: Grid, common: list[str]) -> RenderableType:
    parts: list[RenderableType] = [Line(f"\n{laid_out.caption}", style="bold"), _sheet(laid_out)]
    notes = [note for note in laid_out.notes if note not in common]
    parts += [_indented(note if note.startswith("[") else f"* {note}", 2) for note in notes]
    return Group(*parts)


def _sheet(laid_out: Grid) -> Sheet:
    sheet = Sheet(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 3, 0, 0))
    sheet.add_column(Line(laid_out.stub), min_width=28)
    for title, numeric in zip(laid_out.columns, laid_out.numeric, strict=True):
        sheet.add_column(Line(title), justify="right" if numeric else "left")
    for row in laid_out.rows:
        label = Line("  " * row.level + row.label)
        sheet.add_row(label, *(Line(cell) for cell in row.cells), style="bold" if row.total else "")
    return sheet


def _accounts(table: Table, wording: Wording) -> list[RenderableType]:
    """How each rate came about; of a breakdown only the instruments' own rows."""
    lines: list[RenderableType] = []
    for figure in table.figures:
        account = [] if figure.by else wording.account(figure)
        if account:
            lines.append(_indented(f"{wording.row(figure, table)}, {wording.say(figure.period.name)}:", 2))
            lines += [_indented(line, 4) for line in account]
    return lines


def _indented(text: str, columns: int, style: str = "") -> Padding:
    return Padding(Line(text, style=style), (0, 0, 0, columns), expand=False)


def as_text(publishable: Publishable, catalogue: Catalogue, language: Language) -> str:
    """The tables as a terminal of 110 columns would show them, without colours."""
    console = Console(record=True, width=110, highlight=False, file=io.StringIO())
    show(publishable, catalogue, language, console)
    return "\n".join(line.rstrip() for line in console.export_text().strip("\n").split("\n"))
