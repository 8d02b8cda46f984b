"""Erasing persons whose actions are long closed: names, numbers and free text go, the acts and their proof stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Exists, Max, OuterRef, Q

from uitstroom.desk.acts import Actor, Deed, Entry, fill, stretches, told_of, write
from uitstroom.desk.life import lived
from uitstroom.desk.models import Act, Action, Content, Person
from uitstroom.periods import Day

REGISTER = 2
"""The key of the register that acts of erasure are about."""
BLOCK = 200
OPEN = ("proposed", "registered", "approved", "running", "interrupted")


@dataclass(frozen=True)
class Erased:
    """How many persons were erased, and in how many actions."""

    persons: int
    actions: int


def prune(actor: Actor, closed_before: Day) -> Erased:
    """Erase who has actions, all of them closed before a day. Runs as the owner; sees every office."""
    persons = list(_long_closed(closed_before))
    blocks = [persons[place : place + BLOCK] for place in range(0, len(persons), BLOCK)]
    return Erased(len(persons), sum(_erase(actor, block) for block in blocks))


def _long_closed(day: Day) -> Iterator[int]:
    own = Action.objects.filter(person=OuterRef("pk"))
    late = Q(state__in=OPEN) | Q(end_date__gte=day) | Q(end_date=None, start_date__gte=day)
    found = Person.objects.exclude(held_number=None).filter(Exists(own)).exclude(Exists(own.filter(late)))
    yield from found.order_by("pk").values_list("pk", flat=True)


def _erase(actor: Actor, persons: Sequence[int]) -> int:
    """Erase some persons, and say so in one act that names what is gone."""
    actions = list(Action.objects.filter(person__in=persons))
    of_actions = Q(subject="action", subject_id__in=[action.pk for action in actions])
    acts = Act.objects.filter(of_actions | Q(subject="person", subject_id__in=persons)).exclude(content=None)
    contents = sorted(acts.values_list("content_id", flat=True))
    Content.objects.filter(pk__in=contents).update(body=None)
    nothing = dict.fromkeys(("held_number", "held_family_name", "held_given_name", "held_birth_date", "held_sex"), None)
    Person.objects.filter(pk__in=persons).update(**nothing)
    for action in actions:
        life = lived(told_of(action.pk))
        fill(action, life)
        action.save()
        stretches(action, life)
    last = Act.objects.filter(subject="register", subject_id=REGISTER).aggregate(last=Max("sequence"))["last"] or 0
    deed = Deed("erased", uuid4(), actor.today, {"contents": contents, "persons": list(persons)})
    write([Entry(actor, "register", REGISTER, last + 1, deed, None)])
    return len(actions)
