"""The reverse question: of a given list of persons, which share did each form reach in a period."""

from __future__ import annotations

from dataclasses import replace

from uitstroom.figures import Figure, Population
from uitstroom.measure.asking import Asked, Question, Setting
from uitstroom.measure.counts import count_figures
from uitstroom.registers.population import PersonList
from uitstroom.text import rounded_percentage


def reach_figures(setting: Setting, question: Question, asked: Asked) -> list[Figure]:
    """The distinct persons of the list that were reached, as a share of all of it, known to the register or not.

    A breakdown is by the characteristics of those reached, and its shares are of the whole list. Whether a share may
    be told is no question of measuring: each figure carries the list, by which protection refuses it.
    """
    listed = question.population or NOBODY
    population = Population(listed.fingerprint, frozenset(listed.persons), setting.engine.known_persons(listed.persons))
    return [_share(setting, figure, population) for figure in count_figures(setting, question, asked)]


NOBODY = PersonList((), "")
"""A list without persons."""


def _share(setting: Setting, figure: Figure, population: Population) -> Figure:
    rate = replace(figure, kind="rate", units=("person",), population=population)
    if figure.status != "value":
        return rate
    if not population.persons:
        return replace(rate, status="not_applicable", value=None, reason=setting.catalogue.word("reason.nobody"))
    reached = int(figure.value or 0)
    return replace(
        rate, value=rounded_percentage(reached, population.persons), numerator=reached, base=population.persons
    )
