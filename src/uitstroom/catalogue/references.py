"""The three things that references in a catalogue must do: name what is there, name it once, and follow in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from uitstroom.catalogue.draft import Draft
from uitstroom.catalogue.holding import advice
from uitstroom.catalogue.schema import Dated
from uitstroom.errors import Problem
from uitstroom.periods import ONE_DAY

_NAMES = {"work_types": "work type", "end_reasons": "end reason", "outflow": "definition of outflow"}


def unknown(draft: Draft, kind: str, codes: Iterable[str], place: str) -> Iterator[Problem]:
    """The codes among `codes` that no entry of `kind` has."""
    yield from not_among(codes, draft.keys(kind), _NAMES.get(kind, kind.removesuffix("s")), place)


def not_among(codes: Iterable[str], known: Iterable[str], name: str, place: str) -> Iterator[Problem]:
    """The codes among `codes` that are not `known`, under the `name` of such a thing."""
    known = list(known)
    for code in codes:
        if code not in known:
            yield Problem(f"there is no {name} {code!r}", place, advice(code, known))


def twice(codes: Iterable[str], name: str, place: str) -> Iterator[Problem]:
    """The codes that occur more than once."""
    for code, times in Counter(codes).items():
        if times > 1:
            yield Problem(f"the {name} {code!r} stands here {times} times", place, "keep one")


def touching(versions: Sequence[Dated], place: str) -> Iterator[Problem]:
    """Versions follow each other in time, each from the day after the one before."""
    if not versions:
        yield Problem("there is no version", place, "add one")
    for earlier, later in pairwise(versions):
        if earlier.valid_until is None or later.valid_from is None:
            what = "two versions overlap: only the first may lack valid_from, and only the last valid_until"
            yield Problem(what, place, "give the dates, in the order of time")
        elif later.valid_from <= earlier.valid_until:
            what = f"two versions overlap: one from {later.valid_from}, one until {earlier.valid_until}"
            yield Problem(what, place, f"let the earlier end on {later.valid_from - ONE_DAY}, in the order of time")
        elif later.valid_from != earlier.valid_until + ONE_DAY:
            first, last = earlier.valid_until + ONE_DAY, later.valid_from - ONE_DAY
            yield Problem(f"no version is valid from {first} to {last}", place, f"let the earlier end on {last}")
