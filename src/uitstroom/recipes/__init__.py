"""The program's recipes, each readable from top to bottom; the only place that sees both measuring and publishing.

A notebook uses the same functions: `figures("store", ["started", "outflow"], "2017-S1")` gives protected tables of
typed figures, and `frame(...)` one of them for pandas or polars.
"""

from uitstroom.catalogue import Catalogue
from uitstroom.measure.asking import Question, month_by_month
from uitstroom.recipes.measuring import (
    answer_tables,
    demo,
    explanation,
    figures,
    measure_ahead,
    publishable,
    sql,
    write_records,
)
from uitstroom.registers import Store
from uitstroom.release.frames import frame

__all__ = [
    "Catalogue",
    "Question",
    "Store",
    "answer_tables",
    "demo",
    "explanation",
    "figures",
    "frame",
    "measure_ahead",
    "month_by_month",
    "publishable",
    "sql",
    "write_records",
]
