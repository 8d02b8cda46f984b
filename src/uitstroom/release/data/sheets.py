"""The sheets of the workbook: pages filled from top to bottom, with counts, rates, or the account of rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any, Protocol

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import BOXES, Figure, Table
from uitstroom.release.columns import dimensions
from uitstroom.release.layout import rows_of
from uitstroom.release.notes import marks, notes_of
from uitstroom.release.sentences import Wording

DARK = "#1F3864"
_PALE, _RULE = "#E8EDF5", "#8A94A6"
_LABEL, _WORDS, _NUMBER, _MEASURED = 36, 24, 15, 48
_LINE = 13.5
"""The height of a line in points."""


class Book(Protocol):
    """The workbook that sheets are added to."""

    published: Publishable
    catalogue: Catalogue
    wording: Wording
    book: Any

    def form(self, **properties: Any) -> Any:
        """A cell format."""
        ...


class Page:
    """A sheet filled from top to bottom; each row becomes as high as its longest words need."""

    def __init__(self, book: Book, sheet: Any, widths: Sequence[int]) -> None:
        self.book, self.sheet, self.widths, self.wording = book, sheet, widths, book.wording
        self.row, self._lines = 0, 1
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")

    def text(self, place: int, text: str, **properties: Any) -> None:
        """Words in a cell of the current row, wrapped within its column."""
        self._lines = max(self._lines, lines_of(text, self.widths[place]))
        self.sheet.write_string(self.row, place, text, self.book.form(text_wrap=True, **properties))

    def next(self) -> None:
        """Go to the next row."""
        self.sheet.set_row(self.row, _LINE * self._lines)
        self.row, self._lines = self.row + 1, 1

    def line(self, text: str, **properties: Any) -> None:
        """A sentence over the whole width."""
        form = self.book.form(text_wrap=True, **properties)
        if len(self.widths) > 1:
            self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", form)
        self.sheet.write_string(self.row, 0, text, form)
        size = properties.get("font_size", 10) / 10
        self.sheet.set_row(self.row, _LINE * size * lines_of(text, sum(self.widths) / size))
        self.row += 1

    def top(self, title: str, lines: Sequence[str] = ()) -> None:
        """The title, other lines, and the marks of the whole."""
        self.line(title[:1].upper() + title[1:], bold=True, font_size=14, font_color=DARK)
        for line in lines:
            self.line(line, font_color="#444444")
        for note in marks(self.book.published, self.book.catalogue):
            self.line(self.wording.say(note.text), bold=True)


def lines_of(text: str, width: float) -> int:
    """How many lines words take in a column of that many characters, with room for a wider letter."""
    return max(1, len(wrap(text, max(1, int(width * 0.87)))))


@dataclass(frozen=True)
class _Head:
    """The head of a column: its words, its width in characters, and whether it holds numbers."""

    text: str
    width: int
    number: bool = False


class _Sheet:
    """A sheet of figures: scope and marks above, heads that stay in sight, rows, and notes under them."""

    def __init__(self, book: Book, table: Table, name: str) -> None:
        self.book, self.table, self.wording = book, table, book.wording
        self.dimensions, self.footnotes = dimensions([table]), list[str]()
        self.heads = self.all_heads()
        self.page = Page(book, book.book.add_worksheet(name), [head.width for head in self.heads])

    def all_heads(self) -> list[_Head]:
        """The heads of the sheet's columns."""
        raise NotImplementedError

    def top(self, title: str) -> None:
        """Title, scope, marks and heads."""
        self.page.top(title, ["; ".join(self.wording.scope(self.table))])
        self.page.next()
        for place, head in enumerate(self.heads):
            align = "right" if head.number else "left"
            self.page.text(
                place, head.text[:1].upper() + head.text[1:], bold=True, align=align, font_color="white", bg_color=DARK
            )
        self.page.next()
        self.page.sheet.freeze_panes(self.page.row, 1)
        self.page.sheet.repeat_rows(self.page.row - 1)

    def first_heads(self, period: str | None = None) -> list[_Head]:
        """The heads of the words in front of a row's numbers: form, breakdowns, perhaps the period, unit."""
        named = [self.wording.say(self.book.catalogue.dimension(code).name) for code in self.dimensions]
        middle = [*named, *([period] if period else [])]
        return [
            _Head(self.wording.word("table.form"), _LABEL),
            *(_Head(name, _WORDS) for name in middle),
            _Head(self.wording.word("xlsx.unit"), _WORDS),
        ]

    def begin(self, figure: Figure, period: bool = False) -> int:
        """Write those words; returns the next column."""
        every = self.wording.word("xlsx.total_of_dimension")
        codes = [self.wording.code(code, figure.by[code]) if code in figure.by else every for code in self.dimensions]
        units = " + ".join(self.wording.word(f"unit.{unit}.plural") for unit in figure.units)
        periods = [self.wording.say(figure.period.name)] if period else []
        words = [self.wording.row(figure, self.table), *codes, *periods, units or self.wording.word("xlsx.none")]
        for place, text in enumerate(words):
            self.words(place, text, figure)
        return len(words)

    def words(self, place: int, text: str, figure: Figure, **properties: Any) -> None:
        """A cell with words."""
        self.page.text(place, text, **_style(figure), **properties)

    def number(self, place: int, number: int | Decimal | None, figure: Figure, pattern: str = "#,##0") -> None:
        """A number as a number; a hidden one as the sign."""
        if number is None:
            self.words(place, self.wording.symbol, figure, align="right")
            return
        form = self.book.form(**_style(figure), num_format=pattern, align="right")
        self.page.sheet.write_number(self.page.row, place, float(number), form)

    def cell(self, place: int, figure: Figure | None, row: Figure) -> None:
        """A figure: its number, or its status in words; None is a period that was not asked of this row."""
        if figure is None:
            self.words(place, self.wording.word("table.no_figure"), row, align="right")
        elif figure.status != "value" or figure.value is None:
            self.words(place, self.wording.cell(figure) + self._mark(figure), figure, align="right")
        else:
            value = figure.value if figure.kind == "count" else Decimal(figure.value) / 100
            self.number(place, value, figure, self._pattern(figure))

    def _mark(self, figure: Figure) -> str:
        reason = self.wording.reason(figure)
        if not reason or figure.status == "suppressed":
            return ""
        if reason not in self.footnotes:
            self.footnotes.append(reason)
        return f" [{self.footnotes.index(reason) + 1}]"

    def _pattern(self, figure: Figure) -> str:
        """The number's format, with the words for provisional and break that belong to the cell."""
        said = [self.wording.word("status.provisional")] * (figure.provisional is not None)
        said += [self.wording.word("status.break")] * (figure.series_break is not None)
        behind = f'" ({", ".join(said)})"' if said else ""
        if figure.kind == "count":
            return "#,##0" + behind
        exponent = Decimal(figure.value or 0).as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        return ("0." + "0" * decimals if decimals else "0") + "%" + behind

    def under(self) -> None:
        """The reasons and the notes of the table."""
        self.page.next()
        for number, text in enumerate(self.footnotes, 1):
            self.page.line(f"[{number}] {text}")
        above = {note.text for note in marks(self.book.published, self.book.catalogue)}
        for note in notes_of(self.table, self.book.published, self.book.catalogue):
            if note.text not in above:
                self.page.line(self.wording.say(note.text))


