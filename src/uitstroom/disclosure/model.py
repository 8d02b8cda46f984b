"""A release protected whole: every number of its tables hidden or printed by one proved pattern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from uitstroom.disclosure.attack import disclosed
from uitstroom.disclosure.cells import Cells
from uitstroom.disclosure.linked import ZEROS_HIDDEN, Linked
from uitstroom.disclosure.oracles import without_oracles
from uitstroom.disclosure.protection import Progress, Protection, protect_cells, quiet
from uitstroom.disclosure.quantity import Number, Parents, Quantity
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.disclosure.tied_cells import TiedCell
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Figure, Maturity, Note, Table
from uitstroom.text import Text

SecretKind = Literal["primary", "secondary"]
_MOST = 50
"""Cells named in one refusal; more would not be read."""


@dataclass(frozen=True)
class ProtectedRelease:
    """What may be printed, and for inside the service only: the kind of every hidden number, and the proof."""

    tables: tuple[Table, ...]
    kinds: dict[Quantity, SecretKind]
    protection: Protection | None
    released: Released
    """The release as later ones are protected against it."""
    zeros_hidden: bool = False
    """Whether zeros had to be hidden as well: then a hidden cell of these tables can be 0."""
    open_before: tuple[str, ...] = ()
    """Small numbers that earlier releases give away between them, in words: nothing in this release can mend that."""


@dataclass(frozen=True)
class Reasons:
    """What stands in a hidden cell: of counts and rates, and of shares of a given list."""

    hidden: Text
    of_list: Text

    def of(self, figure: Figure) -> Text:
        return self.of_list if figure.population else self.hidden


def protect_release(
    tables: Sequence[Table],
    rule: Rule,
    reason: Text | Reasons,
    earlier: Sequence[Released] = (),
    parents: Parents | None = None,
    effort: int = 1,
    progress: Progress = quiet,
    zeros_note: Text | None = None,
) -> ProtectedRelease:
    """`tables` with every number hidden that the rule and the proof ask for; `reason` stands in a hidden figure.

    Figures that hold no value pass through. Totals that are never hidden give way where nothing else protects a number;
    then, where a `zeros_note` is given, zeros may be hidden too and every table carries that note. Raises
    `UitstroomError`, naming cells and never numbers, where a number cannot be protected or where the attacker and the
    certificate do not agree that all are.
    """
    reasons = reason if isinstance(reason, Reasons) else Reasons(reason, reason)
    told = without_oracles(tables, rule, reasons.of_list, earlier)
    refused: list[TiedCell] = []
    for step in _ladder(rule, refused, zeros=zeros_note is not None):
        shown = [_noted(table, zeros_note, step) for table in told]
        linked = Linked.of(shown, step, earlier, parents)
        refusable = zeros_note is not None and step.zeros == "shown"
        attempt = _attempted(linked, earlier, effort, progress, refusable)
        if not attempt.refused:
            return _release(shown, linked, attempt, reasons)
        refused[:] = [linked.sheet.cells[cell] for cell in attempt.refused]
    raise _refusal(refused, earlier)


def _ladder(rule: Rule, refused: Sequence[TiedCell], *, zeros: bool) -> Iterator[Rule]:
    """What is tried in turn; `refused` holds the cells for which the step before did not do.

    What must stand gives way before zeros where that can help: totals to a difference, forms to an undivided number.
    """
    step: Rule | None = rule
    while step is not None:
        yield step
        step = _looser(step, refused, zeros=zeros)


def _looser(rule: Rule, refused: Sequence[TiedCell], *, zeros: bool) -> Rule | None:
    if rule.keep_totals and any(cell.difference for cell in refused):
        return replace(rule, keep_totals=False, keep_forms=False)
    if rule.keep_forms and any(not cell.name.line.by for cell in refused):
        return replace(rule, keep_forms=False)
    if zeros and rule.zeros == "shown":
        return replace(rule, zeros="hidden")
    return replace(rule, keep_forms=False) if rule.keep_forms else None


@dataclass(frozen=True)
class _Attempt:
    """A pattern, the cells it leaves open, and those that earlier releases had opened already."""

    protection: Protection | None
    refused: tuple[int, ...] = ()
    open_before: tuple[int, ...] = ()


def _attempted(
    linked: Linked, earlier: Sequence[Released], effort: int, progress: Progress, refusable: bool
) -> _Attempt:
    if not linked.sheet.cells:
        return _Attempt(None)
    protection, refused = _protected(linked.cells(), effort, progress, refusable)
    if not refused or not earlier:
        return _Attempt(protection, refused)
    before = linked.open_before(earlier, progress)
    if not before.intersection(refused):
        return _Attempt(protection, refused)
    protection, refused = _protected(linked.cells(before), effort, progress, refusable)
    return _Attempt(protection, refused, tuple(sorted(before)))


def _protected(cells: Cells, effort: int, progress: Progress, refusable: bool) -> tuple[Protection, tuple[int, ...]]:
    """A pattern, and the cells that its certificate or the attacker says it leaves open.

    Where it is `refusable` (something else is tried next) and proves too little, it is not attacked as well.
    """
    protection = protect_cells(cells, effort, progress, refusable=refusable)
    refused = protection.verdict.disclosed
    if not (refusable and refused.any()):
        refused = refused | disclosed(cells, protection.hidden, progress)
    return protection, tuple(int(cell) for cell in np.flatnonzero(refused))


def _release(tables: Sequence[Table], linked: Linked, attempt: _Attempt, reasons: Reasons) -> ProtectedRelease:
    hidden: dict[Quantity, SecretKind] = {}
    if (protection := attempt.protection) is not None:
        for quantity, cell in sorted(linked.place.items()):
            if protection.hidden[cell]:
                hidden[quantity] = "primary" if protection.cells.sensitive[cell] else "secondary"
    printed = tuple(
        _printed(table, told, hidden, reasons) for table, told in zip(tables, linked.told, strict=True)
    )  # fmt: skip
    zeros_hidden = linked.rule.zeros == "hidden"
    released = Released.of(printed, tables, linked.parents, zeros_hidden)
    words = tuple(linked.sheet.cells[cell].words() for cell in attempt.open_before)
    return ProtectedRelease(printed, hidden, protection, released, zeros_hidden, words)


def _noted(table: Table, note: Text | None, rule: Rule) -> Table:
    """A table that says that a hidden number can be 0, where it can."""
    if note is None or rule.zeros == "shown":
        return table
    return replace(table, notes=(*table.notes, Note(ZEROS_HIDDEN, note)))


def _refusal(cells: Sequence[TiedCell], earlier: Sequence[Released]) -> UitstroomError:
    todo = "merge it with another row, leave out a breakdown, or allow a total above it to be hidden (never_hide)"
    return UitstroomError.of(
        [Problem("this number cannot be protected", _where(cell, earlier), todo) for cell in cells[:_MOST]]
    )


def _where(cell: TiedCell, earlier: Sequence[Released]) -> str:
    """The number in words, and the earlier releases that stand in its way."""
    line = replace(cell.name.line, by=())
    told = {one.name: {replace(number.quantity.line, by=()) for number in one.numbers} for one in earlier if one.name}
    names = [name for name, lines in told.items() if line in lines]
    before = f"; published before: {', '.join(names)}" if names else ""
    said = "what follows from printed numbers, " if cell.difference else ""
    return f"{said}{cell.words()}{before}"


def _printed(table: Table, told: Sequence[Number], hidden: Mapping[Quantity, SecretKind], reasons: Reasons) -> Table:
    secret: dict[int, set[str]] = defaultdict(set)
    for number in told:
        if number.quantity in hidden and number.place != "zero":
            secret[number.figure].add(number.place)
    figures = tuple(
        _veiled_figure(figure, secret[place], reasons) if place in secret else figure
        for place, figure in enumerate(table.figures)
    )
    return replace(table, figures=figures, scope=replace(table.scope, protected=True))


def _veiled_figure(figure: Figure, secret: set[str], reasons: Reasons) -> Figure:
    maturity = figure.maturity and _veiled(figure.maturity, secret)
    boxes = () if figure.provisional else ("followed", "at_work", "not_at_work")
    if figure.status != "value" or not secret & {"value", "numerator", "base", "rest", *boxes}:
        return replace(figure, maturity=maturity, bounds=None)
    bare = replace(figure, value=None, numerator=None, base=None, bounds=None, maturity=maturity)
    return replace(bare, status="suppressed", reason=reasons.of(figure))


def _veiled(maturity: Maturity, secret: set[str]) -> Maturity:
    boxes = {item.name: getattr(maturity, item.name) for item in fields(maturity)}
    return Maturity(**{name: None if name in secret else count for name, count in boxes.items()})
