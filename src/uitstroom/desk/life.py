"""The life of an action: what its acts make of it. Nothing here knows a database.

An act tells what happened (`Told`); a life is what all of them come to, in order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Version
from uitstroom.periods import Day

FACTS = frozenset(
    {"instrument", "variant", "linked", "employer_id", "trajectory_id", "approved_on", "planned_days", "start_date",
     "planned_end_date", "end_date", "end_reason", "frame", "parts", "contents", "persons"}
)  # fmt: skip
"""What an act says of the action itself; all else is of a person, or free text, and can be erased."""
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One act: its kind, the day that it is about, and what it says."""

    kind: str
    on: Day | None = None
    values: Values = field(default_factory=dict)
    role: str = ""
    known_on: Day = Day.min


@dataclass(frozen=True)
class Part:
    """The days of an action between a start, or a resumption, and an interruption or the end; all days included."""

    start: Day
    planned_end: Day | None = None
    end: Day | None = None
    end_reason: str | None = None
    employer: int | None = None


@dataclass(frozen=True)
class Life:
    """What the acts of one action come to."""

    state: str | None = None
    sequence: int = 0
    values: Values = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    end_reason: str | None = None

    @property
    def instrument(self) -> str:
        return str(self.values.get("instrument", ""))

    @property
    def counted_on(self) -> Day | None:
        """The day that says which version of the instrument applies: the start, else the approval."""
        return self.start or self.values.get("approved_on")

    @property
    def start(self) -> Day | None:
        return self.parts[0].start if self.parts else self.values.get("start_date")

    @property
    def end(self) -> Day | None:
        """The last day, of a life that has one."""
        return self.parts[-1].end if self.parts else None

    @property
    def planned_end(self) -> Day | None:
        return self.parts[-1].planned_end if self.parts else self.values.get("planned_end_date")

    @property
    def employer(self) -> int | None:
        return self.parts[-1].employer if self.parts else self.values.get("employer_id")


def lived(acts: Iterable[Told]) -> Life:
    """The life that acts make, in order."""
    life = Life()
    for act in acts:
        life = after(life, act)
    return life


def after(life: Life, act: Told) -> Life:
    """The life with one act more."""
    return replace(_AFTER[act.kind](life, act), sequence=life.sequence + 1)


def _said(state: str) -> Callable[[Life, Told], Life]:
    return lambda life, act: replace(life, state=state, values={**life.values, **act.values})


def _approved(life: Life, act: Told) -> Life:
    values = {**life.values, **act.values, "approved_on": act.on}
    return replace(life, state="approved", values=values)


def _started(life: Life, act: Told) -> Life:
    values = {**life.values, **act.values, "start_date": act.on}
    part = Part(_day(act), values.get("planned_end_date"), employer=values.get("employer_id"))
    return replace(life, state="running", values=values, parts=(part,))


def _resumed(life: Life, act: Told) -> Life:
    before = life.parts[-1]
    part = Part(
        _day(act), act.values.get("planned_end_date", before.planned_end),
        employer=act.values.get("employer_id", before.employer),
    )  # fmt: skip
    return replace(life, state="running", parts=(*life.parts, part), end_reason=None)


def _stopped(state: str) -> Callable[[Life, Told], Life]:
    def stopped(life: Life, act: Told) -> Life:
        reason = act.values.get("end_reason")
        last = tuple(replace(part, end=act.on, end_reason=reason) for part in life.parts[-1:])
        return replace(life, state=state, parts=(*life.parts[:-1], *last), end_reason=reason)

    return stopped


def _never(state: str, reason: str) -> Callable[[Life, Told], Life]:
    return lambda life, act: replace(life, state=state, end_reason=reason)


