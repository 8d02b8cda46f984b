"""A desk full of invented people: offices, accounts, employers and actions, all made by the desk's own acts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from uitstroom.desk.acts import Actor, Deed, Entry, perform, write
from uitstroom.desk.bulk import Course, take_in
from uitstroom.desk.database import EVERY_OFFICE, offices_seen
from uitstroom.desk.identity import record_employer, record_person
from uitstroom.desk.models import Account, Action, Office
from uitstroom.desk.register import Register
from uitstroom.periods import ONE_DAY, Day, add_months

OFFICES = (("GNT", "Gent"), ("ANT", "Antwerpen"), ("HAS", "Hasselt"), ("BRG", "Brugge"))
ROLES = ("mediator", "approver", "partner", "statistician", "auditor", "administrator")
GIVEN = ("An", "Bilal", "Chloë", "Daan", "Elif", "Femke", "Gust", "Hanne", "Ilyas", "Jana", "Koen", "Lotte", "Mats",
         "Nour", "Otis", "Pia", "Robbe", "Sara", "Tuur", "Yasmine")  # fmt: skip
FAMILY = ("Verzonnen", "Bedacht", "Niemand", "Voorbeeld", "Proef", "Oefening", "Fictie", "Schets")
FIRMS = (
    "Bakkerij Proef",
    "Garage Schets",
    "Drukkerij Voorbeeld",
    "Tuinbouw Bedacht",
    "Zorghuis Oefening",
    "Bouw Fictie",
)
SHARES = (
    ("opleidingsstage", 45),
    ("ibo", 28),
    ("bvs", 12),
    ("activeringsstage", 5),
    ("bio", 6),
    ("iss", 2),
    ("wes", 2),
)


@dataclass(frozen=True)
class Made:
    """What was made: an account per role by its name."""

    accounts: dict[str, str]
    actions: int


def invent(register: Register, today: Day, password: str, actions: int, seed: int = 14) -> Made:
    """Make it all; the same seed gives the same register, apart from keys and hashes."""
    chance = random.Random(seed)  # noqa: S311 - invented people, no secret
    with transaction.atomic():
        offices_seen(EVERY_OFFICE)
        nobody = Actor(None, "owner", None, today)
        offices = [_office(nobody, code, name) for code, name in OFFICES]
        accounts = list(_accounts(nobody, offices, password))
        mediators = [one for one in accounts if one.role == "mediator"]
        before = today - timedelta(days=430)
        actors = [Actor(one.pk, one.role, one.office_id, before) for one in mediators]
        employers = [record_employer(nobody, _enterprise(place), f"{chance.choice(FIRMS)} {place + 1}").pk
                     for place in range(120)]  # fmt: skip
        share = max(actions // len(actors), 1)
        persons = [_person(actors[0], chance, place) for place in range(max(actions // 3, 12))]
        approver = next(one for one in accounts if one.role == "approver")
        had: set[tuple[str, int, int]] = set()
        for actor in actors:
            courses = list(_courses(register, chance, actor, approver, persons, employers, share, today, had))
            take_in(register, courses)
        _today(register, chance, accounts, persons, employers, today)
    return Made({one.username: one.role for one in accounts}, Action.objects.count())


def _office(actor: Actor, code: str, name: str) -> Office:
    office = Office.objects.create(code=code, name=name, sequence=1)
    write([Entry(actor, "office", office.pk, 1, Deed("office_made", uuid4(), values={"name": name}), None)])
    return office


def _accounts(actor: Actor, offices: list[Office], password: str) -> Iterator[Account]:
    named = [("mediator", "bemiddelaar"), ("approver", "goedkeurder"), ("partner", "partner"),
             ("statistician", "statisticus"), ("auditor", "auditor"), ("administrator", "beheerder")]  # fmt: skip
    for place, office in enumerate(offices):
        for role, name in named if place == 0 else named[:1]:
            account = Account(username=name if place == 0 else f"{name}-{office.code.lower()}", role=role,
                              name=f"{GIVEN[place * 4 + ROLES.index(role) % 4]} ({name})", sequence=1,
                              office=office if role in ("mediator", "partner") else None)  # fmt: skip
            account.set_password(password)
            account.save()
            deed = Deed("account_made", uuid4(), values={"username": account.username, "role": role})
            write([Entry(actor, "account", account.pk, 1, deed, account.office_id)])
            yield account


def _enterprise(place: int) -> str:
    head = 4_000_000 + 37 * place
    return f"0{head:07d}{97 - head % 97:02d}"


def nobody_s_number(place: int) -> str:
    """A national number with valid check digits and a day of birth that does not exist."""
    year, month, number = 70 + place % 30, 1 + place // 30 % 12, 1 + place // 360 % 998
    head = year * 10_000_000 + month * 100_000 + 65 * 1000 + number
    return f"{head:09d}{97 - head % 97:02d}"


def _person(actor: Actor, chance: random.Random, place: int) -> int:
    names = chance.choice(FAMILY), chance.choice(GIVEN)
    return record_person(actor, nobody_s_number(place), *names, uuid4()).pk


def _courses(
    register: Register,
    chance: random.Random,
    actor: Actor,
    approver: Account,
    persons: list[int],
    employers: list[int],
    count: int,
    today: Day,
    had: set[tuple[str, int, int]],
) -> Iterator[Course]:
    """Whole courses of actions in the year and more before today; nobody twice in one form with one employer."""
    forms = [form for form, share in SHARES for _ in range(share)]
    enough = len(had) + count
    while len(had) < enough:
        drawn = chance.choice(forms), chance.choice(persons), chance.choice(employers)
        start = today - timedelta(days=chance.randrange(2, 420))
        if drawn not in had:
            had.add(drawn)
            yield _course(register, chance, actor, approver, drawn, start, today)


def _course(
    register: Register,
    chance: random.Random,
    actor: Actor,
    approver: Account,
    drawn: tuple[str, int, int],
    start: Day,
    today: Day,
) -> Course:
    """One action from its registration to what has become of it by today."""
    form, person, employer = drawn
    registered = min(start - timedelta(days=chance.randrange(0, 15)), today)
    who = replace(actor, today=registered)
    if register.by_approval(form):
        return _plan(chance, who, approver, form, min(registered + 3 * ONE_DAY, today))
    months = {"bvs": 1, "iss": 3, "opleidingsstage": 2, "activeringsstage": 5}.get(form, chance.choice((3, 4, 6)))
    planned = add_months(start, months) - ONE_DAY
    deeds = [(who, Deed("registered", uuid4(), values=_said(chance, form, start, planned, person, employer)))]
    if register.needs_approval(form):
        approving = Actor(approver.pk, approver.role, who.office, registered)
        deeds.append((approving, Deed("approved", uuid4(), registered)))
    deeds.append((replace(who, today=start), Deed("started", uuid4(), start, {"planned_end_date": planned})))
    deeds += _rest(chance, who, start, planned, today)
    return Course(who.office or 0, tuple(deeds))


def _rest(chance: random.Random, who: Actor, start: Day, planned: Day, today: Day) -> Iterator[tuple[Actor, Deed]]:
    """How it went on: interrupted and resumed, ended early or as planned, as far as that has come."""
    length = (planned - start).days
    if chance.random() < 0.06 and length > 20:
        pause = start + timedelta(days=chance.randrange(5, 15))
        back = pause + timedelta(days=chance.randrange(4, 12))
        if back < today and back < planned:
            yield replace(who, today=pause), Deed("interrupted", uuid4(), pause, {"end_reason": "interrupted"})
            yield replace(who, today=back), Deed("resumed", uuid4(), back, {"planned_end_date": planned})
            start = back
    early = chance.random() < 0.2
    end = start + timedelta(days=chance.randrange(0, max((planned - start).days, 1))) if early else planned
    if end < today and chance.random() < 0.985:
        reason = (
            chance.choice(("found_work", "stopped_by_participant", "stopped_by_employer")) if early else "completed"
        )
        yield replace(who, today=end), Deed("ended", uuid4(), end, {"end_reason": reason})


def _plan(chance: random.Random, who: Actor, approver: Account, form: str, on: Day) -> Course:
    days = chance.choice((28, 60, 91, 122, 182))
    said = {"instrument": form, "planned_days": days, "plan": f"PLAN-{chance.randrange(10_000):04d}"}
    approving = Actor(approver.pk, approver.role, who.office, on)
    deeds = ((who, Deed("registered", uuid4(), values=said)),
             (approving, Deed("approved", uuid4(), on, {"planned_days": days})))  # fmt: skip
    return Course(who.office or 0, deeds)


def _said(chance: random.Random, form: str, start: Day, planned: Day, person: int, employer: int) -> dict[str, object]:
    said: dict[str, object] = {
        "instrument": form, "person_id": person, "employer_id": employer, "start_date": start,
        "planned_end_date": planned, "sex": chance.choice("FM"),
        "birth_date": add_months(start, -12 * chance.randrange(19, 25)),
        "education": "low" if form == "iss" else chance.choice(("low", "medium", "high")),
        "municipality": chance.choice(("44021", "11002", "71022", "31005")),
        "origin": chance.choice(("BE", "EU", "non-EU")), "disability": chance.choice(("no", "no", "no", "yes")),
        "unemployed_since": add_months(start, -chance.randrange(7, 30)),
    }  # fmt: skip
    if form == "opleidingsstage":
        said["trajectory_id"] = f"T{chance.randrange(100_000):05d}"
    return said | ({"frame": "tiw"} if form == "wes" else {})


def _today(
    register: Register, chance: random.Random, accounts: list[Account], persons: list[int], employers: list[int],
    today: Day,
) -> None:  # fmt: skip
    """What lies on the table this morning: proposals, registrations, plans to approve."""
    of = {role: next(one for one in accounts if one.role == role) for role in ("mediator", "partner")}
    for place in range(9):
        account = of["partner" if place % 3 == 0 else "mediator"]
        actor = Actor(account.pk, account.role, of["mediator"].office_id, today)
        start, form = today + timedelta(days=3 + place), ("ibo", "bvs", "bio")[place // 3]
        kind = "proposed" if account.role == "partner" else "registered"
        values: dict[str, object] = {"instrument": "bio", "planned_days": 91, "plan": f"PLAN-{place:04d}"}
        if form != "bio":
            planned = add_months(start, 3 if form == "ibo" else 1) - ONE_DAY
            values = _said(chance, form, start, planned, persons[place], employers[place])
        perform(register, actor, Deed(kind, UUID(int=chance.getrandbits(128), version=4), values=values))
