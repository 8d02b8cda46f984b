"""Persons as signed 64-bit integers, made at the border (rule person.pseudonym)."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from uitstroom.errors import UitstroomError

Integers = NDArray[np.int64]
_SHORTEST_KEY = 16
_BLOCK = 64
"""Bytes that SHA-256 works on at once."""
_SMALL = 1 << 27


def read_key(path: Path) -> bytes:
    """The secret key in a file, without a newline at its end; at least 16 bytes."""
    try:
        if not path.is_file():
            raise UitstroomError("the key is no ordinary file", where=str(path))
        if path.stat().st_mode & 0o077:
            raise UitstroomError("others can read this key", where=str(path), todo="`chmod 600` the file")
        key = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise UitstroomError(f"the key cannot be read: {error.strerror}", where=str(path)) from None
    if len(key) < _SHORTEST_KEY:
        raise UitstroomError(f"the key is shorter than {_SHORTEST_KEY} bytes", where=str(path),
                             todo="make one with `openssl rand -hex 32`") from None  # fmt: skip
    return key


def weak(key: bytes) -> bool:
    """Whether a key is no random one: what its signs can tell is less than 96 bits, as in every sentence that people
    remember. Random bytes are known by being no text."""
    counts = Counter(key)
    told = -sum(count * math.log2(count / len(key)) for count in counts.values())
    return told < 96 if key.isascii() else len(counts) < _SHORTEST_KEY // 2


LOOKALIKES = (20, 5)
"""Of so many distinct pseudonyms half may not be national numbers; of so many not all."""


def too_alike(lookalikes: int, distinct: int) -> bool:
    """Whether so many of the distinct pseudonyms pass the check digits that they cannot be what they are called."""
    many, few = LOOKALIKES
    return 2 * lookalikes >= distinct if distinct >= many else lookalikes >= distinct >= few


def fingerprint(key: bytes) -> str:
    """What the store keeps of a key: enough to know it again, nothing to make it from."""
    return hmac.digest(key, b"uitstroom: fingerprint of the key", "sha256").hex()[:32]


class Numbers:
    """Pseudonyms of national numbers: the first 8 bytes of HMAC-SHA256(key, the 11 digits), once per person."""

    def __init__(self, key: bytes) -> None:
        block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
        self._inner, self._outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
        self._numbers: Integers = np.empty(0, np.int64)
        self._pseudonyms: Integers = np.empty(0, np.int64)

    def of(self, numbers: Integers) -> Integers:
        """The pseudonyms of numbers, in their order."""
        distinct = _ordered(numbers)
        new = distinct[~_among(distinct, self._numbers)]
        if len(new):
            places = np.searchsorted(self._numbers, new)
            self._numbers = np.insert(self._numbers, places, new)
            self._pseudonyms = np.insert(self._pseudonyms, places, self._made(new))
        return self._pseudonyms[np.searchsorted(self._numbers, numbers)]

    def _made(self, numbers: Integers) -> Integers:
        """HMAC as RFC 2104 has it, its two padded keys made once: less than half the time of hmac.digest."""
        sha, inner, outer = hashlib.sha256, self._inner, self._outer
        digests = [sha(outer + sha(inner + b"%011d" % number).digest()).digest()[:8] for number in numbers.tolist()]
        return _integers(b"".join(digests))

    @property
    def collided(self) -> bool:
        """Whether two numbers have one pseudonym."""
        return len(_ordered(self._pseudonyms)) < len(self._numbers)


class Texts:
    """Pseudonyms of pseudonyms: the integer itself, or the first 8 bytes of SHA-256 of the text."""

    def __init__(self) -> None:
        self.watching = False
        """Whether texts may come: where every person is an integer no two can collide, and none is remembered."""
        self._pseudonyms: Integers = np.empty(0, np.int64)
        self._origins: Integers = np.empty(0, np.int64)
        self._itself = _Integers()
        self._differ = False
        self.lookalikes: Integers = np.empty(0, np.int64)
        """The national numbers, by their check digits, that the pseudonyms read as."""

    def of(self, texts: Sequence[str]) -> Integers:
        """The pseudonyms of distinct texts, in their order."""
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        made = _integers(b"".join(digest[:8] for digest in digests))
        self._remember(made, _integers(b"".join(digest[8:16] for digest in digests)))
        return made

    def _remember(self, made: Integers, origins: Integers) -> None:
        """Keep each pseudonym with eight more bytes of its hash: two of them for one pseudonym are two persons."""
        order = np.argsort(made, kind="stable")
        made, origins = made[order], origins[order]
        self._differ |= bool(np.any((made[1:] == made[:-1]) & (origins[1:] != origins[:-1])))
        known = _among(made, self._pseudonyms)
        places = np.searchsorted(self._pseudonyms, made)
        self._differ |= bool(np.any(self._origins[places[known]] != origins[known]))
        self._pseudonyms = np.insert(self._pseudonyms, places[~known], made[~known])
        self._origins = np.insert(self._origins, places[~known], origins[~known])

    def integers(self, integers: Integers) -> None:
        """Remember integers that are their own pseudonym."""
        if self.watching:
            self._itself.add(integers)

    def resemble(self, numbers: Integers) -> None:
        """Remember national numbers that pseudonyms read as."""
        self.lookalikes = np.union1d(self.lookalikes, numbers)

    @property
    def collided(self) -> bool:
        """Whether two persons have one pseudonym."""
        return self._differ or self._itself.hold_any(self._pseudonyms)


class _Integers:
    """A set of integers: a flag for each small one, as numbers that count persons are, a sorted list of the others."""

    def __init__(self) -> None:
        self._flags = np.zeros(_SMALL, bool)
        self._others: Integers = np.empty(0, np.int64)
        self._loose: list[Integers] = []

    def add(self, integers: Integers) -> None:
        small = (integers >= 0) & (integers < _SMALL)
        self._flags[integers[small]] = True
        if not small.all():
            self._loose.append(_ordered(integers[~small]))
            if sum(map(len, self._loose)) > max(_SMALL // 64, len(self._others)):
                self._tidy()

    def _tidy(self) -> None:
        self._others, self._loose = _ordered(np.concatenate([self._others, *self._loose])), []

    def hold_any(self, integers: Integers) -> bool:
        """Whether one of them is in the set."""
        self._tidy()
        small = integers[(integers >= 0) & (integers < _SMALL)]
        return bool(self._flags[small].any() or _among(integers, self._others).any())


def _ordered(integers: Integers) -> Integers:
    """Each once, in order; numpy's own way, by hashing, takes several times as long."""
    ordered: Integers = np.sort(integers)
    first = np.concatenate([np.ones(min(1, len(ordered)), bool), ordered[1:] != ordered[:-1]])
    return np.asarray(ordered[first], dtype=np.int64)


def _among(integers: Integers, ordered: Integers) -> NDArray[np.bool_]:
    """Which of the integers are in an ordered list."""
    places = np.minimum(np.searchsorted(ordered, integers), max(len(ordered) - 1, 0))
    return ordered[places] == integers if len(ordered) else np.zeros(len(integers), bool)


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
