"""How many cells protection hides, and how long it takes: `python -m bench.protect --json TABLE…`.

Each table and method runs in a process of its own, so that its memory is its own. Every pattern, also a peer's, is put
through this program's attacker. Peers run where they are installed (`pip install pytauargus gconfid`).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

HIERARCHIES = {
    "S1e2": (["r_1"], ["i_1"], ["s_1"]),
    "S1e3": (["r_1", "r_2"], ["i_1", "i_2"], ["s_1"]),
    "S1e4": (["r_1", "r_2"], ["i_1", "i_2"], ["s_1"], ["a_1"]),
    "S1e5": (["r_1", "r_2", "r_3"], ["i_1", "i_2"], ["s_1"], ["a_1"]),
}
METHODS = ("any", "positive")
THRESHOLD = 5


@click.command()
@click.argument("tables", nargs=-1)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), default=Path("../shared/disclosure"))
@click.option("--method", "methods", multiple=True, type=click.Choice(METHODS), default=METHODS, show_default=True)
@click.option("--effort", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def main(tables: tuple[str, ...], folder: Path, methods: tuple[str, ...], effort: int, as_json: bool) -> None:
    """Protect TABLES (S1e2 to S1e5; default: all four) and print what it took."""
    for table in tables or tuple(HIERARCHIES):
        for method in methods:
            command = [sys.executable, "-m", "bench.protect_one", str(folder), table, method, str(effort)]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
            click.echo(json.dumps(result) if as_json else "  ".join(f"{key} {value}" for key, value in result.items()))


def measured(folder: Path, name: str, method: str, effort: int) -> dict[str, Any]:
    """One table protected against one attacker: counts of cells, and seconds for search, check and audit."""
    from uitstroom.disclosure.attack import disclosed
    from uitstroom.disclosure.certificate import check
    from uitstroom.disclosure.leaf_table import read_leaves
    from uitstroom.disclosure.protection import protect_cells
    from uitstroom.disclosure.rule import Rule

    path = next(path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists())
    start = time.perf_counter()
    rule = Rule(THRESHOLD, "positive" if method == "positive" else "any")
    table = read_leaves(path, "freq", HIERARCHIES[name], [])
    cells = table.cells(rule)
    protection = protect_cells(cells, effort)
    searched = time.perf_counter()
    check(cells, protection.certificate)
    checked = time.perf_counter()
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lost = disclosed(cells, protection.hidden)
    return {
        "table": name,
        "method": f"uitstroom {method}, effort {effort}",
        "cells": cells.count,
        "sensitive": int(cells.sensitive.sum()),
        "hidden": int(protection.hidden.sum()),
        "certified": int(protection.verdict.certified.sum()),
        "unprotectable": len(protection.unprotectable),
        "seconds": round(searched - start, 2),
        "rss_mb": round(rss),
        "steps": protection.steps,
        "check_seconds": round(checked - searched, 3),
        "audit_seconds": round(time.perf_counter() - checked, 2),
        "audit_disclosed": int(lost.sum()),
    }


if __name__ == "__main__":
    main()
