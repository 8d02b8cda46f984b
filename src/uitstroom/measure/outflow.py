"""Outflow as typed figures: rates with base and boxes, and the reason where there is none (rule status.order)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from uitstroom.catalogue import needed_columns
from uitstroom.catalogue.schema import Instrument, NoOutflow, OutflowDefinition
from uitstroom.figures import Bounds, Break, DefinitionName, Figure, Maturity
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
from uitstroom.measure.counts import not_recorded, not_yet_known
from uitstroom.measure.tally import Following, FollowRow
from uitstroom.measure.window import first_day
from uitstroom.periods import ONE_DAY, Day, Horizon, Period
from uitstroom.text import Text, rounded_percentage

Rows = Mapping[tuple[str, ...], FollowRow]


@dataclass(frozen=True)
class Measured:
    """An instrument in a period with the definition that measures it, its tally, and how far it is settled.

    `until` is the last cohort day whose whole cohort is followed, or None; `rows` and `early` are the tallies of the
    whole cohort and of that part of it, by the codes of a margin. `curve`: the last month that is asked for.
    """

    instrument: Instrument
    period: Period
    name: str
    definition: OutflowDefinition
    missing: tuple[str, ...]
    known_on: Day | None
    settled: bool
    until: Day | None
    curve: int | None = None


def outflow_figures(setting: Setting, question: Question, asked: Asked) -> list[Figure]:
    """Every cell of an outflow table: per period and margin the instruments in order, and a total if there is one.

    The finest margin is asked first: an engine adds up what it was asked finely.
    """
    figures: list[Figure] = []
    asked = asked.without(_not_entered(setting, question, asked))
    measured = {
        period: {one.code: _measured(setting, question, one, period) for one in asked.instruments}
        for period in question.periods
    }
    found = {by: _found(setting, measured, by) for by in margins(asked.by)}
    for number, period in enumerate(question.periods):
        previous = question.periods[number - 1] if number else None
        for by in margins(asked.by):
            figures += _margin(setting, question, asked, measured[period], period, previous, by, found[by])
    return figures


def _not_entered(setting: Setting, question: Question, asked: Asked) -> set[str]:
    """The instruments that are outside the group in all periods, and that nobody entered in them."""
    outside = tuple(one for one in asked.instruments if asked.outside(one, question.periods))
    alone = replace(asked, instruments=outside)
    found = {
        code
        for period in question.periods
        for code, rows in _tallies(setting, measured_instruments(setting, question, alone, period, ()), ()).items()
        if any(_maturity(row).entrants for row in rows.values())
    }
    return {one.code for one in outside} - found


def measured_instruments(
    setting: Setting, question: Question, asked: Asked, period: Period, by: tuple[str, ...]
) -> list[Measured]:
    """The instruments whose outflow can be measured with this breakdown."""
    ones = [_measured(setting, question, one, period) for one in asked.instruments]
    return [
        one
        for one in ones
        if isinstance(one, Measured) and not one.missing and not _unrecorded(setting, one.instrument, period, by)
    ]


def definition_of(question: Question, instrument: Instrument, period: Period) -> str | NoOutflow:
    """The name of the definition that measures an instrument, or why the question does not apply to it."""
    purpose = version_in(instrument, period).outflow
    if question.definition and (isinstance(purpose, str) or question.regardless_of_purpose):
        return question.definition
    return purpose


def _measured(setting: Setting, question: Question, instrument: Instrument, period: Period) -> Measured | NoOutflow:
    name = definition_of(question, instrument, period)
    if isinstance(name, NoOutflow):
        return name
    definition = setting.catalogue.outflow_definition(name, period.last)
    if question.curve:
        definition = definition.model_copy(update={"horizon": Horizon(months=question.curve[0])})
    missing = _missing(setting, instrument, definition, period)
    last = question.curve[1] if question.curve else None
    bare = Measured(instrument, period, name, definition, missing, None, False, None, last)
    return bare if missing else _settlement(setting, bare)


def _missing(
    setting: Setting, instrument: Instrument, definition: OutflowDefinition, period: Period
) -> tuple[str, ...]:
    version = version_in(instrument, period)
    missing = [column for column in needed_columns(definition, version) if column not in version.records]
    missing += setting.lacks("action", "spell")
    if period.first < setting.actions_from:
        missing.append(f"action<{setting.actions_from.isoformat()}")
    if not missing and _first_looked_at(setting, instrument, definition, period) < setting.spells_from:
        missing.append(f"spell<{setting.spells_from.isoformat()}")
    return tuple(missing)


def _first_looked_at(setting: Setting, instrument: Instrument, definition: OutflowDefinition, period: Period) -> Day:
    """The first day on which the employment of the cohort is looked at."""
    anchor = period.first
    if (definition.cohort, definition.anchor) == ("ended", "start"):
        records = setting.engine.followed(Following(definition, (period,), (instrument.code,)))
        anchor = min((record.anchor for record in records if record.anchor), default=anchor)
    return first_day(definition, anchor, definition.horizon.due_day(anchor))


def _settlement(setting: Setting, measured: Measured) -> Measured:
    """From which day the figure is known, whether that day is reached, and how far a provisional one goes."""
    definition, period = measured.definition, measured.period
    last = min(period.last, setting.actions_until)
    if (definition.cohort, definition.anchor) == ("started", "end"):
        return _settlement_by_ends(setting, measured, last)
    known_on = _known_on(definition, period)
    settled = period.last <= setting.actions_until and known_on <= setting.spells_until
    day = last
    while day >= period.first and definition.horizon.due_day(day) > setting.spells_until:
        day -= ONE_DAY
    return replace(measured, known_on=known_on, settled=settled, until=day if day >= period.first else None)


def _known_on(definition: OutflowDefinition, period: Period) -> Day:
    """The due day of who enters last; of a fixed day that day, or the period's last where it is later."""
    return max(definition.horizon.due_day(period.last), period.last)


