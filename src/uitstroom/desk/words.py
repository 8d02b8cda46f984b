"""The words of the desk's pages, Dutch first; those of the catalogue come with it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from uitstroom.text import Language, Text

WORDS = Path(__file__).parent / "data" / "words.toml"


@cache
def words() -> dict[str, Text]:
    """Every word and sentence by its key (`table.key`)."""
    content = tomllib.loads(WORDS.read_text("utf-8"))
    return {f"{table}.{key}": Text(**entry) for table, entries in content.items() for key, entry in entries.items()}


def word(key: str, **parts: object) -> Text:
    """A sentence with its named places filled."""
    return words()[key].format(**parts) if parts else words()[key]


def language_of(request: HttpRequest) -> Language:
    """The language that the reader chose; Dutch unless said."""
    return "en" if request.COOKIES.get("desk-language") == "en" else "nl"


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template is given."""
    return {"lang": language_of(request), "path": request.get_full_path()}
