"""How a figure reads: the words of rows, columns, cells and footnotes, the same in every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from uitstroom.catalogue import Catalogue
from uitstroom.figures import BOXES, Event, Figure, Table
from uitstroom.periods import Horizon
from uitstroom.release.phrases import subject
from uitstroom.text import Language, Text, listing, long_day, percentage, whole


@dataclass(frozen=True)
class Wording:
    """Says figures in one language, with the catalogue's names and the policy's sign for a hidden cell."""

    catalogue: Catalogue
    language: Language
    symbol: str
    variants: bool = True
    """Whether the variants of a form stand under its row, where the table is not broken down by them."""
    letter: bool = False
    """Whether a cell without a figure stands in a letter, whose sentences say the rest."""
    alone: bool = False
    """Whether the table has one period, so that a cell has room for a whole sentence."""

    def in_a_letter(self, table: Table) -> Wording:
        """The words of a table in a letter."""
        return replace(self, letter=True, alone=len({figure.period for figure in table.figures}) == 1)

    def rows(self, rows: list[list[Figure]], table: Table) -> list[list[Figure]]:
        """The rows that are shown: without variants that nobody asked for, where `variants` is off."""
        if self.variants or "variant" in table.by:
            return rows
        return [row for row in rows if "variant" not in row[0].by]

    def numbered(self, key: str, count: int, **parts: object) -> str:
        """The sentence for one, or for several: `key.one` or `key.other`, with its `count`."""
        return self.word(f"{key}.{'one' if count == 1 else 'other'}", count=count, **parts)

    def part(self, number: int, count: int) -> str:
        """`(deel 1 van 2)`, of a table that does not fit in one."""
        return self.word("table.part", number=number, count=count)

    def spelled(self, count: int) -> str:
        """A number up to twelve in words, as running text has it; a larger one in digits."""
        key = f"number.{count}"
        return self.word(key) if key in self.catalogue.words else whole(count, self.language)

    def say(self, text: Text) -> str:
        return text.in_language(self.language)

    def word(self, key: str, **parts: object) -> str:
        return self.say(self.catalogue.word(key, **parts))

    def count(self, number: int | None) -> str:
        return self.symbol if number is None else whole(number, self.language)

    def indicator(self, table: Table) -> str:
        return self.say(self.catalogue.indicator(table.indicator).name)

    def row(self, figure: Figure, table: Table) -> str:
        """The label of a figure's instrument: its group's word for it, or its name; the total's for a total."""
        group = self.catalogue.groups.get(figure.group or self.catalogue.service.default_group)
        if figure.instrument is None:
            return (
                self.say(group.total) if group and figure.group in self.catalogue.groups else self.word("table.total")
            )
        labels: Mapping[str, Text] = group.labels.get(table.indicator, {}) if group else {}
        return self.say(labels.get(figure.instrument, self.catalogue.instruments[figure.instrument].name))

    def code(self, dimension: str, code: str) -> str:
        """A code of a dimension in words; a code without words of its own stands as it is."""
        entry = self.catalogue.dimension(dimension)
        if code == "unknown":
            return self.say(entry.unknown)
        if entry.kind == "variant":
            return self._variant(code)
        if entry.kind == "reason":
            reason = self.catalogue.end_reasons.get(code)
            return self.say(reason.name) if reason else self.word("table.running")
        named = {item.code: item.name for item in entry.codes} | {item.code: item.name for item in entry.bands}
        if entry.column == "frame":
            named |= {key: frame.name for key, frame in self.catalogue.frames.items()}
        return self.say(named[code]) if code in named else code

    def _variant(self, code: str) -> str:
        for instrument in self.catalogue.instruments.values():
            for variant in instrument.variants:
                if variant.code == code:
                    return self.say(variant.name)
        return self.word("table.no_variant")

    def cell(self, figure: Figure) -> str:
        """The cell: a number, a percentage with its horizon, or the status in words; never empty."""
        if figure.status == "suppressed":
            return self.symbol
        if self.letter and figure.status == "not_yet_known":
            return self._waiting(figure)
        if figure.status == "not_yet_known" and figure.known_on:
            return self.word("cell.not_yet_known_from", day=figure.known_on)
        if figure.status != "value" or figure.value is None:
            return self.word(f"status.{figure.status}")
        return self._value(figure) + (f" ({self.word('status.provisional')})" if figure.provisional else "")

    def _waiting(self, figure: Figure) -> str:
        """`uitstroom na 12 maanden voor IBO's gestart in de eerste jaarhelft van 2017 is nog niet gekend`."""
        if not self.alone or figure.by or not figure.cohort or not figure.horizon:
            return self.word("status.not_yet_known")
        return self.word("letter.cell.not_yet_known", subject=subject(figure, self.catalogue))

    def rate(self, figure: Figure) -> str:
        """`47% na 3 maanden`."""
        value = percentage(figure.value or 0, self.language, figure.decimals)
        return value + (f" {self.say(figure.horizon.name)}" if figure.horizon else "")

    def _value(self, figure: Figure) -> str:
        if figure.kind == "count":
            return whole(int(figure.value or 0), self.language)
        value = self.rate(figure)
        if figure.unit == "trajectory" and figure.instrument:
            name = self.catalogue.instruments[figure.instrument].short_name
            return value + " " + self.word("cell.of_trajectories", instrument=name)
        return value

    def is_late(self, figure: Figure, table: Table) -> bool:
        """Whether a figure that is not yet known could have been, or can be given no day: its reason says more."""
        return figure.known_on is None or table.scope.clock >= figure.known_on

    def reason(self, figure: Figure) -> str | None:
        """Why there is no number, where there is none."""
        return self.say(figure.reason) if figure.reason else None

    def account(self, figure: Figure) -> list[str]:
        """How an outflow came about: base, cohort, anchor, horizon, event, work, what lay outside, definition."""
        if figure.definition is None or figure.maturity is None:
            return []
        return [
            line
            for line in (
                self._base_line(figure),
                self._bounds_line(figure),
                self.word("account.measure", event=self.event(figure), who=self.who(figure)),
                self.word("account.work", types=self.work_types(figure)),
                self._outside_line(figure),
                self.definition(figure),
            )
            if line
        ]

    def _base_line(self, figure: Figure) -> str:
        unit = self.catalogue.word(f"unit.{figure.unit}.plural")
        cohort = self.catalogue.word(f"cohort.{figure.cohort}")
        if figure.status != "value":
            entrants = self.count(figure.maturity.entrants if figure.maturity else None)
            return self.word("account.entrants", entrants=entrants, unit=unit, cohort=cohort)
        numbers = {"numerator": self.count(figure.numerator), "base": self.count(figure.base)}
        return self.word("account.base", unit=unit, cohort=cohort, **numbers)

    def _bounds_line(self, figure: Figure) -> str:
        if figure.provisional is None:
            return ""
        line = self.word("note.provisional", day=figure.provisional)
        if figure.bounds is None:
            return line
        low, high = (percentage(getattr(figure.bounds, end), self.language) for end in ("low", "high"))
        return f"{line} {self.word('account.bounds', low=low, high=high)}"

    def _outside_line(self, figure: Figure) -> str:
        boxes = figure.maturity
        outside = [
            self.catalogue.word(
                "account.box", count=self.count(getattr(boxes, box)), box=self.catalogue.word(f"box.{box}")
            )
            for box in ("without_person", "not_ended", "not_counted", "not_due")
            if getattr(boxes, box) != 0
        ]
        return self.word("account.outside", boxes=listing(outside)) if outside else self.word("account.nothing_outside")

    def event(self, figure: Figure) -> Text:
        """`aan het werk op de dag, 3 maanden na het einde`."""
        event, horizon = figure.event or Event(), figure.horizon or Horizon(days=0)
        when = horizon.length
        if horizon.on is None:
            anchor = self.catalogue.word(f"anchor.{figure.anchor}")
            when = self.catalogue.word("event.day", length=horizon.length, anchor=anchor)
        key = f"event.{event.kind}" + (".new" if event.new else "")
        said = self.catalogue.word(key, when=when, days=event.days or 0)
        return said + (self.catalogue.word("event.same_employer") if event.same_employer else Text())

    def who(self, figure: Figure) -> Text:
        """`allen, uitvallers inbegrepen`."""
        return self.catalogue.word(f"who.{figure.who}") if figure.who else Text()

    def work_types(self, figure: Figure) -> Text:
        types = self.catalogue.work_types
        return listing(
            types[code].name + Text.verbatim(f" ({code})") if code in types else Text.verbatim(code)
            for code in figure.work_types
        )

    def definition(self, figure: Figure) -> str:
        if figure.definition is None:
            return ""
        one = figure.definition
        version = self.catalogue.outflow_definition(one.name, figure.period.last)
        key = "stated" if one.stated and not version.inferred else "partly" if one.stated else "inferred"
        source = self.catalogue.sources[one.source].title if one.source in self.catalogue.sources else one.source
        return self.word(f"account.definition.{key}", name=one.name, version=one.version, source=source)

    def boxes(self, figure: Figure) -> list[tuple[str, str]]:
        """The boxes of an outflow, from all entrants down to those at work, in words."""
        if figure.maturity is None:
            return []
        return [(self.word(f"box.{box}"), self.count(getattr(figure.maturity, box))) for box in BOXES]

    def scope(self, table: Table) -> list[str]:
        """Who, where, as known when, complete until when; what was left out; synthetic or unprotected."""
        scope = table.scope
        return [
            self.word("scope.who", service=scope.service, where=scope.where, day=scope.as_known_on),
            self.word(
                "scope.complete",
                actions=long_day(scope.complete["action"][1], self.language),
                spells=long_day(scope.complete["spell"][1], self.language),
                snapshot=scope.snapshot[:12],
            ),
        ]

    def by_words(self, figure: Figure) -> list[str]:
        return [self.code(dimension, code) for dimension, code in figure.by.items()]
