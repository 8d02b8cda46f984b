"""The columns of the tidy CSV: one row per figure, with every key of a figure and the scope it must not lose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from uitstroom.figures import Figure, Scope, Table
from uitstroom.release.fields import FIELDS, SCOPE, Column, columns_of
from uitstroom.text import LANGUAGES, Language

if TYPE_CHECKING:
    from uitstroom.disclosure import Publishable

BY = "by_"
"""Stands before the code of a dimension in the name of its column."""


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


def _dimension(code: str) -> Column:
    return Column(BY + code, "text", lambda figure, _: figure.by.get(code), f"column.{BY}{code}", dimension=code)


def _note_column(language: Language) -> Column:
    """The notes that belong to a figure and not to each figure of its table."""

    def take(figure: Figure, _: Table) -> str:
        return " ".join(note.text.in_language(language) for note in figure.notes)

    return Column(f"note_{language}", "text", take, f"column.note_{language}")


def _figure(figure: Figure, _: Table) -> Figure:
    return figure


def _scope(_: Figure, table: Table) -> Scope:
    return table.scope


_PLACE = next(place for place, field in enumerate(FIELDS) if field.name == "by")
_KEYS = columns_of(FIELDS[:_PLACE], _figure)
_CONTENT = (
    *columns_of(FIELDS[_PLACE:], _figure),
    *(_note_column(language) for language in LANGUAGES),
    *columns_of(SCOPE, _scope),
)
