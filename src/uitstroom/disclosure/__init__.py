"""Disclosure: no person can be computed from what is published.

`protect` is the only way from tables of figures to something that a writer accepts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from uitstroom.catalogue.schema import DisclosurePolicy
from uitstroom.disclosure.publishable import Publishable, sealed
from uitstroom.figures import Table
from uitstroom.text import Text

if TYPE_CHECKING:
    from uitstroom.disclosure.model import ProtectedRelease
    from uitstroom.disclosure.quantity import Parents
    from uitstroom.disclosure.released import Released

__all__ = ["Publishable", "expose", "protect", "protect_with_proof"]


def protect(
    tables: Sequence[Table],
    policy: DisclosurePolicy,
    reason: Text,
    earlier: Sequence[Released] = (),
    parents: Parents | None = None,
    zeros_note: Text | None = None,
    reason_of_list: Text | None = None,
) -> Publishable:
    """The tables of a release together, with every number hidden that the policy and the proof ask for.

    `reason` stands in a hidden cell. `earlier` are releases published before, whose numbers a reader knows;
    `parents` says which codes are parts of which (municipality → province). With a `zeros_note` zeros may be hidden
    where small counts could not be protected otherwise; the tables then carry that note. `reason_of_list` stands in
    every share of a given list of persons that is withheld. Cells that are not applicable, not possible or not yet
    known are no secrets and pass through. Raises `UitstroomError`, naming cells and never numbers, where a number
    cannot be protected: then nothing is published.
    """
    return protect_with_proof(tables, policy, reason, earlier, parents, zeros_note, reason_of_list)[0]


def protect_with_proof(
    tables: Sequence[Table],
    policy: DisclosurePolicy,
    reason: Text,
    earlier: Sequence[Released] = (),
    parents: Parents | None = None,
    zeros_note: Text | None = None,
    reason_of_list: Text | None = None,
) -> tuple[Publishable, ProtectedRelease]:
    """As `protect`, with what must stay inside the service: the kind of every hidden number and the certificate."""
    from uitstroom.disclosure.model import Reasons, protect_release
    from uitstroom.disclosure.rule import Rule

    reasons = Reasons(reason, reason_of_list or reason)
    made = protect_release(tables, Rule.of(policy), reasons, earlier, parents, zeros_note=zeros_note)
    return sealed(made.tables, policy.symbol), made


def expose(tables: Sequence[Table], policy: DisclosurePolicy) -> Publishable:
    """All figures, unprotected, for use inside the service only; every writer prints a warning with it."""
    shown = tuple(replace(table, scope=replace(table.scope, protected=False)) for table in tables)
    return sealed(shown, policy.symbol, internal=True)
