"""What a person can do about cells that no hiding protects, and what each choice costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from uitstroom.disclosure.leaf_table import LeafTable
from uitstroom.disclosure.protection import Protection

MOST = 20
"""Choices named in one report; more would not be read."""


@dataclass(frozen=True)
class Choice:
    """A way out, in words, and its price in cells that are then not printed."""

    what: str
    price: int


def choices(table: LeafTable, protection: Protection) -> list[Choice]:
    """Rows to merge, breakdowns to drop and totals to hide for the cells that cannot be protected, cheapest first."""
    if not protection.unprotectable:
        return []
    found = {choice for cell in protection.unprotectable for choice in _for_cell(table, protection, cell)}
    return sorted(found, key=lambda choice: (choice.price, choice.what))[:MOST]


def _for_cell(table: LeafTable, protection: Protection, cell: int) -> list[Choice]:
    nodes = [int(node) for node in np.unravel_index(cell, table.grid.shape)]
    found = []
    for axis, (names, node) in enumerate(zip(table.dimensions, nodes, strict=False)):
        tree = table.grid.trees[axis]
        layer = protection.cells.count // len(tree.nodes)
        if node == 0:
            continue
        siblings = [other for other in tree.children[int(tree.parent[node])] if other != node]
        if siblings:
            smallest = min(siblings, key=lambda other: (_size(table, axis, other), other))
            what = f"merge {_path(table, axis, node)} with {_path(table, axis, smallest)}"
            found.append(Choice(what, layer * len(tree.below(smallest))))
        depth = len(tree.nodes[node])
        dropped = sum(len(path) >= depth for path in tree.nodes)
        found.append(Choice(f"drop the breakdown by {names[depth - 1]}", layer * dropped))
    return [*found, *_totals(table, protection, cell, nodes)]


def _totals(table: LeafTable, protection: Protection, cell: int, nodes: list[int]) -> list[Choice]:
    parents = []
    for axis, node in enumerate(nodes[: len(table.dimensions)]):
        above = list(nodes)
        above[axis] = max(0, int(table.grid.trees[axis].parent[node]))
        parents.append(int(np.ravel_multi_index(above, table.grid.shape)))
    kept = {parent for parent in parents if parent != cell and protection.cells.fixed[parent]}
    return [Choice(f"hide the total {table.name(parent)}", 1) for parent in sorted(kept)]


def _size(table: LeafTable, axis: int, node: int) -> int:
    place = [0] * len(table.grid.shape)
    place[axis] = node
    return int(table.values[np.ravel_multi_index(place, table.grid.shape)])


def _path(table: LeafTable, axis: int, node: int) -> str:
    names, path = table.dimensions[axis], table.grid.trees[axis].nodes[node]
    return f"{names[len(path) - 1]}={path[-1]}"
