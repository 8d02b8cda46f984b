"""The catalogue as a whole: what a service counts, how, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from uitstroom.catalogue.schema import (
    CountDefinition,
    Dated,
    Dimension,
    DisclosurePolicy,
    EndReason,
    Frame,
    Group,
    IndicatorEntry,
    Indicators,
    Instrument,
    OutflowDefinition,
    Service,
    Source,
    Version,
    WorkType,
)
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Day, Period
from uitstroom.text import Text

Kind = TypeVar("Kind")
Validity = TypeVar("Validity", bound=Dated)


@dataclass(frozen=True)
class Catalogue:
    """Everything that the files of a service say, checked. Each mapping keeps the order of the files.

    `fingerprint` is the SHA-256 of the content: two catalogues that say the same have the same one, wherever their
    files stand and however they are laid out.
    """

    service: Service
    sources: Mapping[str, Source]
    instruments: Mapping[str, Instrument]
    groups: Mapping[str, Group]
    dimensions: Mapping[str, Dimension]
    work_types: Mapping[str, WorkType]
    end_reasons: Mapping[str, EndReason]
    frames: Mapping[str, Frame]
    indicators: Indicators
    disclosure: DisclosurePolicy
    words: Mapping[str, Text]
    fingerprint: str
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files as they are written, by path, so that a release can keep what it was made with."""

    @classmethod
    def kept(cls, folder: Path) -> Catalogue:
        """The catalogue whose `files` stand in a folder."""
        from uitstroom.catalogue.loading import load_kept

        return load_kept(folder)

    @classmethod
    def load(cls, directory: Path | None = None) -> Catalogue:
        """The built-in catalogue of VDAB; with a `directory`, its files on top of it, or alone where its service.toml
        says `extends = false`.

        Raises `UitstroomError` with every mistake in every file, each with its file and key.
        """
        from uitstroom.catalogue.loading import load

        return load(directory)

    def instrument(self, code: str) -> Instrument:
        return _entry("instrument", code, self.instruments)

    def dimension(self, code: str) -> Dimension:
        return _entry("dimension", code, self.dimensions)

    def group(self, code: str) -> Group:
        return _entry("group", code, self.groups)

    def members(self, group: str, period: Period) -> tuple[Instrument, ...]:
        """The instruments that belong to a group on some day of `period`, in the order of tables."""
        entry = self.group(group)
        inside = {member.instrument for member in entry.members if member.overlaps(period)}
        return tuple(self.instrument(code) for code in entry.table_order if code in inside)

    def indicator(self, code: str) -> IndicatorEntry:
        return _entry("indicator", code, {str(key): value for key, value in self.indicators.indicators.items()})

    def outflow_definition(self, name: str, day: Day) -> OutflowDefinition:
        """The version of a named definition of outflow that is valid on `day`."""
        return _valid("definition of outflow", name, self.indicators.outflow, day)

    def persons_definition(self, name: str, day: Day) -> CountDefinition:
        """The version of a named definition of counting persons that is valid on `day`."""
        return _valid("definition of persons", name, self.indicators.persons, day)

    def parent_of(self, dimension: str, code: str) -> str | None:
        """The code of `dimension` that a code of the dimension below it (its `of`) is part of; None without one."""
        entry = self.dimension(dimension)
        below = self.dimension(str(entry.of))
        named = next((one.parent for one in below.codes if one.code == code and one.parent), None)
        begins = code[: entry.prefix] if entry.prefix else None
        return named or (begins if begins in {one.code for one in entry.codes} else None)

    def word(self, key: str, **parts: object) -> Text:
        """A sentence of words.toml with its named places filled."""
        if key not in self.words:
            raise UitstroomError(
                f"there are no words for {key}", where="words.toml", todo=f"add [{key}] with nl and en"
            )
        return self.words[key].format(**parts)


def needed_columns(definition: OutflowDefinition, version: Version) -> tuple[str, ...]:
    """The columns that a version must record before its outflow can be measured by `definition` (rule status.order).

    The start always: nobody can be followed from an action of which it is not known when it ran.
    """
    entrant = "approved_on" if version.entrant == "approval" else "start_date"
    ended = definition.cohort == "ended" or definition.anchor == "end"
    needed = {
        "person_id": True,
        entrant: definition.cohort == "started",
        "start_date": True,
        "end_date": ended,
        "trajectory_id": definition.unit == "trajectory",
        "employer_id": definition.event.same_employer,
        "end_reason": definition.who == "completed",
    }
    return tuple(column for column, wanted in needed.items() if wanted)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, if one does."""
    by_fold = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), by_fold, n=1)
    return by_fold[close[0]] if close else None


def advice(word: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown word: the nearest, and all that are known where they are not too many."""
    known = list(known)
    close = nearest(word, known)
    if close and len(known) > _READABLE:
        return f"did you mean {close}?"
    return f"did you mean {close}? known: {', '.join(known)}" if close else f"known: {', '.join(known) or 'none'}"


_READABLE = 20


def _entry(kind: str, code: str, entries: Mapping[str, Kind]) -> Kind:
    if code not in entries:
        raise UsageError(f"there is no {kind} {code!r} in the catalogue", todo=advice(code, entries))
    return entries[code]


def _valid(kind: str, name: str, entries: Mapping[str, tuple[Validity, ...]], day: Day) -> Validity:
    versions = _entry(kind, name, entries)
    found = next((version for version in versions if version.valid_on(day)), None)
    if found is None:
        dated = ", ".join(f"{one.valid_from or '…'} to {one.valid_until or '…'}" for one in versions)
        raise UsageError(f"the {kind} {name!r} is not valid on {day}", todo=f"it is valid from {dated}")
    return found
