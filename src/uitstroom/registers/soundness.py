"""Whether a store still is what was written, and which of its rows today's rules would refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.registers.checks import never_happened, row_checks
from uitstroom.registers.columns import stored_types
from uitstroom.registers.parts import checksum
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.stood import Stood, made_types
from uitstroom.registers.versions import Versions
from uitstroom.sql import parquet


@dataclass(frozen=True)
class Soundness:
    """What a check found: how many `files` it read, which are `damaged` or missing, which folders of what is `kept` are
    not whole (they are computed again), what was `left` by interrupted loads, and per rule the rows of the newest
    snapshot that a load of today would refuse."""

    files: int
    damaged: tuple[Path, ...]
    kept: tuple[Path, ...]
    left: tuple[Path, ...]
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether every snapshot is what was written."""
        return not self.damaged


def look(root: Path, snapshots: tuple[Snapshot, ...], newest: Snapshot | None, catalogue: Catalogue) -> Soundness:
    """Read every file of a store once, and hold it against its checksum."""
    files = {file.path: file for one in snapshots if not one.pruned for file in one.files}
    damaged = tuple(root / path for path, file in files.items() if _sum(root / path) != file.sha256)
    kept = tuple(folder for folder in sorted((root / "kept").glob("*/*")) if not _whole(root / "kept", folder))
    refused = refused_today(newest, catalogue) if newest and not damaged else {}
    return Soundness(len(files), damaged, kept, tuple(leftovers(root, snapshots)), refused)


def _sum(path: Path) -> str | None:
    try:
        return checksum(path)
    except OSError:
        return None


def leftovers(root: Path, snapshots: tuple[Snapshot, ...]) -> Iterator[Path]:
    """What lies in a store that no snapshot refers to."""
    known = {one.id for one in snapshots}
    wanted = {root / file.path for one in snapshots if not one.pruned for file in one.files}
    yield from (root / "staging").glob("*")
    yield from (path for path in (root / "snapshots").glob("*") if path.stem not in known)
    for folder in sorted((root / "tables").glob("*")):
        if folder.name not in known or not any(path.is_relative_to(folder) for path in wanted):
            yield folder
        else:
            yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and path not in wanted)
    measured = {one.id for one in snapshots if not one.pruned}
    yield from (path for path in sorted((root / "kept").glob("*/*")) if path.name not in measured)


def _whole(kept: Path, folder: Path) -> bool:
    """Whether all that a folder of what is kept refers to can be read to its end."""
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        layers = [layer for part in about["partitions"] for layer in part]
        sized = all((kept / layer["rows"]).stat().st_size == layer["size"] for layer in layers)
        paths = [kept / layer[name] for layer in layers for name in ("rows", "touched") if layer[name]]
        with duckdb.connect() as connection:
            for path in paths:
                connection.execute(f"select bit_xor(hash(held)) from {parquet([path])} held").fetchall()
    except (OSError, ValueError, KeyError, TypeError, duckdb.Error, UitstroomError):
        return False
    return sized


def refused_today(snapshot: Snapshot, catalogue: Catalogue) -> dict[str, int]:
    """By rule, how many rows of a snapshot a load of today would quarantine; what stands is left as it is."""
    found: dict[str, int] = {}
    with duckdb.connect() as connection:
        for table in ("action", "spell"):
            if table in snapshot.tables:
                for rule, count in _refused(connection, snapshot, catalogue, table):
                    found[rule] = found.get(rule, 0) + count
    return {rule: count for rule, count in sorted(found.items()) if count}


def _refused(connection: Any, snapshot: Snapshot, catalogue: Catalogue, table: str) -> Iterator[tuple[str, int]]:
    types = made_types(table, stored_types(table, catalogue, snapshot.key_types[table]))
    stood = Stood(connection, snapshot, table, types)
    checks = [(check.rule, check.found) for check in row_checks(table, catalogue, full=True)]
    if table == "action":
        checks.append(("never_happened_in_a_chain", f"parts > 1 and {never_happened(catalogue)}"))
    counted = ", ".join(f"count(*) filter (where coalesce({found}, false))" for _, found in checks)
    version = f"abs({Versions(catalogue).number})" if table == "action" else "null::integer"
    known = ", ".join(f"false as bad_{name}" for name in types)
    for part in range(snapshot.partitions):
        connection.execute(f"create or replace temp view stood as {stood.select(part, list(types))}")
        judged = f"(select *, {known}, 'upsert' as operation, {version} as version from stood)"
        counts = connection.execute(f"select {counted} from {judged}").fetchall()[0]
        yield from zip((rule for rule, _ in checks), counts, strict=True)
        if table == "action":
            earlier = connection.execute("""select count(*)
from stood part join stood resumed on resumed.action_id = part.resumes
where part.start_date < resumed.start_date""").fetchall()
            yield "starts_before_resumed", earlier[0][0]
