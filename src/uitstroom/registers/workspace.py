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
def workspace(staging: Path, *, secret: bool) -> Iterator[Any]:
    """An engine in bounded memory that spills to the staging folder; its own messages never get out.

    What it spills of a delivery of pseudonyms is what the store holds. A delivery of national numbers is `secret`:
    none of it is written unencrypted, and since the engine cannot encrypt what it spills by itself, a load of it that
    outgrows the memory is refused.
    """
    try:
        with duckdb.connect() as connection:
            connection.execute(f"set memory_limit = '{MEMORY}'")
            connection.execute("set temp_directory = $1", [str(staging / "spill")])
            connection.execute(f"set temp_file_encryption = {str(secret).lower()}")
            connection.execute("set autoinstall_known_extensions = false")
            connection.execute("set enable_progress_bar = false")
            yield connection
    except duckdb.Error as error:
        raise UitstroomError(
            f"the engine could not go on ({type(error).__name__})",
            todo="see that there is room on the disk (national numbers are not spilled to it: deliver less of them at "
            "once); if that is not it, report this. Nothing was loaded",
        ) from None
