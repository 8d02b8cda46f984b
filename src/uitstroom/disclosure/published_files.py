"""Tables that somebody published, with hidden cells, read as a reader would: cells, and the equations between them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from uitstroom.disclosure.attack import Published, intervals
from uitstroom.disclosure.cells import OPEN
from uitstroom.disclosure.protection import Progress
from uitstroom.disclosure.rates import rate_bounds
from uitstroom.errors import UitstroomError

TOTALS = frozenset({"*", "", "total", "totaal", "_t"})
Place = frozenset[tuple[str, str]]
Key = tuple[Place, str]


@dataclass(frozen=True)
class Columns:
    """Which columns hold numbers; columns whose name ends in `status` are skipped, the others are codes."""

    count: str = "value"
    at_work: str = "at_work"
    persons: str = "persons"
    rate: str = "rate"

    @property
    def measures(self) -> tuple[str, str, str]:
        return self.count, self.at_work, self.persons


@dataclass
class PublishedTables:
    """Everything printed in some files together: a cell with the same codes in two files is one cell."""

    columns: Columns = field(default_factory=Columns)
    numbers: dict[Key, int | None] = field(default_factory=dict)
    rates: dict[Place, Decimal] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)

    def read(self, path: Path) -> None:
        """Add a file; raises `UitstroomError` where it is no such table or contradicts an earlier one."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                names, records = list(reader.fieldnames or []), list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UitstroomError("this file cannot be read as CSV in UTF-8", where=str(path)) from error
        if not set(names) & {*self.columns.measures, self.columns.rate}:
            raise UitstroomError(f"there is no column {self.columns.count!r}", where=str(path), todo="name it: --count")
        skipped = {*self.columns.measures, self.columns.rate}
        codes = [name for name in names if name not in skipped and not name.endswith("status")]
        for line, record in enumerate(records, 2):
            self._add(record, codes, names, f"{path}, line {line}")

    def _add(self, record: dict[str, str], codes: Sequence[str], names: Sequence[str], where: str) -> None:
        if any(value is None for value in record.values()):
            raise UitstroomError("this row is too short", where=where)
        place = frozenset((name, record[name]) for name in codes if record[name].strip().lower() not in TOTALS)
        for measure in self.columns.measures:
            if measure in names:
                self._number(place, measure, _number(record[measure]), where)
        if (rate := _rate(record.get(self.columns.rate, ""))) is not None:
            self.rates[place] = rate

    def _number(self, place: Place, measure: str, number: int | None, where: str) -> None:
        before = self.numbers.get((place, measure))
        if before is not None and number is not None and before != number:
            raise UitstroomError("this cell was printed before with another value", where=where)
        self.numbers[place, measure] = before if number is None else number

    def published(self, least: int) -> Published:
        """The cells as a reader has them who knows that a hidden count is at least `least`."""
        self._complete()
        self.ties = [*self._sums(), *self._shares(), *self._rate_ties()]
        place = {key: number for number, key in enumerate(self.numbers)}
        values = np.array([number or 0 for number in self.numbers.values()], dtype=np.int64)
        unknown = np.array([number is None for number in self.numbers.values()], dtype=bool)
        entries = [(row, place[key], by) for row, tie in enumerate(self.ties) for key, by in tie.parts]
        rows, cells, by = (np.array(part, dtype=np.int64) for part in zip(*entries, strict=True)) if entries else _NONE
        matrix = sparse.csr_matrix((by, (rows, cells)), shape=(len(self.ties), len(values)))
        ends = [np.array([getattr(tie, end) for tie in self.ties], dtype=np.int64) for end in ("low", "high")]
        floor = np.full(len(values), least, dtype=np.int64)
        return Published(values, unknown, matrix, ends[0], ends[1], floor, np.full(len(values), OPEN, dtype=np.int64))

    def _complete(self) -> None:
        """A rate speaks of a numerator and a base, printed or not."""
        for place in self.rates:
            self.numbers.setdefault((place, self.columns.count), None)
            self.numbers.setdefault((place, self.columns.at_work), None)

    def _sums(self) -> Iterable[Tie]:
        parts: dict[tuple[Key, str], list[Key]] = defaultdict(list)
        for place, measure in self.numbers:
            for item in place:
                parts[(place - {item}, measure), item[0]].append((place, measure))
        for (total, column), family in sorted(parts.items(), key=lambda pair: _order(*pair[0])):
            if total in self.numbers and column != "period":
                tied = self._persons if total[1] == self.columns.persons else self._sum
                yield from tied(total, family)
        yield from self._periods()

    def _sum(self, total: Key, family: Sequence[Key]) -> Iterable[Tie]:
        """The sum, unless it is printed whole and does not hold: then the parts are not all there."""
        numbers = [self.numbers[key] for key in (total, *family)]
        if None in numbers or sum(number or 0 for number in numbers[1:]) == numbers[0]:
            yield Tie("sum", ((total, -1), *((part, 1) for part in family)), 0, 0)

    def _persons(self, total: Key, family: Sequence[Key]) -> Iterable[Tie]:
        """Unique persons: no more than the parts together, no less than any one part."""
        yield Tie("persons", ((total, -1), *((part, 1) for part in family)), 0, OPEN)
        yield from (Tie("persons", ((total, 1), (part, -1)), 0, OPEN) for part in family)

    def _periods(self) -> Iterable[Tie]:
        for place, measure in self.numbers:
            code = dict(place).get("period", "")
            rest = place - {("period", code)}
            for codes in finer(code) if measure != self.columns.persons else []:
                parts = [(rest | {("period", part)}, measure) for part in codes]
                if all(part in self.numbers for part in parts):
                    yield from self._sum((place, measure), parts)

    def _shares(self) -> Iterable[Tie]:
        for place, measure in self.numbers:
            base = (place, self.columns.count)
            if measure != self.columns.count and base in self.numbers:
                yield Tie("share", ((base, 1), ((place, measure), -1)), 0, OPEN)

    def _rate_ties(self) -> Iterable[Tie]:
        for place, rate in self.rates.items():
            decimals = max(0, -int(rate.as_tuple().exponent))
            least, most = rate_bounds(rate, decimals)
            keys = (place, self.columns.at_work), (place, self.columns.count)
            yield Tie("rate", tuple(zip(keys, least, strict=True)), 0, OPEN)
            yield Tie("rate", tuple(zip(keys, most, strict=True)), -OPEN, -1)

    def audited(self, least: int, threshold: int, progress: Progress) -> list[Finding]:
        """Every hidden cell with what a reader can say of it; `UitstroomError` where the tables contradict."""
        published = self.published(least)
        keys, total = list(self.numbers), int(published.unknown.sum())
        found = []
        try:
            for done, interval in enumerate(intervals(published)):
                rows = tuple(self.words(row) for row in interval.rows)
                found.append(Finding(keys[interval.cell], interval.low, interval.high, rows, threshold))
                progress("audit", done + 1, total)
        except ValueError as error:
            raise UitstroomError(str(error), todo="check that the rows of each total are all in the files") from None
        return sorted(found, key=lambda finding: (not finding.unsafe, _order(finding.key, "")))

    def words(self, row: int) -> str:
        """One tie in words, with what is printed in it."""
        tie = self.ties[row]
        if tie.kind == "rate":
            return f"the rate {self.rates[tie.parts[0][0][0]]}% of {named(tie.parts[1][0])}"
        if tie.kind == "share":
            return f"{self._said(tie.parts[1][0])} is at most {self._said(tie.parts[0][0])}"
        (first, sign), *others = tie.parts
        joined = " + ".join(self._said(key) for key, _ in others)
        if tie.kind == "sum":
            return f"{self._said(first)} = {joined}"
        return f"{self._said(first)} is at {'most' if sign < 0 else 'least'} {joined}"

    def _said(self, key: Key) -> str:
        number = self.numbers[key]
        return f"{named(key)} [{'hidden' if number is None else number}]"


