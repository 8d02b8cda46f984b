"""What a run must reach, and whether it did."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.contests import Measurement
from bench.made.size import SPELLS_PER_ACTION
from bench.tasks import AGAIN, DUCKDB, OURS, PANDAS, POLARS


@dataclass(frozen=True)
class Results:
    """The measurements of a run, of each the median over its repeats."""

    measurements: Sequence[Measurement]

    def of(self, task: str, tool: str, actions: int) -> Measurement | None:
        """The median by seconds; None when it was not run."""
        found = [one for one in self.measurements if (one.task, one.tool, one.actions) == (task, tool, actions)]
        middle = statistics.median_low(one.seconds for one in found) if found else None
        return next((one for one in found if one.seconds == middle), None)

    def seconds(self, task: str, tool: str, actions: int) -> float:
        """Of a median; `NotMeasuredError` when it was not run."""
        return self.need(task, tool, actions).seconds

    def need(self, task: str, tool: str, actions: int) -> Measurement:
        found = self.of(task, tool, actions)
        if found is None:
            raise NotMeasuredError
        return found

    @property
    def sizes(self) -> list[int]:
        return sorted({one.actions for one in self.measurements if one.task != "make csv"})


class NotMeasuredError(Exception):
    """A target asks for something that this run did not measure."""


@dataclass(frozen=True)
class Target:
    """`value` of a size must be at most (or at least) `limit`, at `actions` and, where `up`, at every larger size.

    Without `actions` nobody asks it: it is told for comparison.
    """

    words: str
    unit: str
    limit: float
    value: Callable[[Results, int], float]
    actions: int | None = None
    at_least: bool = False
    up: bool = False

    def asked_of(self, actions: int) -> bool:
        if self.actions is None:
            return False
        return actions >= self.actions if self.up else actions == self.actions


@dataclass(frozen=True)
class Verdict:
    """A target held against one size. `asked`: whether it is asked of this size."""

    target: Target
    actions: int
    value: float
    asked: bool

    @property
    def reached(self) -> bool:
        return self.value >= self.target.limit if self.target.at_least else self.value <= self.target.limit


def verdicts(results: Results) -> Iterator[Verdict]:
    """Every target that the run can judge, at each size; at other sizes than the one it is asked of for information."""
    for target in TARGETS:
        for actions in results.sizes:
            try:
                value = target.value(results, actions)
            except NotMeasuredError:
                continue
            yield Verdict(target, actions, value, target.asked_of(actions))


def _ratio(task: str, tool: str, *, times_faster: bool = False) -> Callable[[Results, int], float]:
    def value(results: Results, actions: int) -> float:
        ours, theirs = (results.seconds(task, each, actions) for each in (OURS, tool))
        return theirs / ours if times_faster else ours / theirs

    return value


def _growth(results: Results, actions: int) -> float:
    return results.seconds("outflow", OURS, actions) / results.seconds("outflow", OURS, actions // 10)


def _memory(task: str) -> Callable[[Results, int], float]:
    return lambda results, actions: results.need(task, OURS, actions).rss_mb / 1024


def _rows_per_second(task: str) -> Callable[[Results, int], float]:
    return lambda results, actions: (1 + SPELLS_PER_ACTION) * actions / 1e6 / results.seconds(task, OURS, actions)


def _horizons(results: Results, actions: int) -> float:
    one, many = (results.seconds(f"outflow, {what}", OURS, actions) for what in ("1 horizon", "24 horizons"))
    return many / one


def _slowest(tasks: Sequence[str]) -> Callable[[Results, int], float]:
    return lambda results, actions: max(results.seconds(task, OURS, actions) for task in tasks)


def _changed(results: Results, actions: int) -> float:
    full, changed = (
        sum(results.seconds(task, OURS, actions) for task in tasks)
        for tasks in (("load", "outflow"), ("load changes", "outflow after changes"))
    )
    return 100 * changed / full


_MILLION = 1_000_000
_PERSONS = [task for task in AGAIN if task.startswith("persons")]
_BREAKDOWNS = [task for task in AGAIN if task not in _PERSONS]
TARGETS = (
    Target("outflow, cold, against DuckDB by hand", "× its time", 1.0, _ratio("outflow", DUCKDB), 10 * _MILLION),
    Target("outflow, cold, against Polars", "× faster", 5, _ratio("outflow", POLARS, times_faster=True),
           10 * _MILLION, at_least=True),
    Target("outflow, cold, against DuckDB, pruned by hand", "× its time", 1.0, _ratio("outflow", f"{DUCKDB}, pruned")),
    Target("outflow, cold, against Polars, pruned by hand", "× faster", 5,
           _ratio("outflow", f"{POLARS}, pruned", times_faster=True), at_least=True),
    Target("outflow, cold, against pandas", "× faster", 5, _ratio("outflow", PANDAS, times_faster=True),
           _MILLION, at_least=True),
    Target("outflow, cold, against a tenth of the actions", "× the time", 15, _growth, 100 * _MILLION),
    Target("outflow, cold, against DuckDB by hand", "× faster", 4, _ratio("outflow", DUCKDB, times_faster=True),
           100 * _MILLION, at_least=True),
    Target("outflow, cold: memory", "GB", 3, _memory("outflow"), 100 * _MILLION),
    Target("24 horizons against one", "× the time", 2, _horizons, _MILLION, up=True),
    Target("slowest breakdown of counts and rates, kept", "s", 0.5, _slowest(_BREAKDOWNS), 10 * _MILLION),
    Target("distinct persons", "s", 3, _slowest(_PERSONS), 10 * _MILLION),
    Target("load of CSV", "M rows/s", 1, _rows_per_second("load CSV"), _MILLION, at_least=True, up=True),
    Target("load of Parquet", "M rows/s", 3, _rows_per_second("load"), _MILLION, at_least=True, up=True),
    Target("load of Parquet: memory", "GB", 4, _memory("load"), 100 * _MILLION),
    Target("changes of 1% against full load and measure", "% of its time", 10, _changed, _MILLION, up=True),
)  # fmt: skip
