"""What must hold for an instrument: its versions in time, its rules, and an outflow that its records allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from uitstroom.catalogue.draft import Draft
from uitstroom.catalogue.holding import needed_columns
from uitstroom.catalogue.references import not_among, touching, twice, unknown
from uitstroom.catalogue.schema import Instrument, OutflowDefinition, Recorded, Version
from uitstroom.errors import Problem

_RECORDED = get_args(Recorded)


def instrument_faults(draft: Draft, code: str, instrument: Instrument) -> Iterator[Problem]:
    """What is wrong with one instrument and its versions."""
    for key in ("predecessors", "successors"):
        yield from unknown(draft, "instruments", getattr(instrument, key), draft.place("instruments", code, key))
    yield from unknown(draft, "sources", instrument.sources, draft.place("instruments", code, "sources"))
    yield from twice((one.code for one in instrument.variants), "variant", draft.place("instruments", code, "variants"))
    yield from touching(instrument.versions, draft.place("instruments", code, "versions"))
    if len({version.entrant for version in instrument.versions}) > 1:
        yield Problem(
            "some versions count by start and some by approval",
            draft.place("instruments", code, "versions"),
            "make the later form an instrument of its own, with this one as its predecessor",
        )
    for number, version in enumerate(instrument.versions):
        yield from _version(draft, code, instrument, number, version)


def _version(draft: Draft, code: str, instrument: Instrument, number: int, version: Version) -> Iterator[Problem]:
    place = draft.place("instruments", code, "versions", number)
    counted = "approved_on" if version.entrant == "approval" else "start_date"
    if counted not in version.records:
        what = f"it counts by {version.entrant}, but {counted} is not recorded"
        yield Problem(what, f"{place}.records", f"add {counted}, or count by the other")
    yield from twice((rule.code for rule in version.rules), "rule", f"{place}.rules")
    for rule_number, rule in enumerate(version.rules, 1):
        yield from _rule(draft, instrument, version, rule, f"{place}.rules[{rule_number}]")
    if isinstance(version.outflow, str):
        yield from unknown(draft, "outflow", [version.outflow], f"{place}.outflow")
        yield from _measurable(draft, version, f"{place}.outflow")


def _rule(draft: Draft, instrument: Instrument, version: Version, rule: Any, place: str) -> Iterator[Problem]:
    yield from not_among(rule.variants, [one.code for one in instrument.variants], "variant", f"{place}.variants")
    yield from unknown(draft, "frames", getattr(rule, "frames", ()), f"{place}.frames")
    known = _columns(draft)
    for key in ("columns", "column", "counted_from"):
        named = getattr(rule, key, None) or ()
        columns = (named,) if isinstance(named, str) else named
        yield from not_among(columns, known, "column", f"{place}.{key}")
        for column in columns:
            if column in known and column in _RECORDED and column not in version.records:
                what = f"the rule looks at {column}, which this version does not record"
                yield Problem(what, f"{place}.{key}", "record it, or make the rule `documented`")
    yield from _allowed(draft, rule, place)


def _columns(draft: Draft) -> list[str]:
    dimensions = draft.parts["dimensions"].values()
    return list(dict.fromkeys([*_RECORDED, *(one.column for one in dimensions if one.column), "variant"]))


def _allowed(draft: Draft, rule: Any, place: str) -> Iterator[Problem]:
    if getattr(rule, "allowed", ()):
        for dimension in draft.parts["dimensions"].values():
            if dimension.column == rule.column and dimension.kind == "code" and not dimension.open:
                codes = [entry.code for entry in dimension.codes]
                yield from not_among(rule.allowed, codes, f"code of {rule.column}", f"{place}.allowed")


def _measurable(draft: Draft, version: Version, place: str) -> Iterator[Problem]:
    definitions: Sequence[OutflowDefinition] = draft.parts["outflow"].get(str(version.outflow), ())
    needed = dict.fromkeys(column for each in definitions for column in needed_columns(each, version))
    missing = [column for column in needed if column not in version.records]
    if missing and version.not_recorded_reason is None:
        yield Problem(
            f"{version.outflow} is a rate on fields that are not recorded: {', '.join(missing)}",
            place,
            "add them to records, or say in not_recorded_reason why the service does not know them",
        )


def variant_faults(draft: Draft) -> Iterator[Problem]:
    """A variant's code is its own over all instruments, since tables name it without its instrument."""
    seen: dict[str, str] = {}
    for code, instrument in draft.parts["instruments"].items():
        for number, variant in enumerate(instrument.variants):
            if seen.setdefault(variant.code, code) != code:
                what = f"the instrument {seen[variant.code]} has a variant of this code too"
                yield Problem(what, draft.place("instruments", code, "variants", number, "code"), "choose another code")
