"""The rows of a file as the engine judges them, in SQL: typed, under their version, with what is not recorded dropped,
and each either fit or faulty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from uitstroom.catalogue import Catalogue
from uitstroom.registers.casts import Cast, Casts
from uitstroom.registers.checks import Check, TypedRow
from uitstroom.registers.columns import columns, recorded_columns
from uitstroom.registers.contract import Column
from uitstroom.registers.sources import Source
from uitstroom.registers.versions import Versions
from uitstroom.sql import identifier
from uitstroom.text import Text

OPERATION = Column("operation", "text", Text(nl="upsert of delete", en="upsert or delete"))


class Judging:
    """The judgement of one file of a table.

    A judged row has `record`, `operation`, `version`, `outside`, the store's columns and `faulty`; of a column that
    can be bad `bad_<column>`, of one that a version may not record `dropped_<column>`, and of a person in
    `from_<column>` what a pseudonym is still to be made of; until then that person is 0.
    """

    def __init__(
        self,
        table: str,
        catalogue: Catalogue,
        casts: Casts,
        checks: Callable[[TypedRow], Sequence[Check]],
        source: Source,
        types: Mapping[str, str],
    ) -> None:
        self._table, self._source, self._checks = table, source, checks
        self._versions = Versions(catalogue)
        self._columns = columns(table, catalogue)
        self._casts: dict[str, Cast] = {
            column.name: casts.of(column, source.held(column).kind, types[column.name]) for column in self._columns
        }
        self.origins = tuple(name for name, cast in self._casts.items() if cast.origin)
        """The columns of persons that may still need a pseudonym."""
        self._drops = self._droppable(catalogue)
        self._conditions = {condition: f"drop_{number}" for number, condition in enumerate(set(self._drops.values()))}

    @property
    def dropped(self) -> tuple[str, ...]:
        """The columns whose values may be dropped."""
        return tuple(self._drops)

    def _droppable(self, catalogue: Catalogue) -> dict[str, str]:
        """By column, when its value is dropped."""
        if self._table != "action":
            return {}
        conditions = {
            name: self._versions.where(lambda one, name=name: not one.records(name))  # type: ignore[misc]
            for name in recorded_columns(self._table, catalogue)
        }
        return {name: condition for name, condition in conditions.items() if condition != "false"}

    def judged(self, record: str, rows: str) -> str:
        """A query for the judged rows of `rows`, whose place in the file `record` says."""
        listed = ["record", "operation", "version", "outside", *map(identifier, self._casts), *self._flags()]
        return f"""with held as (
  select {record} as record, {", ".join(self._held())}
  from {rows}
),
valued as (
  select *, {", ".join(f"{cast.value} as {identifier(name)}" for name, cast in self._casts.items())}
  from held
),
sound as (
  select *{_replaced({identifier(name): cast.sound for name, cast in self._casts.items() if cast.sound})}
  from valued
),
typed as (
  select record, lower(coalesce(held_operation, 'upsert')) as operation, {", ".join(self._typed())}
  from sound
),
numbered as (
  select *, {self._versions.number if self._table == "action" else "null::integer"} as number
  from typed
),
versioned as (
  select *, abs(number) as version, coalesce(number < 0, false) as outside
  from numbered
),
recorded as (
  select *{"".join(f", {condition} as {name}" for condition, name in self._conditions.items())}
  from versioned
),
kept as (
  select *{_replaced(self._kept())}{"".join(f", {one}" for one in self._dropped())}
  from recorded
)
select {", ".join(listed)}, {self._faulty()} as faulty
from kept"""

    def _faulty(self) -> str:
        """Any check at all; of what cannot be the engine works out nothing."""
        never = frozenset(name for name, cast in self._casts.items() if cast.bad == "false")
        upserts = self._source.held(OPERATION).kind == "absent"
        found = " or ".join(f"({check.found})" for check in self._checks(TypedRow(never, upserts=upserts)))
        return f"coalesce({found}, false)"

    def checked(self, rows: str) -> str:
        """A query that gives the judged `rows` their pseudonyms, of tables `pairs_<column>` (origin, pseudonym)."""
        values = {identifier(name): self._person(name) for name in self.origins}
        without = "".join(f", from_{name}" for name in self.origins)
        never = "".join(f", false as bad_{name}" for name, cast in self._casts.items() if cast.bad == "false")
        joins = "".join(map(_join, self.origins))
        return f"select j.* exclude (record{without}){_replaced(values)}, j.record{never}\nfrom {rows} j{joins}"

    def _person(self, name: str) -> str:
        return f"case when j.from_{name} is null then j.{identifier(name)} else pairs_{name}.pseudonym end"

    def _held(self) -> list[str]:
        wanted = [*self._columns, OPERATION]
        return [f"{self._source.held(column).value} as {identifier(f'held_{column.name}')}" for column in wanted]

    def _typed(self) -> list[str]:
        parts = []
        for name, cast in self._casts.items():
            value = identifier(name)
            if cast.origin:
                value = f"case when ({cast.origin}) is null then {value} else 0 end as {value}"
                parts.append(f"{cast.origin} as from_{name}")
            parts += [value, f"{cast.bad} as bad_{name}"]
        return parts

    def _flags(self) -> list[str]:
        flags = [f"bad_{name}" for name, cast in self._casts.items() if cast.bad != "false"]
        return flags + [f"from_{name}" for name in self.origins] + [f"dropped_{name}" for name in self._drops]

    def _kept(self) -> dict[str, str]:
        kept: dict[str, str] = {}
        for name, condition in self._drops.items():
            drop = self._conditions[condition]
            values = [identifier(name), *([f"from_{name}"] if name in self.origins else [])]
            kept |= {value: f"case when not {drop} then {value} end" for value in values}
            if self._casts[name].bad != "false":
                kept[f"bad_{name}"] = f"bad_{name} and not {drop}"
        return kept

    def _dropped(self) -> list[str]:
        return [
            f"{self._conditions[condition]} and ({identifier(name)} is not null or bad_{name}) as dropped_{name}"
            for name, condition in self._drops.items()
        ]


def _join(name: str) -> str:
    return f"\nleft join pairs_{name} on pairs_{name}.origin = j.from_{name}"


def _replaced(values: Mapping[str, str | None]) -> str:
    listed = ", ".join(f"{value} as {name}" for name, value in values.items())
    return f" replace ({listed})" if values else ""
