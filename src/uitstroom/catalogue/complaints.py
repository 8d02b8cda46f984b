"""Mistakes in catalogue files in plain words: the file, the key, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from uitstroom.catalogue.holding import advice
from uitstroom.errors import Problem
from uitstroom.text import LANGUAGES

Key = tuple[str | int, ...]


def place(file: str, key: Sequence[str | int]) -> str:
    """`vdab/groups.toml, werkplekleren.members[3].instrument`."""
    return f"{file}, {dotted(key)}" if key else file


def dotted(key: Sequence[str | int]) -> str:
    """The path to a key as a reader counts: the first of a list is [1]."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{_quoted(part)}" for part in key]
    return "".join(parts).removeprefix(".")


def _quoted(part: str) -> str:
    return f'"{part}"' if "." in part else part


def complaints(
    error: ValidationError, file: str, prefix: Key, raw: Any, known: Callable[[Key], list[str]]
) -> list[Problem]:
    """Every mistake that validating `raw` (found in `file` under `prefix`) showed; `known` gives the keys of a place."""
    found: dict[tuple[Key, str], Problem] = {}
    for detail in error.errors(include_url=False):
        where = _real(detail, raw)
        if detail["type"] == "string_type" and isinstance(_at(raw, where), dict):
            continue
        found.setdefault((where, detail["type"]), _problem(detail, file, prefix, where, known))
    return list(found.values())


def _real(detail: ErrorDetails, raw: Any) -> Key:
    """The key path as it stands in the file, without the names that the validator gives to its own choices."""
    kept: list[str | int] = []
    here = raw
    for number, part in enumerate(detail["loc"]):
        if (isinstance(here, dict) and part in here) or (isinstance(here, list) and isinstance(part, int)):
            here = here[part]
            kept.append(part)
        elif detail["type"] == "missing" and number == len(detail["loc"]) - 1:
            kept.append(part)
    return tuple(kept)


def _at(raw: Any, key: Key) -> Any:
    for part in key:
        raw = raw[part] if isinstance(raw, list) or part in raw else None
    return raw


def _problem(detail: ErrorDetails, file: str, prefix: Key, where: Key, known: Callable[[Key], list[str]]) -> Problem:
    what, todo = _SAYINGS.get(detail["type"], _otherwise)(detail)
    if detail["type"] == "extra_forbidden":
        todo = advice(str(where[-1]), known(where[:-1])) if where else None
    return Problem(what, place(file, (*prefix, *where)), todo)


def _otherwise(detail: ErrorDetails) -> tuple[str, str | None]:
    expected = _EXPECTED.get(detail["type"].split("_")[0], "another kind of value")
    return f"this is not {expected}", f"write {expected}"


_EXPECTED = {
    "string": "a text between quotes",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a day such as 2017-01-01",
    "tuple": "a list between [ ]",
    "dict": "a table of keys",
    "mapping": "a table of keys",
    "model": "a table of keys",
    "dataclass": "a table of keys",
}


def _missing(detail: ErrorDetails) -> tuple[str, str | None]:
    key = detail["loc"][-1]
    if key in LANGUAGES:
        language = {"nl": "Dutch", "en": "English"}[str(key)]
        return f"the {language} words are missing", f'add {key} = "…": every text is given in Dutch and in English'
    return "this key is missing", f"add {key}"


def _choice(detail: ErrorDetails) -> tuple[str, str | None]:
    expected = detail.get("ctx", {}).get("expected") or detail.get("ctx", {}).get("expected_tags", "")
    return "this is none of the allowed values", f"choose from {expected}"


def _own(detail: ErrorDetails) -> tuple[str, str | None]:
    return str(detail["ctx"]["error"]), None


_SAYINGS: dict[str, Callable[[ErrorDetails], tuple[str, str | None]]] = {
    "missing": _missing,
    "extra_forbidden": lambda _: ("this key is not known", None),
    "unexpected_keyword_argument": lambda _: ("this key is not known", "remove it, or see docs/catalogue-format.md"),
    "literal_error": _choice,
    "union_tag_invalid": _choice,
    "union_tag_not_found": lambda _: ("the key `kind` is missing", "add kind, see docs/catalogue-format.md"),
    "value_error": _own,
    "string_pattern_mismatch": lambda detail: (
        "this code has signs that a code may not have",
        f"write it so that it fits {detail['ctx']['pattern']}",
    ),
    "string_too_long": lambda detail: (f"this is longer than {detail['ctx']['max_length']} signs", "shorten it"),
    "greater_than_equal": lambda detail: ("this number is too small", f"the least is {detail['ctx']['ge']}"),
    "less_than_equal": lambda detail: ("this number is too large", f"the most is {detail['ctx']['le']}"),
}


def blank_words(file: str, raw: Any, prefix: Key = ()) -> Iterator[Problem]:
    """A text that is there in name only: empty, or nothing but spaces."""
    if isinstance(raw, dict):
        for key, part in raw.items():
            if key in LANGUAGES and isinstance(part, str) and not part.strip():
                yield Problem("these words are empty", place(file, (*prefix, key)), "write them, or remove the text")
            yield from blank_words(file, part, (*prefix, key))
    if isinstance(raw, list):
        for number, part in enumerate(raw):
            yield from blank_words(file, part, (*prefix, number))
