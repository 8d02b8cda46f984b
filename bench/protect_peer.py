"""gconfid (Statistics Canada) on one table, run by the Python in which it is installed: FOLDER with cells.csv and
constraints.csv; writes hidden.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from gconfid import Suppression  # type: ignore[import-not-found]


def main(folder: Path) -> None:
    """Each sensitive cell asks for what it is short of the threshold, or for its count where that is less."""
    cells, constraints = pd.read_csv(folder / "cells.csv"), pd.read_csv(folder / "constraints.csv")
    numbers = {"Total": float, "TotalNoise": float, "Sensitivity": float}
    cells, constraints = cells.astype(numbers), constraints.astype({"Coefficient": float})
    made = Suppression(incell=cells, inconstraint=constraints, cost_function1="Size", cost_function2="Information")
    pattern = made.outsuppress if isinstance(made.outsuppress, pd.DataFrame) else made.outsuppress.to_pandas()
    pattern.loc[pattern["OutStatus"].isin(["X", "S"]), ["CellId"]].to_csv(folder / "hidden.csv", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
