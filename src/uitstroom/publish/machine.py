"""JSON and CSV for machines: every figure with all its keys, never an empty cell without its status."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from uitstroom.disclosure import Publishable

CSV_COLUMNS = (
    "indicator", "instrument", "group", "period", "unit", "kind", "status", "value", "numerator", "base", "cohort",
    "anchor", "horizon", "event", "work_types", "definition", "reason_nl", "reason_en", "missing", "known_on",
    "provisional", "break", "leaves_out", "additive", "as_known_on", "snapshot", "protected", "synthetic",
)  # fmt: skip
"""The columns of the CSV; one more column `by_<dimension>` stands behind `period` for each breakdown."""


def as_json(publishable: Publishable) -> str:
    """One document: the scope, every figure with all keys of section 8, and the notes (docs/figures.schema.json)."""
    tables = list(publishable)
    notes = {note.code + note.text.en: note for table in tables for note in table.notes}
    body = {
        "scope": tables[0].scope.as_json(),
        "figures": [figure.as_json() for table in tables for figure in table.figures],
        "notes": [{"code": n.code, "text": {"nl": n.text.nl, "en": n.text.en}} for n in notes.values()],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def as_csv(publishable: Publishable) -> str:
    """One row per figure; a dimension that a figure is not broken down by is empty: that is its total."""
    dimensions = list(dict.fromkeys(code for table in publishable for code in table.by))
    header = [*CSV_COLUMNS[:4], *(f"by_{code}" for code in dimensions), *CSV_COLUMNS[4:]]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    for table in publishable:
        scope = table.scope.as_json()
        for figure in table.figures:
            writer.writerow(_row(figure.as_json(), scope, dimensions))
    return out.getvalue()


def _row(figure: dict[str, Any], scope: dict[str, Any], dimensions: list[str]) -> dict[str, Any]:
    reason = figure["reason"] or {"nl": None, "en": None}
    special = {
        "reason_nl": reason["nl"],
        "reason_en": reason["en"],
        **{f"by_{code}": figure["by"].get(code) for code in dimensions},
        "unit": "+".join(figure["units"]),
    }
    plain = {key: {**scope, **figure}[key] for key in CSV_COLUMNS if key not in special}
    return {key: _flat(value) for key, value in {**plain, **special}.items()}


def _flat(value: Any) -> Any:
    if isinstance(value, dict):
        return " ".join(f"{key}={part}" for key, part in value.items() if part not in (None, False))
    if isinstance(value, list):
        return " ".join(map(str, value))
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
