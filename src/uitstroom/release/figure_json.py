"""A figure and a scope as JSON, there and back, by the table of fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from uitstroom.figures import Figure, Scope
from uitstroom.release.fields import FIELDS, SCOPE


def figure_as_json(figure: Figure) -> dict[str, Any]:
    """A figure with all its keys, always."""
    return {field.name: field.shape.write(field.of(figure)) for field in FIELDS}


def scope_as_json(scope: Scope) -> dict[str, Any]:
    """A scope with all its keys."""
    return {field.name: field.shape.write(field.of(scope)) for field in SCOPE}


def figure_of(content: Mapping[str, Any], schema: int) -> Figure:
    """The figure that was written under a schema."""
    known = [field for field in FIELDS if field.since <= schema and not field.derived]
    figure = Figure(**{field.attribute or field.name: field.shape.read(content[field.name]) for field in known})
    return _with_decimals(figure, schema)


def scope_of(content: Mapping[str, Any]) -> Scope:
    """The scope that was written."""
    return Scope(**{field.name: field.shape.read(content[field.name]) for field in SCOPE})


def _with_decimals(figure: Figure, schema: int) -> Figure:
    """The value with as many decimals as were printed; schema 1 does not say how many."""
    if figure.kind == "count" or figure.value is None:
        return figure
    value = Decimal(figure.value)
    places = figure.decimals if schema > 1 else max(0, -int(value.as_tuple().exponent))
    return replace(figure, value=value.quantize(Decimal(1).scaleb(-places)), decimals=places)
