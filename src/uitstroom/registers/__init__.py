"""The register: deliveries taken in, checked and kept as snapshots that never change.

Its parts are read when they are asked for: who only needs the contract or the rules does not start an engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uitstroom.registers.parts import FORM, PartFiles, standing
    from uitstroom.registers.report import Broken, LoadReport
    from uitstroom.registers.snapshots import Snapshot
    from uitstroom.registers.store import Store

__all__ = ["FORM", "Broken", "LoadReport", "PartFiles", "Snapshot", "Store", "standing"]
_MODULES = {
    "FORM": "parts", "PartFiles": "parts", "standing": "parts", "Broken": "report", "LoadReport": "report",
    "Snapshot": "snapshots", "Store": "store",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"uitstroom.registers.{_MODULES[name]}"), name)
