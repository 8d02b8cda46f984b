"""Two releases compared, each changed cell explained from the registers that they were made from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Figure
from uitstroom.measure.asking import Question, Setting
from uitstroom.measure.reach import NOBODY
from uitstroom.measure.records import Behind, behind
from uitstroom.measure.tally import Counting, Record
from uitstroom.periods import Day, Period
from uitstroom.recipes.answering import question_of
from uitstroom.recipes.measuring import setting
from uitstroom.registers import Store
from uitstroom.release.difference import Amount, Cause, Change, Key, changes
from uitstroom.release.folder import Manifest
from uitstroom.release.question import read_question

_EVER = Period(Day.min, Day.max, "ever")


def diff(older: Path, newer: Path, store: Store, catalogue: Catalogue) -> list[Change]:
    """Every cell that differs between two releases of one store, with the causes of the difference.

    A table that only one of them has is told as new or gone cells. Raises `UitstroomError` where a folder is no release
    or the store no longer holds what it was made from.
    """
    with ExitStack() as stack:
        before, after = (
            stack.enter_context(setting(store, catalogue, Day.fromisoformat(Manifest.read(one).inputs["as_known_on"])))
            for one in (older, newer)
        )
        return changes(older, newer, _Causes(newer, before, after).of)


Units = Mapping[Hashable, Record]
"""The units behind a cell, by what makes them the same in both registers."""


@dataclass
class _Causes:
    """Looks into both registers for what changed a value."""

    newer: Path
    before: Setting
    after: Setting
    _kept: dict[tuple[int, str, str, tuple[str, ...]], list[Behind]] = field(default_factory=dict)

    @cached_property
    def _questions(self) -> Mapping[str, Question]:
        tables = read_question(self.newer / "question.toml").tables
        return {table.name: question_of(table, NOBODY if table.population else None) for table in tables}

    def of(self, key: Key, before: Figure, after: Figure) -> list[Amount]:  # noqa: ARG002
        """How much each unit that differs makes of the difference, and why it differs."""
        question = self._questions.get(key[0])
        if question is None or question.population is not None:
            return []
        old, new = (self._units(register, question, key) for register in (self.before, self.after))
        return [
            self._amount(question.indicator, old.get(unit), new.get(unit))
            for unit in {**old, **new}
            if old.get(unit) != new.get(unit)
        ]

    def _units(self, register: Setting, question: Question, key: Key) -> Units:
        """The units behind one cell; every table is read once per period and breakdown."""
        name, indicator, instrument, period, by = key
        dimensions = tuple(dimension for dimension, _ in by)
        place = (id(register), name, period, dimensions)
        if place not in self._kept:
            one = replace(question, periods=(Period.parse(period),), by=dimensions)
            self._kept[place] = list(behind(register, one))
        return {
            _identity(one.record, indicator): one.record
            for one in self._kept[place]
            if instrument in (None, one.record.instrument) and set(by) <= set(zip(one.by, one.record.by, strict=True))
        }

    def _amount(self, indicator: str, old: Record | None, new: Record | None) -> Amount:
        cause = self._cause(old, new)
        if indicator == "outflow":
            numerator, base = (_told(new, box) - _told(old, box) for box in (_AT_WORK, _FOLLOWED))
            return Amount(cause, 0, numerator, base)
        if indicator == "completed":
            numerator = self._completed(self.after, new) - self._completed(self.before, old)
            return Amount(cause, 0, numerator, (new is not None) - (old is not None))
        return Amount(cause, value=(new is not None) - (old is not None))

    def _completed(self, register: Setting, record: Record | None) -> int:
        reason = register.catalogue.end_reasons.get(record.end_reason or "") if record else None
        return int(reason is not None and reason.kind == "completed")

    def _cause(self, old: Record | None, new: Record | None) -> Cause:
        """Why a unit differs; of one that is new, whether it was there to be known."""
        if old is None and new is not None:
            if new.first_action in self._known_before:
                return "correction"
            until = self.before.scope.complete["action"][1]
            return "new_data" if new.anchor and new.anchor > until else "late_registration"
        if old is not None and new is None:
            return "correction" if old.first_action in self._known_after else "removal"
        moved = old and new and (old.anchor, old.due, old.end_reason) != (new.anchor, new.due, new.end_reason)
        return "correction" if moved else "new_data"

    @cached_property
    def _known_before(self) -> frozenset[str]:
        return _known(self.before)

    @cached_property
    def _known_after(self) -> frozenset[str]:
        return _known(self.after)


_AT_WORK = ("at_work",)
_FOLLOWED = ("at_work", "not_at_work")


def _told(record: Record | None, boxes: tuple[str, ...]) -> int:
    return int(record is not None and record.box in boxes)


def _identity(record: Record, indicator: str) -> Hashable:
    """A person under several forms counts once in their total."""
    return record.person_id if indicator in ("persons", "reach") else record.unit_id


def _known(register: Setting) -> frozenset[str]:
    """The first actions of all chains that a register holds."""
    codes = tuple(register.catalogue.instruments)
    records = register.engine.counted(Counting("started", (_EVER,), codes))
    return frozenset(record.first_action for record in records)
