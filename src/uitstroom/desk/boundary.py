"""Round every page: who may ask for it, one transaction with the offices that it sees, and who was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from uitstroom.desk.acts import Actor
from uitstroom.desk.database import EVERY_OFFICE, offices_seen
from uitstroom.desk.models import Account, Reading
from uitstroom.desk.rights import rights_of
from uitstroom.desk.shown import watch
from uitstroom.periods import Day

OF_EVERY_OFFICE = frozenset({"approver", "auditor", "statistician"})
"""The roles that see the actions of every office."""


def today() -> Day:
    """The desk's day: today in Brussels, or the day that the desk was told to hold for it."""
    return Day.fromisoformat(settings.DESK_DAY) if settings.DESK_DAY else timezone.localdate()


def account_of(request: HttpRequest) -> Account:
    """Who is signed in."""
    return cast(Account, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, in which role, for which office and on which day."""
    account = account_of(request)
    return Actor(account.pk, account.role, account.office_id, today())


class Boundary:
    """Wraps every view: a page without rights is nobody's, and what a page shows of persons is remembered."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        rights = rights_of(name or "")
        if rights.open:
            return None
        account = account_of(request)
        if not rights.allow(account.role, str(request.method)):
            raise PermissionDenied
        with transaction.atomic(), watch() as persons:
            offices_seen(_offices(account))
            answer = view(request, *args, **kwargs)
            if isinstance(answer, SimpleTemplateResponse) and not answer.is_rendered:
                answer.render()
            _remember(account, name or "", persons)
        return answer


def _offices(account: Account) -> str | list[int]:
    if account.role in OF_EVERY_OFFICE:
        return EVERY_OFFICE
    return [account.office_id] if account.office_id else []


def _remember(account: Account, page: str, persons: set[int]) -> None:
    Reading.objects.bulk_create(
        Reading(account=account, role=account.role, office_id=account.office_id, page=page, person_id=person)
        for person in sorted(persons)
    )
