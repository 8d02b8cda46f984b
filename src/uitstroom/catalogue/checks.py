"""What must hold between the entries of a catalogue: references, validity without gap or overlap, words that fit."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import pairwise
from string import Formatter
from typing import Any

from pydantic import BaseModel

from uitstroom.catalogue.draft import Draft
from uitstroom.catalogue.instrument_checks import instrument_faults, variant_faults
from uitstroom.catalogue.references import not_among, touching, twice, unknown
from uitstroom.catalogue.schema import Dimension, Group, Member
from uitstroom.errors import Problem
from uitstroom.indicators import INDICATORS


def faults(draft: Draft) -> Iterator[Problem]:
    """Every mistake between entries, each with its file and key.

    Entries with a mistake of their own are not looked into, but a reference to one is no mistake.
    """
    yield from _service(draft)
    for code, instrument in draft.parts["instruments"].items():
        yield from instrument_faults(draft, code, instrument)
    yield from variant_faults(draft)
    for code, group in draft.parts["groups"].items():
        yield from _group(draft, code, group)
    for code, dimension in draft.parts["dimensions"].items():
        yield from _dimension(draft, code, dimension)
    yield from _indicators(draft)
    yield from _definitions(draft)
    yield from _sources(draft)
    yield from _words(draft)


def _service(draft: Draft) -> Iterator[Problem]:
    service = draft.whole("service")
    if service is not None:
        yield from unknown(draft, "groups", [service.default_group], draft.place("service", "", "default_group"))


def _group(draft: Draft, code: str, group: Group) -> Iterator[Problem]:
    members = list(dict.fromkeys(member.instrument for member in group.members))
    for number, member in enumerate(group.members):
        place = draft.place("groups", code, "members", number)
        yield from unknown(draft, "instruments", [member.instrument], f"{place}.instrument")
    for instrument in members:
        if _at_once([member for member in group.members if member.instrument == instrument]):
            what = f"{instrument} is a member twice at the same time"
            yield Problem(what, draft.place("groups", code, "members"), "let the dates follow each other")
    order = draft.place("groups", code, "table_order")
    yield from not_among(group.table_order, members, "member", order)
    yield from twice(group.table_order, "instrument", order)
    for left_out in (member for member in members if member not in group.table_order):
        yield Problem(f"{left_out} has no place in the order of tables", order, f"add {left_out!r}")
    for indicator, labels in group.labels.items():
        yield from not_among([indicator], INDICATORS, "indicator", draft.place("groups", code, "labels"))
        yield from not_among(labels, members, "member", draft.place("groups", code, "labels", indicator))


def _at_once(stays: list[Member]) -> bool:
    in_order = sorted(stays, key=lambda one: one.valid_from or datetime.date.min)
    return any(
        (later.valid_from or datetime.date.min) <= (earlier.valid_until or datetime.date.max)
        for earlier, later in pairwise(in_order)
    )


_NEEDS = {"code": ("column",), "band": ("column", "unit", "bands"), "parent": ("of",), "reason": (), "variant": ()}


def _dimension(draft: Draft, code: str, dimension: Dimension) -> Iterator[Problem]:
    place = draft.place("dimensions", code)
    for key in _NEEDS[dimension.kind]:
        if not getattr(dimension, key):
            yield Problem(f"a dimension of kind {dimension.kind} needs {key}", place, f"add {key}")
    yield from twice([*(one.code for one in dimension.codes), *(one.code for one in dimension.bands)], "code", place)
    if dimension.kind == "code" and not (dimension.codes or dimension.open or dimension.column == "frame"):
        yield Problem("no code is allowed here", place, "give codes, or open = true with a pattern")
    if dimension.of is not None:
        yield from unknown(draft, "dimensions", [dimension.of], f"{place}.of")
        yield from _acyclic(draft, code, place)
    yield from _bands(dimension, place)
    yield from _parents(draft, code, dimension, place)


def _acyclic(draft: Draft, code: str, place: str) -> Iterator[Problem]:
    seen, here = [code], draft.parts["dimensions"][code].of
    while here in draft.parts["dimensions"] and here not in seen:
        seen.append(here)
        here = draft.parts["dimensions"][here].of
    if here == code:
        yield Problem(f"the dimension is its own parent: {' → '.join([*seen, code])}", f"{place}.of", "break the ring")


def _bands(dimension: Dimension, place: str) -> Iterator[Problem]:
    for lower, upper in pairwise(dimension.bands):
        if lower.high is None or upper.low is None or upper.low != lower.high + 1:
            what = f"the bands {lower.code} and {upper.code} do not follow each other"
            yield Problem(what, f"{place}.bands", "let each begin one above the high of the one before")


def _parents(draft: Draft, code: str, dimension: Dimension, place: str) -> Iterator[Problem]:
    """A code's parent is a code of a dimension that is made of this one."""
    above = [one for one in draft.parts["dimensions"].values() if one.of == code]
    known = [entry.code for one in above for entry in one.codes]
    for number, entry in enumerate(dimension.codes, 1):
        if entry.parent is not None:
            yield from not_among([entry.parent], known, "parent", f"{place}.codes[{number}].parent")


