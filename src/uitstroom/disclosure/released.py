"""What was published before, as a ledger keeps it: the true numbers with their quantities, and which of them are known.

It is made once, from the tables of a release before and after protection, and read back from JSON ever after: a later
release is protected against it without measuring anything again. It is as secret as the tables themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from uitstroom.disclosure.quantity import Line, Number, Parents, Quantity, line_json, line_of, numbers
from uitstroom.errors import UitstroomError
from uitstroom.figures import Figure, Table
from uitstroom.periods import Day

State = Literal["public", "hidden", "virtual"]
STATES: tuple[State, ...] = ("public", "hidden", "virtual")
"""Printed (or a row left out, which is a printed 0); not printed; never printed, but computed by whoever can."""


@dataclass(frozen=True)
class ReleasedNumber:
    """A true number of a release and what became of it."""

    quantity: Quantity
    value: int
    state: State


@dataclass(frozen=True)
class Released:
    """A release as later ones are protected against it.

    `snapshot` is what it was made from; `zeros_hidden` whether its notes say that a hidden number can be 0; `lists`
    the persons of each list it was asked of; `name` is said where it stands in the way.
    """

    snapshot: str
    numbers: tuple[ReleasedNumber, ...]
    parents: Parents = field(default_factory=dict)
    zeros_hidden: bool = False
    lists: frozenset[frozenset[int]] = frozenset()
    name: str = ""

    @classmethod
    def of(
        cls,
        published: Sequence[Table],
        true: Sequence[Table],
        parents: Parents | None = None,
        zeros_hidden: bool = False,
        name: str = "",
    ) -> Released:
        """A release from its tables as printed and the same tables, figure by figure, unprotected."""
        above = parents or {}
        states: dict[tuple[Quantity, int], State] = {}
        for table, shown in zip(true, published, strict=True):
            for number in numbers(table, above):
                state = _state(number, shown.figures[number.figure])
                key = number.quantity, number.value
                states[key] = min(states.get(key, state), state, key=STATES.index)
        told = tuple(ReleasedNumber(quantity, value, state) for (quantity, value), state in sorted(states.items()))
        lists = frozenset(f.population.members for table in true for f in table.figures if f.population)
        return cls(true[0].scope.snapshot if true else "", told, above, zeros_hidden, lists, name)

    def as_json(self) -> dict[str, Any]:
        """For `json.dumps`: lines with the days, value and state of each of their numbers."""
        lines: dict[Line, list[list[Any]]] = defaultdict(list)
        for number in self.numbers:
            days = number.quantity.first.isoformat(), number.quantity.last.isoformat()
            lines[number.quantity.line].append([*days, number.value, number.state])
        return {
            "snapshot": self.snapshot,
            "zeros_hidden": self.zeros_hidden,
            "parents": {name: {code: list(above) for code, above in codes.items()}
                        for name, codes in self.parents.items()},
            "lists": sorted(sorted(persons) for persons in self.lists),
            "lines": [{**line_json(line), "numbers": told} for line, told in lines.items()],
        }  # fmt: skip

    @classmethod
    def from_json(cls, content: Mapping[str, Any], name: str = "") -> Released:
        """The release that `as_json` gave; `UitstroomError` where it is none."""
        try:
            told = tuple(_number(line_of(line), one) for line in content["lines"] for one in line["numbers"])
            parents = {
                dimension: {code: (str(above[0]), str(above[1])) for code, above in codes.items()}
                for dimension, codes in content["parents"].items()
            }
            lists = frozenset(frozenset(map(int, persons)) for persons in content["lists"])
            return cls(str(content["snapshot"]), told, parents, bool(content["zeros_hidden"]), lists, name)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            raise UitstroomError(
                "the internal part of this release cannot be read", where=name,
                todo="take it from its archive again: without it nothing can be protected against this release",
            ) from None  # fmt: skip


def _number(line: Line, told: Sequence[Any]) -> ReleasedNumber:
    first, last, value, state = told
    if state not in STATES:
        raise ValueError(state)
    return ReleasedNumber(Quantity(line, Day.fromisoformat(first), Day.fromisoformat(last)), int(value), state)


def _state(number: Number, shown: Figure) -> State:
    """What became of a number in the figure that was printed."""
    if number.place == "zero":
        return "public"
    if number.place == "rest":
        return "virtual"
    told: object = getattr(shown, number.place, None)
    if number.place not in ("value", "numerator", "base"):
        told = getattr(shown.maturity, number.place, None)
    return "hidden" if told is None else "public"
