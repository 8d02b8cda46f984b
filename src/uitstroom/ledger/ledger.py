"""A ledger read: its line of entries, proved by their hashes, and the releases that it shows at an instant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from uitstroom.errors import UitstroomError
from uitstroom.ledger.entry import BEGINNING, Entry, commitment, instant_of
from uitstroom.release.folder import Release

LINES = "ledger.jsonl"
RELEASES, SEALED, KEPT = "releases", "sealed", "kept"


@dataclass(frozen=True)
class LedgerRelease:
    """A release on the ledger: the entry that made it public, the one that withdrew it, and where its files are.

    `sealed` where its embargo has not been opened: the public part of the ledger does not know it yet.
    """

    entry: Entry
    folder: Path
    name: str
    version: str
    at: datetime
    withdrawn: Entry | None = None
    sealed: bool = False

    @property
    def gone(self) -> bool:
        """Whether its files were taken out, since they told too much."""
        return self.withdrawn is not None and self.withdrawn.disclosive

    def read(self) -> Release:
        """Its tables, words, scope and manifest; `UitstroomError` where its files were taken out."""
        return Release.read(self.folder)


def internal_part(ledger: Path) -> Path:
    """Where the internal part of a ledger lies: beside it."""
    place = ledger.resolve()
    return place.with_name(place.name + ".internal")


@dataclass(frozen=True)
class Ledger:
    """What has been published. `entries` are those of the public list, in order; `later` those that came after them,
    where it is read as it once stood."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Ledger:
        """The ledger in a folder, empty where there is none yet.

        Raises `UitstroomError`, naming the line, where a line was changed, taken out or put in between.
        """
        file = folder / LINES
        if folder.exists() and not folder.is_dir():
            raise UitstroomError("this is no ledger", where=str(folder), todo="give a folder")
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        return cls(folder, tuple(_chained(file, lines)))

    @property
    def head(self) -> str:
        """The hash of the newest entry: it stands for everything up to it."""
        return self.entries[-1].hash if self.entries else BEGINNING

    @property
    def internal(self) -> Path:
        return internal_part(self.folder)

    def until(self, head: str) -> Ledger:
        """The ledger as it stood when this was its head; `UitstroomError` where it never was."""
        if head == BEGINNING:
            return Ledger(self.folder, (), self.entries)
        for place, entry in enumerate(self.entries, 1):
            if entry.hash == head:
                return Ledger(self.folder, self.entries[:place], self.entries[place:])
        raise UitstroomError(
            "this ledger never stood where the release says that it was protected", where=str(self.folder),
            todo="give the ledger that the release was protected against, or answer again",
        )  # fmt: skip

    @cached_property
    def releases(self) -> tuple[LedgerRelease, ...]:
        """Every release in the order of its first entry; those under embargo only where the internal part is there."""
        opened = {entry.opens: entry for entry in (*self.entries, *self.later) if entry.kind == "opening"}
        withdrawn = {entry.withdraws: entry for entry in self.entries if entry.kind == "withdrawal"}
        found = []
        for entry in self.entries:
            if entry.kind in ("release", "correction", "seal"):
                public = opened.get(entry.number) if entry.kind == "seal" else entry
                release = self._release(public, withdrawn) if public else self._sealed(entry)
                found += [release] if release else []
        return tuple(found)

    def shown(self, instant: datetime) -> tuple[LedgerRelease, ...]:
        """The releases that stood there at an instant: published by then, and not yet withdrawn."""
        return tuple(
            one
            for one in self.releases
            if one.at <= instant and not (one.withdrawn and one.withdrawn.written <= instant)
        )

    def newest(self, name: str, instant: datetime | None = None) -> LedgerRelease | None:
        """The newest version of a release (at an instant, or at all) that is not withdrawn."""
        found = [one for one in self.releases if one.name == name and one.withdrawn is None]
        if instant is not None:
            found = [one for one in self.shown(instant) if one.name == name]
        return found[-1] if found else None

    def of_version(self, name: str, version: str) -> LedgerRelease | None:
        """One version of a release."""
        return next((one for one in self.releases if (one.name, one.version) == (name, version)), None)

    @property
    def next_opening(self) -> datetime | None:
        """When the next embargo ends, as far as the internal part is there to tell."""
        return min((one.at for one in self.releases if one.sealed), default=None)

    def _release(self, entry: Entry, withdrawn: dict[int | None, Entry]) -> LedgerRelease:
        if entry.name is None or entry.version is None or entry.at is None:
            raise UitstroomError("an entry names no release", where=f"{self.folder}, entry {entry.number}")
        folder = self.folder / RELEASES / entry.name / entry.version
        return LedgerRelease(entry, folder, entry.name, entry.version, entry.at, withdrawn.get(entry.number))

    def _sealed(self, entry: Entry) -> LedgerRelease | None:
        content = sealed_content(self.internal, entry)
        if content is None:
            return None
        name, version = str(content["name"]), str(content["version"])
        folder = self.internal / SEALED / name / version
        return LedgerRelease(entry, folder, name, version, instant_of(str(content["at"])), sealed=True)


def sealed_content(internal: Path, entry: Entry) -> dict[str, object] | None:
    """What a seal hides, as the internal part keeps it; None where it keeps nothing or something else."""
    file = internal / SEALED / f"{entry.number}.json"
    if not file.is_file():
        return None
    told = json.loads(file.read_text(encoding="utf-8"))
    content: dict[str, object] = told["content"]
    return {**content, "salt": told["salt"]} if commitment(told["salt"], content) == entry.commitment else None


def _chained(file: Path, lines: list[str]) -> Iterator[Entry]:
    previous = BEGINNING
    for number, line in enumerate(lines, 1):
        try:
            entry = Entry.parse(line)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise _broken(file, number, "this line is damaged or was changed") from None
        if (entry.number, entry.previous) != (number, previous):
            raise _broken(file, number, "this line does not follow from the one before it")
        previous = entry.hash
        yield entry


def _broken(file: Path, number: int, what: str) -> UitstroomError:
    return UitstroomError(what, where=f"{file}, line {number}", todo="take the ledger from its archive again")
