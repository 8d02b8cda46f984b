"""Tables in the terminal: the figures, the reason of every cell that is no number, and what must travel with them."""

from __future__ import annotations

import io
from collections.abc import Iterator

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
from uitstroom.release.width import fitted, widths
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
            console.print(_noted(laid_out, common, wording, console))
    else:
        for table in publishable:
            console.print(_whole(table, wording, common, console))
    console.print(Line(""))
    for line in common:
        console.print(_indented(line, 0, "dim"))


def _common(publishable: Publishable, wording: Wording) -> list[str]:
    """What holds for every table is said once, under the last."""
    tables = list(publishable)
    notes = [wording.say(note.text) for note in tables[0].notes if all(note in table.notes for table in tables)]
    return [*notes, *wording.scope(tables[0])]


def _whole(table: Table, wording: Wording, common: list[str], console: Console) -> RenderableType:
    return Group(_noted(grid(table, wording), common, wording, console), *_accounts(table, wording))


def _noted(laid_out: Grid, common: list[str], wording: Wording, console: Console) -> RenderableType:
    parts: list[RenderableType] = []
    for one in fitted(laid_out, console.width, wording.part, wording.word("table.period")):
        parts += [Line(f"\n{one.caption}", style="bold"), _sheet(one, console.width)]
    notes = [note for note in laid_out.notes if note not in common]
    parts += [_indented(note if note.startswith("[") else f"* {note}", 2) for note in notes]
    return Group(*parts)


def _sheet(laid_out: Grid, width: int) -> Sheet:
    sheet = Sheet(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    first, *others = widths(laid_out, width)
    sheet.add_column(Line(laid_out.stub), width=first)
    for title, numeric, across in zip(laid_out.columns, laid_out.numeric, others, strict=True):
        sheet.add_column(Line(title), justify="right" if numeric else "left", width=across)
    for row in laid_out.rows:
        label = Line("  " * row.level + row.label)
        sheet.add_row(label, *(Line(cell) for cell in row.cells), style="bold" if row.total else "")
    return sheet


def _accounts(table: Table, wording: Wording) -> list[RenderableType]:
    """How each rate came about; of a breakdown only the instruments' own rows, and once what holds in each period."""
    accounts: dict[str, dict[str, list[str]]] = {}
    for figure in table.figures:
        account = [] if figure.by else wording.account(figure)
        if account:
            accounts.setdefault(wording.row(figure, table), {})[wording.say(figure.period.name)] = account
    return [line for form, periods in accounts.items() for line in _account(form, periods)]


def _account(form: str, periods: dict[str, list[str]]) -> Iterator[RenderableType]:
    first, *others = periods.values()
    common = [line for line in first if all(line in other for other in others)] if others else []
    for period, account in periods.items():
        yield _indented(f"{form}, {period}:", 2)
        yield from (_indented(line, 4) for line in account if line not in common)
    if common:
        yield _indented(f"{form}:", 2)
        yield from (_indented(line, 4) for line in common)


def _indented(text: str, columns: int, style: str = "") -> Padding:
    return Padding(Line(text, style=style), (0, 0, 0, columns), expand=False)


def as_text(publishable: Publishable, catalogue: Catalogue, language: Language) -> str:
    """The tables as a terminal of 110 columns would show them, without colours."""
    console = Console(record=True, width=110, highlight=False, file=io.StringIO())
    show(publishable, catalogue, language, console)
    return "\n".join(line.rstrip() for line in console.export_text().strip("\n").split("\n"))
