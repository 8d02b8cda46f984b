"""The units behind a figure, one by one: they count exactly as the figure does. Internal to the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from uitstroom.figures import DefinitionName
from uitstroom.measure.asking import Asked, Question, Setting, asked
from uitstroom.measure.counts import counted_period, recording, what_counts
from uitstroom.measure.durations import durations
from uitstroom.measure.outflow import measured_instruments
from uitstroom.measure.tally import Counting, Following, Record


@dataclass(frozen=True)
class Behind:
    """A record, the indicator it stands behind, and the definition that boxed it (outflow)."""

    indicator: str
    by: tuple[str, ...]
    record: Record
    definition: DefinitionName | None = None
    duration: int | None = None
    """The days that the unit covers, each once; None while it runs."""


def behind(setting: Setting, question: Question) -> Iterator[Behind]:
    """The units behind the instruments' own cells of a question, in a fixed order; for persons one unit per person.

    Instruments that record too little for the figure have none.
    """
    what = asked(question, setting.catalogue)
    units = _followed if question.indicator == "outflow" else _counted
    order = {code: place for place, code in enumerate(what.codes)}
    found = list(units(setting, question, what))
    yield from sorted(found, key=lambda one: (one.record.period, order[one.record.instrument], one.record.unit_id))


def _counted(setting: Setting, question: Question, what: Asked) -> Iterator[Behind]:
    counts = what_counts(question, setting)
    for period in question.periods:
        codes = tuple(one.code for one in recording(setting, what, counts, period, what.by))
        if not codes:
            continue
        until = counted_period(setting, question, period)
        records = setting.engine.counted(Counting(counts.code, (until,), codes, (), what.by))
        lasted = durations(setting, "action", records)
        for record in records:
            yield Behind(question.indicator, what.by, record, None, lasted[record.first_action])


def _followed(setting: Setting, question: Question, what: Asked) -> Iterator[Behind]:
    for period in question.periods:
        for one in measured_instruments(setting, question, what, period, what.by):
            following = Following(one.definition, (period,), (one.instrument.code,), what.by)
            definition = one.definition
            name = DefinitionName(one.name, definition.version, definition.source, definition.stated)
            records = setting.engine.followed(following)
            lasted = durations(setting, definition.unit, records)
            for record in records:
                found = replace(record, period=period.code)
                yield Behind(question.indicator, what.by, found, name, lasted[record.first_action])
