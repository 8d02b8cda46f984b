"""The tables of the new snapshot: delivered whole, changed, or carried over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.changing import Changing
from uitstroom.registers.columns import quoted
from uitstroom.registers.parts import Part
from uitstroom.registers.pieces import Final, Staged
from uitstroom.registers.report import Broken
from uitstroom.registers.rules import action_warnings, instruments_with_a_maximum, spell_warnings, together
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.stood import made_types
from uitstroom.registers.writing import Writing

FRESH = "(select *, true as fresh from action_part)"


@dataclass(frozen=True)
class Table:
    """A table as the snapshot will have it, and the rules that its delivered rows break."""

    rows: int
    parts: tuple[Part, ...]
    warnings: dict[str, Broken] = field(default_factory=dict)


class Tables:
    """Writes them."""

    def __init__(self, connection: Any, catalogue: Catalogue, writing: Writing, partitions: int) -> None:
        self.connection, self.catalogue, self.writing, self.partitions = connection, catalogue, writing, partitions

    def spells(self, fit: Final) -> Table:
        """Spells delivered whole: they are written."""
        parts = tuple(
            Part(tuple(self.writing.stored(one) for one in fit.files[place])) for place in range(self.partitions)
        )
        return Table(_rows(parts), parts, spell_warnings(self.connection, self.catalogue, "spell_new"))

    def actions(self, fit: Staged) -> Table:
        """Actions delivered whole, a partition at a time: rules about a person look no further than that."""
        self.writing.folder("action")
        parts, warnings = [], []
        for place in range(self.partitions):
            self._partition(fit, place)
            warnings.append(
                action_warnings(
                    self.connection, self.catalogue, "action_part", "(select *, true as fresh from action_part)"
                )
            )
            names = ", ".join(quoted(name) for name in made_types("action", fit.types))
            written = self.writing.write(
                f"action/{place}-0.parquet", f"select {names}\nfrom action_part\norder by person_id"
            )
            parts.append(Part((self.writing.stored(written),)))
        self.connection.execute("drop table action_part")
        return Table(_rows(tuple(parts)), tuple(parts), together(warnings))

    def _partition(self, fit: Staged, place: int) -> None:
        self.connection.execute(f"""create or replace temp table action_part as
select fit.*, coalesce(chain.chain_id, fit.action_id) as chain_id, coalesce(chain.part, 1) as part,
  coalesce(chain.parts, 1) as parts
from {fit.source(fit.files.get(place, []))} fit
left join chain on chain.action_id = fit.action_id
where not exists (
  select 1 from action_rejected rejected where rejected.file = fit.file and rejected.record = fit.record
)""")

    def changed(self, changing: Changing) -> Table:
        """A table that stood, with what a delivery of changes makes of it."""
        warnings = {}
        if changing.table == "spell":
            warnings = spell_warnings(self.connection, self.catalogue, "(from spell_new where operation = 'upsert')")
        else:
            changing.persons(instruments_with_a_maximum(self.catalogue))
            warnings = action_warnings(self.connection, self.catalogue, "action_new", "action_merged")
        changing.differ()
        return Table(changing.rows(), changing.write(self.writing), warnings)

    def person_changes(self) -> Table:
        """The changes of number, in one file."""
        self.writing.folder("person_change")
        written = self.writing.write("person_change/0.parquet", "select * exclude (fresh) from person_change_merged")
        return Table(written.rows, (Part((self.writing.stored(written),)), *((Part(),) * (self.partitions - 1))))

    def carried(self, parent: Snapshot, table: str) -> Table:
        """A table that did not change: its files are referred to."""
        parts = parent.tables[table]
        if len(parts) != self.partitions:
            parts = (parts[0], *((Part(),) * (self.partitions - 1)))
        return Table(parent.rows[table], parts)


def _rows(parts: tuple[Part, ...]) -> int:
    return sum(file.rows for part in parts for file in part.base)
