"""The fields of a figure and of a scope: the one table from which every format of the data derives.

Of each: its key in the JSON, its shape, its meaning, where the figure keeps it, and the columns that it takes in a
flat file. The JSON and its schema, the CSV, the frames and the SDMX are made from this and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from uitstroom.figures import (
    BOXES,
    STATUSES,
    Bounds,
    Break,
    DefinitionName,
    Event,
    Figure,
    Maturity,
    Note,
    Table,
)
from uitstroom.indicators import INDICATORS
from uitstroom.periods import Horizon
from uitstroom.release.shapes import (
    COUNT,
    DAY,
    LIST_OF_PERSONS,
    NUMBER,
    PERIOD,
    TEXT,
    WORDS,
    YES_NO,
    Shape,
    closed,
    code,
    mapping,
    optional,
    record,
    several,
)
from uitstroom.text import LANGUAGES, Language

Datatype = Literal["text", "whole", "number", "day", "yes_no"]
Role = Literal["dimension", "measure", "attribute", "set"]
"""What a column is in SDMX; `set` is an attribute of the whole data set."""
Take = Callable[[Figure, Table], Any]
Part = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """A column of a flat file: its name, its type, how its value is taken, and the words that say it.

    `word` is the key of the words; `codes` the closed list of values, if there is one. `required` columns are never
    empty. A column of a `dimension` is empty in a total over it. `role` is what it is in SDMX, None where SDMX says it
    in its own way. `coded` columns hold codes that have names. `brief` ones stand in the frame of a notebook.
    """

    name: str
    datatype: Datatype
    take: Take
    word: str
    codes: tuple[str, ...] = ()
    required: bool = False
    dimension: str | None = None
    role: Role | None = None
    coded: bool = False
    brief: bool = False


@dataclass(frozen=True)
class Flat:
    """A column before it is known of what: `part` takes its value from the value of the field."""

    name: str = ""
    datatype: Datatype = "text"
    part: Part = lambda value: value
    word: str = ""
    codes: tuple[str, ...] = ()
    required: bool = False
    role: Role | None = "attribute"
    coded: bool = False
    brief: bool = False


@dataclass(frozen=True)
class Field:
    """A key of the JSON: its shape and meaning, and its columns. `attribute` is the name that the figure has for it.

    `since` is the schema that brought it; what is older reads as the figure's default. `derived` keys are worked out
    and never read back.
    """

    name: str
    shape: Shape
    meaning: str = ""
    flat: tuple[Flat, ...] = ()
    attribute: str = ""
    since: int = 1
    derived: bool = False

    def of(self, owner: Any) -> Any:
        """The value that a figure or scope has here."""
        return getattr(owner, self.attribute or self.name)


def iso_horizon(horizon: Horizon | None) -> str | None:
    """A horizon as ISO 8601: `P3M`, `P90D`, or the fixed day."""
    if horizon is None:
        return None
    if horizon.on:
        return horizon.on.isoformat()
    return f"P{horizon.months}M" if horizon.months is not None else f"P{horizon.days}D"


def _of(attribute: str) -> Part:
    """A part of something that a figure may not have."""
    return lambda value: None if value is None else getattr(value, attribute)


def _in(language: Language) -> Part:
    return lambda text: text.in_language(language) if text else None


def _each_language(name: str, part: Callable[[Language], Part] = _in, **options: Any) -> tuple[Flat, ...]:
    return tuple(Flat(f"{name}_{language}", part=part(language), **options) for language in LANGUAGES)


_UNIT = code("action", "approved_plan", "trajectory", "person")
_SAME = None
FIELDS: tuple[Field, ...] = (
    Field(
        "indicator", code(*INDICATORS), "what is counted or followed",
        (Flat(required=True, role=_SAME, brief=True),),
    ),
    Field("instrument", optional(TEXT), "null is a total over `group`", (Flat(role=_SAME, brief=True),)),
    Field(
        "group", optional(TEXT), "what a total is over: a group's code, or instruments joined by +",
        (Flat(brief=True),),
    ),
    Field(
        "period", PERIOD, "a year, half, quarter, month, or a stretch of months or days with a slash between",
        (
            Flat("period", part=lambda period: period.code, required=True, role=_SAME, brief=True),
            Flat("period_first", "day", lambda period: period.first, required=True, role=_SAME),
            Flat("period_last", "day", lambda period: period.last, required=True, role=_SAME),
        ),
    ),
    Field("by", mapping(TEXT), "dimension to code; a dimension left out is its total"),
    Field("unit", optional(_UNIT), "null where units are mixed", derived=True),
    Field(
        "units", several(_UNIT), "every unit that the value adds",
        (Flat("unit", part="+".join, coded=True, brief=True),),
    ),
    Field("kind", code("count", "rate"), "", (Flat(codes=("count", "rate"), required=True, role=_SAME, brief=True),)),
    Field(
        "status", code(*STATUSES), "a value, or the kind of reason why there is none",
        (Flat(codes=STATUSES, required=True, role=_SAME, brief=True),),
    ),
    Field(
        "value", optional(NUMBER), "a count, or the printed percentage as a number (67)",
        (Flat(datatype="number", role=_SAME, brief=True),),
    ),
    Field("numerator", optional(COUNT), "of a rate", (Flat(datatype="whole", brief=True),)),
    Field("base", optional(COUNT), "of a rate", (Flat(datatype="whole", brief=True),)),
    Field(
        "cohort", optional(code("started", "ended")), "which entrants of the period are followed",
        (Flat(codes=("started", "ended"), coded=True),),
    ),
    Field(
        "anchor", optional(code("start", "end")), "the day from which the horizon runs",
        (Flat(codes=("start", "end"), coded=True),),
    ),
    Field(
        "horizon", optional(record(Horizon, {"months": optional(COUNT), "days": optional(COUNT), "on": optional(DAY)})),
        "how long after the anchor one looks: one of the three", (Flat(part=iso_horizon),),
    ),
    Field(
        "event",
        optional(
            record(Event, {
                "kind": code("on_the_day", "within", "sustained"), "days": optional(COUNT), "same_employer": YES_NO,
                "new": YES_NO,
            })
        ),
        "what must happen: at work on the due day, within the horizon, or on each of the last `days` days",
        (
            Flat("event", part=_of("kind"), codes=("on_the_day", "within", "sustained"), coded=True),
            Flat("event_days", "whole", _of("days")),
            Flat("same_employer", "yes_no", _of("same_employer")),
            Flat("new_work", "yes_no", _of("new")),
        ),
    ),
    Field("work_types", several(TEXT), "the kinds of work that count", (Flat(),)),
    Field(
        "definition",
        optional(record(DefinitionName, {"name": TEXT, "version": TEXT, "source": TEXT, "stated": YES_NO})),
        "which definition measured it, and whether its source says it",
        (
            Flat("definition", part=_of("name"), coded=True),
            Flat("definition_version", part=_of("version")),
            Flat("definition_source", part=_of("source")),
            Flat("definition_stated", "yes_no", _of("stated")),
        ),
    ),
    Field(
        "maturity", optional(record(Maturity, {box: optional(COUNT) for box in BOXES})),
        "the boxes that entrants fall in; null is a hidden count",
        tuple(Flat(box, "whole", _of(box), f"box.{box}") for box in BOXES),
    ),
    Field(
        "bounds", optional(record(Bounds, {"low": NUMBER, "high": NUMBER})),
        "the rate if all who are not yet known were not at work, and if all were",
        (Flat("bound_low", "number", _of("low")), Flat("bound_high", "number", _of("high"))),
    ),
    Field(
        "reason", optional(WORDS), "why there is no number, where there is none",
        _each_language("reason", role=_SAME, brief=True),
    ),
    Field(
        "missing", several(TEXT),
        "columns or dimensions that are not recorded; `action<DAY` or `spell<DAY`: the register before that day",
        (Flat(),),
    ),
    Field(
        "known_on", optional(DAY), "the day of completeness that settles the figure",
        (Flat(datatype="day", role=_SAME, brief=True),),
    ),
    Field(
        "provisional", optional(DAY), "the day that an incomplete value reaches; null where it is complete",
        (Flat(datatype="day", brief=True),),
    ),
    Field(
        "break", optional(record(Break, {"before": TEXT, "after": TEXT})),
        "two versions between which figures cannot simply be compared",
        (Flat("break_before", part=_of("before")), Flat("break_after", part=_of("after"))),
        "series_break",
    ),
    Field("leaves_out", several(TEXT), "the instruments that a total leaves out", (Flat(),)),
    Field(
        "additive", YES_NO, "false where parts may overlap (distinct persons)",
        (Flat(datatype="yes_no", required=True, brief=True),),
    ),
    Field(
        "who", optional(code("all", "completed", "entrants", "reached")),
        "of a rate: all who ended, or those who completed; of persons: those who started, or those reached",
        (Flat(codes=("all", "completed", "entrants", "reached"), coded=True),), since=2,
    ),
    Field("decimals", COUNT, "of a printed rate", (Flat(datatype="whole", required=True),), since=2),
    Field("reasons", several(TEXT), "the end reasons that a share of the ended counts", (Flat(),), since=2),
    Field(
        "population", optional(LIST_OF_PERSONS), "the keyed fingerprint of the list of persons of whom it was asked",
        (Flat(part=_of("fingerprint")),), since=2,
    ),
    Field("notes", several(record(Note, {"code": TEXT, "text": WORDS})), "what must travel with this figure", since=2),
)  # fmt: skip
"""The keys of a figure, in the order of the JSON."""


_COMPLETE = Shape(
    closed({"from": DAY.schema, "until": DAY.schema}),
    lambda days: {"from": DAY.write(days[0]), "until": DAY.write(days[1])},
    lambda days: (DAY.read(days["from"]), DAY.read(days["until"])),
)
SCOPE: tuple[Field, ...] = (
    Field("service", WORDS, "who counted", _each_language("service", role="set", required=True)),
    Field("where", WORDS, "of where", _each_language("where", role="set", required=True)),
    Field("as_known_on", DAY, "the register's day", (Flat(datatype="day", role="set", required=True),)),
    Field("snapshot", TEXT, "which state of the register", (Flat(role="set", required=True),)),
    Field("complete", mapping(_COMPLETE), "per table, the first and last complete day"),
    Field("quarantined", mapping(COUNT), "per table, the rows left out"),
    Field("delivered", mapping(COUNT), "per table, the rows delivered"),
    Field("catalogue", TEXT, "the fingerprint of the definitions", (Flat(role="set", required=True),)),
    Field("synthetic", YES_NO, "whether the persons exist", (Flat(datatype="yes_no", role="set", required=True),)),
    Field("clock", DAY, "the day on which it is said"),
    Field("protected", YES_NO, "whether persons are protected", (Flat(datatype="yes_no", role="set", required=True),)),
)
"""The keys of a scope, in the order of the JSON."""


def columns_of(fields: tuple[Field, ...], take: Callable[[Figure, Table], Any]) -> tuple[Column, ...]:
    """The columns of these fields, which `take` finds on a figure or on its table."""
    return tuple(_column(field, flat, take) for field in fields for flat in field.flat)


def _column(field: Field, flat: Flat, owner: Callable[[Figure, Table], Any]) -> Column:
    name = flat.name or field.name
    return Column(
        name, flat.datatype, lambda figure, table: flat.part(field.of(owner(figure, table))),
        flat.word or f"column.{name}", flat.codes, flat.required, None, flat.role, flat.coded, flat.brief,
    )  # fmt: skip
