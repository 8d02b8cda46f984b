"""DOCX with python-docx: the reference document's styles, page, header and footer around the document's own text."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu
from docx.text.paragraph import Paragraph as WordParagraph

from uitstroom.release.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture
from uitstroom.release.documents import page
from uitstroom.release.documents.docx_reference import margins, ready, restarted
from uitstroom.release.documents.docx_table import TableWriting
from uitstroom.release.documents.package import repacked
from uitstroom.release.documents.style import Style

ROLES = {
    "body": "Body Text",
    "question": "Question",
    "reference": "Reference",
    "remark": "Remark",
    "warning": "Warning",
    "source": "Source",
    "signature": "Signature",
}
_TALLEST = Cm(19)
"""A picture is at most so high."""


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as DOCX; the same input gives the same bytes."""
    return _Writing(ready(style), document, style, pictures).whole()


class _Writing:
    """One document on its way to DOCX."""

    def __init__(self, target: WordDocument, document: Document, style: Style, pictures: Mapping[str, bytes]) -> None:
        self._target, self._document, self._style, self._pictures = target, document, style, pictures

    def whole(self) -> bytes:
        for block in page.blocks(self._document, self._style):
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
        for span in page.spans(text):
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
        TableWriting(self._target, block).add(self._width())
        for note in block.notes:
            self._paragraph(note, "Table Note")
        self._target.add_paragraph(style="Table End")

    def _width(self) -> int:
        section = self._target.sections[-1]
        return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)

    def _picture(self, block: Picture) -> None:
        _, content = page.picture(block, self._pictures, "png")
        width, height = page.size(content)
        across = min(self._width(), _TALLEST * width // height)
        paragraph = self._target.add_paragraph(style="Figure")
        shape = paragraph.add_run().add_picture(BytesIO(content), width=Emu(across))
        properties = shape._inline.docPr
        properties.set("name", block.name)
        properties.set("title", block.caption)
        properties.set("descr", block.description)
        self._paragraph(block.caption, "Figure Caption")

    def _set_language(self) -> None:
        """The language of the document wherever the reference document names one."""
        tag = page.tag(self._document)
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
        made = page.moment(self._document)
        properties = self._target.core_properties
        properties.title, properties.subject = self._document.title, self._document.subject
        properties.author = properties.last_modified_by = self._document.author
        properties.language = page.tag(self._document)
        properties.created = properties.modified = made
        properties.revision = 1

    def _fill_margins(self) -> None:
        """Fill in the places of every header and footer, and put the marks on top of each page."""
        marks = page.marks(self._document, self._style)
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
        parts = page.fields(self._document, self._style)
        for text, words in zip(texts, page.filled([one.text or "" for one in texts], parts), strict=True):
            text.text = words
            text.set(qn("xml:space"), "preserve")

    def _mark(self, header: Any, marks: tuple[str, ...]) -> None:
        for mark in reversed(marks):
            paragraph = WordParagraph(OxmlElement("w:p"), self._target._body)
            paragraph.style = "Mark"
            paragraph.add_run(mark)
            header.insert(0, paragraph._p)
