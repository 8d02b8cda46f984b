"""ODT with odfdo: the reference document's styles, page, header and footer around the document's own text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO

import odfdo
from odfdo import Element, Frame, Header, Link, List, ListItem
from odfdo import Paragraph as TextParagraph

from uitstroom.release.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture
from uitstroom.release.documents import page
from uitstroom.release.documents.odt_reference import elements, ready, text_width
from uitstroom.release.documents.odt_table import TableWriting
from uitstroom.release.documents.package import repacked
from uitstroom.release.documents.style import Style

ROLES = {
    "body": "Text_20_body",
    "question": "Question",
    "reference": "Reference",
    "remark": "Remark",
    "warning": "Warning",
    "source": "Source",
    "signature": "Signature",
}
_TALLEST = 19.0
"""A picture is at most so high, in centimetres."""


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as ODT; the same input gives the same bytes."""
    return _Writing(ready(style), document, style, pictures).whole()


class _Writing:
    """One document on its way to ODT; tables and pictures are numbered in the order in which they are met."""

    def __init__(self, target: odfdo.Document, document: Document, style: Style, pictures: Mapping[str, bytes]) -> None:
        self._target, self._document, self._style, self._pictures = target, document, style, pictures
        self._tables = self._frames = 0

    def whole(self) -> bytes:
        for block in page.blocks(self._document, self._style):
            for element in self._elements(block):
                self._target.body.append(element)
        self._set_language()
        self._set_properties()
        self._fill_margins()
        out = BytesIO()
        self._target.save(out)
        return repacked(out.getvalue())

    def _elements(self, block: Block) -> list[Element]:
        match block:
            case Heading():
                return [Header(block.level, block.text, style=f"Heading_20_{block.level}")]
            case Paragraph():
                return [_paragraph(block.text, ROLES[block.role])]
            case Items():
                return [_items(block)]
            case Grid():
                return self._grid(block)
            case Picture():
                return self._picture(block)

    def _grid(self, block: Grid) -> list[Element]:
        self._tables += 1
        table = TableWriting(self._target, block, f"table-{self._tables}").whole()
        notes = [_paragraph(note, "Table_20_Note") for note in block.notes]
        return [_paragraph(block.caption, "Caption"), table, *notes, _paragraph("", "Table_20_End")]

    def _picture(self, block: Picture) -> list[Element]:
        self._frames += 1
        _, content = page.picture(block, self._pictures, "png")
        width, height = page.size(content)
        across = min(text_width(self._target), _TALLEST * width / height)
        address = self._target.add_file(BytesIO(content))
        frame = Frame.image_frame(
            address,
            name=f"{block.name}-{self._frames}",
            style="Figure_20_Frame",
            size=(f"{across:.2f}cm", f"{across * height / width:.2f}cm"),
            position=("0cm", "0cm"),
            anchor_type="as-char",
        )
        frame.svg_title, frame.svg_description = block.caption, block.description
        holder = _paragraph("", "Figure")
        holder.append(frame)
        return [holder, _paragraph(block.caption, "Figure_20_Caption")]

    def _set_language(self) -> None:
        language, country = page.tag(self._document).split("-")
        for properties in elements(self._target.styles, "//style:default-style/style:text-properties"):
            properties.set_attribute("fo:language", language)
            properties.set_attribute("fo:country", country)

    def _set_properties(self) -> None:
        made = page.moment(self._document).replace(tzinfo=None)
        meta = self._target.meta
        meta.title, meta.subject = self._document.title, self._document.subject
        meta.language = page.tag(self._document)
        meta.creator = meta.initial_creator = self._document.author
        meta.creation_date = meta.date = made
        meta.generator = "uitstroom"

    def _fill_margins(self) -> None:
        """Fill in the places of every header and footer, and put the marks on top of each page."""
        marks = page.marks(self._document, self._style)
        for master in elements(self._target.styles, "//style:master-page"):
            for kind in ("header", "footer"):
                for margin in elements(master, f"style:{kind}|style:{kind}-left|style:{kind}-first"):
                    self._fill(margin)
            if marks and not elements(master, "style:header"):
                master.insert(Element.from_tag("style:header"), position=0)
            for header in elements(master, "style:header|style:header-left|style:header-first"):
                for mark in reversed(marks):
                    header.insert(_paragraph(mark, "Mark"), position=0)

    def _fill(self, margin: Element) -> None:
        holders = [(one, name) for one, name in _text_holders(margin) if getattr(one, name)]
        texts = [getattr(one, name) for one, name in holders]
        parts = page.fields(self._document, self._style)
        for (one, name), words in zip(holders, page.filled(texts, parts), strict=True):
            setattr(one, name, words)


def _text_holders(element: Element) -> Iterator[tuple[Element, str]]:
    """Where the text inside an element stands, in order: odfdo keeps what follows an element as that one's tail."""
    yield element, "text"
    for child in element.children:
        yield from _text_holders(child)
        yield child, "tail"


def _paragraph(text: str, style: str) -> TextParagraph:
    paragraph = TextParagraph("", style=style)
    for span in page.spans(text):
        if span.address:
            paragraph.append(Link(span.address, text=span.text, style="Internet_20_link"))
        else:
            paragraph.append(span.text)
    return paragraph


def _items(block: Items) -> List:
    style = "List_20_Number" if block.ordered else "List_20_Bullet"
    listed = List(style="Numbers" if block.ordered else "Bullets")
    for item in block.items:
        entry = ListItem()
        entry.append(_paragraph(item, style))
        listed.append(entry)
    return listed
