"""ODT with odfdo: the reference document's styles, page, header and footer around the document's own text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO

import odfdo
from odfdo import Cell, Element, Frame, Header, Link, List, ListItem, Row, Table
from odfdo import Paragraph as TextParagraph

from uitstroom.publish.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture
from uitstroom.publish.blocks import Row as GridRow
from uitstroom.publish.documents import particulars
from uitstroom.publish.documents.odt_reference import elements, letter_size, ready, text_width
from uitstroom.publish.documents.package import repacked
from uitstroom.publish.documents.style import Style

ROLES = {
    "body": "Text_20_body",
    "question": "Question",
    "reference": "Reference",
    "remark": "Remark",
    "warning": "Warning",
    "source": "Source",
}
_RULE, _LINE, _SHADE = "0.75pt solid #3c4650", "0.5pt solid #c9d2dc", "#eef2f6"
_CELLS = {
    "head": f'fo:border-top="{_RULE}" fo:border-bottom="{_RULE}" fo:background-color="{_SHADE}"',
    "body": f'fo:border-bottom="{_LINE}"',
    "last": f'fo:border-bottom="{_RULE}"',
}


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as ODT; the same input gives the same bytes."""
    return _Writing(ready(style), document, style, pictures).whole()


class _Writing:
    """One document on its way to ODT; tables and pictures are numbered in the order in which they are met."""

    def __init__(self, target: odfdo.Document, document: Document, style: Style, pictures: Mapping[str, bytes]) -> None:
        self._target, self._document, self._style, self._pictures = target, document, style, pictures
        self._tables = self._frames = 0
        self._looks: set[str] = set()

    def whole(self) -> bytes:
        for block in particulars.blocks(self._document, self._style):
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
                notes = [_paragraph(note, "Table_20_Note") for note in block.notes]
                end = _paragraph("", "Table_20_End")
                return [_paragraph(block.caption, "Caption"), self._grid(block), *notes, end]
            case Picture():
                return self._picture(block)

    def _cell_style(self, look: str, narrow: bool) -> str:
        """The automatic style of a cell, made when it is first asked for."""
        name = f"cell-{look}-narrow" if narrow else f"cell-{look}"
        if name not in self._looks:
            self._looks.add(name)
            padding = "0.08cm" if narrow else "0.15cm"
            self._automatic(
                f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties '
                f'{_CELLS[look]} fo:padding-left="{padding}" fo:padding-right="{padding}"/></style:style>'
            )
        return name

    def _automatic(self, element: str) -> None:
        elements(self._target.content, "//office:automatic-styles")[0].append(Element.from_tag(element))

    def _grid(self, block: Grid) -> Table:
        self._tables += 1
        name = f"table-{self._tables}"
        table = Table(name=name, style=name)
        table.clear()
        table.set_attribute("table:name", name)
        table.set_attribute("table:style-name", name)
        self._table_styles(name, block)
        described = Element.from_tag("table:title")
        described.text = block.caption
        table.append(described)
        for place in range(len(block.columns) + 1):
            table.append(Element.from_tag(f'<table:table-column table:style-name="{name}.{place}"/>'))
        head = Element.from_tag("table:table-header-rows")
        head.append(self._head(block, name))
        table.append(head)
        for row in block.rows:
            table.append(self._row(row, block, name, "last" if row is block.rows[-1] else "body"))
        return table

    def _table_styles(self, name: str, block: Grid) -> None:
        """The table's width, its columns' shares, and rows that no page break cuts."""
        together = "false" if len(block.rows) <= particulars.TOGETHER else "true"
        self._automatic(
            f'<style:style style:name="{name}" style:family="table"><style:table-properties style:rel-width="100%" '
            f'style:width="{text_width(self._target):.2f}cm" table:align="margins" '
            f'style:may-break-between-rows="{together}" table:border-model="collapsing"/></style:style>'
        )
        self._automatic(
            f'<style:style style:name="{name}.row" style:family="table-row">'
            f'<style:table-row-properties fo:keep-together="always"/></style:style>'
        )
        for place, share in enumerate(particulars.widths(block)):
            self._automatic(
                f'<style:style style:name="{name}.{place}" style:family="table-column"><style:table-column-properties '
                f'style:rel-column-width="{round(share * 65535)}*" '
                f'style:column-width="{share * text_width(self._target):.3f}cm"/></style:style>'
            )
        if particulars.scale(block) < 1:
            self._small_styles(name, particulars.scale(block))

    def _small_styles(self, name: str, scale: float) -> None:
        for parent in ("Label", "Head", "Head_20_Number", "Part", "Words", "Number"):
            style = f"Table_20_{parent}"
            size = letter_size(self._target, style) * scale
            self._automatic(
                f'<style:style style:name="{name}.{style}" style:family="paragraph" '
                f'style:parent-style-name="{style}"><style:text-properties fo:font-size="{size:.1f}pt"/></style:style>'
            )

    def _head(self, block: Grid, name: str) -> Row:
        row = Row(style=f"{name}.row")
        row.append(self._cell(block.stub, "Table_20_Head", "head", block))
        for place, text in enumerate(block.columns):
            style = "Table_20_Head_20_Number" if particulars.is_numeric(block, place) else "Table_20_Head"
            row.append(self._cell(text, style, "head", block))
        return row

    def _row(self, content: GridRow, block: Grid, name: str, look: str) -> Row:
        row = Row(style=f"{name}.row")
        label = "Table_20_Part" if content.level else "Table_20_Label"
        row.append(self._cell(content.label, label, look, block, content.total))
        for place, text in enumerate(content.cells):
            style = "Table_20_Number" if particulars.is_numeric(block, place) else "Table_20_Words"
            row.append(self._cell(text, style, look, block, content.total))
        return row

    def _cell(self, text: str, style: str, look: str, block: Grid, total: bool = False) -> Cell:
        narrow = particulars.scale(block) < 1
        cell = Cell(style=self._cell_style(look, narrow))
        cell.set_attribute("office:value-type", "string")
        paragraph = TextParagraph("" if total else text, style=f"table-{self._tables}.{style}" if narrow else style)
        if total:
            paragraph.append(odfdo.Span(text, style="Total"))
        cell.append(paragraph)
        return cell

    def _picture(self, block: Picture) -> list[Element]:
        self._frames += 1
        _, content = particulars.picture(block, self._pictures, "png")
        width, height = particulars.size(content)
        across = text_width(self._target)
        address = self._target.add_file(BytesIO(content))
        frame = Frame.image_frame(
            address,
            name=f"{block.name}-{self._frames}",
            style="Figure_20_Frame",
            size=(f"{across:.2f}cm", f"{across * height / width:.2f}cm"),
            anchor_type="as-char",
        )
        frame.svg_title, frame.svg_description = block.caption, block.description
        holder = _paragraph("", "Figure")
        holder.append(frame)
        return [holder, _paragraph(block.caption, "Figure_20_Caption")]

    def _set_language(self) -> None:
        language, country = particulars.tag(self._document).split("-")
        for properties in elements(self._target.styles, "//style:default-style/style:text-properties"):
            properties.set_attribute("fo:language", language)
            properties.set_attribute("fo:country", country)

    def _set_properties(self) -> None:
        made = particulars.moment(self._document).replace(tzinfo=None)
        meta = self._target.meta
        meta.title, meta.subject = self._document.title, self._document.subject
        meta.language = particulars.tag(self._document)
        meta.creator = meta.initial_creator = self._document.author
        meta.creation_date = meta.date = made
        meta.generator = "uitstroom"

    def _fill_margins(self) -> None:
        """Fill in the places of every header and footer, and put the marks on top of each page."""
        marks = particulars.marks(self._document, self._style)
        for page in elements(self._target.styles, "//style:master-page"):
            for kind in ("header", "footer"):
                for margin in elements(page, f"style:{kind}|style:{kind}-left|style:{kind}-first"):
                    self._fill(margin)
            if marks and not elements(page, "style:header"):
                page.insert(Element.from_tag("style:header"), position=0)
            for header in elements(page, "style:header|style:header-left|style:header-first"):
                for mark in reversed(marks):
                    header.insert(_paragraph(mark, "Mark"), position=0)

    def _fill(self, margin: Element) -> None:
        holders = [(one, name) for one, name in _text_holders(margin) if getattr(one, name)]
        texts = [getattr(one, name) for one, name in holders]
        parts = particulars.fields(self._document, self._style)
        for (one, name), words in zip(holders, particulars.filled(texts, parts), strict=True):
            setattr(one, name, words)


def _text_holders(element: Element) -> Iterator[tuple[Element, str]]:
    """Where the text inside an element stands, in order: odfdo keeps what follows an element as that one's tail."""
    yield element, "text"
    for child in element.children:
        yield from _text_holders(child)
        yield child, "tail"


def _paragraph(text: str, style: str) -> TextParagraph:
    paragraph = TextParagraph("", style=style)
    for span in particulars.spans(text):
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
