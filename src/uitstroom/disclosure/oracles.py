"""Shares of a given list of persons: whoever makes the list must not learn who on it is known (rule count.reach)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.figures import Figure, Population, Table
from uitstroom.text import Text


def without_oracles(
    tables: Sequence[Table], rule: Rule, reason: Text, earlier: Sequence[Released]
) -> tuple[Table, ...]:
    """The tables with every share withheld whose list is short, of whom few are known, or that is nearly another list
    asked of here or before: always for one and the same reason, the same as where a share itself is withheld."""
    here = {figure.population.members for table in tables for figure in table.figures if figure.population}
    asked = here.union(*(release.lists for release in earlier))

    def told(figure: Figure) -> Figure:
        listed = figure.population
        return _withheld(figure, reason) if listed and _refused(listed, rule, asked) else figure

    return tuple(replace(table, figures=tuple(map(told, table.figures))) for table in tables)


def _refused(listed: Population, rule: Rule, asked: Iterable[frozenset[int]]) -> bool:
    short = min(listed.persons, listed.known) < max(rule.shortest_list, rule.threshold)
    return short or any(0 < len(listed.members ^ other) < rule.threshold for other in asked)


def _withheld(figure: Figure, reason: Text) -> Figure:
    if figure.status in ("not_possible", "not_yet_known"):
        return figure
    return replace(figure, status="suppressed", value=None, numerator=None, base=None, bounds=None, reason=reason)
