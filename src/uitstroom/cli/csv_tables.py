"""The command `protect`: any table of leaf counts, with what would tell too much left out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from uitstroom.disclosure.leaf_table import LeafTable
    from uitstroom.disclosure.protection import Progress, Protection
    from uitstroom.disclosure.rule import Rule

FOUND = 4
"""The exit code of a run that finished and found cells that are not safe."""
PATH = click.Path(path_type=Path, exists=True, dir_okay=False)
ATTACKERS = click.Choice(["positive", "any"])


def _columns(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> list[list[str]]:
    for one in value:
        if "=" not in one:
            raise click.BadParameter("write name=coarse,…,fine, for example region=province,municipality")
    return [[column.strip() for column in one.partition("=")[2].split(",")] for one in value]


@click.command()
@click.argument("leaves", type=PATH)
@click.option("--count", required=True, metavar="COLUMN", help="The column that holds the counts.")
@click.option(
    "--hierarchy",
    "hierarchies",
    multiple=True,
    callback=_columns,
    metavar="NAME=COARSE,…,FINE",
    help="A dimension of several levels, each a column.",
)
@click.option("--dim", "dims", multiple=True, metavar="COLUMN", help="A dimension of one level.")
@click.option("--at-work", metavar="COLUMN", help="The column with those at work among the counts; rates are printed.")
@click.option("--policy", type=PATH, help="A disclosure policy (TOML); the options below come on top.")
@click.option("--threshold", type=click.IntRange(min=2), help="Hide 1 to one less than this.  [default: 4]")
@click.option(
    "--attacker", type=ATTACKERS, help="Whether a reader knows that hidden counts are 1 or more.  [default: positive]"
)
@click.option("--effort", type=click.IntRange(min=1), default=1, show_default=True, help="More hides less, slower.")
@click.option("--internal", is_flag=True, help="Tell primary from secondary: for inside the service only.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="CELLS.csv",
    help="Where the cells are written.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def protect(
    leaves: Path, count: str, hierarchies: list[list[str]], dims: tuple[str, ...], at_work: str | None,
    policy: Path | None, threshold: int | None, attacker: Any, effort: int, internal: bool, out: Path, as_json: bool,
) -> None:  # fmt: skip
    """Make every margin of the leaf counts in LEAVES, hide what would tell too much, and prove it.

    Counts only: magnitudes, dominance, p% and weights are not covered.

    Exit codes: 0 every cell is protected; 1 refused with nothing written; 4 some cells cannot be protected: they are
    listed, nothing stands at --out, and what was made stands beside it as CELLS.unsafe.csv, not to be published.
    """
    from uitstroom.disclosure.choices import choices
    from uitstroom.disclosure.leaf_table import read_leaves, write_cells
    from uitstroom.disclosure.protection import protect_cells

    if not hierarchies and not dims:
        raise click.UsageError("name at least one --hierarchy or --dim")
    table = read_leaves(leaves, count, hierarchies, dims, at_work)
    rule = _rule(policy, threshold, attacker)
    with _Counter() as progress:
        protection = protect_cells(table.cells(rule), effort, progress)
    place = out.with_name(f"{out.stem}.unsafe{out.suffix}") if protection.unprotectable else out
    write_cells(place, table, protection.hidden, protection.cells.sensitive if internal else None)
    summary = _summary(table, protection, rule)
    summary["choices"] = [vars(choice) for choice in choices(table, protection)]
    click.echo(json.dumps(summary) if as_json else _said(summary, place))
    if protection.unprotectable:
        sys.exit(FOUND)


def _rule(policy: Path | None, threshold: int | None, attacker: Any) -> Rule:
    from dataclasses import replace

    from uitstroom.disclosure.rule import Rule, read_policy

    rule = Rule.of(read_policy(policy)) if policy else Rule()
    rule = replace(rule, threshold=threshold) if threshold is not None else rule
    return replace(rule, attacker=attacker) if attacker else rule


def _summary(table: LeafTable, protection: Protection, rule: Rule) -> dict[str, Any]:
    printable = ~protection.cells.virtual
    return {
        "cells": int(printable.sum()),
        "sensitive": int(protection.cells.sensitive.sum()),
        "hidden": int(protection.hidden.sum()),
        "certified": int(protection.verdict.certified.sum()),
        "threshold": rule.threshold,
        "attacker": rule.attacker,
        "unprotectable": [table.name(cell) for cell in protection.unprotectable],
    }


def _said(summary: dict[str, Any], out: Path) -> str:
    lines = [
        f"{summary['cells']:,} cells, {summary['sensitive']:,} sensitive, {summary['hidden']:,} hidden, "
        f"{summary['certified']:,} certified against {summary['attacker']} readers; written to {out}"
    ]
    if summary["unprotectable"]:
        lines.append("Cannot be protected, so do not publish before you merged or dropped something:")
        lines += [f"  {name}" for name in summary["unprotectable"]]
        lines += [f"  choice: {choice['what']} ({choice['price']:,} cells)" for choice in summary["choices"]]
    return "\n".join(lines)


class _Counter:
    """Progress on standard error, when somebody watches it."""

    def __init__(self) -> None:
        self._stage = ""
        self._watched = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self._count

    def __exit__(self, *_: object) -> None:
        if self._stage and self._watched:
            click.echo("", err=True)

    def _count(self, stage: str, done: int, total: int) -> None:
        if self._watched and (done == total or done % 50 == 0):
            click.echo(f"\r{stage}: {done:,} of {total:,}   ", nl=False, err=True)
            self._stage = stage
