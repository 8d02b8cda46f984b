"""The columns of a table as this catalogue has them: those of the contract and those its dimensions add."""

from __future__ import annotations

from typing import Literal

from uitstroom.catalogue import Catalogue
from uitstroom.registers.contract import COLUMNS, STORED_TYPES, Column, ColumnType
from uitstroom.text import Text

KEYS = {"action": "action_id", "spell": "spell_id", "person_change": "old"}
"""The column that tells the rows of a table apart."""
KeyType = Literal["varchar", "bigint"]
IDENTIFIERS = {"action": ("action_id", "resumes"), "spell": ("spell_id",), "person_change": ()}
"""The columns that hold keys of the table itself; they are integers where every file has them as such."""
_FIXED = frozenset({"action_id", "instrument", "variant", "linked", "resumes"})
_RECORDED = frozenset(
    {"person_id", "start_date", "planned_end_date", "end_date", "end_reason", "approved_on", "planned_days",
     "employer_id", "trajectory_id", "frame"}
)  # fmt: skip


def columns(table: str, catalogue: Catalogue) -> tuple[Column, ...]:
    """Every column that the store keeps of a delivered table, in order; `chain_id` and `part` are made later."""
    listed = {column.name: column for column in COLUMNS[table]}
    if table == "action":
        for dimension in catalogue.dimensions.values():
            if dimension.column and dimension.column not in listed:
                kind: ColumnType = "day" if dimension.kind == "band" else "text"
                listed[dimension.column] = Column(dimension.column, kind, Text(nl="kenmerk", en="characteristic"))
    return tuple(listed.values())


def stored_types(table: str, catalogue: Catalogue, key_type: KeyType) -> dict[str, str]:
    """The SQL type of each of `columns`, in order, where the table's keys are of `key_type`."""
    return {
        column.name: key_type if column.name in IDENTIFIERS[table] else STORED_TYPES[column.type]
        for column in columns(table, catalogue)
    }


def recorded_columns(table: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The columns of actions that a version may or may not record."""
    return tuple(column.name for column in columns(table, catalogue) if column.name not in _FIXED)


def is_characteristic(column: str) -> bool:
    """Whether a column of actions is recorded with `characteristics`, not by its name in `records`."""
    return column not in _FIXED and column not in _RECORDED
