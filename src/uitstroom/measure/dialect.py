"""Values and days as SQL in the subset that DuckDB, PostgreSQL and Spark accept unchanged (parses as Trino)."""

from __future__ import annotations

from collections.abc import Iterable

from uitstroom.periods import Horizon
from uitstroom.sql import day_literal, literal


def listed(texts: Iterable[str]) -> str:
    """A list for `in`; where it is empty a text that is never a code, since `in ()` is no SQL and NULL would spread."""
    return ", ".join(literal(text) for text in texts) or "'-'"


def shifted(day: str, amount: int, unit: str) -> str:
    """A day moved by days or months; months clip to the month's end on every engine."""
    sign = "-" if amount < 0 else "+"
    return f"cast({day} {sign} interval '{abs(amount)}' {unit} as date)"


def due_day(anchor: str, horizon: Horizon) -> str:
    """The due day of an anchor column."""
    if horizon.on is not None:
        return f"case when {anchor} is not null then {day_literal(horizon.on)} end"
    if horizon.months is not None:
        return shifted(anchor, horizon.months, "month")
    return shifted(anchor, horizon.days or 0, "day")


def key_order(key: str, *, numbered: bool = False) -> tuple[str, ...]:
    """The columns by which keys are put in order: as text by code point, of whole numbers the shorter first.

    `numbered`: the key is stored as an integer. In SQL no comparison of two texts can be written into an order, so what
    begins below a digit 1 stands before the whole numbers, and everything else behind them.
    """
    if numbered:
        return (key,)
    text = f"cast({key} as varchar(200))"
    whole = f"translate({text}, '0123456789', '') = ''"
    return f"case when {text} < '1' then 0 when {whole} then length({text}) else 1000 end", text


def descending(columns: Iterable[str]) -> str:
    """An order by these columns, the greatest first."""
    return ", ".join(f"{column} desc" for column in columns)


def further(names: Iterable[str], table: str = "") -> str:
    """Columns that follow others in a list."""
    return "".join(f", {table}{name}" for name in names)
