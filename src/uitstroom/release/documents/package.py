"""Zip packages with the same bytes everywhere and always: no clock, one order, nothing that a zip library decides."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

FIRST = ("mimetype", "[Content_Types].xml", "_rels/.rels")
"""OpenDocument asks for its mimetype first, and readers of Office Open XML expect the types and relations first."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip: known parts first, the others by name, stored (deflate differs between zlib builds)."""
    out = BytesIO()
    names = [name for name in FIRST if name in parts] + sorted(parts.keys() - set(FIRST))
    with ZipFile(out, "w", ZIP_STORED) as package:
        for name in names:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, parts[name])
    return out.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a zip, folders left out; `ValueError` if it is none."""
    try:
        with ZipFile(BytesIO(content)) as package:
            return {entry.filename: package.read(entry) for entry in package.infolist() if not entry.is_dir()}
    except BadZipFile:
        raise ValueError("is no zip package") from None


def repacked(content: bytes) -> bytes:
    """A zip that some library wrote, with the bytes that `packed` gives."""
    return packed(unpacked(content))
