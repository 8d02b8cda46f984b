"""Release folders and CSV files as a stranger finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from uitstroom.audit.codelists import Hierarchies
from uitstroom.audit.figures_file import FiguresReader
from uitstroom.audit.inquiry import Progress
from uitstroom.audit.look import Look, Terms, look, quiet
from uitstroom.audit.sheet import Sheet
from uitstroom.audit.table_file import NumberColumns, TablesReader
from uitstroom.errors import UitstroomError

FIGURES = Path("data") / "figures.json"
TRUE = Path("figures.json")
"""In the internal part of a release: the same file unprotected."""


def look_at_release(
    folders: Sequence[Path], terms: Terms, attacker: str = "positive", progress: Progress = quiet
) -> Look:
    """What a stranger can say who has all of these releases; with the internal part of one, also against the truth."""
    sheet, hierarchies = Sheet(), Hierarchies.published()
    for folder in folders:
        body = read_json(folder / FIGURES)
        add_release(sheet, body, _internal(folder), hierarchies, attacker)
    return look(sheet, hierarchies, terms, progress)


def unsafe_beside(
    body: Mapping[str, Any], true: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], terms: Terms,
    attacker: str = "positive",
) -> tuple[str, ...]:  # fmt: skip
    """What a release gives away to who has the earlier ones too and did not know it from those alone, in words without
    numbers; nothing where it is safe. `true` is the same file unprotected."""
    hierarchies = Hierarchies.published()
    before, together = Sheet(), Sheet()
    for one in earlier:
        add_release(before, one, None, hierarchies, attacker)
        add_release(together, one, None, hierarchies, attacker)
    add_release(together, body, true, hierarchies, attacker)
    known = {one.what for one in look(before, hierarchies, terms).unsafe} if earlier else set()
    seen = look(together, hierarchies, terms)
    if seen.contradiction:
        return (seen.contradiction.partition(": ")[0],)
    return tuple(dict.fromkeys(f"{one.what} ({one.verdict})" for one in seen.unsafe if one.what not in known))


def add_release(
    sheet: Sheet, body: Mapping[str, Any], true: Mapping[str, Any] | None, hierarchies: Hierarchies,
    attacker: str = "positive",
) -> None:  # fmt: skip
    """Add the numbers of a release to those that are known; `UitstroomError` where the file is no such file."""
    try:
        stated = hierarchies.with_parents(body.get("parents") or {})
        found = FiguresReader(stated, attacker, body.get("group_disclosure") == "hide").sheet(body, true)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UitstroomError(
            "these figures cannot be read", where=str(FIGURES), todo="give a release as `uitstroom answer` writes it"
        ) from error
    for part in ("entries", "rates", "shares", "sums"):
        getattr(sheet, part).extend(getattr(found, part))


def look_at_tables(
    files: Sequence[Path], columns: NumberColumns, terms: Terms, attacker: str = "positive", progress: Progress = quiet
) -> Look:
    """What a stranger can say who has all of these CSV files; `UitstroomError` with all that cannot be read."""
    reader = TablesReader(columns, attacker)
    for path in files:
        reader.read(path)
    return look(reader.sheet, Hierarchies(), terms, progress)


def read_json(file: Path) -> Any:
    """A JSON file; `UitstroomError` where there is none or it is damaged."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UitstroomError("this folder is no release", where=str(file), todo="give a release folder") from None
    except (OSError, ValueError, RecursionError):
        raise UitstroomError(
            "these figures cannot be read", where=str(file), todo="take the release from its archive again"
        ) from None


def _internal(folder: Path) -> Any:
    """The unprotected figures, where the internal part lies in the folder or beside it."""
    for part in (folder / "internal", folder.with_name(folder.name + ".internal")):
        if (part / TRUE).is_file():
            return read_json(part / TRUE)
    return None
