"""What may no longer be kept: snapshots that are pruned leave their description, and the files that others share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from uitstroom.errors import UsageError
from uitstroom.periods import Day
from uitstroom.registers.snapshots import Snapshot


def one_of(snapshots: Sequence[str], beginning: str) -> str:
    """The id of the one snapshot that begins so; raises `UsageError` where there is none, or more than one."""
    found = [identity for identity in snapshots if beginning and identity.startswith(beginning)]
    if len(found) != 1:
        what = "more than one snapshot begins so" if found else "there is no such snapshot"
        raise UsageError(what, where=f"snapshot {beginning!r}", todo="`uitstroom snapshots` lists them")
    return found[0]


def to_prune(snapshots: Sequence[Snapshot], asked: Iterable[str], before: Day | None) -> tuple[Snapshot, ...]:
    """The snapshots that are meant: by the beginning of their id, or by being delivered before a day.

    Raises `UsageError` where the newest that stands is among them: the next changes need it.
    """
    by_id = {one.id: one for one in snapshots}
    chosen = {one_of(list(by_id), beginning) for beginning in asked}
    chosen |= {one.id for one in snapshots if before and one.delivered_on < before}
    standing = [one.id for one in snapshots if not one.withdrawn and not one.pruned]
    if standing and standing[-1] in chosen:
        raise UsageError("the newest snapshot cannot be pruned: the next changes need it", where=standing[-1],
                         todo="load a full delivery first, or remove the whole store")  # fmt: skip
    return tuple(one for one in snapshots if one.id in chosen and not one.pruned)


def releases_of(folders: Iterable[Path], snapshots: Iterable[Snapshot]) -> tuple[Path, ...]:
    """The releases in some folders, at any depth, that were made from one of the snapshots."""
    ids = {one.id for one in snapshots}
    manifests = sorted({path for folder in folders for path in folder.rglob("manifest.json")})
    return tuple(path.parent for path in manifests if _snapshot_of(path) in ids)


def _snapshot_of(manifest: Path) -> str | None:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))["inputs"]["snapshot"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None
