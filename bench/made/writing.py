"""Writes the files of the deliveries: DuckDB's rows straight into Parquet or CSV."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any, Literal

import duckdb

from bench.made.size import Size
from uitstroom.sql import parquet, path_literal

Format = Literal["parquet", "csv"]
_HERE = Path(__file__).parent
_ROWS_PER_FILE = {"action": 10_000_000, "spell": 30_000_000}
_COPY = {
    "parquet": "copy (${rows}) to ${path} (format parquet, compression zstd)",
    "csv": "copy (${rows}) to ${path} (format csv, header true)",
}


def write_full(folder: Path, size: Size, format: Format) -> None:  # noqa: A002
    """A full delivery of that size in a new folder, in files of bounded size, the rows in order of their id."""
    folder.mkdir(parents=True)
    names: dict[str, list[str]] = {}
    with duckdb.connect() as connection:
        for table, rows in (("action", size.actions), ("spell", size.spells)):
            names[table] = []
            for number, first in enumerate(range(1, rows + 1, _ROWS_PER_FILE[table])):
                names[table].append(f"{table}-{number:03d}.{format}")
                span = {"first": first, "last": min(rows + 1, first + _ROWS_PER_FILE[table])}
                _copy(connection, _text(f"{table}.sql", **size.drawn_with, **span), folder / names[table][-1], format)
    _write_manifest(folder, names, kind="full", delivered_on="2020-04-15", complete_until="2020-03-31")


def write_changes(folder: Path, of: Path, size: Size) -> None:
    """A delivery of changes to the full Parquet delivery `of`: the rows of one person in a hundred, in a new folder."""
    folder.mkdir(parents=True)
    sources = {f"{table}s_of": parquet(sorted(of.glob(f"{table}-*.parquet"))) for table in ("action", "spell")}
    with duckdb.connect() as connection:
        for table in ("action", "spell"):
            rows = _text(f"changed_{table}.sql", **size.drawn_with, **sources)
            _copy(connection, rows, folder / f"{table}.parquet", "parquet")
    names = {"action": ["action.parquet"], "spell": ["spell.parquet"]}
    _write_manifest(folder, names, kind="changes", delivered_on="2020-05-15", complete_until="2020-04-30")


def _text(name: str, **values: object) -> str:
    return Template((_HERE / name).read_text(encoding="utf-8")).substitute(values)


def _copy(connection: Any, rows: str, path: Path, format: Format) -> None:  # noqa: A002
    connection.execute(Template(_COPY[format]).substitute(rows=rows, path=path_literal(path)))


def _write_manifest(folder: Path, names: dict[str, list[str]], **values: str) -> None:
    files = {f"{table}_files": ", ".join(f'"{name}"' for name in names[table]) for table in names}
    (folder / "delivery.toml").write_text(_text("delivery.toml", **values, **files), encoding="utf-8")
