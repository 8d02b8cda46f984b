"""What the program knows: the catalogue and the contract of deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import DAY, FOLDER, read_catalogue, with_catalogue, with_language


@click.group()
def catalogue() -> None:
    """The instruments, definitions and words that the figures are made by."""


@catalogue.command("list")
@with_catalogue
@with_language
def catalogue_list(catalogue_directory: Path | None, language: Any) -> None:
    """All instruments, dimensions and definitions."""
    from uitstroom.catalogue.pages import listing

    click.echo(listing(read_catalogue(catalogue_directory), language))


@catalogue.command("show")
@click.argument("code")
@click.option("--on", type=DAY, help="Only the version valid on this day.")
@with_catalogue
@with_language
def catalogue_show(code: str, on: Any, catalogue_directory: Path | None, language: Any) -> None:
    """An instrument: what it is, its versions, rules, sources, and how its outflow is measured."""
    from uitstroom.catalogue.pages import instrument_page

    known = read_catalogue(catalogue_directory)
    click.echo(instrument_page(known, known.instrument(code), on, language))


@catalogue.command("check")
@click.argument("directory", type=FOLDER)
def catalogue_check(directory: Path) -> None:
    """Report every mistake in a folder of catalogue files at once."""
    known = read_catalogue(directory)
    click.echo(f"{directory}: in order; {len(known.instruments)} instruments, fingerprint {known.fingerprint[:12]}")


@click.command()
@click.option("--json", "as_schema", is_flag=True, help="As Frictionless Table Schemas.")
@with_catalogue
@with_language
def contract(as_schema: bool, catalogue_directory: Path | None, language: Any) -> None:
    """The tables and columns of a delivery: type, meaning, allowed values."""
    from uitstroom.registers.contract_page import contract_page, table_schemas

    known = read_catalogue(catalogue_directory)
    click.echo(table_schemas(known) if as_schema else contract_page(known, language))
