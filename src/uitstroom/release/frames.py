"""A table for a notebook, through the Arrow interface that pandas, polars and DuckDB share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from uitstroom.disclosure import Publishable
from uitstroom.errors import UitstroomError
from uitstroom.figures import Figure, Table


@dataclass(frozen=True)
class Frame:
    """A protected table as columns: `polars.DataFrame(frame)`, `pandas.DataFrame.from_arrow(frame)`."""

    table: Table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """A pyarrow table: one row per figure, one column per dimension (null: its total), then the figure's keys."""
        try:
            import pyarrow  # type: ignore[import-untyped]
        except ImportError:
            raise UitstroomError(
                "a DataFrame needs pyarrow, which is not installed", todo="pip install 'uitstroom[notebook]'"
            ) from None
        rows = [_row(figure, self.table) for figure in self.table.figures]
        schema = pyarrow.schema([(name, _TYPES.get(name, "string")) for name in _names(self.table)])
        return pyarrow.Table.from_pylist(rows, schema=schema)


def frame(published: Publishable, indicator: str | None = None) -> Frame:
    """The first table of an indicator (None: the first table) as a frame; `UitstroomError` if there is none."""
    for table in published:
        if indicator in (None, table.indicator):
            return Frame(table)
    raise UitstroomError(f"there is no table of {indicator}", todo="ask for it")


_TYPES = {
    "value": "double",
    "numerator": "int64",
    "base": "int64",
    "known_on": "date32",
    "provisional": "date32",
    "additive": "bool",
}


def _names(table: Table) -> list[str]:
    dimensions = list(dict.fromkeys(code for figure in table.figures for code in figure.by))
    return [
        "indicator", "instrument", "group", "period", *dimensions, "unit", "kind", "status", "value", "numerator",
        "base", "reason", "known_on", "provisional", "additive",
    ]  # fmt: skip


def _row(figure: Figure, table: Table) -> dict[str, object]:
    plain = {name: getattr(figure, name, None) for name in _names(table)}
    special = {
        "period": figure.period.code,
        "unit": "+".join(figure.units) or None,
        "value": None if figure.value is None else float(figure.value),
        "reason": figure.reason["nl"] if figure.reason else None,
    }
    return {**plain, **special, **figure.by}
