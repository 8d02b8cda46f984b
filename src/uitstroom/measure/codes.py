"""The codes of dimensions in SQL: what a row must carry to be broken down, and the code that it then stands under.

A row carries what is small: the columns themselves, and bands, which compare days. Codes and their parents are found
after counting, over the few rows that are left, so that a municipality's region costs nothing per action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Dimension
from uitstroom.measure.dialect import listed
from uitstroom.measure.tally import UNKNOWN
from uitstroom.sql import literal

REASON = "reason"
"""The carried column of dimensions of kind `reason`; a unit has it from its last part, the others from its first."""


@dataclass(frozen=True)
class Codes:
    """`counted_on` is the SQL of the day on which a row of `action a` counts; bands are as at that day."""

    catalogue: Catalogue
    counted_on: str

    def carried(self, by: Sequence[str]) -> dict[str, str]:
        """Name and SQL over `action a` of the columns that the dimensions need of the first part."""
        columns: dict[str, str] = {}
        for code in by:
            self._carry(code, columns)
        return columns

    def of_reason(self, by: Sequence[str]) -> bool:
        """Whether a dimension asks for the reason of the end."""
        return any(self.catalogue.dimension(code).kind == "reason" for code in by)

    def names(self, by: Sequence[str]) -> list[str]:
        """Every column that a unit carries for these dimensions."""
        return [*self.carried(by), *([REASON] if self.of_reason(by) else [])]

    def found(self, by: Sequence[str], relation: str) -> str:
        """A relation with all of `relation`, and the codes of the dimensions as `by_1`, `by_2`, …

        A code within whose parent's expression it were written out would double the text at every level: each level of
        parents is a relation around the one below.
        """
        if not by:
            return relation
        source = relation
        for code in dict.fromkeys(child for asked in by for child in self._children(asked)):
            source = f"(select t.*, {self._code(code)} as {self._child(code)} from {source} t)"
        codes = ", ".join(f"{self._code(code)} as {name}" for name, code in zip(by_names(by), by, strict=True))
        return f"(select t.*, {codes} from {source} t)"

    def _carry(self, code: str, columns: dict[str, str]) -> None:
        dimension = self.catalogue.dimension(code)
        if dimension.kind == "variant":
            columns["column_variant"] = "a.variant"
        elif dimension.kind == "band":
            columns[f"band_{code}"] = self._band(dimension)
        elif dimension.kind != "reason":
            if dimension.column:
                columns[f"column_{dimension.column}"] = f"a.{dimension.column}"
            if dimension.of:
                self._carry(dimension.of, columns)

    def _code(self, code: str) -> str:
        """The code of a dimension for a row that carries what it needs, UNKNOWN where that is empty."""
        dimension = self.catalogue.dimension(code)
        if dimension.kind == "reason":
            return f"t.{REASON}"
        if dimension.kind == "variant":
            return "coalesce(t.column_variant, 'none')"
        if dimension.kind == "band":
            return f"t.band_{code}"
        column = f"t.column_{dimension.column}" if dimension.column else None
        parent = self._parent(dimension) if dimension.of else None
        return f"coalesce({', '.join(part for part in (column, parent, literal(UNKNOWN)) if part)})"

    def _parent(self, dimension: Dimension) -> str:
        of = str(dimension.of)
        child = f"t.{self._child(of)}"
        parents = {entry.code: entry.parent for entry in reversed(self.catalogue.dimension(of).codes) if entry.parent}
        whens = [
            f"when {child} in ({listed(code for code in parents if parents[code] == parent)}) then {literal(parent)}"
            for parent in sorted(set(parents.values()))
        ]
        if dimension.prefix:
            prefix = f"substr({child}, 1, {dimension.prefix})"
            whens.append(f"when {prefix} in ({listed(entry.code for entry in dimension.codes)}) then {prefix}")
        return f"case {' '.join(whens)} end" if whens else "cast(null as varchar(40))"

    def _children(self, code: str) -> list[str]:
        """The dimensions that a dimension's codes are found through, the deepest first."""
        of = self.catalogue.dimension(code).of
        return [*self._children(of), of] if of else []

    def _child(self, code: str) -> str:
        return f"code_{list(self.catalogue.dimensions).index(code)}"

    def _band(self, dimension: Dimension) -> str:
        """Compares days as the digits YYYYMMDD (years) or months and days, so that nothing is divided."""
        weight, digits = (10000, _year_digits) if dimension.unit == "years" else (100, _month_digits)
        passed = f"({digits(self.counted_on)} - {digits(f'a.{dimension.column}')})"
        whens = []
        for band in dimension.bands:
            low = f"{passed} >= {band.low * weight}" if band.low is not None else f"{passed} is not null"
            high = f" and {passed} < {(band.high + 1) * weight}" if band.high is not None else ""
            whens.append(f"when {low}{high} then {literal(band.code)}")
        return f"case {' '.join(whens)} else {literal(UNKNOWN)} end"


def by_names(by: Sequence[str]) -> list[str]:
    """The columns of the codes of these dimensions."""
    return [f"by_{number}" for number, _ in enumerate(by, 1)]


def _year_digits(day: str) -> str:
    return f"(extract(year from {day}) * 10000 + extract(month from {day}) * 100 + extract(day from {day}))"


def _month_digits(day: str) -> str:
    return f"((extract(year from {day}) * 12 + extract(month from {day})) * 100 + extract(day from {day}))"
