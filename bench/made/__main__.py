"""Command line of `bench.made`."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.made.size import SEED, Size
from bench.made.writing import write_changes, write_full


def main() -> None:
    """Write one delivery."""
    parser = argparse.ArgumentParser(prog="python -m bench.made")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--actions", type=int, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--changes", type=Path, metavar="OF")
    options = parser.parse_args()
    size = Size(options.actions, options.seed)
    if options.changes:
        write_changes(options.folder, options.changes, size)
    else:
        write_full(options.folder, size, "csv" if options.csv else "parquet")


if __name__ == "__main__":
    main()
