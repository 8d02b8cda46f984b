"""Makes a catalogue from its files, and reports every mistake in every file at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from uitstroom.catalogue.checks import faults
from uitstroom.catalogue.draft import FORMS, Draft, drafted
from uitstroom.catalogue.holding import Catalogue
from uitstroom.catalogue.reading import CatalogueLayer, kept_layers, layers, read, written
from uitstroom.catalogue.schema import CodeEntry, Dimension, Frame, Indicators
from uitstroom.errors import UitstroomError


def load(directory: Path | None = None) -> Catalogue:
    """The built-in catalogue, with the files of `directory` on top, or those alone where they do not extend it.

    Raises `UitstroomError` with every mistake found, each with its file and key.
    """
    found = layers(directory)
    return _loaded(found, found)


def load_kept(folder: Path) -> Catalogue:
    """The catalogue whose `files` were written to a folder."""
    found = kept_layers(folder)
    return _loaded(found, found[1:])


def _loaded(found: Sequence[CatalogueLayer], kept: Sequence[CatalogueLayer]) -> Catalogue:
    draft = drafted(read(found))
    problems = [*draft.problems, *faults(draft)]
    if problems:
        raise UitstroomError.of(list(dict.fromkeys(problems)))
    return replace(_catalogue(draft), files=written(kept))


def _catalogue(draft: Draft) -> Catalogue:
    parts = draft.parts
    same = ("sources", "instruments", "groups", "work_types", "end_reasons", "frames", "words")
    dimensions = {code: _with_frames(one, parts["frames"]) for code, one in parts["dimensions"].items()}
    indicators = Indicators(
        indicators=parts["indicators"],
        outflow=parts["outflow"],
        persons=parts["persons"],
        limits=draft.whole("limits") or (),
    )
    return Catalogue(
        service=draft.whole("service"),
        disclosure=draft.whole("disclosure"),
        indicators=indicators,
        dimensions=dimensions,
        **{kind: parts[kind] for kind in same},
        fingerprint=_fingerprint(parts),
    )


def _with_frames(dimension: Dimension, frames: Mapping[str, Frame]) -> Dimension:
    if dimension.column != "frame" or dimension.codes or dimension.open:
        return dimension
    codes = tuple(
        CodeEntry(code=code, name=one.name, valid_from=one.valid_from, valid_until=one.valid_until)
        for code, one in frames.items()
    )
    return dimension.model_copy(update={"codes": codes})


@cache
def _form(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(FORMS[kind])


def _fingerprint(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Of what is said, defaults included, in the order of the entries (words apart): not of how it is laid out.

    Whether a folder extends the built-in files says nothing about the result, and is left out.
    """
    said = {
        kind: [[key, _form(kind).dump_python(entry, mode="json")] for key, entry in entries.items()]
        for kind, entries in parts.items()
    }
    said["words"].sort()
    said["service"][0][1].pop("extends")
    canonical = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
