"""What the desk keeps. `Act` is the truth; `Action` and `Stretch` are made of acts in the same transaction."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.db import models

from uitstroom.desk.shown import shown

ROLES = ("mediator", "approver", "partner", "statistician", "auditor", "administrator")


class Office(models.Model):
    """A place whose people register actions; the numbers of its actions begin with its code."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=120)
    sequence = models.PositiveIntegerField(default=0)
    last_number = models.BigIntegerField(default=0)
    """The last number given to an action."""

    class Meta:  # noqa: D106
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Account(AbstractBaseUser):
    """Who works at the desk: one role, and for most roles one office."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, null=True)
    is_active = models.BooleanField(default=True)
    subject = models.CharField(max_length=255, null=True, unique=True)
    """Who this is for the service that signs people in (OpenID Connect)."""
    sequence = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[BaseUserManager[Any]] = BaseUserManager()

    class Meta:  # noqa: D106
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody by their national (INSZ) or BIS number. Names and number are erased together."""

    held_number = models.CharField(max_length=11, unique=True, null=True, db_column="number")
    held_family_name = models.CharField(max_length=100, null=True, db_column="family_name")
    held_given_name = models.CharField(max_length=100, null=True, db_column="given_name")
    held_birth_date = models.DateField(null=True, db_column="birth_date")
    held_sex = models.CharField(max_length=10, null=True, db_column="sex")
    sequence = models.PositiveIntegerField(default=0)

    @property
    def name(self) -> str:
        """Family name and given name; who reads it is remembered."""
        return shown(self.pk, f"{self.held_given_name or ''} {self.held_family_name or ''}".strip() or "–")

    @property
    def number(self) -> str:
        """The number as people write it; who reads it is remembered."""
        held = self.held_number or ""
        spaced = f"{held[:2]}.{held[2:4]}.{held[4:6]}-{held[6:9]}.{held[9:]}" if len(held) == 11 else "–"
        return shown(self.pk, spaced)


class Employer(models.Model):
    """An employer by its enterprise number."""

    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    sequence = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Content(models.Model):
    """What an act says of a person, and free text; it can be erased, its digest stays."""

    salt = models.BinaryField()
    body = models.TextField(null=True)
    digest = models.BinaryField()


class Act(models.Model):
    """Something that was done, never changed afterwards. The database gives `position`, `at`, `previous` and `hash`."""

    position = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=10)
    """`action`, `person`, `employer`, `account`, `office` or `register`."""
    subject_id = models.BigIntegerField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    known_on = models.DateField()
    """The desk's day on which it was done: as known on that day it holds."""
    on_day = models.DateField(null=True)
    """The day that it is about: the start, the last day, the approval."""
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    role = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, null=True)
    key = models.UUIDField(unique=True)
    """A submit counts once."""
    facts = models.TextField()
    content = models.OneToOneField(Content, models.PROTECT, null=True)
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "subject_id", "sequence"], name="act_sequence")
        ]
        ordering: ClassVar = ["position"]


class Action(models.Model):
    """An action as its acts make it."""

    number = models.CharField(max_length=30, unique=True)
    office = models.ForeignKey(Office, models.PROTECT)
    instrument = models.CharField(max_length=40)
    variant = models.CharField(max_length=40, null=True)
    state = models.CharField(max_length=20)
    sequence = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True)
    trajectory_id = models.CharField(max_length=60, null=True)
    frame = models.CharField(max_length=40, null=True)
    approved_on = models.DateField(null=True)
    planned_days = models.PositiveIntegerField(null=True)
    start_date = models.DateField(null=True)
    planned_end_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, null=True)
    has_plan = models.BooleanField(default=False)
    """Whether a plan was noted."""

    class Meta:  # noqa: D106
        indexes: ClassVar = [
            models.Index(fields=["office", "state", "start_date"], name="action_of_office"),
            models.Index(fields=["state", "instrument"], name="action_of_state"),
        ]


class Stretch(models.Model):
    """The days that one part of an action covers, open while it runs; the database lets none overlap."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="stretches")
    office = models.ForeignKey(Office, models.PROTECT)
    part = models.PositiveSmallIntegerField()
    instrument = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True)
    days = DateRangeField()
    planned_end_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=40, null=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [models.UniqueConstraint(fields=["action", "part"], name="stretch_part")]


class Reading(models.Model):
    """That somebody saw a person on a page."""

    at = models.DateTimeField(auto_now_add=True)
    account = models.ForeignKey(Account, models.PROTECT)
    role = models.CharField(max_length=20)
    office = models.ForeignKey(Office, models.PROTECT, null=True)
    page = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False)

    class Meta:  # noqa: D106
        indexes: ClassVar = [models.Index(fields=["person", "at"], name="reading_of_person")]


class Renumbering(models.Model):
    """One person's former and present number."""

    old = models.ForeignKey(Person, models.PROTECT, related_name="renumbered_to")
    new = models.ForeignKey(Person, models.PROTECT, related_name="renumbered_from")
    on_day = models.DateField()
