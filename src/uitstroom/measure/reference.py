"""The reference: the rules of counting and following in plain Python, slow and obvious.

It is deliberately not optimised: it looks at every action and every spell again for every question, so that each rule
stands in one place and can be read beside the page that decides it (rule outflow.boxes). Every SQL
engine is held against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Length, OutflowDefinition
from uitstroom.figures import Event
from uitstroom.measure.reading import Action, Reader, Spell, Unit, key_order
from uitstroom.measure.tally import (
    SPELL_COLUMNS,
    TOTAL,
    Box,
    Counting,
    CountRow,
    Following,
    FollowRow,
    Known,
    Part,
    Record,
)
from uitstroom.periods import ONE_DAY, Day, Period, add_months

__all__ = ["Action", "Reference", "Spell"]
CHAIN_COLUMNS = (
    "action_id", "chain_id", "part", "instrument", "person_id", "trajectory_id", "approved_on", "start_date",
    "end_date", "end_reason", "resumes",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A spell that counts, as far as it is known: from `first` to `last`."""

    spell: Spell
    first: Day
    last: Day

    def covers(self, day: Day) -> bool:
        return self.first <= day <= self.last

    @property
    def order(self) -> tuple[Day, tuple[int, str]]:
        return self.first, key_order(self.spell.spell_id)


@dataclass(frozen=True)
class Fate:
    """What became of one unit of a cohort: the record of it, and when it can be looked at."""

    unit: Unit
    record: Record
    entered: Day
    looked_at: Day | None
    """The due day; of a unit that runs, the one that follows from its planned end or longest duration."""


