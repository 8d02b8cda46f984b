"""Tables made by hand that hold every kind of cell: what the formats of a release are held against."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable, expose, protect
from uitstroom.figures import Bounds, Break, DefinitionName, Event, Figure, Maturity, Note, Scope, Table
from uitstroom.periods import Horizon, Period
from uitstroom.text import Text, listing, rounded_percentage

HALF = Period.parse("2017-S1")
YEAR = Period.parse("2016-07/2017-06")
FORMS = ("activeringsstage", "bvs", "opleidingsstage", "bio", "ibo", "iss", "wes")
STARTED = (312, 3076, 11571, 1000, 7183, 73, 36)
GROUP = "werkplekleren"


@cache
def catalogue() -> Catalogue:
    return Catalogue.load()


def scope(**changes: object) -> Scope:
    def day(*parts: int) -> datetime.date:
        return datetime.date(*parts)

    made = Scope(
        service=catalogue().service.name,
        where=catalogue().service.where,
        as_known_on=day(2017, 11, 23),
        snapshot="5e1f" * 16,
        complete={"action": (day(2014, 1, 1), day(2017, 11, 10)), "spell": (day(2014, 1, 1), day(2017, 10, 31))},
        quarantined={"action": 3, "spell": 0},
        delivered={"action": 60000, "spell": 300000},
        catalogue=catalogue().fingerprint,
        synthetic=True,
        clock=day(2017, 11, 23),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def note(key: str, **parts: object) -> Note:
    return Note(key, catalogue().word(key, **parts))


def plural(*units: str) -> Text:
    return listing(catalogue().word(f"unit.{unit}.plural") for unit in units)


def title(indicator: str, period: Text) -> Text:
    names = catalogue().indicators.indicators
    return catalogue().word("table.title", indicator=names[indicator].name, periods=period)  # type: ignore[index]


def started() -> Table:
    """Question 115: seven forms, GOS as a part of BVS, and a total of two units."""
    counts = [
        Figure("started", form, None, HALF, "count", "value", value=count, units=(unit_of(form),))
        for form, count in zip(FORMS, STARTED, strict=True)
    ]
    total = Figure(
        "started", None, GROUP, HALF, "count", "value", value=sum(STARTED), units=("action", "approved_plan")
    )
    part = replace(counts[1], by={"variant": "gos"}, value=614)
    notes = (note("note.mixed_units", units=plural("action", "approved_plan")),)
    total = replace(total, notes=notes)
    return Table("started", scope(), (*counts, total, part), title("started", HALF.name), (), FORMS, notes)


def unit_of(form: str) -> str:
    return "approved_plan" if form == "bio" else "action"


def rate(form: str, at_work: int, base: int, *, unit: str = "action", definition: str = "iss-3-months") -> Figure:
    boxes = Maturity(base + 40, 21, 0, 0, 19, base, at_work, base - at_work)
    return Figure(
        "outflow", form, None, HALF, "rate", "value", units=(unit,), value=rounded_percentage(at_work, base),
        numerator=at_work, base=base, cohort="ended", anchor="end", horizon=Horizon(months=3), event=Event(),
        work_types=("OTH", "EXT", "FLX", "STU"), definition=DefinitionName(definition, "1", "seed", True),
        maturity=boxes, known_on=datetime.date(2017, 9, 30),
    )  # fmt: skip


def without(form: str, status: str, reason: Text, **parts: object) -> Figure:
    return Figure("outflow", form, None, HALF, "rate", status, reason=reason, **parts)  # type: ignore[arg-type]


def outflow() -> Table:
    """Every status of an outflow, as question 115 has them."""
    orienting = Text(nl="oriënterend: de vraag is niet van toepassing", en="orienting: the question does not apply")
    service, day = catalogue().service.name, datetime.date(2018, 6, 30)
    fields = listing([catalogue().word("field.person_id"), catalogue().word("field.start_date")])
    ibo = replace(
        rate("ibo", 0, 1, definition="ibo-12-months"), status="not_yet_known", value=None, numerator=None, base=None,
        cohort="started", anchor="start", horizon=Horizon(months=12), known_on=day,
        maturity=Maturity(7183, 0, 0, 0, 7183, 0, 0, 0), reason=catalogue().word("reason.not_yet_known", day=day),
    )  # fmt: skip
    figures = (
        without("activeringsstage", "not_applicable", orienting),
        without("bvs", "not_applicable", orienting),
        rate("opleidingsstage", 5943, 8870, unit="trajectory", definition="opleidingsstage-3-months"),
        without(
            "bio", "not_possible", catalogue().word("reason.not_recorded", service=service, fields=fields),
            missing=("person_id", "start_date"),
        ),
        ibo,
        rate("iss", 141, 300),
        rate("wes", 2, 9),
    )  # fmt: skip
    notes = (note("note.bases_differ"), Note("note.limit", catalogue().indicators.limits[0]))
    return Table("outflow", scope(), figures, title("outflow", HALF.name), (), FORMS, notes)


def persons() -> Table:
    """Distinct persons: the total is no sum, and leaves BIO out."""
    counts = (400, 3300, 17200, None, 14900, 160, 36)
    figures = [
        Figure("persons", form, None, YEAR, "count", "value", value=count, units=("person",), additive=False)
        for form, count in zip(FORMS, counts, strict=True)
    ]
    reason = catalogue().word(
        "reason.not_recorded", service=catalogue().service.name, fields=catalogue().word("field.person_id")
    )
    figures[3] = replace(figures[3], status="not_possible", reason=reason, missing=("person_id",))
    total = replace(figures[0], instrument=None, group=GROUP, value=34800, leaves_out=("bio",))
    bio = catalogue().instrument("bio").short_name
    notes = (note("note.persons_not_additive"), note("note.persons_leave_out", instruments=bio))
    total = replace(total, notes=notes)
    return Table("persons", scope(), (*figures, total), title("persons", YEAR.name), (), FORMS, notes)


def by_age_and_sex() -> Table:
    """A breakdown by two dimensions with small cells, for IBO and ISS and their total."""
    cells = {
        ("<25", "F"): (700, 12), ("<25", "M"): (1100, 2), ("25-54", "F"): (2100, 25), ("25-54", "M"): (2900, 18),
        ("55+", "F"): (180, 0), ("55+", "M"): (203, 16),
    }  # fmt: skip
    figures = []
    for age in (None, "<25", "25-54", "55+"):
        for sex in (None, "F", "M"):
            by = {key: code for key, code in (("age_group", age), ("sex", sex)) if code}
            counts = [
                sum(pair[place] for (a, s), pair in cells.items() if age in (None, a) and sex in (None, s))
                for place in (0, 1)
            ]
            for form, count in zip(("ibo", "iss"), counts, strict=True):
                figures.append(Figure("started", form, None, HALF, "count", "value", by, ("action",), count))
            figures.append(Figure("started", None, "ibo+iss", HALF, "count", "value", by, ("action",), sum(counts)))
    dimensions = listing([catalogue().dimension("age_group").name, catalogue().dimension("sex").name])
    named = title("started", HALF.name) + catalogue().word("table.by", dimensions=dimensions)
    return Table("started", scope(), tuple(figures), named, ("age_group", "sex"), ("ibo", "iss"))


def series() -> Table:
    """A series of rates with a break, a provisional value with bounds, and a year that is not yet known."""
    years = [Period.parse(str(year)) for year in range(2013, 2018)]
    change = Break("ibo@2009-10-01", "ibo@2014-01-01")
    late = datetime.date(2018, 12, 31)
    values = (rate("ibo", at_work, base) for at_work, base in ((4100, 6300), (4800, 7000), (5520, 7530), (3000, 4000)))
    figures = [replace(figure, period=year) for figure, year in zip(values, years[:4], strict=True)]
    figures[1] = replace(figures[1], series_break=change)
    figures[3] = replace(
        figures[3], provisional=datetime.date(2016, 6, 30), bounds=Bounds(Decimal(41), Decimal(86)), known_on=late
    )
    reason = catalogue().word("reason.not_yet_known", day=late)
    unknown = replace(without("ibo", "not_yet_known", reason, known_on=late), period=years[4])
    notes = (note("note.break", before=change.before, after=change.after, period=years[1].name),)
    periods = listing(year.name for year in years)
    return Table("outflow", scope(), (*figures, unknown), title("outflow", periods), (), ("ibo",), notes)


def counts_in_series() -> Table:
    """A series of counts of two forms, one of which did not exist at first, with a total that breaks there."""
    years = [Period.parse(str(year)) for year in (2015, 2016, 2017)]
    gone = Text(nl="werkervaringsstage bestaat pas sinds 1 januari 2017", en="exists only since 1 January 2017")
    figures = []
    for year, ibo, wes in zip(years, (11402, 12977, 14366), (None, None, 88), strict=True):
        one = Figure("started", "ibo", None, year, "count", "value", units=("action",), value=ibo)
        other = replace(one, instrument="wes", value=wes)
        if wes is None:
            other = replace(other, status="not_applicable", reason=gone)
        total = replace(one, instrument=None, group="ibo+wes", value=ibo + (wes or 0))
        figures += [one, other, replace(total, series_break=Break("ibo", "ibo+wes") if wes else None)]
    notes = (note("note.break", before="ibo", after="ibo+wes", period=years[2].name),)
    periods = listing(year.name for year in years)
    return Table("started", scope(), tuple(figures), title("started", periods), (), ("ibo", "wes"), notes)


def all_tables() -> tuple[Table, ...]:
    return started(), outflow(), persons(), by_age_and_sex(), series(), counts_in_series()


def published(tables: Iterable[Table] | None = None) -> Publishable:
    """The tables, protected together."""
    policy = catalogue().disclosure
    return protect(tuple(tables or all_tables()), policy, catalogue().word("reason.suppressed"))


def exposed(tables: Iterable[Table] | None = None) -> Publishable:
    """The tables unprotected, for inside."""
    return expose(tuple(tables or all_tables()), catalogue().disclosure)
