"""Which keys may stand where in a catalogue file, read from the classes of the schema."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from uitstroom.text import LANGUAGES, Text


def known_keys(form: Any, path: Sequence[str | int]) -> list[str]:
    """The keys that may stand at `path` in an entry that is read as `form`, in the schema's order.

    Among the parts of `path` may be the name of a choice that the validator made (`duration` for a rule).
    """
    here = list(classes(form))
    for part in path:
        if isinstance(part, str):
            here = [found for each in here for found in _step(each, part)]
    return list(dict.fromkeys(key for each in here for key in fields_of(each)))


def classes(form: Any) -> Iterator[type]:
    """The classes of the schema that an annotation names, through lists, choices and tables."""
    if isinstance(form, type) and (form is Text or issubclass(form, BaseModel) or dataclasses.is_dataclass(form)):
        yield form
    for part in get_args(form):
        yield from classes(part)


def fields_of(form: Any) -> dict[str, Any]:
    """The keys of a class with what each may hold."""
    if form is Text:
        return dict.fromkeys(LANGUAGES, str)
    if issubclass(form, BaseModel):
        return {key: field.annotation for key, field in form.model_fields.items()}
    hints = get_type_hints(form)
    return {item.name: hints[item.name] for item in dataclasses.fields(form)}


def _step(form: type, part: str) -> Iterator[type]:
    keys = fields_of(form)
    if part in keys:
        yield from classes(keys[part])
    elif part == form.__name__ or part in get_args(keys.get("kind")):
        yield form
