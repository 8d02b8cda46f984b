"""The program and its exit codes; every command is read from its own module when it is needed."""

from __future__ import annotations

import errno
from importlib import import_module
from typing import Any

import click

from uitstroom import __version__
from uitstroom.errors import UitstroomError

COMMANDS = {
    "answer": "release",
    "audit": "audit",
    "catalogue": "catalogue",
    "check": "load",
    "contract": "catalogue",
    "demo": "demo",
    "diff": "release",
    "explain": "figures",
    "figures": "figures",
    "ledger": "ledger",
    "load": "load",
    "measure": "load",
    "protect": "csv_tables",
    "prune": "load",
    "question": "release",
    "records": "figures",
    "snapshots": "load",
    "sql": "figures",
    "style": "release",
    "synth": "demo",
    "verify": "release",
    "when": "release",
    "withdraw": "load",
}
"""Each command and the module of this package that holds it."""
ELSEWHERE = {"desk": "uitstroom.desk.commands"}
"""Commands of packages that stand beside this one; they are imported by nothing but their name."""


class Program(click.Group):
    """Turns a refusal into its message and its exit code: 1 refused with nothing changed, 2 usage."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UitstroomError as error:
            click.echo(f"uitstroom: {error}", err=True)
            context.exit(error.exit_code)
        except MemoryError:
            click.echo("uitstroom: there is not enough memory for this\n  → free some, or ask less at once", err=True)
            context.exit(1)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            click.echo("uitstroom: there is no room to write\n  → make some, and try again", err=True)
            context.exit(1)

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002
        return sorted([*COMMANDS, *ELSEWHERE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        module = f"uitstroom.cli.{COMMANDS[name]}" if name in COMMANDS else ELSEWHERE.get(name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="uitstroom")
def main() -> None:
    """From raw records of a service's measures to figures that can be defended.

    Exit codes: 0 done, 1 refused or failed with nothing changed, 2 usage, 3 loaded with quarantined rows.
    """
