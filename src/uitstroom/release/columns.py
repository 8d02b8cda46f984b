"""The columns of the tidy CSV: one row per figure, with every key of a figure and the scope it must not lose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from uitstroom.disclosure import Publishable
from uitstroom.figures import BOXES, STATUSES, Break, DefinitionName, Event, Figure, Table
from uitstroom.periods import Horizon
from uitstroom.text import Language

Datatype = Literal["text", "whole", "number", "day", "yes_no"]
Take = Callable[[Figure, Table], Any]
BY = "by_"
"""Stands before the code of a dimension in the name of its column."""


@dataclass(frozen=True)
class Column:
    """A column: its name, its type, how its value is taken from a figure of a table, and the words that say it.

    `word` is the key of the catalogue's words; `codes` the closed list of values, if there is one. `required` columns
    are never empty. A column of a `dimension` is empty in a total over it.
    """

    name: str
    datatype: Datatype
    take: Take
    word: str
    codes: tuple[str, ...] = ()
    required: bool = False
    dimension: str | None = None


def columns(tables: Iterable[Table]) -> tuple[Column, ...]:
    """The columns for these tables: the fixed ones, and behind the period one for each breakdown that occurs."""
    return (*_KEYS, *(_dimension(code) for code in dimensions(tables)), *_CONTENT)


def dimensions(tables: Iterable[Table]) -> tuple[str, ...]:
    """Every dimension by which some figure is broken down, parts that are always shown included."""
    return tuple(dict.fromkeys(code for table in tables for code in (*table.by, *_by(table))))


def _by(table: Table) -> list[str]:
    return [code for figure in table.figures for code in figure.by]


def table_names(publishable: Publishable, names: Iterable[str] = ()) -> tuple[str, ...]:
    """A name for each table, usable as a file name: those given, else made of indicator and breakdown.

    Names are unique; a second table of the same kind gets a number.
    """
    given = tuple(names)
    if given:
        if len(given) != len(publishable.tables) or len(set(given)) < len(given):
            raise ValueError("there is one name for each table, each different")
        return given
    found: list[str] = []
    for table in publishable:
        plain = "-".join((table.indicator, *(["by", *table.by] if table.by else []))).replace("_", "-")
        again = sum(name == plain or name.rpartition("-")[0] == plain for name in found)
        found.append(f"{plain}-{again + 1}" if again else plain)
    return tuple(found)


def iso_horizon(horizon: Horizon | None) -> str | None:
    """A horizon as ISO 8601: `P3M`, `P90D`, or the fixed day."""
    if horizon is None:
        return None
    if horizon.on:
        return horizon.on.isoformat()
    return f"P{horizon.months}M" if horizon.months is not None else f"P{horizon.days}D"


def _plain(
    name: str, datatype: Datatype = "text", codes: tuple[str, ...] = (), attribute: str = "", required: bool = False
) -> Column:
    take: Take = lambda figure, _: getattr(figure, attribute or name)  # noqa: E731
    return Column(name, datatype, take, f"column.{name}", codes, required)


def _period(name: str, attribute: str, datatype: Datatype) -> Column:
    take: Take = lambda figure, _: getattr(figure.period, attribute)  # noqa: E731
    return Column(name, datatype, take, f"column.{name}", required=True)


def _dimension(code: str) -> Column:
    return Column(BY + code, "text", lambda figure, _: figure.by.get(code), f"column.{BY}{code}", dimension=code)


def _part(name: str, of: Callable[[Figure], Any], attribute: str, datatype: Datatype = "text") -> Column:
    """A part of something that a figure may not have."""

    def take(figure: Figure, _: Table) -> Any:
        whole = of(figure)
        return getattr(whole, attribute) if whole is not None else None

    return Column(name, datatype, take, f"column.{name}")


def _event(name: str, attribute: str, datatype: Datatype) -> Column:
    return _part(name, _event_of, attribute, datatype)


def _event_of(figure: Figure) -> Event | None:
    return figure.event


def _definition_of(figure: Figure) -> DefinitionName | None:
    return figure.definition


def _break_of(figure: Figure) -> Break | None:
    return figure.series_break


def _box(name: str) -> Column:
    def take(figure: Figure, _: Table) -> Any:
        return getattr(figure.maturity, name) if figure.maturity else None

    return Column(name, "whole", take, f"box.{name}")


def _reason(language: Language) -> Column:
    name = f"reason_{language}"
    take: Take = lambda figure, _: figure.reason.in_language(language) if figure.reason else None  # noqa: E731
    return Column(name, "text", take, f"column.{name}")


def _note(language: Language) -> Column:
    def take(figure: Figure, _: Table) -> str:
        return " ".join(note.text.in_language(language) for note in figure.notes)

    return Column(f"note_{language}", "text", take, f"column.note_{language}")


def _scope(name: str, attribute: str = "", datatype: Datatype = "text", language: Language | None = None) -> Column:
    def take(_: Figure, table: Table) -> Any:
        value = getattr(table.scope, attribute or name)
        return value.in_language(language) if language else value

    return Column(name, datatype, take, f"column.{name}", required=True)


_KEYS = (
    _plain("indicator", required=True),
    _plain("instrument"),
    _plain("group"),
    _period("period", "code", "text"),
    _period("period_first", "first", "day"),
    _period("period_last", "last", "day"),
)
_CONTENT = (
    Column("unit", "text", lambda figure, _: "+".join(figure.units), "column.unit"),
    _plain("kind", codes=("count", "rate"), required=True),
    _plain("status", codes=STATUSES, required=True),
    _plain("value", "number"),
    _plain("numerator", "whole"),
    _plain("base", "whole"),
    _plain("cohort", codes=("started", "ended")),
    _plain("anchor", codes=("start", "end")),
    Column("horizon", "text", lambda figure, _: iso_horizon(figure.horizon), "column.horizon"),
    Column(
        "event", "text", lambda figure, _: figure.event.kind if figure.event else None, "column.event",
        ("on_the_day", "within", "sustained"),
    ),
    _event("event_days", "days", "whole"),
    _event("same_employer", "same_employer", "yes_no"),
    _event("new_work", "new", "yes_no"),
    _plain("work_types"),
    _part("definition", _definition_of, "name"),
    _part("definition_version", _definition_of, "version"),
    _part("definition_source", _definition_of, "source"),
    _part("definition_stated", _definition_of, "stated", "yes_no"),
    *(_box(name) for name in BOXES),
    _part("bound_low", lambda figure: figure.bounds, "low", "number"),
    _part("bound_high", lambda figure: figure.bounds, "high", "number"),
    _reason("nl"),
    _reason("en"),
    _plain("missing"),
    _plain("known_on", "day"),
    _plain("provisional", "day"),
    _part("break_before", _break_of, "before"),
    _part("break_after", _break_of, "after"),
    _plain("leaves_out"),
    _plain("additive", "yes_no", required=True),
    _note("nl"),
    _note("en"),
    _scope("service_nl", "service", language="nl"),
    _scope("service_en", "service", language="en"),
    _scope("where_nl", "where", language="nl"),
    _scope("where_en", "where", language="en"),
    _scope("as_known_on", datatype="day"),
    _scope("snapshot"),
    _scope("catalogue"),
    _scope("protected", datatype="yes_no"),
    _scope("synthetic", datatype="yes_no"),
)  # fmt: skip
