"""What may leave: the only thing that a writer accepts, and that only disclosure can make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from uitstroom.figures import Table

_SEAL = object()


@dataclass(frozen=True)
class Publishable:
    """Tables that passed `protect` together; or, where `internal`, all figures unprotected for the service itself.

    It cannot be made by hand: the constructor raises `TypeError` outside this package.
    """

    tables: tuple[Table, ...]
    symbol: str
    internal: bool = False
    seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("a Publishable is made by uitstroom.disclosure.protect, never by hand")

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)


def sealed(tables: tuple[Table, ...], symbol: str, *, internal: bool = False) -> Publishable:
    """For this package only."""
    return Publishable(tables, symbol, internal, _SEAL)
