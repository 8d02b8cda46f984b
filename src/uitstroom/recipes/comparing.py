"""Two releases compared, each changed cell explained from the registers that they were made from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.measure.asking import Question, Setting, asked
from uitstroom.measure.reach import NOBODY
from uitstroom.measure.records import behind
from uitstroom.measure.tally import Counting, Record
from uitstroom.periods import Day, Period
from uitstroom.recipes.answering import question_of
from uitstroom.recipes.measuring import setting
from uitstroom.registers import Store
from uitstroom.release.difference import Cause, Change, Key, changes
from uitstroom.release.folder import Manifest
from uitstroom.release.question import read_question

_EVER = Period(Day.min, Day.max, "ever")


def diff(older: Path, newer: Path, store: Store, catalogue: Catalogue) -> list[Change]:
    """Every cell that differs between two releases of one store, with the causes of the difference.

    A table that only one of them has is told as new or gone cells. Raises `UitstroomError` where a folder is no release
    or the store no longer holds what it was made from.
    """
    with ExitStack() as stack:
        registers = [
            stack.enter_context(setting(store, catalogue, Day.fromisoformat(Manifest.read(one).inputs["as_known_on"])))
            for one in (older, newer)
        ]
        return changes(older, newer, _Causes(newer, *registers).of)


@dataclass
class _Causes:
    """Looks into both registers for what changed a value."""

    newer: Path
    before: Setting
    after: Setting

    @cached_property
    def _questions(self) -> Mapping[str, Question]:
        tables = read_question(self.newer / "question.toml").tables
        return {table.name: question_of(table, NOBODY if table.population else None) for table in tables}

    def of(self, key: Key, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Cause, ...]:  # noqa: ARG002
        name, _, instrument, period, by = key
        question = self._questions.get(name)
        if question is None or question.population is not None:
            return ("register",)
        chosen = (instrument,) if instrument else question.instruments
        one = replace(question, periods=(Period.parse(period),), instruments=chosen, by=tuple(name for name, _ in by))
        old, new = (_units(register, one, dict(by)) for register in (self.before, self.after))
        return tuple(sorted(self._causes(old, new)))

    def _causes(self, old: Mapping[str, Record], new: Mapping[str, Record]) -> set[Cause]:
        causes: set[Cause] = set()
        for unit in old.keys() ^ new.keys():
            if unit in new:
                known = new[unit].first_action in self._known_before
                causes.add("correction" if known else "late_registration")
            else:
                known = old[unit].first_action in self._known_after
                causes.add("correction" if known else "removal")
        both = [(old[unit], new[unit]) for unit in old.keys() & new.keys()]
        if any(one.box != other.box and (one.anchor, one.due) == (other.anchor, other.due) for one, other in both):
            causes.add("new_data")
        if any(
            (one.anchor, one.due, one.end_reason) != (other.anchor, other.due, other.end_reason) for one, other in both
        ):
            causes.add("correction")
        return causes

    @cached_property
    def _known_before(self) -> frozenset[str]:
        return _known(self.before)

    @cached_property
    def _known_after(self) -> frozenset[str]:
        return _known(self.after)


def _units(register: Setting, question: Question, by: Mapping[str, str]) -> dict[str, Record]:
    """The units behind one cell, by their id."""
    names = asked(question, register.catalogue).by
    return {
        one.record.unit_id: one.record
        for one in behind(register, question)
        if all(dict(zip(names, one.record.by, strict=True))[dimension] == code for dimension, code in by.items())
    }


def _known(register: Setting) -> frozenset[str]:
    """The first actions of all chains that a register holds."""
    codes = tuple(register.catalogue.instruments)
    records = register.engine.counted(Counting("started", (_EVER,), codes))
    return frozenset(record.first_action for record in records)
