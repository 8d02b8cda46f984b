"""What the rebuild of a release shows: byte for byte under one schema, cell by cell where the form is older."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uitstroom.figures import Figure
from uitstroom.release.fields import FIELDS
from uitstroom.release.figures_file import FIGURES, SCHEMA, FiguresFile
from uitstroom.release.manifest import MANIFEST, UNFINISHED, Files, Internal, Manifest, digest, is_data, versions


@dataclass(frozen=True)
class MovedCell:
    """A cell of an older release that comes out differently, and the rule that moves it; None where none is known."""

    cell: str
    before: str
    after: str
    rule: str | None


@dataclass(frozen=True)
class Verdict:
    """What a rebuild showed. `damaged` files differ from the manifest; `changed` inputs from those it names.

    `different` files could not be rebuilt: data that differ are never excused; others only by other versions.
    Of a release whose `older_form` this version no longer writes, the cells are compared: `moved` ones differ.
    """

    damaged: tuple[str, ...]
    changed: tuple[str, ...]
    different: tuple[str, ...]
    same_versions: bool
    older_form: bool = False
    moved: tuple[MovedCell, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether the release stands: nothing damaged, no input changed, all data equal, and all files equal under
        the manifest's versions; in an older form, all cells equal."""
        excused = self.older_form or (not self.same_versions and not any(is_data(name) for name in self.different))
        return not (self.damaged or self.changed or self.moved) and (not self.different or excused)

    @property
    def other_renderer(self) -> bool:
        """Same figures, other renderer."""
        return self.verified and bool(self.different) and not self.older_form


_OLDER_INPUTS = ("question", "as_known_on", "snapshot", "language", "clock", "earlier")
"""Inputs whose hashes mean the same in every schema."""


def compare(release: Path, rebuilt: Files, inputs: Mapping[str, Any]) -> Verdict:
    """Hold a release on disk against one rebuilt in memory."""
    manifest = Manifest.read(release)
    wrong = damaged(release, manifest)
    if manifest.schema < SCHEMA:
        changed = [key for key in _OLDER_INPUTS if manifest.inputs.get(key) != inputs.get(key)]
        moved = () if FIGURES in wrong else moved_cells((release / FIGURES).read_bytes(), rebuilt[FIGURES])
        return Verdict(wrong, tuple(changed), (), same_versions=False, older_form=True, moved=moved)
    again = Manifest.of(dict(inputs), rebuilt)
    names = sorted(manifest.files.keys() | again.files.keys())
    return Verdict(
        damaged=wrong,
        changed=tuple(key for key in sorted(manifest.inputs) if manifest.inputs[key] != inputs.get(key)),
        different=tuple(name for name in names if manifest.files.get(name) != again.files.get(name)),
        same_versions=manifest.versions == versions(),
    )


def damaged(release: Path, manifest: Manifest) -> tuple[str, ...]:
    """Files that are missing, changed, or beside the manifest; those of the internal part under its name."""
    internal = Internal.of(release)
    present = {
        path.relative_to(release).as_posix(): path
        for path in sorted(release.rglob("*"))
        if path.is_file() and path.relative_to(release).as_posix() != MANIFEST and path.name != UNFINISHED
    }
    public = {name for name in present if not name.startswith("internal/")}
    wrong = {
        name
        for name, expected in manifest.files.items()
        if name not in present or digest(present[name].read_bytes()) != expected
    }
    kept = internal.damaged((release / MANIFEST).read_bytes()) if internal else ()
    return (*sorted(wrong | (public - set(manifest.files))), *kept)


_TOLD = ("status", "value", "numerator", "base", "maturity", "known_on", "provisional", "reason")
"""What a cell says: its status, numbers, boxes, days and reason."""
_BOXED = ("started", "persons", "reach")
Moves = Callable[[Figure, Figure], bool]
_RULES: tuple[tuple[str, Moves], ...] = (
    ("count.reach", lambda old, _: old.indicator == "reach"),
    ("outflow.fixed_day", lambda old, _: bool(old.horizon and old.horizon.on)),
    ("outflow.known_on", lambda old, new: _same_but(old, new, "reason")),
    ("protection", lambda old, new: "suppressed" in (old.status, new.status) or _hidden(old) != _hidden(new)),
    ("count.first_action", lambda old, _: old.indicator == "persons" and bool(old.by)),
    ("status.total", lambda old, new: old.instrument is None and new.status != old.status),
    ("count.outside_validity", lambda old, new: old.instrument is None or new.status != old.status),
    ("chain.end", lambda old, _: old.indicator not in _BOXED),
)
"""The rules that are newer than schema 1, each with the cells that it can move; the first that fits is named."""


def moved_cells(older: bytes, rebuilt: bytes) -> tuple[MovedCell, ...]:
    """The cells of an older figures.json that a rebuilt one says differently, gone and new ones among them."""
    before, after = (dict(_cells(FiguresFile.parse(content, FIGURES))) for content in (older, rebuilt))
    return tuple(
        MovedCell(key, _said(before.get(key)), _said(after.get(key)), _rule(before.get(key), after.get(key)))
        for key in [*before, *(key for key in after if key not in before)]
        if _told(before.get(key)) != _told(after.get(key))
    )


def _cells(file: FiguresFile) -> Sequence[tuple[str, Figure]]:
    return [
        (_key(name, figure), figure)
        for name, table in zip(file.names, file.tables, strict=True)
        for figure in table.figures
    ]  # fmt: skip


def _key(table: str, figure: Figure) -> str:
    codes = [f"{dimension}={code}" for dimension, code in sorted(figure.by.items())]
    who = figure.instrument or f"total of {figure.group}"
    return " · ".join([table, figure.indicator, who, figure.period.code, *codes])


def _told(figure: Figure | None) -> dict[str, Any] | None:
    shapes = {field.name: field for field in FIELDS}
    if figure is None:
        return None
    return {name: shapes[name].shape.write(shapes[name].of(figure)) for name in _TOLD}


def _said(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return str(figure.value) if figure.status == "value" else figure.status


def _rule(old: Figure | None, new: Figure | None) -> str | None:
    if old is None or new is None:
        return None
    return next((rule for rule, moves in _RULES if moves(old, new)), None)


def _same_but(old: Figure, new: Figure, name: str) -> bool:
    before, after = _told(old) or {}, _told(new) or {}
    return all(before[key] == after[key] for key in _TOLD if key != name)


def _hidden(figure: Figure) -> list[bool]:
    return [value is None for value in vars(figure.maturity).values()] if figure.maturity else []
