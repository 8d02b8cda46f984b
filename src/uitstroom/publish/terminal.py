"""Tables in the terminal: the figures, the reason of every cell that is no number, and what must travel with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Line

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Figure, Table
from uitstroom.publish.wording import Wording
from uitstroom.text import Language


def show(publishable: Publishable, catalogue: Catalogue, language: Language, console: Console) -> None:
    """Print every table with its notes; a warning stands above unprotected figures."""
    wording = Wording(catalogue, language, publishable.symbol)
    if publishable.internal:
        console.print(Line(wording.word("note.internal"), style="bold"))
    for table in publishable:
        console.print(_Sheet(table, wording).whole())


class _Sheet:
    """One table on its way to the terminal; footnotes get their number in the order in which they are met."""

    def __init__(self, table: Table, wording: Wording) -> None:
        self._table, self._wording = table, wording
        self._footnotes: list[str] = []

    def whole(self) -> RenderableType:
        table, wording = self._table, self._wording
        body = self._grid()
        parts: list[RenderableType] = [Line("\n" + wording.say(table.title), style="bold"), body]
        parts += [_note(f"[{number}] {text}") for number, text in enumerate(self._footnotes, 1)]
        parts += [_note(line) for line in self._accounts()]
        parts += [_note("* " + wording.say(note.text)) for note in table.notes]
        parts += [_note(line, style="dim") for line in wording.scope(table)]
        return Group(*parts)

    def _grid(self) -> Grid:
        columns = self._columns()
        grid = Grid(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
        grid.add_column(self._wording.word("table.form"), min_width=28)
        for _, title in columns:
            grid.add_column(title, justify="left" if self._table.indicator == "outflow" else "right")
        for label, figures, depth, last in self._rows():
            cells = {figure.period.code: self._cell(figure) for figure in figures}
            style = "bold" if figures[0].instrument is None else ""
            grid.add_row(
                "  " * depth + label, *(cells.get(key, "") for key, _ in columns), style=style, end_section=last
            )
        return grid

    def _columns(self) -> list[tuple[str, str]]:
        periods = dict.fromkeys(figure.period for figure in self._table.figures)
        return [(period.code, self._wording.say(period.name)) for period in periods]

    def _rows(self) -> list[tuple[str, list[Figure], int, bool]]:
        """Per instrument its own row, then its parts, each breakdown one step further in."""
        order = {code: place for place, code in enumerate(self._table.order)}
        codes: dict[tuple[str, str], int] = {}
        for figure in self._table.figures:
            for item in figure.by.items():
                codes.setdefault(item, len(codes))

        def key(figure: Figure) -> tuple[int, list[int]]:
            place = order.get(figure.instrument or "", len(order))
            return place, [codes[item] for item in figure.by.items()]

        rows = []
        for instrument, group in groupby(sorted(self._table.figures, key=key), lambda figure: figure.instrument):
            for by, same in groupby(group, lambda figure: tuple(figure.by.items())):
                figures = list(same)
                label = (
                    self._wording.row(figures[0], self._table)
                    if not by
                    else " · ".join(self._wording.by_words(figures[0]))
                )
                rows.append((label, figures, len(by), False))
            if self._table.by or instrument is None:
                rows[-1] = (*rows[-1][:3], True)
        return rows

    def _cell(self, figure: Figure) -> str:
        text = self._wording.cell(figure)
        reason = self._wording.reason(figure)
        return text + self._mark(reason) if reason and figure.status != "suppressed" else text

    def _mark(self, reason: str) -> str:
        if reason not in self._footnotes:
            self._footnotes.append(reason)
        return f" \\[{self._footnotes.index(reason) + 1}]"

    def _accounts(self) -> Sequence[str]:
        """How each rate of an outflow table came about; of a breakdown only the instruments' own rows."""
        lines = []
        for figure in self._table.figures:
            account = [] if figure.by else self._wording.account(figure)
            if account:
                lines.append(f"{self._wording.row(figure, self._table)}, {self._wording.say(figure.period.name)}:")
                lines += ["  " + line for line in account]
        return lines


def _note(text: str, style: str = "") -> Padding:
    indent = 4 if text.startswith("  ") else 2
    return Padding(Line(text.strip(), style=style), (0, 0, 0, indent))
