"""Registers that do not exist: the demo and the synthetic deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import PATH, read_catalogue, show, with_language
from uitstroom.cli.terminal.console import Progress


@click.command()
@click.option("--out", type=PATH, help="Keep the synthetic deliveries and the store in this folder.")
@click.option("--json", "form", flag_value="json", help="JSON, as docs/figures.schema.json describes.")
@with_language
def demo(out: Path | None, form: str | None, language: Any) -> None:
    """Make a synthetic register of VDAB 2017, load it, and answer written question 115."""
    import tempfile

    from uitstroom import recipes

    with tempfile.TemporaryDirectory() as scratch, Progress() as progress:
        published = recipes.demo(out or Path(scratch), progress)
    show(published, form, language, read_catalogue(None))
    if out:
        click.echo(f"\n{out / 'deliveries'}\n{out / 'store'}", err=True)


@click.command()
@click.argument("profile", default="vdab-2017")
@click.option("--out", type=PATH, required=True, help="Folder to write the deliveries in.")
@click.option("--seed", type=int, default=115, show_default=True, help="Another seed, another register.")
@click.option("--scale", type=click.FloatRange(0.01, 1000), default=1.0, show_default=True, help="Times the size.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True,
              help="Format of the delivered files.")  # fmt: skip
def synth(profile: str, out: Path, seed: int, scale: float, form: Any) -> None:
    """Write deliveries of a register that does not exist, calibrated to published totals."""
    from uitstroom.synth import write_delivery

    for delivery in write_delivery(profile, out, seed=seed, scale=scale, format=form):
        click.echo(delivery)
