"""What a reader is told when something went wrong: what happened, that nothing was lost, and what to do."""

from __future__ import annotations

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from uitstroom.desk.entrance import genuine
from uitstroom.desk.words import language_of

AGAIN = frozenset({"away", "failed", "stale_form"})
"""Troubles after which a form can be sent again as it was."""
LOG = logging.getLogger("uitstroom.desk")


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """A page that asks nothing of the database or the session."""
    posted = [(key, value) for key, values in request.POST.lists() for value in values] if _readable(request) else []
    said = [pair for pair in posted if pair[0] not in ("csrfmiddlewaretoken", "password", "kept")]
    again = name in AGAIN and genuine(request.POST.get("key", "")) if said else False
    shown = {"trouble_key": f"trouble.{name}", "trouble_text": f"trouble.{name}_text", "lang": language_of(request),
             "said": said, "again": again, "address": request.get_full_path(), "token": get_token(request)}  # fmt: skip
    return HttpResponse(render_to_string("desk/trouble.html", shown, request=None), status=status)


def _readable(request: HttpRequest) -> bool:
    try:
        return bool(request.method == "POST" and request.POST)
    except Exception:  # noqa: BLE001 - whatever was sent, the page of the trouble is shown
        return False


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """What was sent cannot be read."""
    return _page(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """The role may not do this."""
    return _page(request, "forbidden", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """There is no such page, or not for this office."""
    return _page(request, "not_found", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """The database is away, or the program has a fault; the form can be sent again as it was."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return _page(request, "away", 503)
    LOG.error("a page failed: %s", type(error).__name__)
    return _page(request, "failed", 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form was opened before somebody signed in again; it is shown to be sent once more."""
    return _page(request, "stale_form", 403)


def incomplete_form(request: HttpRequest) -> HttpResponse:
    """A form without the key that it was given."""
    return _page(request, "incomplete_form", 400)
