"""The database of the desk: its two roles, which offices a transaction sees, and how it comes to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.db import connection, transaction
from psycopg import sql

EVERY_OFFICE = "*"
RIGHTS = {
    "select, insert": ("desk_act", "desk_content", "desk_reading", "desk_renumbering"),
    "select, insert, update": ("desk_action", "desk_office", "desk_person", "desk_employer", "desk_account"),
    "select, insert, update, delete": (
        "desk_stretch", "django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog",
    ),
    "select": ("django_content_type", "django_migrations"),
}  # fmt: skip
"""All that the application's role may do; nobody else but the owner may do anything."""


def offices_seen(offices: str | Iterable[int]) -> None:
    """Let the transaction see the rows of these offices (`*`: of every office), and of no other."""
    said = offices if isinstance(offices, str) else ",".join(map(str, offices))
    with connection.cursor() as cursor:
        cursor.execute("select set_config('desk.offices', %s, true)", [said])


@contextmanager
def whole() -> Iterator[None]:
    """A transaction that sees every office; for commands of the owner, and for who may see all."""
    with transaction.atomic():
        offices_seen(EVERY_OFFICE)
        yield


def create_role(name: str) -> None:
    """Make a role that may sign in, where it is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create role {} login").format(sql.Identifier(name)))


def grant(name: str) -> None:
    """Give the application's role its rights, and take any other that it had."""
    role = sql.Identifier(name)
    statements = [
        sql.SQL("revoke all on all tables in schema public from {}").format(role),
        sql.SQL("grant usage on schema public to {}").format(role),
        sql.SQL("grant usage on all sequences in schema public to {}").format(role),
    ]
    statements += [
        sql.SQL("grant {} on {} to {}").format(sql.SQL(rights), sql.Identifier(table), role)
        for rights, tables in RIGHTS.items()
        for table in tables
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def as_role(address: str, role: str) -> str:
    """The address of the same database for another role."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{quote(role)}@{parts.netloc.rpartition('@')[2]}").geturl()
