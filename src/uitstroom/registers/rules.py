"""The legal rules of the catalogue, counted over the rows of a delivery; none of them rejects (rule intake.warns).

Rules about a start look at entrants only: not at a resumption, not at what never happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.conditions import PLANNED_END_BEFORE_START, applies, breach, outside_days
from uitstroom.catalogue.expressions import Column
from uitstroom.catalogue.schema import Dated, MaximumPerPerson
from uitstroom.registers.checks import never_happened
from uitstroom.registers.report import Broken
from uitstroom.registers.versions import Numbered, Versions
from uitstroom.sql import literal, literals
from uitstroom.text import Text

OUTSIDE = Text(nl="de actie telt op een dag buiten elke versie van haar vorm; de dichtste versie geldt",
        en="the action counts on a day outside every version of its instrument; the nearest applies")  # fmt: skip
NO_TRAJECTORY = Text(
    nl="de actie heeft geen traject en is er zelf een", en="the action has no trajectory and is one itself"
)
PLANNED_END = Text(nl="het geplande einde ligt voor de start", en="the planned end lies before the start")
UNKNOWN_PREDECESSOR = Text(nl="de hervatte actie is niet gekend", en="the resumed action is not known")
OVERLAPPING = Text(nl="de actie start op of voor de laatste dag van de actie die ze voortzet",
                   en="the action starts on or before the last day of the action that it continues")  # fmt: skip
LOOKALIKE = Text(
    nl="pseudoniemen lezen als een geldig nationaal nummer", en="pseudonyms read as a valid national number"
)
UNKNOWN_DELETED = Text(nl="de te verwijderen rij bestaat niet", en="the row to delete does not exist")
IGNORED = Text(nl="kolommen die het contract en de catalogus niet kennen, zijn niet gelezen",
               en="columns that neither contract nor catalogue knows were not read")  # fmt: skip
ABSENT = Text(nl="deze kolom is niet geleverd en blijft leeg", en="this column was not delivered and stays empty")
DROPPED = Text(nl="waarden weggelaten: de versie van de vorm registreert deze kolom niet",
               en="values left out: the instrument's version does not record this column")  # fmt: skip
NOT_VALID = Text(nl="de code geldt niet op die dag", en="the code is not valid on that day")


Condition = tuple[str, Text, str]
"""Code, message, and SQL that is true for a row that breaks the rule."""


def row_warnings(connection: Any, catalogue: Catalogue, rows: str) -> dict[str, Broken]:
    """How many actions of a relation break each rule that looks at the row alone, by the rule's code."""
    found = _counted(connection, rows, list(_of_rows(catalogue)), "true")
    for one in Versions(catalogue).all:
        found += _counted(connection, rows, list(_of_version(one, catalogue)), f"version = {one.number}")
    return together({code: Broken(count, text)} for code, count, text in found)


def person_warnings(connection: Any, catalogue: Catalogue, merged: str) -> dict[str, Broken]:
    """The same for rules about all actions of a person; `merged` holds these, `fresh` where they are delivered."""
    return together(
        {rule.code: Broken(_over_maximum(connection, catalogue, merged, one, rule), rule.message)}
        for one, rule in _maxima(catalogue)
    )


def less(some: Mapping[str, Broken], others: Mapping[str, Broken]) -> dict[str, Broken]:
    """The counts without those of other rows."""
    return {
        code: Broken(one.count - (others[code].count if code in others else 0), one.message)
        for code, one in some.items()
    }


def together(counted: Iterable[Mapping[str, Broken]]) -> dict[str, Broken]:
    """Several counts of broken rules as one; rules that nothing breaks are left out."""
    broken: dict[str, Broken] = {}
    for some in counted:
        for code, one in some.items():
            if one.count:
                before = broken[code].count if code in broken else 0
                broken[code] = Broken(one.count + before, one.message)
    return broken


def _maxima(catalogue: Catalogue) -> list[tuple[Numbered, MaximumPerPerson]]:
    return [
        (one, rule)
        for one in Versions(catalogue).all
        for rule in one.version.rules
        if isinstance(rule, MaximumPerPerson)
    ]


