"""A question on file: who asks what of whom, which tables answer it, and which earlier statements must be reconciled.

The file is `question.toml` (docs/question-format.md is made from these classes); everything wrong with it is reported
at once, with its key.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from uitstroom.catalogue.complaints import complaints
from uitstroom.errors import UitstroomError
from uitstroom.indicators import INDICATORS, IndicatorCode
from uitstroom.periods import Day, Period
from uitstroom.release.formats import CHOICE, FormatName
from uitstroom.text import Language, Text
from uitstroom.toml import read_toml

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]


class Part(BaseModel):
    """A part of a question: unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TableAsked(Part):
    """A table of the answer. `name` is how statements, charts and files refer to it.

    `population` is a file with one person per line, for the indicator `reach`: which share of these persons each form
    reached in the period.
    """

    name: Name
    indicator: IndicatorCode
    periods: tuple[str, ...] = Field(min_length=1)
    by: tuple[str, ...] = Field(default=(), max_length=2)
    instruments: tuple[str, ...] | None = None
    group: str | None = None
    definition: str | None = None
    so_far: bool = False
    population: str | None = None
    title: Text | None = None
    place: Literal["letter", "annex"] = "letter"
    """Where a brief letter has it: in itself, or in its annex."""

    @model_validator(mode="after")
    def _readable(self) -> TableAsked:
        for period in self.periods:
            Period.parse(period)
        if INDICATORS[self.indicator].of_list != (self.population is not None):
            raise ValueError('`population` goes with indicator = "reach", and only with it')
        return self


class LetterParts(Part):
    """What the letter holds beside its answer.

    Left out: all in a full letter, and in the annex of a brief one. True: in the letter. False: nowhere.
    """

    variants: bool | None = None
    """Variants under the row of their form."""
    charts: bool | None = None
    accounts: bool | None = None
    """How each percentage came about."""
    definitions: bool | None = None
    forms: Literal["asked", "all", "none"] = "asked"
    """Which forms are described: those of the tables, all of the service's group, or none."""


class FigureMeant(Part):
    """Which figure of which table a statement or target is about; without `instrument` it is the total."""

    table: Name
    instrument: str | None = None
    period: str | None = None
    by: dict[str, str] = {}


class Relation(Part):
    """What was said of the figure: exactly one of more than (strict), a value rounded half up to a unit, or exactly."""

    more_than: int | None = None
    less_than: int | None = None
    rounded: int | None = None
    unit: int = Field(default=1, ge=1)
    exactly: Decimal | None = None

    @model_validator(mode="after")
    def _one(self) -> Relation:
        said = (self.more_than, self.less_than, self.rounded, self.exactly)
        if sum(part is not None for part in said) != 1:
            raise ValueError("give exactly one of more_than, less_than, rounded (with unit), exactly")
        return self

    def holds(self, value: Decimal | int) -> bool:
        """Whether a figure agrees with what was said."""
        if self.more_than is not None:
            return value > self.more_than
        if self.less_than is not None:
            return value < self.less_than
        if self.rounded is not None:
            return (2 * int(value) + self.unit) // (2 * self.unit) * self.unit == self.rounded
        return Decimal(value) == self.exactly

    @property
    def said(self) -> Decimal:
        """The number that was said."""
        return next(
            Decimal(one) for one in (self.more_than, self.less_than, self.rounded, self.exactly) if one is not None
        )


class Statement(Part):
    """An earlier statement. One that the figures contradict stops the build, unless `explanation` says why."""

    source: Text
    quote: str
    figure: FigureMeant
    relation: Relation
    explanation: Text | None = None


class Target(Part):
    """What was to be reached, for progress against it."""

    figure: FigureMeant
    value: Decimal
    source: Text


