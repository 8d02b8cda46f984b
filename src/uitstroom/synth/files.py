"""Writes the files of a delivery: CSV in pieces of bounded size, or Parquet, and the manifest beside them.

The same rows always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from uitstroom.registers.contract import COLUMNS, STORED_TYPES
from uitstroom.sql import file_literal, identifier, literal
from uitstroom.synth.days import Numbers, texts

Format = Literal["csv", "parquet"]
_PIECE = 100_000


@dataclass(frozen=True)
class Named:
    """A column of texts from a short list, by place."""

    words: tuple[str, ...]
    places: Numbers

    def texts(self, rows: slice) -> list[str]:
        return list(np.array(self.words, dtype=object)[self.places[rows]])


@dataclass(frozen=True)
class Dated:
    """A column of days; no day is empty."""

    days: Numbers

    def texts(self, rows: slice) -> list[str]:
        return list(_DAY_TEXTS[self.days[rows]])


@dataclass(frozen=True)
class Numbered:
    """A column of keys such as `A0000012`; a negative number is empty."""

    prefix: str
    numbers: Numbers
    digits: int = 7

    def texts(self, rows: slice) -> list[str]:
        form = f"{self.prefix}%0{self.digits}d"
        return [form % each if each >= 0 else "" for each in self.numbers[rows].tolist()]


@dataclass(frozen=True)
class Persons:
    """A column of fictitious person numbers: pseudonyms, or numbers with valid check digits that nobody can have."""

    numbers: Numbers
    kind: Literal["pseudonym", "insz"]

    def texts(self, rows: slice) -> list[str]:
        write = insz if self.kind == "insz" else pseudonym
        return [write(each) if each >= 0 else "" for each in self.numbers[rows].tolist()]


Column = Named | Dated | Numbered | Persons
FORMER = 1 << 40
"""Added to a person's number: the number that the person had before."""
_DAY_TEXTS = texts()
_PSEUDONYMS, _FORMER_PSEUDONYMS = 100_000_000, 900_000_000


def pseudonym(person: int) -> str:
    """A pseudonym of nine digits."""
    return str(_FORMER_PSEUDONYMS + person - FORMER if person >= FORMER else _PSEUDONYMS + person)


def insz(person: int) -> str:
    """A number of the national register's form, or a BIS number as the former one, with valid check digits.

    Its day of birth lies between 40 and 99, so that no person can have it.
    """
    former, place = divmod(person, FORMER)
    year, month, day = place % 100, 1 + place // 100 % 12 + 40 * former, 40 + place // 1200 % 60
    body = f"{year:02d}{month:02d}{day:02d}{1 + place // 72000:03d}"
    return f"{body}{97 - int(body) % 97:02d}"


def write_table(directory: Path, table: str, stem: str, columns: Mapping[str, Column], format: Format) -> str:  # noqa: A002
    """Write one table (every column with as many rows) and return the file's name."""
    path = directory / f"{stem}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_pieces(columns))
    if format == "csv":
        return path.name
    target = path.with_suffix(".parquet")
    _to_parquet(path, target, _types(table, columns))
    path.unlink()
    return target.name


def _pieces(columns: Mapping[str, Column]) -> Iterator[str]:
    """The header and the rows; no value holds a comma, a quote or the end of a line."""
    yield ",".join(columns) + "\n"
    for first in range(0, _length(columns), _PIECE):
        rows = slice(first, first + _PIECE)
        lines = zip(*(column.texts(rows) for column in columns.values()), strict=True)
        yield "\n".join(map(",".join, lines)) + "\n"


def _length(columns: Mapping[str, Column]) -> int:
    column = next(iter(columns.values()))
    array: npt.NDArray[Any] = (
        column.places if isinstance(column, Named) else column.days if isinstance(column, Dated) else column.numbers
    )
    return len(array)


def _types(table: str, names: Iterable[str]) -> dict[str, str]:
    stored = {**STORED_TYPES, "person": "varchar"}
    types = {column.name: stored[column.type] for column in COLUMNS[table]}
    return {name: types.get(name, "varchar") for name in names}


def _to_parquet(source: Path, target: Path, types: Mapping[str, str]) -> None:
    """One thread, so that the rows keep their order and the file its bytes."""
    import duckdb

    texts_of = ", ".join(f"{literal(name)}: 'varchar'" for name in types)
    casts = ", ".join(f"cast({identifier(name)} as {kind}) as {identifier(name)}" for name, kind in types.items())
    with duckdb.connect(config={"threads": 1}) as connection:
        read = connection.sql(
            f"select {casts} from read_csv({file_literal(source)}, hive_partitioning=false, auto_detect=false, "
            "header=true, delim=',', quote='\"', escape='\"', new_line='\\n', nullstr='', "
            f"columns={{{texts_of}}}, parallel=false)"
        )
        read.write_parquet(str(target))


def manifest(head: Mapping[str, str], tables: Mapping[str, Mapping[str, str]], notice: str) -> str:
    """The text of delivery.toml; values are TOML already."""
    parts = [f"# {line}" for line in notice.splitlines()]
    parts += [f"{key} = {value}" for key, value in head.items()]
    for name, entry in tables.items():
        parts += ["", f"[tables.{name}]", *(f"{key} = {value}" for key, value in entry.items())]
    return "\n".join(parts) + "\n"
