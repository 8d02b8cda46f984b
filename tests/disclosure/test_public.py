"""What leaves: the public files tell nothing of which hidden cell is the small one, and open none under our audit."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests import samples
from tests.disclosure.tables import count, rate, table
from uitstroom.audit import Terms, look
from uitstroom.audit.codelists import Hierarchies
from uitstroom.audit.release_folder import add_release
from uitstroom.audit.sheet import Sheet
from uitstroom.disclosure import protect_with_proof
from uitstroom.release.data import WRITERS

LEVELS = ("low", "medium", "high")
PLACES = [(level, sex) for level in LEVELS for sex in "FM"]


def _released(*tables):
    catalogue = samples.catalogue()
    tables = [replace(one, scope=samples.scope()) for one in tables]
    return protect_with_proof(tables, catalogue.disclosure, catalogue.word("reason.suppressed"))


def _by_sex(women, men):
    return table(count("iss", women, sex="F"), count("iss", men, sex="M"), count("iss", women + men))


def _rates_by_sex(women, men):
    """Of 12 women and 12 men so many are not at work."""
    parts = rate("iss", 12 - women, 12, sex="F"), rate("iss", 12 - men, 12, sex="M")
    return table(*parts, rate("iss", 24 - women - men, 24))


@pytest.mark.parametrize("made", [_by_sex, _rates_by_sex])
def test_public_files_do_not_tell_which_hidden_cell_is_the_small_one(made):
    (one, first), (other, second) = _released(made(2, 7)), _released(made(7, 2))
    assert {name: kind for name, kind in first.kinds.items() if kind == "primary"} != {
        name: kind for name, kind in second.kinds.items() if kind == "primary"
    }
    assert first.kinds.keys() == second.kinds.keys()
    for form in ("json", "csv"):
        assert WRITERS[form](one, samples.catalogue(), "nl") == WRITERS[form](other, samples.catalogue(), "nl"), form


def _grid(numbers, make):
    """Six cells of education and sex with their margins."""
    places = dict(zip(PLACES, numbers, strict=True))
    chosen = [{"education": level, "sex": sex} for level, sex in PLACES]
    chosen += [{"education": level} for level in LEVELS] + [{"sex": sex} for sex in "FM"] + [{}]
    return table(*(make(_sum(places, by), by) for by in chosen))


def _sum(places, by):
    own = [n for (level, sex), n in places.items() if by.items() <= {"education": level, "sex": sex}.items()]
    return tuple(map(sum, zip(*own, strict=True)))


def _read_again(publishable):
    """What a stranger makes of the public JSON, all ends of all that is hidden."""
    files = WRITERS["json"](publishable, samples.catalogue(), "nl", ["release"])
    sheet = Sheet()
    add_release(sheet, json.loads(files["data/figures.json"]), None, Hierarchies.published())
    return look(sheet, Hierarchies.published(), Terms(all_ends=True)).seen


def test_a_stranger_opens_no_hidden_count_of_a_release():
    numbers = [(n,) for n in (2, 9, 8, 11, 7, 30)]
    grid = _grid(numbers, lambda sums, by: count("iss", *sums, **by))
    found = _read_again(_released(grid)[0])
    assert len(found) >= 4
    assert all(one.safe and (one.high is None or one.high >= max(4, one.low + 1)) for one in found)


def test_a_stranger_opens_no_hidden_numerator_of_a_release():
    numbers = [(2, 20), (9, 21), (8, 30), (11, 33), (7, 9), (30, 60)]
    grid = _grid(numbers, lambda sums, by: replace(rate("iss", *sums, **by), cohort="ended", anchor="end"))
    found = _read_again(_released(grid)[0])
    assert len(found) >= 4
    assert all(one.safe and (one.high is None or one.high >= max(4, one.low + 1)) for one in found)
