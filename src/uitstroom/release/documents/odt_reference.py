"""A reference ODT made ready: emptied, and with every style that the writer names."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import odfdo
from odfdo import Element, XmlPart

from uitstroom.errors import UitstroomError
from uitstroom.release.documents.package import packed, unpacked
from uitstroom.release.documents.style import Style

MIMETYPE = "application/vnd.oasis.opendocument.text"
_STYLES = "office:styles/*[@style:name]"
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6}


def opened(content: bytes) -> odfdo.Document:
    """A reference document with its text taken out; `UitstroomError` if it cannot be used."""
    try:
        document = odfdo.Document(BytesIO(packed(_slimmed(unpacked(content)))))
        usable = document.mimetype.startswith(MIMETYPE) and bool(elements(document.styles, "//style:master-page"))
        document.body.clear()
    except Exception:  # noqa: BLE001  a broken package can fail anywhere in the library
        usable = False
    if not usable:
        raise UitstroomError("is no ODT document", todo="save it in LibreOffice as .odt (ODF text document)")
    for style in elements(document.content, "//office:automatic-styles/*"):
        style.delete()
    return document


def elements(holder: Element | XmlPart, query: str) -> list[Element]:
    """The elements that an XPath query finds."""
    return [one for one in holder.xpath(query) if isinstance(one, Element)]


def _slimmed(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Without what belongs to the text that is taken out: its preview, its settings, its pictures' metadata."""
    return {name: part for name, part in parts.items() if not name.startswith(("Thumbnails/", "Configurations2/"))}


def ready(style: Style) -> odfdo.Document:
    """The reference document of a style; styles that it lacks look as in the built-in one."""
    target, builtin = opened(style.odt), opened(_builtin())
    present = {_name(one) for one in elements(target.styles, f"//{_STYLES}")}
    common = elements(target.styles, "//office:styles")[0]
    for one in elements(builtin.styles, f"//{_STYLES}"):
        if _name(one) not in present:
            common.append(one.clone)
    return target


@cache
def _builtin() -> bytes:
    return Style.load().odt


def _name(style: Element) -> tuple[str, str | None, str | None]:
    return style.tag, style.get_attribute_string("style:name"), style.get_attribute_string("style:family")


def add_automatic(document: odfdo.Document, style: str) -> None:
    """Add an automatic style, given as XML, to the document's text."""
    elements(document.content, "//office:automatic-styles")[0].append(Element.from_tag(style))


def text_width(document: odfdo.Document) -> float:
    """The width between the margins of the first page layout, in centimetres."""
    page = elements(document.styles, "//style:page-layout/style:page-layout-properties")[0]
    whole = _centimetres(page.get_attribute_string("fo:page-width"), 21.0)
    margin = _centimetres(page.get_attribute_string("fo:margin"), 2.0)
    sides = (_centimetres(page.get_attribute_string(f"fo:margin-{side}"), margin) for side in ("left", "right"))
    return whole - sum(sides)


def _centimetres(length: str | None, otherwise: float) -> float:
    if not length or length[-2:] not in _CENTIMETRES:
        return otherwise
    return float(length[:-2]) * _CENTIMETRES[length[-2:]]


def letter_size(document: odfdo.Document, name: str) -> float:
    """The size of the letters of a paragraph style in points, inherited where it says none."""
    for _ in range(20):
        found = elements(document.styles, f'//style:style[@style:name="{name}" and @style:family="paragraph"]')
        sizes = found[0].xpath("style:text-properties/@fo:font-size") if found else []
        if sizes and str(sizes[0]).endswith("pt"):
            return float(str(sizes[0])[:-2])
        parent = found[0].get_attribute_string("style:parent-style-name") if found else None
        if parent is None:
            return 10.0
        name = parent
    return 10.0
