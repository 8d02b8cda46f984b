"""An entry of the ledger: a line that holds the hash of the line before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, get_args

EntryKind = Literal["release", "correction", "withdrawal", "seal", "opening"]
"""A seal hides a release under embargo; an opening says what it was."""
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
BEGINNING = "0" * 64
"""Stands for the hash of a line before the first."""


@dataclass(frozen=True)
class Entry:
    """What was done. `written` is when, `at` from when it is public; both in UTC, to the second.

    A release, correction or opening has `name`, `version` and the hash of its `manifest`, and the number of the entry
    that it `supersedes`; a withdrawal the entry that it `withdraws`. A seal has a `commitment` only: the hash of a
    `salt` and the content, which its opening tells.
    """

    number: int
    kind: EntryKind
    written: datetime
    previous: str = BEGINNING
    name: str | None = None
    version: str | None = None
    at: datetime | None = None
    manifest: str | None = None
    supersedes: int | None = None
    withdraws: int | None = None
    disclosive: bool = False
    notice: Mapping[str, str] = field(default_factory=dict)
    correction: bool = False
    commitment: str | None = None
    opens: int | None = None
    salt: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of everything that the line says, the hash before it included."""
        return hashlib.sha256(canonical(self._content())).hexdigest()

    def line(self) -> str:
        """The entry as it stands in the ledger."""
        return json.dumps({**self._content(), "hash": self.hash}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def parse(cls, line: str) -> Entry:
        """The entry of a line. Raises `ValueError`, `KeyError` or `TypeError` where it is none or was changed."""
        told = json.loads(line)
        known = told.pop("hash")
        for key in ("written", "at"):
            if told.get(key) is not None:
                told[key] = instant_of(told[key])
        entry = cls(**told)
        if entry.kind not in KINDS or entry.hash != known:
            raise ValueError(line)
        return entry

    def _content(self) -> dict[str, Any]:
        """Only what is said: a key that says nothing is left out, so that later keys change no earlier hash."""
        said = {name: value for name, value in vars(self).items() if value not in (None, False, {}) or name == "number"}
        return {name: told(value) if isinstance(value, datetime) else value for name, value in said.items()}


def commitment(salt: str, content: Mapping[str, Any]) -> str:
    """The hash by which a sealed release is known before it is told."""
    return hashlib.sha256(salt.encode() + canonical(content)).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one way in which a content is written for its hash."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def told(instant: datetime) -> str:
    """An instant in UTC: `2017-11-23T09:00:00Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """What `told` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
