"""The disclosure policy as the engine needs it: when a cell is sensitive, and what must then stay possible."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from uitstroom.catalogue.schema import DisclosurePolicy
from uitstroom.disclosure.cells import Demand, Flags, Integers, Numbers
from uitstroom.errors import Problem, UitstroomError
from uitstroom.toml import read_toml

Attacker = Literal["positive", "any"]


@dataclass(frozen=True)
class Rule:
    """Counts from 1 to `threshold` - 1 are sensitive; with `zeros` "shown" a zero is never hidden.

    An `attacker` who is "positive" knows that hidden counts are at least 1; with `group` "hide" a group in which all or
    none are at work is sensitive too. With `keep_totals` grand totals are never hidden, with `keep_forms` no undivided
    number of a form that is not small itself; without, they are dear. With `differences` "protect" a small number that
    follows from printed ones is sensitive although nobody prints it.
    """

    threshold: int = 4
    attacker: Attacker = "positive"
    group: Literal["hide", "show"] = "show"
    keep_totals: bool = True
    weights: Literal["logarithm", "equal"] = "logarithm"
    zeros: Literal["shown", "hidden"] = "shown"
    keep_forms: bool = False
    differences: Literal["protect", "show"] = "protect"
    shortest_list: int = 1
    """The fewest persons of a given list of whom a share is told."""

    @classmethod
    def of(cls, policy: DisclosurePolicy) -> Rule:
        """The rule that a catalogue's policy states."""
        keep, keep_forms = (name in policy.never_hide for name in ("grand_totals", "form_totals"))
        return cls(
            policy.threshold, policy.attacker, policy.group_disclosure, keep, policy.weights,
            keep_forms=keep_forms, differences=policy.differences, shortest_list=policy.shortest_list,
        )  # fmt: skip

    @property
    def least(self) -> int:
        """What a reader knows a hidden count to be at least."""
        return 1 if self.attacker == "positive" and self.zeros == "shown" else 0

    def sensitive(self, values: Integers) -> Flags:
        return (values > 0) & (values < self.threshold)

    def demand(self, cell: int, value: int, least: int) -> Demand:
        """What must stay possible for a sensitive `cell` that a reader knows to be `least` or more."""
        return Demand(cell, self.threshold, value - 1 if value - 1 >= least else None)

    def weight(self, values: Integers) -> Numbers:
        """The price of hiding each cell: 1 + log(1 + count), or 1."""
        return np.ones(len(values)) if self.weights == "equal" else 1 + np.log1p(values.clip(min=0))


def read_policy(path: Path) -> DisclosurePolicy:
    """The policy in a TOML file; raises `UitstroomError` on any unknown, missing or impossible setting."""
    content = read_toml(path)
    try:
        return DisclosurePolicy.model_validate(content)
    except ValidationError as error:
        problems = [_problem(path, part["loc"], part["type"]) for part in error.errors()]
        raise UitstroomError.of(problems) from None


def _problem(path: Path, key: tuple[int | str, ...], kind: str) -> Problem:
    name = ".".join(str(part) for part in key)
    what = {"missing": "this setting is missing", "extra_forbidden": "this setting is unknown"}
    known = ", ".join(DisclosurePolicy.model_fields)
    return Problem(what.get(kind, "this setting has an impossible value"), f"{path}, {name}", f"settings: {known}")
