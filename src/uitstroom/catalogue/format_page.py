"""The page that says how catalogue files are written, made from the classes of the schema and what they promise."""

from __future__ import annotations

import ast
import datetime
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from uitstroom import figures, periods, text
from uitstroom.catalogue import definitions, entries, intake_rules, schema
from uitstroom.catalogue.draft import FORMS
from uitstroom.catalogue.keys import classes, fields_of
from uitstroom.figures import Event
from uitstroom.text import Text

INTRODUCTION = """\
# How a catalogue is written

A catalogue is a folder of [TOML](https://toml.io) files. Nothing about an instrument, a service or a year stands in
the program: it stands here, dated and with its source. The built-in folder is `src/uitstroom/catalogue/data/vdab`;
what it says stands on [the catalogue's own page](catalogue.md);
an instrument in full is `instruments/iss.toml` there.
This page is made from the program by `./run pages`.

```text
FOLDER/
  service.toml         who counts, and where
  sources.toml         where facts come from
  instruments/*.toml   one file per instrument
  groups.toml          instruments that are asked for together
  dimensions.toml      what figures can be broken down by
  work_types.toml      kinds of employment line
  end_reasons.toml     why an action ended
  frames.toml          programmes within which an action takes place
  indicators.toml      what can be asked, and the named definitions
  disclosure.toml      what must not be told
  words.toml           sentences of figures and answers
```

## A catalogue of your own

`--catalogue FOLDER` puts your files on top of the built-in ones. Only write what differs:

* an instrument replaces the built-in one with the same `code`; another code adds one;
* in `sources.toml`, `groups.toml`, `dimensions.toml`, `work_types.toml`, `end_reasons.toml`, `frames.toml` and
  `words.toml`, and in each table of `indicators.toml`, an entry replaces the one with the same key, whole; another
  key adds one;
* in `service.toml` and `disclosure.toml`, a key replaces the same key; `limits` of `indicators.toml` is replaced
  whole;
* a full copy of the built-in folder, with your changes in it, works as well.

`extends = false` in `service.toml` makes the folder stand alone, with the built-in sentences only.

`uitstroom catalogue check FOLDER` tells every mistake in every file at once, with file and key.

## What holds everywhere

* Every text is given in Dutch and in English: `{ nl = "…", en = "…" }`.
* Days are TOML days without quotes (`2017-01-01`); validity includes both its days; a day that is left out is without
  end.
* The versions of an instrument, and of a definition, touch each other without gap or overlap, in the order of time.
* Everything that decides a number has a `source` (a key of `sources.toml`) and says whether the source says it
  (`stated = true`) or it is inferred (`stated = false`).
* A version whose outflow definition needs what it does not record says why in `not_recorded_reason`. Its figure is
  then *not possible*, and names what is missing.
* A sentence of `words.toml` keeps the `{places}` of the built-in one, the same in both languages.
"""
HEADINGS = {
    "service": "service.toml",
    "sources": "sources.toml: one table per source",
    "instruments": "instruments/*.toml: one instrument per file",
    "groups": "groups.toml: one table per group",
    "dimensions": "dimensions.toml: one table per dimension",
    "work_types": "work_types.toml: one table per code",
    "end_reasons": "end_reasons.toml: one table per code",
    "frames": "frames.toml: one table per frame",
    "indicators": "indicators.toml: a table [indicators.NAME] per indicator",
    "outflow": "indicators.toml: a list [[outflow.NAME]] per definition of outflow",
    "persons": "indicators.toml: a list [[persons.NAME]] per definition of persons",
    "disclosure": "disclosure.toml",
}


def format_page() -> str:
    """The whole page in Markdown: the folder, what holds everywhere, and every key of every file."""
    said = _promises()
    lines = [INTRODUCTION]
    told: set[type] = {Text}
    for kind, heading in HEADINGS.items():
        lines += [f"## {heading}", ""]
        for form in _within(FORMS[kind], told):
            lines += _section(form, said)
    lines += ["## words.toml: one table per sentence", "", "Each has the keys `nl` and `en`."]
    return "\n".join(lines).rstrip() + "\n"


def _within(form: Any, told: set[type]) -> Iterator[type]:
    """The classes of an entry and of its parts that were not told before, from the whole to the parts."""
    for each in classes(form):
        if each not in told:
            told.add(each)
            yield each
            for annotation in fields_of(each).values():
                yield from _within(annotation, told)


def _section(form: type, said: dict[tuple[str, str], str]) -> list[str]:
    rows = [
        f"| `{key}` | {_kind(annotation)} | {_default(form, key)} | {_meaning(form, key, said)} |"
        for key, annotation in fields_of(form).items()
    ]
    promise = " ".join(inspect.cleandoc(form.__doc__ or "").split())
    head = ["| key | what stands there | when left out | meaning |", "|---|---|---|---|"]
    return [f"### {form.__name__}", "", promise, "", *head, *rows, ""]


def _meaning(form: type, key: str, said: dict[tuple[str, str], str]) -> str:
    return next((said[each.__name__, key] for each in form.__mro__ if (each.__name__, key) in said), "")


def _promises() -> dict[tuple[str, str], str]:
    """What stands under a key of a class, by class and key."""
    modules = [ast.parse(inspect.getsource(module)) for module in _MODULES]
    bodies = {node.name: node.body for module in modules for node in module.body if isinstance(node, ast.ClassDef)}
    return {
        (name, key.target.id): " ".join(inspect.cleandoc(below.value.value).split())
        for name, body in bodies.items()
        for key, below in pairwise(body)
        if isinstance(key, ast.AnnAssign) and isinstance(key.target, ast.Name)
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }


_MODULES = (entries, intake_rules, definitions, schema, figures, periods, text)


def _default(form: type, key: str) -> str:
    if issubclass(form, BaseModel):
        field = form.model_fields[key]
        return "required" if field.is_required() else _said_default(field.default)
    default = next(item.default for item in fields(form) if item.name == key) if is_dataclass(form) else MISSING
    return "required" if default is MISSING else _said_default(default)


def _said_default(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, str | int):
        return f"`{default}`"
    if isinstance(default, Text):
        return f"`{default['nl']}` / `{default['en']}`"
    return "at work on the day" if isinstance(default, Event) else "–"


_PLAIN = {str: "text", int: "whole number", bool: "true or false", datetime.date: "day", Text: "words, `nl` and `en`"}


def _kind(annotation: Any) -> str:
    """What may stand at a key, in words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if origin is Literal:
        return _choice(f"`{str(part).lower() if isinstance(part, bool) else part}`" for part in parts)
    if origin in (UnionType, Union):
        return _choice(dict.fromkeys(_kind(part) for part in parts if part is not NoneType))
    if origin is Annotated:
        return "code" if annotation == schema.Code else "column" if annotation == schema.ColumnName else _kind(parts[0])
    if origin is tuple:
        return f"list of: {_kind(parts[0])}"
    if origin is dict:
        return f"table: {_kind(parts[0])} = {_kind(parts[1])}"
    return f"[{annotation.__name__}](#{annotation.__name__.lower()})"


def _choice(parts: Iterable[str]) -> str:
    return " or ".join(parts)
