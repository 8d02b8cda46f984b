"""Questions to the register: figures, the records behind them, and the account of one action."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import (
    DAY,
    questions,
    read_catalogue,
    show,
    warn_alone,
    warn_internal,
    with_catalogue,
    with_engine,
    with_language,
    with_question,
    with_store,
)
from uitstroom.cli.terminal.console import Progress
from uitstroom.text import printable


@click.command()
@with_question
@click.option("--internal", is_flag=True, help="Show everything unprotected, for use inside the service only.")
@click.option("--json", "form", flag_value="json", help="JSON, as docs/figures.schema.json describes.")
@click.option("--csv", "form", flag_value="csv", help="Tidy CSV, one row per figure.")
@click.option("--clock", type=DAY, help="The day it is said; it only chooses words. Default: --as-of, or today.")
@click.option(
    "--curve",
    type=click.IntRange(1, 60),
    metavar="MONTHS",
    help="Outflow after 1, 2, … MONTHS months instead of at the definition's own horizon.",
)
@with_language
def figures(internal: bool, form: str | None, language: Any, clock: Any, curve: int | None, **asking: Any) -> None:
    """Figures of started, persons, running, ended, completed, outflow, reach: each a value, or why there is none.

    What one call prints is protected together, and not with what other calls print: it is for work inside the service.
    What is published goes through `answer` and `ledger publish`.
    """
    from uitstroom import recipes
    from uitstroom.registers import Store

    known = read_catalogue(asking["catalogue_directory"])
    asked = questions(asking)
    if curve:
        asked = [one for question in asked for one in recipes.month_by_month(question, curve)]
    with Progress():
        tables = recipes.answer_tables(Store(asking["store"]), known, asked, asking["as_of"], clock, asking["engine"])
        published = recipes.publishable(tables, known, internal=internal)
    if internal and form:
        warn_internal(known, language)
    show(published, form, language, known, curve=bool(curve))
    if not internal:
        warn_alone(known, language, errors=bool(form))


@click.command()
@with_question
@with_language
def records(language: Any, **asking: Any) -> None:
    """The units behind a figure as CSV, each with its box, anchor, due day and deciding spell. Internal."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    known = read_catalogue(asking["catalogue_directory"])
    asked = questions(asking)
    warn_internal(known, language)
    recipes.write_records(Store(asking["store"]), known, asked, sys.stdout, asking["as_of"], asking["engine"])


@click.command()
@with_question
def sql(**asking: Any) -> None:
    """The SQL by which figures are counted, the same on every engine: each step a named relation."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    known = read_catalogue(asking["catalogue_directory"])
    click.echo(recipes.sql(Store(asking["store"]), known, questions(asking), asking["as_of"]), nl=False)


@click.command()
@click.argument("action_id")
@click.option("--as-of", type=DAY, help="As known on this day; default: the newest snapshot.")
@with_store
@with_catalogue
@with_engine
@with_language
def explain(
    action_id: str, as_of: Any, store: Path, catalogue_directory: Path | None, engine: str, language: Any
) -> None:
    """The life of one action and, per indicator, why it counts or does not. Internal."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    known = read_catalogue(catalogue_directory)
    lines = recipes.explanation(Store(store), known, action_id, as_of, engine)
    warn_internal(known, language)
    for line in lines:
        click.echo(printable(line.in_language(language)))
