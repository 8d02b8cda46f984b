"""PDF with typst: tagged, PDF/UA-1, A4, with embedded fonts that come with the package and never from the machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from uitstroom.errors import UitstroomError
from uitstroom.release.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture
from uitstroom.release.documents import page
from uitstroom.release.documents.style import ASSETS, TYPST, Style

FONTS = ("Regular", "It", "Semibold", "SemiboldIt")
_STANDARDS: list[Any] = ["ua-1"]


def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
    """The document as PDF; the same input gives the same bytes. `UitstroomError` if the style's settings fail."""
    files = _files(document, style, pictures)
    with TemporaryDirectory(prefix="uitstroom-") as folder:
        for name, content in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return _compiled(Path(folder), document)


def checked_settings(text: str) -> str:
    """Settings that fetch nothing; whether they compile shows when a document is written."""
    if any(part.startswith("@") for part in text.split('"')[1::2]):
        raise UitstroomError("imports a package", todo=f"put the file in {ASSETS}/ and import it from there")
    return text


def _compiled(folder: Path, document: Document) -> bytes:
    try:
        return typst.compile(
            folder / "layout.typ",
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARDS,
            timestamp=page.moment(document),
            package_path=folder,
            package_cache_path=folder,
        )
    except typst.TypstError as error:
        todo = "; ".join(error.hints) or "mend it, or start again from the built-in letter.typ"
        raise UitstroomError(f"typst cannot set the PDF: {error.message}", where=TYPST, todo=todo) from None


def _files(document: Document, style: Style, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Everything that typst reads, by its path; nothing else on the machine is looked at."""
    layout = resources.files(__package__) / "layout.typ"
    blocks = page.blocks(document, style)
    return {
        **{f"{ASSETS}/{name}": content for name, content in style.assets.items()},
        **{f"fonts/{face.name}": face.read_bytes() for face in _faces()},
        **dict(page.picture(one, pictures, "svg", "png") for one in blocks if isinstance(one, Picture)),
        "layout.typ": layout.read_bytes(),
        TYPST: style.typst.encode(),
        "document.json": json.dumps(_data(document, style, pictures), ensure_ascii=False).encode(),
    }


def _faces() -> list[Traversable]:
    folder = resources.files("font_source_sans_pro") / "files"
    return [folder / f"SourceSansPro-{face}.ttf" for face in FONTS]


def _data(document: Document, style: Style, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    language, region = page.tag(document).split("-")
    made = page.moment(document)
    return {
        "title": document.title,
        "subject": document.subject,
        "author": document.author,
        "language": language,
        "region": region,
        "date": {"year": made.year, "month": made.month, "day": made.day},
        "marks": page.marks(document, style),
        "fields": page.fields(document, style),
        "blocks": [_block(block, pictures) for block in page.blocks(document, style)],
    }


def _block(block: Block, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", **asdict(block)}
        case Paragraph():
            return {"kind": "paragraph", "role": block.role, "spans": _spans(block.text)}
        case Items():
            return {"kind": "items", "ordered": block.ordered, "items": [_spans(item) for item in block.items]}
        case Grid():
            return _grid(block)
        case Picture():
            file, _ = page.picture(block, pictures, "svg", "png")
            return {"kind": "picture", "file": file, **asdict(block)}


def _grid(block: Grid) -> dict[str, Any]:
    return {
        **asdict(block),
        "kind": "grid",
        "numeric": [page.is_numeric(block, place) for place in range(len(block.columns))],
        "notes": [_spans(note) for note in block.notes],
        "widths": page.widths(block),
        "scale": page.scale(block),
        "together": len(block.rows) <= page.TOGETHER,
    }


def _spans(text: str) -> list[dict[str, Any]]:
    return [asdict(span) for span in page.spans(text)]
