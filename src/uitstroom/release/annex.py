"""The annex of a letter: the tables in full, charts, accounts, definitions, remarks, scope and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import NoOutflow
from uitstroom.figures import Table
from uitstroom.periods import Day
from uitstroom.release.answer import Answer, Parts
from uitstroom.release.blocks import Block, Document, Heading, Items, Paragraph
from uitstroom.release.layout import grid, rows_of
from uitstroom.release.notes import told_in_annexes
from uitstroom.release.phrases import capitalised
from uitstroom.release.question import TableAsked
from uitstroom.release.sentences import Wording
from uitstroom.release.width import PAGE, fitted
from uitstroom.text import Language, long_day


def annex(answer: Answer, catalogue: Catalogue, language: Language) -> Document:
    """The annex of an answer whose letter is brief, as a document of its own."""
    parts = answer.parts_of_annex
    wording = Wording(catalogue, language, answer.published.symbol, parts.variants)
    question = answer.question
    subject = wording.word("letter.subject", kind=question.kind, number=question.number, day=question.date)
    title = wording.word("annex.title", title=question.title)
    blocks = (Heading(title, 1), *_warnings(answer, wording), *sections(answer, wording, parts, apart=True))
    return Document(
        title, subject, wording.say(catalogue.service.name), language,
        long_day(question.answered_on or question.as_known_on, language), blocks, answer.published,
    )  # fmt: skip


def _warnings(answer: Answer, wording: Wording) -> Iterator[Block]:
    if answer.published.internal:
        yield Paragraph(wording.word("note.internal"), "warning")
    if answer.published.tables[0].scope.synthetic:
        yield Paragraph(wording.word("note.synthetic"), "warning")


def sections(answer: Answer, wording: Wording, parts: Parts, *, apart: bool = False) -> Iterator[Block]:
    """The annex's sections that `parts` asks for; `apart` with the tables that the letter does not hold in full."""
    writing = _Annex(answer, wording.catalogue, wording)
    if apart:
        yield from writing.tables()
    if parts.charts:
        yield from writing.charts(own=apart)
    if parts.accounts:
        yield from writing.accounts()
    if parts.definitions:
        yield from writing.definitions()
    if parts.sources:
        yield from writing.remarks()
        yield from writing.scope()


@dataclass(frozen=True)
class _Annex:
    answer: Answer
    catalogue: Catalogue
    wording: Wording

    def tables(self) -> Iterator[Block]:
        """The tables that the letter leaves out, or leaves the variants out of."""
        told = [(asked, table) for asked, table in self.answer.tables if self._is_more(asked, table)]
        if told:
            yield Heading(self.wording.word("annex.tables"))
        for asked, table in told:
            made = grid(table, self.wording, capitalised(self.wording.say(asked.title or table.title)))
            yield from fitted(made, PAGE, self.wording.part, self.wording.word("table.period"))

    def _is_more(self, asked: TableAsked, table: Table) -> bool:
        plain = replace(self.wording, variants=False)
        with_variants = self.wording.variants and len(plain.rows(rows_of(table), table)) < len(rows_of(table))
        return asked.place == "annex" or with_variants

    def charts(self, *, own: bool) -> Iterator[Block]:
        """The pictures; those of the tables themselves only where the letter does not show them."""
        pictures = [picture for _, picture in self.answer.pictures if own or not picture.own]
        if pictures:
            yield Heading(self.wording.word("annex.charts"))
        yield from pictures

    def accounts(self) -> Iterator[Block]:
        """How each percentage came about; of a breakdown only the forms' own rows."""
        told = [
            (f"{self.wording.row(figure, table)}, {self.wording.say(figure.period.name)}", account)
            for table in self.answer.published
            for figure in table.figures
            if not figure.by and (account := self.wording.account(figure))
        ]
        if told:
            yield Heading(self.wording.word("annex.accounts"))
        for title, account in told:
            yield Paragraph(capitalised(title), "remark")
            yield Items(tuple(account))

    def definitions(self) -> Iterator[Block]:
        yield Heading(self.wording.word("letter.definitions"))
        say = self.wording.say
        indicators = dict.fromkeys(table.indicator for table in self.answer.published)
        entries = [self.catalogue.indicator(one) for one in indicators]
        items = [f"{capitalised(say(one.name))}: {say(one.description)}." for one in entries]
        for name in self._definition_names():
            definition = self.catalogue.outflow_definition(*name)
            items.append(f"{capitalised(say(definition.name))} ({name[0]}): {say(definition.description)}.")
        yield Items(tuple(items))

    def _definition_names(self) -> list[tuple[str, Day]]:
        figures = (figure for table in self.answer.published for figure in table.figures if figure.kind == "rate")
        return list({f.definition.name: (f.definition.name, f.period.last) for f in figures if f.definition}.values())

    def remarks(self) -> Iterator[Block]:
        """What must be known of the figures and does not stand under the letter's tables."""
        notes = dict.fromkeys(
            capitalised(self.wording.say(note.text))
            for table in self.answer.published
            for note in told_in_annexes(table)
        )
        if notes:
            yield Heading(self.wording.word("annex.remarks"))
            yield Items(tuple(notes))

    def scope(self) -> Iterator[Block]:
        yield Heading(self.wording.word("letter.scope"))
        yield Items(tuple(self.wording.scope(self.answer.published.tables[0])))
        yield Heading(self.wording.word("letter.sources"))
        yield Items(tuple(self._sources()))

    def _sources(self) -> Sequence[str]:
        keys = dict.fromkeys(
            figure.definition.source for t in self.answer.published for figure in t.figures if figure.definition
        )
        for table in self.answer.published:
            for instrument in map(self.catalogue.instrument, table.order):
                version = instrument.nearest_version(table.figures[0].period.last)
                keys[version.source] = None
                if isinstance(version.outflow, NoOutflow):
                    keys[version.outflow.source] = None
        sources = [self.catalogue.sources[key] for key in keys if key in self.catalogue.sources]
        return [f"{source.title}, {source.url}" if source.url else source.title for source in sources]
