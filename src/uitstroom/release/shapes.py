"""The shapes that a value has in JSON: how it is described there, written, and read back.

Reading raises `ValueError`, `KeyError` or `TypeError` where a value has another shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from uitstroom.figures import Population
from uitstroom.periods import Day, Period
from uitstroom.text import LANGUAGES, Text

Schema = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """One kind of value: its JSON schema, and the way there and back."""

    schema: Schema
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]

    def described(self, meaning: str) -> Schema:
        """The schema with what the value means."""
        return {**self.schema, "description": meaning} if meaning else self.schema


def _same(value: Any) -> Any:
    return value


def _number(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)


def _decimal(value: Any) -> Decimal | int:
    return value if isinstance(value, int) else Decimal(str(value))


TEXT = Shape({"type": "string"}, _same, _same)
YES_NO = Shape({"type": "boolean"}, _same, bool)
COUNT = Shape({"type": "integer", "minimum": 0}, _same, int)
NUMBER = Shape({"type": "number"}, _number, _decimal)
DAY = Shape({"type": "string", "format": "date"}, Day.isoformat, Day.fromisoformat)
PERIOD = Shape({"type": "string"}, lambda period: period.code, Period.parse)
WORDS = Shape(
    {
        "type": "object",
        "required": list(LANGUAGES),
        "propertyNames": {"pattern": "^[a-z]{2}$"},
        "additionalProperties": {"type": "string"},
    },
    dict,
    Text,
)
"""A text: language to words."""
LIST_OF_PERSONS = Shape({"type": "string"}, lambda one: one.fingerprint, Population)
"""Only the fingerprint is printed: what is read back knows no sizes."""


def code(*codes: str) -> Shape:
    """One of a closed list."""

    def read(value: Any) -> str:
        if value not in codes:
            raise ValueError(value)
        return str(value)

    return Shape({"enum": list(codes)}, _same, read)


def optional(shape: Shape) -> Shape:
    """The shape, or null."""
    return Shape(
        _or_null(shape.schema),
        lambda value: None if value is None else shape.write(value),
        lambda value: None if value is None else shape.read(value),
    )


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    if schema.get("type") in ("string", "integer", "number") and "format" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def several(shape: Shape) -> Shape:
    """A list of values of one shape."""
    return Shape(
        {"type": "array", "items": shape.schema},
        lambda values: [shape.write(value) for value in values],
        lambda values: tuple(shape.read(value) for value in values),
    )


def mapping(shape: Shape) -> Shape:
    """Values of one shape by their key."""
    return Shape(
        {"type": "object", "additionalProperties": shape.schema},
        lambda values: {key: shape.write(value) for key, value in values.items()},
        lambda values: {str(key): shape.read(value) for key, value in values.items()},
    )


def record(make: Callable[..., Any], parts: Mapping[str, Shape]) -> Shape:
    """Something with named parts, all of them always there."""
    return Shape(
        closed({name: part.schema for name, part in parts.items()}),
        lambda value: {name: part.write(getattr(value, name)) for name, part in parts.items()},
        lambda value: make(**{name: part.read(value[name]) for name, part in parts.items()}),
    )


def closed(properties: Mapping[str, Schema], optional_keys: tuple[str, ...] = ()) -> Schema:
    """The schema of an object with these keys and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional_keys],
        "additionalProperties": False,
    }
