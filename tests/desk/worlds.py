"""What tests of the desk need to be there, made as the application makes it."""

from __future__ import annotations

import datetime
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from uitstroom.desk import database
from uitstroom.desk.acts import Actor, Deed, NotNowError, OvertakenError, perform, told_of
from uitstroom.desk.life import lived
from uitstroom.desk.models import Account, Action, Employer, Office, Person
from uitstroom.desk.register import register
from uitstroom.desk.shown import watch

TODAY = datetime.date(2017, 6, 15)
DAY = datetime.timedelta(days=1)
_NUMBERS = iter(range(1, 10_000))


@cache
def _password():
    """Hashed once: it is slow on purpose."""
    return make_password("geheim van de test")


def national_number(place):
    """A number with valid check digits and a day of birth that does not exist."""
    head = 850065000 + place
    return f"{head:09d}{97 - head % 97:02d}"


@dataclass
class World:
    """Two offices, a mediator in each, an approver; persons and employers."""

    offices: list
    actors: dict
    persons: list = field(default_factory=list)
    employers: list = field(default_factory=list)

    @classmethod
    def made(cls):
        number = next(_NUMBERS)
        offices = [Office.objects.create(code=f"{letter}{number}", name=f"Kantoor {letter}") for letter in "GA"]
        accounts = {
            0: Account.objects.create(username=f"m0-{number}", name="An", role="mediator", office=offices[0]),
            1: Account.objects.create(username=f"m1-{number}", name="Bo", role="mediator", office=offices[1]),
            "approver": Account.objects.create(username=f"a-{number}", name="Cas", role="approver"),
        }
        actors = {key: Actor(one.pk, one.role, one.office_id, TODAY) for key, one in accounts.items()}
        world = cls(offices, actors)
        world.persons = [world.person(), world.person()]
        world.employers = [world.employer(), world.employer()]
        return world

    def person(self):
        return Person.objects.create(held_number=national_number(next(_NUMBERS)), held_family_name="Niemand").pk

    def employer(self):
        return Employer.objects.create(number=f"0{next(_NUMBERS):09d}", name="Bedrijf").pk

    @contextmanager
    def seen(self, offices="*"):
        with transaction.atomic():
            database.offices_seen(offices)
            yield

    def do(self, who, deed, action=None):
        actor = self.actors[who]
        with self.seen("*" if actor.office is None else [actor.office]):
            return perform(register(), actor, deed, action.pk if action else None)

    def next(self, who, action, kind, on, **values):
        return self.do(who, Deed(kind, uuid4(), on, values, action.sequence), action)

    def at_random(self, chance, actions):
        """Do something that fits to one of the actions; 1 where it was done, 0 where somebody was faster."""
        action = chance.choice(actions)
        with self.seen():
            life = lived(told_of(action))
        day = (life.end or life.start or TODAY) + chance.randrange(1, 5) * DAY
        kind, values = {
            "running": ("interrupted", {"end_reason": "interrupted"}),
            "interrupted": ("resumed", {"planned_end_date": day + 30 * DAY}),
        }[life.state]
        if chance.random() < 0.3:
            kind, values, day = "corrected", {"education": chance.choice(["low", "high"]), "reason": "typefout"}, None
        if kind == "interrupted":
            day = life.parts[-1].start + chance.randrange(1, 5) * DAY
        try:
            self.do(0, Deed(kind, uuid4(), day, values, life.sequence), Action(pk=action))
        except (OvertakenError, NotNowError):
            return 0
        return 1

    def as_actor(self, who, **changes):
        return replace(self.actors[who], **changes)

    def accounts_of_roles(self):
        """An account of each role; mediator and partner belong to the first office, one mediator to the second."""
        number, found = next(_NUMBERS), {}
        for role in ("mediator", "approver", "partner", "statistician", "auditor", "administrator", "other office"):
            office = {"mediator": self.offices[0], "partner": self.offices[0], "other office": self.offices[1]}.get(
                role
            )
            account = Account(username=f"{role[:5]}-{number}", name=role, office=office,
                              role="mediator" if role == "other office" else role)  # fmt: skip
            account.password = _password()
            account.save()
            found[role] = account
        return found

    def address(self, name, action):
        """The address of a page about the things of this world."""
        parts = {
            "person": [self.persons[0]], "employer": [self.employers[0]], "office": [self.offices[0].code],
            "action": [action.number], "action_new": ["bvs"], "act": [action.number, "corrected"],
            "access_of": [self.persons[0]], "account": [self.actors[0].account],
        }  # fmt: skip
        return reverse(name, args=parts.get(name, []))

    def number_of(self, person):
        with watch():
            return Person.objects.get(pk=person).number

    def employer_number(self, place):
        return Employer.objects.get(pk=self.employers[place]).number

    def rules_of(self, instrument):
        return [rule.code for version in register().catalogue.instrument(instrument).versions for rule in version.rules]
