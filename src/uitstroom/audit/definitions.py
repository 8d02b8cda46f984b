"""What holds between two definitions of outflow over one cohort: who is at work by one is at work by the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations

from uitstroom.audit.flows import Flows, Margin
from uitstroom.audit.sheet import Topic


@dataclass(frozen=True)
class Looked:
    """The parts of a topic of those at work, as `part` writes them."""

    topic: Topic

    @property
    def anchor(self) -> str:
        return self.topic.part[1]

    @property
    def who(self) -> str:
        return self.topic.part[2]

    @property
    def horizon(self) -> dict[str, str]:
        return _read(self.topic.part[3])

    @property
    def event(self) -> dict[str, str]:
        return _read(self.topic.part[4])

    @property
    def work_types(self) -> set[str]:
        return set(self.topic.part[5].split("+"))

    def part(self, box: str) -> Topic:
        return Topic(self.topic.root, (box, *self.topic.part[1:4]))


def tie_definitions(flows: Flows) -> None:
    """Every inequality between the numbers of two definitions, wherever both are printed."""
    places: dict[tuple[str, Margin], dict[tuple[str, ...], list[Looked]]] = defaultdict(lambda: defaultdict(list))
    for topic, form, margin in list(flows.listed):
        if topic.part[:1] == ("at work",):
            places[form, margin][topic.root].append(Looked(topic))
    for (form, margin), roots in places.items():
        for definitions in roots.values():
            for one, other in permutations(definitions, 2):
                if one.anchor == other.anchor and _within(one.who, other.who):
                    _tie(flows, one, other, form, margin)


def _tie(flows: Flows, one: Looked, other: Looked, form: str, margin: Margin) -> None:
    """Where `one` asks no less than `other`, of no more people."""
    same, sooner = one.horizon == other.horizon, _no_later(one.horizon, other.horizon)
    implied = one.work_types <= other.work_types and _implies(one.event, other.event, same, one.horizon)
    segments = set(flows.covered(one.topic, form, margin)) & set(flows.covered(other.topic, form, margin))
    for codes in flows.everywhere(one.topic, form, margin) | flows.everywhere(other.topic, form, margin):
        for segment in segments:

            def at(topic: Topic, codes: frozenset[tuple[str, str]] = codes, days: tuple[int, int] = segment) -> int:
                return flows.equations.unknown((topic, form, codes, days))

            if same:
                flows.equations.at_most([at(one.part("followed"))], [at(other.part("followed"))], "of more people")
            if implied and same:
                flows.equations.at_most([at(one.topic)], [at(other.topic)], "asks less")
            elif implied and sooner and one.who == other.who:
                left = [at(one.topic), at(one.part("not due"))]
                flows.equations.at_most(left, [at(other.topic), at(other.part("not due"))], "asks less, later")
            if sooner and not same and one.who == other.who:
                left, right = [at(one.part("not due"))], [at(other.part("not due"))]
                flows.equations.at_most(left, right, "due later")


def _within(one: str, other: str) -> bool:
    return one == other or (one == "completed" and other == "all")


def _implies(one: dict[str, str], other: dict[str, str], same: bool, horizon: dict[str, str]) -> bool:
    """Whether who meets `one` meets `other` too; `same` where both look at one day."""
    if any(key in other and key not in one for key in ("same_employer", "new")):
        return False
    if other.get("kind") == "within":
        return one.get("kind") == "within" or horizon != {"days": "0"}
    if not same or one.get("kind") == "within":
        return False
    return other.get("kind") == "on_the_day" or _sustains(one, other)


def _sustains(one: dict[str, str], other: dict[str, str]) -> bool:
    return one.get("kind") == other.get("kind") and int(one.get("days", 0)) >= int(other.get("days", 0))


def _no_later(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether the first horizon is never due after the second; a fixed day is not compared."""
    first, second = _days(one), _days(other)
    return first is not None and second is not None and (one == other or first[1] <= second[0])


def _days(horizon: dict[str, str]) -> tuple[int, int] | None:
    if "months" in horizon:
        return 28 * int(horizon["months"]), 31 * int(horizon["months"])
    return (int(horizon["days"]), int(horizon["days"])) if "days" in horizon else None


def _read(words: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in words.split(",") if part)
