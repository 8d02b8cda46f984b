"""The command `audit`: what a stranger can work out from a release, or from tables that anybody published."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from uitstroom.errors import UitstroomError

if TYPE_CHECKING:
    from uitstroom.audit import Look
    from uitstroom.audit.look import Seen

FOUND = 4
"""The exit code of a run that finished and found numbers that are not safe."""
PATH = click.Path(path_type=Path, exists=True)
WORDS = {
    "exact": "exact",
    "narrow": "too narrow",
    "undecided": "undecided",
    "printed": "a small number is printed",
    "safe": "safe",
}
ATTACKERS = click.Choice(["positive", "any"])


@click.command()
@click.argument("published", nargs=-1, required=True, type=PATH, metavar="RELEASE|FILE…")
@click.option("--count", default="value", show_default=True, metavar="COLUMN", help="CSV: the column of counts.")
@click.option("--at-work", default="at_work", show_default=True, metavar="COLUMN", help="CSV: those at work of them.")
@click.option("--persons", default="persons", show_default=True, metavar="COLUMN", help="CSV: unique persons.")
@click.option("--rate", default="rate", show_default=True, metavar="COLUMN", help="CSV: percentages, rounded half up.")
@click.option("--code", "codes", multiple=True, metavar="COLUMN", help="CSV: a column of numbers that are codes.")
@click.option("--ignore", "ignored", multiple=True, metavar="COLUMN", help="CSV: a column that is neither.")
@click.option("--threshold", type=click.IntRange(min=2), default=4, show_default=True, help="What counts as few.")
@click.option(
    "--attacker",
    type=ATTACKERS,
    default="positive",
    show_default=True,
    help="Whether a reader knows that hidden counts are 1 or more.",
)
@click.option("--all", "everything", is_flag=True, help="List every hidden number with both ends, also the safe ones.")
@click.option("--json", "as_json", is_flag=True, help="Print every hidden number with both ends as JSON.")
def audit(
    published: tuple[Path, ...], count: str, at_work: str, persons: str, rate: str, codes: tuple[str, ...],
    ignored: tuple[str, ...], threshold: int, attacker: Any, everything: bool, as_json: bool,
) -> None:  # fmt: skip
    """Look at what is published as a stranger does: which hidden numbers can be computed or bounded.

    Give release folders, or CSV files with codes per row (`*`, blank or `total` where summed over) and numbers; several
    are known together. In a CSV file a number that is blank, `x`, `-`, `…` or negative is hidden, `<5` or `1-4` is
    hidden within bounds, `n.v.t.` is no number. Counts only: magnitudes, dominance, p% and weights are not looked at.

    Exit codes: 0 every hidden number is safe; 4 some are exact (one value is left), too narrow (the upper end lies
    below the threshold) or undecided, or a small number is printed; 1 the files cannot be read, or contradict.
    """
    from uitstroom.audit import Terms, look_at_release, look_at_tables
    from uitstroom.audit.table_file import NumberColumns

    terms = Terms(threshold, everything or as_json)
    folders = [path for path in published if path.is_dir()]
    if folders and len(folders) < len(published):
        raise click.UsageError("give release folders or CSV files, not both")
    with click.progressbar(length=100, label="audit", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(max(0, 100 * done // max(total, 1) - bar.pos))

        if folders:
            look = look_at_release(folders, terms, attacker, progress)
        else:
            columns = NumberColumns(count, at_work, persons, rate, codes, ignored)
            look = look_at_tables(published, columns, terms, attacker, progress)
    if look.contradiction:
        raise UitstroomError(look.contradiction, todo="check that the rows of each total are all there")
    click.echo(json.dumps(_body(look), ensure_ascii=False) if as_json else "\n".join(_lines(look)))
    if not look.safe:
        sys.exit(FOUND)


def _body(look: Look) -> dict[str, Any]:
    counts = {verdict: _count(look, verdict) for verdict in ("printed", "exact", "narrow", "undecided")}
    return {
        "hidden": look.hidden,
        "unsafe": len(look.unsafe),
        **counts,
        "cells": [_cell(one) for one in look.seen if one.verdict != "printed"],
        "printed_cells": [_cell(one) for one in look.seen if one.verdict == "printed"],
    }


def _cell(one: Seen) -> dict[str, Any]:
    return {
        "number": one.what,
        "place": one.place,
        "codes": {**dict(sorted(one.spot.codes)), **_period(one)},
        "measure": one.spot.topic.root[2],
        "verdict": one.verdict,
        "unsafe": not one.safe,
        "low": one.low,
        "high": one.high,
        "because": list(one.because),
    }


def _period(one: Seen) -> dict[str, str]:
    from uitstroom.audit.sheet import ALWAYS
    from uitstroom.audit.stretches import words_of

    return {} if one.spot.days == ALWAYS else {"period": words_of(one.spot.days)}


def _count(look: Look, verdict: str) -> int:
    return sum(one.verdict == verdict for one in look.seen)


def _lines(look: Look) -> list[str]:
    """A line of totals, then every number that is not safe with what gives it away."""
    counts = {verdict: _count(look, verdict) for verdict in ("exact", "narrow", "undecided", "printed")}
    lines = [
        f"{look.hidden:,} hidden numbers: {counts['exact']:,} exact, {counts['narrow']:,} too narrow, "
        f"undecided: {counts['undecided']:,}; {counts['printed']:,} small numbers printed"
    ]
    for one in look.seen:
        ends = "" if one.verdict == "undecided" else _ends(one)
        because = ", because" if one.because else ""
        lines += [f"{WORDS[one.verdict]}: {one.what}{ends}{because}", *(f"    {row}" for row in one.because)]
    return lines


def _ends(one: Seen) -> str:
    if one.low == one.high:
        return f" = {one.low}"
    return f" from {one.low} to {'any number' if one.high is None else one.high}"
