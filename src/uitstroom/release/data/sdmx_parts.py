"""The dimensions, the measure and the attributes of the SDMX data structure, and their code lists."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.errors import UitstroomError
from uitstroom.figures import UNITS, Figure, Table
from uitstroom.periods import Period, add_months
from uitstroom.release.columns import BY, columns, dimensions
from uitstroom.release.data.codes import Codes, codes_of, group_name, known_codes
from uitstroom.release.data.csvw import column_text
from uitstroom.release.fields import Column, Datatype, Role, Take
from uitstroom.text import LANGUAGES, Language, Text, listing

ALL, UNKNOWN, PERCENT = "_T", "_U", "PT"
CHOSEN = "_T_CHOSEN"
"""The total of forms that a question chose."""
NO_NUMBER = "NaN"
"""What SDMX-CSV 2.0 writes for a number that is missing on purpose."""
OBS_STATUS = {"not_applicable": "M", "not_possible": "L", "not_yet_known": "O", "suppressed": "Q"}
FREE, CONFIDENTIAL, INTERNAL = "F", "C", "N"
_OBSERVED = ("A", "B", "L", "M", "O", "P", "Q")


@dataclass(frozen=True)
class Part:
    """A component: its id, role, type and name, and how its value is taken; `codes` are its list, by id."""

    id: str
    role: Role
    datatype: Datatype | Literal["period"]
    name: Text
    take: Take
    codes: Mapping[str, Text] | None = None
    required: bool = False

    @property
    def list_id(self) -> str:
        """The id of its code list; the units of the figure and of what is counted share one."""
        return "CL_UNIT" if self.id in ("UNIT_MEASURE", "UNIT") else f"CL_{self.id}"


@dataclass(frozen=True)
class Setting:
    """What is written, under which names."""

    published: Publishable
    catalogue: Catalogue
    names: tuple[str, ...]

    @property
    def agency(self) -> str:
        return sdmx_id(self.catalogue.service.code)

    @cached_property
    def codes(self) -> Codes:
        """Every code of the catalogue, so that the lists of one release are those of the next; behind them what only
        this release holds."""
        known, found = known_codes(self.catalogue), codes_of(self.published, self.catalogue)
        return {kind: {**known.get(kind, {}), **found.get(kind, {})} for kind in {**known, **found}}

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension of the catalogue: a figure that is not broken down by it is its total."""
        return tuple(dict.fromkeys([*self.catalogue.dimensions, *dimensions(self.published)]))

    @property
    def figures(self) -> list[Figure]:
        return [figure for table in self.published for figure in table.figures]


def version(setting: Setting) -> str:
    """The version of a release's dataflows: the day as known on."""
    day = setting.published.tables[0].scope.as_known_on
    return f"{day.year}.{day.month}.{day.day}"


def structure_version(header: Iterable[Part]) -> str:
    """The version of concepts, code lists and data structure, by their content: it stays while the catalogue does."""
    said = [
        [
            part.id,
            part.role,
            part.datatype,
            dict(part.name),
            {code: dict(name) for code, name in (part.codes or {}).items()},
        ]
        for part in header
    ]
    content = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return f"2.0.0-{content[:12]}"


def sdmx_id(code: str) -> str:
    """A code as an SDMX id: capitals, and `<25` as `LT25`, `55+` as `55PLUS`, `>=3` as `GE3`."""
    for sign, word in (("<=", "LE"), (">=", "GE"), ("<", "LT"), (">", "GT"), ("+", "PLUS"), ("=", "EQ")):
        code = code.replace(sign, word)
    return re.sub(r"[^A-Za-z0-9_$@-]", "_", code).upper()


def flow_id(name: str) -> str:
    """The id of a table's dataflow."""
    return "DF_" + sdmx_id(name).replace("-", "_")


def time_period(period: Period) -> str:
    """A period as SDMX writes it; a stretch without a name of its own as its first day and its length."""
    if "/" not in period.code:
        return period.code
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    if period.first.day == 1 and add_months(period.first, months).toordinal() == period.last.toordinal() + 1:
        return f"{period.first.isoformat()}/P{months}M"
    return f"{period.first.isoformat()}/P{(period.last - period.first).days + 1}D"


