"""Whether a delivery may be loaded into a store at all: it must fit the key and the snapshots that there are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError
from uitstroom.registers.delivery import MANIFEST, Delivery
from uitstroom.registers.pseudonyms import fingerprint, read_key
from uitstroom.registers.snapshots import FORMAT, Index, Snapshot

KEY_FILE = "UITSTROOM_KEY_FILE"
"""The environment variable that names the file of the key."""


def key_for(delivery: Delivery, key_file: Path | None, root: Path) -> bytes | None:
    """The key that makes pseudonyms of INSZ numbers, from `key_file` or the environment; None for pseudonyms."""
    if delivery.manifest.person == "pseudonym":
        return None
    key_file = key_file or _key_of_environment()
    if key_file is None:
        raise UitstroomError(
            "this delivery holds INSZ numbers, and there is no key to make pseudonyms of them",
            where=str(delivery.folder / MANIFEST), todo="give --key-file, or set UITSTROOM_KEY_FILE",
        )  # fmt: skip
    if key_file.resolve().is_relative_to(root.resolve()):
        raise UitstroomError("the key lies inside the store", where=str(key_file), todo="keep it elsewhere")
    return read_key(key_file)


def _key_of_environment() -> Path | None:
    named = os.environ.get(KEY_FILE)
    return Path(named) if named else None


def refuse_unfit(delivery: Delivery, index: Index, parent: Snapshot | None, key: bytes | None) -> None:
    """Raise `UitstroomError` with everything in which the delivery does not fit the store."""
    problems = [*_persons(delivery, index, key), *(_follows(delivery, parent) if parent else _first(delivery))]
    if problems:
        raise UitstroomError.of(problems)


def _persons(delivery: Delivery, index: Index, key: bytes | None) -> Iterator[Problem]:
    where = f"{delivery.folder / MANIFEST}, person"
    if index.person and index.person != delivery.manifest.person:
        yield Problem(f'this store knows persons by person = "{index.person}"', where,
                      "load this delivery into another store: the two would join nothing")  # fmt: skip
    elif key and index.key and index.key != fingerprint(key):
        yield Problem("this is another key than the store's: persons would join nothing", where,
                      "use the key of the earlier loads")  # fmt: skip


def _first(delivery: Delivery) -> Iterator[Problem]:
    where = str(delivery.folder / MANIFEST)
    if delivery.manifest.kind == "changes":
        yield Problem("changes need a snapshot to change, and there is none", f"{where}, kind",
                      "load a full delivery first")  # fmt: skip
    for table in ("action", "spell"):
        if table not in delivery.manifest.tables:
            yield Problem(f"the first delivery lacks the table {table}", f"{where}, tables",
                          "deliver actions and spells together")  # fmt: skip


def _follows(delivery: Delivery, parent: Snapshot) -> Iterator[Problem]:
    where = str(delivery.folder / MANIFEST)
    if delivery.manifest.delivered_on < parent.delivered_on:
        yield Problem("delivered_on lies before that of the newest snapshot", f"{where}, delivered_on",
                      f"the newest was delivered on {parent.delivered_on}")  # fmt: skip
    for table, part in delivery.manifest.tables.items():
        before = parent.complete.get(table)
        if before and part.complete_until and part.complete_until < before[1]:
            yield Problem("complete_until goes back", f"{where}, tables.{table}.complete_until",
                          f"the newest snapshot is complete until {before[1]}")  # fmt: skip


def content_of(delivery: Delivery, digests: Mapping[str, str], catalogue: Catalogue, key: bytes | None) -> str:
    """SHA-256 of everything that decides what a load makes of its parent; equal for the same content loaded twice."""
    said = {
        "manifest": delivery.manifest.model_dump(mode="json"), "files": dict(digests),
        "catalogue": catalogue.fingerprint, "key": fingerprint(key) if key else None, "format": FORMAT,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def snapshot_id(parent: Snapshot | None, content: str) -> str:
    """The hash of what determines a snapshot (rule snapshot.identity)."""
    return hashlib.sha256(f"{FORMAT}:{parent.id if parent else ''}:{content}".encode()).hexdigest()[:16]
