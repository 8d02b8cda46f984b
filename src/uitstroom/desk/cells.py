"""Which published cells a correction moves: the form, the period and the table, never a value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from uitstroom.desk.life import Life, rows
from uitstroom.desk.register import Register
from uitstroom.desk.words import word
from uitstroom.errors import UsageError
from uitstroom.measure.reading import Action
from uitstroom.measure.reference import Reference
from uitstroom.measure.tally import Counting, Following, Known, Record
from uitstroom.periods import Day, Period
from uitstroom.text import Text

FIGURES = ("data/figures.json", "figures.json")


@dataclass(frozen=True)
class Asked:
    """What a published table asks: an indicator, a period and a breakdown, over instruments."""

    indicator: str
    period: str
    by: tuple[str, ...]
    instruments: tuple[str, ...]


def moved_cells(register: Register, before: Life, then: Life) -> list[Text]:
    """The cells of published tables that the action falls in before or after, and not alike."""
    found = [
        _named(register, asked, cell)
        for asked in _published(tuple(settings.DESK_RELEASES))
        for cell in sorted(_cells(register, asked, before) ^ _cells(register, asked, then))
    ]
    return list(dict.fromkeys(found))


def _named(register: Register, asked: Asked, cell: tuple[str, ...]) -> Text:
    catalogue, by = register.catalogue, cell[1:-1]
    parts = [catalogue.instrument(cell[0]).short_name, catalogue.indicator(asked.indicator).name,
             Period.parse(asked.period).name]  # fmt: skip
    said = word("cell.named", form=parts[0], indicator=parts[1], period=parts[2])
    for dimension, code in zip(asked.by, by, strict=False):
        said += word("cell.by", dimension=catalogue.dimension(dimension).name, code=code)
    return said


@lru_cache(maxsize=8)
def _published(releases: tuple[str, ...]) -> tuple[Asked, ...]:
    return tuple(dict.fromkeys(asked for folder in releases for asked in _of_release(Path(folder))))


def _of_release(folder: Path) -> Iterator[Asked]:
    path = next((folder / name for name in FIGURES if (folder / name).is_file()), None)
    figures: list[Mapping[str, Any]] = json.loads(path.read_text("utf-8"))["figures"] if path else []
    asked: dict[tuple[str, str, tuple[str, ...]], set[str]] = {}
    for one in figures:
        if one.get("instrument"):
            asked.setdefault((one["indicator"], one["period"], tuple(one["by"])), set()).add(one["instrument"])
    for (indicator, period, by), instruments in asked.items():
        yield Asked(indicator, period, by, tuple(sorted(instruments)))


def _cells(register: Register, asked: Asked, life: Life) -> set[tuple[str, ...]]:
    """The cells that an action falls in, each with what it is there: its box, for a rate."""
    if life.instrument not in asked.instruments:
        return set()
    actions = [_action(row, place) for place, row in enumerate(rows("0", life, register.catalogue), start=1)]
    reference = Reference(register.catalogue, actions, (), Known(Day.max, Day.max))
    try:
        records = _records(register, reference, asked, life)
    except UsageError:
        return set()
    return {(record.instrument, *record.by, _place(asked, record)) for record in records}


def _place(asked: Asked, record: Record) -> str:
    """Where in its cell a record stands: of a rate its due day decides the numerator."""
    return f"{record.anchor} {record.due}" if asked.indicator == "outflow" else ""


def _records(register: Register, reference: Reference, asked: Asked, life: Life) -> list[Record]:
    period = (Period.parse(asked.period),)
    if asked.indicator == "outflow":
        version = register.catalogue.instrument(life.instrument).nearest_version(period[0].last)
        if not isinstance(version.outflow, str):
            return []
        definition = register.catalogue.outflow_definition(version.outflow, period[0].last)
        return reference.followed(Following(definition, period, (life.instrument,), asked.by))
    return reference.counted(Counting(asked.indicator, period, (life.instrument,), asked.by))


def _action(row: Mapping[str, Any], place: int) -> Action:
    names = Action.__dataclass_fields__.keys() - {"extra", "chain_id", "part"}
    said = {name: row[name] for name in names & row.keys()}
    extra = {name: value for name, value in row.items() if name not in Action.__dataclass_fields__}
    return Action(**{**said, "chain_id": "0", "part": place, "employer_id": None, "extra": extra})
