"""Documents that people read, one writer per format; all take the same blocks, so that all say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from uitstroom.release.blocks import Document
from uitstroom.release.documents.style import Style
from uitstroom.release.formats import FORMATS, of_kind, require

__all__ = ["WRITERS", "Document", "Style", "Writer"]

Writer = Callable[[Document, Style, Mapping[str, bytes]], bytes]
"""Writes a document in a style; the pictures are given by file name (`started.svg`, `started.png`).

The same input gives the same bytes, in every process and at every time.
"""


def _writer(name: str) -> Writer:
    """The `write` of a format's module, read when it is first needed: its library may be absent."""

    def write(document: Document, style: Style, pictures: Mapping[str, bytes]) -> bytes:
        require([name])
        return cast(Writer, import_module(FORMATS[name].module).write)(document, style, pictures)

    return write


WRITERS: dict[str, Writer] = {name: _writer(name) for name in of_kind("document", FORMATS)}
