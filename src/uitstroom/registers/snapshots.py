"""Snapshots: what the register was at a delivery, never changed afterwards; and the index that says which there are.

A store is a folder: `index.json` (the snapshots in order, and which are withdrawn), `snapshots/<id>.json`,
`tables/<id>/*.parquet` (a table that is carried over is referred to, not copied), `lock`, and `staging/` during a load.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from uitstroom.errors import UitstroomError
from uitstroom.periods import Day
from uitstroom.registers.columns import KeyType
from uitstroom.registers.files import Files
from uitstroom.registers.parts import Part, PartFiles, StoredFile, damaged, sound, touched, verify

FORMAT = 3
"""Version of how deliveries are loaded and kept; part of a snapshot's id."""
READ = (2, FORMAT)
"""The versions that are read: what an earlier one loaded keeps its id."""
INDEX = "index.json"


@dataclass(frozen=True)
class Snapshot:
    """What the register was known to be from `delivered_on` on.

    `rows` are those it holds; `quarantined` what is missing: keys that were delivered since each table was last whole,
    could not be loaded and do not stand, and records without a key that were not corrected; `delivered` is their
    sum. `complete` says per table from which
    day until which, both included. `vanished` counts the ids of its parent that a full delivery no longer held.
    """

    id: str
    parent: str | None
    delivered_on: Day
    kind: str
    complete: Mapping[str, tuple[Day, Day]]
    delivered: Mapping[str, int]
    quarantined: Mapping[str, int]
    rows: Mapping[str, int]
    warnings: Mapping[str, int]
    vanished: Mapping[str, int]
    catalogue: str
    synthetic: bool
    partitions: int
    content: str
    """SHA-256 of what was delivered and how it was read; equal for the same content loaded twice."""
    tables: Mapping[str, tuple[Part, ...]]
    key_types: Mapping[str, KeyType]
    """SQL type of the key of actions and of spells: bigint where every key was delivered as an integer, or varchar."""
    root: Path = field(repr=False, compare=False)
    faults: StoredFile | None = None
    missing: StoredFile | None = None
    """What is missing, by the hash of its key or of its file."""
    withdrawn: str | None = None
    pruned: str | None = None
    """The day on which its files were removed."""

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file of the store that it refers to."""
        stored = [file for parts in self.tables.values() for part in parts for file in part.stored]
        return (*stored, *(one for one in (self.faults, self.missing) if one))

    def parts(self, table: str) -> tuple[PartFiles, ...]:
        """The files of each partition; partition = person_id mod `partitions`, 0 for rows without a person.

        `standing` says which of their rows stand. Raises `UitstroomError` where a file is missing or has another size
        than it was written with.
        """
        return tuple(PartFiles(self._sound(part.base), self._sound(part.deltas)) for part in self._parts(table))

    def touched_since(self, ancestor: Snapshot) -> tuple[tuple[Path, ...], ...] | None:
        """Per partition the files of actions and spells that changed the ancestor's rows into this snapshot's.

        The persons in them are all those of whom anything differs, under their old or new number. None where that
        cannot be said: a table of the ancestor was written anew.
        """
        if self.partitions != ancestor.partitions or self.key_types != ancestor.key_types:
            return None
        actions, spells = (touched(self._parts(table), ancestor._parts(table)) for table in ("action", "spell"))
        if actions is None or spells is None:
            return None
        return tuple(self._sound(both[0] + both[1]) for both in zip(actions, spells, strict=True))

    @property
    def kept(self) -> Path:
        """The folder of the store for what is computed from its snapshots: <name>/<snapshot id>/..., no part of any."""
        return self.root / "kept"

    def _parts(self, table: str) -> tuple[Part, ...]:
        return self.tables.get(table, (Part(),) * self.partitions)

    def _sound(self, files: tuple[StoredFile, ...]) -> tuple[Path, ...]:
        return tuple(sound(self.root, file) for file in files)

    def verify(self) -> None:
        """Read every file and hold it against its checksum; raises `UitstroomError` on the first that is damaged."""
        for file in self.files:
            verify(self.root, file)


@dataclass(frozen=True)
class Index:
    """Which snapshots a store has, oldest first, and what it keeps of the way persons are known."""

    snapshots: tuple[str, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    key: str | None = None
    pruned: Mapping[str, str] = field(default_factory=dict)
    """The day on which the files of a snapshot were removed; its description stays."""

    def prune(self, snapshots: Iterable[str], day: Day) -> Index:
        return replace(self, pruned={**self.pruned, **dict.fromkeys(snapshots, day.isoformat())})

    def add(self, snapshot: Snapshot, person: str, key: str | None) -> Index:
        return replace(self, snapshots=(*self.snapshots, snapshot.id), person=person, key=key)

    def withdraw(self, snapshot: str, reason: str) -> Index:
        return replace(self, withdrawn={**self.withdrawn, snapshot: reason})


def read_index(root: Path) -> Index:
    """The index of a store; an empty one where nothing was ever loaded."""
    path = root / INDEX
    if not path.exists():
        return Index()
    content = _read(path)
    try:
        person = {"insz": "number"}.get(content["person"], content["person"])
        return Index(
            tuple(content["snapshots"]), content["withdrawn"], person, content["key"], content.get("pruned", {})
        )
    except (KeyError, TypeError):
        raise damaged(path) from None


def write_index(root: Path, index: Index, staging: Path, files: Files) -> None:
    """Switch to another index in one step."""
    content = {"format": FORMAT, **asdict(index)}
    _put(root / INDEX, content, staging, files)


def write_snapshot(snapshot: Snapshot, staging: Path, files: Files) -> None:
    """Put a snapshot's description in the store; it is not part of it before the index says so."""
    content = {name: value for name, value in asdict(snapshot).items() if name not in ("root", "withdrawn", "pruned")}
    _put(snapshot.root / "snapshots" / f"{snapshot.id}.json", content, staging, files)


def _put(path: Path, content: Any, staging: Path, files: Files) -> None:
    written = staging / path.name
    files.write(written, json.dumps(content, default=str, indent=1, sort_keys=True).encode() + b"\n")
    files.sync_file(written)
    files.replace(written, path)
    files.sync_folder(path.parent)


def read_snapshot(root: Path, identity: str, index: Index) -> Snapshot:
    """A snapshot of the index."""
    path = root / "snapshots" / f"{identity}.json"
    content = _read(path)
    try:
        return Snapshot(
            **_typed(content), root=root, withdrawn=index.withdrawn.get(identity), pruned=index.pruned.get(identity)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise damaged(path) from None


def _typed(content: dict[str, Any]) -> dict[str, Any]:
    complete = {
        table: (Day.fromisoformat(first), Day.fromisoformat(last))
        for table, (first, last) in content["complete"].items()
    }
    tables = {
        table: tuple(Part(_files(part["base"]), _files(part["deltas"])) for part in parts)
        for table, parts in content["tables"].items()
    }
    apart = {name: StoredFile(**content[name]) if content.get(name) else None for name in ("faults", "missing")}
    delivered_on = Day.fromisoformat(content["delivered_on"])
    return {**content, "complete": complete, "tables": tables, **apart, "delivered_on": delivered_on}


def _files(listed: list[dict[str, Any]]) -> tuple[StoredFile, ...]:
    return tuple(StoredFile(**file) for file in listed)


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = content.pop("format", FORMAT)
    except (OSError, ValueError, AttributeError, TypeError):
        raise damaged(path) from None
    if version not in READ:
        raise UitstroomError("this store was written by another version of uitstroom", where=str(path),
                             todo="use that version, or load the deliveries into a new store")  # fmt: skip
    return content
