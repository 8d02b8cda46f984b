"""Every margin of every level of a table of leaf counts, and the sums that tie them.

A table is a grid: one tree of nodes per dimension, node 0 its total. A cell is one node of each tree, numbered in the
order of a C array of the grid's shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import Integers

Path = tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """One dimension: its columns from coarse to fine, and its nodes, parents before children.

    A node is the path of codes that leads to it; `parent[node]` is its place in `nodes`, -1 for the total.
    """

    columns: tuple[str, ...]
    nodes: tuple[Path, ...]
    parent: Integers

    @classmethod
    def of(cls, columns: Sequence[str], leaves: Sequence[Path]) -> Tree:
        """The tree over `leaves` (each a path as long as `columns`)."""
        paths = {leaf[:depth] for leaf in set(leaves) for depth in range(len(columns) + 1)}
        nodes = tuple(sorted(paths, key=lambda path: (len(path), path)))
        place = {path: number for number, path in enumerate(nodes)}
        parent = [place[path[:-1]] if path else -1 for path in nodes]
        return cls(tuple(columns), nodes, np.array(parent, dtype=np.int64))

    @cached_property
    def place(self) -> dict[Path, int]:
        return {path: number for number, path in enumerate(self.nodes)}

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        below: list[list[int]] = [[] for _ in self.nodes]
        for node, parent in enumerate(self.parent.tolist()):
            if parent >= 0:
                below[parent].append(node)
        return tuple(map(tuple, below))

    def above(self, node: int) -> list[int]:
        """The node itself and everything it is part of, up to the total."""
        chain = [node]
        while (node := int(self.parent[node])) >= 0:
            chain.append(node)
        return chain

    def below(self, node: int) -> list[int]:
        """The node itself and everything that is part of it."""
        found = [node]
        for one in found:
            found.extend(self.children[one])
        return found

    def around(self, node: int, radius: int) -> Integers:
        """The node with what is above and below it, and the families of its `radius` nearest ancestors."""
        chain = self.above(node)
        tops = {child for parent in chain[1 : 1 + radius] for child in self.children[parent]} - set(chain[1:])
        below = {part for top in tops | {node} for part in self.below(top)}
        return np.array(sorted(below | set(chain)), dtype=np.int64)


@dataclass(frozen=True)
class Grid:
    """The cells of a table: the product of its trees."""

    trees: tuple[Tree, ...]
    _known: dict[tuple[int, int, int], Integers] = field(default_factory=dict, compare=False, repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(tree.nodes) for tree in self.trees)

    @property
    def count(self) -> int:
        return int(np.prod(self.shape))

    @property
    def widest(self) -> int:
        return max(len(tree.columns) for tree in self.trees)

    def around(self, cell: int, radius: int) -> tuple[object, Integers]:
        """The product of what lies around each of the cell's nodes."""
        nodes = np.unravel_index(cell, self.shape)
        parts = [self._nodes(place, int(node), radius) for place, node in enumerate(nodes)]
        key = tuple(part.tobytes() for part in parts)
        return key, np.ravel_multi_index(np.ix_(*parts), self.shape).ravel().astype(np.int64)

    def _nodes(self, place: int, node: int, radius: int) -> Integers:
        key = (place, node, radius)
        if key not in self._known:
            self._known[key] = self.trees[place].around(node, radius)
        return self._known[key]

    def margins(self, leaves: Sequence[Sequence[Path]], counts: Integers) -> Integers:
        """The value of every cell: `leaves` holds for each tree the path of each count."""
        whole = np.zeros(self.shape, dtype=np.int64)
        places = [[tree.place[path] for path in paths] for tree, paths in zip(self.trees, leaves, strict=True)]
        np.add.at(whole, tuple(np.array(place) for place in places), counts)
        for axis, tree in enumerate(self.trees):
            layers = np.moveaxis(whole, axis, 0)
            for node in range(len(tree.nodes) - 1, 0, -1):
                layers[tree.parent[node]] += layers[node]
        return whole.ravel()

    def sums(self) -> sparse.csr_matrix:
        """One row per cell that is a sum over a dimension: its parts minus itself."""
        ids = np.arange(self.count).reshape(self.shape)
        blocks = []
        for axis, tree in enumerate(self.trees):
            layers = np.moveaxis(ids, axis, 0).reshape(len(tree.nodes), -1)
            blocks += [_sums(layers, node, parts, self.count) for node, parts in enumerate(tree.children) if parts]
        return sparse.vstack(blocks, format="csr")


def _sums(layers: Integers, node: int, parts: Sequence[int], count: int) -> sparse.csr_matrix:
    width = layers.shape[1]
    columns = np.concatenate([layers[node], *(layers[part] for part in parts)])
    rows = np.tile(np.arange(width), 1 + len(parts))
    signs = np.concatenate([-np.ones(width, dtype=np.int64), np.ones(width * len(parts), dtype=np.int64)])
    return sparse.csr_matrix((signs, (rows, columns)), shape=(width, count))
