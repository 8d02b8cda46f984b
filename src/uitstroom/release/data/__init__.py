"""The data files of a release, one writer per format. Every writer takes a `Publishable`, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.errors import UitstroomError
from uitstroom.text import Language

__all__ = ["WRITERS", "Files", "Writer"]

Files = dict[str, bytes]
"""Content by path within the release. The same input gives the same bytes, whatever the clock says."""


class Writer(Protocol):
    """Writes one format. `names` names the tables, in order; without them they are named by what they are about."""

    def __call__(
        self, publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()
    ) -> Files: ...


def _writer(module: str, extra: str = "publish") -> Writer:
    """The `files` of a module, read when it is first needed: a format's library may be absent."""

    def write(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:
        if not isinstance(publishable, Publishable):
            raise TypeError("a writer takes a Publishable, made by uitstroom.disclosure.protect")
        try:
            written = cast(Writer, import_module(f"{__name__}.{module}").files)
        except ImportError as error:
            raise UitstroomError(
                f"writing {module} needs a library that is not installed: {error.name or 'see the extra'}",
                todo=f"pip install 'uitstroom[{extra}]'",
            ) from None
        return written(publishable, catalogue, language, names)

    return write


WRITERS: Mapping[str, Writer] = {
    "json": _writer("whole"),
    "csv": _writer("csvw"),
    "xlsx": _writer("xlsx"),
    "sdmx": _writer("sdmx", "sdmx"),
}
"""The formats by name."""
