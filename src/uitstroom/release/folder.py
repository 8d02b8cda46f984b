"""A release: a folder with the answer, the tables, the data and a manifest from which all of it can be rebuilt.

Public files stand in the folder itself; what must stay inside (patterns, certificates) stands in `internal/`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from uitstroom import __version__
from uitstroom.errors import UitstroomError
from uitstroom.figures import Scope, Table
from uitstroom.release.figures_file import FIGURES, FiguresFile
from uitstroom.release.words_file import WORDS_FILE, ReleaseWords

MANIFEST = "manifest.json"
INTERNAL = "internal"
DATA = ("data/", "question.toml")
"""Files that are equal under any version of the software; the others only under the manifest's versions."""
RENDERERS = (
    "altair", "babel", "duckdb", "font-source-sans-pro", "fonttools", "jinja2", "lxml", "odfdo", "pysdmx",
    "python-docx", "typst", "vl-convert-python", "xlsxwriter",
)  # fmt: skip

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Manifest:
    """What determines a release: its inputs by hash, the versions that made it, the clock it was given, its files."""

    inputs: dict[str, Any]
    versions: dict[str, str]
    files: dict[str, str]

    @classmethod
    def of(cls, inputs: dict[str, Any], files: Files) -> Manifest:
        public = {name: digest(content) for name, content in sorted(files.items()) if not is_internal(name)}
        return cls(inputs, versions(), public)

    @classmethod
    def read(cls, release: Path) -> Manifest:
        """The manifest of a release folder; `UitstroomError` if it is none."""
        file = release / MANIFEST
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            return cls(content["inputs"], content["versions"], content["files"])
        except FileNotFoundError:
            raise UitstroomError("this folder is no release", where=str(file), todo="give a release folder") from None
        except (ValueError, KeyError, TypeError):
            raise UitstroomError(
                "the manifest cannot be read", where=str(file), todo="take the release from its archive again"
            ) from None

    def as_bytes(self) -> bytes:
        body = {"inputs": self.inputs, "versions": self.versions, "files": self.files}
        return (json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


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
        return cls(
            folder,
            manifest,
            figures,
            ReleaseWords.parse(words.read_bytes() if words.is_file() else None, figures.codes),
        )


def versions() -> dict[str, str]:
    """The versions of everything that decides a byte."""
    return {"uitstroom": __version__, **{name: _version(name) for name in RENDERERS}}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def is_internal(name: str) -> bool:
    """Whether a file of a release must stay inside the service."""
    return PurePosixPath(name).parts[0] == INTERNAL


def is_data(name: str) -> bool:
    """Whether a file is data, which no version of the software may change."""
    return name.startswith(DATA)


def write_release(release: Path, files: Files, inputs: dict[str, Any]) -> Manifest:
    """Write a release whole or not at all: made beside its place, then renamed.

    Raises `UitstroomError` if the folder exists and is not empty.
    """
    if release.exists() and any(release.iterdir()):
        raise UitstroomError(
            "this folder is not empty", where=str(release), todo="give a new folder: a release is never overwritten"
        )
    manifest = Manifest.of(inputs, files)
    release.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{release.name}-", dir=release.parent))
    try:
        for name, content in {**files, MANIFEST: manifest.as_bytes()}.items():
            _write(staging / name, content, 0o600 if is_internal(name) else 0o644)
        staging.chmod(0o755)
        staging.replace(release)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _write(file: Path, content: bytes, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.parent.name == INTERNAL:
        file.parent.chmod(0o700)
    with file.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    file.chmod(mode)


@dataclass(frozen=True)
class Verdict:
    """What a rebuild showed. `damaged` files differ from the manifest; `changed` inputs from those it names.

    `different` files could not be rebuilt: data that differ are never excused; others only by other versions.
    """

    damaged: tuple[str, ...]
    changed: tuple[str, ...]
    different: tuple[str, ...]
    same_versions: bool

    @property
    def verified(self) -> bool:
        """Whether the release stands: nothing damaged, no input changed, all data equal, and all files equal under
        the manifest's versions."""
        excused = not self.same_versions and not any(is_data(name) for name in self.different)
        return not self.damaged and not self.changed and (not self.different or excused)

    @property
    def other_renderer(self) -> bool:
        """Same figures, other renderer."""
        return self.verified and bool(self.different)


def compare(release: Path, rebuilt: Files, inputs: dict[str, Any]) -> Verdict:
    """Hold a release on disk against one rebuilt in memory."""
    manifest = Manifest.read(release)
    again = Manifest.of(inputs, rebuilt)
    names = sorted(manifest.files.keys() | again.files.keys())
    return Verdict(
        damaged=damaged(release, manifest),
        changed=tuple(key for key in sorted(manifest.inputs) if manifest.inputs[key] != inputs.get(key)),
        different=tuple(name for name in names if manifest.files.get(name) != again.files.get(name)),
        same_versions=manifest.versions == versions(),
    )


def damaged(release: Path, manifest: Manifest) -> tuple[str, ...]:
    """Files that are missing, changed, or beside the manifest."""
    present = {
        path.relative_to(release).as_posix(): path
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    public = {name for name in present if not is_internal(name)}
    wrong = {
        name
        for name, expected in manifest.files.items()
        if name not in present or digest(present[name].read_bytes()) != expected
    }
    return tuple(sorted(wrong | (public - set(manifest.files))))
