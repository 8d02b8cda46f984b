"""The version of a release, which follows from what changed: nobody chooses it."""

from __future__ import annotations

from uitstroom.figures import Figure
from uitstroom.release.figures_file import FiguresFile

FIRST = "1.0.0"
CellKey = tuple[str, str, str | None, str | None, str, tuple[tuple[str, str], ...]]
"""Table, indicator, instrument, group, period, breakdown."""


def next_version(version: str, before: FiguresFile, after: FiguresFile) -> str:
    """Major where a definition or code changed or a cell is gone, minor where cells were added, patch where values
    were corrected."""
    major, minor, patch = (int(part) for part in version.split("."))
    old, new = cells(before), cells(after)
    if old.keys() - new.keys() or _renamed(before, after):
        return f"{major + 1}.0.0"
    if any(_redefined(old[key], new[key]) for key in old):
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if new.keys() - old.keys() else f"{major}.{minor}.{patch + 1}"


def cells(file: FiguresFile) -> dict[CellKey, Figure]:
    """Every figure by what it is about."""
    return {
        (name, one.indicator, one.instrument, one.group, one.period.code, tuple(sorted(one.by.items()))): one
        for name, table in zip(file.names, file.tables, strict=True)
        for one in table.figures
    }


def _renamed(before: FiguresFile, after: FiguresFile) -> bool:
    """Whether a code that both have is called something else."""
    return any(
        before.codes.get(kind, {}).get(code, name) != name
        for kind, codes in after.codes.items()
        for code, name in codes.items()
    )


def _redefined(before: Figure, after: Figure) -> bool:
    """Whether both are measured, and by something else."""
    measured = before.definition is not None and after.definition is not None
    return before.kind != after.kind or (measured and _definition(before) != _definition(after))


def _definition(figure: Figure) -> tuple[object, ...]:
    return (
        figure.definition, figure.cohort, figure.anchor, figure.horizon, figure.event, figure.work_types,
        figure.who, figure.decimals,
    )  # fmt: skip
