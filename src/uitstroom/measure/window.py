"""The days that an event looks at, said once and written in SQL and in Python: from a first day to the due day."""

from __future__ import annotations

from typing import Literal

from uitstroom.catalogue.schema import OutflowDefinition
from uitstroom.measure.dialect import shifted
from uitstroom.periods import ONE_DAY, Day


def _first(definition: OutflowDefinition) -> tuple[Literal["anchor", "due"], int]:
    """The day from which the first one is counted, and how many days it comes after it."""
    event = definition.event
    if event.kind == "within":
        return "anchor", 0 if event.new else 1
    return "due", 1 - (event.days or 1) if event.kind == "sustained" else 0


def first_day(definition: OutflowDefinition, anchor: Day, due: Day) -> Day:
    """The first day on which a spell can show what the event asks."""
    since, days = _first(definition)
    return (anchor if since == "anchor" else due) + days * ONE_DAY


def first_day_sql(definition: OutflowDefinition, anchor: str, due: str) -> str:
    """The same, of columns or literals."""
    since, days = _first(definition)
    return due if (since, days) == ("due", 0) else shifted(anchor if since == "anchor" else due, days, "day")