def _settlement_by_ends(setting: Setting, measured: Measured, last: Day) -> Measured:
    """A cohort of starters followed from their ends: settled when all have ended and are due.

    Who has not ended by a fixed day is not counted, whenever the end comes: nobody is waited for beyond it.
    """
    on = measured.definition.horizon.on
    if on and max(on - ONE_DAY, measured.period.last) <= setting.actions_until:
        known_on = _known_on(measured.definition, measured.period)
        return replace(measured, known_on=known_on, settled=known_on <= setting.spells_until, until=None)
    rows = setting.engine.follow(Following(measured.definition, (measured.period,), (measured.instrument.code,)))
    opens = [row.open_from for row in rows if row.open_from]
    unplanned = sum(row.unplanned for row in rows)
    known_on = max((row.last_due for row in rows if row.last_due), default=measured.period.last)
    settled = not opens and measured.period.last <= setting.actions_until
    if not settled:
        known_on = max(known_on, measured.period.last)
    until = min(opens) - ONE_DAY if opens else last
    overdue = bool(opens) and known_on <= setting.spells_until
    unknown = on is None and (unplanned or overdue)
    return replace(
        measured,
        known_on=_known_on(measured.definition, measured.period) if on else None if unknown else known_on,
        settled=settled,
        until=until if until >= measured.period.first else None,
    )


def _found(
    setting: Setting, measured: Mapping[Period, Mapping[str, Measured | NoOutflow]], by: tuple[str, ...]
) -> set[tuple[str, ...]]:
    """The codes of a margin that anybody has in one of the periods: a code of one is a row in all."""
    return {
        codes
        for period, forms in measured.items()
        for rows in _tallies(setting, _recording(setting, forms, period, by), by).values()
        for codes in rows
    }


def _margin(
    setting: Setting,
    question: Question,
    asked: Asked,
    measured: Mapping[str, Measured | NoOutflow],
    period: Period,
    previous: Period | None,
    by: tuple[str, ...],
    found: set[tuple[str, ...]],
) -> list[Figure]:
    recording = _recording(setting, measured, period, by)
    whole = _tallies(setting, recording, by)
    early = _tallies(setting, [_cut(one) for one in recording if _partial(question, one)], by)
    figures = []
    for place in cells(by, setting.catalogue, asked.instruments, question.periods, found):
        row = [
            _figure(setting, question, measured[one.code], one, period, place, whole, early, previous)
            for one in asked.instruments
        ]
        figures += row + _totals(asked, measured, row)
    return figures


