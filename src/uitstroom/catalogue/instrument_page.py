"""One instrument on a page: what it is, its variants, versions and rules, its outflow, and its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from uitstroom.catalogue.holding import needed_columns
from uitstroom.catalogue.markdown import Markdown
from uitstroom.catalogue.schema import Instrument, NoOutflow, OutflowDefinition, RuleEntry, Source, Variant, Version
from uitstroom.periods import Day
from uitstroom.text import Text
from uitstroom.text import listing as in_a_row


class InstrumentLines(Markdown):
    """Says instruments, line by line."""

    def instrument(self, instrument: Instrument, on: Day | None, level: str) -> Iterator[str]:
        name, short = self.say(instrument.name), self.say(instrument.short_name)
        yield f"{level} {name}" + (f" ({short})" if short.casefold() != name.casefold() else "")
        yield ""
        yield self.sentence(self.say(instrument.description))
        yield ""
        yield from self.facts(self._identity(instrument))
        if instrument.variants:
            yield f"{level}# {self.word('page.variants')}: {short}"
            yield ""
            yield from self._variants(instrument.variants)
        for version in self._versions(instrument, on):
            yield f"{level}# {short}, {self.validity(version)}"
            yield ""
            if on is not None and not version.valid_on(on):
                yield from (self.word("page.no_version", day=on), "")
            yield from self.facts(self._version(version))
            yield from self._rules(version)

    def _identity(self, instrument: Instrument) -> Iterator[tuple[str, str]]:
        yield "page.code", f"`{instrument.code}`"
        yield "page.purpose", self.word(f"page.purpose.{instrument.purpose}")
        if instrument.kind == "training":
            yield "page.note", self.word("page.not_workplace")
        for key in ("predecessors", "successors"):
            others = [self.catalogue.instruments[code].name for code in getattr(instrument, key)]
            if others:
                yield f"page.{key}", self.say(in_a_row(others))

    def _versions(self, instrument: Instrument, on: Day | None) -> Sequence[Version]:
        return instrument.versions if on is None else [instrument.nearest_version(on)]

    def _variants(self, variants: Iterable[Variant]) -> Iterator[str]:
        rows = (
            (f"`{one.code}`", self.say(one.name), self.said(one.description), self.validity(one), self.source(one))
            for one in variants
        )
        yield from self.table(("code", "name", "meaning", "valid", "source"), rows)

    def _version(self, version: Version) -> Iterator[tuple[str, str]]:
        if version.name:
            yield "page.version_name", self.say(version.name)
        yield "page.entrant", self.word(f"page.entrant.{version.entrant}")
        characteristics = [self.catalogue.word("page.characteristics")]
        yield "page.records", self._fields(version.records, characteristics if version.characteristics else [])
        unknown = [column for column in _KNOWABLE if column not in version.records]
        if unknown:
            yield "page.not_records", self._fields(unknown, [] if version.characteristics else characteristics)
        if version.maximum:
            yield "page.maximum", self.length(version.maximum)
        yield "page.outflow", self._outflow(version)
        if version.note:
            yield "page.note", self.say(version.note)
        yield "page.source", self.source(version)

    def _fields(self, columns: Iterable[str], more: list[Text]) -> str:
        return self.say(in_a_row([*(self.catalogue.word(f"field.{column}") for column in columns), *more]))

    def _outflow(self, version: Version) -> str:
        if isinstance(version.outflow, NoOutflow):
            reason, status = version.outflow, self.word("status.not_applicable")
            return f"{status}: {self.say(reason.reason)} ({self.source(reason)})"
        definition = self._definition_for(version)
        name = f"`{version.outflow}`"
        missing = [column for column in needed_columns(definition, version) if column not in version.records]
        if not missing:
            return self.word("page.measured_by", definition=name, description=definition.description)
        parts = [
            self.sentence(self.word("page.missing", fields=self._fields(missing, []))),
            self.said(version.not_recorded_reason),
            self.word("page.would_be_measured_by", definition=name),
        ]
        return " ".join(part for part in parts if part)

    def _definition_for(self, version: Version) -> OutflowDefinition:
        versions = self.catalogue.indicators.outflow[str(version.outflow)]
        until = version.valid_until or Day.max
        return next((one for one in versions if one.valid_on(until)), versions[-1])

    def _rules(self, version: Version) -> Iterator[str]:
        if version.rules:
            rows = (
                (
                    self.sentence(self.say(rule.message)),
                    ", ".join(f"`{code}`" for code in rule.variants) or self.word("page.all_variants"),
                    self.word("page.no" if rule.kind == "documented" else "page.yes"),
                    self.source(rule),
                )
                for rule in version.rules
            )
            yield from self.table(("rule", "applies_to", "checked", "source"), rows)

    def sources_of(self, instrument: Instrument) -> Iterator[str]:
        keys = dict.fromkeys([*instrument.sources, *_sources_in(instrument)])
        yield from self.sources("##", {key: self.catalogue.sources[key] for key in keys})

    def sources(self, level: str, sources: Mapping[str, Source]) -> Iterator[str]:
        yield f"{level} {self.word('page.sources')}"
        yield ""
        for key, source in sources.items():
            title = f"[{source.title}]({source.url})" if source.url else source.title
            second = f" ({self.word('page.second_hand')})" if source.second_hand else ""
            yield f"- `{key}`: {title}{second}"
        yield ""


_KNOWABLE = ("person_id", "start_date", "end_date", "employer_id", "trajectory_id")
"""What a reader would expect a service to know, and is told where it does not."""


def _sources_in(instrument: Instrument) -> Iterator[str]:
    for variant in instrument.variants:
        yield variant.source
    for version in instrument.versions:
        yield version.source
        if isinstance(version.outflow, NoOutflow):
            yield version.outflow.source
        rules: Sequence[RuleEntry] = version.rules
        yield from (rule.source for rule in rules)
