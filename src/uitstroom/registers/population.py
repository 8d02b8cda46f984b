"""A list of persons in a file, made into the persons of a store."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from uitstroom.errors import UitstroomError
from uitstroom.registers.snapshots import read_index
from uitstroom.registers.store import Store


@dataclass(frozen=True)
class PersonList:
    """Persons as a store knows them, each once, and the keyed fingerprint by which their list is known again.

    Who guesses a list cannot make its fingerprint: the key is a digest of the first delivery, which only the store has.
    """

    persons: tuple[int, ...] = field(repr=False)
    fingerprint: str

    @classmethod
    def of(cls, persons: Iterable[int], key: str) -> PersonList:
        """Repeated persons count once; `key` is what nobody outside knows."""
        members = tuple(sorted(set(persons)))
        content = ",".join(map(str, members)).encode()
        return cls(members, hmac.digest(key.encode(), b"uitstroom: list of persons: " + content, "sha256").hex()[:32])


def read_population(file: Path, store: Store, key_file: Path | None = None) -> PersonList:
    """The list in a file, as `read_persons` reads it."""
    snapshots = store.snapshots()
    return PersonList.of(read_persons(file, store, key_file), snapshots[0].content if snapshots else "")


def read_persons(file: Path, store: Store, key_file: Path | None = None) -> tuple[int, ...]:
    """The persons in a file with one number or pseudonym per line, as the store knows them; each once.

    A person that the store does not know stays in the list. Raises `UitstroomError`, naming lines and never a value,
    where the file cannot be read, a line is no national number (in a store of them), or the key is not the store's.
    """
    if file.exists() and not file.is_file():
        raise UitstroomError("the list of persons is no ordinary file", where=str(file), todo="give a text file")
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        raise UitstroomError(f"the list of persons {why}", where=str(file), todo="give one person per line") from None
    listed = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    index = read_index(store.path)
    if index.person == "number":
        return _numbers(file, listed, index.key, key_file)
    return _pseudonyms([text for _, text in listed])


def _pseudonyms(texts: list[str]) -> tuple[int, ...]:
    from uitstroom.registers.pseudonyms import Texts

    integers = {int(text) for text in texts if _is_integer(text)}
    rest = sorted({text for text in texts if not _is_integer(text)})
    return tuple(sorted(integers | {int(one) for one in Texts().of(rest)}))


def _is_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 20 and -(2**63) <= int(text) < 2**63


def _numbers(file: Path, listed: list[tuple[int, str]], expected: str | None, key_file: Path | None) -> tuple[int, ...]:
    import numpy as np
    from stdnum.be import bis, ssn

    from uitstroom.registers.pseudonyms import Numbers, fingerprint, read_key

    if key_file is None:
        raise UitstroomError("this store holds national numbers", where=str(file), todo="give --key-file")
    key = read_key(key_file)
    if fingerprint(key) != expected:
        raise UitstroomError("this is not the key of the store", where=str(key_file), todo="give the store's own key")
    compact = [(line, "".join(sign for sign in text if sign in "0123456789")) for line, text in listed]
    wrong = [str(line) for line, digits in compact if not (ssn.is_valid(digits) or bis.is_valid(digits))]
    if wrong:
        raise UitstroomError(
            f"{len(wrong)} lines hold no national number", where=f"{file}: lines {', '.join(wrong[:20])}",
            todo="correct or remove them",
        )  # fmt: skip
    numbers = np.unique(np.array([int(digits) for _, digits in compact], dtype=np.int64))
    return tuple(sorted(int(one) for one in Numbers(key).of(numbers)))
