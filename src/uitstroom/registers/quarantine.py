"""The quarantine delivery: the rows that were not loaded, as they were delivered, to correct and load again.

Only its files hold anything of such a row, readable by their owner only; the store keeps file, line, column and rule.
"""

from __future__ import annotations

import csv
import filecmp
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from uitstroom.errors import UitstroomError
from uitstroom.registers.checks import FAULTS
from uitstroom.registers.csv_files import Block
from uitstroom.registers.delivery import MANIFEST, Delivery, Manifest
from uitstroom.registers.intake import Intake
from uitstroom.registers.sources import CsvSource, ParquetSource
from uitstroom.sql import parquet, path_literal

FAULTS_FILE = "faults.csv"
_TO_CORRECT = (
    "# faults.csv says what is wrong with each row. Correct them, say on which day they are delivered anew,",
    "# and load this folder.",
)
_TO_READ = (
    "# Nothing was loaded. faults.csv says what is wrong with each of these rows: correct them in the delivery itself,",
    "# and load that.",
)
_PIECE = 1 << 20


def list_lines(connection: Any, intakes: Mapping[str, Intake]) -> None:
    """Fill table `listed_fault`: the faults with the name of their file and the line on which their record starts."""
    connection.execute(
        "create or replace temp table fault_line (tbl varchar, file smallint, record bigint, line bigint)"
    )
    for table, intake in intakes.items():
        for number, source in enumerate(intake.sources):
            if isinstance(source, ParquetSource):
                connection.execute(f"""insert into fault_line
select distinct tbl, file, record, record + 1 from fault where tbl = '{table}' and file = {number}""")
    connection.execute("create or replace temp table fault_file (tbl varchar, file smallint, name varchar)")
    for table, intake in intakes.items():
        for number, name in enumerate(intake.delivery.files(table)):
            connection.execute("insert into fault_file values ($1, $2, $3)", [table, number, name])
    connection.execute("""create or replace temp view listed_fault as
select f.tbl, n.name, l.line, f.col, f.rule, f.file, f.record
from fault f
join fault_line l on l.tbl = f.tbl and l.file = f.file and l.record = f.record
join fault_file n on n.tbl = f.tbl and n.file = f.file""")


