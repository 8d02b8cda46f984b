"""A workbook for people: a sheet with notes, one per table, and one with the account of each rate."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import xlsxwriter

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Note, Table
from uitstroom.release.data import Files
from uitstroom.release.data.codes import codes_of, indicator_name, meaning_of
from uitstroom.release.data.sheets import DARK, AccountSheet, CountSheet, Page, RateSheet
from uitstroom.release.documents.package import repacked
from uitstroom.release.notes import marks, notes_of_all
from uitstroom.release.sentences import Wording
from uitstroom.text import Language, Text

PATH = "tables/tables.xlsx"
_SHEET_NAME = 31


def files(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:  # noqa: ARG001
    """One workbook, whose bytes depend on the figures and the words only."""
    return {PATH: _Book(publishable, catalogue, language).whole()}


class _Book:
    """A workbook being written: its sheets, their formats, and how figures read."""

    def __init__(self, publishable: Publishable, catalogue: Catalogue, language: Language) -> None:
        self.published, self.catalogue, self.language = publishable, catalogue, language
        self.wording = Wording(catalogue, language, publishable.symbol)
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def whole(self) -> bytes:
        """The notes first, then each table with the account of its rates behind it."""
        self._properties()
        sheets = [(table, self._name(number, table)) for number, table in enumerate(self.published, 1)]
        notes = self.book.add_worksheet(self.wording.word("xlsx.notes"))
        for table, name in sheets:
            rates = any(figure.kind == "rate" for figure in table.figures)
            (RateSheet if rates else CountSheet)(self, table, name).write()
            if any(figure.maturity for figure in table.figures):
                account = f"{name.split(' ')[0]} {self.wording.word('xlsx.account')}"
                AccountSheet(self, table, account).write()
        _NotesSheet(self, notes, sheets).write()
        self.book.close()
        return repacked(self._out.getvalue())

    def form(self, **properties: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"font_name": "Arial", "valign": "top", "font_size": 10, **properties}
            )
        return self._formats[key]

    def _name(self, number: int, table: Table) -> str:
        said = self.wording.say(indicator_name(self.catalogue, table.indicator))
        return f"{number} {said}"[:_SHEET_NAME]

    def _properties(self) -> None:
        scope = self.published.tables[0].scope
        title = self.wording.word("sdmx.structure", service=scope.service)
        properties = {"title": title, "author": self.wording.say(scope.service)}
        comments = " ".join(self.wording.say(note.text) for note in marks(self.published, self.catalogue))
        self.book.set_properties({**properties, "comments": comments, "created": datetime.combine(scope.clock, time())})


class _NotesSheet:
    """What a reader must know: marks, scope, sheets, what a cell can hold, definitions, and every note."""

    def __init__(self, book: _Book, sheet: Any, sheets: Sequence[tuple[Table, str]]) -> None:
        self.book, self.sheets, self.wording = book, sheets, book.wording
        self.page = Page(book, sheet, (34, 110))

    def write(self) -> None:
        """Fill the sheet."""
        first = self.book.published.tables[0]
        self.page.top(self.wording.word("sdmx.structure", service=first.scope.service))
        self.page.sheet.freeze_panes(1, 0)
        self._section("xlsx.scope", self._scope(first))
        self._section("xlsx.sheets", [(name, self.wording.say(table.title)) for table, name in self.sheets])
        self._section("xlsx.signs", self._signs())
        self._section("xlsx.definitions", self._definitions())
        self._section("xlsx.remarks", self._remarks())

    def _section(self, key: str, lines: Sequence[tuple[str, str]]) -> None:
        self.page.next()
        self.page.line(self.wording.word(key), bold=True, font_color="white", bg_color=DARK)
        for name, text in lines:
            self.page.text(0, name, bold=True)
            self.page.text(1, text)
            self.page.next()

    def _scope(self, table: Table) -> list[tuple[str, str]]:
        say = self.wording
        return [
            (say.word("xlsx.scope"), "; ".join(say.scope(table))),
            (say.word("column.snapshot"), table.scope.snapshot),
            (say.word("column.catalogue"), table.scope.catalogue),
        ]

    def _signs(self) -> list[tuple[str, str]]:
        say = self.wording
        signs = [(say.word("xlsx.number"), say.word("meaning.value"))]
        signs += [(say.symbol, f"{say.word('status.suppressed')}. {say.word('meaning.suppressed')}")]
        keys = ("not_applicable", "not_possible", "not_yet_known", "provisional", "break")
        signs += [(say.word(f"status.{key}"), say.word(f"meaning.{key}")) for key in keys]
        return [*signs, (say.word("xlsx.none"), say.word("xlsx.none_meaning"))]

    def _definitions(self) -> list[tuple[str, str]]:
        named = codes_of(self.book.published, self.book.catalogue)
        lines = [
            (name, meaning_of(self.book.catalogue, kind, code))
            for kind in ("indicator", "instrument", "definition")
            for code, name in named[kind].items()
        ]
        return [(self.wording.say(name), self.wording.say(said)) for name, said in lines if said != Text()]

    def _remarks(self) -> list[tuple[str, str]]:
        """Every note, with the sheets that it is about."""
        notes = notes_of_all(self.book.published, self.book.catalogue)
        return [(", ".join(self._where(note)), self.wording.say(note.text)) for note in notes]

    def _where(self, note: Note) -> list[str]:
        """The numbers of the sheets."""
        held = [name for table, name in self.sheets if note.text in [one.text for one in table.notes]]
        return [name.split(" ")[0] for name in held or [name for _, name in self.sheets]]
