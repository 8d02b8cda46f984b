"""What is in the register: loading, listing and withdrawing snapshots."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import (
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
@with_language
def load(delivery: Path, store: Path, catalogue_directory: Path | None, language: Any, **options: Any) -> None:
    """Check a delivery, set bad rows apart, and make the next snapshot."""
    from uitstroom.cli.terminal.loads import show_report
    from uitstroom.registers import Store

    known = read_catalogue(catalogue_directory)
    with Progress() as progress:
        report = Store(store).load(delivery, known, progress=progress, **options)
    show_report(report, known, language, console())
    if any(report.quarantined.values()):
        sys.exit(QUARANTINED)


@click.command()
@with_store
@with_language
def snapshots(store: Path, language: Any) -> None:
    """What is loaded: id, delivery day, completeness, rows, quarantined rows, warnings, vanished ids."""
    from uitstroom.cli.terminal.loads import show_snapshots
    from uitstroom.registers import Store

    show_snapshots(Store(store).snapshots(), read_catalogue(None), language, console())


@click.command()
@click.argument("snapshot")
@click.option("--reason", required=True, help="Why; it is kept with the snapshot.")
@with_store
def withdraw(snapshot: str, reason: str, store: Path) -> None:
    """Let as-known-on pass a snapshot by; it can still be found."""
    from uitstroom.registers import Store

    Store(store).withdraw(snapshot, reason)
    click.echo(f"{snapshot}: withdrawn")
