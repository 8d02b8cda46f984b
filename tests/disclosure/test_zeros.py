"""Where zeros that are shown leave a number without protection: zeros are hidden too, and a reader is told."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.disclosure.tables import added, count, table
from uitstroom.disclosure.linked import ZEROS_HIDDEN, Linked
from uitstroom.disclosure.model import protect_release
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.errors import UitstroomError
from uitstroom.text import Text

REASON = Text(nl="niet vrijgegeven", en="withheld")
TOLD = Text(nl="ook een 0 kan verborgen zijn", en="a 0 can be hidden too")
MOST = 12
PLACES = list(itertools.product(("low", "high"), "FMX"))
MARGINS = [*((level, None) for level in ("low", "high")), *((None, sex) for sex in "FMX"), (None, None)]


def _sums(numbers):
    leaves = dict(zip(PLACES, numbers, strict=True))
    sums = {
        (level, sex): sum(n for (own, other), n in leaves.items() if level in (None, own) and sex in (None, other))
        for level, sex in MARGINS
    }
    return {**leaves, **sums}


def _grid(numbers):
    names = ("education", "sex")
    cells = _sums(numbers).items()
    return table(*(count("iss", n, **{k: v for k, v in zip(names, key, strict=True) if v}) for key, n in cells))


def _printed(release):
    (one,) = release.tables
    return {(figure.by.get("education"), figure.by.get("sex")): figure.value for figure in one.figures}


def _worlds(printed, least):
    """Every table with hidden cells of `least` or more that agrees; the last of each row and column follows."""
    free = [place for place in PLACES if printed[place] is None]
    for values in itertools.product(range(least, MOST + 1), repeat=len(free)):
        chosen = iter(values)
        world = _sums([next(chosen) if printed[place] is None else printed[place] for place in PLACES])
        if all(n == world[key] if n is not None else world[key] >= least for key, n in printed.items()):
            yield world


@settings(max_examples=60)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 5, 6]), min_size=6, max_size=6))
@example([1, 0, 1, 1, 5, 3])
@example([1, 0, 2, 1, 6, 5])
@example([3, 0, 0, 1, 1, 0])
def test_a_reader_who_knows_that_zeros_can_be_hidden_finds_no_small_number(numbers):
    try:
        release = protect_release([_grid(numbers)], Rule(3), REASON, zeros_note=TOLD)
    except UitstroomError:
        return
    printed, truth, seen = _printed(release), _sums(numbers), defaultdict(set)
    assume(sum(printed[place] is None for place in PLACES) <= 4)
    for world in _worlds(printed, 0 if release.zeros_hidden else 1):
        for key, number in world.items():
            seen[key].add(number)
    assert release.zeros_hidden == any(note.code == ZEROS_HIDDEN for note in release.tables[0].notes)
    for key, number in truth.items():
        assert printed[key] in (None, number)
        assert printed[key] is None or not 0 < number < 3
        assert printed[key] is not None or number > 0 or release.zeros_hidden
        if printed[key] is None:
            assert len(seen[key]) >= 2
            if 0 < number < 3:
                assert max(seen[key]) >= 3
                assert min(seen[key]) < number or (number == 1 and not release.zeros_hidden)


LONELY = [1, 5, 0, 1, 0, 5]


def test_a_number_among_zeros_is_refused_without_the_note_and_kept_with_it():
    with pytest.raises(UitstroomError):
        protect_release([_grid(LONELY)], Rule(3), REASON)
    release = protect_release([_grid(LONELY)], Rule(3), REASON, zeros_note=TOLD)
    printed = _printed(release)
    assert release.zeros_hidden
    assert any(printed[place] is None and n == 0 for place, n in zip(PLACES, LONELY, strict=True))
    assert [note.text for note in release.tables[0].notes] == [TOLD]


def test_zeros_stay_shown_where_that_is_enough():
    release = protect_release([_grid([2, 7, 0, 8, 9, 0])], Rule(3), REASON, zeros_note=TOLD)
    assert not release.zeros_hidden
    assert release.tables[0].notes == ()


@pytest.mark.parametrize("zeros_hidden", [False, True])
def test_what_hid_no_zero_before_is_known_to_be_1_or_more(zeros_hidden):
    true = added({"iss": 2, "wes": 5, "os": 90})
    before = Released.of(protect_release([true], Rule(3), REASON).tables, (true,), zeros_hidden=zeros_hidden)
    linked = Linked.of([true, added({"ibo": 2}, "ended")], Rule(3, zeros="hidden"), [before])
    floors = {
        (name.line.what, *name.line.forms): int(linked.cells().floor[cell]) for name, cell in linked.place.items()
    }
    assert floors["started", "iss"] == (0 if zeros_hidden else 1)
    assert floors["ended", "ibo"] == 0
