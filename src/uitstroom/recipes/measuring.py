"""The program's recipes, each readable from top to bottom; the only place that sees both measuring and publishing.

A notebook uses the same functions: `figures(store, ["started", "outflow"], "2017-S1")` gives tables of typed figures.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from uitstroom.catalogue import Catalogue, needed_columns
from uitstroom.catalogue.schema import OutflowDefinition, Version
from uitstroom.disclosure import Publishable, expose, protect_with_proof
from uitstroom.disclosure.quantity import COMPLETED, COMPLETION, NOT_COMPLETED
from uitstroom.figures import Scope, Table
from uitstroom.measure.asking import Question, Setting
from uitstroom.measure.engines import duckdb_engine
from uitstroom.measure.explaining import explained
from uitstroom.measure.kept import known_of
from uitstroom.measure.opening import DUCKDB, engine_at
from uitstroom.measure.records import Behind, behind
from uitstroom.measure.statements import statements
from uitstroom.measure.tables import table
from uitstroom.periods import Day, Period
from uitstroom.registers import Snapshot, Store
from uitstroom.text import Text, plain_cell, printable

if TYPE_CHECKING:
    from uitstroom.disclosure.model import ProtectedRelease
    from uitstroom.disclosure.released import Released

__all__ = ["Catalogue", "Question", "Store", "figures", "publishable"]

DEMO_DAY = datetime.date(2017, 11, 23)
"""The day on which written question 115 of 2017 was asked."""


@contextmanager
def setting(
    store: Store, catalogue: Catalogue, as_of: Day | None = None, clock: Day | None = None, engine: str = DUCKDB
) -> Iterator[Setting]:
    """The newest snapshot known on `as_of` (None: the newest), opened for questions on the engine at an address.

    `clock` only chooses words; without one it is `as_of`, so that an old answer stays the same for ever.
    """
    snapshot = store.as_known_on(as_of)
    today = clock or as_of or datetime.datetime.now().astimezone().date()
    with engine_at(engine, snapshot, catalogue) as opened:
        yield Setting(opened, catalogue, _scope(snapshot, catalogue, as_of or snapshot.delivered_on, today))


def _scope(snapshot: Snapshot, catalogue: Catalogue, as_of: Day, clock: Day) -> Scope:
    return Scope(
        service=catalogue.service.name,
        where=catalogue.service.where,
        as_known_on=as_of,
        snapshot=snapshot.id,
        complete=dict(snapshot.complete),
        quarantined=dict(snapshot.quarantined),
        delivered=dict(snapshot.delivered),
        catalogue=catalogue.fingerprint,
        synthetic=snapshot.synthetic,
        clock=clock,
    )


def answer_tables(
    store: Store,
    catalogue: Catalogue,
    questions: Sequence[Question],
    as_of: Day | None = None,
    clock: Day | None = None,
    engine: str = DUCKDB,
) -> tuple[Table, ...]:
    """The tables of several questions, all from one snapshot; unprotected."""
    with setting(store, catalogue, as_of, clock, engine) as here:
        return tuple(table(here, question) for question in questions)


def publishable(tables: Sequence[Table], catalogue: Catalogue, *, internal: bool = False) -> Publishable:
    """The tables protected together, or all of them unprotected with `internal`."""
    if internal:
        return expose(tables, catalogue.disclosure)
    return proved(tables, catalogue)[0]


def proved(
    tables: Sequence[Table], catalogue: Catalogue, earlier: Sequence[Released] = ()
) -> tuple[Publishable, ProtectedRelease]:
    """The tables protected together and against earlier releases, with what must stay inside the service."""
    reason, zeros = catalogue.word("reason.suppressed"), catalogue.word("note.zeros_hidden")
    parents = parents_of(tables, catalogue)
    of_list = catalogue.word("reason.reach_refused")
    return protect_with_proof(tables, catalogue.disclosure, reason, earlier, parents, zeros, of_list)


def parents_of(tables: Sequence[Table], catalogue: Catalogue) -> dict[str, dict[str, tuple[str, str]]]:
    """Which codes in these tables are parts of which, up to the top: a reader knows that municipalities make up a
    province, whether or not a table is broken down by province."""
    above = {str(entry.of): name for name, entry in catalogue.dimensions.items() if entry.of}
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for item in {item for one in tables for figure in one.figures for item in figure.by.items()}:
        dimension, code = item
        while (name := above.get(dimension)) and (at := catalogue.parent_of(name, code)):
            found.setdefault(dimension, {})[code] = (name, at)
            dimension, code = name, at
    if any(figure.reasons for one in tables for figure in one.figures):
        found |= _completions(_reasons(tables, catalogue), catalogue)
    return {dimension: dict(sorted(codes.items())) for dimension, codes in sorted(found.items())}


def _reasons(tables: Sequence[Table], catalogue: Catalogue) -> set[tuple[str, str]]:
    """The reasons of ends by which these tables are broken down, each with its dimension."""
    reasons = {name for name, entry in catalogue.dimensions.items() if entry.kind == "reason"}
    return {item for one in tables for figure in one.figures for item in figure.by.items() if item[0] in reasons}


def _completions(reasons: set[tuple[str, str]], catalogue: Catalogue) -> dict[str, dict[str, tuple[str, str]]]:
    """Each reason is a completion or none: a reader of shares of the completed knows which."""
    completed = {code for code, reason in catalogue.end_reasons.items() if reason.kind == "completed"}
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for dimension, code in reasons:
        found.setdefault(dimension, {})[code] = (COMPLETION, COMPLETED if code in completed else NOT_COMPLETED)
    return found


def figures(
    store: Store | Path | str,
    indicators: Sequence[str],
    *periods: str,
    by: Sequence[str] = (),
    instruments: Sequence[str] | None = None,
    definition: str | None = None,
    as_of: Day | None = None,
    so_far: bool = False,
    internal: bool = False,
    catalogue: Catalogue | None = None,
    engine: str = DUCKDB,
) -> Publishable:
    """For a notebook: the protected tables of `indicators` for `periods`, each with typed figures.

    `engine`: `duckdb` or the address of another: `spark://…`, `sc://…`, `postgresql://…`. The figures are the same.
    Each table converts to a DataFrame through the Arrow interface: `polars.from_arrow(table)`,
    `pyarrow.table(table).to_pandas()`.
    """
    known = catalogue or Catalogue.load()
    place = store if isinstance(store, Store) else Store(Path(store))
    asked = [
        Question(
            indicator,
            tuple(Period.parse(code) for code in periods),
            tuple(by),
            tuple(instruments) if instruments is not None else None,
            definition=definition,
            so_far=so_far,
        )
        for indicator in indicators
    ]
    return publishable(answer_tables(place, known, asked, as_of, engine=engine), known, internal=internal)


def demo(directory: Path, progress: Callable[[str, float], None] | None = None) -> Publishable:
    """A synthetic register, made and loaded in `directory`, and the tables of written question 115 of 2017 from it."""
    from uitstroom.synth import write_delivery

    catalogue, store = Catalogue.load(), Store(directory / "store")
    first, _ = write_delivery("vdab-2017", directory / "deliveries")
    store.load(first, catalogue, progress=progress)
    half, year = Period.parse("2017-S1"), Period.parse("2016-07/2017-06")
    asked = [Question("started", (half,)), Question("outflow", (half,)), Question("persons", (year,))]
    return publishable(answer_tables(store, catalogue, asked, DEMO_DAY), catalogue)


def measure_ahead(store: Store, catalogue: Catalogue, as_of: Day | None = None) -> int:
    """Keep, beside the snapshot known on `as_of`, what the catalogue's own definitions are read off, whatever the
    breakdown: the units that are counted, and the outcomes of each follow-up. Returns how many could be kept."""
    with duckdb_engine(store.as_known_on(as_of), catalogue) as engine:
        kept = [engine.keep(None, tuple(catalogue.instruments))]
        kept += [engine.keep(definition, codes) for definition, codes in _own_definitions(catalogue)]
    return sum(kept)


def _own_definitions(catalogue: Catalogue) -> list[tuple[OutflowDefinition, tuple[str, ...]]]:
    """The definitions by which instruments are measured where none is asked for, each with the instruments that record
    what it needs."""
    measured: dict[str, list[str]] = {}
    versions = [(code, one) for code, instrument in catalogue.instruments.items() for one in instrument.versions]
    for code, version in versions:
        name = version.outflow
        if isinstance(name, str) and _records(version, catalogue.indicators.outflow[name][-1]):
            measured.setdefault(name, []).append(code)
    return [
        (definition, tuple(dict.fromkeys(codes)))
        for name, codes in measured.items()
        for definition in catalogue.indicators.outflow[name]
    ]


def _records(version: Version, definition: OutflowDefinition) -> bool:
    return set(needed_columns(definition, version)) <= set(version.records)


def sql(store: Store, catalogue: Catalogue, questions: Sequence[Question], as_of: Day | None = None) -> str:
    """The statements by which questions are answered from a snapshot, as one text; the register is not opened."""
    snapshot = store.as_known_on(as_of)
    scope = _scope(snapshot, catalogue, as_of or snapshot.delivered_on, snapshot.delivered_on)
    found = [one for question in questions for one in statements(catalogue, scope, known_of(snapshot), question)]
    return "\n".join(f"{one};\n" for one in dict.fromkeys(found))


RECORD_COLUMNS = (
    "indicator", "definition", "version", "period", "instrument", "unit_id", "first_action", "last_action", "person_id",
    "start", "end", "duration", "end_reason", "anchor", "due", "box", "spell_id",
)  # fmt: skip
"""The columns of `records`; a `by_<dimension>` column follows for each breakdown."""


def write_records(
    store: Store,
    catalogue: Catalogue,
    questions: Sequence[Question],
    out: TextIO,
    as_of: Day | None = None,
    engine: str = DUCKDB,
) -> int:
    """Write the units behind the figures as CSV; returns how many. Internal: nothing in it is protected."""
    with setting(store, catalogue, as_of, engine=engine) as here:
        rows = [one for question in questions for one in behind(here, question)]
    dimensions = list(dict.fromkeys(code for row in rows for code in row.by))
    writer = csv.DictWriter(out, [*RECORD_COLUMNS, *(f"by_{code}" for code in dimensions)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_record_row(row) for row in rows)
    return len(rows)


def _record_row(row: Behind) -> dict[str, object]:
    record = {item.name: getattr(row.record, item.name) for item in dataclasses.fields(row.record)}
    codes = {f"by_{code}": value for code, value in zip(row.by, record.pop("by"), strict=True)}
    name = row.definition
    definition = {"definition": name.name if name else None, "version": name.version if name else None}
    cells = {"indicator": row.indicator, **definition, **record, "duration": row.duration, **codes}
    return {name: plain_cell(printable(value) if isinstance(value, str) else value) for name, value in cells.items()}


def explanation(
    store: Store, catalogue: Catalogue, action_id: str, as_of: Day | None = None, engine: str = DUCKDB
) -> list[Text]:
    """The life of one action and, per indicator, why it counts or does not, line by line. Internal."""
    with setting(store, catalogue, as_of, engine=engine) as here:
        return explained(here, action_id)
