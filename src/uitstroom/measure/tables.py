"""A question answered as a table: its figures, its title, and the notes that must travel with them."""

from __future__ import annotations

from collections.abc import Iterator

from uitstroom.figures import Break, Figure, Note, Table
from uitstroom.measure.asking import Asked, Question, Setting, asked
from uitstroom.measure.counts import count_figures
from uitstroom.measure.outflow import outflow_figures
from uitstroom.measure.reach import reach_figures
from uitstroom.text import Text, listing

QUARANTINE_NOTE_ABOVE = 0.001
"""The share of quarantined rows above which a table says so (semantics, 4)."""


def table(setting: Setting, question: Question) -> Table:
    """The figures that a question asks for. Every cell is a value or a typed reason why there is none.

    Raises `UsageError` where the question names something that the catalogue does not know.
    """
    what = asked(question, setting.catalogue)
    cells = tuple(_FIGURES.get(question.indicator, count_figures)(setting, question, what))
    notes = tuple(_notes(setting, question, what, cells))
    title = _title(setting, question, what)
    return Table(question.indicator, setting.scope, cells, title, what.by, what.codes, notes)


_FIGURES = {"outflow": outflow_figures, "reach": reach_figures}


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


def _notes(setting: Setting, question: Question, what: Asked, figures: tuple[Figure, ...]) -> Iterator[Note]:
    yield from _general(setting)
    yield from _of_totals(setting, figures)
    yield from _of_series(setting, what, figures)
    if question.indicator == "outflow":
        yield from _of_outflow(setting, question, what, figures)


def _general(setting: Setting) -> Iterator[Note]:
    scope = setting.scope
    if scope.synthetic:
        yield _note(setting, "note.synthetic")
    for name, count in scope.quarantined.items():
        if count > QUARANTINE_NOTE_ABOVE * max(scope.delivered.get(name, 0), 1):
            yield _note(setting, "note.quarantined", count=count, table=setting.catalogue.word(f"table.{name}"))


def _of_totals(setting: Setting, figures: tuple[Figure, ...]) -> Iterator[Note]:
    totals = [figure for figure in figures if figure.instrument is None]
    mixed = next((figure for figure in totals if len(figure.units) > 1), None)
    if mixed:
        units = listing(setting.catalogue.word(f"unit.{unit}.plural") for unit in mixed.units)
        yield _note(setting, "note.mixed_units", units=units)
    if any(not figure.additive for figure in totals):
        yield _note(setting, "note.persons_not_additive")
    left_out = sorted({code for figure in totals if figure.status == "value" for code in figure.leaves_out})
    if left_out:
        names = listing(setting.catalogue.instrument(code).short_name for code in left_out)
        key = "note.persons_leave_out" if any(not figure.additive for figure in totals) else "note.leaves_out"
        yield _note(setting, key, instruments=names)


def _of_series(setting: Setting, what: Asked, figures: tuple[Figure, ...]) -> Iterator[Note]:
    seen = {}
    for figure in figures:
        if figure.series_break and not figure.by:
            seen[figure.series_break] = figure
    for change, figure in seen.items():
        if figure.instrument is None:
            yield from _of_membership(setting, change, figure)
        else:
            yield _note(setting, "note.break", before=change.before, after=change.after, period=figure.period.name)
    for instrument in what.instruments:
        late = [f for f in figures if f.instrument == instrument.code and not f.by and f.status == "value"]
        if any(f.value and not instrument.exists_in(f.period) for f in late):
            yield _note(setting, "note.counted_outside_versions", instrument=instrument.short_name)
    until = next((f.provisional for f in figures if f.provisional and f.kind == "count"), None)
    if until:
        yield _note(setting, "note.provisional_count", day=until)


def _of_membership(setting: Setting, change: Break, figure: Figure) -> Iterator[Note]:
    before, after = set(change.before.split("+")), set(change.after.split("+"))
    for key, codes in (("note.joined", after - before), ("note.left", before - after)):
        if codes:
            names = listing(setting.catalogue.instrument(code).short_name for code in sorted(codes))
            yield _note(setting, key, instruments=names, period=figure.period.name)


def _of_outflow(setting: Setting, question: Question, what: Asked, figures: tuple[Figure, ...]) -> Iterator[Note]:
    if any(figure.definition for figure in figures):
        yield _note(setting, "note.bases_differ")
        for limit in setting.catalogue.indicators.limits:
            yield Note("note.limit", limit)
    if question.regardless_of_purpose:
        for instrument in what.instruments:
            for period in question.periods:
                purpose = instrument.nearest_version(period.last).outflow
                if not isinstance(purpose, str):
                    yield _note(setting, "note.purpose", instrument=instrument.short_name, reason=purpose.reason)


def _note(setting: Setting, key: str, **parts: object) -> Note:
    return Note(key, setting.catalogue.word(key, **parts))
