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
    Column("action_id", "text", Text(nl="sleutel van de actie", en="key of the action"), always=True),
    Column("instrument", "text", Text(nl="code van de vorm",
                                      en="code of the instrument"), always=True, codes="instruments"),
    Column("variant", "text", Text(nl="code van de variant", en="code of the variant"), codes="variants"),
    Column("person_id", "person", Text(nl="de deelnemer", en="the participant")),
    Column(
        "linked", "yes_no",
        Text(nl="kon de persoon bij de tewerkstellingsbron opgevraagd worden (leeg is ja)",
             en="could the person be asked of the employment source (empty is yes)"),
    ),
    Column("trajectory_id", "text", Text(nl="traject waarvan de actie deel is",
                                        en="trajectory that the action is part of")),
    Column("employer_id", "text", Text(nl="de werkgever", en="the employer")),
    Column("approved_on", "day", Text(nl="dag van goedkeuring van het plan", en="day the plan was approved")),
    Column("planned_days", "whole", Text(nl="goedgekeurde duur in kalenderdagen",
                                        en="approved duration in calendar days")),
    Column("start_date", "day", Text(nl="eerste dag", en="first day")),
    Column("planned_end_date", "day", Text(nl="geplande laatste dag", en="planned last day")),
    Column("end_date", "day", Text(nl="laatste dag (leeg: loopt)", en="last day (empty: running)")),
    Column("end_reason", "text", Text(nl="reden van het einde", en="reason of the end"), codes="end_reasons"),
    Column("resumes", "text", Text(nl="de actie die ze na een onderbreking voortzet",
                                   en="the action that it continues after an interruption")),
    Column("frame", "text", Text(nl="kader waarbinnen (tender, TWE-OCMW)", en="frame within which (tender, TWE-OCMW)")),
    Column("sex", "text", Text(nl="geslacht bij de start", en="sex at the start")),
    Column("birth_date", "day", Text(nl="geboortedag", en="day of birth")),
    Column("education", "text", Text(nl="onderwijsniveau bij de start", en="level of education at the start")),
    Column("municipality", "text", Text(nl="woonplaats bij de start (NIS-code)",
                                        en="municipality at the start (NIS code)")),
    Column("region", "text", Text(nl="gewest bij de start", en="region at the start")),
    Column("origin", "text", Text(nl="herkomst", en="origin")),
    Column("disability", "text", Text(nl="indicatie van een arbeidshandicap", en="indication of a work disability")),
    Column("unemployed_since", "day", Text(nl="werkzoekend sinds", en="unemployed since")),
)  # fmt: skip

SPELL: tuple[Column, ...] = (
    Column(
        "spell_id", "text", Text(nl="sleutel van de tewerkstellingslijn", en="key of the employment line"), always=True
    ),
    Column("person_id", "person", Text(nl="de werknemer", en="the employee"), always=True),
    Column("employer_id", "text", Text(nl="de werkgever", en="the employer"), always=True),
    Column("work_type", "text", Text(nl="aard van de werknemer (Dimona)", en="kind of worker (Dimona)"), always=True,
           codes="work_types"),
    Column("start_date", "day", Text(nl="eerste dag", en="first day"), always=True),
    Column("end_date", "day", Text(nl="laatste dag (leeg: open)", en="last day (empty: open)"), always=True),
)  # fmt: skip

PERSON_CHANGE: tuple[Column, ...] = (
    Column("old", "person", Text(nl="het oude nummer", en="the old number"), always=True),
    Column("new", "person", Text(nl="het nieuwe nummer", en="the new number"), always=True),
    Column("on", "day", Text(nl="vanaf welke dag", en="from which day"), always=True),
)

COLUMNS: dict[str, tuple[Column, ...]] = {"action": ACTION, "spell": SPELL, "person_change": PERSON_CHANGE}

STORED_TYPES: dict[ColumnType, str] = {
    "text": "varchar", "day": "date", "whole": "integer", "yes_no": "boolean", "person": "bigint",
}  # fmt: skip
"""SQL types in the store, where keys are bigint if every file delivered has them as integers. `action` there also has
`chain_id` (the action_id of the chain's first known part), `part integer` (1 for that part), `parts integer` (how many
the chain has), and a varchar (band: date) column for every further column of a dimension."""
