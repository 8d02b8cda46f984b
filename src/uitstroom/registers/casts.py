"""From delivered texts to typed values, in SQL: each column with `bad_<column>`, whether its text is no such value."""

from __future__ import annotations

from dataclasses import dataclass

from uitstroom.registers.columns import quoted
from uitstroom.registers.contract import Column
from uitstroom.registers.delivery import Manifest
from uitstroom.registers.pseudonyms import valid_number

_YES = "('true', 't', '1', 'yes', 'y', 'ja', 'j')"
_NO = "('false', 'f', '0', 'no', 'n', 'nee')"


@dataclass(frozen=True)
class Casts:
    """How the texts of a delivery become values; in Parquet files days are written as ISO has them."""

    manifest: Manifest
    pseudonyms: bool
    parquet: bool

    def of(self, column: Column) -> list[str]:
        """The select list of a column. A person is in `from_<column>` what a pseudonym is still to be made of."""
        name = quoted(column.name)
        if column.type == "text":
            return [name, f"false as bad_{column.name}"]
        if column.type == "person":
            return self._pseudonym(column.name) if self.pseudonyms else self._number(column.name)
        value = self._value(column)
        return [f"{value} as {name}", f"{name} is not null and ({value}) is null as bad_{column.name}"]

    def _value(self, column: Column) -> str:
        name = quoted(column.name)
        if column.type == "whole":
            return f"case when regexp_full_match({name}, '[+-]?[0-9]{{1,9}}') then try_cast({name} as integer) end"
        if column.type == "yes_no":
            return f"case when lower({name}) in {_YES} then true when lower({name}) in {_NO} then false end"
        iso = f"case when length({name}) = 10 then try_cast({name} as date) end"
        if self.manifest.csv.date_format == "iso":
            return iso
        dutch = f"case when length({name}) between 8 and 10 then try_cast(try_strptime({name}, '%d/%m/%Y') as date) end"
        return f"coalesce({dutch}, {iso})" if self.parquet else dutch

    def _pseudonym(self, column: str) -> list[str]:
        text = f"nullif(trim({quoted(column)}), '')"
        itself = f"case when regexp_full_match({text}, '0|-?[1-9][0-9]{{0,18}}') then try_cast({text} as bigint) end"
        return [
            f"{itself} as {quoted(column)}",
            f"case when ({itself}) is null then {text} end as from_{column}",
            f"false as bad_{column}",
        ]

    def _number(self, column: str) -> list[str]:
        compact = f"translate({quoted(column)}, ' .-', '')"
        number = f"case when regexp_full_match({compact}, '[0-9]{{11}}') then cast({compact} as bigint) end"
        valid = f"coalesce({valid_number(f'({number})', self.manifest.delivered_on.year)}, false)"
        return [
            f"null::bigint as {quoted(column)}",
            f"case when {valid} then {number} end as from_{column}",
            f"{quoted(column)} is not null and not {valid} as bad_{column}",
        ]
