"""What was asked, resolved against the catalogue: which instruments, which versions, which codes, which breaks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, combinations, product

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Dated, Dimension, Instrument, Member, Version
from uitstroom.errors import UsageError
from uitstroom.figures import Break, Scope
from uitstroom.indicators import INDICATORS
from uitstroom.measure.tally import UNKNOWN, Engine
from uitstroom.periods import Day, Period
from uitstroom.registers.population import PersonList
from uitstroom.text import Text


@dataclass(frozen=True)
class Question:
    """One table: an indicator for periods (a series where there are several), broken down by at most two dimensions.

    `instruments` None asks for the `group` (None: the service's own). `definition` None takes what the catalogue says
    for each instrument. `so_far` gives incomplete figures as provisional; `regardless_of_purpose` measures outflow
    even where the catalogue says that the question does not apply. `population` (for the indicator `reach`)
    is the list of persons of whom it is asked which share each form reached. `curve` (the indicator `outflow`)
    is the month after the anchor at which is looked instead of the definition's horizon, and the last month that will
    be asked so.
    """

    indicator: str
    periods: tuple[Period, ...]
    by: tuple[str, ...] = ()
    instruments: tuple[str, ...] | None = None
    group: str | None = None
    definition: str | None = None
    so_far: bool = False
    regardless_of_purpose: bool = False
    population: PersonList | None = None
    curve: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.indicator not in INDICATORS:
            raise UsageError(
                f"there is no indicator {self.indicator!r}", todo=f"choose one or more of {', '.join(INDICATORS)}"
            )
        if INDICATORS[self.indicator].of_list != (self.population is not None):
            raise UsageError("reach is asked of a population, and only reach", todo="give the list of persons")
        if len(self.by) > 2 or len(set(self.by)) < len(self.by):
            raise UsageError("a table has at most two breakdowns, each once", where="--by")
        if self.curve and self.indicator != "outflow":
            raise UsageError("only outflow has a curve", where="--curve", todo="leave --curve out")
        if self.regardless_of_purpose and self.definition is None:
            raise UsageError(
                "regardless of purpose all is measured by one definition", where="--regardless-of-purpose",
                todo="name it with --definition",
            )  # fmt: skip
        if not self.periods:
            raise UsageError("no period is asked for", todo="give --period, for example --period 2017-S1")


def month_by_month(question: Question, months: int) -> tuple[Question, ...]:
    """The question asked of each month after the anchor, from 1 to `months`."""
    return tuple(replace(question, curve=(month, months)) for month in range(1, months + 1))


@dataclass(frozen=True)
class Setting:
    """Where a question is answered: an engine over one snapshot, the catalogue, and the scope that figures carry."""

    engine: Engine
    catalogue: Catalogue
    scope: Scope

    @property
    def actions_from(self) -> Day:
        return self._complete("action")[0]

    @property
    def actions_until(self) -> Day:
        return self._complete("action")[1]

    @property
    def spells_from(self) -> Day:
        return self._complete("spell")[0]

    @property
    def spells_until(self) -> Day:
        return self._complete("spell")[1]

    def lacks(self, *tables: str) -> list[str]:
        """Those of these tables that no delivery held yet: nothing can be said that needs them."""
        return [table for table in tables if table not in self.scope.complete]

    def _complete(self, table: str) -> tuple[Day, Day]:
        """The first and the last complete day; of a table that was never delivered no day is known."""
        return self.scope.complete.get(table, (Day.min, Day.min))


@dataclass(frozen=True)
class Asked:
    """The instruments asked for, in table order, and under which name they are taken together.

    Of a group all that are ever its members: those that are none in the periods stay only where they were counted.
    """

    instruments: tuple[Instrument, ...]
    group: str | None
    by: tuple[str, ...]
    membership: tuple[Member, ...]
    codes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", tuple(instrument.code for instrument in self.instruments))

    def outside(self, instrument: Instrument, periods: Sequence[Period]) -> bool:
        """Whether an instrument is no member of the group in any of these periods."""
        own = [member for member in self.membership if member.instrument == instrument.code]
        return bool(self.membership) and not any(one.overlaps(period) for one in own for period in periods)

    def without(self, instruments: Container[str]) -> Asked:
        """The same, asked of the other instruments."""
        return replace(self, instruments=tuple(one for one in self.instruments if one.code not in instruments))

    def members_on(self, day: Day) -> tuple[str, ...]:
        """The codes that a total adds on a day: of a group its members of that day, else all that were asked for."""
        inside = {member.instrument for member in self.membership if member.valid_on(day)}
        return tuple(code for code in self.codes if code in inside) if self.membership else self.codes


def asked(question: Question, catalogue: Catalogue) -> Asked:
    """Resolve the instruments and dimensions of a question; an unknown one is a `UsageError`."""
    by = question.by or catalogue.indicator(question.indicator).by
    for code in by:
        dimension = catalogue.dimension(code)
        if dimension.kind == "reason" and not INDICATORS[question.indicator].by_reason:
            able = " or ".join(one.code for one in INDICATORS.values() if one.by_reason)
            raise UsageError(
                f"{question.indicator} cannot be broken down by {code}: only an end has a reason",
                where="--by",
                todo=f"ask it of the indicators {able}",
            )
    if question.instruments is not None:
        codes = tuple(dict.fromkeys(question.instruments))
        return Asked(tuple(catalogue.instrument(code) for code in codes), "+".join(codes), tuple(by), ())
    group = question.group or catalogue.service.default_group
    members = dict.fromkeys(catalogue.instrument(member.instrument) for member in catalogue.group(group).members)
    order = {code: place for place, code in enumerate(catalogue.group(group).table_order)}
    ordered = sorted(members, key=lambda one: order.get(one.code, len(order)))
    return Asked(tuple(ordered), group, tuple(by), catalogue.group(group).members)


def version_in(instrument: Instrument, period: Period) -> Version:
    """The version that measures a period: the one valid on its last day, else the nearest (rule version.break)."""
    return instrument.nearest_version(period.last)


def records_dimension(version: Version, code: str, catalogue: Catalogue) -> bool:
    """Whether a version records what a dimension is made from."""
    dimension = catalogue.dimension(code)
    if dimension.kind == "variant":
        return True
    if dimension.kind == "reason":
        return "end_reason" in version.records
    column = column_of(dimension, catalogue)
    return column in version.records if column in _RECORDED else version.characteristics


_RECORDED = {"employer_id", "frame", "trajectory_id"}


def column_of(dimension: Dimension, catalogue: Catalogue) -> str | None:
    """The delivered column that a dimension is made from, through its children."""
    return dimension.column or (column_of(catalogue.dimension(dimension.of), catalogue) if dimension.of else None)


def margins(by: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every subset of the breakdowns, the total first."""
    return chain.from_iterable(combinations(by, size) for size in range(len(by) + 1))


def codes_of(
    code: str,
    catalogue: Catalogue,
    instruments: Iterable[Instrument],
    periods: Sequence[Period],
    found: Iterable[str],
) -> list[str]:
    """The codes of a dimension that are valid in the periods, in the catalogue's order, then those found beside them;
    `unknown` only where found."""
    dimension = catalogue.dimension(code)
    found = set(found)
    entries: list[tuple[str, Dated]] = [(entry.code, entry) for entry in dimension.codes if not dimension.open]
    if dimension.kind == "variant":
        entries = [(one.code, one) for instrument in instruments for one in instrument.variants]
    if dimension.kind == "reason":
        entries = [(key, one) for key, one in catalogue.end_reasons.items() if one.kind != "never_happened"]
    if dimension.column == "frame" and not dimension.codes:
        entries = list(catalogue.frames.items())
    listed = ["none"] * (dimension.kind == "variant") + [band.code for band in dimension.bands]
    listed += [key for key, entry in entries if any(entry.overlaps(period) for period in periods)]
    rest = sorted(found - set(listed) - {UNKNOWN})
    return [*dict.fromkeys(listed), *rest, *([UNKNOWN] if UNKNOWN in found else [])]


def cells(
    by: Sequence[str],
    catalogue: Catalogue,
    instruments: Sequence[Instrument],
    periods: Sequence[Period],
    found: Iterable[tuple[str, ...]],
) -> list[dict[str, str]]:
    """Every combination of codes of a margin `by`: the cells that a table shows, empty ones included."""
    columns = list(zip(*found, strict=True)) or [()] * len(by)
    choices = [
        codes_of(code, catalogue, instruments, periods, column) for code, column in zip(by, columns, strict=True)
    ]
    return [dict(zip(by, combination, strict=True)) for combination in product(*choices)]


def break_of(instrument: Instrument, period: Period, previous: Period | None) -> Break | None:
    """The two versions between which a figure cannot simply be compared (rule version.break)."""
    here = version_in(instrument, period)
    for day in (period.first, previous.last if previous else None):
        there = instrument.version_on(day) if day else None
        if there is not None and there is not here:
            return Break(_named(instrument, there), _named(instrument, here))
    return None


def _named(instrument: Instrument, version: Version) -> str:
    return f"{instrument.code}@{version.valid_from or date.min}"


def not_existing(instrument: Instrument, period: Period, catalogue: Catalogue) -> Text:
    """Why an instrument has no figure for a period in which it did not exist, naming what came before or after it."""
    first, last = instrument.versions[0].valid_from, instrument.versions[-1].valid_until
    name = instrument.short_name
    if first and period.last < first:
        others = [catalogue.instrument(code).short_name for code in instrument.predecessors]
        reason = catalogue.word("reason.not_yet_there", instrument=name, day=first)
        return reason + (catalogue.word("reason.predecessor", instruments=_listing(others)) if others else Text())
    others = [catalogue.instrument(code).short_name for code in instrument.successors]
    reason = catalogue.word("reason.no_longer_there", instrument=name, day=last or period.first)
    return reason + (catalogue.word("reason.successor", instruments=_listing(others)) if others else Text())


def _listing(texts: Iterable[Text]) -> Text:
    from uitstroom.text import listing

    return listing(texts)
