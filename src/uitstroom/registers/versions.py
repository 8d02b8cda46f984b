"""Which version of its instrument an action falls under, said in SQL (rule version.validity)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Instrument, Version
from uitstroom.registers.columns import is_characteristic
from uitstroom.sql import literal


@dataclass(frozen=True)
class Numbered:
    """A version with its number, from 1, over all instruments."""

    number: int
    instrument: Instrument
    version: Version

    @property
    def counted_on(self) -> str:
        """The column of the day that makes an action of this version an entrant."""
        return "approved_on" if self.version.entrant == "approval" else "start_date"

    def records(self, column: str) -> bool:
        return self.version.characteristics if is_characteristic(column) else column in self.version.records


class Versions:
    """All versions of a catalogue's instruments."""

    def __init__(self, catalogue: Catalogue) -> None:
        pairs = [
            (instrument, version) for instrument in catalogue.instruments.values() for version in instrument.versions
        ]
        self.all = tuple(Numbered(number, *pair) for number, pair in enumerate(pairs, start=1))

    @property
    def number(self) -> str:
        """SQL: the number of an action's version; negative for the nearest one where its day is outside all."""
        inside = [f"when {_instrument(one)} and {_valid(one)} then {one.number}" for one in self.all]
        nearest = [line for one in self.all if one.version is one.instrument.versions[0] for line in self._nearest(one)]
        return "case " + "\n  ".join([*inside, *nearest]) + " end"

    def _nearest(self, first: Numbered) -> list[str]:
        last = next(one for one in reversed(self.all) if one.instrument is first.instrument)
        lines = []
        if first.version.valid_from:
            before = f"{first.counted_on} < date '{first.version.valid_from}'"
            lines.append(f"when {_instrument(first)} and {before} then -{first.number}")
        return [*lines, f"when {_instrument(first)} then -{last.number}"]

    def where(self, holds: Callable[[Numbered], bool], column: str = "version") -> str:
        """SQL: whether the row's version is one of those for which `holds`."""
        runs = _runs([one.number for one in self.all if holds(one)])
        inside = " or ".join(f"{column} between {first} and {last}" for first, last in runs)
        return f"coalesce({inside}, false)" if inside else "false"

    @property
    def counted_on(self) -> str:
        """SQL: the day on which the row counts."""
        approval = self.where(lambda one: one.version.entrant == "approval")
        return f"case when {approval} then approved_on else start_date end"


def _instrument(one: Numbered) -> str:
    return f"instrument = {literal(one.instrument.code)}"


def _valid(one: Numbered) -> str:
    low, high = one.version.valid_from, one.version.valid_until
    bounds = [f"{one.counted_on} >= date '{low}'"] if low else []
    bounds += [f"{one.counted_on} <= date '{high}'"] if high else []
    return " and ".join(bounds) or f"{one.counted_on} is not null"


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of numbers that follow on one another."""
    firsts = [one for one in numbers if one - 1 not in numbers]
    lasts = [one for one in numbers if one + 1 not in numbers]
    return list(zip(firsts, lasts, strict=True))
