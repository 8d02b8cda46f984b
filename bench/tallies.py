"""What a program printed, as a tally that can be held against another's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

Tally = dict[tuple[str, ...], tuple[int, ...]]
"""Per instrument ("" is all together) and code of each dimension: the counts. Rows of zeros are left out."""
Reading = Callable[[str], Tally]
_BOXES = ("entrants", "without_person", "not_ended", "not_counted", "not_due", "followed", "at_work")


def of_csv(keys: int) -> Reading:
    """Reads rows whose first `keys` values are texts and whose others are whole numbers."""

    def read(output: str) -> Tally:
        rows = csv.reader(io.StringIO(output))
        return _counted({tuple(row[:keys]): tuple(int(count) for count in row[keys:]) for row in rows})

    return read


def of_figures(*by: str) -> Reading:
    """Reads the JSON of `uitstroom figures`: its finest cells, and of persons those of all instruments too."""

    def read(output: str) -> Tally:
        figures: list[dict[str, Any]] = json.loads(output)["figures"]
        wanted = [each for each in figures if len(each["by"]) == len(by) and (each["instrument"] or _distinct(each))]
        return _counted({(each["instrument"] or "", *(each["by"][code] for code in by)): _counts(each)
                         for each in wanted})  # fmt: skip

    return read


def _distinct(figure: dict[str, Any]) -> bool:
    return bool(figure["indicator"] == "persons")


def _counts(figure: dict[str, Any]) -> tuple[int, ...]:
    if figure["status"] != "value":
        # Nobody in the base: an empty cell of a breakdown; any other reason makes the tallies differ, and is told.
        return (0,) if figure["base"] in (None, 0) and not (figure["maturity"] or {}).get("entrants") else (-1,)
    if figure["kind"] == "count":
        return (int(figure["value"]),)
    return tuple(int(figure["maturity"][box]) for box in _BOXES)


def _counted(tally: Tally) -> Tally:
    return {key: counts for key, counts in tally.items() if any(counts)}


def difference(first: Tally, other: Tally) -> str:
    """Where two tallies differ, in a few lines; empty when they are equal."""
    keys = sorted(key for key in {*first, *other} if first.get(key) != other.get(key))
    return "\n".join(f"{' '.join(key)}: {first.get(key)} against {other.get(key)}" for key in keys[:5])
