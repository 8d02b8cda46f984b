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
    periods = listing(period.name for period in question.periods)
    title = catalogue.word(
        "table.title",
        indicator=catalogue.indicator(question.indicator).name,
        periods=periods,
    )
    names = listing(catalogue.dimension(code).name for code in what.by)
    return title + (catalogue.word("table.by", dimensions=names) if what.by else Text())
