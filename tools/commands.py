"""The page of commands, made from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from uitstroom.cli import main

WIDTH = 100
INTRODUCTION = """\
# Commands

Each command says this itself with `--help`. This page is made from the program by `./run pages`.
"""


def commands_page() -> str:
    """The whole page in Markdown: each command's help, and the environment variables that stand for options."""
    parts = [INTRODUCTION]
    parts += [f"## {name}\n\n```text\n{_help(command, name)}\n```\n" for name, command in commands()]
    return "\n".join([*parts, _variables()])


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups before their members."""
    yield from _below("uitstroom", main)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for member in command.list_commands(context):
            found = command.get_command(context, member)
            if found and not found.hidden:
                yield from _below(f"{name} {member}", found)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    return command.get_help(context).strip()


def _variables() -> str:
    found = {
        parameter.envvar: parameter.opts[0]
        for _, command in commands()
        for parameter in command.params
        if isinstance(parameter.envvar, str)
    }
    rows = [f"| `{variable}` | `{option}` |" for variable, option in sorted(found.items())]
    return "\n".join(["## Environment variables", "", "| variable | stands for |", "|---|---|", *rows, ""])
