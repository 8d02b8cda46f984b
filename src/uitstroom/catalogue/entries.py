"""What every entry of a catalogue is made of: codes, sources, validity."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from uitstroom.periods import Day, Period

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9<>][A-Za-z0-9._+<>=-]*$", max_length=40)]
ColumnName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Recorded = Literal[
    "person_id", "start_date", "planned_end_date", "end_date", "end_reason", "approved_on", "planned_days",
    "employer_id", "trajectory_id", "frame",
]  # fmt: skip


class Entry(BaseModel):
    """A part of the catalogue: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Entry):
    """Something that a source says (`stated = true`) or that is inferred from it (`stated = false`)."""

    source: str
    """A key of sources.toml."""
    stated: bool
    """Whether the source says it; false where it is inferred."""


class Dated(Entry):
    """Valid from `valid_from` to `valid_until`, both included; absent is without end."""

    valid_from: Day | None = None
    valid_until: Day | None = None

    def valid_on(self, day: Day) -> bool:
        return (self.valid_from or datetime.date.min) <= day <= (self.valid_until or datetime.date.max)

    def overlaps(self, period: Period) -> bool:
        return (self.valid_from or datetime.date.min) <= period.last and period.first <= (
            self.valid_until or datetime.date.max
        )

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self
