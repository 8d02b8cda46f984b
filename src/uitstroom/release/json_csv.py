"""JSON and CSV for machines: every figure with all its keys, never an empty cell without its status."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Figure, Maturity, Note, Table
from uitstroom.release.columns import Column, columns, table_names
from uitstroom.release.notes import notes_of_all
from uitstroom.text import Text

Names = Mapping[str, Mapping[str, Text]]
"""Per kind of code (an indicator, a dimension), what each code is called."""


def as_json(
    publishable: Publishable, catalogue: Catalogue | None = None, names: Sequence[str] = (), codes: Names | None = None
) -> str:
    """One document: the scope, every figure with all keys of section 8, the notes, and how the figures stand in tables.

    docs/figures.schema.json describes it. With the `catalogue` the marks (internal, synthetic) stand among the notes;
    `names` names the tables; `codes` adds what the codes are called.
    """
    tables = list(publishable)
    noted = notes_of_all(publishable, catalogue) if catalogue else [note for table in tables for note in table.notes]
    body: dict[str, Any] = {
        "scope": tables[0].scope.as_json(),
        "figures": [figure.as_json() for table in tables for figure in table.figures],
        "notes": [_note(note) for note in {note.text: note for note in noted}.values()],
        "tables": _tables(publishable, names),
    }
    if codes is not None:
        body["codes"] = {kind: {code: _text(name) for code, name in listed.items()} for kind, listed in codes.items()}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def as_csv(publishable: Publishable) -> str:
    """One row per figure; a dimension that a figure is not broken down by is empty: that is its total."""
    return csv_of(tuple(publishable), columns(publishable))


def csv_of(tables: Sequence[Table], header: Sequence[Column]) -> str:
    """The figures of some tables in these columns, with their names as the first line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in header])
    for table in tables:
        writer.writerows(_row(figure, table, header) for figure in table.figures)
    return out.getvalue()


def _row(figure: Figure, table: Table, header: Sequence[Column]) -> list[object]:
    return [_flat(column.take(figure, table)) for column in header]


def _flat(value: Any) -> object:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _tables(publishable: Publishable, names: Sequence[str]) -> list[dict[str, Any]]:
    """Each table: its name, what it is about, and where its figures begin in the list of all, and how many follow."""
    told, first = [], 0
    for name, table in zip(table_names(publishable, names), publishable, strict=True):
        told.append(
            {
                "name": name,
                "indicator": table.indicator,
                "title": _text(table.title),
                "by": list(table.by),
                "order": list(table.order),
                "first": first,
                "count": len(table.figures),
                "notes": [_note(note) for note in table.notes],
            }
        )
        first += len(table.figures)
    return told


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "text": _text(note.text)}


def _text(text: Text) -> dict[str, str]:
    return dict(text)


def as_printed(tables: Sequence[Table], figures: Sequence[Mapping[str, Any]]) -> tuple[Table, ...]:
    """The same tables with every number hidden that `figures`, the JSON of their release in the same order, hides."""
    told = iter(figures)
    return tuple(replace(table, figures=tuple(_hidden(one, next(told)) for one in table.figures)) for table in tables)


def _hidden(figure: Figure, told: Mapping[str, Any]) -> Figure:
    boxes = told["maturity"] and Maturity(**told["maturity"])
    if told["status"] == "suppressed":
        return replace(figure, status="suppressed", value=None, numerator=None, base=None, maturity=boxes)
    return replace(figure, maturity=boxes)