def _corrected(life: Life, act: Told) -> Life:
    """Values that are told replace those that stood; parts that are told replace all parts."""
    values = {**life.values, **{key: value for key, value in act.values.items() if key != "parts"}}
    told = act.values.get("parts")
    parts = life.parts if told is None else tuple(Part(*one) for one in told)
    reason = parts[-1].end_reason if told else life.end_reason
    if parts and told is None:
        first = replace(parts[0], start=values.get("start_date") or parts[0].start)
        parts = (first, *parts[1:])
    if parts:
        values["start_date"] = parts[0].start
    return replace(life, values=values, parts=parts, end_reason=reason)


def _day(act: Told) -> Day:
    if act.on is None:
        raise ValueError(act.kind)
    return act.on


_AFTER: dict[str, Callable[[Life, Told], Life]] = {
    "proposed": _said("proposed"),
    "registered": _said("registered"),
    "approved": _approved,
    "refused": lambda life, act: replace(life, state="refused"),
    "started": _started,
    "interrupted": _stopped("interrupted"),
    "resumed": _resumed,
    "ended": _stopped("ended"),
    "corrected": _corrected,
    "cancelled": _never("cancelled", "cancelled"),
    "registered_in_error": _never("erroneous", "registered_in_error"),
}


def next_kinds(life: Life, version: Version, *, needs_approval: bool) -> tuple[str, ...]:
    """What may be done to a life now, whoever does it."""
    plan_alone = version.entrant == "approval"
    after_registration = "approved" if needs_approval or plan_alone else "started"
    allowed: dict[str | None, tuple[str, ...]] = {
        None: ("proposed", "registered"),
        "proposed": ("registered", "refused", "corrected", "cancelled"),
        "registered": (after_registration, *(("refused",) if after_registration == "approved" else ()),
                       "corrected", "cancelled", "registered_in_error"),
        "approved": (("ended",) if plan_alone else ("started", "cancelled")) + ("corrected", "registered_in_error"),
        "running": ("interrupted", "ended", "corrected", "registered_in_error"),
        "interrupted": ("resumed", "ended", "corrected", "registered_in_error"),
        "ended": ("corrected", "registered_in_error"),
        "cancelled": ("registered_in_error",),
    }  # fmt: skip
    return allowed.get(life.state, ())


def rows(number: str, life: Life, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """The rows that a delivery holds of a life; none of what was only proposed, registered or refused."""
    common = {key: value for key, value in life.values.items() if key not in ("start_date", "planned_end_date")}
    never = life.end_reason if life.state in ("cancelled", "erroneous") else None
    if life.parts:
        yield from _parts(number, life, common, never)
    elif life.values.get("approved_on") and catalogue.instrument(life.instrument).versions[0].entrant == "approval":
        yield {**common, "action_id": number, "end_reason": life.end_reason}
    elif never:
        planned = {key: life.values.get(key) for key in ("start_date", "planned_end_date")}
        yield {**common, **planned, "action_id": number, "end_reason": never}


def _parts(number: str, life: Life, common: Values, never: str | None) -> Iterator[dict[str, Any]]:
    names = [number if place == 1 else f"{number}.{place}" for place in range(1, len(life.parts) + 1)]
    for place, part in enumerate(life.parts):
        yield {
            **common, "action_id": names[place], "employer_id": part.employer, "start_date": part.start,
            "planned_end_date": part.planned_end, "end_date": part.end, "end_reason": never or part.end_reason,
            "resumes": names[place - 1] if place and not never else None,
        }  # fmt: skip


def written(values: Values) -> str:
    """Values as text that is always the same for the same values."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_day)


def read(text: str) -> dict[str, Any]:
    """What `written` wrote."""
    found: dict[str, Any] = json.loads(text, object_hook=_from_day)
    return found


def _as_day(value: object) -> object:
    if isinstance(value, Day):
        return {"day": value.isoformat()}
    if isinstance(value, Part):
        return [value.start, value.planned_end, value.end, value.end_reason, value.employer]
    raise TypeError(type(value))


def _from_day(found: dict[str, Any]) -> Any:
    return Day.fromisoformat(found["day"]) if found.keys() == {"day"} else found
