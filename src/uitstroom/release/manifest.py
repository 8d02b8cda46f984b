"""What determines a release, and the hash of everything in it: the manifest of its public and of its internal part."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from uitstroom import __version__
from uitstroom.errors import UitstroomError
from uitstroom.release.figures_file import SCHEMA

MANIFEST = "manifest.json"
DATA = ("data/", "question.toml")
"""Files that are equal under any version of the software; the others only under the manifest's versions."""
RENDERERS = (
    "altair", "babel", "duckdb", "font-source-sans-pro", "fonttools", "jinja2", "lxml", "odfdo", "pysdmx",
    "python-docx", "typst", "vl-convert-python", "xlsxwriter",
)  # fmt: skip
UNFINISHED = ".unfinished"
"""Lies in an internal part while its release has no name yet."""

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Manifest:
    """What determines a release: its inputs by hash, the versions that made it, the clock it was given, its files."""

    inputs: dict[str, Any]
    versions: dict[str, str]
    files: dict[str, str]
    schema: int = SCHEMA

    @classmethod
    def of(cls, inputs: dict[str, Any], files: Files) -> Manifest:
        return cls(inputs, versions(), digests(files))

    @classmethod
    def read(cls, release: Path) -> Manifest:
        """The manifest of a release folder; `UitstroomError` if it is none, or made by a newer version."""
        content = _content(release / MANIFEST, "this folder is no release", "give a release folder")
        try:
            return cls(content["inputs"], content["versions"], dict(content["files"]), int(content.get("schema", 1)))
        except (ValueError, KeyError, TypeError):
            raise _unreadable(release / MANIFEST) from None

    def as_bytes(self) -> bytes:
        return _bytes(
            {"schema": self.schema, "inputs": self.inputs, "versions": self.versions, "files": self.files}
        )  # fmt: skip


@dataclass(frozen=True)
class Internal:
    """The part of a release that stays inside the service: which release it is of, what measured, and its files.

    0.1.0 kept it in the release itself, without a manifest.
    """

    folder: Path
    release: str = ""
    engine: str = ""
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Path) -> Internal | None:
        """The internal part of a release, where there is one; `UitstroomError` where it is damaged."""
        beside, inside = internal_of(release), release / "internal"
        if (beside / MANIFEST).is_file():
            content = _content(beside / MANIFEST, "this is no internal part", "take it from its archive again")
            try:
                return cls(beside, str(content["release"]), str(content["engine"]), dict(content["files"]))
            except (ValueError, KeyError, TypeError):
                raise _unreadable(beside / MANIFEST) from None
        return cls(inside) if inside.is_dir() else None

    def as_bytes(self) -> bytes:
        return _bytes({"schema": SCHEMA, "release": self.release, "engine": self.engine, "files": self.files})

    def read(self, name: str) -> bytes | None:
        """A file of it, or None."""
        file = self.folder / name
        return file.read_bytes() if file.is_file() else None

    def damaged(self, manifest: bytes) -> tuple[str, ...]:
        """Its files that are missing or changed, and its manifest where it belongs to another release."""
        if not self.release:
            return ()
        wrong = [] if self.release == digest(manifest) else [MANIFEST]
        wrong += [name for name, known in sorted(self.files.items()) if digest(self.read(name) or b"") != known]
        return tuple(f"{self.folder.name}/{name}" for name in wrong)


def internal_of(release: Path) -> Path:
    """Where the internal part of a release lies: beside it."""
    place = release.resolve()
    return place.with_name(place.name + ".internal")


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


def digests(files: Files) -> dict[str, str]:
    """The hash of every file by its path."""
    return {name: digest(content) for name, content in sorted(files.items())}


def digest_of_all(files: Files) -> str:
    """One hash of several files and their paths."""
    return digest(json.dumps(digests(files)).encode())


def identifier(inputs: Mapping[str, Any]) -> str:
    """By what a release is known everywhere: the same inputs give the same one."""
    return uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(inputs, sort_keys=True)).urn


def is_data(name: str) -> bool:
    """Whether a file is data, which no version of the software may change."""
    return name.startswith(DATA)


def _bytes(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _content(file: Path, absent: str, todo: str) -> Any:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise UitstroomError(absent, where=str(file), todo=todo) from None
    except (OSError, ValueError, RecursionError):
        raise _unreadable(file) from None
    schema = content.get("schema", 1) if isinstance(content, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise UitstroomError(
            f"this has schema {schema}, and this version reads up to {SCHEMA}", where=str(file),
            todo="use a newer version of uitstroom",
        )  # fmt: skip
    return content


def _unreadable(file: Path) -> UitstroomError:
    return UitstroomError(
        "the manifest cannot be read", where=str(file), todo="take the release from its archive again"
    )
