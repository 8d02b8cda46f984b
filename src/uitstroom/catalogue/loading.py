"""Reads a catalogue from its TOML files and reports every mistake in every file at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from uitstroom.catalogue.checks import faults
from uitstroom.catalogue.holding import Catalogue
from uitstroom.catalogue.schema import (
    Dimension,
    DisclosurePolicy,
    EndReason,
    Frame,
    Group,
    Indicators,
    Instrument,
    Service,
    Source,
    WorkType,
)
from uitstroom.errors import Problem, UitstroomError
from uitstroom.text import Text

BUILT_IN = Path(str(resources.files("uitstroom.catalogue"))) / "data"
SERVICE = "vdab"
LISTS: dict[str, type[BaseModel]] = {
    "sources": Source,
    "groups": Group,
    "dimensions": Dimension,
    "work_types": WorkType,
    "end_reasons": EndReason,
    "frames": Frame,
}
"""The files that hold one entry per key, and what an entry is."""
WHOLES: dict[str, type[BaseModel]] = {"service": Service, "indicators": Indicators, "disclosure": DisclosurePolicy}
"""The files that are one thing."""
Model = TypeVar("Model")


@dataclass
class _Files:
    """The content of the files, the later folder on top, with the file that each entry came from."""

    lists: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in (*LISTS, "words")})
    wholes: dict[str, dict[str, Any]] = field(default_factory=dict)
    instruments: dict[str, Any] = field(default_factory=dict)
    places: dict[tuple[str, str], Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(directory: Path | None = None) -> Catalogue:
    """The built-in catalogue, with the files of `directory` on top, or those alone where they do not extend it.

    Raises `UitstroomError` with every mistake found, each with its file and key.
    """
    files = _Files()
    _read_lists(files, BUILT_IN, ("words",))
    if directory is None or _extends(directory):
        _read_folder(files, BUILT_IN / SERVICE)
    if directory is not None:
        _known_files_only(files, directory)
        _read_folder(files, directory)
    catalogue = _built(files)
    if not files.problems and catalogue is not None:
        files.problems += faults(catalogue, lambda kind, key: str(files.places.get((kind, key), f"{kind}.toml")))
    if files.problems or catalogue is None:
        raise UitstroomError.of(files.problems)
    return catalogue


def _extends(directory: Path) -> bool:
    try:
        content = tomllib.loads((directory / "service.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return content.get("extends", True) is not False


def _known_files_only(files: _Files, directory: Path) -> None:
    if not directory.is_dir():
        files.problems.append(Problem("there is no such folder", str(directory), "give a folder with catalogue files"))
        return
    known = {f"{name}.toml" for name in (*LISTS, *WHOLES, "words")}
    for path in sorted(directory.glob("*.toml")):
        if path.name not in known:
            files.problems.append(
                Problem("this is no file of a catalogue", str(path), f"known: {', '.join(sorted(known))}")
            )


def _read_folder(files: _Files, folder: Path) -> None:
    _read_lists(files, folder, (*LISTS, "words"))
    for name in WHOLES:
        content = _read(files, folder / f"{name}.toml")
        if content is not None:
            files.wholes[name] = _merged(files.wholes.get(name, {}), content) if name == "indicators" else content
            files.places[name, ""] = folder / f"{name}.toml"
    for path in sorted((folder / "instruments").glob("*.toml")):
        content = _read(files, path)
        if content is not None:
            code = str(content.get("code", path.stem))
            files.instruments[code] = content
            files.places["instruments", code] = path


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """`above` on top of `below`, one level deep: a named indicator or definition is replaced whole."""
    return {
        key: {**below[key], **above[key]}
        if isinstance(below.get(key), dict) and isinstance(above.get(key), dict)
        else above.get(key, below.get(key))
        for key in {**below, **above}
    }


def _read_lists(files: _Files, folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        path = folder / f"{name}.toml"
        content = _read(files, path) or {}
        for key, entry in content.items():
            files.lists[name][key] = entry
            files.places[name, key] = path


def _read(files: _Files, path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        files.problems.append(Problem("this file is not UTF-8", str(path), "save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        files.problems.append(Problem(f"this is not readable TOML: {error}", str(path), "mend the file"))
    return None


def _built(files: _Files) -> Catalogue | None:
    lists = {name: _entries(files, name, model) for name, model in LISTS.items()}
    words: dict[str, Text] = _entries(files, "words", Text)
    wholes = {name: _whole(files, name, model) for name, model in WHOLES.items()}
    instruments = {
        code: _validated(files, Instrument, content, files.places["instruments", code], "")
        for code, content in files.instruments.items()
    }
    if files.problems or None in wholes.values():
        return None
    content = {**files.lists, **files.wholes, "instruments": files.instruments}
    return Catalogue(**lists, **wholes, words=words, instruments=instruments, fingerprint=_fingerprint(content))  # type: ignore[arg-type]


def _entries(files: _Files, name: str, model: type[Model]) -> dict[str, Model]:
    return {
        key: value
        for key, entry in files.lists[name].items()
        if (value := _validated(files, model, entry, files.places[name, key], key)) is not None
    }


def _whole(files: _Files, name: str, model: type[Model]) -> Model | None:
    if name not in files.wholes:
        files.problems.append(Problem("this file is missing", f"{name}.toml", "add it: see docs/catalogue-format.md"))
        return None
    return _validated(files, model, files.wholes[name], files.places[name, ""], "")


def _validated(files: _Files, model: type[Model], content: Any, path: Path, key: str) -> Model | None:
    try:
        return TypeAdapter(model).validate_python(content)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            where, what = in_words(one)
            place = ".".join(part for part in (key, where) if part)
            files.problems.append(Problem(what, f"{path}: {place}" if place else str(path), _TODO.get(one["type"])))
    return None


_TODO = {
    "extra_forbidden": "remove it or correct its name: docs/catalogue-format.md lists the keys",
    "unexpected_keyword_argument": "remove it or correct its name: docs/catalogue-format.md lists the keys",
    "missing": "add it: docs/catalogue-format.md says what it means",
}


def in_words(error: Mapping[str, Any]) -> tuple[str, str]:
    """The key and the mistake of one pydantic error, in plain words and without the value."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    kind, context = error["type"], error.get("ctx", {})
    if (kind == "missing" and key.endswith((".nl", ".en"))) or key in ("nl", "en"):
        return key, "a translation is missing"
    plain = {
        "missing": "this key is missing",
        "extra_forbidden": "this key is unknown",
        "unexpected_keyword_argument": "this key is unknown",
        "literal_error": f"this must be one of {context.get('expected', '')}",
        "string_pattern_mismatch": f"this must be written as {context.get('pattern', '')}",
        "union_tag_invalid": f"`kind` must be one of {context.get('expected_tags', '')}",
        "union_tag_not_found": "`kind` is missing",
    }
    message = str(error.get("msg", "")).removeprefix("Value error, ")
    return key, plain.get(kind, message[:1].lower() + message[1:])


def _fingerprint(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(_sorted(content), ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sorted(content: Any) -> Any:
    if isinstance(content, Mapping):
        return {key: _sorted(content[key]) for key in sorted(content)}
    if isinstance(content, list):
        return [_sorted(part) for part in content]
    return content
