"""Answers: questions on file, the releases that answer them, and what becomes of a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import (
    DAY,
    FOLDER,
    PATH,
    read_catalogue,
    warn_internal,
    with_catalogue,
    with_engine,
    with_key_file,
    with_language,
    with_published,
    with_store,
)
from uitstroom.cli.terminal.console import Progress, console

LANGUAGE = click.option("--lang", "language", type=click.Choice(["nl", "en"]), help="Default: the question's language.")
STYLE = click.option("--style", type=FOLDER, help="Folder with a house style: reference documents, texts, CSS.")


@click.group()
def question() -> None:
    """Questions on file."""


@question.command("new")
@click.argument("folder", type=PATH)
def question_new(folder: Path) -> None:
    """Start a question: a commented question.toml to fill in."""
    from uitstroom.release.question import new_question

    click.echo(new_question(folder))


@question.command("check")
@click.argument("file", type=PATH)
@with_catalogue
def question_check(file: Path, catalogue_directory: Path | None) -> None:
    """Say everything that is wrong with a question."""
    from uitstroom.recipes.answering import checked

    asked = checked(file, read_catalogue(catalogue_directory))
    click.echo(f"{file}: in order; {len(asked.tables)} tables, {len(asked.statements)} statements")


@click.group()
def style() -> None:
    """House styles of letters."""


@style.command("new")
@click.argument("folder", type=PATH)
def style_new(folder: Path) -> None:
    """Start a house style: the built-in reference documents, style sheet and settings, to change."""
    from uitstroom.release.documents import Style

    Style.load().write(folder)
    click.echo(folder)


@click.command()
@click.argument("file", metavar="QUESTION", type=PATH)
@click.option("--out", type=PATH, required=True, metavar="RELEASE", help="A new folder for the release.")
@LANGUAGE
@STYLE
@click.option("--clock", type=DAY, help="The day it is said; default: the question's as-known-on day.")
@click.option("--earlier", type=FOLDER, multiple=True, metavar="RELEASE",
              help="An earlier release of the same figures, protected together with this one.")  # fmt: skip
@with_published
@with_key_file
@with_store
@with_catalogue
@with_engine
def answer(
    file: Path, out: Path, store: Path, catalogue_directory: Path | None, ledger_folder: Path | None, **options: Any
) -> None:
    """Answer a question on file: the letter, the tables, the data, and the manifest to rebuild them."""
    from uitstroom.ledger.ledger import Ledger
    from uitstroom.recipes.answering import Making
    from uitstroom.recipes.answering import answer as build
    from uitstroom.registers import Store

    ledger = Ledger.read(ledger_folder) if ledger_folder else None
    making = Making(file, Store(store), read_catalogue(catalogue_directory), ledger=ledger, **options)
    with Progress() as progress:
        click.echo(build(making, out, progress))


@click.command()
@click.argument("release", type=FOLDER)
@STYLE
@click.option("--beside", type=FOLDER, help="The question's folder, where it has a list of persons beside it.")
@with_published
@with_key_file
@with_store
@with_catalogue
@with_language
def verify(
    release: Path, store: Path, catalogue_directory: Path | None, language: Any, ledger_folder: Path | None,
    **options: Any,
) -> None:  # fmt: skip
    """Rebuild a release and hold every file against it; exit code 1 where it does not stand."""
    from uitstroom.cli.terminal.verdicts import show_verdict
    from uitstroom.recipes.verification import verify as rebuild
    from uitstroom.registers import Store

    given = read_catalogue(catalogue_directory) if catalogue_directory else None
    with Progress("verify"):
        verdict = rebuild(release, Store(store), given, ledger=ledger_folder, **options)
    show_verdict(verdict, given or read_catalogue(None), language, console())
    raise SystemExit(0 if verdict.verified else 1)


@click.command()
@click.argument("older", type=FOLDER)
@click.argument("newer", type=FOLDER)
@click.option("--csv", "as_table", is_flag=True, help="As CSV, to publish the revision beside the newer release.")
@with_store
@with_catalogue
@with_language
def diff(
    older: Path, newer: Path, store: Path, catalogue_directory: Path | None, language: Any, as_table: bool
) -> None:
    """Every cell that changed between two releases, and how much each cause makes of it. Internal, but for --csv."""
    from uitstroom.cli.terminal.verdicts import show_changes
    from uitstroom.recipes.comparing import diff as compared
    from uitstroom.registers import Store
    from uitstroom.release.difference import as_csv

    known = read_catalogue(catalogue_directory)
    with Progress("compare"):
        changed = compared(older, newer, Store(store), known)
    if as_table:
        click.echo(as_csv(changed, known), nl=False)
    else:
        warn_internal(known, language)
        show_changes(changed, known, language, console())


@click.command()
@click.argument("file", metavar="QUESTION", type=PATH)
@with_key_file
@with_store
@with_catalogue
@with_language
def when(file: Path, store: Path, catalogue_directory: Path | None, language: Any, key_file: Path | None) -> None:
    """On which day each figure that is not yet known can be answered."""
    from uitstroom.cli.terminal.verdicts import show_expectations
    from uitstroom.recipes.answering import Making
    from uitstroom.recipes.answering import when as expected
    from uitstroom.registers import Store

    known = read_catalogue(catalogue_directory)
    making = Making(file, Store(store), known, key_file=key_file)
    show_expectations(expected(making), known, language, console())
