"""The commands of the desk: `uitstroom desk …`."""

from __future__ import annotations

import os
from typing import Any

import click

from uitstroom.errors import UitstroomError

APPLICATION = "uitstroom_desk"


def _with_database(command: Any) -> Any:
    return click.option(
        "--database", required=True, envvar="UITSTROOM_DESK_DATABASE", metavar="ADDRESS",
        help="postgresql://USER@HOST/DATABASE of the desk.",
    )(command)  # fmt: skip


def start(database: str, **settings: str) -> None:
    """Make Django ready for a database; settings are those of `uitstroom.desk.settings`."""
    os.environ.update({"UITSTROOM_DESK_DATABASE": database, "DJANGO_SETTINGS_MODULE": "uitstroom.desk.settings"})
    os.environ.update({f"UITSTROOM_DESK_{name.upper()}": value for name, value in settings.items()})
    try:
        import django

        django.setup()
    except ModuleNotFoundError as error:
        raise UitstroomError(
            f"the desk needs {error.name}, which is not installed", todo="pip install 'uitstroom[desk]'"
        ) from None


@click.group()
def desk() -> None:
    """The register desk: where actions are proposed, approved, started and ended (needs the extra [desk])."""


@desk.command()
@_with_database
@click.option("--application-role", default=APPLICATION, show_default=True,
              help="The database role that `serve` signs in as; made where it is not there.")  # fmt: skip
def migrate(database: str, application_role: str) -> None:
    """Make or bring up to date the tables of the desk, and the rights of its two roles."""
    start(database)
    from django.core.management import call_command

    from uitstroom.desk.database import create_role, grant

    call_command("migrate", verbosity=0, interactive=False)
    create_role(application_role)
    grant(application_role)
    click.echo("the desk's database is up to date")


@desk.command()
@_with_database
def verify(database: str) -> None:
    """Prove that the chain of acts is whole and that everything shown is made of it."""
    start(database)
    from uitstroom.desk.database import whole
    from uitstroom.desk.proof import faults, head

    with whole():
        found = list(faults())
        last = head()
    if found:
        raise UitstroomError("\n".join(map(str, found)))
    click.echo(f"whole: {last.position} acts, head {last.hash}" if last else "whole: no acts yet")