def instruments_with_a_maximum(catalogue: Catalogue) -> str:
    """SQL: the codes of instruments of which a rule looks at all actions of a person."""
    return literals(sorted({one.instrument.code for one, _ in _maxima(catalogue)}))


def spell_warnings(connection: Any, catalogue: Catalogue, rows: str) -> dict[str, Broken]:
    """How many spells of a relation have a work type outside its days."""
    if not any(entry.valid_from or entry.valid_until for entry in catalogue.work_types.values()):
        return {}
    condition = _outside("work_type", catalogue.work_types, "start_date")
    counted = connection.execute(f"select count(*) from {rows} where {condition}").fetchall()
    return {"not_valid:work_type": Broken(counted[0][0], NOT_VALID)} if counted[0][0] else {}


def _counted(connection: Any, rows: str, conditions: Sequence[Condition], where: str) -> list[tuple[str, int, Text]]:
    if not conditions:
        return []
    counted = ",\n  ".join(f"count(*) filter (where {condition})" for _, _, condition in conditions)
    counts = connection.execute(f"select {counted}\nfrom {rows}\nwhere operation = 'upsert' and {where}").fetchall()[0]
    return [(code, count, text) for (code, text, _), count in zip(conditions, counts, strict=True)]


def _of_version(one: Numbered, catalogue: Catalogue) -> Iterator[Condition]:
    """The rules of one version."""
    for rule in one.version.rules:
        condition = breach(one.version, rule, catalogue.end_reasons)
        if condition:
            yield rule.code, rule.message, condition.sql


def _of_rows(catalogue: Catalogue) -> Iterator[Condition]:
    """What any row can break."""
    versions = Versions(catalogue)
    happened = f"not {never_happened(catalogue)}"
    yield "outside_versions", OUTSIDE, "outside"
    needing = versions.where(lambda one: one.records("trajectory_id") and _of_trajectories(one, catalogue))
    yield "no_trajectory", NO_TRAJECTORY, f"trajectory_id is null and {happened} and {needing}"
    yield "planned_end_before_start", PLANNED_END, f"{PLANNED_END_BEFORE_START.sql} and {happened}"
    yield (
        "not_valid:end_reason",
        NOT_VALID,
        _outside("end_reason", catalogue.end_reasons, "coalesce(end_date, start_date)"),
    )
    yield "not_valid:frame", NOT_VALID, _outside("frame", catalogue.frames, versions.counted_on)
    variants = {variant.code: variant for one in catalogue.instruments.values() for variant in one.variants}
    yield "not_valid:variant", NOT_VALID, _outside("variant", variants, versions.counted_on)


def _of_trajectories(one: Numbered, catalogue: Catalogue) -> bool:
    named = one.version.outflow
    definitions = catalogue.indicators.outflow.get(named, ()) if isinstance(named, str) else ()
    return any(definition.unit == "trajectory" for definition in definitions)


def _outside(column: str, entries: Mapping[str, Dated], day: str) -> str:
    return outside_days(column, entries, Column("day", text=day)).sql


def _over_maximum(connection: Any, catalogue: Catalogue, merged: str, one: Numbered, rule: MaximumPerPerson) -> int:
    """Delivered entrants beyond the maximum of their person (and employer), in order of their start."""
    low, high = one.version.valid_from, one.version.valid_until
    valid = [f"start_date >= date '{low}'"] if low else []
    valid += [f"start_date <= date '{high}'"] if high else []
    per = ", employer_id" if rule.per_employer else ""
    return int(
        connection.execute(f"""with entrant as (
  select fresh, start_date, row_number() over (partition by person_id{per} order by start_date, action_id) as place
  from {merged}
  where instrument = {literal(one.instrument.code)} and person_id is not null and resumes is null
    and not {never_happened(catalogue)} and {applies(one.version, rule).sql}
)
select count(*)
from entrant
where fresh and place > {rule.actions} and {" and ".join(valid) or "true"}""").fetchall()[0][0]
    )