class QuestionFile(Part):
    """A whole question. `as_known_on` is the register's day; `language` that of the answer when none is asked for."""

    name: Name
    parliament: Text
    kind: Text = Text(nl="schriftelijke vraag", en="written question")
    number: str
    date: Day
    asked_by: str
    asked_of: Text
    """The minister who answers, as the letter addresses and signs: `de Vlaamse minister bevoegd voor werk`."""
    signed_by: str | None = None
    """The name under the answer."""
    layout: Literal["brief", "full"] = "brief"
    """A letter of which the annex stands apart, or one that holds everything."""
    letter: LetterParts = LetterParts()
    title: Text
    text: str
    language: Language = "nl"
    as_known_on: Day
    answered_on: Day | None = None
    formats: tuple[FormatName, ...] = CHOICE
    tables: tuple[TableAsked, ...] = Field(min_length=1)
    statements: tuple[Statement, ...] = ()
    targets: tuple[Target, ...] = ()

    @model_validator(mode="after")
    def _refers(self) -> QuestionFile:
        if any(
            ord(sign) < 32 and sign not in "\n\t"
            for sign in self.text + self.title["nl"] + self.title["en"] + self.asked_by
        ):
            raise ValueError("the text, title or name holds a control character, which no document can show")
        names = [table.name for table in self.tables]
        if len(set(names)) < len(names):
            raise ValueError("two tables have the same name")
        for meant in (*(one.figure for one in self.statements), *(one.figure for one in self.targets)):
            if meant.table not in names:
                raise ValueError(f"no table is called {meant.table!r}; there are: {', '.join(names)}")
        return self


def read_question(path: Path) -> QuestionFile:
    """The question in a file, or in `question.toml` of a folder.

    Raises `UitstroomError` with every mistake, each with file and key.
    """
    file = path / "question.toml" if path.is_dir() else path
    if not file.exists():
        raise UitstroomError(
            "there is no question here",
            where=str(file),
            todo="give a question.toml, or make one: uitstroom question new",
        )
    content = read_toml(file)
    try:
        return QuestionFile.model_validate(content)
    except ValidationError as error:
        raise UitstroomError.of(
            complaints(error, str(file), (), content, QuestionFile, "docs/question-format.md")
        ) from None


TEMPLATE = """\
# A question on file. docs/question-format.md explains every key; `uitstroom question check` says what is wrong.
name = "{name}"
parliament = {{ nl = "Vlaams Parlement", en = "Flemish Parliament" }}
number = "0"                # the number of the question
date = 2017-11-23           # the day on which it was asked
asked_by = "Voornaam Naam"
asked_of = {{ nl = "de Vlaamse minister bevoegd voor werk", en = "the Flemish minister competent for work" }}
# signed_by = "Voornaam Naam"
# layout = "full"           # brief (the annex stands apart) or full
title = {{ nl = "Titel", en = "Title" }}
language = "nl"
as_known_on = 2017-11-23    # the register's day
text = \"\"\"
De vraag, letterlijk.
\"\"\"

[[tables]]
name = "gestart"
indicator = "started"       # started, persons, running, ended, completed, outflow, reach
periods = ["2017-S1"]
# by = ["age_group"]        # at most two breakdowns
# instruments = ["ibo"]     # without it: the service's group
# place = "annex"           # not in a brief letter itself

# What the letter holds beside its answer: true in the letter, false nowhere, left out in the annex.
# [letter]
# variants = true
# charts = true
# accounts = false
# definitions = true
# forms = "asked"           # asked, all, none

# An earlier statement that must agree: more_than, less_than, rounded with unit, or exactly.
# [[statements]]
# source = {{ nl = "beleidsbrief", en = "policy letter" }}
# quote = "meer dan 23.000 acties"
# figure = {{ table = "gestart" }}
# relation = {{ more_than = 23000 }}

# A target, for progress against it.
# [[targets]]
# figure = {{ table = "gestart", instrument = "ibo" }}
# value = 15000
# source = {{ nl = "beleidsnota", en = "policy note" }}
"""


def new_question(folder: Path) -> Path:
    """Write a commented question to fill in; `UitstroomError` if the folder has one already."""
    file = folder / "question.toml"
    if file.exists():
        raise UitstroomError("there is a question here already", where=str(file), todo="give a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "vraag"
    file.write_text(TEMPLATE.format(name=name), encoding="utf-8")
    return file