class Reference:
    """An `Engine` over rows in memory; see `tally.Engine` for what each method promises."""

    def __init__(self, catalogue: Catalogue, actions: Iterable[Action], spells: Iterable[Spell], known: Known) -> None:
        self._actions = tuple(actions)
        self._spells = tuple(spells)
        self._known = known
        self._reader = Reader(catalogue, self._actions, known)
        self._kinds = {code: reason.kind for code, reason in catalogue.end_reasons.items()}

    def count(self, counting: Counting) -> list[CountRow]:
        cells = Counter((record.period, record.instrument, record.by) for record in self.counted(counting))
        return [CountRow(*cell, count) for cell, count in sorted(cells.items())]

    def counted(self, counting: Counting) -> list[Record]:
        rows: list[tuple[str, tuple[str, ...]]] = [(code, (code,)) for code in counting.instruments]
        if counting.row.of_persons and counting.total_over:
            rows.append((TOTAL, counting.total_over))
        found = [
            self._record(unit, period, row, counting.by, day)
            for period in counting.periods
            for row, instruments in rows
            for day, unit in self._counted_units(counting, period, instruments)
            if counting.population is None or unit.person_id in counting.population
        ]
        return sorted(found, key=_place)

    def follow(self, following: Following) -> list[FollowRow]:
        cells: dict[tuple[str, str, tuple[str, ...]], list[Fate]] = defaultdict(list)
        for fate in self._fates(following):
            cells[fate.record.period, fate.record.instrument, fate.record.by].append(fate)
        return [_follow_row(cell, fates) for cell, fates in sorted(cells.items())]

    def followed(self, following: Following) -> list[Record]:
        return sorted((fate.record for fate in self._fates(following)), key=_place)

    def known_persons(self, persons: tuple[int, ...]) -> int:
        return len({action.person_id for action in self._actions} & set(persons))

    def parts_of(self, unit: str, first_actions: Sequence[str]) -> list[Part]:
        return [
            (one.action_id, row.start_date, row.end_date, row.end_reason)
            for one in self._actions
            if one.action_id in first_actions
            for row in self._actions
            if row.chain_id == one.chain_id or (unit == "trajectory" and _together(one, row))
        ]

    def spells_of(self, person: int) -> list[dict[str, Any]]:
        own = [spell for spell in self._spells if spell.person_id == person]
        rows = [{name: getattr(spell, name) for name in SPELL_COLUMNS} for spell in own]
        return sorted(rows, key=lambda row: (row["start_date"], row["spell_id"]))

    def chain_of(self, action_id: str) -> list[dict[str, Any]]:
        chains = {action.chain_id for action in self._actions if action.action_id == action_id}
        parts = sorted((action for action in self._actions if action.chain_id in chains), key=lambda one: one.part)
        return [{name: getattr(action, name) for name in CHAIN_COLUMNS} for action in parts]

    def _counted_units(self, counting: Counting, period: Period, instruments: Sequence[str]) -> list[tuple[Day, Unit]]:
        """The chains that are counted, each with the day that it counts on; of persons each person's first."""
        units = [unit for unit in self._reader.chains() if unit.instrument in instruments]
        days = [(counting.row.counted_on(unit, period, self._kinds), unit) for unit in units]
        counted = sorted(((day, unit) for day, unit in days if day), key=_turn)
        if not counting.row.of_persons:
            return counted
        firsts: dict[int, tuple[Day, Unit]] = {}
        for day, unit in counted:
            if unit.person_id is not None and _wanted(unit.person_id, counting.population):
                firsts.setdefault(unit.person_id, (day, unit))
        return list(firsts.values())

    def _record(self, unit: Unit, period: Period, row: str, by: Sequence[str], anchor: Day | None) -> Record:
        characteristics = tuple(self._reader.characteristic(code, unit) for code in by)
        return Record(
            period.code, row, characteristics, unit.unit_id, unit.first.action.action_id, unit.last.action.action_id,
            unit.person_id, unit.start, unit.end, unit.end_reason, anchor, None, None, None,
        )  # fmt: skip

    def _fates(self, following: Following) -> Iterator[Fate]:
        definition = following.definition
        for period in following.periods:
            for code in following.instruments:
                for unit in self._reader.units(definition.unit, code):
                    entered = unit.counted if definition.cohort == "started" else unit.end
                    if entered is not None and entered in period:
                        record = self._record(unit, period, code, following.by, None)
                        yield self._fate(unit, definition, record, entered)

    def _fate(self, unit: Unit, definition: OutflowDefinition, record: Record, entered: Day) -> Fate:
        anchor = unit.start if definition.anchor == "start" else unit.end
        due = definition.horizon.due_day(anchor) if anchor else None
        box, spell = self._box(unit, definition, anchor, due)
        expected = anchor or (_expected_end(unit) if definition.anchor == "end" else None)
        looked_at = definition.horizon.due_day(expected) if expected else None
        parts = {"anchor": anchor, "due": due, "box": box, "spell_id": spell.spell_id if spell else None}
        return Fate(unit, Record(**{**vars(record), **parts}), entered, looked_at)

    def _box(
        self, unit: Unit, definition: OutflowDefinition, anchor: Day | None, due: Day | None
    ) -> tuple[Box, Spell | None]:
        """The first box that fits (rule outflow.boxes), and the spell that shows a followed one at work.

        An approval that has no start to be followed from waits for its anchor like one that has not ended.
        """
        if unit.person_id is None or not unit.linked:
            return "without_person", None
        if anchor is None or due is None:
            return "not_ended", None
        if definition.who == "completed" and unit.end is not None and not self._completed(unit):
            return "not_counted", None
        if definition.horizon.on and anchor >= definition.horizon.on:
            return "not_counted", None
        if due > self._known.spells_until:
            return "not_due", None
        spell = _deciding(definition.event, self._work(unit, definition), anchor, due)
        return ("at_work", spell) if spell else ("not_at_work", None)

    def _completed(self, unit: Unit) -> bool:
        return unit.end_reason is not None and self._kinds[unit.end_reason] == "completed"

    def _work(self, unit: Unit, definition: OutflowDefinition) -> list[Work]:
        """The spells of the unit's person that count, cut off where they are no longer known."""
        until = self._known.spells_until
        return [
            Work(spell, spell.start_date, min(spell.end_date or until, until))
            for spell in self._spells
            if spell.person_id == unit.person_id
            and spell.work_type in definition.work_types
            and spell.start_date <= until
            and (not definition.event.same_employer or spell.employer_id in unit.employers)
        ]