def _indicators(draft: Draft) -> Iterator[Problem]:
    written = draft.keys("indicators")
    for code in INDICATORS:
        if code not in written:
            place = f"indicators.toml, indicators.{code}"
            yield Problem("this indicator is missing", place, "add its name and description")
    for code in written:
        yield from not_among([code], INDICATORS, "indicator", draft.place("indicators", code))
    for code, indicator in draft.parts["indicators"].items():
        yield from unknown(draft, "dimensions", indicator.by, draft.place("indicators", code, "by"))
        if indicator.default_definition:
            kind = "persons" if code == "persons" else "outflow"
            place = draft.place("indicators", code, "default_definition")
            yield from not_among([indicator.default_definition], draft.keys(kind), "definition", place)


def _definitions(draft: Draft) -> Iterator[Problem]:
    for kind in ("outflow", "persons"):
        for name, versions in draft.parts[kind].items():
            yield from touching(versions, draft.place(kind, name))
    for name, versions in draft.parts["outflow"].items():
        for number, definition in enumerate(versions):
            place = draft.place("outflow", name, number)
            yield from unknown(draft, "work_types", definition.work_types, f"{place}.work_types")
            yield from not_among(definition.inferred, _DECIDING, "part of a definition", f"{place}.inferred")


_DECIDING = ("unit", "cohort", "who", "anchor", "horizon", "event", "work_types", "incomplete")


def _sources(draft: Draft) -> Iterator[Problem]:
    for kind, entries in draft.parts.items():
        for key, entry in entries.items():
            for path, part in _parts(entry, ()):
                source = getattr(part, "source", None)
                if source is not None:
                    yield from unknown(draft, "sources", [source], draft.place(kind, key, *path, "source"))


def _parts(entry: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    if isinstance(entry, BaseModel):
        yield path, entry
        for key in type(entry).model_fields:
            yield from _parts(getattr(entry, key), (*path, key))
    if isinstance(entry, tuple):
        for number, part in enumerate(entry):
            yield from _parts(part, (*path, number))


def _words(draft: Draft) -> Iterator[Problem]:
    for key, text in draft.parts["words"].items():
        place = draft.place("words", key)
        dutch, english = _places(text["nl"]), _places(text["en"])
        below = draft.files.entries["words"][key].below
        known = _places(str(below.get("nl", ""))) if isinstance(below, dict) else None
        if dutch is None or english is None:
            yield Problem("a brace is not closed or not opened", place, "write {name}, or {{ for a brace itself")
        elif dutch != english:
            odd = ", ".join(sorted(dutch ^ english))
            yield Problem(f"the Dutch and the English words differ in {{places}}: {odd}", place, "use the same in both")
        elif known is not None:
            yield from not_among(sorted(dutch - known), sorted(known), "place", place)


def _places(sentence: str) -> set[str] | None:
    """The names between braces, or None where the braces do not fit."""
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None