@dataclass(frozen=True)
class Tie:
    """A row: the cells with their multipliers, and the ends between which their sum lies."""

    kind: str
    parts: tuple[tuple[Key, int], ...]
    low: int
    high: int


@dataclass(frozen=True)
class Finding:
    """What a reader can say of one hidden cell, and the equations that say it."""

    key: Key
    low: int | None
    high: int | None
    because: tuple[str, ...]
    threshold: int

    @property
    def unsafe(self) -> bool:
        """It can be computed, is known to be small (or none), or takes fewer than `threshold` values."""
        if self.high is None or self.low is None:
            return False
        return self.high < self.threshold or self.high - self.low + 1 < self.threshold

    def words(self) -> str:
        value = f"= {self.low}" if self.low == self.high else f"between {self.low} and {_end(self.high)}"
        return "\n    ".join([f"{named(self.key)} {value}, because", *(self.because or ("counts are not negative",))])

    def as_json(self) -> dict[str, object]:
        place, measure = self.key
        return {
            "codes": dict(sorted(place)),
            "measure": measure,
            "low": self.low,
            "high": self.high,
            "unsafe": self.unsafe,
            "because": list(self.because),
        }


def _end(high: int | None) -> str:
    return "any number" if high is None else str(high)


_NONE = (np.zeros(0, dtype=np.int64),) * 3


def named(key: Key) -> str:
    """A cell in words: its codes, or `total`, and what is counted."""
    place, measure = key
    return f"{measure} of {', '.join(f'{name}={code}' for name, code in sorted(place)) or 'total'}"


def _order(key: Key, column: str) -> tuple[list[tuple[str, str]], str, str]:
    return sorted(key[0]), key[1], column


def _number(text: str) -> int | None:
    """The number printed, None for any sign of a hidden cell: blank, x, -, two dots, a negative code."""
    bare = text.strip().replace("\u00a0", "")
    return int(bare) if bare.isascii() and bare.isdigit() else None


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return rate if 0 <= rate <= 100 else None


def finer(code: str) -> list[list[str]]:
    """The ways in which a period is cut into halves, quarters or months."""
    year, _, part = code.partition("-")
    if not (year.isdigit() and len(year) == 4):
        return []
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    quarters = [f"{year}-Q{number}" for number in range(1, 5)]
    if not part:
        return [[f"{year}-S1", f"{year}-S2"], quarters, months]
    number = int(part[1:]) if part[1:].isdigit() else 0
    if part[0] == "S":
        return [quarters[2 * number - 2 : 2 * number], months[6 * number - 6 : 6 * number]]
    return [months[3 * number - 3 : 3 * number]] if part[0] == "Q" else []
