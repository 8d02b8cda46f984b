"""The letter: an answer in the form of the Flemish Parliament's written answers, as blocks for every writer.

The brief letter is what a minister signs; definitions, accounts, charts and sources stand in its annex
(`annex.annex`). The full letter is both, in one document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Table
from uitstroom.release.annex import sections
from uitstroom.release.answer import Answer
from uitstroom.release.blocks import Block, Document, Heading, Items, Paragraph
from uitstroom.release.layout import grid
from uitstroom.release.notes import told_in_letters
from uitstroom.release.openings import Openings
from uitstroom.release.phrases import capitalised
from uitstroom.release.question import TableAsked
from uitstroom.release.reasons import Reasons
from uitstroom.release.reconciliation import Reconciled
from uitstroom.release.sentences import Wording
from uitstroom.release.width import PAGE, fitted
from uitstroom.text import Language, long_day


def letter(answer: Answer, catalogue: Catalogue, language: Language) -> Document:
    """The letter of an answer in one language, as its question lays it out."""
    writing = _Letter(answer, catalogue, Wording(catalogue, language, answer.published.symbol, answer.parts.variants))
    question = answer.question
    return Document(
        title=writing.wording.say(question.title),
        subject=writing.word("letter.subject", kind=question.kind, number=question.number, day=question.date),
        author=writing.wording.say(catalogue.service.name),
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

    def word(self, key: str, **parts: object) -> str:
        return self.wording.word(key, **parts)

    def blocks(self) -> Iterator[Block]:
        yield from self._heading()
        yield from self._forms()
        reasons = Reasons(self.wording)
        for asked, table in self.answer.in_letter:
            yield from self._table(asked, table, reasons)
        yield from self._reconciliation()
        yield from self._progress()
        yield from sections(self.answer, self.wording, self.answer.parts)
        yield from self._signature()

    def _heading(self) -> Iterator[Block]:
        question = self.answer.question
        yield Heading(self.wording.say(question.title), 1)
        if self.answer.published.internal:
            yield Paragraph(self.word("note.internal"), "warning")
        if self.answer.published.tables[0].scope.synthetic:
            yield Paragraph(self.word("note.synthetic"), "warning")
        parts = {"number": question.number, "day": question.date, "asked_by": question.asked_by}
        asked = self.word("letter.question", kind=question.kind, asked_of=question.asked_of, **parts)
        yield Paragraph(capitalised(asked), "reference")
        for paragraph in question.text.strip().split("\n\n"):
            yield Paragraph(" ".join(paragraph.split()), "question")
        yield Heading(self.word("letter.answer"))
        yield Paragraph(self.word("letter.to", **{**parts, "asked_by": question.asked_by.upper()}), "reference")

    def _forms(self) -> Iterator[Block]:
        """The instruments that the letter's tables are about, each with its description."""
        codes = self._forms_told()
        if not codes:
            return
        if len(codes) == 1:
            yield Paragraph(self._form(codes[0]))
            return
        group = self.catalogue.group(self.catalogue.service.default_group)
        if {member.instrument for member in group.members} >= set(codes):
            yield Paragraph(self._forms_opening(codes))
        yield Items(tuple(self._form(code) for code in codes), ordered=True)

    def _forms_told(self) -> list[str]:
        """The codes in the order of the service's group; then those outside it."""
        if self.answer.parts.forms == "none":
            return []
        asked = dict.fromkeys(code for _, table in self.answer.in_letter for code in table.order)
        group = self.catalogue.group(self.catalogue.service.default_group)
        period = self.answer.published.tables[0].figures[0].period
        members = [
            member.instrument
            for member in group.members
            if member.instrument in asked or (self.answer.parts.forms == "all" and member.overlaps(period))
        ]
        return list(dict.fromkeys([*members, *asked]))

    def _forms_opening(self, codes: list[str]) -> str:
        """`Vanaf 2017 hanteert VDAB zeven vormen van werkplekleren:`, where they are all that there are."""
        group = self.catalogue.group(self.catalogue.service.default_group)
        period = self.answer.published.tables[0].figures[0].period
        members = {member.instrument: member for member in group.members if member.overlaps(period)}
        if set(members) > set(codes):
            return self.word("letter.forms.some", group=group.name)
        since = max((member.valid_from for member in members.values() if member.valid_from), default=None)
        key = "since" if since and (since.month, since.day, since.year) == (1, 1, period.first.year) else "in"
        count = self.wording.spelled(len(codes))
        year, service = str(period.first.year), self.catalogue.service.name
        return self.word(f"letter.forms.{key}", service=service, count=count, year=year, group=group.name)

    def _form(self, code: str) -> str:
        instrument = self.catalogue.instrument(code)
        phrase = instrument.phrase or instrument.name
        return f"{capitalised(self.wording.say(phrase))}: {self.wording.say(instrument.description)}"

    def _table(self, asked: TableAsked, table: Table, reasons: Reasons) -> Iterator[Block]:
        opening = Openings(self.wording).opening(table)
        if opening:
            yield Paragraph(opening)
        told, said = reasons.paragraphs(table)
        for paragraph in told:
            yield Paragraph(paragraph)
        caption = capitalised(self.wording.say(asked.title or table.title))
        notes = [capitalised(self.wording.say(note.text)) for note in told_in_letters(table)]
        made = grid(table, self.wording.in_a_letter(table), caption, said, (*reasons.pending(table), *notes))
        yield from fitted(made, PAGE, self.wording.part, self.wording.word("table.period"))
        for name, picture in self.answer.pictures:
            if name == asked.name and self.answer.parts.charts and picture.own:
                yield picture

    def _reconciliation(self) -> Iterator[Block]:
        if not self.answer.reconciled:
            return
        yield Heading(self.word("letter.reconciliation"))
        before: Reconciled | None = None
        for one in self.answer.reconciled:
            named = before is None or before.statement.source != one.statement.source
            yield Paragraph(one.verdict(self.wording, named))
            before = one

    def _progress(self) -> Iterator[Block]:
        if not self.answer.progress:
            return
        yield Heading(self.word("letter.progress"))
        for one in self.answer.progress:
            yield Paragraph(one.said(self.wording))

    def _signature(self) -> Iterator[Block]:
        question = self.answer.question
        signed = capitalised(self.wording.say(question.asked_of))
        yield Paragraph("\n".join(filter(None, (signed, question.signed_by))), "signature")
