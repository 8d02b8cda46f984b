"""All figures of a release together, as cells: one cell per number that could be printed, one row per tie.

A sum is a row when its parts are figures too and it holds: over the codes of a breakdown, over the instruments of a
group, over halves, quarters and months, over the boxes of maturity. A sum that does not hold (mixed units, parts left
out) is nothing that a reader could use. Earlier releases bring their cells: equal cells with equal numbers are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.cells import OPEN, Cells, Demand, Integers
from uitstroom.disclosure.published_files import finer
from uitstroom.disclosure.rule import Rule
from uitstroom.figures import BOXES, Figure, Table

Parents = Mapping[str, Mapping[str, tuple[str, str]]]
"""Per dimension and code, the dimension and code that it is a part of (municipality → province)."""
ZEROS_HIDDEN = "note.zeros_hidden"
"""The code of the note that tells a reader that a hidden number can be 0."""
_FOLLOWED, _AT_WORK, _NOT_AT_WORK = "followed", "at_work", "not_at_work"
_BOX_SUMS = (
    (_FOLLOWED, (_AT_WORK, _NOT_AT_WORK)),
    ("entrants", ("without_person", "not_ended", "not_counted", "not_due", _FOLLOWED)),
)


@dataclass(frozen=True, order=True)
class Name:
    """Which number: `topic` says what is counted and how, `who` the instrument or group, `box` the part of it."""

    topic: str
    box: str
    who: str
    period: str
    by: tuple[tuple[str, str], ...]

    def words(self) -> str:
        place = ", ".join(f"{dimension}={code}" for dimension, code in self.by)
        return f"{self.topic} ({self.box}) of {self.who} in {self.period}{', ' + place if place else ''}"


@dataclass(frozen=True)
class Released:
    """An earlier release: what was printed, and the same tables unprotected (they never leave the service).

    `zeros_hidden` where its notes say that a hidden number can be 0; elsewhere a reader knows that it cannot.
    """

    published: tuple[Table, ...]
    true: tuple[Table, ...]
    zeros_hidden: bool = False


@dataclass
class _Number:
    value: int
    additive: bool
    total: bool
    printed: bool = False
    public: bool = False
    derived: bool = False
    positive: bool = False


def numbers(figure: Figure) -> dict[Name, int]:
    """Every number that a figure prints, under its name; none where it holds no value."""
    named = {}
    if figure.kind == "count":
        if figure.status == "value" and figure.value is not None:
            named[_name(figure, "count")] = int(figure.value)
        return named
    if figure.status == "value" and figure.base is not None and figure.numerator is not None:
        named[_name(figure, _FOLLOWED)] = figure.base
        named[_name(figure, _AT_WORK)] = figure.numerator
    for box in BOXES if figure.maturity else ():
        count = getattr(figure.maturity, box)
        if count is not None:
            named.setdefault(_name(figure, box), count)
    return named


def _name(figure: Figure, box: str) -> Name:
    definition = f" by {figure.definition.name} {figure.definition.version}" if figure.definition else ""
    so_far = f" until {figure.provisional.isoformat()}" if figure.provisional else ""
    who = figure.instrument or f"group {figure.group}"
    topic = f"{figure.indicator}{definition}{so_far}"
    return Name(topic, box, who, figure.period.code, tuple(sorted(figure.by.items())))


@dataclass
class Linked:
    """The numbers of a release and of earlier ones; `place` finds the cell of a number as this release prints it."""

    rule: Rule
    parents: Parents = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)
    found: list[_Number] = field(default_factory=list)
    place: dict[Name, int] = field(default_factory=dict)
    _groups: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    _views: list[dict[Name, int]] = field(default_factory=list)
    _ties: dict[tuple[tuple[int, int], ...], tuple[int, int]] = field(default_factory=dict)
    _revisions: dict[tuple[Name, int], int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, tables: Sequence[Table], rule: Rule, earlier: Sequence[Released] = (), parents: Parents | None = None
    ) -> Linked:
        linked = cls(rule, parents or {})
        for release in earlier:
            view = linked._add(release.true)
            linked._mark_public(release.published)
            linked._mark_positive(view, release.zeros_hidden)
        linked.place = linked._add(tables)
        for place in linked.place.values():
            linked.found[place].printed = True
        linked._mark_positive(linked.place, rule.zeros == "hidden")
        return linked

    def _add(self, tables: Sequence[Table]) -> dict[Name, int]:
        view: dict[Name, int] = {}
        for table in tables:
            members = frozenset(figure.instrument for figure in table.figures if figure.instrument)
            self._groups.update((f"group {f.group}", members) for f in table.figures if f.instrument is None)
            for figure in table.figures:
                for name, value in numbers(figure).items():
                    view[name] = self._cell(figure, name, value)
                if figure.kind == "rate" and _name(figure, _FOLLOWED) in view:
                    self._complement(figure, view)
        self._views.append(view)
        return view

    def _cell(self, figure: Figure, name: Name, value: int, derived: bool = False) -> int:
        if (name, value) not in self._revisions:
            total = figure.instrument is None and not figure.by
            self._revisions[name, value] = len(self.names)
            self.names.append(name)
            self.found.append(_Number(value, figure.additive, total, derived=derived))
        place = self._revisions[name, value]
        self.found[place].derived &= derived
        return place

    def _complement(self, figure: Figure, view: dict[Name, int]) -> None:
        """Those not at work: sensitive like those at work, printed or not."""
        base, at_work, rest = (_name(figure, box) for box in (_FOLLOWED, _AT_WORK, _NOT_AT_WORK))
        if rest not in view and at_work in view:
            value = self.found[view[base]].value - self.found[view[at_work]].value
            view[rest] = self._cell(figure, rest, value, derived=True)

    def _mark_public(self, tables: Sequence[Table]) -> None:
        for table in tables:
            for figure in table.figures:
                for name, value in numbers(figure).items():
                    if (name, value) in self._revisions:
                        self.found[self._revisions[name, value]].public = True

    def _mark_positive(self, view: Mapping[Name, int], zeros_hidden: bool) -> None:
        """Where zeros are shown, a number that is not printed is known to be 1 or more."""
        for place in view.values() if not zeros_hidden else ():
            self.found[place].positive = True

    def cells(self) -> Cells:
        """The cells and rows that protection works on; a number that an earlier release printed stays printed."""
        self._tie_all()
        values = np.array([number.value for number in self.found], dtype=np.int64)
        derived = np.array([number.derived for number in self.found], dtype=bool)
        unprinted = np.array([not number.printed and not number.public for number in self.found], dtype=bool)
        virtual = derived | unprinted
        public = np.array([number.public for number in self.found], dtype=bool)
        group = self._group_disclosing()
        sensitive = (self.rule.sensitive(values) | group) & ~public
        positive = np.array([number.positive for number in self.found]) & (self.rule.attacker == "positive")
        floor = (positive & (values > 0) & ~derived & ~group).astype(np.int64)
        total = np.array([number.total for number in self.found], dtype=bool) & self.rule.keep_totals
        zero = (values == 0) & (self.rule.zeros == "shown") & ~unprinted
        fixed = public | (~sensitive & ~derived & (zero | total & ~virtual))
        demands = tuple(self.demand(cell, values, floor) for cell in np.flatnonzero(sensitive).tolist())
        weight = np.where(virtual, 0.0, self.rule.weight(values))
        rows, lower, upper = self._matrix()
        ceiling = np.full(len(values), OPEN, dtype=np.int64)
        around = Tied.of(rows)
        return Cells(values, rows, lower, upper, floor, ceiling, fixed, virtual, weight, demands, around)

    def demand(self, cell: int, values: Integers, floor: Integers) -> Demand:
        return self.rule.demand(cell, int(values[cell]), int(floor[cell]))

    def _group_disclosing(self) -> Integers:
        """Nobody or everybody at work, where the policy calls that a disclosure."""
        flags = np.zeros(len(self.found), dtype=bool)
        for view in self._views if self.rule.group == "hide" else ():
            for name, cell in view.items():
                base = view.get(Name(name.topic, _FOLLOWED, name.who, name.period, name.by))
                if name.box in (_AT_WORK, _NOT_AT_WORK) and base is not None and self.found[base].value > 0:
                    flags[cell] = self.found[cell].value == 0
        return flags

    def _matrix(self) -> tuple[sparse.csr_matrix, Integers, Integers]:
        entries = [(row, cell, by) for row, parts in enumerate(self._ties) for cell, by in parts]
        rows, cells, by = (np.array([entry[part] for entry in entries], dtype=np.int64) for part in range(3))
        matrix = sparse.csr_matrix((by, (rows, cells)), shape=(len(self._ties), len(self.names)))
        ends = np.array(list(self._ties.values()), dtype=np.int64).reshape(-1, 2)
        return matrix, ends[:, 0], ends[:, 1]

    def _tie_all(self) -> None:
        together = {name: cell for view in self._views for name, cell in view.items()}
        for view in self._views:
            seen = {**together, **view}
            for total, parts in _families(seen, self.parents, self._groups):
                additive = all(self.found[seen[name]].additive for name in (total, *parts)) or total.who == parts[0].who
                self._tie(seen[total], [seen[part] for part in parts], additive)
            for small, large in _no_more_than(seen):
                self._row({seen[small]: -1, seen[large]: 1}, 0, OPEN)
            for one, other in _the_same(seen):
                self._row({seen[one]: 1, seen[other]: -1}, 0, 0)

    def _tie(self, total: int, parts: Sequence[int], additive: bool) -> None:
        if additive:
            self._row({total: -1, **dict.fromkeys(parts, 1)}, 0, 0)
            return
        self._row({total: -1, **dict.fromkeys(parts, 1)}, 0, OPEN)
        for part in parts:
            self._row({total: 1, part: -1}, 0, OPEN)

    def _row(self, parts: Mapping[int, int], low: int, high: int) -> None:
        """Keep a row that holds in truth, or that parts fall short of their total; more is no knowledge."""
        total = sum(self.found[cell].value * by for cell, by in parts.items())
        if low <= total <= high:
            self._ties[tuple(sorted(parts.items()))] = (low, high)
        elif high == 0 and total < 0:
            self._ties[tuple(sorted(parts.items()))] = (-OPEN, 0)


@dataclass(frozen=True)
class Tied:
    """The surroundings of a linked cell: every cell that rows tie it to, directly or not."""

    label: Integers
    widest: int = 1

    @classmethod
    def of(cls, rows: sparse.csr_matrix) -> Tied:
        ties = abs(rows).T @ abs(rows)
        return cls(sparse.csgraph.connected_components(ties, directed=False)[1].astype(np.int64))

    def around(self, cell: int, _radius: int) -> tuple[object, Integers]:
        label = int(self.label[cell])
        return label, np.flatnonzero(self.label == label)


def _families(
    names: Iterable[Name], parents: Parents, groups: set[tuple[str, frozenset[str]]]
) -> Iterator[tuple[Name, list[Name]]]:
    """Every total with its parts, where both are there."""
    known = set(names)
    families: dict[tuple[Name, str], list[Name]] = defaultdict(list)
    for name in sorted(known):
        for item in name.by:
            families[_without(name, item), item[0]].append(name)
            if above := parents.get(item[0], {}).get(item[1]):
                families[_replaced(name, item, above), item[0]].append(name)
        for group, members in sorted(groups, key=lambda pair: (pair[0], sorted(pair[1]))):
            if name.who in members:
                total = Name(name.topic, name.box, group, name.period, name.by)
                families[total, f"{group} {sorted(members)}"].append(name)
    yield from ((total, parts) for (total, _), parts in families.items() if total in known)
    yield from _periods_and_boxes(known)


def _periods_and_boxes(known: set[Name]) -> Iterator[tuple[Name, list[Name]]]:
    for name in sorted(known):
        for codes in finer(name.period):
            parts = [Name(name.topic, name.box, name.who, code, name.by) for code in codes]
            if known.issuperset(parts):
                yield name, parts
        for box, boxes in _BOX_SUMS:
            parts = [Name(name.topic, part, name.who, name.period, name.by) for part in boxes]
            if name.box == box and known.issuperset(parts):
                yield name, parts


def _without(name: Name, item: tuple[str, str]) -> Name:
    return Name(name.topic, name.box, name.who, name.period, tuple(part for part in name.by if part != item))


def _replaced(name: Name, item: tuple[str, str], by: tuple[str, str]) -> Name:
    rest = tuple(part for part in name.by if part != item)
    return Name(name.topic, name.box, name.who, name.period, tuple(sorted((*rest, by))))


def _no_more_than(names: Iterable[Name]) -> Iterator[tuple[Name, Name]]:
    """Unique persons are no more than the actions they started."""
    known = set(names)
    for name in sorted(known):
        if name.topic.split()[0] == "persons":
            started = Name(name.topic.replace("persons", "started", 1), name.box, name.who, name.period, name.by)
            if started in known:
                yield name, started


def _the_same(names: Iterable[Name]) -> Iterator[tuple[Name, Name]]:
    """The entrants of a cohort are the actions that started or ended, where both are told."""
    known = sorted(set(names))
    counts = {(n.topic, n.who, n.period, n.by): n for n in known if n.box == "count"}
    for name in known:
        if name.box == "entrants":
            for topic in ("started", "ended"):
                if count := counts.get((topic, name.who, name.period, name.by)):
                    yield name, count
