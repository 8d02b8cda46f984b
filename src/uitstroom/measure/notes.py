"""The notes that must travel with a table, and which of them are about some of its figures only."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace

from uitstroom.figures import Break, Figure, Note
from uitstroom.measure.asking import Asked, Question, Setting
from uitstroom.periods import Period
from uitstroom.text import listing

QUARANTINE_NOTE_ABOVE = 0.001
"""The share of quarantined rows above which a table says so (rule intake.sums)."""
About = Callable[[Figure], bool]


def nothing(_: Figure) -> bool:
    """Of a note about the whole table: about no figure in particular."""
    return False


@dataclass(frozen=True)
class Noted:
    """A note of a table, and the figures that it is about."""

    note: Note
    about: About = nothing


def notes_of(setting: Setting, question: Question, what: Asked, figures: Sequence[Figure]) -> list[Noted]:
    """The notes of a table, in the order in which they are read."""
    return list(_notes(setting, question, what, figures))


def with_notes(figures: Sequence[Figure], notes: Sequence[Noted]) -> tuple[Figure, ...]:
    """The figures, each with the notes that are about it."""
    return tuple(replace(figure, notes=tuple(one.note for one in notes if one.about(figure))) for figure in figures)


def _notes(setting: Setting, question: Question, what: Asked, figures: Sequence[Figure]) -> Iterator[Noted]:
    yield from _general(setting)
    yield from _of_totals(setting, figures)
    yield from _of_series(setting, what, figures)
    if question.indicator == "outflow":
        yield from _of_outflow(setting, question, what, figures)


def _general(setting: Setting) -> Iterator[Noted]:
    scope = setting.scope
    if scope.synthetic:
        yield _note(setting, "note.synthetic")
    for name, count in scope.quarantined.items():
        if count > QUARANTINE_NOTE_ABOVE * max(scope.delivered.get(name, 0), 1):
            yield _note(setting, "note.quarantined", count=count, table=setting.catalogue.word(f"table.{name}"))


def _of_totals(setting: Setting, figures: Sequence[Figure]) -> Iterator[Noted]:
    totals = [figure for figure in figures if figure.instrument is None]
    mixed = next((figure for figure in totals if len(figure.units) > 1), None)
    if mixed:
        units = listing(setting.catalogue.word(f"unit.{unit}.plural") for unit in mixed.units)
        yield _note(setting, "note.mixed_units", lambda figure: len(figure.units) > 1, units=units)
    if any(not figure.additive for figure in totals):
        yield _note(setting, "note.persons_not_additive", lambda one: not one.additive and one.instrument is None)
    left_out = sorted({code for figure in totals if figure.status == "value" for code in figure.leaves_out})
    if left_out:
        names = listing(setting.catalogue.instrument(code).short_name for code in left_out)
        key = "note.persons_leave_out" if any(not figure.additive for figure in totals) else "note.leaves_out"
        yield _note(setting, key, lambda figure: bool(figure.leaves_out), instruments=names)


def _of_series(setting: Setting, what: Asked, figures: Sequence[Figure]) -> Iterator[Noted]:
    seen = {}
    for figure in figures:
        if figure.series_break and not figure.by:
            seen[figure.series_break] = figure
    for change, figure in seen.items():
        if figure.instrument is None:
            yield from _of_membership(setting, change, figure)
        else:
            yield _note(setting, "note.break", before=change.before, after=change.after, period=figure.period.name)
    yield from _of_outside(setting, what, figures)
    until = next((f.provisional for f in figures if f.provisional and f.maturity is None), None)
    if until:
        yield _note(
            setting,
            "note.provisional_count",
            lambda one: one.provisional is not None and one.maturity is None,
            day=until,
        )


def _of_outside(setting: Setting, what: Asked, figures: Sequence[Figure]) -> Iterator[Noted]:
    """The forms that were counted although they did not exist, or did not belong to the group."""
    for instrument in what.instruments:
        counted = {figure.period for figure in figures if figure.instrument == instrument.code and _counted(figure)}
        not_there = {period for period in counted if not instrument.exists_in(period)}
        no_member = {period for period in counted if what.outside(instrument, [period])}
        for key, periods in (
            ("note.counted_outside_versions", not_there),
            ("note.counted_outside_group", no_member - not_there),
        ):
            if periods:
                about = _in_periods(instrument.code, periods)
                yield _note(setting, key, about, instrument=instrument.short_name)


def _in_periods(instrument: str, periods: Container[Period]) -> About:
    return lambda figure: figure.instrument == instrument and figure.period in periods


def _counted(figure: Figure) -> bool:
    """Whether somebody is in a cell."""
    return bool(figure.maturity.entrants if figure.maturity else figure.numerator or figure.value)


def _of_membership(setting: Setting, change: Break, figure: Figure) -> Iterator[Noted]:
    before, after = set(change.before.split("+")), set(change.after.split("+"))
    for key, codes in (("note.joined", after - before), ("note.left", before - after)):
        if codes:
            names = listing(setting.catalogue.instrument(code).short_name for code in sorted(codes))
            yield _note(setting, key, instruments=names, period=figure.period.name)


def _of_outflow(setting: Setting, question: Question, what: Asked, figures: Sequence[Figure]) -> Iterator[Noted]:
    if any(figure.definition for figure in figures):
        yield _note(setting, "note.bases_differ")
        shared = {f.instrument for f in figures if f.units == ("trajectory",) and f.status == "value" and f.instrument}
        if len(shared) > 1 and not any(f.instrument is None for f in figures):
            yield _note(setting, "note.shared_units")
        for limit in setting.catalogue.indicators.limits:
            yield Noted(Note("note.limit", limit))
    if question.regardless_of_purpose:
        for instrument in what.instruments:
            for period in question.periods:
                purpose = instrument.nearest_version(period.last).outflow
                if not isinstance(purpose, str):
                    yield _note(setting, "note.purpose", instrument=instrument.short_name, reason=purpose.reason)


def _note(setting: Setting, key: str, about: About = nothing, **parts: object) -> Noted:
    return Noted(Note(key, setting.catalogue.word(key, **parts)), about)