def _recording(
    setting: Setting, measured: Mapping[str, Measured | NoOutflow], period: Period, by: tuple[str, ...]
) -> list[Measured]:
    """The instruments whose outflow can be measured with this breakdown."""
    countable = [one for one in measured.values() if isinstance(one, Measured) and not one.missing]
    return [one for one in countable if not _unrecorded(setting, one.instrument, period, by)]


def _partial(question: Question, measured: Measured) -> bool:
    shown = question.so_far or measured.definition.incomplete == "show"
    return shown and not measured.settled and measured.until is not None


def _cut(measured: Measured) -> Measured:
    period = replace(measured.period, last=measured.until or measured.period.last)
    return replace(measured, period=period, curve=None)


def _unrecorded(setting: Setting, instrument: Instrument, period: Period, by: Iterable[str]) -> tuple[str, ...]:
    version = version_in(instrument, period)
    return tuple(code for code in by if not records_dimension(version, code, setting.catalogue))


def _tallies(setting: Setting, measured: Sequence[Measured], by: tuple[str, ...]) -> Mapping[str, Rows]:
    """One query per definition and period, for all the instruments that share them."""
    tallies: dict[str, dict[tuple[str, ...], FollowRow]] = {one.instrument.code: {} for one in measured}
    shared: dict[tuple[str, Period], list[Measured]] = {}
    for one in measured:
        shared.setdefault((one.name, one.period), []).append(one)
    for (_, period), ones in shared.items():
        codes = tuple(one.instrument.code for one in ones)
        for row in setting.engine.follow(Following(ones[0].definition, (period,), codes, by, ones[0].curve)):
            tallies[row.instrument][row.by] = row
    return tallies


def _figure(
    setting: Setting,
    question: Question,
    measured: Measured | NoOutflow,
    instrument: Instrument,
    period: Period,
    place: Mapping[str, str],
    whole: Mapping[str, Rows],
    early: Mapping[str, Rows],
    previous: Period | None,
) -> Figure:
    """The statuses in the order of the law."""
    row = whole.get(instrument.code, {}).get(tuple(place.values()))
    blank = Figure(question.indicator, instrument.code, None, period, "rate", "value", place)
    blank = replace(blank, series_break=break_of(instrument, period, previous))
    if not instrument.exists_in(period) and not (row and _maturity(row).entrants):
        reason = not_existing(instrument, period, setting.catalogue)
        return replace(blank, status="not_applicable", reason=reason)
    if isinstance(measured, NoOutflow):
        return replace(blank, status="not_applicable", reason=measured.reason)
    changed = _definition_break(setting, question, measured, previous)
    blank = replace(blank, units=(measured.definition.unit,), series_break=changed or blank.series_break)
    missing = (*measured.missing, *_unrecorded(setting, instrument, period, place))
    if missing:
        # Nothing was measured, so no definition stands with it as if it had been.
        return replace(blank, status="not_possible", missing=missing, reason=_why_missing(setting, measured, missing))
    blank = replace(blank, **_definition_parts(measured))
    if _begins_too_late(measured):
        reason = setting.catalogue.word("reason.fixed_day", day=measured.definition.horizon.on)
        return replace(blank, status="not_applicable", reason=reason)
    part = early.get(instrument.code, {}).get(tuple(place.values()))
    return _valued(setting, question, measured, blank, row or _nothing(blank), part)


def _begins_too_late(measured: Measured) -> bool:
    """Whether all who enter do so on or after the fixed day on which is looked."""
    definition = measured.definition
    alike = (definition.cohort, definition.anchor) in (("started", "start"), ("ended", "end"))
    return alike and definition.horizon.on is not None and measured.period.first >= definition.horizon.on


def _definition_parts(measured: Measured) -> dict[str, Any]:
    definition = measured.definition
    return {
        "units": (definition.unit,),
        "cohort": definition.cohort,
        "anchor": definition.anchor,
        "horizon": definition.horizon,
        "event": definition.event,
        "work_types": definition.work_types,
        "definition": DefinitionName(measured.name, definition.version, definition.source, definition.stated),
        "who": definition.who,
        "decimals": definition.decimals,
    }


