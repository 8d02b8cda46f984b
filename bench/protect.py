"""How many cells protection hides, and how long it takes: `python -m bench.protect --folder FOLDER --json TABLE…`.

Each table and method runs in a process of its own, so that its memory is its own. Every pattern, also a peer's, is put
through this program's attacker. `--gconfid PYTHON` adds a peer, in an environment of its own (`pip install gconfid`).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

if TYPE_CHECKING:
    from uitstroom.disclosure.cells import Cells

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
@click.option("--folder", type=click.Path(path_type=Path, exists=True), required=True, help="Where S1e2 to S1e5 lie.")
@click.option("--method", "methods", multiple=True, type=click.Choice(METHODS), default=METHODS, show_default=True)
@click.option("--effort", default=1, show_default=True)
@click.option("--gconfid", type=click.Path(exists=True), help="The Python of an environment with gconfid.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def main(
    tables: tuple[str, ...], folder: Path, methods: tuple[str, ...], effort: int, gconfid: str | None, as_json: bool
) -> None:
    """Protect TABLES (S1e2 to S1e5; default: all four) and print what it took."""
    for table in tables or tuple(HIERARCHIES):
        for method in methods:
            command = [sys.executable, "-m", "bench.protect_one", str(folder), table, method, str(effort)]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
            click.echo(json.dumps(result) if as_json else "  ".join(f"{key} {value}" for key, value in result.items()))
        if gconfid:
            result = peer(folder, table, gconfid)
            click.echo(json.dumps(result) if as_json else "  ".join(f"{key} {value}" for key, value in result.items()))


def _cells(folder: Path, name: str, method: str) -> Cells:
    from uitstroom.disclosure.leaf_table import read_leaves
    from uitstroom.disclosure.rule import Rule

    path = next(path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists())
    rule = Rule(THRESHOLD, "positive" if method == "positive" else "any")
    return read_leaves(path, "freq", HIERARCHIES[name], []).cells(rule)


def peer(folder: Path, name: str, python: str) -> dict[str, Any]:
    """What gconfid hides of one table, and what this program's attacker opens of it again, by what the reader knows."""
    from uitstroom.disclosure.attack import disclosed

    cells = _cells(folder, name, "any")
    with tempfile.TemporaryDirectory() as place:
        _for_peer(cells, Path(place))
        start = time.perf_counter()
        command = [python, str(Path(__file__).with_name("protect_peer.py")), place]
        subprocess.run(command, check=True, capture_output=True, env={"PATH": ""})  # noqa: S603
        seconds = time.perf_counter() - start
        hidden = np.zeros(cells.count, dtype=bool)
        hidden[np.loadtxt(Path(place) / "hidden.csv", skiprows=1, ndmin=1).astype(int) - 1] = True
    opened = {method: disclosed(_cells(folder, name, method), hidden) for method in METHODS}
    return {
        "table": name,
        "method": "gconfid",
        "cells": cells.count,
        "sensitive": int(cells.sensitive.sum()),
        "hidden": int(hidden.sum()),
        "certified": 0,
        "seconds": round(seconds, 2),
        **{f"opened_{method}": int((lost & cells.sensitive).sum()) for method, lost in opened.items()},
    }


def _for_peer(cells: Cells, place: Path) -> None:
    """Cells and sums as gconfid reads them, numbered from 1; zeros, always shown, are left out."""
    kept, status = cells.values > 0, np.where(cells.fixed, "P", np.where(cells.sensitive, "S", "V"))
    asked = np.where(cells.sensitive, np.minimum(THRESHOLD - cells.values, cells.values), 0)
    with (place / "cells.csv").open("w") as stream:
        stream.write("CellId,Total,TotalNoise,Sensitivity,Status,Type\n")
        for cell in np.flatnonzero(kept).tolist():
            value = int(cells.values[cell])
            stream.write(f"{cell + 1},{value},{value},{asked[cell]},{status[cell]},C\n")
    sums = cells.rows.tocoo()
    with (place / "constraints.csv").open("w") as stream:
        stream.write("ConstraintId,CellId,Coefficient\n")
        for row, cell, by in zip(sums.row.tolist(), sums.col.tolist(), sums.data.tolist(), strict=True):
            if kept[cell]:
                stream.write(f"{row + 1},{cell + 1},{by}\n")


def measured(folder: Path, name: str, method: str, effort: int) -> dict[str, Any]:
    """One table protected against one attacker: counts of cells, and seconds for search, check and audit."""
    from uitstroom.disclosure.attack import disclosed
    from uitstroom.disclosure.certificate import check
    from uitstroom.disclosure.protection import protect_cells

    start = time.perf_counter()
    cells = _cells(folder, name, method)
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