def frequency(period: Period) -> str:
    """A year, half, quarter, month or day; `_O` for any other stretch."""
    if "/" in period.code:
        return "_O"
    rest = period.code[5:]
    return {"": "A", "S": "S", "Q": "Q"}.get(rest[:1], "D" if "-" in rest else "M")


def unit_id(units: Iterable[str]) -> str:
    """One unit, or all that a mixed total adds."""
    return "_AND_".join(sdmx_id(unit) for unit in units)


def observed(figure: Figure) -> str:
    """OBS_STATUS: provisional goes before break; the reason of a missing value is in the comment."""
    if figure.status != "value":
        return OBS_STATUS[figure.status]
    return "P" if figure.provisional else "B" if figure.series_break else "A"


def confidential(figure: Figure, table: Table) -> str:
    """CONF_STATUS: one sign for every hidden cell, so that none tells whether it is a small one."""
    if figure.status == "suppressed":
        return CONFIDENTIAL
    return FREE if table.scope.protected else INTERNAL


def parts(setting: Setting) -> tuple[Part, ...]:
    """Every component, in the order of the columns."""
    word = setting.catalogue.words
    found = columns(setting.published)
    status = {code: word[f"obs_status.{code}"] for code in _OBSERVED}
    confidence = {code: word[f"conf_status.{code}"] for code in (CONFIDENTIAL, FREE, INTERNAL)}
    return (
        *_dimensions(setting),
        Part("OBS_VALUE", "measure", "number", word["column.value"], _value),
        Part("OBS_STATUS", "attribute", "text", word["column.obs_status"], lambda f, _: observed(f), status, True),
        Part("CONF_STATUS", "attribute", "text", word["column.conf_status"], confidential, confidence, True),
        Part("UNIT_MEASURE", "attribute", "text", word["column.unit_measure"], _measure, _units(setting)),
        *(_attribute(setting, column) for column in found if column.role == "attribute"),
        Part("EXPECTED_DATE", "attribute", "day", word["column.known_on"], _expected),
        *(_comment(setting, language) for language in LANGUAGES),
        *(_attribute(setting, column) for column in found if column.role == "set"),
    )


def _dimensions(setting: Setting) -> list[Part]:
    frequencies = {code: setting.catalogue.words[f"frequency.{code}"] for code in ("A", "S", "Q", "M", "D", "_O")}
    indicators = {sdmx_id(code): name for code, name in setting.codes["indicator"].items()}
    return [
        _key(setting, "FREQ", "frequency", lambda f, _: frequency(f.period), frequencies),
        _key(setting, "INDICATOR", "indicator", lambda f, _: sdmx_id(f.indicator), indicators),
        _key(
            setting,
            "INSTRUMENT",
            "instrument",
            lambda f, _: instrument_id(f, setting.catalogue.groups),
            _instruments(setting),
        ),
        *(_breakdown(setting, code) for code in setting.dimensions),
        _key(setting, "TIME_PERIOD", "period", lambda f, _: time_period(f.period), None),
    ]


def _key(setting: Setting, key: str, word: str, take: Take, codes: Mapping[str, Text] | None) -> Part:
    datatype: Literal["text", "period"] = "text" if codes is not None else "period"
    return Part(key, "dimension", datatype, setting.catalogue.words[f"column.{word}"], take, codes, True)


def instrument_id(figure: Figure, groups: Container[str]) -> str:
    """The instrument; of a total `_T_` and its group, so that totals over other groups are other cells. Forms that were
    chosen for one question are no group of the catalogue: the attribute GROUP names them."""
    if figure.instrument:
        return sdmx_id(figure.instrument)
    return f"{ALL}_{sdmx_id(figure.group or '')}" if figure.group in groups else CHOSEN


