"""What the codes in the data files are called: only those that occur, and every status."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import STATUSES, UNITS, Figure
from uitstroom.indicators import INDICATORS
from uitstroom.release.columns import BY, dimensions
from uitstroom.release.sentences import Wording
from uitstroom.text import Text, listing

Take = Callable[[Figure], tuple[str | None, ...]]
Name = Callable[[str], Text]
Codes = dict[str, dict[str, Text]]
"""Per column of the CSV, what each code in it is called."""


def codes_of(publishable: Publishable, catalogue: Catalogue) -> Codes:
    """The codes that stand in these tables, in the order in which they are met, with their names in both languages."""
    figures = [figure for table in publishable for figure in table.figures]
    words = catalogue.words
    naming: dict[str, tuple[Take, Name]] = {
        "indicator": (lambda f: (f.indicator,), lambda code: indicator_name(catalogue, code)),
        "instrument": (lambda f: (f.instrument, *f.leaves_out), lambda code: catalogue.instrument(code).name),
        "group": (lambda f: (f.group,), lambda code: group_name(catalogue, code)),
        "unit": (lambda f: f.units, lambda code: words[f"unit.{code}.plural"]),
        "kind": (lambda f: (f.kind,), lambda code: words[f"kind.{code}"]),
        "cohort": (lambda f: (f.cohort,), lambda code: words[f"cohort.{code}"]),
        "anchor": (lambda f: (f.anchor,), lambda code: words[f"anchor.{code}"]),
        "event": (lambda f: (f.event.kind if f.event else None,), lambda code: words[f"event_kind.{code}"]),
        "work_types": (lambda f: f.work_types, lambda code: _work_type(catalogue, code)),
        "who": (lambda f: (f.who,), lambda code: words[f"who.{code}"]),
        "definition": (lambda f: (_defined(f),), lambda code: _definition(catalogue, code)),
        "missing": (lambda f: f.missing, lambda code: _missing(catalogue, code)),
    }
    named = {kind: {code: name(code) for code in _met(figures, take)} for kind, (take, name) in naming.items()}
    named["status"] = {status: words[f"status.{status}"] for status in STATUSES}
    for dimension in dimensions(publishable):
        met = dict.fromkeys(figure.by[dimension] for figure in figures if dimension in figure.by)
        named[BY + dimension] = {code: code_name(catalogue, dimension, code) for code in met}
    return named


def known_codes(catalogue: Catalogue) -> Codes:
    """Every code that a table of this catalogue can hold; open dimensions have no list."""
    words = catalogue.words
    definitions = [*catalogue.indicators.outflow, *catalogue.indicators.persons]
    listed: dict[str, tuple[Iterable[str], Name]] = {
        "indicator": (INDICATORS, lambda code: indicator_name(catalogue, code)),
        "instrument": (catalogue.instruments, lambda code: catalogue.instrument(code).name),
        "group": (catalogue.groups, lambda code: group_name(catalogue, code)),
        "unit": (UNITS, lambda code: words[f"unit.{code}.plural"]),
        "cohort": (("started", "ended"), lambda code: words[f"cohort.{code}"]),
        "anchor": (("start", "end"), lambda code: words[f"anchor.{code}"]),
        "event": (("on_the_day", "within", "sustained"), lambda code: words[f"event_kind.{code}"]),
        "who": (("all", "completed", "entrants", "reached"), lambda code: words[f"who.{code}"]),
        "definition": (definitions, lambda code: _definition(catalogue, code)),
    }
    known = {kind: {code: name(code) for code in codes} for kind, (codes, name) in listed.items()}
    for dimension, entry in catalogue.dimensions.items():
        if not entry.open:
            codes = [*_dimension_codes(catalogue, dimension), "unknown"]
            known[BY + dimension] = {code: code_name(catalogue, dimension, code) for code in codes}
    return known


def _dimension_codes(catalogue: Catalogue, dimension: str) -> list[str]:
    entry = catalogue.dimension(dimension)
    if entry.kind == "variant":
        found = [variant.code for one in catalogue.instruments.values() for variant in one.variants]
        return list(dict.fromkeys([*found, "none"]))
    if entry.kind == "reason":
        return [*catalogue.end_reasons, "running"]
    return list(dict.fromkeys([*(one.code for one in entry.codes), *(one.code for one in entry.bands)]))


def meaning_of(catalogue: Catalogue, kind: str, code: str) -> Text:
    """What a status, indicator, instrument or definition means; nothing for a code whose name says it."""
    if kind == "status":
        return catalogue.words[f"meaning.{code}"]
    if kind == "indicator" and code in catalogue.indicators.indicators:
        return catalogue.indicators.indicators[code].description
    if kind == "instrument":
        return catalogue.instrument(code).description
    if kind == "definition" and code in catalogue.indicators.outflow:
        return catalogue.indicators.outflow[code][-1].description
    return Text()


def code_name(catalogue: Catalogue, dimension: str, code: str) -> Text:
    """A code of a dimension in both languages."""
    return Text.by_language(lambda language: Wording(catalogue, language, "").code(dimension, code))


def group_name(catalogue: Catalogue, code: str) -> Text:
    """A group's name; a group made for a question is named by its instruments."""
    if code in catalogue.groups:
        return catalogue.groups[code].name
    parts = [catalogue.instruments[part].short_name for part in code.split("+") if part in catalogue.instruments]
    return listing(parts) if parts else Text.verbatim(code)


def indicator_name(catalogue: Catalogue, code: str) -> Text:
    """An indicator's name; one that the catalogue does not hold stands as it is."""
    known = catalogue.indicators.indicators
    return known[code].name if code in known else Text.verbatim(code)


def _met(figures: list[Figure], take: Take) -> list[str]:
    return list(dict.fromkeys(code for figure in figures for code in take(figure) if code))


def _work_type(catalogue: Catalogue, code: str) -> Text:
    return catalogue.work_types[code].name if code in catalogue.work_types else Text.verbatim(code)


def _defined(figure: Figure) -> str | None:
    return figure.definition.name if figure.definition else None


def _definition(catalogue: Catalogue, code: str) -> Text:
    versions = catalogue.indicators.outflow.get(code) or catalogue.indicators.persons.get(code)
    return versions[-1].name if versions else Text.verbatim(code)


def _missing(catalogue: Catalogue, code: str) -> Text:
    if f"field.{code}" in catalogue.words:
        return catalogue.words[f"field.{code}"]
    return catalogue.dimensions[code].name if code in catalogue.dimensions else Text.verbatim(code)
