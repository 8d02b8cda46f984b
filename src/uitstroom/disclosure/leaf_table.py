"""A table of leaf counts in a file: read, made into cells, and written again with what must not be known left out."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from uitstroom.disclosure.cells import OPEN, Cells, Flags, Integers
from uitstroom.disclosure.leaves import Grid, Tree
from uitstroom.disclosure.rule import Rule
from uitstroom.errors import UitstroomError
from uitstroom.text import rounded_percentage

SUMMED = "*"
_WORK = "at work"


@dataclass(frozen=True)
class LeafTable:
    """Counts of the finest cells, and with `at_work` one dimension more: at work or not, of which *not* is virtual."""

    dimensions: tuple[tuple[str, ...], ...]
    grid: Grid
    values: Integers
    at_work: bool

    @property
    def columns(self) -> list[str]:
        return [column for dimension in self.dimensions for column in dimension]

    def cells(self, rule: Rule) -> Cells:
        """The cells with every equation, sensitive by `rule`."""
        kind = np.indices(self.grid.shape)[-1].ravel() if self.at_work else np.zeros(self.grid.count, dtype=np.int64)
        virtual = kind == 1
        counted = np.where(kind == 0, self.values, np.repeat(self.values[::3], 3) if self.at_work else self.values)
        group = (kind > 0) & (rule.group == "hide") & (counted > 0) & (self.values == 0)
        sensitive = rule.sensitive(self.values) | group
        floor = np.where((kind > 0) & (rule.group == "hide") | virtual, 0, rule.least).astype(np.int64)
        fixed = (self.values == 0) & ~virtual & ~group | (virtual & (counted == 0))
        if rule.keep_totals and not sensitive[0]:
            fixed[0] = True
        demands = tuple(
            rule.demand(cell, int(self.values[cell]), int(floor[cell])) for cell in np.flatnonzero(sensitive).tolist()
        )
        rows = self.grid.sums()
        zeros = np.zeros(rows.shape[0], dtype=np.int64)
        weight = np.where(virtual, 0.0, rule.weight(self.values))
        ceiling = np.full(self.grid.count, OPEN, dtype=np.int64)
        return Cells(self.values, rows, zeros, zeros, floor, ceiling, fixed, virtual, weight, demands, self.grid)

    def label(self, cell: int) -> list[str]:
        """The codes of a cell, one per column, `*` where summed over."""
        nodes = np.unravel_index(cell, self.grid.shape)
        paths = [tree.nodes[int(node)] for tree, node in zip(self.grid.trees, nodes, strict=True)]
        pairs = zip(self.dimensions, paths, strict=False)
        return [path[depth] if depth < len(path) else SUMMED for names, path in pairs for depth in range(len(names))]

    def name(self, cell: int) -> str:
        """The cell in words: `region=r.0, sex=*`."""
        suffix = f" ({('all', 'not at work', 'at work')[cell % 3]})" if self.at_work else ""
        return (
            ", ".join(f"{column}={code}" for column, code in zip(self.columns, self.label(cell), strict=True)) + suffix
        )

    def written(self, hidden: Flags, sensitive: Flags | None = None) -> Iterator[list[str]]:
        """One row per cell, header first; with `sensitive` a hidden cell tells whether it is primary or secondary.

        A rate is printed exactly where base and numerator are both published.
        """
        rates = ["at_work", "at_work_status", "rate"] if self.at_work else []
        yield [*self.columns, "value", "status", *rates]
        step = 3 if self.at_work else 1
        for cell in range(0, self.grid.count, step):
            row = [*self.label(cell), *self._printed(cell, hidden, sensitive)]
            if self.at_work:
                row += [*self._printed(cell + 2, hidden, sensitive), self._rate(cell, hidden)]
            yield row

    def _printed(self, cell: int, hidden: Flags, sensitive: Flags | None) -> list[str]:
        if not hidden[cell]:
            return [str(int(self.values[cell])), "published"]
        return ["", "hidden" if sensitive is None else ("primary" if sensitive[cell] else "secondary")]

    def _rate(self, cell: int, hidden: Flags) -> str:
        if hidden[cell] or hidden[cell + 2] or self.values[cell] == 0:
            return ""
        return str(rounded_percentage(int(self.values[cell + 2]), int(self.values[cell])))


def read_leaves(
    path: Path, count: str, hierarchies: Sequence[Sequence[str]], dims: Sequence[str], at_work: str | None = None
) -> LeafTable:
    """The leaf counts in a CSV file (also `.gz`); every column but the counts must be named in one dimension.

    Rows with the same codes are added. Raises `UitstroomError` naming the line, never the number on it.
    """
    dimensions = tuple(tuple(part) for part in (*hierarchies, *((dim,) for dim in dims)))
    records = _records(path, [*(c for part in dimensions for c in part), count, *([at_work] if at_work else [])])
    paths = [[tuple(record[column] for column in part) for record in records] for part in dimensions]
    counts = np.array([_count(record[count], path, line) for line, record in enumerate(records, 2)], dtype=np.int64)
    if at_work is None:
        grid = Grid(tuple(Tree.of(part, column) for part, column in zip(dimensions, paths, strict=True)))
        return LeafTable(dimensions, grid, grid.margins(paths, counts), False)
    working = np.array([_count(record[at_work], path, line) for line, record in enumerate(records, 2)], dtype=np.int64)
    _refuse_more_at_work(path, counts, working)
    kinds = [("0",)] * len(records) + [("1",)] * len(records)
    doubled = [[*column, *column] for column in paths] + [kinds]
    trees = [Tree.of(part, column) for part, column in zip((*dimensions, (_WORK,)), doubled, strict=True)]
    grid = Grid(tuple(trees))
    return LeafTable(dimensions, grid, grid.margins(doubled, np.concatenate([counts - working, working])), True)


def _refuse_more_at_work(path: Path, counts: Integers, working: Integers) -> None:
    if (lines := np.flatnonzero(working > counts)).size:
        raise UitstroomError("more are at work than were counted", where=f"{path}, line {int(lines[0]) + 2}")


def _records(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        records = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UitstroomError("this file cannot be read as CSV in UTF-8", where=str(path)) from error
    known = reader.fieldnames or []
    if missing := [column for column in columns if column not in known]:
        raise UitstroomError(f"there is no column {missing[0]!r}", where=str(path), todo=f"columns: {', '.join(known)}")
    if twice := [column for column in columns if columns.count(column) > 1]:
        raise UitstroomError(f"column {twice[0]!r} is named twice", where=str(path))
    if not records:
        raise UitstroomError("this file has no rows", where=str(path))
    for line, record in enumerate(records, 2):
        if any(record[column] is None or record[column] == SUMMED for column in columns):
            raise UitstroomError("a leaf row is too short or holds a total", where=f"{path}, line {line}")
    return records


def _count(text: str, path: Path, line: int) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or len(text.strip()) > 12:
        raise UitstroomError("a count must be a whole number, 0 or more", where=f"{path}, line {line}")
    return int(text)


def write_cells(path: Path, table: LeafTable, hidden: Flags, sensitive: Flags | None = None) -> None:
    """Write every cell as CSV, whole or not at all."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table.written(hidden, sensitive))
    part = path.with_name(f".{path.name}.part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(path)
