"""Counts as typed figures: actions started, running and ended, and distinct persons (rule count.started)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from uitstroom.catalogue.schema import CountDefinition, Instrument, Version
from uitstroom.errors import UsageError
from uitstroom.figures import Break, DefinitionName, Figure, Unit
from uitstroom.indicators import ENTRANCE, INDICATORS, Count
from uitstroom.measure.asking import (
    Asked,
    Question,
    Setting,
    break_of,
    cells,
    margins,
    not_existing,
    records_dimension,
    version_in,
)
from uitstroom.measure.tally import TOTAL, Counting
from uitstroom.periods import Period
from uitstroom.text import Text, listing, rounded_percentage

Codes = tuple[str, ...]
"""One code for each dimension of a margin."""
Counts = Mapping[tuple[str, str, tuple[str, ...]], int]


@dataclass(frozen=True)
class Cell:
    """A place in a table: which margin of which instrument (None: the total) in which period."""

    period: Period
    instrument: Instrument | None
    by: Mapping[str, str]


def count_figures(setting: Setting, question: Question, asked: Asked) -> list[Figure]:
    """Every cell of a table of counts: per period, per margin, the instruments in order and then their total.

    The finest margin is asked first: an engine adds up what it was asked finely.
    """
    return figures_of(setting, question, asked, what_counts(question, setting))


def share_figures(setting: Setting, question: Question, asked: Asked) -> list[Figure]:
    """Every cell of a table of shares: of what is counted beside it, how many are counted too.

    The base can only be said where the part can: it needs all columns that the part needs.
    """
    indicator = INDICATORS[question.indicator]
    part, whole = what_counts(question, setting), cast(Count, indicator.share_of)
    reasons = tuple(code for code, reason in setting.catalogue.end_reasons.items() if reason.kind == "completed")
    parts = {_place(figure): figure.value for figure in figures_of(setting, question, asked, part)}
    wholes = figures_of(setting, question, asked, replace(whole, needs=part.needs))
    return [
        _share(setting, replace(figure, kind="rate", reasons=reasons), int(parts.get(_place(figure)) or 0))
        for figure in wholes
    ]


def _place(figure: Figure) -> tuple[Period, str | None, frozenset[tuple[str, str]]]:
    return figure.period, figure.instrument, frozenset(figure.by.items())


def _share(setting: Setting, figure: Figure, part: int) -> Figure:
    if figure.status != "value":
        return figure
    base = int(figure.value or 0)
    if not base:
        reason = setting.catalogue.word("reason.nobody")
        return replace(figure, status="not_applicable", value=None, provisional=None, known_on=None, reason=reason)
    return replace(figure, value=rounded_percentage(part, base), numerator=part, base=base)


def figures_of(setting: Setting, question: Question, asked: Asked, what: Count) -> list[Figure]:
    """Every cell of a table of one count."""
    figures: list[Figure] = []
    asked = asked.without(_not_counted(setting, question, asked, what))
    found = _found(setting, question, asked, what)
    for number, period in enumerate(question.periods):
        counted = counted_period(setting, question, period)
        previous = question.periods[number - 1] if number else None
        for by in margins(asked.by):
            figures += _margin(setting, question, asked, what, (period, counted, previous), by, found[by])
        if not asked.by and not what.of_persons:
            figures += _shown_parts(setting, question, asked, what, (period, counted, previous))
    return figures


def _found(setting: Setting, question: Question, asked: Asked, what: Count) -> dict[tuple[str, ...], set[Codes]]:
    """The codes that were counted in one of the periods, by margin: a code of one is a row, and a zero, in all."""
    found: dict[tuple[str, ...], set[Codes]] = defaultdict(set)
    for period in question.periods:
        counted = counted_period(setting, question, period)
        for by in margins(asked.by):
            recorded = recording(setting, asked, what, period, by)
            found[by] |= {codes for _, _, codes in _counts(setting, what, counted, recorded, asked, by, question)}
    return found


def _not_counted(setting: Setting, question: Question, asked: Asked, what: Count) -> set[str]:
    """The instruments that are outside the group in all periods, and of which nothing was counted in them."""
    outside = tuple(one for one in asked.instruments if asked.outside(one, question.periods))
    alone = replace(asked, instruments=outside)
    found = {
        code
        for period in question.periods
        for (_, code, _), count in _counts(
            setting, what, counted_period(setting, question, period),
            recording(setting, alone, what, period, ()), alone, (), question,
        ).items()
        if count
    }  # fmt: skip
    return {one.code for one in outside} - found


def _shown_parts(
    setting: Setting, question: Question, asked: Asked, what: Count, periods: tuple[Period, Period, Period | None]
) -> list[Figure]:
    """The variants of the instruments that are always shown with their parts (GOS in BVS)."""
    figures: list[Figure] = []
    for code in setting.catalogue.dimensions:
        if setting.catalogue.dimension(code).kind != "variant":
            continue
        for instrument in asked.instruments:
            if any(variant.shown and variant.overlaps(periods[0]) for variant in instrument.variants):
                alone = Asked((instrument,), None, (code,), ())
                shown = _found(setting, question, alone, what)
                figures += _margin(setting, question, alone, what, periods, (code,), shown[(code,)])
    return figures


def what_counts(question: Question, setting: Setting) -> Count:
    """What an indicator counts; of persons a definition chooses it."""
    indicator = INDICATORS[question.indicator]
    definition = _persons_definition(question, setting) if indicator.named else None
    found = indicator.counted(definition.counts if definition else None)
    if found is None:
        raise UsageError(f"{question.indicator} is no count", todo="ask it with a definition of outflow")
    return found


def _persons_name(question: Question, setting: Setting) -> str:
    return question.definition or setting.catalogue.indicator(question.indicator).default_definition or ""


def _persons_definition(question: Question, setting: Setting) -> CountDefinition:
    return setting.catalogue.persons_definition(_persons_name(question, setting), question.periods[-1].last)


def _definition_name(question: Question, setting: Setting) -> DefinitionName | None:
    """What a count of persons carries; no other count has a definition to choose."""
    if not INDICATORS[question.indicator].named:
        return None
    one = _persons_definition(question, setting)
    version = one.valid_from.isoformat() if one.valid_from else "1"
    return DefinitionName(_persons_name(question, setting), version, one.source, one.stated)


def counted_period(setting: Setting, question: Question, period: Period) -> Period:
    """The days that are counted: all of the period, or those known so far where that was asked."""
    if not question.so_far or period.first > setting.actions_until:
        return period
    return replace(period, last=min(period.last, setting.actions_until))


def recording(
    setting: Setting, asked: Asked, what: Count, period: Period, by: tuple[str, ...]
) -> tuple[Instrument, ...]:
    """The instruments that record all that a count and its breakdown need."""
    return tuple(one for one in asked.instruments if not _missing(setting, one, what, period, by))


def needed(count: Count, version: Version) -> tuple[str, ...]:
    """The columns that a count cannot do without."""
    entrance = "approved_on" if version.entrant == "approval" else "start_date"
    return tuple(entrance if column == ENTRANCE else column for column in count.needs)


def _margin(
    setting: Setting,
    question: Question,
    asked: Asked,
    what: Count,
    periods: tuple[Period, Period, Period | None],
    by: tuple[str, ...],
    found: set[Codes],
) -> list[Figure]:
    period, counted, previous = periods
    counts = _counts(setting, what, counted, recording(setting, asked, what, period, by), asked, by, question)
    figures = []
    for place in cells(by, setting.catalogue, asked.instruments, question.periods, found):
        row = [
            _figure(setting, question, what, Cell(period, one, place), counts, break_of(one, period, previous))
            for one in asked.instruments
        ]
        figures += row
        if len(asked.instruments) > 1:
            figures.append(_total(question, asked, Cell(period, None, place), row, counts, previous))
    return figures


def _counts(
    setting: Setting,
    what: Count,
    period: Period,
    instruments: tuple[Instrument, ...],
    asked: Asked,
    by: tuple[str, ...],
    question: Question,
) -> Counts:
    if not instruments:
        return {}
    codes = tuple(one.code for one in instruments)
    together = codes if what.of_persons and len(asked.instruments) > 1 else ()
    listed = question.population.persons if question.population else None
    rows = setting.engine.count(Counting(what.code, (period,), codes, together, by, listed))
    counts: dict[tuple[str, str, tuple[str, ...]], int] = defaultdict(int)
    for row in rows:
        counts[row.period, row.instrument, row.by] += row.count
    return counts


def _missing(setting: Setting, instrument: Instrument, what: Count, period: Period, by: tuple[str, ...]) -> list[str]:
    """What is not recorded that a cell needs: columns, dimensions, or the register of that time."""
    version = version_in(instrument, period)
    missing = [column for column in needed(what, version) if column not in version.records]
    missing += [code for code in by if not records_dimension(version, code, setting.catalogue)]
    missing += setting.lacks("action")
    if period.first < setting.actions_from:
        missing.append(f"action<{setting.actions_from.isoformat()}")
    return missing


def _figure(
    setting: Setting, question: Question, what: Count, cell: Cell, counts: Counts, series_break: Break | None
) -> Figure:
    """The statuses in the order of the law: did not exist, not recorded, not yet known, value."""
    instrument = cast(Instrument, cell.instrument)
    blank = Figure(
        question.indicator, instrument.code, None, cell.period, "count", "value", cell.by,
        units=(_unit(what, version_in(instrument, cell.period)),), series_break=series_break,
        additive=not what.of_persons, who=what.who, definition=_definition_name(question, setting),
    )  # fmt: skip
    count = counts.get((cell.period.code, instrument.code, tuple(cell.by.values())), 0)
    if not instrument.exists_in(cell.period) and not count:
        reason = not_existing(instrument, cell.period, setting.catalogue)
        return replace(blank, status="not_applicable", reason=reason)
    if foreign := _foreign_variant(instrument, cell, setting):
        return replace(blank, status="not_applicable", reason=foreign)
    missing = _missing(setting, instrument, what, cell.period, tuple(cell.by))
    if missing:
        reason = not_recorded(setting, missing)
        return replace(blank, status="not_possible", missing=tuple(missing), reason=reason)
    return settled(setting, question, cell.period, replace(blank, value=count))


def _foreign_variant(instrument: Instrument, cell: Cell, setting: Setting) -> Text | None:
    for code, value in cell.by.items():
        if setting.catalogue.dimension(code).kind == "variant":
            own = {"none", "unknown", *(variant.code for variant in instrument.variants)}
            if value not in own:
                return setting.catalogue.word("reason.no_such_variant", instrument=instrument.short_name)
    return None


def settled(setting: Setting, question: Question, period: Period, figure: Figure) -> Figure:
    """The figure if its period is complete; else not yet known, or provisional where that was asked."""
    until = setting.actions_until
    if period.last <= until:
        return figure
    if question.so_far and period.first <= until:
        return replace(figure, provisional=until, known_on=period.last)
    reason = not_yet_known(setting, period.last, until)
    return replace(figure, status="not_yet_known", value=None, known_on=period.last, reason=reason)


def not_yet_known(setting: Setting, known_on: object, until: object) -> Text:
    """The status depends on completeness only; the clock changes only the words (rule outflow.clock)."""
    if known_on is None:
        return setting.catalogue.word("reason.not_yet_known_no_day")
    if setting.scope.clock >= known_on:  # type: ignore[operator]
        return setting.catalogue.word("reason.not_yet_known_could", day=known_on, until=until)
    return setting.catalogue.word("reason.not_yet_known", day=known_on)


def not_recorded(setting: Setting, missing: list[str]) -> Text:
    """Names everything that is missing: columns, dimensions, and the register before a day."""
    catalogue = setting.catalogue
    if lacking := [item for item in missing if item in ("action", "spell")]:
        return catalogue.word("reason.no_table", tables=listing(catalogue.word(f"table.{item}") for item in lacking))
    if any("<" in item for item in missing):
        day = setting.spells_from if any(item.startswith("spell<") for item in missing) else setting.actions_from
        return catalogue.word("reason.register_before", day=day)
    names = [
        catalogue.word(f"field.{item}") if f"field.{item}" in catalogue.words else catalogue.dimension(item).name
        for item in missing
    ]
    return catalogue.word("reason.not_recorded", service=catalogue.service.name, fields=listing(names))


def _unit(what: Count, version: Version) -> Unit:
    if what.of_persons:
        return "person"
    return "approved_plan" if version.entrant == "approval" else "action"


def _total(
    question: Question, asked: Asked, cell: Cell, row: list[Figure], counts: Counts, previous: Period | None
) -> Figure:
    """The sum of the cells that are values, naming those it leaves out; of persons, the distinct ones counted apart."""
    values = [figure for figure in row if figure.status == "value"]
    out = tuple(str(figure.instrument) for figure in row if figure.status == "not_possible")
    additive = all(figure.additive for figure in row)
    key = (cell.period.code, TOTAL, tuple(cell.by.values()))
    total = sum(int(figure.value or 0) for figure in values) if additive else counts.get(key, 0)
    blank = Figure(
        question.indicator, None, asked.group, cell.period, "count", "value", cell.by, additive=additive,
        units=tuple(sorted({unit for figure in values or row for unit in figure.units})), leaves_out=out,
        series_break=group_break(asked, cell.period, previous), value=total, who=row[0].who,
        definition=row[0].definition,
    )  # fmt: skip
    if values:
        return replace(blank, provisional=max((f.provisional for f in values if f.provisional), default=None))
    unsettled = next((figure for figure in row if figure.status == "not_yet_known"), row[0])
    return replace(
        blank, status=unsettled.status, value=None, reason=unsettled.reason, known_on=unsettled.known_on,
        missing=unsettled.missing,
    )  # fmt: skip


def group_break(asked: Asked, period: Period, previous: Period | None) -> Break | None:
    """Where a total adds other forms on the period's last day than on its first, or than in the series before."""
    last = asked.members_on(period.last)
    for day in (period.first, previous.last if previous else None):
        then = asked.members_on(day) if day else last
        if then != last:
            return Break("+".join(then), "+".join(last))
    return None
