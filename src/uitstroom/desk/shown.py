"""Which persons a page shows: every way to a name or a number passes here, so that none is read unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_PERSONS: ContextVar[set[int] | None] = ContextVar("persons shown", default=None)


class UnwatchedError(Exception):
    """A person's data was asked for where nobody remembers who reads."""


@contextmanager
def watch() -> Iterator[set[int]]:
    """The keys of the persons that are shown meanwhile."""
    persons: set[int] = set()
    token = _PERSONS.set(persons)
    try:
        yield persons
    finally:
        _PERSONS.reset(token)


def shown(person: int, text: str) -> str:
    """The text, remembered as shown. Raises `UnwatchedError` outside `watch`."""
    persons = _PERSONS.get()
    if persons is None:
        raise UnwatchedError
    persons.add(person)
    return text
