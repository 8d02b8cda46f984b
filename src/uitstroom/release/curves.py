"""A curve of outflow laid out for reading: a row for each month after the anchor, a column for each form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from uitstroom.figures import Figure, Table
from uitstroom.release.blocks import Grid, Row
from uitstroom.release.sentences import Wording

Place = tuple[tuple[str, str], ...]
_ANSWERED = ("value", "suppressed", "not_yet_known")


def curves(tables: Sequence[Table], wording: Wording) -> Iterator[Grid]:
    """The tables of one question, which differ in their horizon only, as one grid for each period and group of people;
    forms that have no figure at any horizon are said under it, with the reason."""
    figures = [figure for table in tables for figure in table.figures]
    groups = dict.fromkeys((figure.period, tuple(figure.by.items())) for figure in figures)
    several = len({period for period, _ in groups}) > 1
    for period, place in groups:
        chosen = [figure for figure in figures if (figure.period, tuple(figure.by.items())) == (period, place)]
        if any(figure.status in _ANSWERED for figure in chosen):
            words = wording.by_words(chosen[0]) + ([wording.say(period.name)] if several else [])
            yield _curve(tables[0], chosen, " · ".join([wording.say(tables[0].title), *words]), wording)


def _curve(table: Table, figures: Sequence[Figure], caption: str, wording: Wording) -> Grid:
    forms = dict.fromkeys(figure.instrument for figure in figures)
    told = [form for form in forms if any(one.instrument == form and one.status in _ANSWERED for one in figures)]
    labels = {figure.instrument: wording.row(figure, table) for figure in figures}
    notes = [
        f"{labels[figure.instrument]}: {wording.reason(figure) or wording.cell(figure)}"
        for figure in figures
        if figure.instrument not in told and figure.horizon in (None, figures[0].horizon)
    ]
    shown = [figure for figure in figures if figure.instrument in told]
    rows = [
        _row(horizon, shown, told, wording) for horizon in dict.fromkeys(one.horizon for one in shown if one.horizon)
    ]
    columns = tuple(labels[form] + _unit(form, shown, wording) for form in told)
    notes = list(dict.fromkeys(notes)) + [wording.say(note.text) for note in table.notes]
    return Grid(caption, wording.word("table.horizon"), columns, tuple(rows), tuple(notes), (True,) * len(columns))


def _row(horizon: object, figures: Sequence[Figure], forms: Sequence[str | None], wording: Wording) -> Row:
    found = {figure.instrument: figure for figure in figures if figure.horizon == horizon}
    cells = [_cell(found[form], wording) if form in found else wording.word("table.no_figure") for form in forms]
    return Row(wording.say(next(iter(found.values())).horizon.name), tuple(cells), 0, False)  # type: ignore[union-attr]


def _unit(form: str | None, figures: Sequence[Figure], wording: Wording) -> str:
    """A rate never stands beside one of another unit without saying so."""
    unit = next(figure.unit for figure in figures if figure.instrument == form)
    return f" ({wording.word('unit.trajectory.plural')})" if unit == "trajectory" else ""


def _cell(figure: Figure, wording: Wording) -> str:
    """The percentage and its base; the month stands before the row and the unit above the column."""
    cell = wording.cell(replace(figure, horizon=None, units=("action",)))
    return f"{cell} ({wording.count(figure.base)})" if figure.status == "value" else cell
