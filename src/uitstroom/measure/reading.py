"""How the reference reads a register: which actions exist, and the chains they make (rule chain.one_action)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Band, Dimension, Version
from uitstroom.measure.tally import UNKNOWN, Known
from uitstroom.periods import Day, completed_months, completed_years


@dataclass(frozen=True)
class Action:
    """A row of the store's `action`; the columns of a service's own dimensions are in `extra`."""

    action_id: str
    instrument: str
    chain_id: str
    part: int = 1
    variant: str | None = None
    person_id: int | None = None
    linked: bool | None = None
    trajectory_id: str | None = None
    employer_id: str | None = None
    approved_on: Day | None = None
    planned_days: int | None = None
    start_date: Day | None = None
    planned_end_date: Day | None = None
    end_date: Day | None = None
    end_reason: str | None = None
    resumes: str | None = None
    frame: str | None = None
    sex: str | None = None
    birth_date: Day | None = None
    education: str | None = None
    municipality: str | None = None
    region: str | None = None
    origin: str | None = None
    disability: str | None = None
    unemployed_since: Day | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def column(self, name: str) -> object:
        return self.extra.get(name) if name in self.extra else getattr(self, name, None)


@dataclass(frozen=True)
class Spell:
    """A row of the store's `spell`."""

    spell_id: str
    person_id: int
    employer_id: str | None
    work_type: str
    start_date: Day
    end_date: Day | None


@dataclass(frozen=True)
class Part:
    """An action that exists, as far as it is known.

    `counted` is the day it counts on (start or approval); `start` is None where only an approval is known; `end` is
    None while it runs.
    """

    action: Action
    version: Version
    counted: Day
    start: Day | None
    end: Day | None
    planned_end: Day | None

    def runs_within(self, first: Day, last: Day) -> bool:
        """Whether it covers at least one of these days."""
        return self.start is not None and self.start <= last and (self.end is None or self.end >= first)


@dataclass(frozen=True)
class Unit:
    """A chain or a trajectory. `counted` is None where it is not an entrant, `end` while it runs."""

    unit_id: str
    parts: tuple[Part, ...]
    first: Part
    last: Part
    counted: Day | None
    start: Day | None
    end: Day | None
    employers: frozenset[str]

    @property
    def instrument(self) -> str:
        return self.first.action.instrument

    @property
    def person_id(self) -> int | None:
        return self.first.action.person_id

    @property
    def linked(self) -> bool:
        """Whether the person could be asked of the employment source; an empty field is yes."""
        return all(part.action.linked is not False for part in self.parts)

    @property
    def end_reason(self) -> str | None:
        return self.last.action.end_reason if self.end is not None else None


