"""A catalogue as its readers see it: pages in Markdown, in Dutch or in English, made from the catalogue alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from uitstroom.catalogue.holding import Catalogue
from uitstroom.catalogue.instrument_page import InstrumentLines
from uitstroom.catalogue.schema import Band, CodeEntry, Dimension, IndicatorEntry, Instrument, OutflowDefinition
from uitstroom.periods import Day
from uitstroom.text import Language
from uitstroom.text import listing as in_a_row


def instrument_page(catalogue: Catalogue, instrument: Instrument, on: Day | None, language: Language) -> str:
    """One instrument: what it is, its variants, versions, rules and sources; `on` shows the version of that day only.

    Where no version is valid on that day, the page says so and shows the nearest.
    """
    page = _Page(catalogue, language)
    return page.text([*page.instrument(instrument, on, "#"), *page.sources_of(instrument)])


def listing(catalogue: Catalogue, language: Language) -> str:
    """What can be asked: instruments, indicators, definitions and dimensions, each with its code and name."""
    page = _Page(catalogue, language)
    return page.text(page.overview())


def catalogue_page(catalogue: Catalogue, language: Language) -> str:
    """The whole catalogue on one page."""
    page = _Page(catalogue, language)
    return page.text(page.whole())


class _Page(InstrumentLines):
    """Says the parts of a catalogue in one language, line by line."""

    def whole(self) -> Iterator[str]:
        service = self.catalogue.service
        yield f"# {self.word('page.title', service=service.name)}"
        yield ""
        yield self.word("page.introduction", service=service.name, where=service.where)
        yield self.word("page.other_language")
        yield ""
        yield from self._groups()
        yield f"## {self.word('page.instruments')}"
        yield ""
        for instrument in self.catalogue.instruments.values():
            yield from self.instrument(instrument, None, "###")
        yield from self._measuring()
        yield from self._lists()
        yield from self._disclosure()
        yield from self.sources("##", self.catalogue.sources)

    def overview(self) -> Iterator[str]:
        catalogue = self.catalogue
        indicators = catalogue.indicators
        sections: dict[str, Mapping[Any, Any]] = {
            "instruments": catalogue.instruments,
            "indicators": indicators.indicators,
            "outflow_definitions": {name: versions[-1] for name, versions in indicators.outflow.items()},
            "persons_definitions": {name: versions[-1] for name, versions in indicators.persons.items()},
            "dimensions": catalogue.dimensions,
            "groups": catalogue.groups,
        }
        for title, entries in sections.items():
            yield f"## {self.word(f'page.{title}')}"
            yield ""
            yield from self.table(("code", "name"), ((f"`{key}`", self.say(one.name)) for key, one in entries.items()))

    def _groups(self) -> Iterator[str]:
        for code, group in self.catalogue.groups.items():
            yield f"## {self.say(group.name)} (`{code}`)"
            yield ""
            yield f"{self.word('page.members')}:"
            yield ""
            for member in group.members:
                yield f"1. {self.say(self.catalogue.instruments[member.instrument].name)} ({self.validity(member)})"
            yield ""
            names = [self.catalogue.instruments[code].short_name for code in group.table_order]
            yield self.word("page.table_order", instruments=in_a_row(names))
            yield ""

    def _measuring(self) -> Iterator[str]:
        indicators = self.catalogue.indicators
        yield f"## {self.word('page.indicators')}"
        yield ""
        asked: Mapping[str, IndicatorEntry] = indicators.indicators
        rows = ((f"`{code}`", self.say(one.name), self.say(one.description)) for code, one in asked.items())
        yield from self.table(("code", "name", "meaning"), rows)
        for title, definitions in (("outflow", indicators.outflow), ("persons", indicators.persons)):
            yield f"## {self.word(f'page.{title}_definitions')}"
            yield ""
            yield from self._definitions(definitions)
        yield f"### {self.word('page.limits')}"
        yield ""
        yield from (f"- {self.say(limit)}" for limit in indicators.limits)
        yield ""

    def _definitions(self, definitions: Mapping[str, Sequence[Any]]) -> Iterator[str]:
        rows = (
            (f"`{name}`", self._described(one), self.validity(one), self.source(one))
            for name, versions in definitions.items()
            for one in versions
        )
        yield from self.table(("code", "meaning", "valid", "source"), rows)

    def _described(self, definition: Any) -> str:
        description = self.sentence(self.say(definition.description))
        if not isinstance(definition, OutflowDefinition):
            return description
        work = self.word("page.work_counted", types=", ".join(definition.work_types))
        return f"{description} {self.sentence(work)}"

    def _lists(self) -> Iterator[str]:
        yield f"## {self.word('page.dimensions')}"
        yield ""
        dimensions = self.catalogue.dimensions.items()
        rows = (
            (f"`{code}`", self.say(one.name), self._codes(one), self._column(one), self._origin(one))
            for code, one in dimensions
        )
        yield from self.table(("code", "name", "codes", "column", "source"), rows)
        reasons, work, frames = self.catalogue.end_reasons, self.catalogue.work_types, self.catalogue.frames
        kinds = {key: self.word(f"end.{one.kind}") for key, one in reasons.items()}
        yield from self._list("end_reasons", reasons, kinds)
        placement = self.word("page.placement")
        yield from self._list("work_types", work, {key: placement for key, one in work.items() if one.placement})
        yield from self._list("frames", frames, {key: self.said(one.description) for key, one in frames.items()})

    def _list(self, title: str, entries: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[str]:
        yield f"## {self.word(f'page.{title}')}"
        yield ""
        rows = (
            (f"`{key}`", self.say(one.name), kinds.get(key, ""), self.validity(one), self.source(one))
            for key, one in entries.items()
        )
        yield from self.table(("code", "name", "kind", "valid", "source"), rows)

    def _codes(self, dimension: Dimension) -> str:
        if dimension.open:
            return self.word("page.pattern", pattern=dimension.pattern or ".+")
        listed: list[CodeEntry | Band] = [*dimension.codes, *dimension.bands]
        return ", ".join(f"`{one.code}` {self.say(one.name)}" for one in listed)

    def _column(self, dimension: Dimension) -> str:
        column = f"`{dimension.column}`" if dimension.column else ""
        above = self.word("page.parent_of", dimension=f"`{dimension.of}`") if dimension.of else ""
        return ", ".join(part for part in (column, above) if part)

    def _origin(self, dimension: Dimension) -> str:
        manner = self.word("page.stated" if dimension.stated else "page.inferred")
        return f"`{dimension.source}`, {manner}" if dimension.source else ""

    def _disclosure(self) -> Iterator[str]:
        policy = self.catalogue.disclosure
        yield f"## {self.word('page.disclosure')}"
        yield ""
        rule = self.word("page.threshold", highest=policy.threshold - 1, symbol=policy.symbol)
        yield f"{rule} ({self.source(policy)})"
        yield ""