def _style(figure: Figure) -> dict[str, Any]:
    """How the row of a figure looks: that of a total stands out."""
    return {"bold": True, "bg_color": _PALE, "top": 1, "top_color": _RULE} if figure.instrument is None else {}


class CountSheet(_Sheet):
    """Counts: a row per form and breakdown, with the periods as columns."""

    def all_heads(self) -> list[_Head]:
        self.periods = list(dict.fromkeys(figure.period for figure in self.table.figures))
        return [*self.first_heads(), *(_Head(self.wording.say(one.name), _WORDS, number=True) for one in self.periods)]

    def write(self) -> None:
        """Fill the sheet."""
        self.top(self.wording.say(self.table.title))
        for figures in rows_of(self.table):
            first = next((figure for figure in figures if figure.units), figures[0])
            begin, found = self.begin(first), {figure.period: figure for figure in figures}
            for step, period in enumerate(self.periods):
                self.cell(begin + step, found.get(period), first)
            self.page.next()
        self.under()


class RateSheet(_Sheet):
    """Rates: a row per form, breakdown and period, with what is measured, the percentage, its numerator and base."""

    def all_heads(self) -> list[_Head]:
        numbers = ("xlsx.rate", "xlsx.numerator", "table.base")
        return [
            *self.first_heads(self.wording.word("column.period")),
            _Head(self.wording.word("xlsx.measured"), _MEASURED),
            *(_Head(self.wording.word(key), _WORDS if key == "xlsx.rate" else _NUMBER, number=True) for key in numbers),
        ]

    def write(self) -> None:
        """Fill the sheet."""
        self.top(self.wording.say(self.table.title))
        for figure in (figure for row in rows_of(self.table) for figure in row):
            place = self.begin(figure, period=True)
            self.words(place, self._measured(figure), figure)
            self.cell(place + 1, figure, figure)
            for step, name in enumerate(("numerator", "base"), 2):
                self._part(place + step, name, figure)
            self.page.next()
        self.under()

    def _measured(self, figure: Figure) -> str:
        if figure.definition is None:
            return self.wording.word("xlsx.none")
        cohort = self.wording.word(f"cohort.{figure.cohort}")
        return f"{self.wording.say(self.wording.event(figure))} ({cohort})"

    def _part(self, place: int, name: str, figure: Figure) -> None:
        if figure.status == "value":
            self.number(place, getattr(figure, name), figure)
        else:
            self.words(place, self.wording.word("xlsx.none"), figure, align="right")


class AccountSheet(_Sheet):
    """How each rate came about: its boxes, from all entrants down to those at work."""

    def all_heads(self) -> list[_Head]:
        period = self.wording.word("column.period")
        boxes = (_Head(self.wording.word(f"box.{box}"), _NUMBER, number=True) for box in BOXES)
        return [*self.first_heads(period), *boxes]

    def write(self) -> None:
        """Fill the sheet."""
        self.top(self.wording.word("xlsx.account_title", title=self.table.title))
        for figure in (figure for row in rows_of(self.table) for figure in row if figure.maturity):
            place = self.begin(figure, period=True)
            for step, box in enumerate(BOXES):
                self.number(place + step, getattr(figure.maturity, box), figure)
            self.page.next()
        self.under()
