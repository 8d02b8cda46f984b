"""What is in the register: loading, listing, checking, pruning and withdrawing snapshots."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import (
    DAY,
    PATH,
    read_catalogue,
    with_catalogue,
    with_key_file,
    with_language,
    with_store,
)
from uitstroom.cli.terminal.console import Progress, console

QUARANTINED = 3
"""The exit code of a load that went through with quarantined rows."""


@click.command()
@click.argument("delivery", type=PATH)
@with_store
@with_catalogue
@click.option("--quarantine", type=PATH, help="Folder for rejected rows; default: DELIVERY-quarantine.")
@with_key_file
@click.option("--accept-removals", is_flag=True, help="Accept that more than 1% of the actions or spells vanish.")
@click.option("--accept-quarantine", is_flag=True, help="Accept a first delivery of which most rows have faults.")
@click.option("--measure", "ahead", is_flag=True, help="Do at once what `uitstroom measure` does, too.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be loaded: no snapshot, no quarantine.")
@with_language
def load(delivery: Path, store: Path, catalogue_directory: Path | None, language: Any, **options: Any) -> None:
    """Check a delivery, set bad rows apart, and make the next snapshot."""
    from uitstroom import recipes
    from uitstroom.cli.terminal.loads import show_report
    from uitstroom.registers import Store
    from uitstroom.registers.report import QuarantineError

    known, ahead = read_catalogue(catalogue_directory), options.pop("ahead")
    try:
        with Progress() as progress:
            report = Store(store).load(delivery, known, progress=progress, **options)
    except QuarantineError as error:
        show_report(error.report, known, language, console())
        raise
    show_report(report, known, language, console())
    if options["dry_run"]:
        click.echo(known.word("load.dry_run").in_language(language))
    if ahead and report.changed and not options["dry_run"]:
        recipes.measure_ahead(Store(store), known)
    if any(report.quarantined.values()):
        sys.exit(QUARANTINED)


@click.command()
@click.option("--as-of", type=DAY, help="Of the snapshot known on this day; default: the newest.")
@with_store
@with_catalogue
def measure(as_of: Any, store: Path, catalogue_directory: Path | None) -> None:
    """Measure the catalogue's own definitions now, so that every question by them is read off what is kept."""
    from uitstroom import recipes
    from uitstroom.registers import Store

    recipes.measure_ahead(Store(store), read_catalogue(catalogue_directory), as_of)


@click.group(invoke_without_command=True)
@with_store
@with_language
@click.pass_context
def snapshots(context: click.Context, store: Path, language: Any) -> None:
    """What is loaded: id, delivery day, completeness, rows, quarantined rows, warnings, vanished ids."""
    from uitstroom.cli.terminal.loads import show_snapshots
    from uitstroom.registers import Store

    if context.invoked_subcommand is None:
        show_snapshots(Store(store).snapshots(), read_catalogue(None), language, console())


@snapshots.command("withdraw")
@click.argument("snapshot")
@click.option("--reason", required=True, help="Why; it is kept with the snapshot.")
@with_store
def withdraw_snapshot(snapshot: str, reason: str, store: Path) -> None:
    """Let as-known-on pass a snapshot by; it can still be found."""
    _withdraw(snapshot, reason, store)


@click.command()
@click.argument("snapshot")
@click.option("--reason", required=True, help="Why; it is kept with the snapshot.")
@with_store
def withdraw(snapshot: str, reason: str, store: Path) -> None:
    """The former name of `snapshots withdraw`."""
    click.echo(
        "`uitstroom withdraw` is now `uitstroom snapshots withdraw`; this name goes in the next version", err=True
    )
    _withdraw(snapshot, reason, store)


def _withdraw(snapshot: str, reason: str, store: Path) -> None:
    from uitstroom.registers import Store

    Store(store).withdraw(snapshot, reason)
    click.echo(f"{snapshot}: withdrawn")


@click.command()
@with_store
@with_catalogue
@click.option("--repair", is_flag=True, help="Remove what is computed again when it is asked for, and what loads left.")
@with_language
def check(store: Path, catalogue_directory: Path | None, repair: bool, language: Any) -> None:
    """Read every file of the store and hold it against its checksum; count the rows that today's rules would refuse."""
    from uitstroom.cli.terminal.loads import show_soundness
    from uitstroom.registers import Store

    known = read_catalogue(catalogue_directory)
    found = Store(store).check(known, repair=repair)
    show_soundness(found, known, language, console())
    if not found.sound or (not repair and (found.kept or found.left)):
        sys.exit(1)


@click.command()
@with_store
@click.option("--snapshot", "snapshots", multiple=True, metavar="ID", help="A snapshot, by the beginning of its id.")
@click.option("--delivered-before", type=DAY, metavar="DAY", help="All that were delivered before this day.")
@click.option("--releases", "folders", type=PATH, multiple=True, metavar="FOLDER",
              help="Where releases are: those that can no longer be rebuilt are listed.")  # fmt: skip
@with_language
def prune(
    store: Path, snapshots: tuple[str, ...], delivered_before: Any, folders: tuple[Path, ...], language: Any
) -> None:
    """Remove snapshots that may no longer be kept, for good; their descriptions stay."""
    from uitstroom.cli.terminal.loads import show_pruned
    from uitstroom.errors import UsageError
    from uitstroom.registers import Store
    from uitstroom.registers.retention import releases_of

    if not snapshots and not delivered_before:
        raise UsageError("nothing is named", todo="give --snapshot ID or --delivered-before DAY")
    pruned = Store(store).prune(snapshots, delivered_before=delivered_before)
    show_pruned(pruned, releases_of(folders, pruned), read_catalogue(None), language, console())
