"""The life of one action, and why each indicator counts it or does not. Internal to the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from uitstroom.catalogue import needed_columns
from uitstroom.catalogue.schema import Instrument, NoOutflow, OutflowDefinition, Version
from uitstroom.errors import UitstroomError
from uitstroom.indicators import COUNTS
from uitstroom.measure.asking import Setting, version_in
from uitstroom.measure.counts import needed, not_recorded
from uitstroom.measure.durations import covered_days
from uitstroom.measure.tally import Following, Record
from uitstroom.measure.window import first_day
from uitstroom.periods import Day, Period
from uitstroom.text import Text, listing

Row = Mapping[str, Any]


def explained(setting: Setting, action_id: str) -> list[Text]:
    """Line by line: the action, its chain and trajectory, its person's employment, and each indicator's verdict.

    Raises `UitstroomError` if the snapshot holds no such action.
    """
    parts = setting.engine.chain_of(action_id)
    if not parts:
        raise UitstroomError(
            f"the snapshot known on {setting.scope.as_known_on} holds no action {action_id!r}",
            todo="check the id; an action that a later delivery removed is found with --as-of",
        )
    return list(_lines(setting, action_id, parts))


def _lines(setting: Setting, action_id: str, parts: Sequence[Row]) -> Iterator[Text]:
    word = setting.catalogue.word
    action = next(part for part in parts if part["action_id"] == action_id)
    instrument = setting.catalogue.instrument(action["instrument"])
    yield word("explain.action", action=action_id, instrument=instrument.name, snapshot=setting.scope.snapshot[:12])
    for part in parts:
        yield word("explain.part", action=part["action_id"], life=_life(setting, part))
    yield from _duration(setting, parts, instrument)
    day = action["approved_on"] if _by_approval(instrument, action) else action["start_date"]
    version = instrument.nearest_version(day)
    yield word("explain.version", version=str(version.valid_from or "–"), day=day)
    if not version.valid_on(day):
        yield word("explain.outside_versions")
    yield from _counts(setting, parts, instrument, version)
    yield from _outflow(setting, parts, instrument)


def _duration(setting: Setting, parts: Sequence[Row], instrument: Instrument) -> Iterator[Text]:
    """How many days the chain covers, once it has ended."""
    real = [part for part in parts if part["start_date"] and not _undone(setting, part, instrument)]
    if real and all(part["end_date"] and part["end_date"] <= setting.actions_until for part in real):
        days = covered_days((part["start_date"], part["end_date"]) for part in real)
        yield setting.catalogue.word("explain.duration", days=days)


def _by_approval(instrument: Instrument, action: Row) -> bool:
    return action["start_date"] is None or instrument.versions[0].entrant == "approval"


def _life(setting: Setting, part: Row) -> Text:
    word = setting.catalogue.word
    sentences = []
    if part["approved_on"]:
        sentences.append(word("explain.approved", day=part["approved_on"]))
    if part["start_date"]:
        sentences.append(word("explain.started", day=part["start_date"]))
    if part["resumes"]:
        sentences.append(word("explain.resumes", action=part["resumes"]))
    if part["start_date"] or part["end_reason"]:
        sentences.append(_ending(setting, part))
    if part["trajectory_id"]:
        sentences.append(word("explain.trajectory", trajectory=part["trajectory_id"]))
    return listing(sentences)


def _ending(setting: Setting, part: Row) -> Text:
    word, end = setting.catalogue.word, part["end_date"]
    reason = setting.catalogue.end_reasons.get(part["end_reason"] or "")
    name = reason.name if reason else word("explain.no_reason")
    if reason and reason.kind == "never_happened":
        return word("explain.never_happened", reason=name)
    if end is None:
        return word("explain.running", day=setting.actions_until)
    if end > setting.actions_until:
        return word("explain.end_not_known", day=end, until=setting.actions_until)
    return word("explain.ended", day=end, reason=name)


def _counts(setting: Setting, parts: Sequence[Row], instrument: Instrument, version: Version) -> Iterator[Text]:
    """One verdict per count, each with the day that decides it."""
    word, first = setting.catalogue.word, parts[0]
    undone = all(_undone(setting, part, instrument) for part in parts)
    day = first["approved_on"] if version.entrant == "approval" else first["start_date"]
    for indicator in ("started", "persons", "running", "ended"):
        name = setting.catalogue.indicator(indicator).name
        missing = [item for item in needed(COUNTS[indicator], version) if item not in version.records]
        if missing:
            yield word("explain.verdict", indicator=name, verdict=not_recorded(setting, missing))
        elif undone:
            yield word("explain.verdict", indicator=name, verdict=word("explain.undone"))
        elif indicator in ("started", "persons"):
            yield word("explain.verdict", indicator=name, verdict=_entrance(setting, first, day, indicator))
        else:
            yield word("explain.verdict", indicator=name, verdict=_presence(setting, parts, indicator, instrument))


def _undone(setting: Setting, part: Row, instrument: Instrument) -> bool:
    reason = setting.catalogue.end_reasons.get(part["end_reason"] or "")
    if reason is None:
        return False
    approval = instrument.versions[0].entrant == "approval"
    return reason.registered_in_error if approval else reason.kind == "never_happened"


def _entrance(setting: Setting, first: Row, day: Day, indicator: str) -> Text:
    word = setting.catalogue.word
    if first["resumes"]:
        return word("explain.no_entrant_resumes", action=first["resumes"])
    if day > setting.actions_until:
        return word("explain.not_there_yet", day=day, until=setting.actions_until)
    if indicator == "persons" and first["person_id"] is None:
        return word("explain.no_person")
    return word("explain.counts_on", day=day)


def _presence(setting: Setting, parts: Sequence[Row], indicator: str, instrument: Instrument) -> Text:
    word, until = setting.catalogue.word, setting.actions_until
    ends = [part["end_date"] for part in parts if not _undone(setting, part, instrument)]
    end = max(ends) if ends and all(day and day <= until for day in ends) else None
    if indicator == "ended":
        return word("explain.counts_on", day=end) if end else word("explain.no_end", day=until)
    stretches = [
        Text.verbatim("{first} – {last}").format(first=part["start_date"], last=_shown_end(part, until))
        for part in parts
        if part["start_date"]
    ]
    return word("explain.runs", stretches=listing(stretches))


def _shown_end(part: Row, until: Day) -> Day:
    return min(part["end_date"] or until, until)


def _outflow(setting: Setting, parts: Sequence[Row], instrument: Instrument) -> Iterator[Text]:
    """The box that each day's definition puts the action in, for the cohort that it belongs to."""
    word = setting.catalogue.word
    name = setting.catalogue.indicator("outflow").name
    days = [day for day in (parts[0]["start_date"], parts[-1]["end_date"]) if day and day <= setting.actions_until]
    period = Period(min(days, default=setting.actions_until), setting.actions_until, "explain")
    version = version_in(instrument, Period(period.first, max(days, default=period.first), ""))
    if isinstance(version.outflow, NoOutflow):
        yield word("explain.verdict", indicator=name, verdict=version.outflow.reason)
        return
    definition = setting.catalogue.outflow_definition(version.outflow, max(days, default=period.first))
    missing = [item for item in needed_columns(definition, version) if item not in version.records]
    if missing:
        yield word("explain.verdict", indicator=name, verdict=not_recorded(setting, missing))
        return
    yield from _followed(setting, parts, instrument, definition, version.outflow, period)


