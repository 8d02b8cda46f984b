"""Documents that people read, one writer per format; all take the same blocks, so that all say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from uitstroom.errors import UitstroomError
from uitstroom.release.blocks import Document

try:
    from uitstroom.release.documents.docx import write as write_docx
    from uitstroom.release.documents.html import write as write_html
    from uitstroom.release.documents.odt import write as write_odt
    from uitstroom.release.documents.pdf import write as write_pdf
except ModuleNotFoundError as absent:
    raise UitstroomError(
        f"the package {absent.name} is not installed", todo="install uitstroom with its documents: uitstroom[publish]"
    ) from None
from uitstroom.release.documents.style import Style

__all__ = ["WRITERS", "Document", "Style", "Writer"]

Writer = Callable[[Document, Style, Mapping[str, bytes]], bytes]
"""Writes a document in a style; the pictures are given by file name (`started.svg`, `started.png`).

The same input gives the same bytes, in every process and at every time.
"""

WRITERS: dict[str, Writer] = {"docx": write_docx, "odt": write_odt, "pdf": write_pdf, "html": write_html}
