"""Which codes are parts of which, as published: municipalities of districts, districts of provinces."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

UNKNOWN = "unknown"
Codes = frozenset[tuple[str, str]]
"""Dimension and code, one of each dimension that a number is broken down by."""


@dataclass(frozen=True)
class Hierarchies:
    """Per dimension the dimension above it, and what a code is part of there.

    `delivered` are dimensions that a register may fill on its own: that their codes follow from those below is likely,
    not certain.
    """

    above: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prefixes: Mapping[str, tuple[int, frozenset[str]]] = field(default_factory=dict)
    delivered: frozenset[str] = frozenset()

    @classmethod
    def published(cls) -> Hierarchies:
        """Those of the code lists that come with the program."""
        lists = resources.files("uitstroom").joinpath("catalogue/data/vdab/dimensions.toml")
        return cls.of(tomllib.loads(lists.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, dimensions: Mapping[str, Mapping[str, Any]]) -> Hierarchies:
        """From dimensions as a catalogue's `dimensions.toml` states them."""
        above = {str(one["of"]): name for name, one in dimensions.items() if one.get("of")}
        parents = {
            name: {entry["code"]: entry["parent"] for entry in one.get("codes", ()) if entry.get("parent")}
            for name, one in dimensions.items()
        }
        prefixes = {
            str(one["of"]): (int(one["prefix"]), frozenset(entry["code"] for entry in one.get("codes", ())))
            for one in dimensions.values()
            if one.get("of") and one.get("prefix")
        }
        delivered = frozenset(name for name, one in dimensions.items() if one.get("of") and one.get("column"))
        return cls(above, parents, prefixes, delivered)

    def with_parents(self, parents: Mapping[str, Mapping[str, tuple[str, str]]]) -> Hierarchies:
        """These, with the code above each code as a release states it: dimension, code, (dimension above, code)."""
        above = {name: top for name, listed in parents.items() for top, _ in listed.values()}
        stated = {name: {code: pair[1] for code, pair in listed.items()} for name, listed in parents.items()}
        merged = {name: {**self.parents.get(name, {}), **stated.get(name, {})} for name in {*self.parents, *stated}}
        return replace(self, above={**self.above, **above}, parents=merged)

    def ancestors(self, dimension: str) -> list[str]:
        """The dimensions above, the nearest first."""
        found: list[str] = []
        while (dimension := self.above.get(dimension, "")) and dimension not in found:
            found.append(dimension)
        return found

    def code_above(self, dimension: str, code: str, top: str) -> str:
        """What a code is part of in the dimension `top`; UNKNOWN where the lists do not say."""
        while dimension != top:
            length, listed = self.prefixes.get(dimension, (0, frozenset()))
            begins = code[:length] if code[:length] in listed else UNKNOWN
            code, dimension = self.parents.get(dimension, {}).get(code, begins), self.above[dimension]
        return code

    def plain(self, codes: Codes) -> Codes | None:
        """The same people with no code beside its own part; None where nobody can carry both codes."""
        kept = dict(codes)
        for dimension, code in codes:
            for top in self.ancestors(dimension):
                certain = top in kept and top not in self.delivered
                if certain and kept.pop(top) != self.code_above(dimension, code, top):
                    return None
        return frozenset(kept.items())

    def finer(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether a breakdown by `one` adds up to a breakdown by `other`."""
        return all(name in one or any(name in self.ancestors(part) for part in one) for name in other)
