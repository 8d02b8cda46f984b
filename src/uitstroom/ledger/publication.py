"""Publishing, correcting, withdrawing, opening what was under embargo: everything that makes a ledger grow."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from uitstroom.errors import UitstroomError
from uitstroom.ledger.earlier import EARLIER, POPULATION, PUBLISHED, EarlierRelease, kept_release
from uitstroom.ledger.entry import BEGINNING, Entry, commitment, instant_of, told
from uitstroom.ledger.files import appended, place_file, place_folder, remove, written
from uitstroom.ledger.kinship import kindred
from uitstroom.ledger.ledger import KEPT, RELEASES, SEALED, Ledger, LedgerRelease, sealed_content
from uitstroom.ledger.version import FIRST, next_version
from uitstroom.release.figures_file import FIGURES, FiguresFile
from uitstroom.release.folder import Internal, Release
from uitstroom.release.manifest import MANIFEST, digest
from uitstroom.release.question import read_question
from uitstroom.release.verdict import damaged


@dataclass(frozen=True)
class Publication:
    """What is to be published: the release, from when (None: now), and what is said of it.

    A `correction` replaces a version that told wrong figures, and says so in its notice.
    """

    release: Path
    at: datetime | None = None
    notice: Mapping[str, str] = field(default_factory=dict)
    correction: bool = False


def publish(folder: Path, publication: Publication, now: datetime | None = None) -> LedgerRelease:
    """Put a release on the ledger; until its moment it lies in the internal part only, under a seal.

    Raises `UitstroomError` where the release is damaged or lacks its internal part, and where a newer entry tells
    numbers that it was not protected against.
    """
    instant = _now(now)
    release, earlier = _sound(publication.release)
    at = publication.at or instant
    if at < instant:
        raise UitstroomError("this moment is past", where="--at", todo="give a moment to come, or none for now")
    with written(folder) as ledger:
        ledger = _opened(ledger, instant)
        _refuse_if_there(ledger, earlier, publication.release)
        _refuse_if_unprotected(ledger, release, earlier)
        name = read_question(publication.release).name
        entry = _entry(ledger, publication, release, name, instant, at)
        _place_kept(ledger, entry, publication.release)
        ledger = _sealed(ledger, entry, publication.release) if at > instant else _public(ledger, entry, publication)
        found = ledger.of_version(name, entry.version or "")
    if found is None:
        raise UitstroomError("the ledger does not show what was published", where=str(folder), todo="verify the ledger")
    return found


def withdraw(
    folder: Path, name: str, version: str | None, notice: Mapping[str, str], *,
    disclosive: bool = False, now: datetime | None = None,
) -> Entry:  # fmt: skip
    """Say that a release no longer holds; where it is `disclosive`, its files are taken out too.

    What later answers are protected against stays: whoever saw it knows it. Without a `version` it is the newest.
    """
    instant = _now(now)
    with written(folder) as ledger:
        ledger = _opened(ledger, instant)
        found = ledger.of_version(name, version) if version else ledger.newest(name)
        if found is None or found.withdrawn is not None:
            known = sorted({f"{one.name} {one.version}" for one in ledger.releases if one.withdrawn is None})
            raise UitstroomError(
                "the ledger has no such release that is not withdrawn", where=f"{name} {version or ''}".strip(),
                todo=f"there are: {', '.join(known) or 'none'}",
            )  # fmt: skip
        if found.sealed:
            ledger = _open(ledger, found, instant, publish_files=False)
        entry = _next(ledger, "withdrawal", instant, withdraws=_public_number(ledger, found), notice=dict(notice),
                      disclosive=disclosive or found.sealed)  # fmt: skip
        ledger = appended(ledger, entry)
        if entry.disclosive:
            remove(ledger.folder / RELEASES / found.name / found.version)
    return entry


def open_due(folder: Path, now: datetime | None = None) -> Ledger:
    """Make public what was under embargo until now; changes nothing where nothing is due."""
    with written(folder) as ledger:
        return _opened(ledger, _now(now))


def earlier_releases(ledger: Ledger) -> tuple[EarlierRelease, ...]:
    """Everything on the ledger as a later answer is protected against it, sealed and withdrawn releases too.

    Raises `UitstroomError` where the internal part lacks one of them.
    """
    entries = [one for one in ledger.entries if one.kind in ("release", "correction", "seal")]
    if len(entries) != len(ledger.releases):
        raise _missing(ledger, "a release under embargo")
    return tuple(_kept(ledger, one) for one in ledger.releases)


def _kept(ledger: Ledger, release: LedgerRelease) -> EarlierRelease:
    folder = ledger.internal / KEPT / release.name / release.version
    found = kept_release(folder, f"{release.name} {release.version}")
    if found is None:
        raise _missing(ledger, f"{release.name} {release.version}")
    return found


def _missing(ledger: Ledger, what: str) -> UitstroomError:
    return UitstroomError(
        f"the internal part of this ledger lacks {what}, and without it nothing can be protected against it",
        where=str(ledger.internal), todo="put it back from its archive",
    )  # fmt: skip


def _now(now: datetime | None) -> datetime:
    return (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)


def _sound(folder: Path) -> tuple[Release, EarlierRelease]:
    release = Release.read(folder)
    wrong = damaged(folder, release.manifest)
    if wrong:
        raise UitstroomError(
            f"this release is damaged: {', '.join(wrong[:5])}", where=str(folder),
            todo="take it from its archive again, or answer its question again",
        )  # fmt: skip
    found = EarlierRelease.kept(folder)
    if found is None or not Internal.of(folder):
        raise UitstroomError(
            "this release lacks its internal part, and without it nothing could be protected against it later",
            where=str(folder), todo="put it back beside the release, or answer its question again",
        )  # fmt: skip
    if not release.scope.protected:
        raise UitstroomError("this release is not protected", where=str(folder), todo="answer its question")
    return release, found


def _refuse_if_there(ledger: Ledger, earlier: EarlierRelease, folder: Path) -> None:
    there = [one for one in ledger.releases if _kept(ledger, one).manifest == earlier.manifest]
    if there:
        raise UitstroomError(
            f"this is {there[0].name} {there[0].version}, which is on the ledger", where=str(folder),
            todo="nothing has to be done",
        )  # fmt: skip


def _refuse_if_unprotected(ledger: Ledger, release: Release, earlier: EarlierRelease) -> None:
    """Every entry behind the head that the release was protected against must tell of something else."""
    head = str(release.manifest.inputs.get("ledger") or BEGINNING)
    known = {(one.name, one.version) for one in ledger.until(head).releases}
    leaned_on = set(release.manifest.inputs.get("earlier", []))
    for one in ledger.releases:
        before = _kept(ledger, one)
        if (one.name, one.version) in known or before.manifest in leaned_on:
            continue
        if kindred(before.released, earlier.released):
            raise UitstroomError(
                f"{one.name} {one.version} tells numbers that this release was not protected against",
                where=str(release.folder), todo=f"answer again: uitstroom answer … --ledger {ledger.folder}",
            )  # fmt: skip


def _entry(
    ledger: Ledger, publication: Publication, release: Release, name: str, instant: datetime, at: datetime
) -> Entry:
    before = ledger.newest(name)
    versions = [one.version for one in ledger.releases if one.name == name]
    if publication.correction and before is None:
        raise UitstroomError(f"there is nothing to correct: {name} is not on the ledger", todo="publish it")
    version = FIRST
    if versions:
        last = max(versions, key=lambda one: tuple(map(int, one.split("."))))
        told_before = FiguresFile.parse((ledger.internal / KEPT / name / last / PUBLISHED).read_bytes(), FIGURES)
        version = next_version(last, told_before, release.figures)
    return _next(
        ledger, "correction" if publication.correction else "release", instant,
        name=name, version=version, at=at, manifest=digest((publication.release / MANIFEST).read_bytes()),
        supersedes=_public_number(ledger, before) if before else None, notice=dict(publication.notice),
    )  # fmt: skip


def _next(ledger: Ledger, kind: Any, instant: datetime, **said: Any) -> Entry:
    return Entry(len(ledger.entries) + 1, kind, instant, ledger.head, **said)


def _public_number(ledger: Ledger, release: LedgerRelease) -> int:
    """The entry that makes a release public, or its seal as long as there is none."""
    found = ledger.of_version(release.name, release.version)
    return (found or release).entry.number


def _place_kept(ledger: Ledger, entry: Entry, release: Path) -> None:
    """What later answers are protected against; the lists of persons themselves stay with the release."""
    internal = Internal.of(release)
    target = ledger.internal / KEPT / str(entry.name) / str(entry.version)
    source = internal.folder if internal else release
    place_folder(source, target, public=False, without=(POPULATION, EARLIER))
    place_file(target / PUBLISHED, (release / FIGURES).read_bytes())


def _public(ledger: Ledger, entry: Entry, publication: Publication) -> Ledger:
    place_folder(publication.release, ledger.folder / RELEASES / str(entry.name) / str(entry.version), public=True)
    return appended(ledger, entry)


def _sealed(ledger: Ledger, entry: Entry, release: Path) -> Ledger:
    """The public list holds a salted hash; name, version, moment and files lie in the internal part."""
    salt = secrets.token_hex(32)
    content = {
        "kind": entry.kind, "name": entry.name, "version": entry.version, "at": told(entry.at or entry.written),
        "manifest": entry.manifest, "supersedes": entry.supersedes, "notice": dict(entry.notice),
    }  # fmt: skip
    place_folder(release, ledger.internal / SEALED / str(entry.name) / str(entry.version), public=False)
    body = json_bytes({"content": content, "salt": salt})
    place_file(ledger.internal / SEALED / f"{entry.number}.json", body)
    return appended(ledger, _next(ledger, "seal", entry.written, commitment=commitment(salt, content)))


def _opened(ledger: Ledger, instant: datetime) -> Ledger:
    for one in ledger.releases:
        if one.sealed and one.at <= instant:
            ledger = _open(ledger, one, instant)
    return ledger


def _open(ledger: Ledger, release: LedgerRelease, instant: datetime, *, publish_files: bool = True) -> Ledger:
    content = sealed_content(ledger.internal, release.entry)
    if content is None:
        raise _missing(ledger, f"what entry {release.entry.number} seals")
    if publish_files:
        place_folder(release.folder, ledger.folder / RELEASES / release.name / release.version, public=True)
    said = {key: content[key] for key in ("name", "version", "manifest", "supersedes", "notice", "salt")}
    entry = _next(
        ledger, "opening", instant, opens=release.entry.number, at=instant_of(str(content["at"])),
        correction=content["kind"] == "correction", **said,
    )  # fmt: skip
    ledger = appended(ledger, entry)
    remove(release.folder)
    return ledger


def json_bytes(content: Mapping[str, Any]) -> bytes:
    """JSON as a file of the internal part."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
