"""What can be asked, and the named and dated definitions by which it is measured."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from uitstroom.catalogue.entries import Code, Dated, Entry, Sourced
from uitstroom.figures import Event
from uitstroom.indicators import IndicatorCode
from uitstroom.periods import Horizon
from uitstroom.text import Text


class OutflowDefinition(Dated, Sourced):
    """How outflow is measured; every part is printed with the figure (rule outflow.cohort).

    `inferred` lists the parts that are inferred although the source states the definition as a whole.
    """

    unit: Literal["action", "trajectory"] = "action"
    """What is followed."""
    cohort: Literal["started", "ended"]
    """Those who started, or those who ended, in the period."""
    who: Literal["all", "completed"] = "all"
    """All who ended, or only those who completed."""
    anchor: Literal["start", "end"]
    """The day from which the horizon is counted."""
    horizon: Horizon
    """How long after the anchor one looks."""
    event: Event = Event()
    """What must be seen then."""
    work_types: tuple[Code, ...]
    """The kinds of work that count; all others do not."""
    incomplete: Literal["withhold", "show"] = "withhold"
    """While the cohort cannot be followed whole: no figure, or a provisional one."""
    decimals: int = Field(default=0, ge=0, le=2)
    inferred: tuple[str, ...] = ()
    """Parts that are inferred although the source states the whole."""
    name: Text
    description: Text
    """The whole definition in one clause."""

    @property
    def version(self) -> str:
        return self.valid_from.isoformat() if self.valid_from else "1"


class CountDefinition(Dated, Sourced):
    """How a count is made: of `entrants`, or of persons `reached` (at least one day of an action in the period)."""

    counts: Literal["entrants", "reached"] = "entrants"
    name: Text
    description: Text


class IndicatorEntry(Entry):
    """The words of what can be asked (`uitstroom.indicators` says how it is measured)."""

    name: Text
    description: Text
    default_definition: str | None = None
    """The definition that is used when none is asked for."""
    by: tuple[Code, ...] = ()
    """The breakdown when none is asked for."""


class Indicators(Entry):
    """indicators.toml: the indicators by name, and the named definitions, each a list of its dated versions."""

    indicators: dict[IndicatorCode, IndicatorEntry]
    outflow: dict[str, tuple[OutflowDefinition, ...]]
    persons: dict[str, tuple[CountDefinition, ...]]
    limits: tuple[Text, ...] = ()
    """What an outflow cannot see; printed with every outflow."""
