"""The ledger: what has been published, when, in which version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from uitstroom.cli.options import FOLDER, read_catalogue, with_catalogue, with_language, with_ledger


@click.group()
def ledger() -> None:
    """What has been published: an append-only list against which every later answer is protected."""


_NOTICE = click.option("--notice", metavar="TEXT", help="What is said of it, in the language of --lang.")
_AT = click.option(
    "--at", "moment_text", metavar="TIME",
    help="From when it is public: local time of the service, or with an offset. Until then it lies under a seal.",
)  # fmt: skip


@ledger.command("publish")
@click.argument("release", type=FOLDER)
@_AT
@_NOTICE
@with_ledger
@with_catalogue
@with_language
def publish(ledger_folder: Path, **options: Any) -> None:
    """Put a release on the ledger; its version follows from what changed."""
    _publish(ledger_folder, correction=False, **options)


@ledger.command("correct")
@click.argument("release", type=FOLDER)
@_AT
@click.option("--notice", metavar="TEXT", required=True, help="What was wrong, in the language of --lang.")
@with_ledger
@with_catalogue
@with_language
def correct(ledger_folder: Path, **options: Any) -> None:
    """Put a release on the ledger that replaces one that told wrong figures."""
    _publish(ledger_folder, correction=True, **options)


def _publish(
    ledger_folder: Path, *, release: Path, moment_text: str | None, notice: str | None, language: Any,
    catalogue_directory: Path | None, correction: bool,
) -> None:  # fmt: skip
    from uitstroom.ledger.moment import moment
    from uitstroom.ledger.publication import Publication
    from uitstroom.ledger.publication import publish as put

    known = read_catalogue(catalogue_directory)
    at = moment(moment_text, known.service.time_zone) if moment_text else None
    made = put(ledger_folder, Publication(release, at, {language: notice} if notice else {}, correction))
    said = known.word("ledger.sealed" if made.sealed else "ledger.published",
                      name=made.name, version=made.version, at=_told(made.at), folder=made.folder)  # fmt: skip
    click.echo(said.in_language(language))


@ledger.command("withdraw")
@click.argument("name")
@click.option("--version", "version", metavar="VERSION", help="Default: the newest.")
@click.option("--notice", metavar="TEXT", required=True, help="Why, in the language of --lang.")
@click.option("--disclosive", is_flag=True, help="It tells too much: take its files out of the ledger too.")
@with_ledger
@with_language
def withdraw(
    name: str, version: str | None, notice: str, *, disclosive: bool, ledger_folder: Path, language: Any
) -> None:
    """Say that a release no longer holds; entry, hash and reason stay."""
    from uitstroom.ledger.publication import withdraw as take

    entry = take(ledger_folder, name, version, {language: notice}, disclosive=disclosive)
    said = read_catalogue(None).word("ledger.withdrawn", name=name, number=str(entry.number))
    click.echo(said.in_language(language))


@ledger.command("open")
@with_ledger
@with_language
def open_command(ledger_folder: Path, language: Any) -> None:
    """Make public what was under embargo until now; every other command that writes does so too."""
    from uitstroom.ledger.publication import open_due

    opened = open_due(ledger_folder)
    known = read_catalogue(None)
    upcoming = opened.next_opening
    said = known.word("ledger.next", at=_told(upcoming)) if upcoming else known.word("ledger.none_sealed")
    click.echo(said.in_language(language))


@ledger.command("verify")
@with_ledger
@with_language
def verify(ledger_folder: Path, language: Any) -> None:
    """Hold every line, file and seal against its hash; exit code 1 where the ledger does not stand."""
    from uitstroom.ledger.proof import proved

    known, problems = read_catalogue(None), proved(ledger_folder)
    for problem in problems:
        click.echo(str(problem))
    click.echo(known.word("ledger.fails" if problems else "ledger.stands").in_language(language))
    raise SystemExit(1 if problems else 0)


@ledger.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@with_ledger
@with_language
def listing(ledger_folder: Path, language: Any, *, as_json: bool) -> None:
    """Every release with its version, from when it is public, and what became of it."""
    import json

    from uitstroom.ledger.ledger import Ledger

    releases = [_told_release(one, language) for one in Ledger.read(ledger_folder).releases]
    if as_json:
        click.echo(json.dumps(releases, ensure_ascii=False, indent=2))
        return
    for one in releases:
        click.echo("  ".join(str(one[key]) for key in ("at", "name", "version", "state", "notice") if one[key]))


def _told_release(release: Any, language: Any) -> dict[str, Any]:
    """A release as the list says it."""
    withdrawn = release.withdrawn
    state = "withdrawn" if withdrawn else "sealed" if release.sealed else release.entry.kind
    notices = (withdrawn or release.entry).notice
    return {
        "name": release.name,
        "version": release.version,
        "at": _told(release.at),
        "state": state,
        "entry": release.entry.number,
        "manifest": release.entry.manifest,
        "supersedes": release.entry.supersedes,
        "notice": notices.get(language) or next(iter(notices.values()), None),
    }


def _told(instant: Any) -> str:
    from uitstroom.ledger.entry import told

    return told(instant)
