"""What must hold between the entries of a catalogue: references, validity without gap or overlap, words that fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from string import Formatter

from uitstroom.catalogue.holding import Catalogue, needed_columns
from uitstroom.catalogue.schema import Dated, Instrument, NoOutflow, Version
from uitstroom.errors import Problem
from uitstroom.periods import ONE_DAY

Place = Callable[[str, str], str]
"""Gives the file of an entry: kind of list and key."""


def faults(catalogue: Catalogue, place: Place) -> list[Problem]:
    """Every mistake between entries, each with its file and key."""
    return [
        *_instruments(catalogue, place),
        *_definitions(catalogue, place),
        *_groups(catalogue, place),
        *_dimensions(catalogue, place),
        *_sources(catalogue, place),
        *_words(catalogue, place),
    ]


def _instruments(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    for code, instrument in catalogue.instruments.items():
        file = place("instruments", code)
        yield from _touching(instrument.versions, f"{file}: versions")
        if len({version.entrant for version in instrument.versions}) > 1:
            yield Problem(
                "the versions of one instrument count either by start or by approval, not both",
                f"{file}: versions",
                "make the later form an instrument of its own, with this one as its predecessor",
            )
        for number, version in enumerate(instrument.versions, 1):
            yield from _version(catalogue, instrument, version, f"{file}: versions[{number}]")
        yield from _known([*instrument.predecessors, *instrument.successors], catalogue.instruments, file, "instrument")


def _touching(versions: Sequence[Dated], where: str) -> Iterator[Problem]:
    for earlier, later in zip(versions, versions[1:], strict=False):
        if earlier.valid_until is None or later.valid_from is None:
            what = "only the first version may lack valid_from, and only the last valid_until"
            yield Problem(what, where, "give the dates between versions")
        elif later.valid_from <= earlier.valid_until:
            yield Problem(f"two versions overlap on {later.valid_from}", where, "let the earlier end the day before")
        elif later.valid_from != earlier.valid_until + ONE_DAY:
            gap = earlier.valid_until + ONE_DAY
            yield Problem(f"no version is valid on {gap}", where, "let versions touch, in the order of their dates")


def _version(catalogue: Catalogue, instrument: Instrument, version: Version, where: str) -> Iterator[Problem]:
    variants = [variant.code for variant in instrument.variants]
    for number, rule in enumerate(version.rules, 1):
        yield from _known(rule.variants, variants, f"{where}.rules[{number}].variants", "variant")
        if rule.kind == "allowed_frame":
            yield from _known(rule.frames, catalogue.frames, f"{where}.rules[{number}].frames", "frame")
    if isinstance(version.outflow, NoOutflow):
        return
    if version.outflow not in catalogue.indicators.outflow:
        yield from _known([version.outflow], catalogue.indicators.outflow, f"{where}.outflow", "definition")
        return
    yield from _measurable(catalogue, version, where)


def _measurable(catalogue: Catalogue, version: Version, where: str) -> Iterator[Problem]:
    for definition in catalogue.indicators.outflow[str(version.outflow)]:
        missing = [column for column in needed_columns(definition, version) if column not in version.records]
        if missing and version.not_recorded_reason is None:
            yield Problem(
                f"the definition {version.outflow} needs {', '.join(missing)}, which this version does not record",
                f"{where}.outflow",
                "record them, name another definition, or say in not_recorded_reason why the service cannot know them",
            )


def _definitions(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    file = place("indicators", "")
    for name, versions in catalogue.indicators.outflow.items():
        yield from _touching(versions, f"{file}: outflow.{name}")
        for number, version in enumerate(versions, 1):
            where = f"{file}: outflow.{name}[{number}].work_types"
            yield from _known(version.work_types, catalogue.work_types, where, "work type")
    for name, counts in catalogue.indicators.persons.items():
        yield from _touching(counts, f"{file}: persons.{name}")
    for name, indicator in catalogue.indicators.indicators.items():
        yield from _known(indicator.by, catalogue.dimensions, f"{file}: indicators.{name}.by", "dimension")


def _groups(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    group = catalogue.service.default_group
    yield from _known([group], catalogue.groups, f"{place('service', '')}: default_group", "group")
    for code, entry in catalogue.groups.items():
        file = f"{place('groups', code)}: {code}"
        members = [member.instrument for member in entry.members]
        yield from _known(members, catalogue.instruments, f"{file}.members", "instrument")
        for left_out in sorted(set(members) - set(entry.table_order)):
            yield Problem(f"{left_out} has no place in the order of tables", f"{file}.table_order", "add it")
        for indicator, labels in entry.labels.items():
            yield from _known([indicator], catalogue.indicators.indicators, f"{file}.labels", "indicator")
            yield from _known(labels, catalogue.instruments, f"{file}.labels.{indicator}", "instrument")


def _dimensions(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    for code, entry in catalogue.dimensions.items():
        where = f"{place('dimensions', code)}: {code}"
        if entry.of is not None:
            yield from _known([entry.of], catalogue.dimensions, f"{where}.of", "dimension")
        needed = {"code": "column", "band": "column", "parent": "of"}.get(entry.kind)
        if needed and getattr(entry, needed) is None:
            yield Problem(f"a dimension of kind {entry.kind} needs `{needed}`", where, f"add `{needed}`")
        if entry.kind == "band" and not (entry.unit and entry.bands):
            yield Problem("a dimension of kind band needs `unit` and `bands`", where, "add them")


def _sources(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    for kind, key, entry in _sourced(catalogue):
        source = getattr(entry, "source", None)
        if source is not None:
            yield from _known([source], catalogue.sources, f"{place(kind, key)}: {key}.source", "source")


def _sourced(catalogue: Catalogue) -> Iterator[tuple[str, str, object]]:
    for kind in ("work_types", "end_reasons", "frames", "dimensions"):
        for key, entry in getattr(catalogue, kind).items():
            yield kind, key, entry
    yield "disclosure", "", catalogue.disclosure
    for name, versions in (*catalogue.indicators.outflow.items(), *catalogue.indicators.persons.items()):
        for definition in versions:
            yield "indicators", name, definition
    for code, instrument in catalogue.instruments.items():
        for part in (*instrument.variants, *instrument.versions):
            yield "instruments", code, part
        for version in instrument.versions:
            yield from (("instruments", code, rule) for rule in (*version.rules, version.outflow))


def _words(catalogue: Catalogue, place: Place) -> Iterator[Problem]:
    for key, text in catalogue.words.items():
        dutch, english = _places(text.nl), _places(text.en)
        if dutch is None or english is None or dutch != english:
            yield Problem(
                "the Dutch and the English words do not have the same {places}",
                f"{place('words', key)}: {key}",
                "use the same names between braces in both",
            )


def _places(sentence: str) -> set[str] | None:
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return None


def _known(codes: object, entries: object, where: str, kind: str) -> Iterator[Problem]:
    from uitstroom.catalogue.holding import advice

    known = list(entries)  # type: ignore[call-overload]
    for code in codes:  # type: ignore[attr-defined]
        if code not in known:
            yield Problem(f"there is no {kind} {code!r}", where, advice(code, known))
