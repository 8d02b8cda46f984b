"""Small deliveries, written the way a service writes them, and a look at what the store made of them."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from uitstroom.catalogue import Catalogue
from uitstroom.registers import LoadReport, PartFiles, Snapshot, Store, standing
from uitstroom.registers.columns import columns
from uitstroom.sql import identifier, parquet

CATALOGUE = Catalogue.load()
DELIVERED = datetime.date(2017, 11, 15)
COMPLETE = {"action": ("2016-01-01", "2017-11-10"), "spell": ("2016-01-01", "2017-10-31")}
Row = Mapping[str, object]


def action(action_id: str, **values: object) -> dict[str, object]:
    """An IBO of person 1 from 15 January to 14 April 2017, completed."""
    return {
        "action_id": action_id, "instrument": "ibo", "person_id": "1", "employer_id": "E1", "start_date": "2017-01-15",
        "planned_end_date": "2017-04-14", "end_date": "2017-04-14", "end_reason": "completed", **values,
    }  # fmt: skip


def spell(spell_id: str, **values: object) -> dict[str, object]:
    """Ordinary work of person 1 from 15 April 2017 on."""
    return {
        "spell_id": spell_id, "person_id": "1", "employer_id": "E1", "work_type": "OTH", "start_date": "2017-04-15",
        "end_date": "", **values,
    }  # fmt: skip


def names(table: str) -> list[str]:
    """The columns of a table that a delivery can have."""
    return [column.name for column in columns(table, CATALOGUE)]


def manifest(tables: Iterable[str], *, kind: str = "full", delivered_on: datetime.date = DELIVERED,
             person: str = "pseudonym", extra: str = "", form: str = "csv",
             complete: Mapping[str, tuple[str, str]] = COMPLETE) -> str:  # fmt: skip
    """The text of a delivery.toml whose tables are each in one file of their name."""
    parts = [f'delivered_on = {delivered_on}\nkind = "{kind}"\nperson = "{person}"\n{extra}']
    for table in tables:
        parts.append(f'[tables.{table}]\nfiles = ["{table}.{form}"]')
        if table in complete:
            parts.append("complete_from = {}\ncomplete_until = {}".format(*complete[table]))
    return "\n".join(parts) + "\n"


def deliver(folder: Path, tables: Mapping[str, Iterable[Row]], **said: Any) -> Path:
    """Write a delivery of rows; keyword arguments are those of `manifest`. Returns its folder."""
    folder.mkdir(parents=True)
    (folder / "delivery.toml").write_text(manifest(tables, **said), encoding="utf-8")
    for table, rows in tables.items():
        write(folder / f"{table}.csv", table, rows)
    return folder


def write(path: Path, table: str, rows: Iterable[Row], **dialect: Any) -> None:
    """Write rows as CSV with every column of the contract, and `operation` where a row has one."""
    listed = list(rows)
    extra = sorted({name for row in listed for name in row} - set(names(table)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names(table) + extra, lineterminator="\n", **dialect)
        writer.writeheader()
        writer.writerows(listed)


def load(store: Path, delivery: Path, **options: Any) -> LoadReport:
    """Load with the built-in catalogue, and hold the sum that always holds."""
    report = Store(store).load(delivery, CATALOGUE, **options)
    for table, delivered in report.delivered.items():
        assert report.loaded[table] + report.quarantined[table] == delivered
    for table, rows in report.snapshot.rows.items():
        assert rows + report.snapshot.quarantined[table] == report.snapshot.delivered[table]
        assert rows == len(stored(report.snapshot, table))
    return report


def stored(snapshot: Snapshot, table: str) -> dict[str, dict[str, Any]]:
    """The rows of a table of a snapshot by their key, without the columns that are empty."""
    found: dict[str, dict[str, Any]] = {}
    with duckdb.connect() as connection:
        for part in snapshot.parts(table):
            rows = rows_of(connection, part)
            key = next(iter(rows[0])) if rows else ""
            assert found.keys().isdisjoint(row[key] for row in rows)
            assert len({row[key] for row in rows}) == len(rows)
            for row in rows:
                found[row[key]] = {name: value for name, value in row.items() if value is not None}
    return found


def rows_of(connection: Any, part: PartFiles) -> list[dict[str, Any]]:
    """The rows of a partition that stand."""
    if not part.base:
        return []
    titles = [row[0] for row in connection.execute(f"describe from {parquet(part.base[:1])}").fetchall()]
    base, *deltas = [f"(from {parquet(paths)})" for paths in (part.base, *([delta] for delta in part.deltas))]
    sql = standing({identifier(name): identifier(name) for name in titles}, titles[0], base, deltas)
    return [dict(zip(titles, row, strict=True)) for row in connection.execute(sql).fetchall()]


def faults(report: LoadReport) -> set[tuple[str, int, str, str]]:
    """File, line, column and rule of every fault in the quarantine delivery."""
    assert report.quarantine
    with (report.quarantine / "faults.csv").open(encoding="utf-8", newline="") as file:
        return {(row["file"], int(row["line"]), row["column"], row["rule"]) for row in csv.DictReader(file)}
