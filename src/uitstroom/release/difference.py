"""What changed between two releases, cell by cell: what it was, what it is, and how much each cause makes of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Figure
from uitstroom.release.figures_file import FiguresFile
from uitstroom.release.folder import Release
from uitstroom.text import Text, listing

Cause = Literal[
    "late_registration", "correction", "removal", "definition", "protection", "new_data", "new_cell", "gone", "register"
]  # fmt: skip
Key = tuple[str, str, str | None, str, tuple[tuple[str, str], ...]]
"""Table, indicator, instrument (None: the total), period, breakdown."""


@dataclass(frozen=True)
class Amount:
    """How much one cause makes of a difference: of a count its value, of a rate its numerator and base."""

    cause: Cause
    value: int = 0
    numerator: int = 0
    base: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            self.cause, self.value + other.value, self.numerator + other.numerator, self.base + other.base
        )  # fmt: skip

    @property
    def is_nothing(self) -> bool:
        return not (self.value or self.numerator or self.base)


Explain = Callable[[Key, Figure, Figure], Sequence[Amount]]


@dataclass(frozen=True)
class Change:
    """A cell that differs; `before` or `after` is None where one release does not have it.

    Where both have a value, the `amounts` add up to the difference. They are internal: an amount can be one person.
    """

    key: Key
    before: Figure | None
    after: Figure | None
    causes: tuple[Cause, ...]
    amounts: tuple[Amount, ...] = ()

    def said(self, catalogue: Catalogue) -> Text:
        """Why, in words."""
        return listing(catalogue.word(f"cause.{cause}") for cause in self.causes)


def difference(before: Figure, after: Figure) -> Amount | None:
    """By how much two values differ; None where one is no value."""
    if before.status != "value" or after.status != "value" or before.kind != after.kind:
        return None
    if after.kind == "count":
        return Amount("register", value=int(after.value or 0) - int(before.value or 0))
    return Amount(
        "register", 0, (after.numerator or 0) - (before.numerator or 0), (after.base or 0) - (before.base or 0)
    )  # fmt: skip


def changes(older: Path, newer: Path, explain: Explain | None = None) -> list[Change]:
    """Every cell that differs between two release folders, in the order of the newer.

    `explain` looks into the register for how much each cause makes of a changed value.
    """
    old, new = (Release.read(folder).figures for folder in (older, newer))
    before, after = dict(_keyed(old)), dict(_keyed(new))
    known = min(old.schema, new.schema)
    return [
        _change(key, before.get(key), after.get(key), explain)
        for key in [*after, *(key for key in before if key not in after)]
        if _told(before.get(key), known) != _told(after.get(key), known)
    ]


CSV_COLUMNS = (
    "table", "indicator", "instrument", "period", "by", "status_before", "value_before", "numerator_before",
    "base_before", "status_after", "value_after", "numerator_after", "base_after", "difference", "cause_nl", "cause_en",
)  # fmt: skip
"""The columns of the revision that can be published beside a newer release: it says nothing that both do not."""


def as_csv(changed: Sequence[Change], catalogue: Catalogue) -> str:
    """The changes as CSV, one row per cell: what was told, what is told now, by how much it differs, and why."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in changed:
        name, indicator, instrument, period, by = one.key
        codes = " ".join(f"{dimension}={code}" for dimension, code in by)
        cause = one.said(catalogue)
        row = [name, indicator, instrument, period, codes, *_cells(one.before), *_cells(one.after)]
        writer.writerow([*row, _printed_difference(one), cause["nl"], cause["en"]])
    return out.getvalue()


def _cells(figure: Figure | None) -> list[Any]:
    return [getattr(figure, name, None) for name in ("status", "value", "numerator", "base")]


def _printed_difference(change: Change) -> Any:
    """Of the printed values: of a rate in percentage points."""
    before, after = change.before, change.after
    if before is None or after is None or before.value is None or after.value is None:
        return None
    return after.value - before.value


def _keyed(file: FiguresFile) -> Iterator[tuple[Key, Figure]]:
    for name, table in zip(file.names, file.tables, strict=True):
        for figure in table.figures:
            by = tuple(sorted(figure.by.items()))
            yield (name, figure.indicator, figure.instrument, figure.period.code, by), figure


def _told(figure: Figure | None, schema: int) -> tuple[Any, ...] | None:
    """What a reader of the cell is told; a key that the older schema did not have is no difference."""
    if figure is None:
        return None
    names = ("status", "value", "numerator", "base", "maturity", "provisional", "known_on")
    defined = None if figure.kind == "count" and schema < 2 else figure.definition
    return (*(getattr(figure, name) for name in names), defined)


def _change(key: Key, before: Figure | None, after: Figure | None, explain: Explain | None) -> Change:
    if before is None or after is None:
        return Change(key, before, after, ("new_cell",) if before is None else ("gone",))
    seen = list(_seen(before, after))
    if not (whole := difference(before, after)):
        return Change(key, before, after, tuple(seen) or ("register",))
    amounts = _adding_up(whole, explain(key, before, after) if explain else (), seen)
    causes = dict.fromkeys([*seen, *(amount.cause for amount in amounts)])
    return Change(key, before, after, tuple(causes) or ("register",), amounts)


def _seen(before: Figure, after: Figure) -> Iterator[Cause]:
    """The causes that the two cells themselves show."""
    parts = ("work_types", "horizon", "event", "cohort", "anchor")
    defined = before.definition and after.definition and before.definition != after.definition
    if defined or any(getattr(before, part) != getattr(after, part) for part in parts):
        yield "definition"
    if (before.status == "suppressed") != (after.status == "suppressed"):
        yield "protection"
    if before.status == "not_yet_known" != after.status or before.provisional != after.provisional:
        yield "new_data"


def _adding_up(whole: Amount, explained: Sequence[Amount], seen: Sequence[Cause]) -> tuple[Amount, ...]:
    """The amounts with what is left of the difference: it is the definition's, or nothing explains it."""
    by_cause: dict[Cause, Amount] = {}
    for amount in explained:
        by_cause[amount.cause] = by_cause.get(amount.cause, Amount(amount.cause)) + amount
    left: Cause = next((cause for cause in seen if cause == "definition"), "register")
    rest = Amount(
        left,
        whole.value - sum(one.value for one in by_cause.values()),
        whole.numerator - sum(one.numerator for one in by_cause.values()),
        whole.base - sum(one.base for one in by_cause.values()),
    )
    by_cause[left] = by_cause.get(left, Amount(left)) + rest
    return tuple(amount for amount in by_cause.values() if not amount.is_nothing)
