"""A document that holds every kind of block, and words that a format could take for its own signs; its digests."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

from tests.samples import scope
from uitstroom.disclosure import Publishable
from uitstroom.disclosure.publishable import sealed
from uitstroom.figures import Table
from uitstroom.release.blocks import Block, Document, Grid, Heading, Items, Paragraph, Picture, Row
from uitstroom.release.documents import WRITERS, Style
from uitstroom.text import Language, Text

STARTED = Grid(
    "Aantallen gestarte acties eerste jaarhelft 2017",
    "Vorm",
    ("Totaal",),
    (
        Row("Activeringsstage", ("312",)),
        Row("Beroepsverkennende stage", ("3.076",)),
        Row("waarvan gespecialiseerd (GOS)", ("638",), level=1),
        Row("BIO (goedgekeurde opleidingsplannen)", ("1.000",)),
        Row("Eindtotaal", ("4.388",), total=True),
    ),
    ("Het totaal telt verschillende eenheden op: acties en goedgekeurde opleidingsplannen.",),
    (True,),
)
OUTFLOW = Grid(
    "Uitstroompercentage per product",
    "Vorm",
    ("Uitstroom naar werk", "Basis"),
    (
        Row("Opleidingsstage", ("67% na 3 maanden voor trajecten met opleidingsstage", "9.652")),
        Row("BIO", ("niet mogelijk [1]", "–")),
        Row("IBO", ("nog niet gekend (vanaf 30 juni 2018)", "–")),
    ),
    ("[1] VDAB registreert hiervoor niet: de persoon.", "Wie overleed, blijft in de basis."),
    (False, True),
)
YEARS = Grid(
    "Een brede en lange reeks",
    "Leeftijd en reden van het einde",
    tuple(str(year) for year in range(2008, 2024)),
    tuple(
        Row(f"jonger dan 25, reden {row}", tuple(f"{1 + (row * 7 + year) % 9}.{row:03}" for year in range(16)), row % 3)
        for row in range(60)
    ),
    numeric=(True,) * 16,
)
CHART = Picture("gestart", "Gestarte acties per vorm", "Staafdiagram: activeringsstage 312 & BIO 1.000.")
ADDRESS = "https://www.vlaamsparlement.be/parlementaire-documenten/1197842"
BLOCKS: tuple[Block, ...] = (
    Heading("Werkplekleeracties volgens type instrument - Overzicht", 1),
    Paragraph("“Meer dan 23.000 werkplekleeracties gestart, waarvan 7.200 IBO’s.”", "question"),
    Heading("ANTWOORD"),
    Paragraph("op vraag nr. 115 van 23 november 2017\nvan YASMINE KHERBACHE", "reference"),
    Items(("Beroepsverkennende stage (BVS): oriënteren.", "Activeringsstage: één stage."), ordered=True),
    STARTED,
    CHART,
    Paragraph("Opleidingsstage: hoe dit cijfer tot stand kwam", "remark"),
    Items(("6.467 aan het werk op een basis van 9.652",)),
    Items(("Opnieuw van 1 af geteld.", "En verder."), ordered=True),
    Heading("Signs of formats", 3),
    Paragraph('<b>&amp;</b> #set $x$ *y* _z_ {subject} \\textbf "q" [l](m) {{ braces }} %s'),
    OUTFLOW,
    YEARS,
    Paragraph(f"Beleidsbrief Werk, {ADDRESS}.", "source"),
)


def published(*, internal: bool = False, synthetic: bool = False) -> Publishable:
    table = Table("started", scope(synthetic=synthetic), (), Text(nl="Gestart", en="Started"))
    return sealed((table,), "(…)", internal=internal)


def document(language: Language = "nl", *, internal: bool = False, synthetic: bool = False) -> Document:
    return Document(
        title="Werkplekleeracties volgens type instrument - Overzicht",
        subject="Antwoord op schriftelijke vraag nr. 115",
        author="VDAB",
        language=language,
        day="23 november 2017",
        blocks=BLOCKS,
        published=published(internal=internal, synthetic=synthetic),
    )


def wordless(document: Document) -> Document:
    """Without any block that warns."""
    return replace(document, blocks=tuple(one for one in document if getattr(one, "role", "") != "warning"))


def png(width: int = 60, height: int = 24) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    dots = zlib.compress((b"\0" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")


PICTURES = {"gestart.png": png()}


def written(extension: str, style: Style | None = None, **changes: bool) -> bytes:
    return WRITERS[extension](document(**changes), style or Style.load(), PICTURES)  # type: ignore[arg-type]


def said(blocks: tuple[Block, ...] = BLOCKS) -> Iterator[str]:
    """Every text of the blocks, in reading order, a picture's caption included."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Items():
                yield from block.items
            case Picture():
                yield block.caption
            case Grid():
                yield block.caption
                yield from (block.stub, *block.columns)
                for row in block.rows:
                    yield from (row.label, *row.cells)
                yield from block.notes


def squeezed(text: str) -> str:
    """Without white space: where lines break is each format's own."""
    return re.sub(r"\s+", "", text)


def digests() -> dict[str, str]:
    return {extension: hashlib.sha256(written(extension)).hexdigest() for extension in WRITERS}


if __name__ == "__main__":
    import json
    import sys

    sys.stdout.write(json.dumps(digests()))
