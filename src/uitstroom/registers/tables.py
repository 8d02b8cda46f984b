"""The tables of the new snapshot: delivered whole, changed, or carried over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.registers.changing import Changing
from uitstroom.registers.fit import PLACE
from uitstroom.registers.parts import Part
from uitstroom.registers.pieces import Pieces
from uitstroom.registers.report import Broken
from uitstroom.registers.rules import (
    instruments_with_a_maximum,
    less,
    person_warnings,
    row_warnings,
    spell_warnings,
    together,
)
from uitstroom.registers.snapshots import Snapshot
from uitstroom.registers.waiting import Actions
from uitstroom.registers.writing import Writing
from uitstroom.sql import identifier, parquet


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

    def spells(self, fit: Pieces) -> Table:
        """Spells delivered whole: they are written."""
        parts = self._parts(fit)
        return Table(_rows(parts), parts, spell_warnings(self.connection, self.catalogue, fit.written))

    def actions(self, fit: Actions) -> Table:
        """Actions delivered whole: those that wait are written, and rules about a person looked at by partition."""
        warnings = [less(together(fit.warnings), self._rejected(fit))]
        for place in range(self.partitions):
            self._chains(fit, place)
            if place not in fit.files:
                continue
            files = parquet(one.path for one in fit.files[place])
            merged = f"(select *, true as fresh from {files})"
            warnings.append(person_warnings(self.connection, self.catalogue, merged))
        parts = self._parts(fit)
        return Table(_rows(parts), parts, together(warnings))

    def _parts(self, fit: Pieces) -> tuple[Part, ...]:
        fit.complete()
        files = (fit.files[place] for place in range(self.partitions))
        return tuple(Part(tuple(self.writing.stored(one) for one in part)) for part in files)

    def _rejected(self, fit: Actions) -> dict[str, Broken]:
        """The rules that rows break which were kept at first and rejected because of others."""
        waiting = fit.source([path for files in fit.waiting.values() for path in files])
        names = ", ".join([*PLACE, *(identifier(name) for name in fit.types)])
        rows = f"""(
  select * from (select {names} from {waiting} union select {names} from action_again) kept
  where exists (
    select 1 from action_rejected rejected where rejected.file = kept.file and rejected.record = kept.record
  )
)"""
        if not self.connection.execute("select count(*) from action_rejected").fetchall()[0][0]:
            return {}
        return row_warnings(self.connection, self.catalogue, rows)

    def _chains(self, fit: Actions, place: int) -> None:
        """Write the rows of a partition that waited, with their places in their chains."""
        if not fit.waiting.get(place):
            return
        self.writing.folder("action")
        names = ", ".join(f"waiting.{identifier(name)}" for name in fit.types)
        written = self.writing.write(f"action/{place}-chains.parquet", f"""select {names},
  coalesce(chain.chain_id, waiting.action_id) as chain_id, coalesce(chain.part, 1) as part,
  coalesce(chain.parts, 1) as parts
from {fit.source(fit.waiting[place])} waiting
left join chain on chain.action_id = waiting.action_id
where not exists (
  select 1 from action_rejected rejected where rejected.file = waiting.file and rejected.record = waiting.record
)
order by person_id""")  # fmt: skip
        fit.files.setdefault(place, []).append(written)

    def changed(self, changing: Changing) -> Table:
        """A table that stood, with what a delivery of changes makes of it."""
        warnings = {}
        if changing.table == "spell":
            warnings = spell_warnings(self.connection, self.catalogue, "(from spell_new where operation = 'upsert')")
        else:
            changing.persons(instruments_with_a_maximum(self.catalogue))
            of_rows = row_warnings(self.connection, self.catalogue, "action_new")
            warnings = together([of_rows, person_warnings(self.connection, self.catalogue, "action_merged")])
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
