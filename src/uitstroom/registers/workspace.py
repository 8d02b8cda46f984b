"""The engine that a load works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from uitstroom.errors import UitstroomError

MEMORY = "2500MB"


@contextmanager
def workspace(staging: Path) -> Iterator[Any]:
    """An engine in bounded memory that spills, encrypted, to the staging folder; its own messages never get out."""
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute("set temp_directory = $1", [str(staging / "spill")])
            connection.execute("set temp_file_encryption = true")
            connection.execute("set autoinstall_known_extensions = false")
            connection.execute("set enable_progress_bar = false")
            yield connection
    except duckdb.Error as error:
        raise UitstroomError(
            f"the engine could not go on ({type(error).__name__})",
            todo="see that there is room on the disk; if there is, report this. Nothing was loaded",
        ) from None
