"""Releases before this one, as protection leans on them, and what an internal part holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitstroom.disclosure.linked import ZEROS_HIDDEN
from uitstroom.disclosure.quantity import Parents
from uitstroom.disclosure.released import Released
from uitstroom.errors import UitstroomError
from uitstroom.figures import Table
from uitstroom.release.figures_file import FIGURES
from uitstroom.release.folder import Internal, Release
from uitstroom.release.manifest import MANIFEST, digest

PROTECTION = "protection.json"
"""The kind of every hidden number, the certificate, and the release as later ones are protected against it."""
TRUE_FIGURES = "figures.json"
"""The figures, unprotected."""
CATALOGUE = "catalogue"
POPULATION = "population"
"""The folders with the catalogue that the release was made with, and the lists of persons it was asked of."""
PUBLISHED = "published.json"
"""The public figures.json of a release, where a ledger keeps its internal part."""
EARLIER = "earlier"
"""The folder with the releases that it was protected against, numbered."""


@dataclass(frozen=True)
class EarlierRelease:
    """A release that protection leans on: the hash of its manifest, its true numbers, and its public figures.json."""

    manifest: str
    released: Released
    figures: Mapping[str, Any]

    @classmethod
    def kept(cls, folder: Path) -> EarlierRelease | None:
        """A release as its internal part keeps it; None where it has none that does."""
        internal = Internal.of(folder)
        content = internal.read(PROTECTION) if internal else None
        if content is None:
            return None
        manifest = digest((folder / MANIFEST).read_bytes())
        return cls.parsed(manifest, content, (folder / FIGURES).read_bytes(), folder.name)

    @classmethod
    def parsed(cls, manifest: str, protection: bytes, figures: bytes, name: str) -> EarlierRelease | None:
        """A release from its protection.json and figures.json; None where an older version wrote no numbers there.

        Raises `UitstroomError` where they are damaged.
        """
        try:
            told = json.loads(protection)
            if "released" not in told:
                return None
            return cls(manifest, Released.from_json(told["released"], name), json.loads(figures))
        except (ValueError, TypeError):
            raise UitstroomError(
                "the internal part of this release cannot be read", where=name, todo="take it from its archive again"
            ) from None

    @classmethod
    def of(cls, release: Release, true: Sequence[Table], parents: Parents) -> EarlierRelease:
        """A release from what it printed and its tables as they are measured again, figure by figure.

        Raises `UitstroomError` where the register no longer gives the tables that it was made from.
        """
        counts = [len(table.figures) for table in release.tables]
        if counts != [len(table.figures) for table in true] or true[0].scope.snapshot != release.scope.snapshot:
            raise UitstroomError(
                "this earlier release cannot be measured again from this store and catalogue",
                where=str(release.folder), todo="use the store and the catalogue that it was made with",
            )  # fmt: skip
        zeros_hidden = any(note.code == ZEROS_HIDDEN for note in release.figures.notes)
        released = Released.of(release.tables, true, parents, zeros_hidden, release.folder.name)
        figures = json.loads((release.folder / FIGURES).read_bytes())
        return cls(digest((release.folder / MANIFEST).read_bytes()), released, figures)

    @classmethod
    def parse(cls, content: bytes) -> EarlierRelease:
        """What `as_bytes` wrote."""
        told = json.loads(content)
        return cls(told["manifest"], Released.from_json(told["released"], told["name"]), told["figures"])

    def as_bytes(self) -> bytes:
        """For the internal part of a release that leans on it."""
        body = {
            "manifest": self.manifest,
            "name": self.released.name,
            "released": self.released.as_json(),
            "figures": self.figures,
        }
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def kept_release(folder: Path, name: str) -> EarlierRelease | None:
    """A release as a ledger keeps it: its internal part with the public figures in it."""
    protection, figures, manifest = folder / PROTECTION, folder / PUBLISHED, folder / MANIFEST
    if not (protection.is_file() and figures.is_file() and manifest.is_file()):
        return None
    try:
        release = str(json.loads(manifest.read_bytes())["release"])
    except (ValueError, KeyError, TypeError):
        return None
    return EarlierRelease.parsed(release, protection.read_bytes(), figures.read_bytes(), name)
