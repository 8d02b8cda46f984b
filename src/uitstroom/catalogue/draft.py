"""A catalogue in the making: its entries read one by one, with every mistake that was found on the way."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from uitstroom.catalogue.complaints import blank_words, complaints, repaired, without_rules
from uitstroom.catalogue.reading import Files, Written
from uitstroom.catalogue.schema import (
    Code,
    CountDefinition,
    Dimension,
    DisclosurePolicy,
    EndReason,
    Frame,
    Group,
    IndicatorEntry,
    Instrument,
    OutflowDefinition,
    Service,
    Source,
    WorkType,
)
from uitstroom.errors import Problem
from uitstroom.text import Text

FORMS: dict[str, Any] = {
    "service": Service,
    "sources": Source,
    "instruments": Instrument,
    "groups": Group,
    "dimensions": Dimension,
    "work_types": WorkType,
    "end_reasons": EndReason,
    "frames": Frame,
    "indicators": IndicatorEntry,
    "outflow": tuple[OutflowDefinition, ...],
    "persons": tuple[CountDefinition, ...],
    "limits": tuple[Text, ...],
    "disclosure": DisclosurePolicy,
    "words": Text,
}
"""What an entry of each kind is."""
_REQUIRED = ("service", "disclosure")
_FREE = ("words", "limits", *_REQUIRED)
"""Kinds whose keys are no codes."""
_CODE: TypeAdapter[str] = TypeAdapter(Code)


@dataclass
class Draft:
    """The entries that are sound in themselves, by kind and key; `files` knows where each stands, broken ones too."""

    files: Files
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def keys(self, kind: str) -> list[str]:
        """Every key that is written, so that a reference to a broken entry is not called unknown."""
        return list(self.files.entries[kind])

    def whole(self, kind: str) -> Any:
        """The one entry of a kind such as `service`, or None."""
        return self.parts[kind].get("")

    def place(self, kind: str, key: str, *path: str | int) -> str:
        """Where an entry, or a part of it, stands."""
        return self.files.place(kind, key, *path)


def drafted(files: Files) -> Draft:
    """Every entry of `files` read as what it should be, and what is wrong with each."""
    draft = Draft(files, problems=list(files.problems))
    for kind, form in FORMS.items():
        adapter = TypeAdapter[Any](form)
        entries = files.entries[kind]
        draft.parts[kind] = {
            key: part for key, written in entries.items() if (part := _entry(draft, adapter, form, written)) is not None
        }
        if kind not in _FREE:
            draft.problems += [problem for key, written in entries.items() for problem in _code(written, key)]
    draft.problems += [
        Problem("this file is missing", f"{kind}.toml", "add it: docs/catalogue-format.md says what it holds")
        for kind in _REQUIRED
        if not files.entries[kind]
    ]
    return draft


def _entry(draft: Draft, adapter: TypeAdapter[Any], form: Any, written: Written) -> Any:
    """The entry or None; one with small mistakes (keys, words, rules) is still looked into, without them."""
    draft.problems += blank_words(written.file, written.raw, written.key)
    try:
        return adapter.validate_python(written.raw)
    except ValidationError as error:
        draft.problems += complaints(error, written.file, written.key, written.raw, form)
        mended = repaired(error, copy.deepcopy(written.raw))
    try:
        return adapter.validate_python(mended)
    except ValidationError as error:
        mended = without_rules(error, mended)
    try:
        return adapter.validate_python(mended)
    except ValidationError:
        return None


def _code(written: Written, key: str) -> Iterator[Problem]:
    try:
        _CODE.validate_python(key)
    except ValidationError as error:
        yield from complaints(error, written.file, written.key, key, Code)
