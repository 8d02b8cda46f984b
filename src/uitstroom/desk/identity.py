"""Persons and employers by their numbers: recorded by an act of their own, found by the number alone."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from stdnum.be import vat

from uitstroom.desk.acts import Actor, Deed, Entry, done_before, write
from uitstroom.desk.models import Employer, Person
from uitstroom.periods import Day


def national_number(text: str, year: int) -> str | None:
    """The 11 digits of a national (INSZ) or BIS number that can have been given by `year`, by its check digits."""
    digits = re.sub(r"[ .\-]", "", text)
    if not re.fullmatch(r"[0-9]{11}", digits) or int(digits) == 0:
        return None
    head, tail, month = int(digits[:9]), int(digits[9:]), int(digits[2:4])
    before_2000 = 97 - head % 97 == tail
    after_2000 = 97 - (2_000_000_000 + head) % 97 == tail and 2000 + int(digits[:2]) <= year
    known = any(low <= month <= low + 12 for low in (0, 20, 40))
    return digits if (before_2000 or after_2000) and known else None


def enterprise_number(text: str) -> str | None:
    """The ten digits of an enterprise number, by its check digits."""
    digits = re.sub(r"[ .\-]", "", text).upper().removeprefix("BE")
    digits = f"0{digits}" if re.fullmatch(r"[0-9]{9}", digits) else digits
    return digits if re.fullmatch(r"[0-9]{10}", digits) and vat.is_valid(digits) else None


def born(number: str) -> Day | None:
    """The day of birth that a number says, where that is a day."""
    month = int(number[2:4]) % 20
    century = 1900 if 97 - int(number[:9]) % 97 == int(number[9:]) else 2000
    try:
        return Day(century + int(number[:2]), month, int(number[4:6]))
    except ValueError:
        return None


def sex_of(number: str) -> str | None:
    """What the number says: odd for men, even for women."""
    return "M" if int(number[6:9]) % 2 else "F"


def record_person(actor: Actor, number: str, family_name: str, given_name: str, key: UUID) -> Person:
    """Record a person, by an act; the one that has the number already where there is one."""
    if found := _of_key(key, Person):
        return found
    known = Person.objects.filter(held_number=number).first()
    if known:
        return known
    said = {"number": number, "family_name": family_name, "given_name": given_name}
    try:
        with transaction.atomic():
            person = Person.objects.create(
                held_number=number, held_family_name=family_name, held_given_name=given_name,
                held_birth_date=born(number), held_sex=sex_of(number), sequence=1,
            )  # fmt: skip
            write([Entry(actor, "person", person.pk, 1, Deed("recorded", key, values=said), actor.office)])
    except IntegrityError:
        return Person.objects.get(held_number=number)
    return person


def record_employer(actor: Actor, number: str, name: str) -> Employer:
    """Record an employer, by an act."""
    with transaction.atomic():
        employer = Employer.objects.create(number=number, name=name, sequence=1)
        deed = Deed("recorded", uuid4(), values={"number": number, "name": name})
        write([Entry(actor, "employer", employer.pk, 1, deed, actor.office)])
    return employer


def _of_key(key: UUID, model: type[Person]) -> Person | None:
    done = done_before(key)
    return model.objects.filter(pk=done[1]).first() if done else None
