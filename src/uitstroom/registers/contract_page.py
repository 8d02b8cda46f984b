"""The contract of deliveries as its readers need it: a page in Markdown, and Frictionless Table Schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Dimension
from uitstroom.registers.columns import columns
from uitstroom.registers.contract import COLUMNS, TABLES, Column, ColumnType
from uitstroom.text import Language, Text, listing

_FRICTIONLESS: dict[ColumnType, str] = {
    "text": "string", "day": "date", "whole": "integer", "yes_no": "boolean", "person": "string",
}  # fmt: skip
_KEYS = {"action": "action_id", "spell": "spell_id", "person_change": None}


def contract_page(catalogue: Catalogue, language: Language) -> str:
    """Every table and column of a delivery: type, meaning, when it is needed and what it may hold."""
    return "\n".join(_Contract(catalogue, language).lines()).rstrip() + "\n"


def table_schemas(catalogue: Catalogue) -> str:
    """The tables as a JSON object of Frictionless Table Schemas, one per table, with the codes as enumerations."""
    schemas = {table: _schema(catalogue, table) for table in TABLES}
    return json.dumps(schemas, ensure_ascii=False, indent=2)


def allowed(catalogue: Catalogue, column: Column) -> list[str] | None:
    """The values that a column may hold, or None where any of its type will do."""
    if column.codes == "variants":
        return [variant.code for one in catalogue.instruments.values() for variant in one.variants]
    if column.codes:
        return list(getattr(catalogue, column.codes))
    dimension = _dimension(catalogue, column.name)
    return [entry.code for entry in dimension.codes] if dimension and not dimension.open else None


def _meaning(catalogue: Catalogue, column: Column) -> Text:
    """What the contract says, or the name of the dimension that asks for the column."""
    if column in (fixed for each in COLUMNS.values() for fixed in each):
        return column.meaning
    return next(one.name for one in catalogue.dimensions.values() if one.column == column.name)


def _dimension(catalogue: Catalogue, column: str) -> Dimension | None:
    """The dimension that reads its codes from a column."""
    return next((one for one in catalogue.dimensions.values() if one.column == column and one.kind != "band"), None)


def _schema(catalogue: Catalogue, table: str) -> dict[str, Any]:
    fields = [_field(catalogue, column) for column in columns(table, catalogue)]
    key = _KEYS[table]
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": [key]} if key else {})


def _field(catalogue: Catalogue, column: Column) -> dict[str, Any]:
    values, dimension = allowed(catalogue, column), _dimension(catalogue, column.name)
    constraints: dict[str, Any] = {"enum": values} if values else {}
    if dimension and dimension.open and dimension.pattern:
        constraints["pattern"] = dimension.pattern
    description = _meaning(catalogue, column).in_language("en")
    body = {"name": column.name, "type": _FRICTIONLESS[column.type], "description": description}
    return body | ({"constraints": constraints} if constraints else {})


class _Contract:
    """Says the contract in one language, line by line."""

    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self._catalogue = catalogue
        self._language = language

    def lines(self) -> Iterator[str]:
        yield f"# {self._word('contract.title')}"
        yield ""
        yield self._word("contract.introduction")
        for table in TABLES:
            yield ""
            yield f"## {self._word(f'contract.table.{table}')}"
            yield ""
            titles = ("contract.column", "contract.type", "page.meaning", "contract.needed", "contract.allowed")
            yield f"| {' | '.join(self._word(title) for title in titles)} |"
            yield "|" + "---|" * len(titles)
            yield from (self._row(table, column) for column in columns(table, self._catalogue))

    def _row(self, table: str, column: Column) -> str:
        kind = self._word(f"contract.type.{column.type}")
        meaning, needed = self._say(_meaning(self._catalogue, column)), self._needed(table, column)
        cells = (f"`{column.name}`", kind, meaning, needed, self._values(column))
        return f"| {' | '.join(cells)} |"

    def _needed(self, table: str, column: Column) -> str:
        """Always; or which instruments record it in some version."""
        if column.always:
            return self._word("contract.always")
        instruments = self._catalogue.instruments.values()
        recording = [one for one in instruments if any(column.name in version.records for version in one.versions)]
        if table != "action" or not recording:
            return self._word("contract.optional")
        if len(recording) == len(instruments):
            return self._word("contract.recorded_by_all")
        return self._word("contract.recorded_by", instruments=listing(one.short_name for one in recording))

    def _values(self, column: Column) -> str:
        values, dimension = allowed(self._catalogue, column), _dimension(self._catalogue, column.name)
        if values:
            return ", ".join(f"`{value}`" for value in values)
        pattern = dimension.pattern if dimension and dimension.open else None
        return self._word("page.pattern", pattern=pattern) if pattern else ""

    def _say(self, text: Text) -> str:
        return text.in_language(self._language)

    def _word(self, key: str, **parts: object) -> str:
        return self._say(self._catalogue.word(key, **parts))
