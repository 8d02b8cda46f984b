"""A table laid out for reading: rows, columns and cells in words, the same for every format that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from uitstroom.figures import Figure, Table
from uitstroom.periods import Period
from uitstroom.release.blocks import Grid, Row
from uitstroom.release.sentences import Wording
from uitstroom.text import long_day


def grid(
    table: Table,
    wording: Wording,
    caption: str | None = None,
    said: frozenset[str] = frozenset(),
    notes: Sequence[str] | None = None,
) -> Grid:
    """The table with its periods as columns (outflow: each with its base), its reasons and notes under it.

    Reasons that are `said` elsewhere get no footnote; `notes` stand in the place of the table's own.
    """
    periods = list(dict.fromkeys(figure.period for figure in table.figures))
    rates = any(figure.kind == "rate" for figure in table.figures)
    alone = (wording.indicator(table) if rates else wording.word("table.count")) if len(periods) == 1 else None
    columns = []
    for period in periods:
        columns.append(alone or _head(period, table, wording))
        columns += [wording.word("table.base")] * rates
    footnotes = _Footnotes(said)
    shown, left_out = _without_zeros(_without_echoes(wording.rows(rows_of(table), table)))
    rows = tuple(_row(figures, table, wording, periods, rates, footnotes) for figures in shown)
    under = [f"[{number}] {text}" for number, text in enumerate(footnotes.texts, 1)]
    under += [wording.word("table.zero_rows")] * left_out
    under += [wording.word("chart.sign", symbol=wording.symbol)] * any(wording.symbol in row.cells for row in rows)
    under += [wording.say(note.text) for note in table.notes] if notes is None else notes
    return Grid(
        caption or wording.say(table.title),
        wording.word("table.form"),
        tuple(columns),
        rows,
        tuple(under),
        tuple(not rates or place % 2 == 1 for place in range(len(columns))),
    )


def _head(period: Period, table: Table, wording: Wording) -> str:
    """The short name of a period; of what runs, the day itself."""
    if table.indicator == "running":
        return long_day(period.last, wording.language)
    return wording.say(period.short_name)


def rows_of(table: Table) -> list[list[Figure]]:
    """The figures of each row, one per period: an instrument's own row, then its parts; the total last."""
    order = {code: place for place, code in enumerate(table.order)}
    codes: dict[tuple[str, str], int] = {}
    for figure in table.figures:
        for item in figure.by.items():
            codes.setdefault(item, len(codes))

    def key(figure: Figure) -> tuple[int, list[int]]:
        return order.get(figure.instrument or "", len(order)), [codes[item] for item in figure.by.items()]

    return [list(row) for _, row in groupby(sorted(table.figures, key=key), key=key)]


def _without_echoes(rows: list[list[Figure]]) -> list[list[Figure]]:
    """Without the parts of a row that have no number for the same reason as the row itself."""
    whole = {row[0].instrument: [figure.status for figure in row] for row in rows if not row[0].by}
    echoes = {name: statuses for name, statuses in whole.items() if not {"value", "suppressed"} & set(statuses)}
    return [row for row in rows if not row[0].by or [figure.status for figure in row] != echoes.get(row[0].instrument)]


def _without_zeros(rows: list[list[Figure]]) -> tuple[list[list[Figure]], bool]:
    """Without the codes of a breakdown that count 0 for every instrument and period; and whether there were any."""
    counted = {
        tuple(figure.by.items())
        for row in rows
        for figure in row
        if figure.status in ("not_yet_known", "suppressed") or figure.value or figure.base
    }
    shown = [row for row in rows if not row[0].by or tuple(row[0].by.items()) in counted]
    return shown, len(shown) < len(rows)


@dataclass
class _Footnotes:
    """The reasons under a table, numbered as they are met; those `said` elsewhere are left out."""

    said: frozenset[str]
    texts: list[str] = field(default_factory=list)

    def mark(self, figure: Figure, table: Table, wording: Wording) -> str:
        reason = wording.reason(figure)
        waits = figure.status == "not_yet_known" and (wording.letter or not wording.is_late(figure, table))
        if not reason or figure.status == "suppressed" or waits or reason in self.said:
            return ""
        if reason not in self.texts:
            self.texts.append(reason)
        return f" [{self.texts.index(reason) + 1}]"


def _row(
    figures: list[Figure], table: Table, wording: Wording, periods: list[Period], rates: bool, footnotes: _Footnotes
) -> Row:
    first = figures[0]
    label = wording.row(first, table) if not first.by else " · ".join(wording.by_words(first))
    cells: list[str] = []
    found = {figure.period: figure for figure in figures}
    for period in periods:
        figure = found.get(period)
        if figure is None:
            cells += [wording.word("table.no_figure"), *["–"] * rates]
            continue
        cells.append(wording.cell(figure) + footnotes.mark(figure, table, wording))
        if rates:
            cells.append(wording.count(figure.base) if figure.status == "value" else "–")
    return Row(label, tuple(cells), len(first.by), first.instrument is None)
