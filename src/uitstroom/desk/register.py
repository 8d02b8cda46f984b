"""What the desk of a service knows beside the catalogue: which forms are approved, what it asks, who may do what."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from uitstroom.catalogue import Catalogue
from uitstroom.desk.kinds import KINDS
from uitstroom.text import Text

DATA = Path(__file__).parent / "data"
MAY: dict[str, frozenset[str]] = {
    "mediator": frozenset({
        "registered", "refused", "started", "interrupted", "resumed", "ended", "corrected", "cancelled",
        "registered_in_error",
    }),
    "approver": frozenset({"approved", "refused"}),
    "partner": frozenset({"proposed"}),
    "owner": frozenset(KINDS) - {"proposed"},
}  # fmt: skip
"""The acts on actions that each role does; other roles do none. `owner` is no account: it takes a register over."""


class Asked(BaseModel):
    """Something that the desk asks and a delivery does not hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    type: Literal["day", "yes_no", "text"]
    instruments: tuple[str, ...]
    label: Text


@dataclass(frozen=True)
class Register:
    """A service's catalogue with what its desk adds to it."""

    catalogue: Catalogue
    approval: frozenset[str]
    asked: tuple[Asked, ...]
    checks: dict[str, dict[str, Any]]
    """By the code of a documented rule: the checkable rule that says the same."""

    @classmethod
    def of(cls, catalogue: Catalogue) -> Register:
        """The desk of the service that the catalogue describes; it adds nothing where no file says what."""
        path = DATA / f"{catalogue.service.code}.toml"
        said: dict[str, Any] = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
        return cls(
            catalogue,
            frozenset(said.get("approval", {}).get("instruments", ())),
            tuple(Asked.model_validate(one) for one in said.get("facts", ())),
            {one["code"]: one for one in said.get("checks", ())},
        )

    def needs_approval(self, instrument: str) -> bool:
        """Whether somebody approves a plan or contract before it counts or starts."""
        return instrument in self.approval or self.by_approval(instrument)

    def by_approval(self, instrument: str) -> bool:
        """Whether the form counts by the approval of its plan alone."""
        return self.catalogue.instrument(instrument).versions[0].entrant == "approval"

    def may(self, role: str, kind: str) -> bool:
        return kind in MAY.get(role, frozenset())

    def asked_of(self, instrument: str) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if instrument in one.instruments)


@cache
def register() -> Register:
    """The register that this process serves."""
    from django.conf import settings

    directory = settings.DESK_CATALOGUE
    return Register.of(Catalogue.load(Path(directory) if directory else None))
