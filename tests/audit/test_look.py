"""A stranger computes what a release gives away, however it is spelled, and nothing where it gives nothing away."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audit.files import boxes, count, rate, release
from uitstroom.audit.codelists import Hierarchies
from uitstroom.audit.look import Terms, look
from uitstroom.audit.release_folder import add_release
from uitstroom.audit.sheet import Sheet
from uitstroom.errors import UitstroomError


def seen(*bodies, true=None, terms=None):
    sheet, hierarchies = Sheet(), Hierarchies.published()
    for body in bodies:
        add_release(sheet, body, true, hierarchies)
    return look(sheet, hierarchies, terms or Terms())


def found(*bodies, **options):
    return {one.what: (one.verdict, one.low, one.high) for one in seen(*bodies, **options).seen}


def both(value, period, indicator="started", **more):
    """IBO, ISS that is hidden, and their total."""
    return [count("ibo", 40, period, indicator, **more), count("iss", "x", period, indicator, **more),
            count(None, value, period, indicator, **more)]  # fmt: skip


def test_a_total_with_one_hidden_part_gives_it_away():
    assert found(release(both(42, "2017"))) == {"started of iss in 2017": ("exact", 2, 2)}


def test_two_hidden_parts_large_enough_are_safe():
    body = release([count("ibo", "x"), count("iss", "x"), count(None, 20)])
    assert seen(body).safe
    assert seen(body).hidden == 2


SPELLINGS = {
    "to date and its months": [("2017-01/2017-03", 30), ("2017-01", 10), ("2017-02", 18), ("2017-03", "x")],
    "a year, a half and two quarters": [("2017", 90), ("2017-S1", 40), ("2017-Q3", 48), ("2017-Q4", "x")],
    "a free range": [("2016-07/2017-06", 50), ("2016-07/2016-12", 48), ("2017-S1", "x")],
    "days": [("2017-01-15/2017-02-14", 20), ("2017-01-15/2017-01-31", 18), ("2017-02-01/2017-02-14", "x")],
    "equal days under other codes": [("2017-S1", 2), ("2017-01/2017-06", "x")],
}


@pytest.mark.parametrize("printed", SPELLINGS.values(), ids=SPELLINGS)
def test_days_are_days_whatever_the_code_of_the_period(printed):
    body = release(*([count("iss", value, period)] for period, value in printed))
    assert [(one.low, one.high) for one in seen(body).unsafe if one.verdict == "exact"] == [(2, 2)]


def test_a_stock_on_one_day_is_one_number_under_any_period():
    body = release([count("iss", 30, "2017-S1", "running")], [count("iss", "x", "2017-06", "running")])
    assert found(body) == {"running of iss in 2017-06-30": ("exact", 30, 30)}


def test_so_far_ends_on_the_day_that_it_reaches():
    until = count("iss", 30, "2017", provisional="2017-11-10")
    body = release([until], [count("iss", 27, "2017-01/2017-10")], [count("iss", "x", "2017-11-01/2017-11-10")])
    assert found(body) == {"started of iss in 2017-11-01/2017-11-10": ("exact", 3, 3)}


def test_a_gap_between_printed_days_is_a_number_too():
    body = release([count("iss", 30, "2017")], [count("iss", 28, "2017-S1")])
    (gap,) = seen(body).unsafe
    assert (gap.verdict, gap.low, gap.high) == ("exact", 2, 2)
    assert "difference" in gap.what
    assert seen(release([count("iss", 30, "2017")], [count("iss", 30, "2017-S1")])).safe
    assert seen(release([count("iss", 60, "2017")], [count("iss", 30, "2017-S1")])).safe


def test_the_boxes_are_tied_to_what_started_or_ended():
    started = [count("iss", 351, "2017", "ended"), count("iss", 344, "2017-S1", "ended")]
    body = release(started, [rate("iss", boxes(None, None, 0, 0, 0, 6, 0, 6), "2017-S2")])
    assert found(body)["ended without person of iss in 2017-S2"] == ("exact", 1, 1)


def test_two_definitions_of_one_cohort_share_its_boxes():
    one = rate("iss", boxes(30, 2, 0, 0, 0, 28, 10, 18))
    other = rate("iss", boxes(30, None, 0, 0, 0, None, None, None), kind="within")
    assert found(release([one], [other]))["ended without person of iss in 2017"] == ("exact", 2, 2)


def test_within_is_no_less_than_on_the_day_and_new_no_more():
    day = rate("iss", boxes(30, 0, 0, 0, 0, 30, None, None))
    within = rate("iss", boxes(30, 0, 0, 0, 0, 30, 3, 27), kind="within")
    narrow = {what: ends for what, ends in found(release([day], [within])).items() if ends[0] == "narrow"}
    assert [ends[1:] for what, ends in narrow.items() if "at work after" in what and "not" not in what] == [(1, 3)]
    new = rate("iss", boxes(30, 0, 0, 0, 0, 30, None, None), kind="within", event={"new": True})
    assert [ends[1:] for what, ends in found(release([within], [new])).items() if "new" in what][:1] == [(1, 3)]


def test_a_code_that_a_table_leaves_out_is_zero():
    year = [count("iss", 90), *(count("iss", n, by={"municipality": m}) for m, n in (("11002", 60), ("12025", 30)))]
    half = [count("iss", 20, "2017-S1"), count("iss", 20, "2017-S1", by={"municipality": "11002"})]
    other = [count("iss", "x", "2017-S2", by={"municipality": m}) for m in ("11002", "12025")]
    verdicts = found(release(year, half, other))
    assert verdicts["started of iss in 2017-S2, municipality=12025"] == ("exact", 30, 30)


def test_municipalities_add_up_to_the_district_that_holds_them():
    towns = [count("iss", n, by={"municipality": m}) for m, n in (("11002", 40), ("11005", "x"), ("12025", 9))]
    districts = [count("iss", n, by={"arrondissement": d}) for d, n in (("11", 43), ("12", 9))]
    body = release([count("iss", 52), *districts], towns)
    assert found(body)["started of iss in 2017, municipality=11005"] == ("exact", 3, 3)


def test_three_tables_of_two_dimensions_are_margins_of_one_cube():
    def table(one, other, cells):
        return [count("iss", n, by={one: a, other: b}) for a, b, n in cells]

    first = table("sex", "education", [("F", "low", 10), ("F", "high", 0), ("M", "low", 0), ("M", "high", 10)])
    second = table("education", "origin", [("low", "BE", 10), ("low", "EU", 0), ("high", "BE", 0), ("high", "EU", 10)])
    third = table("sex", "origin", [("F", "BE", "x"), ("F", "EU", 0), ("M", "BE", 0), ("M", "EU", "x")])
    assert found(release(first, second, third))["started of iss in 2017, origin=BE, sex=F"] == ("exact", 10, 10)


def persons(form, value, period="2017", **more):
    return count(form, value, period, "persons", who="entrants", additive=False, unit="person", **more)


def test_persons_of_a_year_are_no_fewer_than_of_a_half_and_no_more_than_of_both():
    body = release([persons("iss", 20), persons("iss", 17, "2017-S1"), persons("iss", "x", "2017-S2")])
    assert seen(body).safe
    less = found(release([persons("iss", "x"), persons("iss", 2, "2017-S1"), persons("iss", 1, "2017-S2")]))
    assert less["persons entrants of iss in 2017"] == ("narrow", 2, 3)


def test_persons_are_no_more_than_what_they_started():
    body = release([count("iss", 3)], [persons("iss", "x")])
    assert found(body)["persons entrants of iss in 2017"] == ("narrow", 1, 3)


def test_a_set_of_forms_holds_no_fewer_persons_than_a_part():
    body = release([persons("ibo", 30), persons("iss", "x"), persons(None, 30)])
    assert seen(body).safe
    few = release([persons("ibo", 1), persons("iss", 1), persons(None, "x")])
    assert found(few)["persons entrants of ibo+iss in 2017"] == ("narrow", 1, 2)


def test_where_zeros_are_hidden_a_hidden_number_may_be_none():
    table = [count("ibo", "x"), count("iss", "x"), count(None, 5)]
    assert {one.high for one in seen(release(table), terms=Terms(6)).unsafe if one.verdict == "narrow"} == {4}
    noted = seen(release(table, notes=("note.zeros_hidden",)), terms=Terms(6))
    assert {one.high for one in noted.unsafe if one.verdict == "narrow"} == {5}


def test_a_small_number_that_is_printed_is_said():
    assert found(release([count("iss", 3)])) == {"started of iss in 2017": ("printed", 3, 3)}


def test_the_truth_tells_that_nothing_lies_below_it():
    table = [count("ibo", "x"), count("iss", "x"), count("wes", 3), count(None, 9)]
    hidden = release([*table[:2], count("wes", "x"), table[3]])
    true = release([count("ibo", 3), count("iss", 3), count("wes", 3), count(None, 9)])
    assert seen(hidden, true=true).safe
    bounded = release([*hidden["figures"], count("ibo", 20, "2017", "persons")])
    assert not seen(bounded).safe


def test_two_values_of_one_number_are_a_contradiction_that_names_both_tables():
    body = release([count("iss", 30, "2017-S1")], [count("iss", 31, "2017-01/2017-06")])
    assert "table t0" in seen(body).contradiction
    assert "table t1" in seen(body).contradiction


def test_revised_numbers_are_two_numbers():
    first, second = release([count("iss", 30)], snapshot="s1"), release([count("iss", 31)], snapshot="s2")
    assert seen(first, second).safe


@pytest.mark.parametrize("body", [{}, {"figures": [], "tables": [], "notes": []}, [], {"figures": None}])
def test_what_is_no_release_is_refused(body):
    with pytest.raises(UitstroomError):
        seen(body)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=6), st.lists(st.booleans(), min_size=11, max_size=11))
def test_the_ends_are_those_of_all_tables_there_are(numbers, hidden):
    """Two forms, two halves of a year and each year's total, against every table of whole numbers that agrees."""
    halves = ["2017-S1", "2017-S2"]
    true = {(form, half): n for (form, half), n in zip(itertools.product("abc", halves), numbers, strict=True)}
    true |= {(form, "2017"): sum(true[form, half] for half in halves) for form in "abc"}
    true |= {("", "2017"): sum(true[form, "2017"] for form in "abc")}
    true |= {("", half): sum(true[form, half] for form in "abc") for half in halves}
    veil = dict(zip(sorted(true), [*hidden, False], strict=True))
    printed = {key: "x" if veil[key] and n else n for key, n in true.items()}
    tables = [[count(form or None, printed[form, period], period) for form in ("a", "b", "c", "")]
              for period in ("2017", *halves)]  # fmt: skip
    ends = _all_tables(printed, halves, max(true.values()))
    told = seen(release(*tables), terms=Terms(4, all_ends=True))
    names = {f"started of {form or 'a+b+c'} in {period}": (form, period) for form, period in true}
    for one in told.seen:
        if one.what in names and one.verdict != "printed":
            low, high = ends[names[one.what]]
            assert one.low == low
            assert one.high is None or one.high == high


def _all_tables(printed, halves, most):
    ends = {}
    free = [(form, half) for form in "abc" for half in halves]
    top = 12
    ranges = [range(1, min(most, top) + 1) if printed[key] == "x" else (printed[key],) for key in free]
    for values in itertools.product(*ranges):
        world = dict(zip(free, values, strict=True))
        world |= {(form, "2017"): sum(world[form, half] for half in halves) for form in "abc"}
        world |= {("", "2017"): sum(world[form, "2017"] for form in "abc")}
        world |= {("", half): sum(world[form, half] for form in "abc") for half in halves}
        if all(printed[key] in ("x", n) and (printed[key] != "x" or n >= 1) for key, n in world.items()):
            for key, n in world.items():
                low, high = ends.get(key, (n, n))
                ends[key] = min(low, n), max(high, n)
    return ends
