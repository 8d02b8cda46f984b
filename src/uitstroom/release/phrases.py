"""The parts that sentences about figures are made of: when, of what, and what was measured."""

from __future__ import annotations

from uitstroom.catalogue import Catalogue
from uitstroom.figures import Figure
from uitstroom.text import Text


def capitalised(text: str) -> str:
    """With a capital first, where it begins with a letter."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a capital first and a full stop last."""
    return capitalised(text) if text.endswith((".", "!", "?", "…")) else f"{capitalised(text)}."


def when(figure: Figure, catalogue: Catalogue) -> Text:
    """`in de eerste jaarhelft van 2017`; of what runs, its last day."""
    if figure.indicator == "running":
        return catalogue.word("letter.on", day=figure.period.last)
    return figure.period.adverb


def several(figure: Figure, catalogue: Catalogue) -> Text:
    """`IBO's`, `trajecten met opleidingsstage`, or what the actions of a whole group are called."""
    if figure.instrument is None:
        group = catalogue.groups.get(figure.group or catalogue.service.default_group)
        return (group.plural if group else None) or catalogue.word("unit.action.plural")
    instrument = catalogue.instrument(figure.instrument)
    if figure.unit in ("trajectory", "approved_plan") or not instrument.plural:
        units = catalogue.word(f"unit.{figure.unit or 'action'}.plural")
        key = "letter.trajectories_with" if figure.unit == "trajectory" else "letter.units_of"
        return catalogue.word(key, units=units, instrument=instrument.short_name)
    return instrument.plural


def single(figure: Figure, catalogue: Catalogue) -> Text:
    """`IBO`, or `actie`."""
    if figure.instrument is None:
        return catalogue.word("unit.action.singular")
    return catalogue.instrument(figure.instrument).short_name


def cohort(figure: Figure, catalogue: Catalogue) -> Text:
    """`gestart in de eerste jaarhelft van 2017`."""
    return catalogue.word(f"letter.cohort.{figure.cohort}", when=figure.period.adverb)


def subject(figure: Figure, catalogue: Catalogue, article: bool = False) -> Text:
    """`uitstroom na 12 maanden voor IBO's gestart in de eerste jaarhelft van 2017`, or `de uitstroom …`."""
    if figure.kind != "rate" or figure.cohort is None or figure.horizon is None:
        what = several(figure, catalogue)
        key = f"letter.subject_of.{figure.indicator}"
        known = key if key in catalogue.words else "letter.subject_of.other"
        indicator = catalogue.indicator(figure.indicator).name
        return catalogue.word(known, what=what, when=when(figure, catalogue), indicator=indicator)
    parts = {"what": several(figure, catalogue), "cohort": cohort(figure, catalogue)}
    key = "letter.the_outflow_of" if article else "letter.outflow_of"
    return catalogue.word(key, horizon=figure.horizon.name, **parts)
