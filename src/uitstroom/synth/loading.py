"""Profiles read from their files, and held against the catalogue."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterator
from importlib.resources import files

from pydantic import ValidationError

from uitstroom.catalogue import Catalogue
from uitstroom.errors import Problem, UitstroomError, UsageError
from uitstroom.synth.profile import NO_FRAME, Based, Form, Profile


def profiles() -> tuple[str, ...]:
    """The names of the built-in profiles."""
    return tuple(sorted(file.name[:-5] for file in _DATA.iterdir() if file.name.endswith(".toml")))


def load(name: str, catalogue: Catalogue) -> Profile:
    """A built-in profile, checked against the catalogue.

    Raises `UsageError` for a name that is not known, `UitstroomError` with everything in the profile that the
    catalogue does not know.
    """
    if name not in profiles():
        raise UsageError("there is no such profile", where=f"profile {name}", todo=f"known: {', '.join(profiles())}")
    try:
        profile = Profile.model_validate(tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8")))
    except ValidationError as error:
        raise UitstroomError.of([Problem(one["msg"], _key(name, one["loc"])) for one in error.errors()]) from None
    problems = list(_problems(profile, catalogue))
    if problems:
        raise UitstroomError.of(problems)
    return profile


_DATA = files("uitstroom.synth") / "data"


def _key(name: str, place: tuple[int | str, ...]) -> str:
    return f"{name}.toml: {'.'.join(map(str, place))}"


def _problems(profile: Profile, catalogue: Catalogue) -> Iterator[Problem]:
    for kind, code, known in _codes(profile, catalogue):
        if code not in known:
            todo = "use a code of the catalogue, or add it there"
            yield Problem(f"the catalogue knows no {kind} {code!r}", f"{profile.name}.toml", todo)
    for place, based in _based(profile):
        if based.basis != "invented" and based.source not in catalogue.sources:
            todo = "name a source of the catalogue, or say that it is invented"
            yield Problem(f"a total that is {based.basis} has no known source", f"{profile.name}.toml: {place}", todo)
    for total in profile.totals:
        counts = [one.entrants for form in profile.forms for one in form.cohorts if one.period == total.period]
        if sum(counts) != total.count:
            yield Problem(f"the forms of {total.period} add up to {sum(counts)}", f"{profile.name}.toml: totals")


def _based(profile: Profile) -> Iterator[tuple[str, Based]]:
    """Everything that has a basis, with its place."""
    yield from ((f"totals {total.period}", total) for total in profile.totals)
    yield ("persons", profile.persons)
    for form in profile.forms:
        yield from ((f"{form.instrument} {one.period}", one) for one in form.cohorts)
        yield from ((f"{form.instrument} {one.period} rate", one) for one in form.rates)
        yield from ((f"{form.instrument} {one.period} ended", one.ended) for one in form.cohorts if one.ended)


def _codes(profile: Profile, catalogue: Catalogue) -> Iterator[tuple[str, str, Container[str]]]:
    """Every code that the profile names: its kind, the code, and what the catalogue knows of that kind."""
    faults = profile.faults
    reasons = [faults.annulled_reason, faults.interrupted_reason, *(one.reason for one in profile.training.endings)]
    yield from (("end reason", code, catalogue.end_reasons) for code in reasons)
    yield from (("work type", code, catalogue.work_types) for code in profile.work.types)
    yield ("instrument", profile.training.instrument, catalogue.instruments)
    for form in profile.forms:
        yield from _codes_of_form(form, profile, catalogue)
    of_people = [*(mix.columns for mix in profile.mixes.values()), profile.fallback, profile.leanings]
    for column, shares in (item for table in (*of_people, profile.employer_columns) for item in table.items()):
        known = [code for code in shares if _has_value(catalogue, column, code)]
        yield from ((f"value of {column}", code, known) for code in shares if code)


def _has_value(catalogue: Catalogue, column: str, code: str) -> bool:
    dimensions = [one for one in catalogue.dimensions.values() if one.column == column]
    fits = (one.open and re.fullmatch(one.pattern or ".*", code) for one in dimensions)
    return any(fits) or any(entry.code == code for one in dimensions for entry in one.codes)


def _codes_of_form(form: Form, profile: Profile, catalogue: Catalogue) -> Iterator[tuple[str, str, Container[str]]]:
    yield ("instrument", form.instrument, catalogue.instruments)
    instrument = catalogue.instruments.get(form.instrument)
    variants = [variant.code for variant in instrument.variants] if instrument else []
    yield from (("variant", code, variants) for code in form.variants)
    reasons = [one.reason for one in (*form.endings, *form.undone) if one.reason]
    yield from (("end reason", code, catalogue.end_reasons) for code in reasons)
    yield from (("frame", code, catalogue.frames) for code in form.frames if code != NO_FRAME)
    if form.work_type:
        yield ("work type", form.work_type, catalogue.work_types)
    if form.rates and instrument:
        names = [one.outflow for one in instrument.versions if isinstance(one.outflow, str)]
        yield ("definition of outflow of", form.instrument, [form.instrument] if names else [])
    yield from (("mix", name, profile.mixes) for name in (form.mix, *form.variant_mixes.values()))
    yield from (("variant with a mix", code, form.variants) for code in form.variant_mixes)
