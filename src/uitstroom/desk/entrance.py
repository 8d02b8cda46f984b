"""How one comes in: by name and password; and nothing that was typed is lost when a sign-in had expired."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

KEPT = "kept"
_SALT_OF_KEY, _SALT_OF_KEPT = "desk.key", "desk.kept"
_FORGOTTEN = 24 * 60 * 60
"""Seconds after which a form that was kept is no longer taken up."""


class ByName(ModelBackend):
    """Signs in by user name and password."""

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user and user.is_active)


class Entrance(LoginRequiredMiddleware):
    """Lets nobody in without a sign-in; what an expired one had typed is kept in the sign-in page itself."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        context = {"form": AuthenticationForm(request), KEPT: keep(request)}
        return render(request, "desk/sign_in.html", context, status=401)


def new_key(account: int) -> str:
    """A key for one form of one account: its act counts once, and only from this account."""
    return signing.dumps([uuid4().hex, account], salt=_SALT_OF_KEY)


def key_of(text: str, account: int) -> UUID | None:
    """The key that a form carries; None where it is not one that this account was given."""
    try:
        key, owner = signing.loads(text, salt=_SALT_OF_KEY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return UUID(key) if owner == account else None


def genuine(text: str) -> bool:
    """Whether the desk gave this key, to whomever."""
    try:
        signing.loads(text, salt=_SALT_OF_KEY)
    except signing.BadSignature:
        return False
    return True


def keep(request: HttpRequest) -> str:
    """What was posted, signed, so that it can be posted again after a sign-in."""
    posted = [(name, value) for name, values in request.POST.lists() for value in values]
    said = [pair for pair in posted if pair[0] != "csrfmiddlewaretoken"]
    return signing.dumps([request.get_full_path(), said], salt=_SALT_OF_KEPT, compress=True)


def kept(text: str, account: int) -> tuple[str, list[tuple[str, str]]] | None:
    """The address and the values of a kept form, where this account was the one that filled it in."""
    try:
        path, said = signing.loads(text, salt=_SALT_OF_KEPT, max_age=_FORGOTTEN)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    key = next((value for name, value in said if name == "key"), "")
    return (path, [tuple(pair) for pair in said]) if key_of(key, account) else None


class SignIn(LoginView):
    """The sign-in page. After it a kept form is shown again, ready to be sent."""

    template_name = "desk/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context, kept=self.request.POST.get(KEPT, ""))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        again = kept(self.request.POST.get(KEPT, ""), form.get_user().pk)
        if again is None:
            return answer
        return render(self.request, "desk/kept.html", {"address": again[0], "said": again[1]})
