"""The files of a table as its readers need them: base files per partition of persons, and the deltas since then."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uitstroom.errors import UitstroomError

FORM = "format parquet, parquet_version v2, compression snappy, row_group_size 200000, dictionary_size_limit 10000"
"""Of all that every reader knows, this is written and read fastest: differences of integers (version 2) take two thirds
of the room, days and codes fit in such a dictionary, and for keys a larger one costs a third of the writing."""


@dataclass(frozen=True)
class StoredFile:
    """A file of the store: its path in it, its size, its SHA-256, and how many rows it holds."""

    path: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True)
class Part:
    """One partition of a table: the files that hold its rows, and the deltas to them, oldest first."""

    base: tuple[StoredFile, ...] = ()
    deltas: tuple[StoredFile, ...] = ()

    @property
    def stored(self) -> tuple[StoredFile, ...]:
        return self.base + self.deltas


@dataclass(frozen=True)
class PartFiles:
    """The Parquet files of one partition: `base` files have the table's columns, `deltas` also `removed boolean`.

    Files are about in the order of persons. A delta's rows take the place of every earlier row of the partition with
    their key; one that is `removed` only takes it away, and holds the person of the row taken away and no more.
    """

    base: tuple[Path, ...] = ()
    deltas: tuple[Path, ...] = ()


def partition(person: str, partitions: int) -> str:
    """SQL: the partition of a person, from 0; rows without a person are in 0."""
    return f"coalesce(({person} % {partitions} + {partitions}) % {partitions}, 0)"


def standing(columns: Mapping[str, str], key: str, base: str, deltas: Sequence[str]) -> str:
    """SQL of the rows of one partition that stand, as DuckDB, PostgreSQL and Spark have it.

    `columns`: name to expression over the table's columns; `key`: the key's column; `base`: the relation of the base
    rows; `deltas`: those of the deltas, oldest first. Each relation is a name, or a select within parentheses.
    """
    chosen = ", ".join(value if value == name else f"{value} as {name}" for name, value in columns.items())
    rows = []
    for place, relation in enumerate((base, *deltas)):
        conditions = ["not stood.removed"] if place else []
        conditions += [
            f"not exists (select 1 from {later} later where later.{key} = stood.{key})" for later in deltas[place:]
        ]
        where = f"\nwhere {' and '.join(conditions)}" if conditions else ""
        rows.append(f"select {chosen}\nfrom {relation} stood{where}")
    return "\nunion all\n".join(rows)


def touched(newer: Iterable[Part], older: Iterable[Part]) -> tuple[tuple[StoredFile, ...], ...] | None:
    """Per partition the deltas that `newer` has and `older` has not; None where the older rows were written anew."""
    since = []
    for one, other in zip(newer, older, strict=True):
        if one.base != other.base or one.deltas[: len(other.deltas)] != other.deltas:
            return None
        since.append(one.deltas[len(other.deltas) :])
    return tuple(since)


def sound(root: Path, file: StoredFile) -> Path:
    """The path of a file of the store; `UitstroomError` where it is missing or has another size than was written."""
    path = root / file.path
    if not path.is_file() or path.stat().st_size != file.size:
        raise damaged(path)
    return path


def verify(root: Path, file: StoredFile) -> None:
    """Read a file whole and hold it against its checksum; `UitstroomError` where it is damaged."""
    if checksum(sound(root, file)) != file.sha256:
        raise damaged(root / file.path)


def damaged(path: Path) -> UitstroomError:
    """The error for a file of the store that is missing or not what was written."""
    return UitstroomError("this file of the store is missing or damaged", where=str(path),
                          todo="restore it from a backup, or load the deliveries into a new store")  # fmt: skip


def checksum(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
