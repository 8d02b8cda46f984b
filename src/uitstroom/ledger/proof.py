"""A ledger held against its hashes: every line, every release's files, every seal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from uitstroom.errors import Problem, UitstroomError
from uitstroom.ledger.earlier import kept_release
from uitstroom.ledger.entry import Entry, commitment, told
from uitstroom.ledger.files import STAGING
from uitstroom.ledger.ledger import KEPT, RELEASES, Ledger, LedgerRelease, sealed_content
from uitstroom.release.folder import Manifest
from uitstroom.release.manifest import MANIFEST, digest
from uitstroom.release.verdict import damaged


def proved(folder: Path) -> list[Problem]:
    """Everything that is wrong with a ledger, by entry; nothing where it stands."""
    try:
        ledger = Ledger.read(folder)
    except UitstroomError as error:
        return list(error.problems)
    found = [problem for release in ledger.releases for problem in _release(ledger, release)]
    found += [problem for entry in ledger.entries for problem in _entry(ledger, entry)]
    return [*found, *_strangers(ledger)]


def _release(ledger: Ledger, release: LedgerRelease) -> Iterator[Problem]:
    where = f"{release.name} {release.version}"
    if release.gone:
        if release.folder.exists():
            yield Problem("files that were withdrawn because they tell too much are there", where, "withdraw it again")
    elif not (release.folder / MANIFEST).is_file():
        yield Problem("its files are missing", where, "take them from the archive")
    else:
        manifest = (release.folder / MANIFEST).read_bytes()
        if release.entry.manifest not in (None, digest(manifest)):
            yield Problem("its manifest is not the one that was published", where, "take it from the archive")
        for name in damaged(release.folder, Manifest.read(release.folder)):
            yield Problem(f"damaged or changed: {name}", where, "take it from the archive")
    try:
        kept = kept_release(ledger.internal / KEPT / release.name / release.version, where)
    except UitstroomError as error:
        yield from error.problems
    else:
        if ledger.internal.is_dir() and kept is None:
            yield Problem("what later answers are protected against is missing", where, "take it from the archive")


def _entry(ledger: Ledger, entry: Entry) -> Iterator[Problem]:
    where = f"entry {entry.number}"
    opened = any(one.opens == entry.number for one in ledger.entries)
    closed = entry.kind == "seal" and not opened and ledger.internal.is_dir()
    if closed and sealed_content(ledger.internal, entry) is None:
        yield Problem("what it seals is missing, or is something else", where, "take it from the archive")
    if entry.kind == "opening":
        seal = next((one for one in ledger.entries if one.number == entry.opens and one.kind == "seal"), None)
        if seal is None or seal.commitment != _commitment(entry):
            yield Problem("it opens something else than was sealed", where, "take the ledger from its archive")


def _commitment(entry: Entry) -> str:
    content = {
        "kind": "correction" if entry.correction else "release", "name": entry.name, "version": entry.version,
        "at": told(entry.at or entry.written), "manifest": entry.manifest, "supersedes": entry.supersedes,
        "notice": dict(entry.notice),
    }  # fmt: skip
    return commitment(entry.salt or "", content)


def _strangers(ledger: Ledger) -> Iterator[Problem]:
    """Releases in the public part of which no entry speaks."""
    known = {(one.name, one.version) for one in ledger.releases if not one.sealed}
    for path in sorted((ledger.folder / RELEASES).glob("*/*")):
        if (path.parent.name, path.name) not in known and not path.name.startswith(STAGING):
            yield Problem("no entry speaks of this release", str(path), "take it away")
