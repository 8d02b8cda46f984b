"""The house's font, Source Sans Pro, for every format: whole in what people edit, in part in what they only see.

No font of the machine is used, so that a letter looks alike everywhere.
"""

from __future__ import annotations

import uuid
from base64 import b64encode
from functools import cache
from importlib import resources
from io import BytesIO

FAMILY = "Source Sans Pro"
EDITED = ("Regular", "Bold", "It")
"""The faces of documents that office programs edit."""
SHOWN = {"Regular": "font-weight:400", "Semibold": "font-weight:600", "It": "font-weight:400;font-style:italic"}
"""The faces of what browsers show, with the style in which each stands."""
_SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2040),
    0x20AC,
    0x2190,
    0x2192,
    0x2212,
    0x2264,
    0x2265,
)
_OBFUSCATED = 32
"""Office Open XML scrambles so many bytes at the head of an embedded font."""


def face(name: str) -> bytes:
    """A whole face, unchanged."""
    return (resources.files("font_source_sans_pro") / "files" / f"SourceSansPro-{name}.ttf").read_bytes()


def key(name: str) -> str:
    """The key under which Office Open XML embeds a face: `{…}`, always the same."""
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"SourceSansPro-{name}")).upper() + "}"


def obfuscated(name: str) -> bytes:
    """A face as Office Open XML embeds it (ECMA-376 part 4, obfuscated fonts)."""
    mask = bytes.fromhex(key(name).strip("{}").replace("-", ""))[::-1]
    content = face(name)
    head = bytes(byte ^ mask[place % len(mask)] for place, byte in enumerate(content[:_OBFUSCATED]))
    return head + content[_OBFUSCATED:]


@cache
def style_sheet(*names: str) -> str:
    """`@font-face` rules that hold the faces themselves."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';{SHOWN[name]};"
        f"src:url(data:font/ttf;base64,{b64encode(_of_europe(name)).decode('ascii')}) format('truetype')}}\n"
        for name in names
    )


@cache
def _of_europe(name: str) -> bytes:
    """A face with the signs of the Latin languages of Europe only."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=["kern"], hinting=False)
    options.drop_tables += ["GSUB", "GDEF", "DSIG"]
    font = TTFont(BytesIO(face(name)), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_SIGNS)
    subsetter.subset(font)
    out = BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()
