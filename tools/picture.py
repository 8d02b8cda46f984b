"""The picture of the demo: the program's own answer, as a drawing and as text in the README.

The snapshot's id, which another word in the catalogue changes, is made unreadable.
"""

from __future__ import annotations

import io
import re
import tempfile
from functools import cache
from pathlib import Path

from rich.console import Console

from uitstroom import recipes
from uitstroom.catalogue import Catalogue
from uitstroom.cli.terminal.tables import show

WIDTH = 110
TITLE = "uitstroom demo"
README = Path(__file__).resolve().parent.parent / "README.md"
ID = re.compile(r"\b[0-9a-f]{12}\b")
BLOCK = re.compile(r"(?<=<!-- demo -->\n).*?(?=<!-- /demo -->)", re.DOTALL)


def readme() -> str:
    """The README with what `uitstroom demo` prints today between its two marks."""
    text = ID.sub("x" * 12, _console().export_text(clear=False))
    lines = [line.rstrip() for line in text.strip().splitlines()]
    block = "\n".join(["```text", *lines, "```", ""])
    return BLOCK.sub(lambda _: block, README.read_text("utf-8"))


def drawing() -> str:
    """The same as SVG, without the fonts that the drawing would fetch from elsewhere."""
    svg = _console().export_svg(title=TITLE, clear=False, unique_id="demo")
    without_fonts = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return ID.sub("x" * 12, without_fonts.replace("Fira Code", "DejaVu Sans Mono"))


@cache
def _console() -> Console:
    console = Console(record=True, width=WIDTH, highlight=False, file=io.StringIO(), color_system="standard")
    with tempfile.TemporaryDirectory() as scratch:
        published = recipes.demo(Path(scratch))
    show(published, Catalogue.load(), "nl", console)
    return console
