"""One JSON with everything: scope, figures, tables with their titles, notes, and what every code is called."""

from __future__ import annotations

from collections.abc import Sequence

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.release.data import Files
from uitstroom.release.data.codes import codes_of
from uitstroom.release.figures_file import FIGURES, FIGURES_SCHEMA, figures_schema_page
from uitstroom.release.json_csv import figures_file
from uitstroom.release.words_file import WORDS_FILE, words_of
from uitstroom.text import Language


def files(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:  # noqa: ARG001
    """The figures with their schema beside them, and the words; the same in every language."""
    codes = codes_of(publishable, catalogue)
    return {
        FIGURES: figures_file(publishable, catalogue, names, codes).as_bytes(),
        FIGURES_SCHEMA: figures_schema_page().encode(),
        WORDS_FILE: words_of(catalogue, codes, publishable.symbol).as_bytes(),
    }
