"""One JSON with everything: scope, figures, tables with their titles, notes, and what every code is called."""

from __future__ import annotations

from collections.abc import Sequence

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.release.data import FIGURES, Files
from uitstroom.release.data.codes import codes_of
from uitstroom.release.json_csv import as_json
from uitstroom.text import Language


def files(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:  # noqa: ARG001
    """One file, the same in every language (docs/figures.schema.json)."""
    return {FIGURES: as_json(publishable, catalogue, names, codes_of(publishable, catalogue)).encode()}
