"""A table of an ODT, with the automatic styles that OpenDocument asks for; letters come from the reference document."""

from __future__ import annotations

import odfdo
from odfdo import Cell, Element, Row, Table
from odfdo import Paragraph as TextParagraph

from uitstroom.release.blocks import Grid
from uitstroom.release.blocks import Row as GridRow
from uitstroom.release.documents import page
from uitstroom.release.documents.odt_reference import add_automatic, letter_size, text_width

_RULE, _LINE, _SHADE = "0.75pt solid #3c4650", "0.5pt solid #c9d2dc", "#eef2f6"
_LOOKS = {
    "head": f'fo:border-top="{_RULE}" fo:border-bottom="{_RULE}" fo:background-color="{_SHADE}"',
    "body": f'fo:border-bottom="{_LINE}"',
    "last": f'fo:border-bottom="{_RULE}"',
}


class TableWriting:
    """One grid on its way into a document; `name` is the table's, and begins the names of its styles."""

    def __init__(self, target: odfdo.Document, block: Grid, name: str) -> None:
        self._target, self._block, self._name = target, block, name
        self._scale = page.scale(block)
        self._made: set[str] = set()

    def whole(self) -> Table:
        """The table; its styles are added to the document."""
        block, name = self._block, self._name
        self._table_styles()
        table = Table(name=name, style=name)
        table.clear()
        table.set_attribute("table:name", name)
        table.set_attribute("table:style-name", name)
        described = Element.from_tag("table:title")
        described.text = block.caption
        table.append(described)
        for place in range(len(block.columns) + 1):
            table.append(Element.from_tag(f'<table:table-column table:style-name="{name}.{place}"/>'))
        head = Element.from_tag("table:table-header-rows")
        head.append(self._head())
        table.append(head)
        for row in block.rows:
            table.append(self._row(row, "last" if row is block.rows[-1] else "body"))
        return table

    def _automatic(self, name: str, family: str, rest: str, properties: str) -> str:
        """An automatic style, made when it is first asked for; its name."""
        full = f"{self._name}.{name}" if name else self._name
        if full not in self._made:
            self._made.add(full)
            add_automatic(self._target, f'<style:style style:name="{full}" style:family="{family}" {rest}>'
                                        f"<style:{properties}/></style:style>")  # fmt: skip
        return full

    def _table_styles(self) -> None:
        """The table's width, its columns' shares, and rows that no page break cuts."""
        across = text_width(self._target)
        cut = "false" if len(self._block.rows) <= page.TOGETHER else "true"
        self._automatic(
            "", "table", "",
            f'table-properties style:rel-width="100%" style:width="{across:.2f}cm" table:align="margins" '
            f'style:may-break-between-rows="{cut}" table:border-model="collapsing"',
        )  # fmt: skip
        self._automatic("row", "table-row", "", 'table-row-properties fo:keep-together="always"')
        for place, share in enumerate(page.widths(self._block)):
            self._automatic(
                str(place), "table-column", "",
                f'table-column-properties style:rel-column-width="{round(share * 65535)}*" '
                f'style:column-width="{share * across:.3f}cm"',
            )  # fmt: skip

    def _head(self) -> Row:
        row = Row(style=f"{self._name}.row")
        row.append(self._cell(self._block.stub, "Table_20_Head", "head"))
        for place, text in enumerate(self._block.columns):
            number = page.is_numeric(self._block, place)
            row.append(self._cell(text, "Table_20_Head_20_Number" if number else "Table_20_Head", "head"))
        return row

    def _row(self, content: GridRow, look: str) -> Row:
        row = Row(style=f"{self._name}.row")
        label = "Table_20_Part" if content.level else "Table_20_Label"
        row.append(self._cell(content.label, label, look, content.total, content.level))
        for place, text in enumerate(content.cells):
            style = "Table_20_Number" if page.is_numeric(self._block, place) else "Table_20_Words"
            row.append(self._cell(text, style, look, content.total))
        return row

    def _cell(self, text: str, style: str, look: str, total: bool = False, level: int = 0) -> Cell:
        padding = "0.15cm" if self._scale == 1 else "0.08cm"
        around = f'table-cell-properties {_LOOKS[look]} fo:padding-left="{padding}" fo:padding-right="{padding}"'
        cell = Cell(style=self._automatic(f"cell-{look}", "table-cell", "", around))
        cell.set_attribute("office:value-type", "string")
        paragraph = TextParagraph("" if total else text, style=self._letters(style, level))
        if total:
            paragraph.append(odfdo.Span(text, style="Total"))
        cell.append(paragraph)
        return cell

    def _letters(self, style: str, level: int) -> str:
        """The paragraph style of a cell; one of its own for deeper parts and for smaller letters."""
        parent, name = f'style:parent-style-name="{style}"', style
        if level > 1:
            name = f"{style}.{level}"
            indent = f'paragraph-properties fo:margin-left="{0.4 * level:.1f}cm"'
            name = self._automatic(name, "paragraph", parent, indent)
            parent = f'style:parent-style-name="{name}"'
        if self._scale == 1:
            return name
        size = f'text-properties fo:font-size="{letter_size(self._target, style) * self._scale:.1f}pt"'
        return self._automatic(f"small.{style}.{level}", "paragraph", parent, size)
