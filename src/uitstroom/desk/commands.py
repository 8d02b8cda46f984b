"""The commands of the desk: `uitstroom desk …`."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Day

APPLICATION = "uitstroom_desk"
SHORTEST_SECRET = 32
PATH = click.Path(path_type=Path)


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
@click.option("--against", type=PATH, metavar="DELIVERY", help="A delivery: the chain must still hold its head.")
def verify(database: str, against: Path | None) -> None:
    """Prove that the chain of acts is whole and that everything shown is made of it."""
    start(database)
    from uitstroom.desk.database import whole
    from uitstroom.desk.delivery import delivered_head
    from uitstroom.desk.proof import faults, head

    with whole():
        found = list(faults(delivered_head(against) if against else None))
        last = head()
    if found:
        raise UitstroomError("\n".join(map(str, found)))
    click.echo(f"whole: {last.position} acts, head {last.hash}" if last else "whole: no acts yet")


class _Day(click.ParamType[Day]):
    name = "day"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Day:
        try:
            return value if isinstance(value, Day) else Day.fromisoformat(value)
        except ValueError:
            self.fail("write the day as YYYY-MM-DD, for example 2017-11-23", parameter, context)


DAY = _Day()


@desk.command()
@_with_database
@click.option("--until", type=DAY, required=True, help="The last day of which the register holds everything.")
@click.option("--from", "first", type=DAY, required=True, help="The first day of which it holds everything.")
@click.option("--known-on", type=DAY, help="The register as known on this day; default: today.")
@click.option("--since", type=DAY, help="Only what changed since the register as known on this day.")
@click.option("--out", "folder", type=PATH, required=True, metavar="DELIVERY", help="An empty folder.")
@click.option(
    "--key-file",
    type=PATH,
    envvar="UITSTROOM_KEY_FILE",
    help="Key that makes pseudonyms of national numbers; they join with a store that has the same key.",
)
@click.option("--national-numbers", is_flag=True, help="Deliver national numbers instead; nothing hides them.")
def deliver(
    database: str,
    first: Day,
    until: Day,
    known_on: Day | None,
    since: Day | None,
    folder: Path,
    key_file: Path | None,
    national_numbers: bool,
) -> None:
    """Write a delivery of the register as known on a day, by the contract, out of its acts."""
    if (key_file is None) != national_numbers:
        raise UsageError("say how persons are delivered", todo="give --key-file FILE, or --national-numbers")
    start(database)
    from uitstroom.desk.acts import Actor
    from uitstroom.desk.boundary import today
    from uitstroom.desk.database import whole
    from uitstroom.desk.delivery import Order
    from uitstroom.desk.delivery import deliver as write
    from uitstroom.desk.register import register
    from uitstroom.registers.pseudonyms import read_key

    key = read_key(key_file) if key_file else None
    order = Order(folder, known_on or today(), first, until, since, key)
    with whole():
        done = write(register(), Actor(None, "owner", None, today()), order)
    click.echo(f"{folder}: {done.actions} actions, {done.acts} acts, head {done.head.position}")


@desk.command("import")
@_with_database
@click.argument("files", nargs=-1, type=PATH, required=True)
@click.option("--office", "offices", multiple=True, required=True, help="Code of the office; several take turns.")
@click.option("--known-on", type=DAY, help="The day that the acts are known on; default: today.")
@click.option("--reason", required=True, help="Why warnings are confirmed; kept with the acts.")
@click.option("--employers-as-given", is_flag=True, help="Take keys of employers that are no enterprise numbers.")
def import_(
    database: str,
    files: tuple[Path, ...],
    offices: tuple[str, ...],
    known_on: Day | None,
    reason: str,
    employers_as_given: bool,
) -> None:
    """Take a register over: each row of its lists (CSV, XLSX) becomes acts, by the rules of the forms."""
    start(database)
    from uitstroom.desk.takeover import take_over

    done = take_over(files, offices, known_on, reason, employers_as_given=employers_as_given)
    for said in done.refused[:REFUSALS_SHOWN]:
        click.echo(said, err=True)
    click.echo(f"{done.rows} rows: {done.actions} actions made, {len(done.refused)} rows refused")
    if done.refused:
        raise SystemExit(3)


@desk.command()
@_with_database
@click.option(
    "--closed-before", type=DAY, required=True, help="Erase who has only actions that closed before this day."
)
def prune(database: str, closed_before: Day) -> None:
    """Erase the names, numbers and free text of persons whose actions are long closed; the proof stands."""
    start(database)
    from uitstroom.desk.acts import Actor
    from uitstroom.desk.boundary import today
    from uitstroom.desk.database import whole
    from uitstroom.desk.erasure import prune as erase

    if closed_before > today():
        raise UsageError("that day has not come", where="--closed-before", todo="give a day in the past")
    with whole():
        done = erase(Actor(None, "owner", None, today()), closed_before)
    click.echo(f"erased {done.persons} persons in {done.actions} actions")


REFUSALS_SHOWN = 50
PASSWORD = "loket-om-te-oefenen"  # noqa: S105 - of invented people, printed by the demo
DEMO_DAY = "2017-06-15"


@desk.command()
@_with_database
@click.option("--bind", default="127.0.0.1:8014", show_default=True, help="Where it listens; TLS is spoken in front.")
@click.option("--hosts", required=True, help="The names that the desk answers to, with commas between.")
@click.option("--secret-file", type=PATH, required=True, help="File with the secret that signs cookies and forms.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=8, show_default=True, help="Threads of each process.")
@click.option("--catalogue", default="", help="Folder with catalogue files of the service's own.")
@click.option("--key-file", default="", help="Key that the statistician's deliveries make persons with.")
@click.option("--release", "releases", multiple=True, help="A published release: corrections name its cells.")
def serve(database: str, bind: str, hosts: str, secret_file: Path, workers: int, threads: int, **options: Any) -> None:
    """Serve the desk, behind a server that speaks TLS (docs/desk.md)."""
    chosen = {name: options[name] for name in ("catalogue", "key_file")}
    start(database, secret=_secret(secret_file), hosts=hosts, releases=os.pathsep.join(options["releases"]), **chosen)
    from uitstroom.desk.server import Server

    Server(bind, workers, threads).run()


def _secret(path: Path) -> str:
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UitstroomError("the secret cannot be read", where=str(path)) from None
    if len(secret) < SHORTEST_SECRET:
        raise UitstroomError(f"the secret is shorter than {SHORTEST_SECRET} characters", where=str(path),
                             todo="make one with `openssl rand -hex 32`")  # fmt: skip
    return secret


@desk.command()
@click.option("--port", default=8014, show_default=True, help="Where it listens on 127.0.0.1.")
@click.option("--actions", default=4000, show_default=True, help="About how many invented actions.")
@click.option("--folder", type=PATH, help="Keep the database here; default: a folder that goes with the demo.")
@click.option("--threads", default=8, show_default=True, help="Threads that answer pages.")
def demo(port: int, actions: int, folder: Path | None, threads: int) -> None:
    """A desk of invented people on a PostgreSQL of its own; prints its address and an account per role."""
    from uitstroom.desk.embedded import embedded

    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="uitstroom-desk-")))
        owner = stack.enter_context(embedded(place / "postgresql"))
        key = place / "key"
        if not key.exists():
            key.touch(0o600)
            key.write_text(secrets.token_hex(32))
        start(owner, tls="no", demo="yes", day=DEMO_DAY, secret=secrets.token_hex(32), key_file=str(key))
        _demo(owner, port, actions, threads)


def _demo(owner: str, port: int, actions: int, threads: int) -> None:
    from django.core.management import call_command
    from django.db import connections

    from uitstroom.desk.boundary import today
    from uitstroom.desk.database import as_role, create_role, grant
    from uitstroom.desk.invention import invent
    from uitstroom.desk.models import Account
    from uitstroom.desk.register import register
    from uitstroom.desk.server import Server
    from uitstroom.desk.settings import database

    call_command("migrate", verbosity=0, interactive=False)
    create_role(APPLICATION)
    grant(APPLICATION)
    if not Account.objects.exists():
        click.echo("making invented people and actions …", err=True)
        invent(register(), today(), PASSWORD, actions)
    accounts = list(Account.objects.order_by("pk").values_list("username", "role"))
    connections.close_all()
    connections["default"].settings_dict.update(database(as_role(owner, APPLICATION)))
    Server(f"127.0.0.1:{port}", 1, threads, lambda: _tell(port, accounts)).run()


def _tell(port: int, accounts: list[tuple[str, str]]) -> None:
    click.echo(f"http://127.0.0.1:{port}/")
    for username, role in accounts:
        click.echo(f"  {username:<20} {PASSWORD}   {role}")
