"""The structural faults for which a row is quarantined, as data: the column, the rule, and the SQL that finds it.

Only type, key, unknown code, impossible day and broken reference reject; every legal rule warns (rule
intake.structural).
"""

from __future__ import annotations

from dataclasses import dataclass

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.schema import Dimension
from uitstroom.registers import records
from uitstroom.registers.columns import KEYS, columns, recorded_columns
from uitstroom.registers.contract import Column
from uitstroom.registers.versions import Versions
from uitstroom.sql import identifier, literal, literals
from uitstroom.text import Text

FIRST_DAY, LAST_DAY = "1850-01-01", "2199-12-31"
"""Days outside are typing errors or stand for "never"; an open end is an empty one."""


@dataclass(frozen=True)
class Check:
    """A row for which `found` (SQL over the typed row) is true breaks `rule` in `column`."""

    column: str
    rule: str
    found: str


@dataclass(frozen=True)
class TypedRow:
    """How SQL says two things of a typed row: the columns `never_bad` hold what they should, and where all are
    `upserts` no row says its operation."""

    never_bad: frozenset[str] = frozenset()
    upserts: bool = False

    def bad(self, column: str) -> str:
        """Whether what was delivered in a column is no such value."""
        return "false" if column in self.never_bad else f"bad_{column}"

    @property
    def operation(self) -> str:
        return "'upsert'" if self.upserts else "operation"


ANY_ROW = TypedRow()
TYPE_RULES = {
    "day": "not_a_day", "whole": "not_a_whole_number", "yes_no": "not_yes_or_no", "person": "not_a_person_number",
}  # fmt: skip

FAULTS: dict[str, Text] = {
    records.TOO_LONG: Text(nl="de regel is te lang", en="the line is too long"),
    records.NUL: Text(nl="de regel bevat een NUL-byte", en="the line holds a NUL byte"),
    records.ENCODING: Text(
        nl="de regel is niet in de opgegeven tekencodering", en="the line is not in the stated encoding"
    ),
    records.QUOTE: Text(nl="een aanhalingsteken staat open of verkeerd", en="a quote is open or misplaced"),
    records.CARRIAGE_RETURN: Text(
        nl="een losse carriage return staat in de regel", en="a stray carriage return in the line"
    ),
    records.TOO_FEW: Text(nl="de regel heeft te weinig kolommen", en="the line has too few columns"),
    records.TOO_MANY: Text(nl="de regel heeft te veel kolommen", en="the line has too many columns"),
    "missing": Text(nl="een verplichte waarde ontbreekt", en="a required value is missing"),
    "without_person": Text(nl="de tewerkstellingslijn heeft geen persoon", en="the spell has no person"),
    "not_a_day": Text(nl="dit is geen dag in het opgegeven formaat", en="this is not a day in the stated format"),
    "not_a_whole_number": Text(nl="dit is geen geheel getal", en="this is not a whole number"),
    "not_yes_or_no": Text(nl="dit is geen ja of nee", en="this is not a yes or no"),
    "not_a_person_number": Text(
        nl="dit is geen geldig INSZ- of BIS-nummer", en="this is not a valid INSZ or BIS number"
    ),
    "not_a_keyed_pseudonym": Text(
        nl="dit is geen pseudoniem dat met de sleutel gemaakt is", en="this is no pseudonym that the key made"
    ),
    "unknown_code": Text(nl="deze code staat niet in de catalogus", en="this code is not in the catalogue"),
    "impossible_day": Text(
        nl=f"de dag ligt buiten {FIRST_DAY} en {LAST_DAY} (een open einde is leeg)",
        en=f"the day lies outside {FIRST_DAY} and {LAST_DAY} (an open end is empty)",
    ),
    "negative": Text(nl="het getal is negatief", en="the number is negative"),
    "end_before_start": Text(nl="het einde ligt voor de start", en="the end lies before the start"),
    "reason_without_end": Text(
        nl="er is een reden van einde, maar geen einde", en="there is a reason of the end, but no end"
    ),
    "unknown_operation": Text(nl="dit is geen upsert of delete", en="this is neither upsert nor delete"),
    "delete_in_full": Text(nl="een volledige levering verwijdert niets", en="a full delivery deletes nothing"),
    "duplicate": Text(
        nl="de rij is nog eens geleverd; een ervan is geladen", en="the row came twice; one of them is loaded"
    ),
    "different_duplicate": Text(nl="verschillende rijen hebben deze sleutel", en="different rows have this key"),
    "resumes_in_a_cycle": Text(nl="de hervattingen vormen een kring", en="the resumptions form a cycle"),
    "second_successor": Text(
        nl="een andere actie hervat dezelfde actie al", en="another action already resumes the same action"
    ),
    "resumes_other_person": Text(
        nl="de hervatte actie is van een andere persoon", en="the resumed action is another person's"
    ),
    "resumes_other_instrument": Text(
        nl="de hervatte actie heeft een andere vorm", en="the resumed action has another instrument"
    ),
    "starts_before_resumed": Text(
        nl="de actie start voor de actie die ze voortzet", en="the action starts before the action that it continues"
    ),
    "person_changes_in_a_cycle": Text(
        nl="de nummerwijzigingen vormen een kring", en="the changes of number form a cycle"
    ),
}
"""Every rule for which a row is quarantined, in words."""