def _definition_break(
    setting: Setting, question: Question, measured: Measured, previous: Period | None
) -> Break | None:
    """A change of definition within the period, or since the previous one of the series."""
    here = f"{measured.name}@{measured.definition.version}"
    for other in (Period(measured.period.first, measured.period.first, ""), previous):
        if other is None or measured.instrument.version_on(other.last) is None:
            continue
        name = definition_of(question, measured.instrument, other)
        if isinstance(name, NoOutflow):
            continue
        there = f"{name}@{setting.catalogue.outflow_definition(name, other.last).version}"
        if there != here:
            return Break(there, here)
    return None


def _why_missing(setting: Setting, measured: Measured, missing: tuple[str, ...]) -> Text:
    reason = not_recorded(setting, list(missing))
    why = version_in(measured.instrument, measured.period).not_recorded_reason
    return reason + Text.verbatim(" ") + why if why and measured.missing == missing else reason


def _valued(
    setting: Setting, question: Question, measured: Measured, blank: Figure, row: FollowRow, early: FollowRow | None
) -> Figure:
    """A rate, a provisional rate, or the day from which it can be known."""
    figure = replace(blank, maturity=_maturity(row), known_on=measured.known_on)
    if measured.settled:
        return _rate(setting, figure, row, measured.definition.decimals)
    if not _partial(question, measured):
        reason = not_yet_known(setting, measured.known_on, setting.spells_until)
        if measured.known_on is None and row.unplanned:
            reason = setting.catalogue.word("reason.cannot_be_said")
        return replace(figure, status="not_yet_known", reason=reason)
    provisional = _rate(setting, figure, early or _nothing(blank), measured.definition.decimals)
    bounds = _bounds(row, measured.definition.decimals) if provisional.status == "value" else None
    return replace(provisional, provisional=measured.until, bounds=bounds)


def _rate(setting: Setting, figure: Figure, row: FollowRow, decimals: int) -> Figure:
    followed = row.at_work + row.not_at_work
    if not followed:
        return replace(figure, status="not_applicable", reason=setting.catalogue.word("reason.nobody"))
    value = rounded_percentage(row.at_work, followed, decimals)
    return replace(figure, value=value, numerator=row.at_work, base=followed)


def _bounds(row: FollowRow, decimals: int) -> Bounds:
    open_ = row.not_ended + row.not_due
    everyone = open_ + row.at_work + row.not_at_work
    return Bounds(
        rounded_percentage(row.at_work, everyone, decimals), rounded_percentage(row.at_work + open_, everyone, decimals)
    )


def _maturity(row: FollowRow) -> Maturity:
    followed = row.at_work + row.not_at_work
    boxes = (row.without_person, row.not_ended, row.not_counted, row.not_due)
    return Maturity(sum(boxes) + followed, *boxes, followed, row.at_work, row.not_at_work)


def _nothing(figure: Figure) -> FollowRow:
    return FollowRow(figure.period.code, str(figure.instrument), (), 0, 0, 0, 0, 0, 0, None, None, 0)


def _totals(
    asked: Asked,
    measured: Mapping[str, Measured | NoOutflow],
    row: Sequence[Figure],
) -> list[Figure]:
    """A total only where all rows share unit, cohort, anchor, horizon and event; of actions only, which add up."""
    ones = [one for one in measured.values() if isinstance(one, Measured)]
    shared = {_comparable(one.definition) for one in ones}
    values = [figure for figure in row if figure.status == "value" and figure.maturity]
    left_out = tuple(str(figure.instrument) for figure in row if figure.status in ("not_possible", "not_yet_known"))
    if len(ones) < 2 or len(shared) != 1 or ones[0].definition.unit != "action" or not values:
        return []
    if any(figure.provisional != values[0].provisional for figure in values):
        return []
    boxes = zip(*(vars(figure.maturity).values() for figure in values), strict=True)
    total = replace(
        values[0], instrument=None, group=asked.group, series_break=None, bounds=None, known_on=None,
        maturity=Maturity(*(sum(box) for box in boxes)),
        numerator=sum(figure.numerator or 0 for figure in values), base=sum(figure.base or 0 for figure in values),
        leaves_out=left_out,
    )  # fmt: skip
    decimals = ones[0].definition.decimals
    return [replace(total, value=rounded_percentage(total.numerator or 0, total.base or 1, decimals))]


def _comparable(definition: OutflowDefinition) -> tuple[object, ...]:
    """What two rates must share to be taken together."""
    one = definition
    return one.unit, one.cohort, one.anchor, one.horizon, one.event, one.work_types, one.who