def _together(one: Action, other: Action) -> bool:
    """Whether two actions are parts of one trajectory."""
    keys = [(action.trajectory_id, action.person_id) for action in (one, other)]
    return one.trajectory_id is not None and keys[0] == keys[1]


def _turn(counted: tuple[Day, Unit]) -> tuple[Day, Day, tuple[int, str]]:
    """Of several counted units the one that counts first is a person's, then the one that started first."""
    day, unit = counted
    return day, unit.start or Day.max, key_order(unit.unit_id)


def _wanted(person: int, population: Sequence[int] | None) -> bool:
    return population is None or person in population


def _deciding(event: Event, work: Sequence[Work], anchor: Day, due: Day) -> Spell | None:
    """The first of the spells that show a unit at work, or None where it is not (rule event.on_the_day)."""
    showing = [one for one in work if one.covers(due)]
    if event.kind == "sustained":
        days = [due - past * ONE_DAY for past in range(event.days or 1)]
        showing = showing if all(any(one.covers(day) for one in work) for day in days) else []
    if event.kind == "within":
        beginnings = [stretch[0] for stretch in _stretches(work)]
        showing = [one for one in beginnings if anchor < one.first <= due] if event.new else _within(work, anchor, due)
    return min(showing, key=lambda one: one.order).spell if showing else None


def _within(work: Sequence[Work], anchor: Day, due: Day) -> list[Work]:
    return [one for one in work if max(one.first, anchor + ONE_DAY) <= min(one.last, due)]


def _stretches(work: Sequence[Work]) -> list[list[Work]]:
    """Spells with one employer that touch or overlap, joined: how many lines a stretch has decides nothing."""
    stretches: list[list[Work]] = []
    for employer in {one.spell.employer_id for one in work}:
        reach = Day.min
        for one in sorted((one for one in work if one.spell.employer_id == employer), key=lambda one: one.order):
            if reach == Day.min or one.first > reach + ONE_DAY:
                stretches.append([])
            stretches[-1].append(one)
            reach = max(reach, one.last)
    return stretches


def _expected_end(unit: Unit) -> Day | None:
    """When a running unit should end: as planned, or at the longest that its version allows (rule outflow.known_on)."""
    longest = unit.first.version.maximum
    if unit.last.planned_end is not None:
        return unit.last.planned_end
    return _last_day(unit.start, longest) if unit.start is not None and longest is not None else None


def _last_day(start: Day, length: Length) -> Day:
    """The last day of a length that begins on `start`: a month from 1 April ends on 30 April."""
    if length.months is not None:
        return add_months(start, length.months) - ONE_DAY
    return start + ((length.days or 0) + 7 * (length.weeks or 0) - 1) * ONE_DAY


def _follow_row(cell: tuple[str, str, tuple[str, ...]], fates: Sequence[Fate]) -> FollowRow:
    boxes = Counter(fate.record.box for fate in fates)
    asked = [fate for fate in fates if fate.record.box != "without_person"]
    unsettled = [fate.entered for fate in asked if fate.record.box in ("not_ended", "not_due")]
    looked_at = [fate.looked_at for fate in asked if fate.looked_at is not None]
    return FollowRow(
        *cell,
        boxes["without_person"], boxes["not_ended"], boxes["not_counted"], boxes["not_due"],
        boxes["at_work"], boxes["not_at_work"],
        open_from=min(unsettled, default=None),
        last_due=max(looked_at, default=None),
        unplanned=len(asked) - len(looked_at),
    )  # fmt: skip


def _place(record: Record) -> tuple[str, str, str]:
    return record.period, record.instrument, record.unit_id
