"""The command line: one short function per command, no logic of its own. Heavy imports wait until a command runs."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitstroom import __version__
from uitstroom.errors import UitstroomError

if TYPE_CHECKING:
    from uitstroom.catalogue import Catalogue
    from uitstroom.disclosure import Publishable
    from uitstroom.measure.asking import Question

QUARANTINED = 3
"""The exit code of a load that went through with quarantined rows."""


class _Gentle(click.Group):
    """Turns a refusal into its message and its exit code: 1 refused with nothing changed, 2 usage."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except UitstroomError as error:
            click.echo(f"uitstroom: {error}", err=True)
            context.exit(error.exit_code)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in ("protect", "audit"):
            from uitstroom import cli_disclosure

            return getattr(cli_disclosure, name)  # type: ignore[no-any-return]
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), "audit", "protect"])


class _Day(click.ParamType):
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


def _store(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--store", type=PATH, default=Path("store"), show_default=True, envvar="UITSTROOM_STORE",
        help="Folder that holds the snapshots.",
    )(command)  # fmt: skip


def _catalogue(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--catalogue", "catalogue_directory", type=FOLDER, envvar="UITSTROOM_CATALOGUE",
        help="Folder with catalogue files of your own, on top of the built-in VDAB catalogue.",
    )(command)  # fmt: skip


def _language(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--lang", "language", type=click.Choice(["nl", "en"]), default="nl", show_default=True,
        help="Language of what is printed.",
    )(command)  # fmt: skip


def _asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that put a question: shared by `figures` and `records`."""
    for option in reversed(
        (
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
            _store, _catalogue,
        )
    ):  # fmt: skip
        command = option(command)
    return command


@click.group(cls=_Gentle, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="uitstroom")
def main() -> None:
    """From raw records of a service's measures to figures that can be defended.

    Exit codes: 0 done, 1 refused or failed with nothing changed, 2 usage, 3 loaded with quarantined rows.
    """


@main.command()
@click.option("--out", type=PATH, help="Keep the synthetic deliveries and the store in this folder.")
@_language
def demo(out: Path | None, language: Any) -> None:
    """Make a synthetic register of VDAB 2017, load it, and answer written question 115."""
    import tempfile

    from uitstroom import recipes

    with tempfile.TemporaryDirectory() as scratch, _Progress() as progress:
        tables, _report = recipes.demo(out or Path(scratch), progress)
    _show(tables, None, language)
    if out:
        click.echo(f"\n{out}/deliveries, {out}/store")


@main.command()
@click.argument("profile", default="vdab-2017")
@click.option("--out", type=PATH, required=True, help="Folder to write the deliveries in.")
@click.option("--seed", type=int, default=115, show_default=True, help="Another seed, another register.")
@click.option("--scale", type=click.FloatRange(0.01, 1000), default=1.0, show_default=True, help="Times the size.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
def synth(profile: str, out: Path, seed: int, scale: float, form: Any) -> None:
    """Write deliveries of a register that does not exist, calibrated to published totals."""
    from uitstroom.synth import write_delivery

    for delivery in write_delivery(profile, out, seed=seed, scale=scale, format=form):
        click.echo(delivery)


@main.command()
@click.argument("delivery", type=PATH)
@_store
@_catalogue
@click.option("--quarantine", type=PATH, help="Folder for rejected rows; default: DELIVERY-quarantine.")
@click.option("--key-file", type=PATH, envvar="UITSTROOM_KEY_FILE", help="Key that makes pseudonyms of INSZ numbers.")
@click.option("--accept-removals", is_flag=True, help="Accept that more than 1% of the actions or spells vanish.")
@_language
def load(
    delivery: Path, store: Path, catalogue_directory: Path | None, quarantine: Path | None, key_file: Path | None,
    accept_removals: bool, language: Any,
) -> None:  # fmt: skip
    """Check a delivery, set bad rows apart, and make the next snapshot."""
    from uitstroom.publish.loading import show_report
    from uitstroom.registers import Store

    catalogue = _read_catalogue(catalogue_directory)
    with _Progress() as progress:
        report = Store(store).load(
            delivery, catalogue, quarantine=quarantine, key_file=key_file, accept_removals=accept_removals,
            progress=progress,
        )  # fmt: skip
    show_report(report, catalogue, language, _console())
    if any(report.quarantined.values()):
        sys.exit(QUARANTINED)


@main.command()
@_asking
@click.option("--internal", is_flag=True, help="Show everything unprotected, for use inside the service only.")
@click.option("--json", "form", flag_value="json", help="JSON, as docs/figures.schema.json describes.")
@click.option("--csv", "form", flag_value="csv", help="Tidy CSV, one row per figure.")
@click.option("--clock", type=DAY, help="The day it is said; it only chooses words. Default: --as-of, or today.")
@_language
def figures(internal: bool, form: str | None, language: Any, clock: Any, **asking: Any) -> None:
    """Figures of started, persons, running, ended, outflow: each a value or the reason why there is none."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    catalogue = _read_catalogue(asking["catalogue_directory"])
    tables = recipes.answer_tables(Store(asking["store"]), catalogue, _questions(asking), asking["as_of"], clock)
    published = recipes.publishable(tables, catalogue, internal=internal)
    if internal and form:
        click.echo(catalogue.word("note.internal").in_language(language), err=True)
    _show(published, form, language, catalogue)


