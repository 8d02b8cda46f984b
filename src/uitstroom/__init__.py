"""uitstroom: what became of the people in a public employment service's measures, answered so that it can be defended.

`register = uitstroom.open("store")` opens a register for questions: figures, records, explain, answer, verify, diff,
when, load and snapshots, with the options of the commands of the same name.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "open"]

_DOORS = {"open": "open_register", "Register": "Register", "Result": "Result"}


def __getattr__(name: str) -> Any:
    """Read when it is first needed, so that `import uitstroom` costs nothing."""
    if name not in _DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("uitstroom.notebook"), _DOORS[name])
