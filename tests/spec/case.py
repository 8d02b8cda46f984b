"""The form of a case: small tables of records, the rules they show, what is asked of them, and what must come out.

A heading of a table is a column's name, with or without its `_id`, `_date` or `_on`; an empty field is null. Where a
table has no such column, the person is 1, a spell's `work_type` is OTH and its employer E. `resumes` makes the chains,
as a load does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.figures import Event
from uitstroom.measure.reference import Action, Spell
from uitstroom.measure.tally import Counting, Engine, Following, Known, Record
from uitstroom.periods import Day, Horizon, Period
from uitstroom.registers.contract import ACTION, SPELL, Column
from uitstroom.text import Text

ACTIONS_UNTIL, SPELLS_UNTIL = Day(2017, 11, 10), Day(2017, 10, 31)
What = Literal["started", "running", "ended", "completed", "persons", "reached"]
Expected = Mapping[str, object]


@dataclass(frozen=True)
class Count:
    """A count; what comes out maps an instrument, and the codes of a breakdown, to a number."""

    what: What
    period: str
    instruments: tuple[str, ...]
    by: tuple[str, ...] = ()
    total_over: tuple[str, ...] = ()

    @property
    def counting(self) -> Counting:
        return Counting(self.what, (Period.parse(self.period),), self.instruments, self.total_over, self.by)

    def answer(self, engine: Engine) -> Expected:
        rows = engine.count(self.counting)
        return {" ".join((row.instrument, *row.by)): row.count for row in rows}

    def records(self, engine: Engine) -> list[Record]:
        return engine.counted(self.counting)

    def __str__(self) -> str:
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"`{self.what}` {self.period} of {', '.join(self.instruments)}{by}"


@dataclass(frozen=True)
class Follow:
    """An outflow; what comes out maps each unit of the cohort to its box, its due day and the spell that decided."""

    instrument: str
    period: str
    definition: OutflowDefinition
    by: tuple[str, ...] = ()

    @property
    def following(self) -> Following:
        return Following(self.definition, (Period.parse(self.period),), (self.instrument,), self.by)

    def answer(self, engine: Engine) -> Expected:
        return {record.unit_id: _fate(record) for record in engine.followed(self.following)}

    def __str__(self) -> str:
        by = f" by {', '.join(self.by)}" if self.by else ""
        return f"outflow {self.period} of {self.instrument}{by}: {in_words(self.definition)}"


@dataclass(frozen=True)
class Settle(Follow):
    """When an outflow can be known: the earliest start that is still open, the latest due day, and who has no end."""

    def answer(self, engine: Engine) -> Expected:
        rows = engine.follow(self.following)
        return {
            "open_from": _day(min((row.open_from for row in rows if row.open_from), default=None)),
            "last_due": _day(max((row.last_due for row in rows if row.last_due), default=None)),
            "unplanned": sum(row.unplanned for row in rows),
        }

    def __str__(self) -> str:
        return f"when can be known: {super().__str__()}"


@dataclass(frozen=True)
class Case:
    """One promise, and the rules of docs/rules.md that it shows.

    Completeness is that of the worked cases unless it says otherwise.
    """

    title: str
    actions: str
    asked: tuple[tuple[Count | Follow, Expected], ...]
    spells: str = ""
    text: str = ""
    actions_until: Day = ACTIONS_UNTIL
    spells_until: Day = SPELLS_UNTIL
    rules: tuple[str, ...] = ()

    @property
    def known(self) -> Known:
        return Known(self.actions_until, self.spells_until)

    def action_rows(self) -> list[Action]:
        rows = list(_rows(self.actions, ACTION))
        before = {row["action_id"]: row.get("resumes") for row in rows}
        return [Action(**{"person_id": 1, **row, **_chain(row["action_id"], before)}) for row in rows]

    def spell_rows(self) -> list[Spell]:
        usual = {"person_id": 1, "work_type": "OTH", "employer_id": "E", "end_date": None}
        return [Spell(**{**usual, **row}) for row in _rows(self.spells, SPELL)]


@dataclass(frozen=True)
class Chapter:
    """Cases that belong together, under the section of the rules that they show."""

    title: str
    cases: tuple[Case, ...] = field(default=())


def outflow(
    *,
    unit: Literal["action", "trajectory"] = "action",
    cohort: Literal["started", "ended"] = "ended",
    who: Literal["all", "completed"] = "all",
    anchor: Literal["start", "end"] = "end",
    horizon: Horizon | None = None,
    event: Event | None = None,
    work_types: tuple[str, ...] = ("OTH", "EXT", "FLX", "STU"),
) -> OutflowDefinition:
    """A definition: three months after the end, at work on the day, unless it says otherwise."""
    words = Text.verbatim("-")
    return OutflowDefinition(
        unit=unit, cohort=cohort, who=who, anchor=anchor, horizon=horizon or Horizon(months=3), event=event or Event(),
        work_types=work_types, name=words, description=words, source="uitstroom", stated=False,
    )  # fmt: skip


_CATALOGUE = Catalogue.load()
_DAY = Day(2017, 6, 30)
OPLEIDINGSSTAGE = _CATALOGUE.outflow_definition("opleidingsstage-3-months", _DAY)
ISS = _CATALOGUE.outflow_definition("iss-3-months", _DAY)
IBO = _CATALOGUE.outflow_definition("ibo-12-months", _DAY)
"""The definitions of VDAB as they stand in the catalogue."""


def in_words(definition: OutflowDefinition) -> str:
    """`actions ended in the period; 3 months after the end: at work on the day`."""
    who = f"{definition.unit} {definition.cohort} in the period{', completed only' * (definition.who == 'completed')}"
    day = definition.horizon.name["en"]
    after = day if definition.horizon.on else f"{day.removeprefix('after ')} after the {definition.anchor}"
    return f"{who}; {after}: {_event(definition.event)}{_work(definition.work_types)}"


def _event(event: Event) -> str:
    happened = {
        "on_the_day": "at work on the day",
        "within": "new work within it" if event.new else "work within it",
        "sustained": f"at work on each of the last {event.days} days",
    }[event.kind]
    return happened + (", with the same employer" if event.same_employer else "")


def _work(work_types: tuple[str, ...]) -> str:
    return "" if work_types == ("OTH", "EXT", "FLX", "STU") else f" ({', '.join(work_types)})"


def _fate(record: Record) -> str:
    parts = [str(record.box), f"due {record.due}" if record.due else "", record.spell_id or ""]
    codes = f"{' '.join(record.by)}: " if record.by else ""
    return codes + ", ".join(part for part in parts if part)


def _day(day: Day | None) -> str | None:
    return day.isoformat() if day else None


def _chain(action_id: str, before: Mapping[str, str | None]) -> dict[str, Any]:
    """A chain is named after its first known part."""
    part = 1
    while (previous := before[action_id]) in before:
        action_id, part = str(previous), part + 1
    return {"chain_id": action_id, "part": part}


def _rows(table: str, columns: tuple[Column, ...]) -> Iterator[dict[str, Any]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    headings = [_column(heading, columns) for heading in lines[0]] if lines else []
    for line in lines[1:]:
        yield {column.name: _value(column, text) for column, text in zip(headings, line, strict=True)}


def _column(heading: str, columns: tuple[Column, ...]) -> Column:
    names = {heading, f"{heading}_id", f"{heading}_date", f"{heading}_on"}
    return next(column for column in columns if column.name in names)


def _value(column: Column, text: str) -> object:
    if not text:
        return None
    if column.type == "day":
        return Day.fromisoformat(text)
    if column.type == "yes_no":
        return {"yes": True, "no": False}[text]
    return int(text) if column.type in ("person", "whole") else text