def _instruments(setting: Setting) -> Mapping[str, Text]:
    named = {sdmx_id(code): name for code, name in setting.codes["instrument"].items()}
    total, catalogue = setting.catalogue.words["sdmx.total"], setting.catalogue
    totals = {f"{ALL}_{sdmx_id(code)}": total.format(name=group_name(catalogue, code)) for code in catalogue.groups}
    chosen = {CHOSEN: setting.catalogue.words["sdmx.chosen"]}
    return _unique(named, len(setting.codes["instrument"]), "instrument") | totals | chosen


def _breakdown(setting: Setting, code: str) -> Part:
    """A breakdown with its list of codes; an open one has none, since no list would be whole."""
    catalogue, found = setting.catalogue, setting.codes.get(BY + code, {})
    listed = _unique({dimension_code(one): name for one, name in found.items()}, len(found), code)
    codes = None if catalogue.dimension(code).open else {ALL: catalogue.words["sdmx.all"], **listed}

    def take(figure: Figure, _: Table) -> str:
        return dimension_code(figure.by[code]) if code in figure.by else ALL

    return Part(sdmx_id(code), "dimension", "text", catalogue.dimension(code).name, take, codes, True)


def dimension_code(code: str) -> str:
    """A value of a breakdown as an SDMX id."""
    return UNKNOWN if code == "unknown" else sdmx_id(code)


def _unique(codes: dict[str, Text], count: int, kind: str) -> dict[str, Text]:
    if len(codes) < count:
        raise UitstroomError(
            "two codes become the same SDMX id", where=f"codes of {kind}", todo="give one of them another code"
        )
    return codes


def _units(setting: Setting) -> Mapping[str, Text]:
    word = setting.catalogue.words
    mixed = [units for count in range(1, len(UNITS) + 1) for units in combinations(UNITS, count)]
    met = dict.fromkeys([*mixed, *(figure.units for figure in setting.figures if figure.units)])
    named = {unit_id(units): listing(word[f"unit.{unit}.plural"] for unit in units) for units in met}
    return {PERCENT: word["measure.PT"], **named}


def _value(figure: Figure, _: Table) -> Any:
    return NO_NUMBER if figure.value is None else figure.value


def _measure(figure: Figure, _: Table) -> str | None:
    return PERCENT if figure.kind == "rate" else unit_id(figure.units) or None


def _expected(figure: Figure, _: Table) -> Any:
    return figure.known_on if figure.status == "not_yet_known" or figure.provisional else None


def _attribute(setting: Setting, column: Column) -> Part:
    name, codes, take = column_text(column, setting.catalogue), None, column.take
    if column.name == "unit":
        codes, take = _units(setting), lambda figure, _: unit_id(figure.units) or None
    elif column.coded:
        codes = {sdmx_id(code): said for code, said in setting.codes[column.name].items()}
        take = _coded(column)
    role: Role = column.role or "attribute"
    return Part(column.name.upper(), role, column.datatype, name, take, codes or None, role == "set")


def _coded(column: Column) -> Take:
    def take(figure: Figure, table: Table) -> str | None:
        code = column.take(figure, table)
        return sdmx_id(code) if code else None

    return take


def _comment(setting: Setting, language: Language) -> Part:
    """The reason, the notes about the cell, and what OBS_STATUS has no room for."""

    def take(figure: Figure, _: Table) -> str:
        return " ".join(text.in_language(language) for text in comments(figure, setting.catalogue))

    name = f"comment_{language}"
    return Part(name.upper(), "attribute", "text", setting.catalogue.words[f"column.{name}"], take)


def comments(figure: Figure, catalogue: Catalogue) -> list[Text]:
    """What is said with a cell."""
    said = [figure.reason] if figure.reason else []
    if figure.provisional:
        key = "note.provisional" if figure.kind == "rate" else "note.provisional_count"
        said.append(catalogue.word(key, day=figure.provisional))
    if figure.series_break:
        change = figure.series_break
        said.append(catalogue.word("note.break", before=change.before, after=change.after, period=figure.period.name))
    return list(dict.fromkeys([*said, *(note.text for note in figure.notes)]))
