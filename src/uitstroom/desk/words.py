"""The words of the desk's pages, Dutch first; those of the catalogue come with it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from uitstroom.desk.rights import rights_of
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
    return {
        "lang": language_of(request), "path": request.get_full_path(), "demo": settings.DESK_DEMO,
        "menu": menu(request), "may_register": rights_of("action_new").allow(role_of(request), "POST"),
    }  # fmt: skip


def role_of(request: HttpRequest) -> str:
    """The role of who is signed in; empty for nobody."""
    return str(getattr(getattr(request, "user", None), "role", ""))


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that a role may go to from anywhere."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    role, office = role_of(request), getattr(getattr(request, "user", None), "office", None)
    entries = [(key, name, reverse(name)) for key, name in MENU if rights_of(name).allow(role, "GET")]
    if office and rights_of("office").allow(role, "GET"):
        entries.append(("menu.office", "office", reverse("office", args=[office.code])))
    return [{"key": key, "address": address, "here": name == here} for key, name, address in entries]


MENU = (("menu.work", "work"), ("menu.find", "find"), ("menu.new", "action_forms"),
        ("menu.deliveries", "deliveries"), ("menu.log", "log"), ("menu.access", "access"),
        ("menu.accounts", "accounts"))  # fmt: skip
