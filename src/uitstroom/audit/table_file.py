"""A table that anybody published as CSV: codes, and beside them counts, those at work, persons, and rates."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from uitstroom.audit.equations import OPEN
from uitstroom.audit.sheet import ALWAYS, SINGLE, Percentage, PrintedNumber, Sheet, Spot, Topic
from uitstroom.audit.stretches import Stretch, stretch_of
from uitstroom.errors import Problem, UitstroomError

TOTALS = frozenset({"*", "", "total", "totaal", "_t"})
HIDDEN = frozenset({"", "x", "-", "–", ".", "..", "...", "…", ":", "c", "*", "(c)", "hidden", "suppressed"})
ABSENT = frozenset({"n.v.t.", "nvt", "n.v.t", "n/a", "n.a.", "na", "niet van toepassing", "not applicable"})
PERIOD = "period"
_GROUPED = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f’])\d{3})(?:\1\d{3})*", re.ASCII)
_WHOLE = re.compile(r"\d+(?:[.,]0+)?", re.ASCII)
_BELOW = re.compile(r"(<|<=|≤)\s*(\d+)", re.ASCII)
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)", re.ASCII)


@dataclass(frozen=True)
class NumberColumns:
    """Which columns hold numbers, and which of the others are codes although they look like numbers, or are no codes.

    Columns whose name ends in `status` are skipped.
    """

    count: str = "value"
    at_work: str = "at_work"
    persons: str = "persons"
    rate: str = "rate"
    codes: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[str, str, str]:
        return self.count, self.at_work, self.persons

    def of_codes(self, names: Sequence[str]) -> list[str]:
        """The columns that are left: codes."""
        others = {*self.measures, self.rate, *self.ignored}
        return [name for name in names if name not in others and not name.endswith("status")]


@dataclass
class TablesReader:
    """Reads files that are known together: a cell with equal codes in two files is one cell."""

    columns: NumberColumns = field(default_factory=NumberColumns)
    attacker: str = "positive"
    sheet: Sheet = field(default_factory=lambda: Sheet(differences=False, whole=False))
    _printed: dict[Spot, tuple[int, str]] = field(default_factory=dict)

    def read(self, path: Path) -> None:
        """Add a file; raises `UitstroomError` with every cell that cannot be read, by line and column."""
        names, records = _records(path)
        codes = self._codes(path, names, records)
        fractions = self._fractions(path, records)
        problems: list[Problem] = []
        for line, record in enumerate(records, 2):
            where = f"{path}, line {line}"
            try:
                self._row(record, codes, names, fractions, where)
            except _UnreadableError as error:
                problems.append(Problem(error.what, f"{where}, {error.column}", error.todo))
        if problems:
            raise UitstroomError.of(problems)

    def _codes(self, path: Path, names: Sequence[str], records: Sequence[Mapping[str, str]]) -> list[str]:
        if not set(names) & {*self.columns.measures, self.columns.rate}:
            raise UitstroomError(f"there is no column {self.columns.count!r}", where=str(path), todo="name it: --count")
        codes = self.columns.of_codes(names)
        unclear = [
            name for name in codes
            if name not in (*self.columns.codes, PERIOD) and _looks_counted([record[name] or "" for record in records])
        ]  # fmt: skip
        if unclear:
            raise UitstroomError.of(
                [
                    Problem("this column holds numbers and no total: are they codes?", f"{path}, {name}",
                            f"say --code {name} if they are, --ignore {name} if they are not")
                    for name in unclear
                ]
            )  # fmt: skip
        return codes

    def _row(
        self, record: Mapping[str, str], codes: Sequence[str], names: Sequence[str], fractions: bool, where: str
    ) -> None:
        if any(value is None for value in record.values()):
            raise _UnreadableError("this row is too short", "the whole line")
        place, days = _place(record, codes)
        rate = self._rate(record, fractions) if self.columns.rate in names else None
        for measure in self.columns.measures:
            if measure in names and (found := _number(record[measure], measure)) is not None:
                self._add(measure, place, days, found, rate, where)
        spots = {measure: self._spot(measure, place, days) for measure in self.columns.measures}
        if {self.columns.count, self.columns.at_work} <= set(names):
            self.sheet.shares.append((spots[self.columns.at_work], spots[self.columns.count]))
        if {self.columns.count, self.columns.persons} <= set(names):
            self.sheet.shares.append((spots[self.columns.persons], spots[self.columns.count]))
        if rate is not None:
            printed, decimals = rate
            self._speaks(place, days, rate, where)
            above, below = spots[self.columns.at_work], spots[self.columns.count]
            self._check(above, below, rate)
            self.sheet.rates.append(Percentage((above,), (below,), printed, decimals, where))

    def _speaks(self, place: frozenset[tuple[str, str]], days: Stretch, rate: tuple[str, int], where: str) -> None:
        """A rate speaks of a numerator and a base, whether a column holds them or not."""
        for measure in (self.columns.count, self.columns.at_work):
            if self._spot(measure, place, days) not in {number.spot for number in self.sheet.entries[-2:]}:
                self._add(measure, place, days, (None, 0, OPEN), rate, where)

    def _spot(self, measure: str, place: frozenset[tuple[str, str]], days: Stretch) -> Spot:
        adds = measure != self.columns.persons
        return Spot(Topic(("", "", measure), (), adds), frozenset({SINGLE}), place, days)

    def _add(
        self, measure: str, place: frozenset[tuple[str, str]], days: Stretch, found: tuple[int | None, int, int],
        rate: tuple[str, int] | None, where: str,
    ) -> None:  # fmt: skip
        """A number, or a hidden one: known to be 1 or more, unless a rate of 0% says otherwise."""
        value, low, high = found
        spot = self._spot(measure, place, days)
        if value is not None:
            before = self._printed.setdefault(spot, (value, where))
            if before[0] != value:
                raise _UnreadableError(f"this cell was printed before with another value ({before[1]})", measure)
        floor = int(self.attacker == "positive")
        if measure == self.columns.at_work and rate is not None and Decimal(rate[0]) == 0:
            floor = 0
        self.sheet.entries.append(PrintedNumber(spot, value, max(low, floor), where, ceiling=high))

    def _fractions(self, path: Path, records: Sequence[Mapping[str, str]]) -> bool:
        """Whether the rates are fractions of 1 and no percentages: all from 0 to 1, and some in between."""
        texts = [(record.get(self.columns.rate) or "").strip() for record in records]
        rates = [rate for text in texts if (rate := _decimal(text)) is not None]
        if any("%" in text for text in texts) or not rates:
            return False
        if any(rate > 100 for rate in rates):
            raise UitstroomError("a rate is above 100", where=f"{path}, {self.columns.rate}", todo="give percentages")
        return max(rates) <= 1 and any(0 < rate < 1 for rate in rates)

    def _rate(self, record: Mapping[str, str], fractions: bool) -> tuple[str, int] | None:
        """The percentage as it is printed, and with how many decimals."""
        text = record[self.columns.rate].strip()
        if text.lower() in HIDDEN | ABSENT:
            return None
        rate = _decimal(text)
        if rate is None or rate < 0:
            raise _UnreadableError("this is no rate", self.columns.rate, "a rate is a percentage, such as 67 or 67,5%")
        percentage = rate.scaleb(2) if fractions else rate
        return str(percentage), max(0, -int(percentage.as_tuple().exponent))

    def _check(self, above: Spot, below: Spot, rate: tuple[str, int]) -> None:
        """A rate that does not fit the two numbers beside it was read wrongly."""
        if above in self._printed and below in self._printed and self._printed[below][0]:
            y, n = self._printed[above][0], self._printed[below][0]
            scale = 2 * 10 ** rate[1]
            middle = int(Decimal(rate[0]) * scale)
            if not (middle - 1) * n <= 100 * scale * y < (middle + 1) * n:
                todo = "rates are percentages of the column of counts, rounded half up"
                raise _UnreadableError("this rate does not fit the numbers beside it", self.columns.rate, todo)


class _UnreadableError(Exception):
    def __init__(self, what: str, column: str, todo: str | None = None) -> None:
        super().__init__(what)
        self.what, self.column, self.todo = what, column, todo


def _records(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            records = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UitstroomError("this file cannot be read as CSV in UTF-8", where=str(path)) from error
    if any(None in record for record in records):
        line = next(number for number, record in enumerate(records, 2) if None in record)
        raise UitstroomError("this row is longer than the first line", where=f"{path}, line {line}")
    return list(reader.fieldnames or []), records


def _place(record: Mapping[str, str], codes: Sequence[str]) -> tuple[frozenset[tuple[str, str]], Stretch]:
    """The codes of a row, without those that say total, and its days where it has a period."""
    given = {name: record[name].strip() for name in codes if record[name].strip().lower() not in TOTALS}
    if PERIOD in given:
        try:
            days = stretch_of(given[PERIOD])
        except ValueError:
            return frozenset(given.items()), ALWAYS
        del given[PERIOD]
        return frozenset(given.items()), days
    return frozenset(given.items()), ALWAYS


def _number(text: str, column: str) -> tuple[int | None, int, int] | None:
    """The number and the ends that are told of it where it is hidden; None where there is no cell."""
    bare = text.strip()
    if bare.lower() in ABSENT:
        return None
    if bare.lower() in HIDDEN or re.fullmatch(r"-\d+", bare, re.ASCII):
        return None, 0, OPEN
    if match := _BELOW.fullmatch(bare):
        return None, 0, int(match[2]) - (match[1] == "<")
    if match := _RANGE.fullmatch(bare):
        return None, int(match[1]), int(match[2])
    for value in _read(bare):
        return value, value, value
    todo = "write a whole number; x, - or nothing where it is hidden; n.v.t. where there is none"
    raise _UnreadableError("this is neither a count nor a sign that one is hidden", column, todo)


def _read(text: str) -> Iterator[int]:
    if match := _GROUPED.fullmatch(text):
        yield int(text.replace(match[1], ""))
    elif _WHOLE.fullmatch(text):
        yield int(re.split("[.,]", text)[0])


def _decimal(text: str) -> Decimal | None:
    try:
        rate = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return rate if rate.is_finite() else None


def _looks_counted(texts: Sequence[str]) -> bool:
    """Whether a column holds numbers only, and no sign of a total."""
    marks = {text.strip().lower() for text in texts}
    if marks & TOTALS:
        return False
    return bool(marks) and all(next(_read(mark), None) is not None or _decimal(mark) is not None for mark in marks)
