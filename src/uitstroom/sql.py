"""Names, values and files as SQL says them: the one place of the program that quotes, and the one reader of Parquet."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from uitstroom.errors import UitstroomError
from uitstroom.periods import Day


def identifier(name: str) -> str:
    """The name of a column or a relation, whatever is in it: `on` is `"on"`."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text: `l'Est` is `'l''Est'`."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Texts for `in (…)`; an empty list matches nothing."""
    return ", ".join(literal(text) for text in texts) or "null"


def day_literal(day: Day) -> str:
    """A day: `date '2017-06-30'`."""
    return f"date '{day.isoformat()}'"


def path_literal(path: Path | str) -> str:
    """The path of a file that is written."""
    return literal(str(path))


def file_literal(path: Path | str) -> str:
    """The path of one file that is read; the engine would take signs in it for a pattern of many.

    Raises `UitstroomError` for a path that the engine cannot be told: a backslash beside such a sign.
    """
    text = str(path)
    escaped = glob.escape(text)
    if "\\" in text and escaped != text:
        raise UitstroomError("a path with a backslash beside *, ? or [ cannot be read", where=text,
                             todo="rename the folder or the file")  # fmt: skip
    return literal(escaped)


def parquet(paths: Iterable[Path | str], *, named: bool = False, numbered: bool = False, by_name: bool = False) -> str:
    """A relation of the rows of Parquet files (at least one), with the columns that stand in them and no others.

    The engine otherwise makes columns of folders that are called `column=value`, which would win from those of the
    file. `named` adds `filename`, `numbered` adds `file_row_number`; `by_name` reads files whose columns differ.
    """
    options = {"filename": named, "file_row_number": numbered, "union_by_name": by_name}
    chosen = "".join(f", {option} = true" for option, wanted in options.items() if wanted)
    files = ", ".join(file_literal(path) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false{chosen})"
