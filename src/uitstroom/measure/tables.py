"""A question answered as a table: its figures, its title, and the notes that must travel with them."""

from __future__ import annotations

from collections.abc import Callable

from uitstroom.figures import Figure, Table
from uitstroom.indicators import INDICATORS
from uitstroom.measure.asking import Asked, Question, Setting, asked
from uitstroom.measure.counts import count_figures, share_figures
from uitstroom.measure.notes import notes_of, with_notes
from uitstroom.measure.outflow import outflow_figures
from uitstroom.measure.reach import reach_figures
from uitstroom.text import Text, listing

_NAMED = 3
"""A title names so many periods one by one."""


def table(setting: Setting, question: Question) -> Table:
    """The figures that a question asks for. Every cell is a value or a typed reason why there is none.

    Raises `UsageError` where the question names something that the catalogue does not know.
    """
    what = asked(question, setting.catalogue)
    cells = tuple(_figures_of(question)(setting, question, what))
    notes = notes_of(setting, question, what, cells)
    title = _title(setting, question, what)
    shown = {figure.instrument for figure in cells}
    order = tuple(code for code in what.codes if code in shown)
    return Table(
        question.indicator, setting.scope, with_notes(cells, notes), title, what.by, order,
        tuple(one.note for one in notes),
    )  # fmt: skip


def _figures_of(question: Question) -> Callable[[Setting, Question, Asked], list[Figure]]:
    indicator = INDICATORS[question.indicator]
    if indicator.count is None:
        return outflow_figures
    return reach_figures if indicator.of_list else share_figures if indicator.share_of else count_figures


def _title(setting: Setting, question: Question, what: Asked) -> Text:
    catalogue = setting.catalogue
    indicator = catalogue.indicator(question.indicator).name
    names = [period.name for period in question.periods]
    days = [Text.verbatim("{day}").format(day=one.last) for one in question.periods]
    if question.indicator == "running":
        title = catalogue.word("table.title_of_day", indicator=indicator, days=_together(setting, days))
    else:
        title = catalogue.word("table.title", indicator=indicator, periods=_together(setting, names))
    dimensions = listing(catalogue.dimension(code).name for code in what.by)
    return title + (catalogue.word("table.by", dimensions=dimensions) if what.by else Text())


def _together(setting: Setting, names: list[Text]) -> Text:
    """A few names one by one, of many the first and the last."""
    if len(names) <= _NAMED:
        return listing(names)
    return setting.catalogue.word("table.from_to", first=names[0], last=names[-1])
