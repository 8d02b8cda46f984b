"""For the statistician: deliveries that were made, and a new one to take along. No names."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from uitstroom.desk.acts import told
from uitstroom.desk.blanks import Blank
from uitstroom.desk.boundary import account_of, actor_of, today
from uitstroom.desk.delivery import REGISTER, Order, deliver
from uitstroom.desk.entrance import key_of, new_key
from uitstroom.desk.lines import Line
from uitstroom.desk.models import Act
from uitstroom.desk.pages.trouble import incomplete_form
from uitstroom.desk.register import register
from uitstroom.desk.words import language_of, word
from uitstroom.errors import UitstroomError
from uitstroom.registers.pseudonyms import read_key

ASKED = (
    Line("first", word("delivery.first"), "day", required=True, group="delivery"),
    Line("until", word("delivery.until"), "day", required=True, group="delivery"),
    Line("since", word("delivery.since"), "day", hint=word("delivery.since_hint"), group="delivery"),
)


def deliveries(request: HttpRequest) -> HttpResponse:
    """The deliveries so far; sent, a new one as an archive."""
    language, day = language_of(request), today()
    first = {"first": day.replace(month=1, day=1, year=day.year - 1), "until": day - timedelta(days=1)}
    blank = Blank(ASKED, language, request.POST if request.method == "POST" else None, first)
    if request.method == "POST" and key_of(request.POST.get("key", ""), account_of(request).pk) is None:
        return incomplete_form(request)
    if request.method == "POST" and not settings.DESK_KEY_FILE:
        blank.blame(None, word("delivery.no_key").in_language(language))
    if request.method == "POST" and blank.is_valid():
        try:
            return _archive(request, blank.values)
        except UitstroomError as error:
            blank.blame(None, f"{word('delivery.refused').in_language(language)} {error.problems[0].what}")
    acts = Act.objects.filter(subject="register", subject_id=REGISTER, kind="delivered").order_by("-position")[:50]
    context = {
        "blank": blank,
        "key": new_key(account_of(request).pk),
        "made": [(act, told(act).values) for act in acts],
    }
    return TemplateResponse(request, "desk/deliveries.html", context, status=422 if blank.errors else 200)


def _archive(request: HttpRequest, asked: dict[str, Any]) -> HttpResponse:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "delivery"
        key = read_key(Path(str(settings.DESK_KEY_FILE)))
        order = Order(made, today(), asked["first"], asked["until"], asked["since"], key, settings.DESK_DEMO)
        deliver(register(), actor_of(request), order)
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(made.iterdir()):
                archive.write(path, path.name)
    answer = HttpResponse(held.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="delivery-{today()}.zip"'
    return answer
