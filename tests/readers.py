"""Each format read back by a reader that knows nothing of what wrote it: its text in order, and its tables."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO
from zipfile import ZipFile

import docx
import odfdo
import pypdf
from docx.oxml.ns import qn
from pypdf.generic import ArrayObject, DictionaryObject

Tables = list[list[list[str]]]


def text_of(extension: str, content: bytes) -> str:
    return {"docx": _docx_text, "odt": _odt_text, "pdf": _pdf_text, "html": _html_text}[extension](content)


def tables_of(extension: str, content: bytes) -> Tables:
    """The rows of each table, head included."""
    return {"docx": _docx_tables, "odt": _odt_tables, "pdf": _pdf_tables, "html": _html_tables}[extension](content)


def page_texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages]


def _docx_text(content: bytes) -> str:
    body = docx.Document(BytesIO(content)).element.body
    return "\n".join(_docx_paragraph(one) for one in body.iter(qn("w:p")))


def _docx_paragraph(paragraph: object) -> str:
    return "".join(" " if one.tag == qn("w:br") else one.text or ""
                   for one in paragraph.iter(qn("w:t"), qn("w:br")))  # type: ignore[attr-defined]  # fmt: skip


def _docx_tables(content: bytes) -> Tables:
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(BytesIO(content)).tables
    ]


def _odt_text(content: bytes) -> str:
    found = odfdo.Document(BytesIO(content)).body.xpath(".//text:p | .//text:h")
    return "\n".join("".join(str(text) for text in one.xpath(".//text()")) for one in found)  # type: ignore[union-attr]


def _odt_tables(content: bytes) -> Tables:
    tables = odfdo.Document(BytesIO(content)).body.xpath("//table:table")
    return [
        [[cell.inner_text for cell in row.xpath("table:table-cell")] for row in table.xpath(".//table:table-row")]
        for table in tables
    ]  # type: ignore[union-attr]


def _pdf_text(content: bytes) -> str:
    return "\n".join(page_texts(content))


def _pdf_tables(content: bytes) -> Tables:
    """By the tags, as a screen reader finds them."""
    reader = pypdf.PdfReader(BytesIO(content))
    marked = {page.indirect_reference.idnum: _marked(page, reader) for page in reader.pages}  # type: ignore[union-attr]
    return [
        [[_tagged_text(cell, marked) for cell in tagged(row, "TH", "TD")] for row in tagged(table, "TR")]
        for table in tagged(root_of(reader), "Table")
    ]


def root_of(reader: pypdf.PdfReader) -> DictionaryObject:
    return reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index,return-value]


def tagged(element: DictionaryObject, *kinds: str) -> list[DictionaryObject]:
    """The tagged elements of these kinds below an element, in reading order."""
    found = []
    for child in children(element):
        if isinstance(child, DictionaryObject) and "/S" in child:
            found += [child] if child["/S"][1:] in kinds else tagged(child, *kinds)
    return found


def children(element: DictionaryObject) -> list[object]:
    kids = element.get("/K", ArrayObject())
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return [kid.get_object() for kid in (kids if isinstance(kids, ArrayObject) else [kids])]


def _tagged_text(element: DictionaryObject, marked: dict[int, dict[int, str]], page: int = 0) -> str:
    page = element.raw_get("/Pg").idnum if "/Pg" in element else page
    parts = []
    for child in children(element):
        if isinstance(child, DictionaryObject) and "/MCID" in child:
            parts.append(marked[child.raw_get("/Pg").idnum if "/Pg" in child else page].get(int(child["/MCID"]), ""))
        elif isinstance(child, DictionaryObject) and "/S" in child:
            parts.append(_tagged_text(child, marked, page))
        elif isinstance(child, int):
            parts.append(marked[page].get(int(child), ""))
    return "".join(parts)


def _marked(page: pypdf.PageObject, reader: pypdf.PdfReader) -> dict[int, str]:
    """The text of every marked content of a page, by its number."""
    texts: dict[int, str] = {}
    open_: list[int | None] = []

    def before(operator: bytes, operands: list[object], *_: object) -> None:
        if operator in (b"BDC", b"BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            number = properties.get("/MCID") if isinstance(properties, DictionaryObject) else None
            open_.append(None if number is None else int(number))
        elif operator == b"EMC":
            open_.pop()

    def text(piece: str, *_: object) -> None:
        number = next((one for one in reversed(open_) if one is not None), None)
        if number is not None:
            texts[number] = texts.get(number, "") + piece

    page.extract_text(visitor_operand_before=before, visitor_text=text)
    return texts


class _Html(HTMLParser):
    """The text of the page's main part, and its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: Tables = []
        self.parts: list[str] = []
        self._main = self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._main = self._main or tag == "main"
        self._cell = self._cell or tag in ("th", "td")
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("th", "td"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._main = self._main and tag != "main"
        self._cell = self._cell and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.tables[-1][-1][-1] += data
        if self._main:
            self.parts.append(data)


def _html(content: bytes) -> _Html:
    parser = _Html()
    parser.feed(content.decode("utf-8"))
    return parser


def _html_text(content: bytes) -> str:
    return " ".join(_html(content).parts)


def _html_tables(content: bytes) -> Tables:
    return _html(content).tables


def part(content: bytes, name: str) -> str:
    """One part of a zip package."""
    with ZipFile(BytesIO(content)) as package:
        return package.read(name).decode("utf-8")