def _followed(
    setting: Setting,
    parts: Sequence[Row],
    instrument: Instrument,
    definition: OutflowDefinition,
    name: str,
    period: Period,
) -> Iterator[Text]:
    word = setting.catalogue.word
    indicator = setting.catalogue.indicator("outflow").name
    units = {parts[0]["chain_id"], *(part["trajectory_id"] for part in parts)}
    records = setting.engine.followed(Following(definition, (period,), (instrument.code,)))
    record = next((one for one in records if one.unit_id in units), None)
    yield word("explain.definition", name=name, version=definition.version, description=definition.description)
    if record is None:
        verdict = word(f"explain.outside_cohort.{definition.cohort}")
        yield word("explain.verdict", indicator=indicator, verdict=verdict)
        return
    yield word("explain.verdict", indicator=indicator, verdict=_box(setting, record))
    if record.box in ("at_work", "not_at_work") and record.person_id is not None:
        yield from _employment(setting, definition, record)


def _employment(setting: Setting, definition: OutflowDefinition, record: Record) -> Iterator[Text]:
    """Each employment line of the person, and what it shows or misses of what is looked at."""
    word = setting.catalogue.word
    spells = setting.engine.spells_of(record.person_id or 0)
    last = cast(Day, record.due)
    first = first_day(definition, cast(Day, record.anchor), last)
    yield word("explain.window", first=first, last=last) if spells else word("explain.no_employment")
    for spell in spells:
        end = spell["end_date"]
        lasted = (
            word("explain.line_ended", first=spell["start_date"], last=end)
            if end
            else word("explain.line_open", first=spell["start_date"])
        )
        remark = _remark(setting, definition, spell, (first, last))
        yield word("explain.line", spell=spell["spell_id"], lasted=lasted, type=spell["work_type"], remark=remark)


def _remark(setting: Setting, definition: OutflowDefinition, spell: Row, days: tuple[Day, Day]) -> Text:
    """What a line shows, or by how much it misses."""
    word, (first, last) = setting.catalogue.word, days
    end = min(spell["end_date"] or setting.spells_until, setting.spells_until)
    if spell["work_type"] not in definition.work_types:
        return word("explain.type_does_not_count")
    if spell["start_date"] > last:
        return _missed(setting, "explain.begins_late", (spell["start_date"] - last).days)
    if end < first:
        return _missed(setting, "explain.ends_early", (first - end).days)
    return word("explain.in_window")


def _missed(setting: Setting, key: str, days: int) -> Text:
    return setting.catalogue.word(f"{key}.one" if days == 1 else key, days=days)


def _box(setting: Setting, record: Record) -> Text:
    word = setting.catalogue.word
    box = word(f"box.{record.box}")
    if record.anchor is None or record.due is None:
        return word("explain.box", box=box)
    said = word("explain.box_due", box=box, anchor=record.anchor, due=record.due)
    return said + word("explain.spell", spell=record.spell_id) if record.spell_id else said
