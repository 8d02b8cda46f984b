"""`data/figures.json`: what stands in it, how it is described, written, and read back without any catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from uitstroom.errors import UitstroomError
from uitstroom.figures import Figure, Note, Scope, Table
from uitstroom.release.columns import dimensions
from uitstroom.release.fields import FIELDS, SCOPE, Field
from uitstroom.release.figure_json import figure_as_json, figure_of, scope_as_json, scope_of
from uitstroom.release.shapes import COUNT, TEXT, WORDS, Schema, Shape, closed, code, mapping, record, several
from uitstroom.text import Text

if TYPE_CHECKING:
    from uitstroom.catalogue import Catalogue

FIGURES = "data/figures.json"
"""Where a release holds every figure as JSON."""
FIGURES_SCHEMA = "data/figures.schema.json"
SCHEMA = 2
"""Of figures.json, words.json and the manifest; 0.1.0 wrote 1 and did not say so."""
Names = Mapping[str, Mapping[str, Text]]
"""Per kind of code (an indicator, a dimension), what each code is called."""
Parents = Mapping[str, Mapping[str, tuple[str, str]]]
"""Per dimension and code, the dimension above and the code there that it is part of."""
NOTE = record(Note, {"code": TEXT, "text": WORDS})
_FIGURE = Shape({"$ref": "#/$defs/figure"}, figure_as_json, lambda content: figure_of(content, SCHEMA))
_TABLE = {
    "name": TEXT.schema,
    "indicator": TEXT.schema,
    "title": WORDS.schema,
    "by": several(TEXT).schema,
    "order": several(TEXT).described("the instruments in the order of rows"),
    "first": COUNT.schema,
    "count": COUNT.schema,
    "notes": several(NOTE).schema,
}
_PARENT = Shape(
    {"type": "array", "prefixItems": [TEXT.schema, TEXT.schema], "items": False, "minItems": 2},
    list,
    lambda pair: (str(pair[0]), str(pair[1])),
)
_PARENTS, _CODES = mapping(mapping(_PARENT)), mapping(mapping(WORDS))
_POLICY = code("show", "hide")
_OPTIONAL = ("threshold", "group_disclosure", "parents", "codes")


@dataclass(frozen=True)
class FiguresFile:
    """Everything that figures.json says. `names` are those of the tables, in their order.

    `threshold`, `group_disclosure` (whether it is shown that nobody or everybody is at work) and `parents` are what a
    reader needs to judge the protection; schema 1 does not say them.
    """

    tables: tuple[Table, ...]
    names: tuple[str, ...]
    notes: tuple[Note, ...]
    codes: Names = field(default_factory=dict)
    parents: Parents = field(default_factory=dict)
    threshold: int | None = None
    group_disclosure: str | None = None
    schema: int = SCHEMA

    @property
    def scope(self) -> Scope:
        return self.tables[0].scope

    def as_json(self) -> dict[str, Any]:
        """The file's content; the keys that nothing is known of are left out."""
        said: dict[str, Any] = {"schema": self.schema, "scope": scope_as_json(self.scope)}
        if self.threshold is not None:
            said |= {"threshold": self.threshold, "group_disclosure": self.group_disclosure}
            said["parents"] = _PARENTS.write(self.parents)
        said["figures"] = [figure_as_json(figure) for table in self.tables for figure in table.figures]
        said["notes"] = [NOTE.write(note) for note in self.notes]
        said["tables"] = list(_tables_as_json(self.tables, self.names))
        return {**said, "codes": _CODES.write(self.codes)} if self.codes else said

    def as_bytes(self) -> bytes:
        return (json.dumps(self.as_json(), ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def parse(cls, content: bytes, where: str) -> FiguresFile:
        """What a file of any schema says; `UitstroomError` where it is damaged or newer than this program."""
        try:
            body = json.loads(content, parse_float=Decimal)
            schema = int(body.get("schema", 1))
            if schema > SCHEMA:
                raise UitstroomError(
                    f"these figures have schema {schema}, and this version reads up to {SCHEMA}", where=where,
                    todo="use a newer version of uitstroom",
                )  # fmt: skip
            return _read(body, schema)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UitstroomError(
                "the figures of this release cannot be read",
                where=where,
                todo="take the release from its archive again",
            ) from None


def _tables_as_json(tables: Sequence[Table], names: Sequence[str]) -> list[dict[str, Any]]:
    """Each table: its name, what it is about, and where its figures begin in the list of all, and how many follow."""
    told, first = [], 0
    for name, table in zip(names, tables, strict=True):
        told.append(
            {
                "name": name,
                "indicator": table.indicator,
                "title": WORDS.write(table.title),
                "by": list(table.by),
                "order": list(table.order),
                "first": first,
                "count": len(table.figures),
                "notes": [NOTE.write(note) for note in table.notes],
            }
        )
        first += len(table.figures)
    return told


def _read(body: Mapping[str, Any], schema: int) -> FiguresFile:
    scope = scope_of(body["scope"])
    figures = [figure_of(one, schema) for one in body["figures"]]
    return FiguresFile(
        tuple(_table_of(one, scope, figures) for one in body["tables"]),
        tuple(str(one["name"]) for one in body["tables"]),
        tuple(NOTE.read(one) for one in body["notes"]),
        _CODES.read(body.get("codes", {})),
        _PARENTS.read(body.get("parents", {})),
        body.get("threshold"),
        body.get("group_disclosure"),
        schema,
    )


def _table_of(told: Mapping[str, Any], scope: Scope, figures: Sequence[Figure]) -> Table:
    part = tuple(figures[told["first"] : told["first"] + told["count"]])
    if len(part) < told["count"]:
        raise ValueError(told["name"])
    notes = tuple(NOTE.read(one) for one in told["notes"])
    return Table(
        told["indicator"], scope, part, WORDS.read(told["title"]), tuple(told["by"]), tuple(told["order"]), notes
    )


def parents_in(tables: Sequence[Table], catalogue: Catalogue) -> Parents:
    """What each code in these tables is part of, and those parts in turn: a reader knows it from public lists."""
    above = {str(entry.of): name for name, entry in catalogue.dimensions.items() if entry.of}
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for dimension in dimensions(tables):
        for one in sorted(
            {figure.by[dimension] for table in tables for figure in table.figures if dimension in figure.by}
        ):
            _climb(dimension, one, above, catalogue, found)
    return found


def _climb(
    dimension: str, code: str, above: Mapping[str, str], catalogue: Catalogue,
    found: dict[str, dict[str, tuple[str, str]]],
) -> None:  # fmt: skip
    while dimension in above and (parent := catalogue.parent_of(above[dimension], code)):
        found.setdefault(dimension, {})[code] = (above[dimension], parent)
        dimension, code = above[dimension], parent


def _described(fields: Sequence[Field]) -> Schema:
    return closed({one.name: one.shape.described(one.meaning) for one in fields})


def figures_schema() -> Schema:
    """The JSON Schema of the file: docs/figures.schema.json, and figures.schema.json beside the figures."""
    properties = {
        "schema": {"const": SCHEMA, "description": "the version of this schema"},
        "scope": _described(SCOPE),
        "threshold": COUNT.described("counts from 1 up to this one, itself excluded, are hidden"),
        "group_disclosure": _POLICY.described("whether it is shown that nobody or everybody is at work"),
        "parents": _PARENTS.described("what a code is part of, by dimension: the dimension above and its code"),
        "figures": several(_FIGURE).schema,
        "notes": several(NOTE).schema,
        "tables": {
            "type": "array",
            "description": "how the figures stand in tables: the figures of a table are the `count` figures from place "
            "`first` on",
            "items": closed(_TABLE),
        },
        "codes": _CODES.described("what the codes are called, by the key they stand in (`by_` and a dimension)"),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "uitstroom figures",
        "description": "What `uitstroom figures --json` prints and data/figures.json of a release holds: the scope, "
        "every figure with all its keys, and the notes that must travel with them.",
        **closed(properties, _OPTIONAL),
        "$defs": {"figure": {**_described(FIELDS), "allOf": _CONDITIONS}},
    }


def figures_schema_page() -> str:
    """The schema as a file."""
    return json.dumps(figures_schema(), ensure_ascii=False, indent=2) + "\n"


def _has(**parts: str) -> Schema:
    return {"properties": {name: {"const": value} for name, value in parts.items()}, "required": list(parts)}


def _are(kind: str, *names: str) -> Schema:
    return {"properties": {name: {"type": kind} for name in names}}


_CONDITIONS = [
    {
        "if": _has(status="value"),
        "then": _are("number", "value"),
        "else": {"allOf": [_are("null", "value", "numerator", "base"), _are("object", "reason")]},
    },
    {"if": _has(status="value", kind="rate"), "then": _are("integer", "numerator", "base")},
]
