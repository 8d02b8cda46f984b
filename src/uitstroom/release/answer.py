"""What an answer consists of, before it is written: the question, its tables, its charts, and how it is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from uitstroom.disclosure import Publishable
from uitstroom.figures import Table
from uitstroom.release.blocks import Picture
from uitstroom.release.question import QuestionFile, TableAsked
from uitstroom.release.reconciliation import Progress, Reconciled


@dataclass(frozen=True)
class Parts:
    """Which parts a document holds."""

    variants: bool
    charts: bool
    accounts: bool
    definitions: bool
    sources: bool
    forms: str


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

    @property
    def full(self) -> bool:
        return self.question.layout == "full"

    @property
    def in_letter(self) -> list[tuple[TableAsked, Table]]:
        """The tables that stand in the letter."""
        return [(asked, table) for asked, table in self.tables if self.full or asked.place == "letter"]

    @property
    def parts(self) -> Parts:
        """What the letter holds: of what the question leaves open, all where it is full, nothing where it is brief."""
        asked, open_ = self.question.letter, self.full
        return Parts(
            variants=open_ if asked.variants is None else asked.variants,
            charts=open_ if asked.charts is None else asked.charts,
            accounts=open_ if asked.accounts is None else asked.accounts,
            definitions=open_ if asked.definitions is None else asked.definitions,
            sources=open_,
            forms=asked.forms,
        )

    @property
    def parts_of_annex(self) -> Parts:
        """What the annex of a brief letter holds: all that the letter leaves out and the question does not forbid."""
        asked = self.question.letter
        return Parts(
            variants=asked.variants is None,
            charts=asked.charts is None,
            accounts=asked.accounts is None,
            definitions=asked.definitions is None,
            sources=True,
            forms="none",
        )
