"""A table for a notebook, through the Arrow interface that pandas, polars and DuckDB share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from uitstroom.errors import UitstroomError
from uitstroom.figures import Table
from uitstroom.release.columns import columns

if TYPE_CHECKING:
    from uitstroom.disclosure import Publishable


@dataclass(frozen=True)
class Frame:
    """A protected table as columns: `polars.DataFrame(frame)`, `pandas.DataFrame.from_arrow(frame)`."""

    table: Table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> Any:
        """A pyarrow table: one row per figure, the brief ones of the CSV; a dimension is null in its total."""
        try:
            import pyarrow  # type: ignore[import-untyped]
        except ImportError:
            raise UitstroomError(
                "a DataFrame needs pyarrow, which is not installed", todo="pip install 'uitstroom[notebook]'"
            ) from None
        found = [column for column in columns([self.table]) if column.brief or column.dimension]
        schema = pyarrow.schema([(column.dimension or column.name, _TYPES[column.datatype]) for column in found])
        rows = [
            {column.dimension or column.name: _plain(column.take(figure, self.table)) for column in found}
            for figure in self.table.figures
        ]
        return pyarrow.Table.from_pylist(rows, schema=schema)


def frame(published: Publishable, indicator: str | None = None) -> Frame:
    """The first table of an indicator (None: the first table) as a frame; `UitstroomError` if there is none."""
    for table in published:
        if indicator in (None, table.indicator):
            return Frame(table)
    raise UitstroomError(f"there is no table of {indicator}", todo="ask for it")


_TYPES = {"text": "string", "whole": "int64", "number": "double", "day": "date32", "yes_no": "bool"}


def _plain(value: object) -> object:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return float(value) if isinstance(value, Decimal) else value
    return value or None if isinstance(value, str) else value
