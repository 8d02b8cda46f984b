"""From delivered values to typed ones, in SQL: each column with `bad_<column>`, whether what was delivered is no such
value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from uitstroom.registers.contract import Column
from uitstroom.registers.delivery import Manifest
from uitstroom.registers.pseudonyms import valid_number
from uitstroom.sql import identifier

Kind = Literal["text", "integer", "day", "yes_no", "absent"]
"""What a file holds in a column, as far as it matters here; everything without a kind of its own is a text."""

_YES = "('true', 't', '1', 'yes', 'y', 'ja', 'j')"
_NO = "('false', 'f', '0', 'no', 'n', 'nee')"
_MOST_DIGITS = 999_999_999


@dataclass(frozen=True)
class Held:
    """A column of a file: its value in SQL, never an empty text, and the kind of that value."""

    value: str
    kind: Kind


@dataclass(frozen=True)
class Cast:
    """A column in SQL, step by step, for the engine works out each step once.

    `value` is made of `held_<column>`; `sound`, `bad` and `origin` may use the column itself: what of that value
    stands, whether what is held is no such value, and what a pseudonym is still to be made of.
    """

    value: str
    sound: str | None = None
    bad: str = "false"
    origin: str | None = None


@dataclass(frozen=True)
class Casts:
    """How the values of a delivery become those of the store; in Parquet files days are written as ISO has them."""

    manifest: Manifest
    parquet: bool

    def of(self, column: Column, kind: Kind, stored: str) -> Cast:
        """The cast of a column of which a file holds values of a kind, to the SQL type `stored`."""
        held, name = identifier(f"held_{column.name}"), identifier(column.name)
        if kind == "absent":
            return Cast(f"null::{stored}")
        if column.type == "person":
            make = {"pseudonym": self._pseudonym, "keyed": self._keyed, "number": self._number}
            return make[self.manifest.person](held, name, kind)
        if column.type == "text":
            return Cast(held if kind == "text" else f"cast({held} as {stored})")
        if kind == column.type:
            return Cast(held)
        return Cast(self._value(column, held, kind), bad=f"{held} is not null and {name} is null")

    def _value(self, column: Column, held: str, kind: Kind) -> str:
        if kind == "integer" and column.type == "whole":
            return f"case when {held} between -{_MOST_DIGITS} and {_MOST_DIGITS} then cast({held} as integer) end"
        text = held if kind == "text" else f"cast({held} as varchar)"
        if column.type == "whole":
            return f"case when regexp_full_match({text}, '[+-]?[0-9]{{1,9}}') then try_cast({text} as integer) end"
        if column.type == "yes_no":
            return f"case when lower({text}) in {_YES} then true when lower({text}) in {_NO} then false end"
        return self._day(text)

    def _day(self, text: str) -> str:
        iso = f"case when length({text}) = 10 then try_cast({text} as date) end"
        if self.manifest.csv.date_format == "iso":
            return iso
        dutch = f"case when length({text}) between 8 and 10 then try_cast(try_strptime({text}, '%d/%m/%Y') as date) end"
        return f"coalesce({dutch}, {iso})" if self.parquet else dutch

    def _pseudonym(self, held: str, name: str, kind: Kind) -> Cast:
        """An integer as integers are written is its own pseudonym; any other text gets one."""
        if kind == "integer":
            return Cast(held)
        text = f"trim(cast({held} as varchar))"
        return Cast(
            f"try_cast({held} as bigint)",
            sound=f"case when cast({name} as varchar) = {text} then {name} end",
            origin=f"case when {name} is null then nullif({text}, '') end",
        )

    def _keyed(self, held: str, name: str, kind: Kind) -> Cast:
        """The signed 64-bit integer that the key made of a number."""
        if kind == "integer":
            return Cast(held)
        text = f"trim(cast({held} as varchar))"
        return Cast(
            f"case when regexp_full_match({text}, '-?[0-9]{{1,19}}') then try_cast({text} as bigint) end",
            bad=f"{held} is not null and {name} is null",
        )

    def _number(self, held: str, name: str, kind: Kind) -> Cast:
        """Eleven digits, and those of a person; an integer has lost its leading zeros."""
        if kind == "integer":
            number, whole = f"case when {held} <= 99999999999 then {held} end", "true"
        else:
            digits = f"translate(cast({held} as varchar), ' .-', '')"
            number, whole = f"try_cast({digits} as bigint)", f"lpad(cast({name} as varchar), 11, '0') = {digits}"
        return Cast(
            number,
            sound=f"case when {valid_number(name, self.manifest.delivered_on.year)} and {whole} then {name} end",
            bad=f"{held} is not null and {name} is null",
            origin=name,
        )


def lookalikes(name: str, kind: Kind, texts: bool, judged: str, year: int) -> str:
    """SQL of the distinct national numbers that the pseudonyms in a column of judged rows read as.

    An integer may have lost its leading zeros, a text has eleven digits; `texts`: whether some are not their own
    pseudonym.
    """
    least = 1 if kind == "integer" else 10_000_000_000
    column = identifier(name)
    found = f"select {column} as number from {judged} where {column} between {least} and 99999999999"
    if texts:
        digits = f"translate(from_{name}, ' .-', '')"
        found += f"""
union all
select try_cast({digits} as bigint) from {judged} where regexp_full_match({digits}, '[0-9]{{11}}')"""
    return f"select distinct number from ({found}) read where {valid_number('number', year)}"
