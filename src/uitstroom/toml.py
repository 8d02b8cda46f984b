"""TOML files as people write them, read within bounds: whatever lies at the path, reading it ends soon and in words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from uitstroom.errors import UitstroomError

LARGEST = 4 << 20
"""Bytes; a catalogue's largest file has some thirty thousand."""
MOST_PARTS = 50
"""How many parts a dotted key may have: the library's time grows with their square."""
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_DOTTED = re.compile(rf"[\w-]+(?:[ \t]*\.[ \t]*[\w-]+){{{MOST_PARTS},}}")


def read_toml(path: Path, shown: str | None = None) -> dict[str, Any]:
    """What a file says; `shown` is what the reader is told of its place.

    Raises `UitstroomError` where there is no such file, it is no ordinary file, too large, no UTF-8 or no TOML; what
    stands in it is not repeated.
    """
    where = shown or str(path)
    try:
        return _parsed(_text(path, where), where)
    except FileNotFoundError:
        raise UitstroomError("there is no such file", where=where, todo="mend its name, or make it") from None
    except OSError as error:
        raise UitstroomError(f"it cannot be read: {error.strerror}", where=where) from None


def _text(path: Path, where: str) -> str:
    if path.exists() and not path.is_file():
        raise UitstroomError("this is no ordinary file", where=where, todo="name a TOML file")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UitstroomError(f"the file is larger than {LARGEST >> 20} MB", where=where, todo="name a TOML file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UitstroomError("this file is not text in UTF-8", where=where, todo="save it as UTF-8") from None


def _parsed(text: str, where: str) -> dict[str, Any]:
    text = text.replace("\r\n", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") >= MOST_PARTS and _DOTTED.search(_QUOTED.sub("x", line)):
            raise UitstroomError(f"a key has more than {MOST_PARTS} parts", where=f"{where}, line {number}",
                                 todo="shorten it")  # fmt: skip
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UitstroomError("this is not TOML", where=f"{where}{_place(error)}", todo="mend that line") from None
    except RecursionError:
        raise UitstroomError("tables or lists are nested too deep", where=where, todo="write it flatter") from None
    except ValueError:
        raise UitstroomError("a number in it is too long", where=where, todo="write fewer digits") from None


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where the error is; its text may repeat what stands there."""
    place = str(error).rpartition("(at ")[2].rstrip(")")
    return f", {place}" if place.startswith(("line", "end")) else ""
