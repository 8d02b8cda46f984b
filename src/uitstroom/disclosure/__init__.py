"""Disclosure: no person can be computed from what is published.

`protect` is the only way from tables of figures to something that a writer accepts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from uitstroom.catalogue.schema import DisclosurePolicy
from uitstroom.disclosure.primary import hide
from uitstroom.disclosure.publishable import Publishable, sealed
from uitstroom.figures import Table
from uitstroom.text import Text

__all__ = ["Publishable", "expose", "protect"]


def protect(tables: Sequence[Table], policy: DisclosurePolicy, reason: Text) -> Publishable:
    """The tables with every cell hidden that the policy asks to hide; `reason` stands in a hidden cell.

    Cells that are not applicable, not possible or not yet known are no secrets and pass through.
    """
    return sealed(tuple(hide(table, policy.threshold, reason) for table in tables), policy.symbol)


def expose(tables: Sequence[Table], policy: DisclosurePolicy) -> Publishable:
    """All figures, unprotected, for use inside the service only; every writer prints a warning with it."""
    shown = tuple(replace(table, scope=replace(table.scope, protected=False)) for table in tables)
    return sealed(shown, policy.symbol, internal=True)
