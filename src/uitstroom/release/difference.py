"""What changed between two releases, cell by cell, and why, in words that tell nothing about persons."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.release.figures_file import FIGURES
from uitstroom.text import Text, listing

Cause = Literal[
    "late_registration", "correction", "removal", "definition", "protection", "new_data", "new_cell", "gone", "register"
]  # fmt: skip
Key = tuple[str, str, str | None, str, tuple[tuple[str, str], ...]]
"""Table, indicator, instrument (None: the total), period, breakdown."""
Explain = Callable[[Key, Mapping[str, Any], Mapping[str, Any]], tuple[Cause, ...]]


@dataclass(frozen=True)
class Change:
    """A cell that differs; `before` or `after` is None where one release does not have it."""

    key: Key
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    causes: tuple[Cause, ...]

    def said(self, catalogue: Catalogue) -> Text:
        """Why, in words."""
        return listing(catalogue.word(f"cause.{cause}") for cause in self.causes)


def changes(older: Path, newer: Path, explain: Explain | None = None) -> list[Change]:
    """Every cell that differs between two release folders, in the order of the newer.

    `explain` looks into the register for the causes of a changed value; without it they are `register`.
    """
    before, after = _cells(older), _cells(newer)
    return [
        Change(key, before.get(key), after.get(key), _causes(key, before.get(key), after.get(key), explain))
        for key in [*after, *(key for key in before if key not in after)]
        if _told(before.get(key)) != _told(after.get(key))
    ]


CSV_COLUMNS = (
    "table", "indicator", "instrument", "period", "by", "status_before", "value_before", "status_after", "value_after",
    "cause_nl", "cause_en",
)  # fmt: skip
"""The columns of the revision that can be published beside a newer release."""


def as_csv(changed: Sequence[Change], catalogue: Catalogue) -> str:
    """The changes as CSV, one row per cell: what was told, what is told now, and why, in words."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for one in changed:
        name, indicator, instrument, period, by = one.key
        codes = " ".join(f"{dimension}={code}" for dimension, code in by)
        told = [(figure or {}).get(key) for figure in (one.before, one.after) for key in ("status", "value")]
        cause = one.said(catalogue)
        writer.writerow([name, indicator, instrument, period, codes, *told, cause["nl"], cause["en"]])
    return out.getvalue()


def _cells(release: Path) -> dict[Key, Mapping[str, Any]]:
    file = release / FIGURES
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UitstroomError(
            "the figures of this release cannot be read", where=str(file), todo="give a release folder"
        ) from None
    return dict(_keyed(content))


def _keyed(content: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    for table in content["tables"]:
        for figure in content["figures"][table["first"] : table["first"] + table["count"]]:
            by = tuple(sorted(figure["by"].items()))
            yield (table["name"], figure["indicator"], figure["instrument"], figure["period"], by), figure


def _told(figure: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """What a reader of the cell is told."""
    if figure is None:
        return None
    keys = ("status", "value", "numerator", "base", "maturity", "definition", "provisional", "known_on")
    return tuple(json.dumps(figure[key], sort_keys=True) for key in keys)


def _causes(
    key: Key, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, explain: Explain | None
) -> tuple[Cause, ...]:
    if before is None or after is None:
        return ("new_cell",) if before is None else ("gone",)
    found: list[Cause] = []
    if any(
        before[part] != after[part] for part in ("definition", "work_types", "horizon", "event", "cohort", "anchor")
    ):
        found.append("definition")
    if (before["status"] == "suppressed") != (after["status"] == "suppressed"):
        found.append("protection")
    if before["status"] == "not_yet_known" != after["status"] or before["provisional"] != after["provisional"]:
        found.append("new_data")
    if not found and explain is not None:
        found.extend(explain(key, before, after))
    return tuple(found) or ("register",)
