"""The letter: an answer in the form of the Flemish Parliament's written answers, as blocks for every writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import NoOutflow
from uitstroom.disclosure import Publishable
from uitstroom.figures import Figure, Table
from uitstroom.periods import Day
from uitstroom.release.blocks import Block, Document, Heading, Items, Paragraph, Picture
from uitstroom.release.layout import grid
from uitstroom.release.question import QuestionFile, TableAsked
from uitstroom.release.reconciliation import Progress, Reconciled
from uitstroom.release.sentences import Wording
from uitstroom.text import Language, Text, listing, long_day


@dataclass(frozen=True)
class Answer:
    """Everything that the letter says: the question, its tables protected together, and what they say of statements.

    `tables` pairs each table that was asked with the table that answers it; `pictures` are the charts by table name.
    """

    question: QuestionFile
    published: Publishable
    reconciled: tuple[Reconciled, ...]
    progress: tuple[Progress, ...]
    pictures: tuple[tuple[str, Picture], ...] = ()

    @property
    def tables(self) -> list[tuple[TableAsked, Table]]:
        return list(zip(self.question.tables, self.published.tables, strict=True))


def letter(answer: Answer, catalogue: Catalogue, language: Language) -> Document:
    """The document of an answer in one language."""
    writing = _Letter(answer, catalogue, Wording(catalogue, language, answer.published.symbol))
    question = answer.question
    return Document(
        title=writing.say(question.title),
        subject=writing.word("letter.subject", kind=question.kind, number=question.number, day=question.date),
        author=writing.say(catalogue.service.name),
        language=language,
        day=long_day(question.answered_on or question.as_known_on, language),
        blocks=tuple(writing.blocks()),
        published=answer.published,
    )


@dataclass(frozen=True)
class _Letter:
    answer: Answer
    catalogue: Catalogue
    wording: Wording

    def say(self, text: Text) -> str:
        return self.wording.say(text)

    def word(self, key: str, **parts: object) -> str:
        return self.wording.word(key, **parts)

    def blocks(self) -> Iterator[Block]:
        yield from self._heading()
        yield from self._forms()
        for asked, table in self.answer.tables:
            yield from self._table(asked, table)
        yield from self._reconciliation()
        yield from self._progress()
        yield from self._definitions()
        yield from self._scope()

    def _heading(self) -> Iterator[Block]:
        question = self.answer.question
        yield Heading(self.say(question.title), 1)
        if self.answer.published.internal:
            yield Paragraph(self.word("note.internal"), "warning")
        if self.answer.published.tables[0].scope.synthetic:
            yield Paragraph(self.word("note.synthetic"), "warning")
        for paragraph in question.text.strip().split("\n\n"):
            yield Paragraph(" ".join(paragraph.split()), "question")
        yield Heading(self.word("letter.answer"))
        parts = {"number": question.number, "day": question.date, "asked_by": question.asked_by.upper()}
        yield Paragraph(self.word("letter.to", **parts), "reference")

    def _forms(self) -> Iterator[Block]:
        """The instruments that the tables are about, each with its description."""
        codes = dict.fromkeys(code for table in self.answer.published for code in table.order)
        group = self.catalogue.group(self.catalogue.service.default_group)
        listed = list(dict.fromkeys(member.instrument for member in group.members if member.instrument in codes))
        whole = {code for _, table in self.answer.tables for code in table.order} >= set(listed) and len(listed) > 1
        if whole:
            year = self.answer.published.tables[0].figures[0].period.first.year
            parts = {
                "service": self.catalogue.service.name,
                "count": len(listed),
                "year": str(year),
                "group": group.name,
            }
            yield Paragraph(self.word("letter.forms", **parts))
        order = [*listed, *(code for code in codes if code not in listed)]
        yield Items(tuple(self._form(code) for code in order), ordered=True)

    def _form(self, code: str) -> str:
        instrument = self.catalogue.instrument(code)
        name, short = self.say(instrument.name), self.say(instrument.short_name)
        heading = name if name.lower() == short.lower() else f"{name} ({short})"
        return f"{heading}: {self.say(instrument.description)}"

    def _table(self, asked: TableAsked, table: Table) -> Iterator[Block]:
        yield Heading(_capitalised(self.say(asked.title or table.title)))
        yield from self._opening(table)
        yield from self._reasons(table)
        yield grid(table, self.wording, _capitalised(self.say(asked.title or table.title)))
        for name, picture in self.answer.pictures:
            if name == asked.name:
                yield picture
        yield from self._accounts(table)

    def _opening(self, table: Table) -> Iterator[Block]:
        """`Tijdens de eerste jaarhelft van 2017 werden bij VDAB 23.251 werkplekleeracties opgestart.`"""
        total = next((f for f in table.figures if f.instrument is None and not f.by and f.status == "value"), None)
        key = f"letter.opening.{table.indicator}"
        if total is not None and total.kind == "count" and key in self.catalogue.words:
            parts = {"count": int(total.value or 0), "period": total.period.name}
            yield Paragraph(self.word(key, service=self.catalogue.service.name, **parts))

    def _reasons(self, table: Table) -> Iterator[Block]:
        """One paragraph per reason, naming every instrument that it holds for."""
        reasons: dict[str, list[Figure]] = {}
        for figure in table.figures:
            if figure.reason and figure.status != "suppressed" and not figure.by and figure.instrument:
                reasons.setdefault(self.say(figure.reason), []).append(figure)
        for reason, figures in reasons.items():
            names = listing(dict.fromkeys(self._named(figure) for figure in figures))
            yield Paragraph(self.word("letter.reason", instruments=names, reason=reason))

    def _named(self, figure: Figure) -> Text:
        return self.catalogue.instrument(str(figure.instrument)).name

    def _accounts(self, table: Table) -> Iterator[Block]:
        for figure in table.figures:
            account = [] if figure.by or table.by else self.wording.account(figure)
            if account:
                title = f"{self.wording.row(figure, table)}, {self.say(figure.period.name)}"
                yield Paragraph(self.word("letter.account", title=title), "remark")
                yield Items(tuple(account))

    def _reconciliation(self) -> Iterator[Block]:
        if not self.answer.reconciled:
            return
        yield Heading(self.word("letter.reconciliation"))
        for one in self.answer.reconciled:
            yield Paragraph(
                self.word("letter.statement", source=one.statement.source, quote=one.statement.quote), "question"
            )
            yield Paragraph(self.say(one.verdict(self.catalogue)))
            if one.statement.explanation and not one.holds:
                yield Paragraph(self.say(one.statement.explanation), "remark")

    def _progress(self) -> Iterator[Block]:
        if not self.answer.progress:
            return
        yield Heading(self.word("letter.progress"))
        yield Items(tuple(self.say(one.said(self.catalogue)) for one in self.answer.progress))

    def _definitions(self) -> Iterator[Block]:
        yield Heading(self.word("letter.definitions"))
        indicators = dict.fromkeys(table.indicator for table in self.answer.published)
        entries = [self.catalogue.indicator(one) for one in indicators]
        items = [f"{self.say(one.name)}: {self.say(one.description)}" for one in entries]
        for name in self._definition_names():
            definition = self.catalogue.outflow_definition(*name)
            items.append(f"{self.say(definition.name)} ({name[0]}): {self.say(definition.description)}")
        yield Items(tuple(items))

    def _definition_names(self) -> list[tuple[str, Day]]:
        figures = (figure for table in self.answer.published for figure in table.figures if figure.kind == "rate")
        return list({f.definition.name: (f.definition.name, f.period.last) for f in figures if f.definition}.values())

    def _scope(self) -> Iterator[Block]:
        yield Heading(self.word("letter.scope"))
        yield Items(tuple(self.wording.scope(self.answer.published.tables[0])))
        yield Heading(self.word("letter.sources"))
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


def _capitalised(title: str) -> str:
    return title[:1].upper() + title[1:]
