"""Pages of one action: what it is, what was done to it, and the form of each act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from uitstroom.catalogue.schema import Documented
from uitstroom.desk.acts import NotNowError, OvertakenError, done_before, told
from uitstroom.desk.boundary import account_of, actor_of, today
from uitstroom.desk.entrance import key_of, new_key
from uitstroom.desk.life import Life, Told, lived, next_kinds
from uitstroom.desk.lines import Line, lines_of, shown_value
from uitstroom.desk.models import Act, Action, Employer, Person
from uitstroom.desk.pages.trouble import incomplete_form
from uitstroom.desk.register import Register, register
from uitstroom.desk.submission import Submission
from uitstroom.desk.verdict import Finding, checkable
from uitstroom.desk.words import language_of, word, words
from uitstroom.text import Text


@dataclass(frozen=True)
class ShownAct:
    """An act as a page shows it."""

    number: int
    kind: Text
    act: Act
    told: Told
    lines: list[tuple[Text, Text]]
    reason: str
    confirmed: list[Text]
    confirmed_reason: str
    cells: list[str]


def action(request: HttpRequest, number: str) -> HttpResponse:
    """What an action is, its acts, and what may be done next."""
    found = get_object_or_404(Action.objects.select_related("person", "employer", "office"), number=number)
    acts = list(Act.objects.filter(subject="action", subject_id=found.pk).select_related("content", "account", "office")
                .order_by("sequence"))  # fmt: skip
    life = lived(told(act) for act in acts)
    known = register()
    context = {
        "action": found, "instrument": known.catalogue.instrument(found.instrument), "life": life,
        "facts": _facts(known, life), "parts": life.parts, "acts": list(reversed(_acts(known, acts, life))),
        "next": _next(request, known, life), "reason": _reason(known, found.end_reason),
        "rules": [rule for rule in _version(known, life).rules if isinstance(checkable(known, rule), Documented)],
        "sources": known.catalogue.sources,
    }  # fmt: skip
    return TemplateResponse(request, "desk/action.html", context)


def _version(known: Register, life: Life) -> Any:
    return known.catalogue.instrument(life.instrument).nearest_version(life.counted_on or today())


def _reason(known: Register, code: str | None) -> Text | None:
    reason = known.catalogue.end_reasons.get(code or "")
    return reason.name if reason else None


def _next(request: HttpRequest, known: Register, life: Life) -> list[str]:
    """The acts that fit now and that who asks may do."""
    fitting = next_kinds(life, _version(known, life), needs_approval=known.needs_approval(life.instrument))
    role = account_of(request).role
    return [kind for kind in fitting if known.may(role, kind) and not (kind == "refused" and _not_theirs(role, life))]


def _not_theirs(role: str, life: Life) -> bool:
    """A proposal is refused by a mediator, a plan or contract by an approver."""
    return (role == "approver") != (life.state == "registered")


def _facts(known: Register, life: Life) -> list[tuple[Text, Text]]:
    day = life.counted_on or today()
    lines = lines_of(known, "registered", life.instrument, day, life)
    return [(line.label, shown_value(line, life.values[line.column])) for line in lines
            if life.values.get(line.column) not in (None, "") and line.column != "remark"]  # fmt: skip


def _acts(known: Register, acts: list[Act], life: Life) -> list[ShownAct]:
    lines = {
        line.column: line for line in lines_of(known, "registered", life.instrument, life.counted_on or today(), life)
    }
    lines |= {line.column: line for line in lines_of(known, "ended", life.instrument, life.counted_on or today(), life)}
    return [_shown(known, act, told(act), lines) for act in acts]


def _shown(known: Register, act: Act, said: Told, lines: dict[str, Line]) -> ShownAct:
    values = dict(said.values)
    reason, confirmed = str(values.pop("reason", values.pop("remark", ""))), values.pop("confirmed", [])
    rules = {rule.code: rule.message for one in known.catalogue.instruments.values() for version in one.versions
             for rule in version.rules}  # fmt: skip
    shown = [(lines[name].label, shown_value(lines[name], value)) for name, value in values.items() if name in lines]
    if "parts" in values:
        shown.append((word("part.all"), word("part.corrected", count=len(values["parts"]))))
    if values.get("end_reason"):
        shown.append((word("field.end_reason"), _reason(known, values["end_reason"]) or word("field.empty")))
    named = [rules.get(code) or words().get(f"rule.{code}") or Text.verbatim(code) for code in confirmed]
    return ShownAct(act.sequence, word(f"kind.{act.kind}"), act, said, list(dict(shown).items()), reason, named,
                    str(values.get("confirmed_reason", "")), values.get("cells", []))  # fmt: skip


def action_forms(request: HttpRequest) -> HttpResponse:
    """Which form a new action has: those that exist today first, with what each is for."""
    catalogue, person = register().catalogue, _person(request)
    entries = [one for one in catalogue.instruments.values() if one.kind == "workplace_learning"]
    here = [one for one in entries if one.version_on(today())]
    gone = [one for one in entries if one not in here and not register().by_approval(one.code)]
    training = [one for one in catalogue.instruments.values() if one.kind == "training"]
    context = {"person": person, "here": here, "gone": gone, "training": training,
               "alone": [one.code for one in entries if register().by_approval(one.code)]}  # fmt: skip
    return TemplateResponse(request, "desk/forms.html", context)


def _person(request: HttpRequest) -> Person | None:
    asked = request.POST.get("person") or request.GET.get("person") or ""
    return get_object_or_404(Person, pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else None


def action_new(request: HttpRequest, instrument: str) -> HttpResponse:
    """The form of a new action: a mediator registers, a partner proposes."""
    known, account = register(), account_of(request)
    if instrument not in known.catalogue.instruments:
        raise Http404
    person = None if known.by_approval(instrument) else _person(request)
    if person is None and not known.by_approval(instrument):
        return redirect("find")
    kind = "proposed" if account.role == "partner" else "registered"
    return _answer(request, Submission(known, actor_of(request), kind, language_of(request), None, person, instrument,
                                       _posted(request)))  # fmt: skip


def act(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The form of an act on an action."""
    known = register()
    found = get_object_or_404(Action.objects.select_related("person"), number=number)
    if not known.may(account_of(request).role, kind) or kind in ("proposed",):
        raise PermissionDenied
    entered = Submission(
        known, actor_of(request), kind, language_of(request), found, found.person, data=_posted(request)
    )
    if kind not in _next(request, known, entered.life) and not _done(request):
        return TemplateResponse(request, "desk/not_now.html", _not_now(request, entered), status=409)
    return _answer(request, entered)


