"""Whether a delivery may be loaded into a store at all: it must fit the key and the snapshots that there are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError
from uitstroom.registers.delivery import MANIFEST, Delivery, PersonKind
from uitstroom.registers.pseudonyms import fingerprint, read_key, weak
from uitstroom.registers.snapshots import FORMAT, Index, Snapshot

KEY_FILE = "UITSTROOM_KEY_FILE"
"""The environment variable that names the file of the key."""


def key_for(delivery: Delivery, key_file: Path | None, root: Path) -> bytes | None:
    """The key that makes pseudonyms of national numbers, from `key_file` or the environment; None for pseudonyms."""
    if delivery.manifest.person != "number":
        return None
    key_file = key_file or _key_of_environment()
    if key_file is None:
        raise UitstroomError(
            "this delivery holds national numbers, and there is no key to make pseudonyms of them",
            where=str(delivery.folder / MANIFEST), todo="give --key-file, or set UITSTROOM_KEY_FILE",
        )  # fmt: skip
    if key_file.resolve().is_relative_to(root.resolve()):
        raise UitstroomError("the key lies inside the store", where=str(key_file), todo="keep it elsewhere")
    return read_key(key_file)


def _key_of_environment() -> Path | None:
    named = os.environ.get(KEY_FILE)
    return Path(named) if named else None


def refuse_unfit(
    delivery: Delivery, catalogue: Catalogue, index: Index, parent: Snapshot | None, key: bytes | None
) -> None:
    """Raise `UitstroomError` with everything in which the delivery does not fit the catalogue and the store."""
    problems = [
        *_persons(delivery, catalogue, index, key),
        *_correction(delivery, index),
        *(_follows(delivery, parent) if parent else _first(delivery)),
    ]
    if problems:
        raise UitstroomError.of(problems)


def known_by(delivery: Delivery, key: bytes | None) -> tuple[PersonKind, str | None]:
    """How a store knows the persons of a delivery: as numbers, by the fingerprint of their key, or as pseudonyms."""
    if delivery.manifest.person == "pseudonym":
        return "pseudonym", None
    return "number", fingerprint(key) if key else delivery.manifest.key


def _persons(delivery: Delivery, catalogue: Catalogue, index: Index, key: bytes | None) -> Iterator[Problem]:
    where = f"{delivery.folder / MANIFEST}, person"
    person, known = known_by(delivery, key)
    if delivery.manifest.person == "number" and not catalogue.service.person_number:
        yield Problem("the catalogue does not say how national numbers are checked", where,
                      "state person_number in service.toml")  # fmt: skip
    if key and not index.key and weak(key):
        yield Problem("this key can be guessed", "--key-file", "make one with `openssl rand -hex 32`")
    if index.person and index.person != person:
        yield Problem(f'this store knows persons by person = "{index.person}"', where,
                      "load this delivery into another store: the two would join nothing")  # fmt: skip
    elif index.key and index.key != known:
        yield Problem("this is another key than the store's: persons would join nothing", where,
                      "use the key of the earlier loads")  # fmt: skip


def _correction(delivery: Delivery, index: Index) -> Iterator[Problem]:
    corrected = delivery.manifest.corrects
    if corrected and corrected not in index.snapshots:
        yield Problem("this store has no such snapshot to correct", f"{delivery.folder / MANIFEST}, corrects",
                      "load the delivery itself: the load that left this quarantine did not end well")  # fmt: skip


def _first(delivery: Delivery) -> Iterator[Problem]:
    where = str(delivery.folder / MANIFEST)
    if delivery.manifest.kind == "changes":
        yield Problem("changes need a snapshot to change, and there is none", f"{where}, kind",
                      "load a full delivery first")  # fmt: skip


def _follows(delivery: Delivery, parent: Snapshot) -> Iterator[Problem]:
    where = str(delivery.folder / MANIFEST)
    if delivery.manifest.delivered_on < parent.delivered_on:
        yield Problem("delivered_on lies before that of the newest snapshot", f"{where}, delivered_on",
                      f"the newest was delivered on {parent.delivered_on}")  # fmt: skip
    for table, part in delivery.manifest.tables.items():
        if delivery.manifest.kind == "changes" and table not in parent.tables and table != "person_change":
            yield Problem("changes to a table that was never delivered whole", f"{where}, tables.{table}",
                          "deliver it whole first")  # fmt: skip
        before = parent.complete.get(table)
        if before and part.complete_until and part.complete_until < before[1]:
            yield Problem("complete_until goes back", f"{where}, tables.{table}.complete_until",
                          f"the newest snapshot is complete until {before[1]}")  # fmt: skip


def content_of(delivery: Delivery, digests: Mapping[str, str], catalogue: Catalogue, key: bytes | None) -> str:
    """SHA-256 of everything that decides what a load makes of its parent; equal for the same content loaded twice."""
    said = {
        "manifest": delivery.manifest.model_dump(mode="json", exclude_defaults=True), "files": dict(digests),
        "catalogue": catalogue.fingerprint, "key": fingerprint(key) if key else None, "format": FORMAT,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def snapshot_id(parent: Snapshot | None, content: str) -> str:
    """The hash of what determines a snapshot (rule snapshot.identity)."""
    return hashlib.sha256(f"{FORMAT}:{parent.id if parent else ''}:{content}".encode()).hexdigest()[:16]
