"""The data files of a release, one writer per format. Every writer takes a `Publishable`, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.release.formats import FORMATS, of_kind, require
from uitstroom.text import Language

__all__ = ["WRITERS", "Files", "Writer"]

Files = dict[str, bytes]
"""Content by path within the release. The same input gives the same bytes, whatever the clock says."""


class Writer(Protocol):
    """Writes one format. `names` names the tables, in order; without them they are named by what they are about."""

    def __call__(
        self, publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()
    ) -> Files: ...


def _writer(name: str) -> Writer:
    """The `files` of a format's module, read when it is first needed: its library may be absent."""

    def write(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:
        if not isinstance(publishable, Publishable):
            raise TypeError("a writer takes a Publishable, made by uitstroom.disclosure.protect")
        require([name])
        written = cast(Writer, import_module(FORMATS[name].module).files)
        return written(publishable, catalogue, language, names)

    return write


WRITERS: Mapping[str, Writer] = {name: _writer(name) for name in of_kind("data", FORMATS)}
"""The formats by name."""
