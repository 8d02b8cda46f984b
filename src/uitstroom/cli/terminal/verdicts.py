"""What became of a release, told in the terminal: its verification, its changes, and what can be answered when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Sheet
from rich.text import Text as Line

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Figure, Table
from uitstroom.periods import Day
from uitstroom.release.difference import Change
from uitstroom.release.sentences import Wording
from uitstroom.release.verdict import Verdict
from uitstroom.text import Language, long_day, percentage, whole


class Awaited(Protocol):
    """A figure that is not yet known, and when it will be."""

    @property
    def table(self) -> Table: ...
    @property
    def figure(self) -> Figure: ...
    @property
    def known_on(self) -> Day | None: ...
    @property
    def expected_on(self) -> Day | None: ...


def show_verdict(verdict: Verdict, catalogue: Catalogue, language: Language, console: Console) -> None:
    """What the rebuild of a release showed, every file and input by name."""

    def say(key: str, **parts: object) -> str:
        return catalogue.word(f"verify.{key}", **parts).in_language(language)

    for key, names in (("damaged", verdict.damaged), ("changed", verdict.changed), ("different", verdict.different)):
        for name in names:
            console.print(Line(say(key, name=name)))
    for cell in verdict.moved:
        moved = say("moved", cell=cell.cell, before=cell.before, after=cell.after)
        console.print(Line(f"{moved} {say('rule', rule=cell.rule) if cell.rule else say('no_rule')}"))
    console.print(Line(say(_outcome(verdict), count=len(verdict.moved)), style="bold"))


def _outcome(verdict: Verdict) -> str:
    if not verdict.verified:
        return "moved_cells" if verdict.moved and not (verdict.damaged or verdict.changed) else "fails"
    return "older_form" if verdict.older_form else "other_renderer" if verdict.other_renderer else "equal"


def show_changes(changes: Sequence[Change], catalogue: Catalogue, language: Language, console: Console) -> None:
    """Every changed cell with what it was, what it is, and how much each cause makes of it. Internal."""
    if not changes:
        console.print(Line(catalogue.word("diff.none").in_language(language)))
        return
    sheet = _sheet(catalogue, language, "diff.cell", "diff.before", "diff.after", "diff.cause")
    for change in changes:
        name, _, instrument, period, by = change.key
        codes = [f"{dimension}={code}" for dimension, code in by]
        sheet.add_row(
            Line(" · ".join([name, instrument or catalogue.word("table.total").in_language(language), period, *codes])),
            Line(_told(change.before, catalogue, language)),
            Line(_told(change.after, catalogue, language)),
            Line(_why(change, catalogue, language)),
        )
    console.print(sheet)


def show_expectations(expected: Iterable[Awaited], catalogue: Catalogue, language: Language, console: Console) -> None:
    """Each figure that is not yet known, the day of completeness that settles it, and the day to expect it."""
    rows = list(expected)
    if not rows:
        console.print(Line(catalogue.word("when.none").in_language(language)))
        return
    wording = Wording(catalogue, language, catalogue.disclosure.symbol)
    sheet = _sheet(catalogue, language, "when.figure", "when.known_on", "when.expected_on")
    for one in rows:
        label = (wording.indicator(one.table), wording.row(one.figure, one.table), wording.say(one.figure.period.name))
        days = [Line(_day(day, catalogue, language)) for day in (one.known_on, one.expected_on)]
        sheet.add_row(Line(" · ".join(label)), *days)
    console.print(sheet)


def _sheet(catalogue: Catalogue, language: Language, *keys: str) -> Sheet:
    sheet = Sheet(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for key in keys:
        sheet.add_column(Line(catalogue.word(key).in_language(language)))
    return sheet


def _day(day: Day | None, catalogue: Catalogue, language: Language) -> str:
    return long_day(day, language) if day else catalogue.word("when.unknown").in_language(language)


def _told(figure: Figure | None, catalogue: Catalogue, language: Language) -> str:
    if figure is None:
        return "–"
    if figure.status != "value" or figure.value is None:
        return catalogue.word(f"status.{figure.status}").in_language(language)
    if figure.kind == "count":
        return whole(int(figure.value), language)
    value = percentage(figure.value, language, figure.decimals)
    return f"{value} ({whole(figure.numerator or 0, language)}/{whole(figure.base or 0, language)})"


def _why(change: Change, catalogue: Catalogue, language: Language) -> str:
    """The causes, each with its amount; of a rate that of its numerator and of its base."""
    amounts = {amount.cause: amount for amount in change.amounts}
    rate = change.after is not None and change.after.kind == "rate"
    said = []
    for cause in change.causes:
        word = catalogue.word(f"cause.{cause}").in_language(language)
        one = amounts.get(cause)
        numbers = (one.numerator, one.base) if one and rate else (one.value,) if one else ()
        told = "/".join(f"{'+' if number > 0 else '−' if number < 0 else ''}{whole(abs(number), language)}"
                        for number in numbers)  # fmt: skip
        said.append(f"{word} {told}".strip())
    return ", ".join(said)
