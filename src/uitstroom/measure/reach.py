"""The reverse question: of a given list of persons, which share did each form reach in a period."""

from __future__ import annotations

from dataclasses import replace

from uitstroom.figures import Figure
from uitstroom.measure.asking import Asked, Question, Setting
from uitstroom.measure.counts import count_figures
from uitstroom.text import rounded_percentage


def reach_figures(setting: Setting, question: Question, asked: Asked) -> list[Figure]:
    """The distinct persons of the population that were reached, as a share of all of it.

    A person who is on the list twice is one; one whom the register does not know was not reached. A breakdown is by the
    characteristics of those reached, and its shares are of the whole population.
    """
    population = tuple(sorted(set(question.population or ())))
    counted = count_figures(setting, replace(question, population=population), asked)
    return [_share(setting, figure, len(population)) for figure in counted]


def _share(setting: Setting, figure: Figure, population: int) -> Figure:
    rate = replace(figure, kind="rate", units=("person",))
    if figure.status != "value":
        return rate
    if not population:
        return replace(rate, status="not_applicable", value=None, reason=setting.catalogue.word("reason.nobody"))
    reached = int(figure.value or 0)
    return replace(rate, value=rounded_percentage(reached, population), numerator=reached, base=population)
