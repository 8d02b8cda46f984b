"""The SQL text that a question asks of an engine, statement by statement, without asking it."""

from __future__ import annotations

from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Scope
from uitstroom.measure.asking import Question, Setting
from uitstroom.measure.engines import SqlEngine
from uitstroom.measure.tables import table
from uitstroom.measure.tally import Known


def statements(catalogue: Catalogue, scope: Scope, known: Known, question: Question) -> list[str]:
    """Each statement once, in the order of asking, as it is asked of a register of which nothing is kept."""
    asked: dict[str, None] = {}

    def noted(sql: str) -> list[tuple[Any, ...]]:
        asked[sql] = None
        return []

    table(Setting(SqlEngine(catalogue, known, noted), catalogue, scope), question)
    return list(asked)