class Reader:
    """The chains and trajectories of a register, and their characteristics."""

    def __init__(self, catalogue: Catalogue, actions: Sequence[Action], known: Known) -> None:
        self._catalogue = catalogue
        self._actions = actions
        self._until = known.actions_until

    def units(self, unit: Literal["action", "trajectory"], instrument: str) -> list[Unit]:
        """The chains of an instrument, or the trajectories that contain it."""
        units = self.chains() if unit == "action" else self.trajectories()
        return [unit for unit in units if any(part.action.instrument == instrument for part in unit.parts)]

    def chains(self) -> list[Unit]:
        """Actions with what continues them: the start of the first part, the latest day that a part covers."""
        chains: dict[str, list[Part]] = defaultdict(list)
        for part in self._parts():
            chains[part.action.chain_id].append(part)
        return [_chain(sorted(parts, key=lambda part: part.action.part)) for parts in chains.values()]

    def trajectories(self) -> list[Unit]:
        """The actions of one trajectory and person; an action without a trajectory is one of its own, as its chain."""
        trajectories: dict[tuple[str | None, str | int | None], list[Part]] = defaultdict(list)
        for part in self._parts():
            action = part.action
            alone = action.trajectory_id is None
            trajectories[action.trajectory_id, action.chain_id if alone else action.person_id].append(part)
        return [_trajectory(parts) for parts in trajectories.values()]

    def characteristic(self, dimension: str, unit: Unit) -> str:
        """The code of a dimension for a unit, as at its start."""
        entry = self._catalogue.dimensions[dimension]
        if entry.kind == "reason":
            return "running" if unit.end is None else unit.end_reason or UNKNOWN
        if entry.kind == "variant":
            return unit.first.action.variant or "none"
        return self._code(entry, unit.first) or UNKNOWN

    def _parts(self) -> Iterator[Part]:
        for action in self._actions:
            part = self._part(action)
            if part is not None:
                yield part

    def _part(self, action: Action) -> Part | None:
        """The action as known, or None where it does not exist: undone, or not yet there."""
        instrument = self._catalogue.instruments[action.instrument]
        day = action.start_date or action.approved_on
        if day is None:
            return None
        version = instrument.nearest_version(day)
        approval = version.entrant == "approval"
        counted = action.approved_on if approval else action.start_date
        if counted is None or counted > self._until or self._undone(action, approval):
            return None
        start = self._known(action.start_date)
        end = self._known(action.end_date) if start else None
        later = action.end_date if action.end_date and action.end_date > self._until else None
        planned_end = action.planned_end_date or later
        return Part(action, instrument.nearest_version(counted), counted, start, end, planned_end)

    def _undone(self, action: Action, approval: bool) -> bool:
        """An approval stands although its action was withdrawn; only an error in the register undoes it."""
        if action.end_reason is None:
            return False
        reason = self._catalogue.end_reasons[action.end_reason]
        return reason.registered_in_error if approval else reason.kind == "never_happened"

    def _known(self, day: Day | None) -> Day | None:
        return day if day is not None and day <= self._until else None

    def _code(self, dimension: Dimension, part: Part) -> str | None:
        value = part.action.column(dimension.column) if dimension.column else None
        if dimension.kind == "band":
            return _band(dimension, value, part.counted) if isinstance(value, Day) else None
        if value is not None:
            return str(value)
        return self._parent(dimension, self._catalogue.dimensions[dimension.of], part) if dimension.of else None

    def _parent(self, dimension: Dimension, child: Dimension, part: Part) -> str | None:
        """The parent of the child's code; where the child's code names none, the code that it begins with."""
        code = self._code(child, part)
        if code is None:
            return None
        named = [entry.parent for entry in child.codes if entry.code == code and entry.parent is not None]
        begins = [
            entry.code for entry in dimension.codes if dimension.prefix and code[: dimension.prefix] == entry.code
        ]
        return next(iter(named + begins), None)


def key_order(key: str) -> tuple[int, str]:
    """Keys are put in order as text by code point, of whole numbers the shorter first.

    What begins below a digit 1 stands before the whole numbers, and everything else behind them, since an order by
    pairs would go round: 2, 10, 1a.
    """
    whole = key.isascii() and key.isdigit()
    return (0 if key < "1" else len(key) if whole else 1000), key


def _chain(parts: Sequence[Part]) -> Unit:
    first, last = parts[0], max(parts, key=lambda part: (part.end or Day.max, part.action.part))
    return Unit(
        unit_id=first.action.chain_id,
        parts=tuple(parts),
        first=first,
        last=last,
        counted=first.counted if first.action.resumes is None else None,
        start=first.start,
        end=None if any(part.end is None for part in parts) else last.end,
        employers=_employers([last]),
    )


def _trajectory(parts: Sequence[Part]) -> Unit:
    first = min(parts, key=lambda part: (part.start or Day.max, key_order(part.action.action_id)))
    last = max(parts, key=lambda part: (part.end or Day.max, part.start or Day.min, key_order(part.action.action_id)))
    return Unit(
        unit_id=first.action.trajectory_id or first.action.chain_id,
        parts=tuple(parts),
        first=first,
        last=last,
        counted=first.start if first.action.resumes is None else None,
        start=first.start,
        end=None if any(part.end is None for part in parts) else last.end,
        employers=_employers(parts),
    )


def _employers(parts: Iterable[Part]) -> frozenset[str]:
    return frozenset(part.action.employer_id for part in parts if part.action.employer_id is not None)


def _band(dimension: Dimension, since: Day, start: Day) -> str | None:
    length = completed_years(since, start) if dimension.unit == "years" else completed_months(since, start)
    return next((band.code for band in dimension.bands if _holds(band, length)), None)


def _holds(band: Band, length: int) -> bool:
    return (band.low is None or band.low <= length) and (band.high is None or length <= band.high)
