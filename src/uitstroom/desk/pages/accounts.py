"""For the administrator: accounts and offices. No records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from uitstroom.desk.acts import Deed, Entry, done_before, write
from uitstroom.desk.blanks import Blank
from uitstroom.desk.boundary import account_of, actor_of
from uitstroom.desk.entrance import key_of, new_key
from uitstroom.desk.lines import Line
from uitstroom.desk.models import Account, Office
from uitstroom.desk.pages.trouble import incomplete_form
from uitstroom.desk.rights import EVERYBODY
from uitstroom.desk.words import language_of, word
from uitstroom.text import Text

OF_AN_OFFICE = frozenset({"mediator", "partner"})


def accounts(request: HttpRequest) -> HttpResponse:
    """Every account and office."""
    everybody = Account.objects.select_related("office")
    return TemplateResponse(request, "desk/accounts.html", {"accounts": list(everybody)})


def account(request: HttpRequest, account: int | None = None) -> HttpResponse:
    """A new account, or a change of one: its role, its office, whether it may sign in."""
    found = get_object_or_404(Account, pk=account) if account else None
    data = request.POST if request.method == "POST" else None
    blank = Blank(_lines(found), language_of(request), data, _stood(found))
    key = key_of(request.POST.get("key", ""), account_of(request).pk)
    if data is not None and key is None:
        return incomplete_form(request)
    if data is not None and key and blank.is_valid() and _fits(request, blank, found):
        if done_before(key) is None:
            _save(request, blank.values, found, key)
        messages.success(request, word("account.saved").in_language(language_of(request)))
        return redirect("accounts")
    context = {"blank": blank, "key": request.POST.get("key") or new_key(account_of(request).pk),
               "title": word("account.change" if found else "account.new"), "kind": "account"}  # fmt: skip
    return TemplateResponse(request, "desk/form.html", context, status=422 if data is not None else 200)


def _lines(found: Account | None) -> tuple[Line, ...]:
    roles = tuple((role, word(f"role.{role}")) for role in sorted(EVERYBODY))
    offices = tuple((one.code, Text.verbatim(one.name)) for one in Office.objects.all())
    active = (("yes", word("account.active_yes")), ("no", word("account.active_no")))
    return (
        Line("username", word("desk.username"), "text", required=True, group="account"),
        Line("name", word("column.name"), "text", required=True, group="account"),
        Line("role", word("account.role"), "choice", roles, required=True, group="account"),
        Line("office", word("column.office"), "choice", offices, hint=word("account.office_hint"), group="account"),
        Line("password", word("desk.password"), "text", hint=word("account.password_hint"), group="account"),
        *((Line("active", word("account.active"), "choice", active, required=True, group="account"),) if found else ()),
    )


def _stood(found: Account | None) -> dict[str, Any]:
    if found is None:
        return {}
    stood = {"username": found.username, "name": found.name, "role": found.role}
    office = found.office.code if found.office else ""
    return {**stood, "office": office, "active": "yes" if found.is_active else "no"}


def _fits(request: HttpRequest, blank: Blank, found: Account | None) -> bool:
    """Whether role and office go together, the name is free, and nobody shuts the door on themselves."""
    values, language = blank.values, language_of(request)
    if (values["role"] in OF_AN_OFFICE) != bool(values["office"]):
        blank.blame("office", word("account.office_wrong").in_language(language))
    if Account.objects.filter(username=values["username"]).exclude(pk=found.pk if found else None).exists():
        blank.blame("username", word("account.taken").in_language(language))
    if found and found.pk == account_of(request).pk and (values["active"] == "no" or values["role"] != found.role):
        blank.blame("role", word("account.own").in_language(language))
    if values["password"] or not found:
        try:
            validate_password(values["password"] or "")
        except ValidationError:
            blank.blame("password", word("account.password_weak").in_language(language))
    return not blank.errors


def _save(request: HttpRequest, values: dict[str, Any], found: Account | None, key: UUID) -> None:
    office = Office.objects.filter(code=values["office"]).first() if values["office"] else None
    changed = found or Account()
    changed.username, changed.name, changed.role, changed.office = (
        values["username"],
        values["name"],
        values["role"],
        office,
    )
    changed.is_active = values.get("active", "yes") == "yes"
    changed.sequence += 1
    if values["password"]:
        changed.set_password(values["password"])
    changed.save()
    said = {name: values[name] for name in ("username", "name", "role", "office") if values[name]}
    deed = Deed("account_changed" if found else "account_made", key, values={**said, "active": changed.is_active})
    write([Entry(actor_of(request), "account", changed.pk, changed.sequence, deed, office.pk if office else None)])