def row_checks(
    table: str, catalogue: Catalogue, row: TypedRow = ANY_ROW, *, full: bool, keyed: bool = False
) -> list[Check]:
    """The checks that need only the row itself; in `full` deliveries nothing may be deleted, and persons may come as
    `keyed` pseudonyms."""
    key = KEYS[table]
    checks = [Check(key, "missing", f"{identifier(key)} is null and not {row.bad(key)}")]
    checks.append(Check("operation", "unknown_operation", f"{row.operation} not in ('upsert', 'delete')"))
    if full:
        checks.append(Check("operation", "delete_in_full", f"{row.operation} = 'delete'"))
    of_row = [check for check in _missing(table, catalogue, row) if check.column != key]
    of_row += _types(table, catalogue, row, keyed=keyed) + _days(table, catalogue) + _codes(table, catalogue)
    if table == "action":
        of_row += _ends(catalogue, row)
    if table == "spell":
        of_row.append(Check("end_date", "end_before_start", "end_date < start_date"))
    return checks + [Check(one.column, one.rule, f"({one.found}) and {row.operation} <> 'delete'") for one in of_row]


def _missing(table: str, catalogue: Catalogue, row: TypedRow) -> list[Check]:
    needed = [column for column in columns(table, catalogue) if column.always and column.name != "end_date"]
    checks = [Check(column.name, _missing_rule(table, column), _empty(column, row)) for column in needed]
    if table == "action":
        versions = Versions(catalogue)
        for name in ("start_date", "approved_on"):
            counted = versions.where(lambda one, name=name: one.counted_on == name and one.records(name))  # type: ignore[misc]
            checks.append(Check(name, "missing", f"{name} is null and not {row.bad(name)} and {counted}"))
    return checks


def _missing_rule(table: str, column: Column) -> str:
    return "without_person" if table == "spell" and column.type == "person" else "missing"


def _empty(column: Column, row: TypedRow) -> str:
    return f"{identifier(column.name)} is null and not {row.bad(column.name)}"


def _types(table: str, catalogue: Catalogue, row: TypedRow, *, keyed: bool) -> list[Check]:
    rules = {**TYPE_RULES, "person": "not_a_keyed_pseudonym"} if keyed else TYPE_RULES
    typed = [column for column in columns(table, catalogue) if column.type in rules]
    checks = [Check(column.name, rules[column.type], row.bad(column.name)) for column in typed]
    whole = [column.name for column in typed if column.type == "whole"]
    return checks + [Check(name, "negative", f"{name} < 0") for name in whole]


def _days(table: str, catalogue: Catalogue) -> list[Check]:
    days = [column.name for column in columns(table, catalogue) if column.type == "day"]
    outside = f"not between date '{FIRST_DAY}' and date '{LAST_DAY}'"
    return [Check(name, "impossible_day", f"{identifier(name)} {outside}") for name in days]


def _codes(table: str, catalogue: Catalogue) -> list[Check]:
    lists = {
        "instruments": catalogue.instruments, "end_reasons": catalogue.end_reasons, "work_types": catalogue.work_types,
    }  # fmt: skip
    checks = [
        Check(column.name, "unknown_code", f"{column.name} not in ({literals(lists[column.codes])})")
        for column in columns(table, catalogue)
        if column.codes in lists
    ]
    if table != "action":
        return checks
    checks.append(Check("variant", "unknown_code", f"variant is not null and not ({_known_variant(catalogue)})"))
    if catalogue.frames:
        checks.append(Check("frame", "unknown_code", f"frame not in ({literals(catalogue.frames)})"))
    return checks + [check for dimension in catalogue.dimensions.values() for check in _dimension(dimension, catalogue)]


def _known_variant(catalogue: Catalogue) -> str:
    known = [
        f"instrument = {literal(one.code)} and variant in ({literals(variant.code for variant in one.variants)})"
        for one in catalogue.instruments.values()
        if one.variants
    ]
    return " or ".join(f"({one})" for one in known) or "false"


def _dimension(dimension: Dimension, catalogue: Catalogue) -> list[Check]:
    if (
        dimension.kind != "code"
        or not dimension.column
        or dimension.column not in recorded_columns("action", catalogue)
    ):
        return []
    name, codes = identifier(dimension.column), [entry.code for entry in dimension.codes]
    if dimension.column == "frame" and not codes:
        return []
    unknown = [f"{name} not in ({literals(codes)})"] if codes else []
    if dimension.open:
        if not dimension.pattern:
            return []
        unknown.append(f"not regexp_full_match({name}, {literal(dimension.pattern)})")
    condition = " and ".join(unknown)
    return [Check(dimension.column, "unknown_code", f"{name} is not null and {condition}")] if condition else []


def never_happened(catalogue: Catalogue) -> str:
    """SQL: whether the action never happened."""
    codes = literals(code for code, reason in catalogue.end_reasons.items() if reason.kind == "never_happened")
    return f"coalesce(end_reason in ({codes}), false)"


def _ends(catalogue: Catalogue, row: TypedRow) -> list[Check]:
    happened = f"not {never_happened(catalogue)}"
    recorded = Versions(catalogue).where(lambda one: one.records("end_date"))
    return [
        Check("end_date", "end_before_start", f"end_date < start_date and {happened}"),
        Check(
            "end_date", "reason_without_end",
            f"end_reason is not null and end_date is null and not {row.bad('end_date')} and {happened} and {recorded}",
        ),
    ]  # fmt: skip