def _posted(request: HttpRequest) -> Any:
    return request.POST.copy() if request.method == "POST" else None


def _done(request: HttpRequest) -> tuple[str, int] | None:
    key = key_of(request.POST.get("key", ""), account_of(request).pk)
    return done_before(key) if key else None


def _not_now(request: HttpRequest, entered: Submission) -> dict[str, Any]:
    said = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "key", "seen")]
    return {"action": entered.action, "kind": word(f"do.{entered.kind}"), "said": said,
            "state": word(f"state.{entered.life.state}"), "acts": _since(entered, 0)[-3:]}  # fmt: skip


def _since(entered: Submission, seen: int) -> list[Act]:
    if entered.action is None:
        return []
    return list(Act.objects.filter(subject="action", subject_id=entered.action.pk, sequence__gt=seen)
                .select_related("account").order_by("sequence"))  # fmt: skip


def _answer(request: HttpRequest, entered: Submission) -> HttpResponse:
    """The form; when it was sent and stands, it is done and the action is shown."""
    if request.method != "POST":
        return _form(request, entered)
    key = key_of(request.POST.get("key", ""), account_of(request).pk)
    if key is None:
        return incomplete_form(request)
    if done := done_before(key):
        return redirect("action", number=get_object_or_404(Action, pk=done[1]).number)
    if entered.valid(confirmed=frozenset(request.POST.getlist("confirm"))):
        try:
            made = entered.do(key)
        except OvertakenError:
            return act(request, entered.action.number, entered.kind) if entered.action else incomplete_form(request)
        except NotNowError:
            return TemplateResponse(request, "desk/not_now.html", _not_now(request, entered), status=409)
        if made:
            messages.success(request, word(f"did.{entered.kind}", number=made.number).in_language(entered.language))
            return redirect("action", number=made.number)
    return _form(request, entered, status=422 if not entered.overtaken else 409)


def _form(request: HttpRequest, entered: Submission, status: int = 200) -> HttpResponse:
    instrument = entered.register.catalogue.instrument(entered.instrument)
    seen = request.POST.get("was_seen", request.POST.get("seen", ""))
    context = {
        "entered": entered, "blank": entered.blank, "action": entered.action, "person": entered.person,
        "instrument": instrument, "title": word(f"do.{entered.kind}"), "kind": entered.kind,
        "key": request.POST.get("key") or new_key(account_of(request).pk),
        "findings": [(one, _field_of(entered, one)) for one in entered.findings],
        "confirmed": request.POST.getlist("confirm"), "confirmed_reason": request.POST.get("confirmed_reason", ""),
        "missing_reason": bool(entered.findings) and bool(request.POST.getlist("confirm"))
        and not request.POST.get("confirmed_reason", "").strip(),
        "meanwhile": _since(entered, int(seen)) if entered.overtaken and seen.isdecimal() else [],
        "employer": _employer(entered),
    }  # fmt: skip
    return TemplateResponse(request, "desk/form.html", context, status=status)


def _field_of(entered: Submission, finding: Finding) -> str:
    names = {line.column for line in entered.lines}
    column = "employer" if finding.column == "employer_id" else finding.column or ""
    return column if column in names else "on" if "on" in names else ""


def _employer(entered: Submission) -> Employer | None:
    key = entered.life.employer
    return Employer.objects.filter(pk=key).first() if key else None
