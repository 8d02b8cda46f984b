"""What a load did, in numbers: nothing in it comes from a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from uitstroom.errors import Problem, UitstroomError
from uitstroom.registers.snapshots import Snapshot
from uitstroom.text import Text


@dataclass(frozen=True)
class Broken:
    """A rule, how many rows break it, and what it says."""

    count: int
    message: Text


class QuarantineError(UitstroomError):
    """A first delivery of which most rows have faults: nothing is loaded, and `report` says what is wrong with it."""

    def __init__(self, report: LoadReport, where: str, tables: Sequence[str]) -> None:
        super().__init__("")
        self.report = report
        see = f"see {report.quarantine}/faults.csv; " if report.quarantine else ""
        todo = f"{see}load it all the same with --accept-quarantine"
        self.problems = tuple(
            Problem(f"{report.quarantined[table]} of the {report.delivered[table]} rows have faults",
                    f"{where}, {table}", todo)
            for table in tables
        )  # fmt: skip


@dataclass(frozen=True)
class LoadReport:
    """The outcome of a load, per table: `loaded + quarantined = delivered`, always.

    `deleted`: rows taken out by a delivery of changes; `rejected_updates`: keys whose delivered row was quarantined, so
    that the row that stood still stands; `vanished`: keys that a full delivery no longer holds. `faults` counts the
    quarantined rows by structural rule (a row can break several), `warnings` the loaded rows by legal rule, `dropped`
    the values by column that the instrument's version does not record. `changed` is false where the same content was
    loaded before: then `snapshot` is the one that holds it; that of a refused delivery is none of the store's.
    """

    snapshot: Snapshot
    changed: bool
    delivered: Mapping[str, int] = field(default_factory=dict)
    loaded: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    deleted: Mapping[str, int] = field(default_factory=dict)
    rejected_updates: Mapping[str, int] = field(default_factory=dict)
    vanished: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, Broken] = field(default_factory=dict)
    warnings: Mapping[str, Broken] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    """The quarantine delivery, where rows were quarantined: to correct and load as `changes`."""