class Quarantine:
    """Writes the quarantine delivery of a load into a folder that is whole when it gets its name."""

    def __init__(self, connection: Any, delivery: Delivery, wanted: Path | None) -> None:
        self.connection, self.delivery = connection, delivery
        folder = delivery.folder.resolve()
        self.place, self.left = _free(wanted or folder.with_name(f"{folder.name}-quarantine"))
        self.partial = self.place.with_name(f"{self.place.name}.partial")

    def write(self, intakes: Mapping[str, Intake], corrects: str | None) -> Path:
        """Copy the quarantined records of every file, say why, and give the folder its name; `corrects` is the snapshot
        that lacks them, None where there is none."""
        try:
            shutil.rmtree(self.partial, ignore_errors=True)
            self.partial.mkdir(mode=0o700, parents=True)
            tables = {table: self._table(intake) for table, intake in intakes.items()}
            self._faults()
            with self._create(MANIFEST) as file:
                file.write(
                    _manifest(self.delivery.manifest, {t: names for t, names in tables.items() if names}, corrects)
                )
            if self.left and _alike(self.partial, self.left):
                shutil.rmtree(self.partial)
                return self.left
            self.partial.rename(self.place)
        except OSError as error:
            raise UitstroomError(
                f"the quarantine cannot be written: {error.strerror}", where=str(self.place),
                todo="name a folder that can be written with --quarantine",
            ) from None  # fmt: skip
        return self.place

    def _create(self, name: str) -> BinaryIO:
        path = self.partial / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def _table(self, intake: Intake) -> list[str]:
        """The names of the files that hold quarantined rows."""
        written = []
        for number, (name, source) in enumerate(zip(self.delivery.files(intake.table), intake.sources, strict=True)):
            records = self.connection.execute(
                "select distinct record from fault where tbl = $1 and file = $2 order by record", [intake.table, number]
            ).fetchnumpy()["record"]
            if len(records):
                written.append(name)
                self._file(intake.table, number, name, source, np.asarray(records, dtype=np.int64))
        return written

    def _file(self, table: str, number: int, name: str, source: object, records: Any) -> None:
        if isinstance(source, CsvSource):
            self._csv(table, number, name, source, records)
        elif isinstance(source, ParquetSource):
            self._parquet(name, source, records)

    def _csv(self, table: str, number: int, name: str, source: CsvSource, records: Any) -> None:
        newline = source.file.form.newline
        with self._create(name) as out, source.path.open("rb") as raw:
            out.write(source.file.header + newline)
            for block in source.file.blocks():
                low, high = np.searchsorted(records, [block.first, block.first + block.records.count])
                places = records[low:high] - block.first
                if len(places):
                    self._lines(table, number, records[low:high], block.line + 1 + block.records.lines[places])
                    _copy(block, places.tolist(), raw, out, newline)

    def _lines(self, table: str, number: int, records: Any, lines: Any) -> None:
        self.connection.register("placed", {"record": records, "line": lines})
        self.connection.execute(f"insert into fault_line select '{table}', {number}, record, line from placed")
        self.connection.unregister("placed")

    def _parquet(self, name: str, source: ParquetSource, records: Any) -> None:
        path = self.partial / name
        self._create(name).close()
        self.connection.register("wanted", {"record": records})
        self.connection.execute(f"""copy (
  select * exclude (file_row_number)
  from {parquet([source.path], numbered=True)}
  where file_row_number in (select record from wanted)
) to {path_literal(path)} (format parquet)""")
        self.connection.unregister("wanted")
        path.chmod(0o600)

    def _faults(self) -> None:
        with self._create(FAULTS_FILE) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(["file", "line", "column", "rule", "message"])
            listed = self.connection.execute(
                "select name, line, col, rule from listed_fault order by name, line, col nulls first, rule"
            )
            while rows := listed.fetchmany(10_000):
                writer.writerows(
                    (name, line, col, rule, f"{FAULTS[rule]['nl']} / {FAULTS[rule]['en']}")
                    for name, line, col, rule in rows
                )


def _copy(block: Block, places: list[int], raw: BinaryIO, out: BinaryIO, newline: bytes) -> None:
    starts, ends = block.records.starts, block.records.ends
    if block.stretch is None:
        raw.seek(block.offset)
        left = int(ends[0])
        while left and (piece := raw.read(min(_PIECE, left))):
            out.write(piece)
            left -= len(piece)
        return
    pieces = [
        block.stretch[start:end] for start, end in zip(starts[places].tolist(), ends[places].tolist(), strict=True)
    ]
    if not pieces[-1].endswith(newline):
        pieces.append(newline)
    out.write(b"".join(pieces))


def _free(place: Path) -> tuple[Path, Path | None]:
    """The folder asked for, or the first with a number behind its name: an earlier quarantine may be in correction; and
    the last one before it, which an interrupted load of the same may have left."""
    number, free, before = 2, place, None
    while free.exists() and (not free.is_dir() or any(free.iterdir())):
        free, before, number = place.with_name(f"{place.name}-{number}"), free, number + 1
    return free, before


def _alike(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    there = sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file()) if other.is_dir() else []
    return names == there and all(filecmp.cmp(one / name, other / name, shallow=False) for name in names)


def _manifest(manifest: Manifest, tables: Mapping[str, list[str]], corrects: str | None) -> bytes:
    lines = [
        *(_TO_CORRECT if corrects else _TO_READ),
        f"delivered_on = {manifest.delivered_on}",
        'kind = "changes"',
        f'person = "{manifest.person}"',
        *([f'key = "{manifest.key}"'] if manifest.key else []),
        *(["pseudonyms_checked = true"] if manifest.pseudonyms_checked else []),
        *([f'corrects = "{corrects}"'] if corrects else []),
        *(["synthetic = true"] if manifest.synthetic else []),
        "",
        "[csv]",
        *(f"{key} = {_string(value)}" for key, value in manifest.csv.model_dump().items()),
    ]
    for table, names in tables.items():
        lines += ["", f"[tables.{table}]", f"files = [{', '.join(_string(name) for name in names)}]"]
    return ("\n".join(lines) + "\n").encode()


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'
