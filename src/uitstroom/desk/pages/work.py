"""What there is to do today, per role; an office's overview; language and health."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from uitstroom.desk.boundary import account_of, today
from uitstroom.desk.kinds import STATES
from uitstroom.desk.models import Action, Office
from uitstroom.desk.register import register

SHOWN = 25
WEEK = timedelta(days=7)


def work(request: HttpRequest) -> HttpResponse:
    """The lists of a role, each with what it is and how many there are."""
    role = account_of(request).role
    lists = {"mediator": _of_mediator, "approver": _of_approver, "partner": _of_partner}.get(role)
    context = {"lists": lists() if lists else [], "role": role, "catalogue": register().catalogue, "today": today()}
    return TemplateResponse(request, "desk/work.html", context)


Listed = list[tuple[str, list[Action]]]


def _of_mediator() -> Listed:
    day = today()
    every = Action.objects.select_related("person", "employer")
    known = register()
    waiting = [code for code in known.catalogue.instruments if known.needs_approval(code)]
    ready = every.filter(state="approved").exclude(start_date=None) | every.filter(state="registered").exclude(
        instrument__in=waiting
    )
    return _first({
        "proposals": every.filter(state="proposed").order_by("pk"),
        "starting": ready.filter(start_date__lte=day + WEEK).order_by("start_date"),
        "ending": every.filter(state="running", planned_end_date__gte=day, planned_end_date__lte=day + WEEK)
        .order_by("planned_end_date"),
        "without_end": every.filter(state="running", planned_end_date__lt=day).order_by("planned_end_date"),
        "interrupted": every.filter(state="interrupted").order_by("end_date"),
        "waiting": every.filter(state="registered", instrument__in=waiting).order_by("pk"),
    })  # fmt: skip


def _of_approver() -> Listed:
    known = register()
    waiting = [code for code in known.catalogue.instruments if known.needs_approval(code)]
    every = Action.objects.select_related("person", "employer", "office").filter(instrument__in=waiting)
    plans = [code for code in waiting if known.by_approval(code)]
    return _first({
        "to_approve": every.filter(state="registered").order_by("start_date", "pk"),
        "without_plan": every.filter(state="registered", instrument__in=plans, has_plan=False).order_by("pk"),
        "approved": every.filter(state="approved").order_by("-approved_on", "-pk"),
    })  # fmt: skip


def _of_partner() -> Listed:
    every = Action.objects.select_related("person", "employer")
    return _first({
        "proposals": every.filter(state="proposed").order_by("-pk"),
        "taken_up": every.exclude(state__in=("proposed", "refused")).order_by("-pk"),
        "refused": every.filter(state="refused").order_by("-pk"),
    })  # fmt: skip


def _first(lists: dict[str, QuerySet[Action]]) -> Listed:
    return [(name, list(actions[: SHOWN + 1])) for name, actions in lists.items()]


def office(request: HttpRequest, code: str) -> HttpResponse:
    """An office: how many actions of each form stand where."""
    found = get_object_or_404(Office, code=code)
    counted = Action.objects.filter(office=found).values_list("instrument", "state").annotate(number=Count("pk"))
    numbers = {(instrument, state): number for instrument, state, number in counted}
    catalogue = register().catalogue
    rows = [
        (
            entry,
            [numbers.get((code, state), 0) for state in STATES],
            sum(numbers.get((code, state), 0) for state in STATES),
        )
        for code, entry in catalogue.instruments.items()
        if any((code, state) in numbers for state in STATES)
    ]
    context: dict[str, Any] = {"office": found, "states": STATES, "rows": rows}
    return TemplateResponse(request, "desk/office.html", context)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, and go on where one was."""
    back = request.POST.get("back", "/")
    safe = back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/"
    answer = HttpResponseRedirect(safe)
    chosen = "en" if request.POST.get("language") == "en" else "nl"
    answer.set_cookie("desk-language", chosen, max_age=31_536_000, secure=True, httponly=True, samesite="Lax")
    return answer


@login_not_required
def healthy(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether the desk and its database answer, for whoever watches over it."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok", content_type="text/plain")
