"""HTML with Jinja: one page that stands by itself, for screen, phone and print; no script, nothing fetched."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib import resources

from jinja2 import Environment, StrictUndefined

from uitstroom.errors import UitstroomError
from uitstroom.release.blocks import Document, Grid, Picture
from uitstroom.release.documents import page
from uitstroom.release.documents.style import Style
from uitstroom.release.fonts import FAMILY, SHOWN, style_sheet

_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_FETCHES = re.compile(r"@import\b|url\(\s*['\"]?(?!['\"]?data:)", re.IGNORECASE)


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as one HTML page in UTF-8; the same input gives the same bytes."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string((resources.files(__package__) / "page.html.jinja").read_text("utf-8"))
    written = template.render(
        document=document,
        blocks=[(type(block).__name__, block) for block in page.blocks(document, style)],
        tag=page.tag(document),
        date=page.moment(document).date().isoformat(),
        marks=page.marks(document, style),
        css=style.css,
        fonts=style_sheet(*SHOWN) if FAMILY in style.css else "",
        spans=page.spans,
        fields=page.fields(document, style),
        scale=page.scale,
        together=page.TOGETHER,
        string=_string,
        number=_number,
        source=_source(pictures),
    )
    return written.encode("utf-8")


def checked_style_sheet(css: str) -> str:
    """A style sheet that fetches nothing and stays inside its element."""
    if not css.strip():
        raise UitstroomError("is empty", todo="take it out to use the built-in style sheet")
    if "</style" in css.lower():
        raise UitstroomError("holds an HTML tag", todo="write only CSS in it")
    if _FETCHES.search(css):
        raise UitstroomError("fetches something", todo="put fonts and pictures in it as data: addresses")
    return css


def _string(text: str) -> str:
    """A text as a CSS string; every sign that could end it, or the style element, as its number."""
    return '"' + re.sub(r'[\\"<>&\n\r\f]', lambda sign: f"\\{ord(sign.group()):x} ", text) + '"'


def _number(grid: Grid, column: int) -> str:
    return "number" if page.is_numeric(grid, column) else "words"


def _source(pictures: Mapping[str, bytes]) -> Callable[[Picture], str]:
    def source(block: Picture) -> str:
        name, content = page.picture(block, pictures, "svg", "png")
        return f"data:{_TYPES[name.rsplit('.', 1)[1]]};base64,{b64encode(content).decode('ascii')}"

    return source
