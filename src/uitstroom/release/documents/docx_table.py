"""A table of a DOCX: every look comes from the reference document's paragraph styles and its `Figure Table`."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph as WordParagraph

from uitstroom.release.blocks import Grid, Row
from uitstroom.release.documents import page

_NARROW = "45"
"""White beside a cell of a table that hardly fits, in twentieths of a point."""


class TableWriting:
    """One grid on its way into a document; what python-docx finds slowly is looked up once."""

    def __init__(self, target: WordDocument, block: Grid) -> None:
        self._target, self._block = target, block
        self._scale = page.scale(block)
        self._looks: dict[str, tuple[str, Pt | None]] = {}

    def add(self, width: int) -> None:
        """Add the table at the end, `width` wide (in English Metric Units)."""
        block = self._block
        table = self._target.add_table(1 + len(block.rows), 1 + len(block.columns), "Figure Table")
        _describe(table, block.caption)
        cells = _cells(table)
        self._size_columns(table, cells, width)
        rows = list(table.rows)
        self._head(rows[0], cells[0])
        for row, line, content in zip(rows[1:], cells[1:], block.rows, strict=True):
            self._row(row, line, content)
        if len(block.rows) <= page.TOGETHER:
            _keep_together(cells)

    def _size_columns(self, table: WordTable, cells: list[list[WordCell]], width: int) -> None:
        table.autofit = False
        if self._scale < 1:
            _narrow(table)
        for place, share in enumerate(page.widths(self._block)):
            across = Emu(int(width * share))
            table.columns[place].width = across
            for line in cells:
                line[place].width = across

    def _head(self, row: WordRow, cells: list[WordCell]) -> None:
        _flag(row, "w:cantSplit", "w:tblHeader")
        self._cell(cells[0], self._block.stub, "Table Head")
        for place, text in enumerate(self._block.columns):
            number = page.is_numeric(self._block, place)
            self._cell(cells[place + 1], text, "Table Head Number" if number else "Table Head")

    def _row(self, row: WordRow, cells: list[WordCell], content: Row) -> None:
        _flag(row, "w:cantSplit")
        label = self._cell(cells[0], content.label, "Table Part" if content.level else "Table Label", content.total)
        if content.level > 1:
            label.paragraph_format.left_indent = Cm(0.4 * content.level)
        for place, text in enumerate(content.cells):
            number = page.is_numeric(self._block, place)
            self._cell(cells[place + 1], text, "Table Number" if number else "Table Words", content.total)

    def _cell(self, cell: WordCell, text: str, style: str, total: bool = False) -> WordParagraph:
        paragraph: WordParagraph = cell.paragraphs[0]
        name, size = self._look(style)
        paragraph._p.style = name
        run = paragraph.add_run(text)
        if total:
            run._r.style = self._look("Total")[0]
        if size is not None:
            run.font.size = size
        return paragraph

    def _look(self, name: str) -> tuple[str, Pt | None]:
        """The id of a style and, in a table that does not fit otherwise, its smaller letters."""
        if name not in self._looks:
            style: Any = self._target.styles[name]
            size = _letter_size(style) if self._scale < 1 else None
            smaller = Pt(round(size * self._scale * 2) / 2) if size else None
            self._looks[name] = (style.style_id, smaller)
        return self._looks[name]


def _letter_size(style: Any) -> float | None:
    """The size of a style's letters in points, inherited where it says none."""
    while style is not None and style.font.size is None:
        style = style.base_style
    return None if style is None else float(style.font.size.pt)


def _cells(table: WordTable) -> list[list[WordCell]]:
    """The cells by row; python-docx's own `row.cells` walks the whole table each time."""
    cells = table._cells
    width = len(table.columns)
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _flag(row: WordRow, *names: str) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))


def _keep_together(cells: list[list[WordCell]]) -> None:
    for line in cells[:-1]:
        for cell in line:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _narrow(table: WordTable) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), _NARROW)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _describe(table: WordTable, caption: str) -> None:
    """The caption as the table's name for those who do not see it."""
    name = OxmlElement("w:tblCaption")
    name.set(qn("w:val"), caption)
    table._tbl.tblPr.append(name)
