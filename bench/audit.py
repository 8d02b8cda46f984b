"""How long a stranger's look takes: `python -m bench.audit --cells 50000`.

A table of two hierarchies and two dimensions, made from a seed, of which every small count and one more of each family
is hidden; the look says of each whether it is safe.
"""

from __future__ import annotations

import csv
import itertools
import json
import resource
import tempfile
import time
from pathlib import Path
from random import Random

import click

CODES = (("low", "medium", "high"), ("F", "M"))


@click.command()
@click.option("--cells", default=50_000, show_default=True, help="About how many cells.")
@click.option("--seed", default=1, show_default=True)
@click.option("--threshold", default=4, show_default=True)
def main(cells: int, seed: int, threshold: int) -> None:
    """Print cells, hidden cells, what was found, seconds and memory as JSON."""
    from uitstroom.audit import Terms, look_at_tables
    from uitstroom.audit.table_file import NumberColumns

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        made = _write(path, cells, Random(seed), threshold)  # noqa: S311
        begun = time.perf_counter()
        seen = look_at_tables([path], NumberColumns(), Terms(threshold))
        found = {
            "cells": made, "hidden": seen.hidden, "unsafe": len(seen.unsafe), "undecided": seen.undecided,
            "seconds": round(time.perf_counter() - begun, 1),
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }  # fmt: skip
    click.echo(json.dumps(found))


def _write(path: Path, cells: int, chance: Random, threshold: int) -> int:
    """Write every margin of a random table, and hide; returns how many rows there are."""
    towns = max(2, round(cells / 12 / 1.1))
    leaves = {
        (f"d{town // 10}", f"t{town}", level, sex): int(chance.paretovariate(0.8) * 2) - 1
        for town in range(towns)
        for level, sex in itertools.product(*CODES)
    }
    sums: dict[tuple[str, ...], int] = {}
    for (district, town, level, sex), count in leaves.items():
        places = ((district, town), (district, "*"), ("*", "*"))
        for place, one, other in itertools.product(places, (level, "*"), (sex, "*")):
            sums[*place, one, other] = sums.get((*place, one, other), 0) + count
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["district", "town", "level", "sex", "value"])
        for codes, count in sums.items():
            hidden = 0 < count < threshold or (count and "*" not in codes and chance.random() < 0.3)
            writer.writerow([*codes, "x" if hidden else count])
    return len(sums)


if __name__ == "__main__":
    main()
