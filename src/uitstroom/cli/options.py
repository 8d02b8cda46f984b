"""What commands share: option types, the options of a store, a catalogue, a language and a question, and output."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from uitstroom.catalogue import Catalogue
    from uitstroom.disclosure import Publishable
    from uitstroom.measure.asking import Question
    from uitstroom.registers.population import PersonList

Command = Callable[..., Any]


class _Day(click.ParamType[datetime.date]):
    name = "day"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> datetime.date:
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail("write the day as YYYY-MM-DD, for example 2017-11-23", parameter, context)


DAY = _Day()
PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


def with_store(command: Command) -> Command:
    """--store: where the snapshots are."""
    return click.option(
        "--store", type=PATH, default=Path("store"), show_default=True, envvar="UITSTROOM_STORE",
        help="Folder that holds the snapshots.",
    )(command)  # fmt: skip


def with_catalogue(command: Command) -> Command:
    """--catalogue: a service's own files."""
    return click.option(
        "--catalogue", "catalogue_directory", type=FOLDER, envvar="UITSTROOM_CATALOGUE",
        help="Folder with catalogue files of your own, on top of the built-in VDAB catalogue.",
    )(command)  # fmt: skip


def with_language(command: Command) -> Command:
    """--lang: nl or en."""
    return click.option(
        "--lang", "language", type=click.Choice(["nl", "en"]), default="nl", show_default=True,
        help="Language of what is printed.",
    )(command)  # fmt: skip


def with_key_file(command: Command) -> Command:
    """--key-file: the key of the pseudonyms."""
    return click.option(
        "--key-file", type=PATH, envvar="UITSTROOM_KEY_FILE", help="Key that makes pseudonyms of INSZ numbers.",
    )(command)  # fmt: skip


def with_ledger(command: Command) -> Command:
    """--ledger: what has been published; required."""
    return click.option(
        "--ledger", "ledger_folder", type=PATH, required=True, envvar="UITSTROOM_LEDGER", metavar="LEDGER",
        help="Folder of what has been published; its internal part lies beside it.",
    )(command)  # fmt: skip


def with_published(command: Command) -> Command:
    """--ledger where it may be left out."""
    return click.option(
        "--ledger", "ledger_folder", type=PATH, envvar="UITSTROOM_LEDGER", metavar="LEDGER",
        help="What has been published: the release is protected against all of it.",
    )(command)  # fmt: skip


def with_engine(command: Command) -> Command:
    """--engine: where the register is measured."""
    return click.option(
        "--engine", default="duckdb", show_default=True, envvar="UITSTROOM_ENGINE", metavar="ADDRESS",
        help="What measures: duckdb, duckdb-afresh (reads and keeps nothing beside the register), spark://local, "
        "spark://HOST:PORT, sc://HOST:PORT (Spark Connect) or postgresql://USER@HOST/DATABASE. "
        "The figures are the same.",
    )(command)  # fmt: skip


def with_question(command: Command) -> Command:
    """The options that put a question to the register: shared by `figures` and `records`."""
    options = (
        click.argument("indicators", nargs=-1, required=True, metavar="INDICATOR..."),
        click.option("--period", "periods", multiple=True, required=True, metavar="P",
                     help="2017, 2017-S1, 2017-Q3, 2017-03, 2016-07/2017-06; several make a series."),
        click.option("--as-of", type=DAY, help="As known on this day; default: the newest snapshot."),
        click.option("--by", "by", multiple=True, metavar="DIM", help="Break down by a dimension; at most two."),
        click.option("--instrument", "instruments", multiple=True, metavar="CODE",
                     help="Only these instruments; default: the service's group."),
        click.option("--group", help="Another group of the catalogue."),
        click.option("--definition", metavar="NAME", help="Measure all by this definition."),
        click.option("--so-far", is_flag=True, help="Give incomplete figures to date, marked as provisional."),
        click.option("--regardless-of-purpose", is_flag=True,
                     help="Measure outflow also where the catalogue says that the question does not apply."),
        click.option("--population", type=PATH, metavar="FILE",
                     help="For reach: a file with one person per line, numbered as in the deliveries."),
        with_key_file, with_store, with_catalogue, with_engine,
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def read_catalogue(directory: Path | None) -> Catalogue:
    """The catalogue of a command's --catalogue."""
    from uitstroom.catalogue import Catalogue

    return Catalogue.load(directory)


def questions(asking: dict[str, Any]) -> list[Question]:
    """The questions that the options of `with_question` put, one per indicator."""
    from uitstroom.measure.asking import Question
    from uitstroom.periods import Period

    periods = tuple(Period.parse(code) for code in asking["periods"])
    return [
        Question(
            indicator, periods, tuple(asking["by"]), tuple(asking["instruments"]) or None, asking["group"],
            asking["definition"], asking["so_far"], asking["regardless_of_purpose"], _population(indicator, asking),
        )
        for indicator in asking["indicators"]
    ]  # fmt: skip


def _population(indicator: str, asking: dict[str, Any]) -> PersonList | None:
    if indicator != "reach" or asking["population"] is None:
        return None
    from uitstroom.registers import Store
    from uitstroom.registers.population import read_population

    return read_population(asking["population"], Store(asking["store"]), asking["key_file"])


def show(published: Publishable, form: str | None, language: Any, known: Catalogue, *, curve: bool = False) -> None:
    """Print tables for people, or as JSON or CSV for machines."""
    if form:
        from uitstroom.release.json_csv import as_csv, as_json

        click.echo(as_json(published, known) if form == "json" else as_csv(published), nl=False)
    else:
        from uitstroom.cli.terminal.console import console
        from uitstroom.cli.terminal.tables import show as show_tables

        show_tables(published, known, language, console(), curve=curve)


def warn_alone(known: Catalogue, language: Any, *, errors: bool) -> None:
    """That figures which are asked apart are protected apart: for work in the service, not for publication."""
    click.echo(known.word("note.alone").in_language(language), err=errors)


def warn_internal(known: Catalogue, language: Any) -> None:
    """The warning that goes with everything unprotected, on standard error."""
    click.echo(known.word("note.internal").in_language(language), err=True)
