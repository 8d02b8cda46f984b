"""A release protected whole: every number of its tables hidden or printed by one proved pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from uitstroom.disclosure.attack import disclosed
from uitstroom.disclosure.linked import ZEROS_HIDDEN, Linked, Name, Parents, Released, numbers
from uitstroom.disclosure.protection import Progress, Protection, protect_cells, quiet
from uitstroom.disclosure.rule import Rule
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Figure, Maturity, Note, Table
from uitstroom.text import Text

Kind = Literal["primary", "secondary"]


@dataclass(frozen=True)
class ProtectedRelease:
    """What may be printed, and for inside the service only: the kind of every hidden number, and the proof."""

    tables: tuple[Table, ...]
    kinds: dict[Name, Kind]
    protection: Protection | None
    zeros_hidden: bool = False
    """Whether zeros had to be hidden as well: then a hidden cell of these tables can be 0."""


def protect_release(
    tables: Sequence[Table],
    rule: Rule,
    reason: Text,
    earlier: Sequence[Released] = (),
    parents: Parents | None = None,
    effort: int = 1,
    progress: Progress = quiet,
    zeros_note: Text | None = None,
) -> ProtectedRelease:
    """`tables` with every number hidden that the rule and the proof ask for; `reason` stands in a hidden figure.

    Figures that hold no value pass through. Where zeros that are shown leave a number without protection, and a
    `zeros_note` is given, zeros may be hidden too and every table carries that note. Raises `UitstroomError`, naming
    cells and never numbers, where a number cannot be protected or where the attacker and the certificate do not agree
    that all are.
    """
    linked = Linked.of(tables, rule, earlier, parents)
    if not linked.names:
        return ProtectedRelease(tuple(_printed(table, set(), reason) for table in tables), {}, None)
    cells = linked.cells()
    protection = protect_cells(cells, effort, progress)
    refused = protection.verdict.disclosed | disclosed(cells, protection.hidden, progress)
    if refused.any() and zeros_note is not None:
        return _with_zeros(tables, rule, reason, earlier, parents, effort, progress, zeros_note)
    if refused.any():
        raise _refusal([linked.names[cell] for cell in refused.nonzero()[0].tolist()])
    hidden = {name for name, cell in linked.place.items() if protection.hidden[cell]}
    kinds: dict[Name, Kind] = {
        name: "primary" if cells.sensitive[linked.place[name]] else "secondary" for name in sorted(hidden)
    }
    return ProtectedRelease(tuple(_printed(table, hidden, reason) for table in tables), kinds, protection)


def _with_zeros(
    tables: Sequence[Table],
    rule: Rule,
    reason: Text,
    earlier: Sequence[Released],
    parents: Parents | None,
    effort: int,
    progress: Progress,
    zeros_note: Text,
) -> ProtectedRelease:
    """The same again with zeros that may be hidden; a reader is told that a hidden cell can be 0."""
    noted = [replace(table, notes=(*table.notes, Note(ZEROS_HIDDEN, zeros_note))) for table in tables]
    hiding = replace(rule, zeros="hidden")
    made = protect_release(noted, hiding, reason, earlier, parents, effort, progress)
    return replace(made, zeros_hidden=True)


def _refusal(names: Sequence[Name]) -> UitstroomError:
    todo = "merge it with another row, leave out a breakdown, or allow a total above it to be hidden (never_hide)"
    return UitstroomError.of([Problem("this number cannot be protected", name.words(), todo) for name in names])


def _printed(table: Table, hidden: set[Name], reason: Text) -> Table:
    figures = tuple(_figure(figure, hidden, reason) for figure in table.figures)
    return replace(table, figures=figures, scope=replace(table.scope, protected=True))


def _figure(figure: Figure, hidden: set[Name], reason: Text) -> Figure:
    secret = {name.box for name in numbers(figure) if name in hidden}
    if not secret:
        return figure
    maturity = figure.maturity and _veiled(figure.maturity, secret)
    if figure.status != "value" or (figure.kind == "rate" and not secret & {"followed", "at_work", "not_at_work"}):
        return replace(figure, maturity=maturity, bounds=None)
    bare = replace(figure, value=None, numerator=None, base=None, bounds=None, maturity=maturity)
    return replace(bare, status="suppressed", reason=reason)


def _veiled(maturity: Maturity, secret: set[str]) -> Maturity:
    boxes = {item.name: getattr(maturity, item.name) for item in fields(maturity)}
    return Maturity(**{name: None if name in secret else count for name, count in boxes.items()})
