"""Finding a person or an employer, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from uitstroom.desk.blanks import Blank
from uitstroom.desk.boundary import account_of, actor_of, today
from uitstroom.desk.entrance import key_of, new_key
from uitstroom.desk.identity import enterprise_number, national_number, record_person
from uitstroom.desk.lines import Line
from uitstroom.desk.models import Action, Employer, Person, Stretch
from uitstroom.desk.pages.trouble import incomplete_form
from uitstroom.desk.register import register
from uitstroom.desk.words import language_of, word
from uitstroom.periods import ONE_DAY, Day

SHOWN = 50
PERSON = (
    Line("number", word("field.number"), "text", required=True, hint=word("hint.number"), group="identity"),
    Line("given_name", word("field.given_name"), "text", required=True, group="identity"),
    Line("family_name", word("field.family_name"), "text", required=True, group="identity"),
)


def find(request: HttpRequest) -> HttpResponse:
    """A person by national number, an employer by enterprise number or name, an action by its number."""
    asked = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    context: dict[str, Any] = {"q": asked, "asked": bool(asked), "catalogue": register().catalogue}
    number = national_number(asked, today().year)
    if asked:
        context["actions"] = list(_actions(asked))
        context["employers"] = list(_employers(asked))
    if number:
        context |= {"number": number, "person": Person.objects.filter(held_number=number).first()}
    elif sum(character.isdigit() for character in asked) == 11:
        context["wrong_number"] = True
    return TemplateResponse(request, "desk/find.html", context)


def _actions(asked: str) -> Any:
    return Action.objects.filter(number=asked.upper()).select_related("person", "employer")[:SHOWN]


def _employers(asked: str) -> Any:
    number = enterprise_number(asked)
    by_name = Q(name__istartswith=asked) if len(asked) > 2 else Q(pk=None)
    return Employer.objects.filter(Q(number=number or asked) | by_name).order_by("name")[:SHOWN]


def person_new(request: HttpRequest) -> HttpResponse:
    """Record a person whom the desk does not know yet."""
    language, account = language_of(request), account_of(request)
    data = request.POST if request.method == "POST" else None
    blank = Blank(PERSON, language, data, {"number": request.GET.get("number", "")[:20]})
    key = key_of(request.POST.get("key", ""), account.pk)
    if data is not None and key is None:
        return incomplete_form(request)
    if data is not None and key and blank.is_valid():
        number = national_number(blank.values["number"], today().year)
        if number:
            person = record_person(
                actor_of(request), number, blank.values["family_name"], blank.values["given_name"], key
            )
            messages.success(request, word("did.recorded").in_language(language))
            return redirect("person", person=person.pk)
        blank.blame("number", word("error.national_number").in_language(language))
    shown_key = request.POST.get("key") or new_key(account.pk)
    context = {"blank": blank, "key": shown_key, "title": word("person.new"), "kind": "recorded"}
    return TemplateResponse(request, "desk/form.html", context, status=422 if data is not None else 200)


@dataclass(frozen=True)
class Bar:
    """A stretch on the line of time: where it begins and how wide it is, in hundredths of the line."""

    left: int
    width: int
    row: int
    action: Action
    first: Day
    last: Day | None


def person(request: HttpRequest, person: int) -> HttpResponse:
    """A person's course as a line of time and as a table."""
    found = get_object_or_404(Person, pk=person)
    own = Action.objects.filter(person=found).select_related("employer", "office").order_by("start_date", "pk")
    actions = list(own[:SHOWN])
    stretches = list(Stretch.objects.filter(action__in=actions).order_by("days"))
    context = {
        "person": found, "actions": actions, "catalogue": register().catalogue, **_line(actions, stretches),
        "elsewhere": _elsewhere(found.pk) - len([one for one in actions if one.state not in ("proposed", "refused")]),
    }  # fmt: skip
    return TemplateResponse(request, "desk/person.html", context)


def _elsewhere(person: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select desk_actions_of(%s)", [person])
        return int(cursor.fetchone()[0])


def _line(actions: list[Action], stretches: list[Stretch]) -> dict[str, Any]:
    """Bars between the first day and the last, or today; a year or more of the line is marked by years."""
    by_key = {action.pk: (row, action) for row, action in enumerate(actions)}
    days = [day for one in stretches for day in (one.days.lower, one.days.upper) if day]
    if not days:
        return {"bars": [], "marks": []}
    first, last = min(days), max([*days, today()])
    span = max((last - first).days, 1)
    bars = [_bar(one, *by_key[one.action_id], first, span, last) for one in stretches]
    marks = [
        (Day(year, 1, 1), 1000 * (Day(year, 1, 1) - first).days // span)
        for year in range(first.year + 1, last.year + 1)
    ]
    return {"bars": bars, "marks": marks, "from_day": first, "until_day": last, "height": 26 * len(actions) + 24}


def _bar(one: Stretch, row: int, action: Action, first: Day, span: int, last: Day) -> Bar:
    ended = one.days.upper - ONE_DAY if one.days.upper else None
    left = 1000 * (one.days.lower - first).days // span
    width = max(1000 * ((ended or last) - one.days.lower).days // span, 4)
    return Bar(left, width, 26 * row, action, one.days.lower, ended)


def employer(request: HttpRequest, employer: int) -> HttpResponse:
    """An employer with the actions of the office there."""
    found = get_object_or_404(Employer, pk=employer)
    actions = Action.objects.filter(employer=found).select_related("person", "office").order_by("-start_date")[:SHOWN]
    return TemplateResponse(request, "desk/employer.html", {"employer": found, "actions": list(actions),
                                                            "catalogue": register().catalogue})  # fmt: skip
