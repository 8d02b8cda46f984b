"""DOCX with python-docx: the reference document's styles, page, header and footer around the document's own text."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph as WordParagraph

from uitstroom.publish.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture, Row
from uitstroom.publish.documents import particulars
from uitstroom.publish.documents.docx_reference import margins, ready, restarted
from uitstroom.publish.documents.package import repacked
from uitstroom.publish.documents.style import Style

ROLES = {
    "body": "Body Text",
    "question": "Question",
    "reference": "Reference",
    "remark": "Remark",
    "warning": "Warning",
    "source": "Source",
}


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as DOCX; the same input gives the same bytes."""
    return _Writing(ready(style), document, style, pictures).whole()


class _Writing:
    """One document on its way to DOCX."""

    def __init__(self, target: WordDocument, document: Document, style: Style, pictures: Mapping[str, bytes]) -> None:
        self._target, self._document, self._style, self._pictures = target, document, style, pictures

    def whole(self) -> bytes:
        for block in particulars.blocks(self._document, self._style):
            self._add(block)
        self._set_language()
        self._set_properties()
        self._fill_margins()
        out = BytesIO()
        self._target.save(out)
        return repacked(out.getvalue())

    def _add(self, block: Block) -> None:
        match block:
            case Heading():
                self._paragraph(block.text, f"Heading {block.level}")
            case Paragraph():
                self._paragraph(block.text, ROLES[block.role])
            case Items():
                self._items(block)
            case Grid():
                self._grid(block)
            case Picture():
                self._picture(block)

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        paragraph = self._target.add_paragraph(style=style)
        self._say(paragraph, text)
        return paragraph

    def _say(self, paragraph: WordParagraph, text: str) -> None:
        for span in particulars.spans(text):
            run = paragraph.add_run(span.text)
            if span.address:
                link = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), paragraph.part.relate_to(span.address, RELATIONSHIP_TYPE.HYPERLINK, True))
                run.style = "Hyperlink"
                run._r.addprevious(link)
                link.append(run._r)

    def _items(self, block: Items) -> None:
        style = "List Number" if block.ordered else "List Bullet"
        number = restarted(self._target, style) if block.ordered else None
        for item in block.items:
            paragraph = self._paragraph(item, style)
            if number is not None:
                paragraph._p.get_or_add_pPr()._add_numPr()._add_numId().val = number

    def _grid(self, block: Grid) -> None:
        self._paragraph(block.caption, "Caption")
        table = self._target.add_table(1 + len(block.rows), 1 + len(block.columns), "Figure Table")
        _describe(table, block.caption)
        self._size_columns(table, block)
        if particulars.scale(block) < 1:
            _narrow(table)
        cells = _cells(table)
        self._head(table.rows[0], cells[0], block)
        for row, line, content in zip(list(table.rows)[1:], cells[1:], block.rows, strict=True):
            self._row(row, line, content, block)
        if len(block.rows) <= particulars.TOGETHER:
            _keep_together(cells)
        for note in block.notes:
            self._paragraph(note, "Table Note")
        self._target.add_paragraph(style="Table End")

    def _size_columns(self, table: WordTable, block: Grid) -> None:
        table.autofit = False
        whole = self._width()
        for column, share in zip(table.columns, particulars.widths(block), strict=True):
            column.width = Emu(int(whole * share))
            for cell in column.cells:
                cell.width = column.width

    def _width(self) -> int:
        section = self._target.sections[-1]
        return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)

    def _head(self, row: WordRow, cells: list[WordCell], block: Grid) -> None:
        _flag(row, "w:cantSplit", "w:tblHeader")
        self._cell(cells[0], block.stub, "Table Head", block)
        for place, text in enumerate(block.columns):
            number = particulars.is_numeric(block, place)
            self._cell(cells[place + 1], text, "Table Head Number" if number else "Table Head", block)

    def _row(self, row: WordRow, cells: list[WordCell], content: Row, block: Grid) -> None:
        _flag(row, "w:cantSplit")
        label = self._cell(cells[0], content.label, "Table Part" if content.level else "Table Label", block)
        if content.level > 1:
            label.paragraph_format.left_indent = Emu(144000 * content.level)
        for place, text in enumerate(content.cells):
            number = particulars.is_numeric(block, place)
            self._cell(cells[place + 1], text, "Table Number" if number else "Table Words", block)
        if content.total:
            for cell in cells:
                cell.paragraphs[0].runs[0].style = "Total"

    def _cell(self, cell: WordCell, text: str, style: str, block: Grid) -> WordParagraph:
        paragraph: WordParagraph = cell.paragraphs[0]
        paragraph.style = style
        run = paragraph.add_run(text)
        scale, size = particulars.scale(block), self._letter_size(style)
        if scale < 1 and size:
            run.font.size = Pt(round(Emu(size).pt * scale * 2) / 2)
        return paragraph

    def _letter_size(self, name: str) -> int | None:
        style: Any = self._target.styles[name]
        while style is not None and style.font.size is None:
            style = style.base_style
        return int(style.font.size) if style is not None else None

    def _picture(self, block: Picture) -> None:
        _, content = particulars.picture(block, self._pictures, "png")
        paragraph = self._target.add_paragraph(style="Figure")
        shape = paragraph.add_run().add_picture(BytesIO(content), width=Emu(self._width()))
        properties = shape._inline.docPr
        properties.set("name", block.name)
        properties.set("title", block.caption)
        properties.set("descr", block.description)
        self._paragraph(block.caption, "Figure Caption")

    def _set_language(self) -> None:
        """The language of the document wherever the reference document names one."""
        tag = particulars.tag(self._document)
        styles = self._target.styles.element
        defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        normal = self._target.styles["Normal"].element.get_or_add_rPr() if defaults is None else defaults
        if normal.find(qn("w:lang")) is None:
            normal.append(OxmlElement("w:lang"))
        for language in styles.iter(qn("w:lang")):
            language.set(qn("w:val"), tag)
        for language in self._target.settings.element.iter(qn("w:themeFontLang")):
            language.set(qn("w:val"), tag)

    def _set_properties(self) -> None:
        made = particulars.moment(self._document)
        properties = self._target.core_properties
        properties.title, properties.subject = self._document.title, self._document.subject
        properties.author = properties.last_modified_by = self._document.author
        properties.language = particulars.tag(self._document)
        properties.created = properties.modified = made
        properties.revision = 1

    def _fill_margins(self) -> None:
        """Fill in the places of every header and footer, and put the marks on top of each page."""
        marks = particulars.marks(self._document, self._style)
        for section in self._target.sections:
            present = margins(section._sectPr)
            for kind, relation in present:
                element = section.part.related_parts[relation].element
                self._fill(element)
                if kind == "header":
                    self._mark(element, marks)
            if marks and "header" not in (kind for kind, _ in present):
                section.header.is_linked_to_previous = False
                self._mark(section.header._element, marks)

    def _fill(self, element: Any) -> None:
        texts = list(element.iter(qn("w:t")))
        parts = particulars.fields(self._document, self._style)
        for text, words in zip(texts, particulars.filled([one.text or "" for one in texts], parts), strict=True):
            text.text = words
            text.set(qn("xml:space"), "preserve")

    def _mark(self, header: Any, marks: tuple[str, ...]) -> None:
        for mark in reversed(marks):
            paragraph = WordParagraph(OxmlElement("w:p"), self._target._body)
            paragraph.style = "Mark"
            paragraph.add_run(mark)
            header.insert(0, paragraph._p)


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
    """Less white beside the cells of a table that hardly fits."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "45")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _describe(table: WordTable, caption: str) -> None:
    """The caption as the table's name for those who do not see it; its place is the schema's."""
    name = OxmlElement("w:tblCaption")
    name.set(qn("w:val"), caption)
    table._tbl.tblPr.append(name)
