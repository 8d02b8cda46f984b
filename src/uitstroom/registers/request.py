"""What is asked of a load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.registers.delivery import Delivery
from uitstroom.registers.files import Files
from uitstroom.registers.intake import Progress
from uitstroom.registers.snapshots import Snapshot


@dataclass(frozen=True)
class Request:
    """What is asked of a load, and where it happens."""

    root: Path
    staging: Path
    delivery: Delivery
    catalogue: Catalogue
    parent: Snapshot | None
    key: bytes | None
    quarantine: Path | None
    accept_removals: bool
    accept_quarantine: bool
    progress: Progress
    files: Files
    withdrawn: frozenset[str] = frozenset()
    dry_run: bool = False
    """Nothing is left: no snapshot and no quarantine."""
