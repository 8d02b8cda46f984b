"""JSON and CSV for machines: every figure with all its keys, never an empty cell without its status."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Figure, Maturity, Table
from uitstroom.release.columns import columns, table_names
from uitstroom.release.fields import Column
from uitstroom.release.figures_file import FiguresFile, Names, parents_in
from uitstroom.release.notes import notes_of_all


def figures_file(
    publishable: Publishable, catalogue: Catalogue | None = None, names: Sequence[str] = (), codes: Names | None = None
) -> FiguresFile:
    """The scope, every figure with all its keys, the notes, and how the figures stand in tables.

    With the `catalogue` the marks (internal, synthetic) stand among the notes, and what a judge of the protection needs
    is said; `names` names the tables; `codes` adds what the codes are called.
    """
    tables = publishable.tables
    noted = notes_of_all(publishable, catalogue) if catalogue else [note for table in tables for note in table.notes]
    notes = tuple({note.text: note for note in noted}.values())
    named = table_names(publishable, names)
    if catalogue is None:
        return FiguresFile(tables, named, notes, codes or {})
    policy = catalogue.disclosure
    parents = parents_in(tables, catalogue)
    return FiguresFile(tables, named, notes, codes or {}, parents, policy.threshold, policy.group_disclosure)


def as_json(
    publishable: Publishable, catalogue: Catalogue | None = None, names: Sequence[str] = (), codes: Names | None = None
) -> str:
    """The same as one document, which docs/figures.schema.json describes."""
    return figures_file(publishable, catalogue, names, codes).as_bytes().decode()


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


def as_printed(tables: Sequence[Table], figures: Sequence[Mapping[str, Any]]) -> tuple[Table, ...]:
    """The same tables with every number hidden that `figures`, the JSON of their release in the same order, hides."""
    told = iter(figures)
    return tuple(replace(table, figures=tuple(_hidden(one, next(told)) for one in table.figures)) for table in tables)


def _hidden(figure: Figure, told: Mapping[str, Any]) -> Figure:
    boxes = told["maturity"] and Maturity(**told["maturity"])
    if told["status"] == "suppressed":
        return replace(figure, status="suppressed", value=None, numerator=None, base=None, maturity=boxes)
    return replace(figure, maturity=boxes)
