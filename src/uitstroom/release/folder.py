"""A release read back: a folder with the answer, the tables, the data and a manifest from which all can be rebuilt.

`RELEASE/` is public as it is; `RELEASE.internal/` beside it holds what must stay inside the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from uitstroom.errors import UitstroomError
from uitstroom.figures import Scope, Table
from uitstroom.release.figures_file import FIGURES, FiguresFile
from uitstroom.release.manifest import Internal, Manifest
from uitstroom.release.words_file import WORDS_FILE, ReleaseWords

__all__ = ["Internal", "Manifest", "Release"]


@dataclass(frozen=True)
class Release:
    """A release read back: nothing but its folder is needed, no catalogue and no register."""

    folder: Path
    manifest: Manifest
    figures: FiguresFile
    words: ReleaseWords

    @property
    def tables(self) -> tuple[Table, ...]:
        return self.figures.tables

    @property
    def scope(self) -> Scope:
        return self.figures.scope

    @classmethod
    def read(cls, folder: Path) -> Release:
        """A release of this or an earlier version; `UitstroomError` where the folder is none, or is damaged."""
        manifest = Manifest.read(folder)
        file, words = folder / FIGURES, folder / WORDS_FILE
        if not file.is_file():
            raise UitstroomError(
                "this release has lost its figures", where=str(file), todo="take the release from its archive again"
            )
        figures = FiguresFile.parse(file.read_bytes(), str(file))
        said = words.read_bytes() if words.is_file() else None
        return cls(folder, manifest, figures, ReleaseWords.parse(said, figures.codes))
