"""Mistakes in catalogue files in plain words: the file, the key, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from uitstroom.catalogue.holding import advice
from uitstroom.catalogue.keys import known_keys
from uitstroom.errors import Problem
from uitstroom.text import LANGUAGES

Key = tuple[str | int, ...]
MANUAL = "docs/catalogue-format.md"
UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")


def place(file: str, key: Sequence[str | int]) -> str:
    """`vdab/groups.toml, werkplekleren.members[3].instrument`; the first of a list is [1]."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{_quoted(part)}" for part in key]
    return f"{file}, {''.join(parts).removeprefix('.')}" if parts else file


def _quoted(part: str) -> str:
    return f'"{part}"' if "." in part else part


def complaints(
    error: ValidationError, file: str, prefix: Key, raw: Any, form: Any, manual: str = MANUAL
) -> list[Problem]:
    """Every mistake found in reading `raw`, which stands in `file` under `prefix`, as a `form`.

    `manual` is the page that says what each key means.
    """
    found: dict[Key, Problem] = {}
    for detail in error.errors(include_url=False):
        where = key_path(detail, raw)
        if not _of_the_other_choice(detail, raw, where):
            what, todo = _said(detail, form, manual)
            found.setdefault(where, Problem(what, place(file, (*prefix, *where)), todo))
    return list(found.values())


def key_path(detail: ErrorDetails, raw: Any) -> Key:
    """The key path as it stands in the file, without the names that the validator gives to its own choices."""
    kept: list[str | int] = []
    here: Any = raw
    for number, part in enumerate(detail["loc"]):
        if _holds(here, part):
            here = here[part]
            kept.append(part)
        elif detail["type"] == "missing" and number == len(detail["loc"]) - 1:
            kept.append(part)
    return tuple(kept)


def _holds(here: Any, part: str | int) -> bool:
    return part in here if isinstance(here, dict) else isinstance(here, list) and isinstance(part, int)


def _of_the_other_choice(detail: ErrorDetails, raw: Any, where: Key) -> bool:
    """Where a text or a table may stand, a table with a mistake is not also 'no text'."""
    return detail["type"] == "string_type" and detail["loc"][-1] == "str" and isinstance(_at(raw, where), dict)


def _at(raw: Any, key: Key) -> Any:
    for part in key:
        raw = raw[part]
    return raw


def repaired(error: ValidationError, raw: Any) -> Any:
    """`raw` itself, without its unknown keys and with a dash for words that are missing, so that reading can go on."""
    for detail in error.errors(include_url=False):
        where = key_path(detail, raw)
        if detail["type"] in UNKNOWN_KEY and where:
            _at(raw, where[:-1]).pop(where[-1], None)
        elif detail["type"] == "missing" and where and where[-1] in LANGUAGES:
            _at(raw, where[:-1])[where[-1]] = "–"
    return raw


def without_rules(error: ValidationError, raw: Any) -> Any:
    """`raw` itself, without the rules that have a mistake, so that the rest of an instrument can be looked into."""
    found = {key_path(detail, raw) for detail in error.errors(include_url=False)}
    rules = {where[: where.index("rules") + 2] for where in found if "rules" in where[:-1]}
    for *above, number in sorted(rules, key=lambda where: int(where[-1]), reverse=True):
        del _at(raw, tuple(above))[number]
    return raw


def blank_words(file: str, raw: Any, prefix: Key) -> Iterator[Problem]:
    """Texts that are there in name only: empty, or nothing but spaces."""
    parts = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for key, part in parts:
        if key in LANGUAGES and isinstance(part, str) and not part.strip():
            yield Problem("these words are empty", place(file, (*prefix, key)), "write them, or remove the text")
        yield from blank_words(file, part, (*prefix, key))


def _said(detail: ErrorDetails, form: Any, manual: str) -> tuple[str, str | None]:
    kind = detail["type"]
    if kind == "missing":
        return _missing(str(detail["loc"][-1]), manual)
    if kind == "union_tag_not_found":
        return "the key kind is missing", f"add kind: {manual} lists the kinds"
    if kind in UNKNOWN_KEY:
        return "this key is not known", advice(str(detail["loc"][-1]), known_keys(form, detail["loc"][:-1]))
    if kind in _SAYINGS:
        return _SAYINGS[kind](detail)
    expected = _EXPECTED.get(kind.split("_")[0], "what is expected here")
    return f"this is not {expected}", f"write {expected}"


_EXPECTED = {
    "string": "a text between quotes",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a day such as 2017-01-01",
    "tuple": "a list between [ ]",
    "dict": "a table of keys",
    "model": "a table of keys",
    "dataclass": "a table of keys",
}


def _missing(key: str, manual: str) -> tuple[str, str | None]:
    if key in LANGUAGES:
        language = {"nl": "Dutch", "en": "English"}[key]
        return f"the {language} words are missing", f"add {key}: every text is given in Dutch and in English"
    return "this key is missing", f"add {key}: {manual} says what it means"


def _choice(detail: ErrorDetails) -> tuple[str, str | None]:
    context = detail.get("ctx", {})
    return "this is none of the allowed values", f"choose {context.get('expected') or context.get('expected_tags')}"


_SAYINGS: dict[str, Callable[[ErrorDetails], tuple[str, str | None]]] = {
    "literal_error": _choice,
    "union_tag_invalid": _choice,
    "value_error": lambda detail: (str(detail["ctx"]["error"]), None),
    "string_pattern_mismatch": lambda detail: (
        "this has signs that are not allowed here",
        f"write it as {detail['ctx']['pattern']}",
    ),
    "too_short": lambda detail: ("this list is too short", f"give at least {detail['ctx']['min_length']}"),
    "too_long": lambda detail: ("this list is too long", f"give at most {detail['ctx']['max_length']}"),
    "string_too_long": lambda detail: ("this is too long", f"use at most {detail['ctx']['max_length']} signs"),
    "greater_than_equal": lambda detail: ("this number is too small", f"the least is {detail['ctx']['ge']}"),
    "less_than_equal": lambda detail: ("this number is too large", f"the most is {detail['ctx']['le']}"),
}
