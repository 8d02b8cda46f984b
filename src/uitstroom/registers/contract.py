"""The contract of deliveries: which tables and columns a service delivers, and which the store keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from uitstroom.text import Text

ColumnType = Literal["text", "day", "whole", "yes_no", "person"]
TABLES = ("action", "spell", "person_change")


@dataclass(frozen=True)
class Column:
    """A column of a delivery.

    `always` columns must be in every delivery of the table; others where an instrument records them. `codes` names the
    catalogue's list of allowed values.
    """

    name: str
    type: ColumnType
    meaning: Text
    always: bool = False
    codes: Literal["instruments", "variants", "end_reasons", "work_types"] | None = None


ACTION: tuple[Column, ...] = (
    Column("action_id", "text", Text("sleutel van de actie", "key of the action"), always=True),
    Column("instrument", "text", Text("code van de vorm", "code of the instrument"), always=True, codes="instruments"),
    Column("variant", "text", Text("code van de variant", "code of the variant"), codes="variants"),
    Column("person_id", "person", Text("de deelnemer", "the participant")),
    Column(
        "linked", "yes_no",
        Text("kon de persoon bij de tewerkstellingsbron opgevraagd worden (leeg is ja)",
             "could the person be asked of the employment source (empty is yes)"),
    ),
    Column("trajectory_id", "text", Text("traject waarvan de actie deel is", "trajectory that the action is part of")),
    Column("employer_id", "text", Text("de werkgever", "the employer")),
    Column("approved_on", "day", Text("dag van goedkeuring van het plan", "day the plan was approved")),
    Column("planned_days", "whole", Text("goedgekeurde duur in kalenderdagen", "approved duration in calendar days")),
    Column("start_date", "day", Text("eerste dag", "first day")),
    Column("planned_end_date", "day", Text("geplande laatste dag", "planned last day")),
    Column("end_date", "day", Text("laatste dag (leeg: loopt)", "last day (empty: running)")),
    Column("end_reason", "text", Text("reden van het einde", "reason of the end"), codes="end_reasons"),
    Column("resumes", "text", Text("de actie die ze na een onderbreking voortzet",
                                   "the action that it continues after an interruption")),
    Column("frame", "text", Text("kader waarbinnen (tender, TWE-OCMW)", "frame within which (tender, TWE-OCMW)")),
    Column("sex", "text", Text("geslacht bij de start", "sex at the start")),
    Column("birth_date", "day", Text("geboortedag", "day of birth")),
    Column("education", "text", Text("onderwijsniveau bij de start", "level of education at the start")),
    Column("municipality", "text", Text("woonplaats bij de start (NIS-code)", "municipality at the start (NIS code)")),
    Column("region", "text", Text("gewest bij de start", "region at the start")),
    Column("origin", "text", Text("herkomst", "origin")),
    Column("disability", "text", Text("indicatie van een arbeidshandicap", "indication of a work disability")),
    Column("unemployed_since", "day", Text("werkzoekend sinds", "unemployed since")),
)  # fmt: skip

SPELL: tuple[Column, ...] = (
    Column("spell_id", "text", Text("sleutel van de tewerkstellingslijn", "key of the employment line"), always=True),
    Column("person_id", "person", Text("de werknemer", "the employee"), always=True),
    Column("employer_id", "text", Text("de werkgever", "the employer"), always=True),
    Column("work_type", "text", Text("aard van de werknemer (Dimona)", "kind of worker (Dimona)"), always=True,
           codes="work_types"),
    Column("start_date", "day", Text("eerste dag", "first day"), always=True),
    Column("end_date", "day", Text("laatste dag (leeg: open)", "last day (empty: open)"), always=True),
)  # fmt: skip

PERSON_CHANGE: tuple[Column, ...] = (
    Column("old", "person", Text("het oude nummer", "the old number"), always=True),
    Column("new", "person", Text("het nieuwe nummer", "the new number"), always=True),
    Column("on", "day", Text("vanaf welke dag", "from which day"), always=True),
)

COLUMNS: dict[str, tuple[Column, ...]] = {"action": ACTION, "spell": SPELL, "person_change": PERSON_CHANGE}

STORED_TYPES: dict[ColumnType, str] = {
    "text": "varchar", "day": "date", "whole": "integer", "yes_no": "boolean", "person": "bigint",
}  # fmt: skip
"""SQL types in the store, where keys are bigint if every file delivered has them as integers. `action` there also has
`chain_id` (the action_id of the chain's first known part), `part integer` (1 for that part), `parts integer` (how many
the chain has), and a varchar (band: date) column for every further column of a dimension."""
