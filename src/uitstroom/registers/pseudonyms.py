"""Persons as signed 64-bit integers, made at the border (semantics, 2)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uitstroom.errors import UitstroomError

Integers = NDArray[np.int64]
_SHORTEST_KEY = 16


def read_key(path: Path) -> bytes:
    """The secret key in a file, without a newline at its end; at least 16 bytes."""
    try:
        key = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise UitstroomError(f"the key cannot be read: {error.strerror}", where=str(path)) from None
    if len(key) < _SHORTEST_KEY:
        raise UitstroomError(f"the key is shorter than {_SHORTEST_KEY} bytes", where=str(path),
                             todo="make one with `openssl rand -hex 32`") from None  # fmt: skip
    return key


def fingerprint(key: bytes) -> str:
    """What the store keeps of a key: enough to know it again, nothing to make it from."""
    return hmac.digest(key, b"uitstroom: fingerprint of the key", "sha256").hex()[:32]


class _Seen:
    """The pseudonyms of a delivery, each with what it was made from, in order of the pseudonym."""

    def __init__(self) -> None:
        self.pseudonyms: Integers = np.empty(0, np.int64)
        self.origins: Integers = np.empty(0, np.int64)
        self.collided = False

    def add(self, pseudonyms: Integers, origins: Integers) -> None:
        """Remember them; two origins of one pseudonym are a collision."""
        both = np.concatenate([self.pseudonyms, pseudonyms]), np.concatenate([self.origins, origins])
        order = np.lexsort((both[1], both[0]))
        known, made_from = both[0][order], both[1][order]
        same = known[1:] == known[:-1]
        self.collided |= bool(np.any(same & (made_from[1:] != made_from[:-1])))
        first = np.concatenate([np.ones(min(1, len(known)), bool), ~same])
        self.pseudonyms, self.origins = known[first], made_from[first]


class Numbers:
    """Pseudonyms of national numbers: the first 8 bytes of HMAC-SHA256(key, the 11 digits), once per person."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._seen = _Seen()
        self._numbers: Integers = np.empty(0, np.int64)
        self._pseudonyms: Integers = np.empty(0, np.int64)

    def of(self, numbers: Integers) -> Integers:
        """The pseudonyms of distinct numbers, in their order."""
        new = np.setdiff1d(numbers, self._numbers, assume_unique=True)
        digests = b"".join(hmac.digest(self._key, b"%011d" % number, "sha256")[:8] for number in new.tolist())
        made = np.frombuffer(digests, dtype=">i8").astype(np.int64)
        self._seen.add(made, new)
        merged = np.concatenate([self._numbers, new]), np.concatenate([self._pseudonyms, made])
        order = np.argsort(merged[0])
        self._numbers, self._pseudonyms = merged[0][order], merged[1][order]
        return self._pseudonyms[np.searchsorted(self._numbers, numbers)]

    @property
    def collided(self) -> bool:
        return self._seen.collided


class Texts:
    """Pseudonyms of pseudonyms: the integer itself, or the first 8 bytes of SHA-256 of the text."""

    def __init__(self) -> None:
        self._seen = _Seen()

    def of(self, texts: Sequence[str]) -> Integers:
        """The pseudonyms of distinct texts, in their order."""
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        made = _integers(b"".join(digest[:8] for digest in digests))
        self._seen.add(made, _integers(b"".join(digest[8:16] for digest in digests)) | 1)
        return made

    def integers(self, integers: Integers) -> None:
        """Remember distinct integers that are their own pseudonym."""
        self._seen.add(integers, np.zeros(len(integers), np.int64))

    @property
    def collided(self) -> bool:
        return self._seen.collided


def _integers(text: bytes) -> Integers:
    return np.frombuffer(text, dtype=">i8").astype(np.int64)


def valid_number(number: str, year: int) -> str:
    """SQL: whether the bigint `number` is a national (INSZ) or BIS number that can have been given by `year`.

    The rule of stdnum's be.ssn and be.bis, over whole columns; a test holds it against them.
    """
    head, tail, month = f"({number} // 100)", f"({number} % 100)", f"({number} // 10000000 % 100)"
    born_after_2000 = f"(97 - (2000000000 + {head}) % 97 = {tail} and {number} // 1000000000 + 2000 <= {year})"
    months = " or ".join(f"{month} between {low} and {low + 12}" for low in (0, 20, 40))
    return f"({number} > 0 and (97 - {head} % 97 = {tail} or {born_after_2000}) and ({months}))"
