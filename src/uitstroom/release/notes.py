"""What must travel with figures: marks of the whole, notes of a table, and those that are about a single figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uitstroom.figures import Note, Table

if TYPE_CHECKING:
    from uitstroom.catalogue import Catalogue
    from uitstroom.disclosure import Publishable

_LIMITS = "note.limit"
_MARKS = ("note.internal", "note.synthetic")
_IN_ANNEXES = (_LIMITS, "note.bases_differ", "note.quarantined", "note.counted_outside_versions", "note.purpose")
"""Notes that a reader of the letter can do without."""


def marks(publishable: Publishable, catalogue: Catalogue) -> list[Note]:
    """That the figures are unprotected, or that the persons do not exist: stands first in every format."""
    found = []
    if publishable.internal:
        found.append(Note("note.internal", catalogue.word("note.internal")))
    if any(table.scope.synthetic for table in publishable):
        found.append(Note("note.synthetic", catalogue.word("note.synthetic")))
    return found


def notes_of(table: Table, publishable: Publishable, catalogue: Catalogue) -> list[Note]:
    """The marks and the table's own notes, each once."""
    return list({note.text: note for note in (*marks(publishable, catalogue), *table.notes)}.values())


def notes_of_all(publishable: Publishable, catalogue: Catalogue) -> list[Note]:
    """The marks and the notes of all tables, each once."""
    notes = [note for table in publishable for note in notes_of(table, publishable, catalogue)]
    return list({note.text: note for note in notes}.values())


def told_in_letters(table: Table) -> list[Note]:
    """The notes without which a table of a letter would mislead; the marks stand on every page."""
    return [note for note in table.notes if note.code not in (*_MARKS, *_IN_ANNEXES)]


def told_in_annexes(table: Table) -> list[Note]:
    """The other notes of a table."""
    return [note for note in table.notes if note.code in _IN_ANNEXES]


def short_notes(table: Table, publishable: Publishable, catalogue: Catalogue) -> list[Note]:
    """Those that a picture has room for: all but the limits of what an outflow can see."""
    return [note for note in notes_of(table, publishable, catalogue) if note.code != _LIMITS]
