"""The files of the repository, without what programs left behind."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_BEHIND = {"store", "build", "dist", "__pycache__"}


def files(*endings: str) -> list[Path]:
    """Every file whose name ends so, in order; none of a folder that begins with a dot, but .ci."""
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.suffix in endings and path.is_file() and not any(map(_hidden, path.relative_to(ROOT).parts[:-1]))
    )


def _hidden(folder: str) -> bool:
    return folder in LEFT_BEHIND or (folder.startswith(".") and folder != ".ci") or folder.endswith(".egg-info")
