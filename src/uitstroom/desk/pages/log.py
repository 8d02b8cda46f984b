"""For the auditor: the log of acts, the proof that it is whole, and everything held and read about one person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from uitstroom.desk.acts import told
from uitstroom.desk.boundary import today
from uitstroom.desk.identity import national_number
from uitstroom.desk.life import written
from uitstroom.desk.models import Act, Action, Person, Reading
from uitstroom.desk.proof import faults, head
from uitstroom.desk.register import register

SHOWN = 50
FAULTS_SHOWN = 100


def log(request: HttpRequest) -> HttpResponse:
    """The acts from the newest back; sent, it proves the whole chain and says what it found."""
    before = request.GET.get("before", "")
    acts = Act.objects.select_related("account", "office").order_by("-position")
    if before.isdecimal() and len(before) < 18:
        acts = acts.filter(position__lt=int(before))
    shown = list(acts[:SHOWN])
    numbers = dict(Action.objects.filter(pk__in=[one.subject_id for one in shown if one.subject == "action"])
                   .values_list("pk", "number"))  # fmt: skip
    context: dict[str, Any] = {
        "acts": [(one, numbers.get(one.subject_id, "") if one.subject == "action" else "") for one in shown],
        "older": shown[-1].position if len(shown) == SHOWN else None, "head": head(),
    }  # fmt: skip
    if request.method == "POST":
        context |= {"proved": True, "faults": [str(one) for _, one in zip(range(FAULTS_SHOWN), faults(), strict=False)]}
    return TemplateResponse(request, "desk/log.html", context)


def access(request: HttpRequest) -> HttpResponse:
    """A person's request for access, by national number: what is held of them, and who read it."""
    asked = request.GET.get("q", "")[:40]
    number = national_number(asked, today().year)
    context: dict[str, Any] = {"q": asked, "wrong": bool(asked) and number is None}
    if number:
        found = Person.objects.filter(held_number=number).first()
        context |= {"person": found, "unknown": found is None, **(_held(found) if found else {})}
    return TemplateResponse(request, "desk/access.html", context)


def _held(person: Person) -> dict[str, Any]:
    actions = list(Action.objects.filter(person=person).select_related("office", "employer").order_by("pk"))
    keys = [one.pk for one in actions]
    acts = Act.objects.filter(subject="action", subject_id__in=keys) | Act.objects.filter(
        subject="person", subject_id=person.pk
    )
    numbers = {one.pk: one.number for one in actions}
    held = [(one, numbers.get(one.subject_id, "") if one.subject == "action" else "", written(told(one).values))
            for one in acts.select_related("content", "account", "office").order_by("position")]  # fmt: skip
    readings = Reading.objects.filter(person=person).select_related("account", "office").order_by("-pk")
    return {"actions": actions, "held": held, "readings": list(readings), "catalogue": register().catalogue}


def access_of(request: HttpRequest, person: int) -> HttpResponse:
    """The same for a person whose key is known."""
    found = get_object_or_404(Person, pk=person)
    return TemplateResponse(request, "desk/access.html", {"person": found, **_held(found)})