@main.command()
@_asking
@_language
def records(language: Any, **asking: Any) -> None:
    """The units behind a figure as CSV, each with its box, anchor, due day and deciding spell. Internal."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    catalogue = _read_catalogue(asking["catalogue_directory"])
    click.echo(catalogue.word("note.internal").in_language(language), err=True)
    recipes.write_records(Store(asking["store"]), catalogue, _questions(asking), sys.stdout, asking["as_of"])


@main.command()
@click.argument("action_id")
@click.option("--as-of", type=DAY, help="As known on this day; default: the newest snapshot.")
@_store
@_catalogue
@_language
def explain(action_id: str, as_of: Any, store: Path, catalogue_directory: Path | None, language: Any) -> None:
    """The life of one action and, per indicator, why it counts or does not. Internal."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    catalogue = _read_catalogue(catalogue_directory)
    click.echo(catalogue.word("note.internal").in_language(language), err=True)
    for line in recipes.explanation(Store(store), catalogue, action_id, as_of):
        click.echo(line.in_language(language))


@main.command()
@_store
@_language
def snapshots(store: Path, language: Any) -> None:
    """What is loaded: id, delivery day, completeness, rows, quarantined rows, warnings, vanished ids."""
    from uitstroom.publish.loading import show_snapshots
    from uitstroom.registers import Store

    show_snapshots(Store(store).snapshots(), _read_catalogue(None), language, _console())


@main.command()
@click.argument("snapshot")
@click.option("--reason", required=True, help="Why; it is kept with the snapshot.")
@_store
def withdraw(snapshot: str, reason: str, store: Path) -> None:
    """Let as-known-on pass a snapshot by; it can still be found."""
    from uitstroom.registers import Store

    Store(store).withdraw(snapshot, reason)
    click.echo(f"{snapshot}: withdrawn")


@main.group()
def catalogue() -> None:
    """The instruments, definitions and words that the figures are made by."""


@catalogue.command("list")
@_catalogue
@_language
def catalogue_list(catalogue_directory: Path | None, language: Any) -> None:
    """All instruments, dimensions and definitions."""
    from uitstroom.catalogue.pages import listing

    click.echo(listing(_read_catalogue(catalogue_directory), language))


@catalogue.command("show")
@click.argument("code")
@click.option("--on", type=DAY, help="Only the version valid on this day.")
@_catalogue
@_language
def catalogue_show(code: str, on: Any, catalogue_directory: Path | None, language: Any) -> None:
    """An instrument: what it is, its versions, rules, sources, and how its outflow is measured."""
    from uitstroom.catalogue.pages import instrument_page

    known = _read_catalogue(catalogue_directory)
    click.echo(instrument_page(known, known.instrument(code), on, language))


@catalogue.command("check")
@click.argument("directory", type=FOLDER)
def catalogue_check(directory: Path) -> None:
    """Report every mistake in a folder of catalogue files at once."""
    known = _read_catalogue(directory)
    click.echo(f"{directory}: in order; {len(known.instruments)} instruments, fingerprint {known.fingerprint[:12]}")


@main.command()
@click.option("--json", "as_schema", is_flag=True, help="As Frictionless Table Schemas.")
@_catalogue
@_language
def contract(as_schema: bool, catalogue_directory: Path | None, language: Any) -> None:
    """The tables and columns of a delivery: type, meaning, allowed values."""
    from uitstroom.registers.contract_page import contract_page, table_schemas

    known = _read_catalogue(catalogue_directory)
    click.echo(table_schemas(known) if as_schema else contract_page(known, language))


def _read_catalogue(directory: Path | None) -> Catalogue:
    from uitstroom.catalogue import Catalogue

    return Catalogue.load(directory)


def _questions(asking: dict[str, Any]) -> list[Question]:
    from uitstroom.measure.asking import Question
    from uitstroom.periods import Period

    periods = tuple(Period.parse(code) for code in asking["periods"])
    return [
        Question(
            indicator, periods, tuple(asking["by"]), tuple(asking["instruments"]) or None, asking["group"],
            asking["definition"], asking["so_far"], asking["regardless_of_purpose"],
        )
        for indicator in asking["indicators"]
    ]  # fmt: skip


def _show(published: Publishable, form: str | None, language: Any, known: Catalogue | None = None) -> None:
    if form:
        from uitstroom.publish.machine import as_csv, as_json

        click.echo((as_json if form == "json" else as_csv)(published), nl=False)
    else:
        from uitstroom.publish.terminal import show

        show(published, known or _read_catalogue(None), language, _console())


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 110)


class _Progress:
    """A progress bar on standard error, there only in a terminal."""

    def __enter__(self) -> Callable[[str, float], None] | None:
        if not sys.stderr.isatty():
            return None
        from rich.progress import Progress

        self._bar = Progress(transient=True, console=_error_console())
        self._bar.start()
        self._tasks: dict[str, Any] = {}
        return self._advance

    def _advance(self, stage: str, share: float) -> None:
        task = self._tasks.setdefault(stage, None) or self._bar.add_task(stage, total=1.0)
        self._tasks[stage] = task
        self._bar.update(task, completed=share)

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "_bar"):
            self._bar.stop()


def _error_console() -> Any:
    from rich.console import Console

    return Console(stderr=True)
