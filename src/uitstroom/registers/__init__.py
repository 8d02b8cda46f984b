"""The register: deliveries taken in, checked and kept as snapshots that never change."""

from __future__ import annotations

from uitstroom.registers.parts import FORM, PartFiles, standing
from uitstroom.registers.report import Broken, LoadReport
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.store import Store

__all__ = ["FORM", "Broken", "LoadReport", "PartFiles", "Snapshot", "Store", "standing"]
