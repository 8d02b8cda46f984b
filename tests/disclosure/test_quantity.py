"""What is one number and what hangs together: each relation alone gives a hidden number away, and the model sees it."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.disclosure.tables import count, followed, reached, table
from uitstroom.catalogue import Catalogue
from uitstroom.disclosure.attack import disclosed
from uitstroom.disclosure.linked import Linked
from uitstroom.disclosure.model import Reasons, protect_release
from uitstroom.disclosure.quantity import Line, Quantity, numbers, quantity_json, quantity_of
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.disclosure.timeline import remainders
from uitstroom.errors import UitstroomError
from uitstroom.figures import Event, Maturity
from uitstroom.text import Text

HIDDEN, OF_LIST = Text(nl="niet vrijgegeven", en="withheld"), Text(nl="geen aandeel", en="no share")
REASONS = Reasons(HIDDEN, OF_LIST)
ABOVE = {"municipality": {"11002": ("province", "10000"), "12025": ("province", "10000")}}
WITHIN, NEW = Event("within"), Event("within", new=True)


def _places(figures):
    """Each number of figures asked together, by the place of its figure and its place there."""
    return {(number.figure, number.place): number.quantity for number in numbers(table(*figures), ABOVE)}


def _opened(figures, *hidden, rule=None, earlier=()):
    """Which of the hidden numbers, each (figure, place), a reader narrows down, everything else being printed."""
    linked = Linked.of([table(*figures)], rule or Rule(keep_totals=False), earlier, ABOVE)
    cells = linked.cells()
    names = _places(figures)
    chosen = {one: linked.place[names[one]] for one in hidden}
    pattern = np.zeros(cells.count, dtype=bool)
    pattern[list(chosen.values())] = True
    found = disclosed(cells, pattern)
    return [one for one, cell in chosen.items() if found[cell]]


def _months(values, indicator="started", who="iss", **by):
    return [count(who, value, indicator, f"2017-{month:02d}", **by) for month, value in values.items()]


# Each case: the figures, the numbers that are hidden, and the one that is given away by the relation it is named after.
CASES = {
    "months of a value to date": (
        [
            replace(count("iss", 109, period="2017"), provisional=datetime.date(2017, 11, 10)),
            count("iss", 73), count("iss", 26, period="2017-Q3"), count("iss", 8, period="2017-10"),
            replace(count("iss", 2, period="2017-11"), provisional=datetime.date(2017, 11, 10)),
        ],
        [(4, "value")],
    ),
    "a half and quarters of a year": (
        [count("iss", 40, period="2017"), count("iss", 20), count("iss", 18, period="2017-Q3"),
         count("iss", 2, period="2017-Q4")],
        [(3, "value")],
    ),
    "a free range and its halves": (
        [count("iss", 31, period="2016-07/2017-06"), count("iss", 29, period="2016-S2"), count("iss", 2)],
        [(2, "value")],
    ),
    "a row left out is a zero": (
        [count("iss", 7, sex="F"), count("iss", 5, period="2017-S2", sex="M"), count("iss", 5, period="2017", sex="M")],
        [(2, "value")],
    ),
    "codes of some of the days": (
        [count("iss", 3), count("iss", 2, period="2017-Q1", sex="F"), count("iss", 1, period="2017-Q1", sex="M")],
        [(0, "value")],
    ),
    "codes and their total": ([count("iss", 30), count("iss", 28, sex="M"), count("iss", 2, sex="F")], [(2, "value")]),
    "municipalities and their province": (
        [count("iss", 30, province="10000"), count("iss", 28, municipality="11002"),
         count("iss", 2, municipality="12025")],
        [(2, "value")],
    ),
    "forms and their total": ([count("iss", 28), count("wes", 2), count("all", 30)], [(1, "value")]),
    "boxes and entrants": ([followed("iss", 20, 21, boxes=(1, 0, 0, 0))], [(0, "without_person")]),
    "those followed and not at work": ([followed("iss", 20, 2)], [(0, "not_at_work")]),
    "entrants are the actions started": (
        [count("iss", 751, period="2017"), followed("iss", 200, 207, "2017-S2", cohort="started"),
         followed("iss", 170, 173, cohort="started", boxes=(1, 0, 0, 0))],
        [(2, "without_person"), (2, "entrants")],
    ),
    "at work within is no fewer than on the day": (
        [followed("iss", 2, 40, event=WITHIN), followed("iss", 2, 40)],
        [(0, "numerator"), (0, "not_at_work"), (0, "rest")],
    ),
    "new work is no more than any": (
        [followed("iss", 2, 40, event=NEW), followed("iss", 3, 39, event=WITHIN)],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "a longer look finds no fewer": (
        [followed("iss", 2, 40, event=WITHIN), followed("iss", 3, 39, event=WITHIN, months=6)],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "for longer is for no more": (
        [followed("iss", 2, 40, event=Event("sustained", 30)), followed("iss", 3, 39)],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "with the same employer is no more than with any": (
        [followed("iss", 2, 40, event=Event(same_employer=True)), followed("iss", 3, 39)],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "fewer kinds of work show no more": (
        [followed("iss", 2, 40), followed("iss", 3, 39, work=("OTH", "FLX"))],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "those who completed are some of all": (
        [followed("iss", 2, 30, whom="completed", boxes=(0, 0, 10, 0)), followed("iss", 3, 39)],
        [(0, "numerator"), (0, "not_at_work")],
    ),
    "persons of a half are no more than of a year": (
        [count("iss", 3, "persons", "2017"), count("iss", 2, "persons")], [(1, "value")],
    ),
    "persons of a year are no more than of its halves": (
        [count("iss", 3, "persons", "2017"), count("iss", 2, "persons"), count("iss", 1, "persons", "2017-S2")],
        [(0, "value")],
    ),
    "persons of a form are no more than of all": (
        [count("iss", 2, "persons"), count("wes", 3, "persons"), count("all", 3, "persons")], [(0, "value")],
    ),
    "persons of all are no more than of each": (
        [count("iss", 2, "persons"), count("wes", 1, "persons"), count("all", 3, "persons")], [(2, "value")],
    ),
    "persons are no more than their actions": ([count("iss", 2, "persons"), count("iss", 3)], [(0, "value")]),
    "persons of codes and their total": (
        [count("iss", 30, "persons"), count("iss", 28, "persons", sex="M"), count("iss", 2, "persons", sex="F")],
        [(2, "value")],
    ),
    "two breakdowns of one table": (
        [count("iss", 50, sex="F"), count("iss", 48, sex="F", origin="BE"), count("iss", 4, sex="F", education="low"),
         count("iss", 2, origin="BE", education="low")],
        [(3, "value")],
    ),
    "who runs ran before or started, and did not end": (
        [count("iss", 12, "running", "2017-06-30/2017-06-30"), count("iss", 5, period="2017-07"),
         count("iss", 15, "ended", "2017-07"), count("iss", 2, "running", "2017-07")],
        [(3, "value")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_model_sees_what_each_relation_gives_away(name):
    figures, hidden = CASES[name]
    assert _opened(figures, *hidden), name


@pytest.mark.parametrize("name", CASES)
def test_protection_leaves_nothing_of_it(name):
    figures, _ = CASES[name]
    release = protect_release(
        [table(*figures)], Rule(keep_totals=False), HIDDEN, parents=ABOVE, zeros_note=HIDDEN
    )  # fmt: skip
    assert release.protection is None or release.protection.verdict.complete
    for number in numbers(release.tables[0], ABOVE):
        assert not 0 < number.value < 4, name


def test_equal_days_are_one_number_whatever_their_period_is_called():
    figures = [count("iss", 12, "running", code) for code in ("2017-06", "2017-Q2", "2017-S1")]
    figures += [
        count("iss", 40),
        count("iss", 40, period="2017-01/2017-06"),
        count("iss", 40, period="2017-01-01/2017-06-30"),
    ]
    assert len(set(_places(figures).values())) == 2


def test_numbers_that_mean_different_things_are_different_numbers():
    lists = frozenset(range(100)), frozenset(range(50, 200))
    figures = [
        reached("iss", 20, lists[0]), reached("iss", 20, lists[1]),
        replace(count("iss", 20, "persons"), who="entrants"), replace(count("iss", 20, "persons"), who="reached"),
        followed("iss", 20, 30, months=1), followed("iss", 20, 30, months=2), followed("iss", 20, 30, whom="completed"),
        followed("iss", 20, 30, event=WITHIN),
    ]  # fmt: skip
    told = [_places([one]) for one in figures]
    at_work = [one.get((0, "numerator"), one.get((0, "value"))) for one in told]
    assert len(set(at_work)) == len(figures)
    entrants = {one[0, "entrants"] for one in told if (0, "entrants") in one}
    assert len(entrants) == 1


def test_a_code_beside_its_own_parent_is_that_code_and_beside_another_nobody():
    own, other = (count("iss", 9, municipality="11002", province=code) for code in ("10000", "20001"))
    (found,) = _places([own]).values()
    assert found == _places([count("iss", 9, municipality="11002")])[0, "value"]
    assert _places([other]) == {}


def test_two_values_of_one_quantity_are_refused_and_both_tables_named():
    one = replace(table(count("iss", 40)), title=Text(nl="tabel een", en="one"))
    other = replace(table(count("iss", 41, period="2017-01/2017-06")), title=Text(nl="tabel twee", en="two"))
    with pytest.raises(UitstroomError) as caught:
        protect_release([one, other], Rule(), HIDDEN)
    assert "tabel een" in str(caught.value)
    assert "tabel twee" in str(caught.value)
    assert not {"40", "41"} & set(str(caught.value).replace(":", " ").split())


def test_two_definitions_hide_the_boxes_that_they_share_in_both_tables():
    tables = [
        table(followed("iss", 20, 21, boxes=(2, 0, 0, 0))),
        table(followed("iss", 2, 39, months=6, boxes=(2, 0, 0, 0))),
    ]
    release = protect_release(tables, Rule(), HIDDEN)
    boxes = [one.figures[0].maturity for one in release.tables]
    assert [one.without_person for one in boxes] == [None, None]
    assert len({one.entrants for one in boxes}) == 1


@pytest.mark.parametrize("keep", [True, False])
def test_the_shipped_series_gives_nobody_away(keep):
    """751 started in the year and 407 in its second half leave 344; 343 are followed and no other box is filled."""
    figures = [
        count("ibo", 751, period="2017", age_group="55+"),
        followed("ibo", 200, 207, "2017-S2", cohort="started", months=12, age_group="55+"),
        followed("ibo", 170, 173, cohort="started", months=12, boxes=(1, 0, 0, 0), age_group="55+"),
        count("ibo", 9000, period="2017"),
        followed("ibo", 2000, 2500, "2017-S2", cohort="started", months=12),
        followed("ibo", 2200, 2300, cohort="started", months=12),
    ]
    release = protect_release([table(*figures)], Rule(keep_forms=keep), HIDDEN)
    shown = {(number.figure, number.place): number.value for number in numbers(release.tables[0], {})}
    assert (2, "without_person") not in shown
    year, later, own = ((0, "value"), (1, "entrants"), (2, "followed"))
    assert not {year, later, own} <= shown.keys()


def test_differences_of_printed_numbers_are_protected_where_the_policy_says_so():
    figures = [count("iss", 40, period="2017"), count("iss", 20), count("iss", 18, period="2017-Q3")]
    shown = protect_release([table(*figures)], Rule(differences="show"), HIDDEN)
    assert shown.kinds == {}
    assert protect_release([table(*figures)], Rule(), HIDDEN).kinds


def test_a_difference_with_another_series_inside_is_protected():
    """2017 less its printed middle leaves January and December, in which 2 started."""
    figures = [count("iss", 40, period="2017"), count("iss", 38, period="2017-02/2017-11")]
    assert protect_release([table(*figures)], Rule(), HIDDEN).kinds
    enough = [figures[0], count("iss", 30, period="2017-02/2017-11")]
    assert protect_release([table(*enough)], Rule(), HIDDEN).kinds == {}


def test_a_set_of_forms_beside_a_set_inside_it_leaves_a_rest_that_is_protected():
    def total(value, **by):
        return replace(count("all", value, **by), group="g")

    inner = table(count("ibo", 30), count("wes", 40), total(70))
    outer = table(replace(count("ibo", 30), status="not_possible", value=None), count("iss", 20), total(20))
    assert protect_release([inner, outer], Rule(), HIDDEN).kinds == {}
    sets = [_total_of(("ibo", "wes", "iss"), 72), _total_of(("ibo", "wes"), 70)]
    linked = Linked.of([], Rule(), [_released(sets)])
    rest = [cell for cell in linked.sheet.cells if cell.difference]
    assert [(cell.value, cell.name.line.forms) for cell in rest] == [(2, ("iss",))]


def _total_of(forms, value):
    first, last = datetime.date(2017, 1, 1), datetime.date(2017, 6, 30)
    return Quantity(Line("started", "action", (), "", tuple(sorted(forms)), ()), first, last), value


def _released(told):
    from uitstroom.disclosure.released import ReleasedNumber

    return Released("5e" * 32, tuple(ReleasedNumber(quantity, value, "hidden") for quantity, value in told))


def test_a_form_total_stays_unless_it_is_small_itself():
    figures = [count("iss", 30), count("iss", 28, sex="M"), count("iss", 2, sex="F"), count("wes", 40),
               count("wes", 30, sex="M"), count("wes", 10, sex="F"), count("all", 70), count("all", 58, sex="M"),
               count("all", 12, sex="F")]  # fmt: skip
    release = protect_release([table(*figures)], Rule(keep_forms=True), HIDDEN)
    assert [release.tables[0].figures[place].value for place in (0, 3, 6)] == [30, 40, 70]
    assert release.tables[0].figures[2].value is None
    fixed = [_fixed(figures, keep)[0] for keep in (True, False)]
    assert fixed == [True, False]


def _fixed(figures, keep):
    linked = Linked.of([table(*figures)], Rule(keep_forms=keep))
    return [bool(linked.cells().fixed[linked.place[quantity]]) for quantity in _places(figures).values()]


def test_what_is_left_of_a_year_beside_a_zero_is_known_to_be_somebody():
    figures = [count("iss", 1, period="2017", sex="M"), count("iss", 0, sex="M"), count("iss", 9, sex="F")]
    linked = Linked.of([table(*figures)], Rule())
    floor = linked.cells().floor
    assert [floor[place] for place, cell in enumerate(linked.sheet.cells) if cell.difference] == [1]


def test_a_release_goes_through_json_and_protects_the_same():
    first = [table(count("iss", 30, period="2017", sex="F"), count("iss", 40, period="2017", sex="M"),
                   count("iss", 70, period="2017"), reached("iss", 30, frozenset(range(80))))]  # fmt: skip
    made = protect_release(first, Rule(), REASONS, parents=ABOVE)
    again = Released.from_json(json.loads(json.dumps(made.released.as_json())), "first")
    assert replace(again, name="") == made.released
    second = [table(count("iss", 28, sex="F"), count("iss", 20, sex="M"), count("iss", 48))]
    alone = protect_release(second, Rule(differences="show"), HIDDEN)
    assert alone.kinds == {}
    after = protect_release(second, Rule(), HIDDEN, [again])
    assert Quantity(Line("started", "action", (), "", ("iss",), (("sex", "F"),)), *_half()) in after.kinds


def _half():
    return datetime.date(2017, 1, 1), datetime.date(2017, 6, 30)


@pytest.mark.parametrize("damage", [{}, {"lines": [{}]}, {"lines": 3}, {"parents": []}])
def test_a_damaged_internal_part_is_refused_with_its_name(damage):
    with pytest.raises(UitstroomError, match="bank"):
        Released.from_json(damage, "bank")


def test_a_quantity_goes_through_json():
    for quantity in _places(
        [followed("iss", 20, 30, event=NEW, sex="F"), reached("iss", 9, frozenset(range(60)))]
    ).values():
        assert quantity_of(json.loads(json.dumps(quantity_json(quantity)))) == quantity


def test_what_earlier_releases_give_away_is_reported_and_not_demanded():
    year, half = (
        Released.of((told,), (told,)) for told in (table(count("iss", 40, period="2017")), table(count("iss", 38)))
    )
    release = protect_release([table(count("wes", 30))], Rule(), HIDDEN, [year, half])
    assert release.kinds == {}
    assert release.protection is not None
    assert not any(cell.difference for cell in Linked.of([], Rule(), [year, half]).sheet.cells)
    again = protect_release([table(count("iss", 38))], Rule(), HIDDEN, [year, half])
    assert again.kinds == {}


def test_a_share_of_a_list_is_no_oracle():
    everybody = frozenset(range(100))
    cases = [
        reached("iss", 0, everybody), reached("iss", 3, everybody), reached("iss", 98, everybody),
        reached("iss", 30, everybody, known=1), reached("iss", 30, frozenset(range(30))),
    ]  # fmt: skip
    rule = Rule(shortest_list=50)
    told = [protect_release([table(one)], rule, REASONS).tables[0].figures[0] for one in cases]
    assert {(one.status, one.reason, one.value, one.numerator) for one in told} == {("suppressed", OF_LIST, None, None)}
    assert protect_release([table(reached("iss", 30, everybody))], rule, REASONS).tables[0].figures[0].numerator == 30


def test_a_list_that_is_nearly_an_earlier_one_is_refused():
    everybody = frozenset(range(100))
    before = protect_release([table(reached("iss", 30, everybody))], Rule(), REASONS).released
    near = table(reached("iss", 31, everybody | {200}))
    far = table(reached("iss", 36, everybody | set(range(200, 210))))
    assert protect_release([near], Rule(), REASONS, [before]).tables[0].figures[0].status == "suppressed"
    assert protect_release([far], Rule(), REASONS, [before]).tables[0].figures[0].status == "value"
    both = protect_release([table(reached("iss", 30, everybody)), near], Rule(), REASONS).tables
    assert {one.figures[0].status for one in both} == {"suppressed"}


def test_no_reason_has_a_place_for_a_count():
    for key, text in Catalogue.load().words.items():
        if key.startswith("reason."):
            assert "{count}" not in "".join(str(part) for part in dict(text).values()), key


def test_boxes_of_a_provisional_rate_are_of_other_days_than_its_base():
    places = _places([followed("iss", 40, 38, early=(20, 40), until="2017-03-31")])
    assert places[0, "base"].last == datetime.date(2017, 3, 31)
    assert places[0, "followed"].last == datetime.date(2017, 6, 30)
    assert isinstance(followed("iss", 1, 1).maturity, Maturity)


def test_the_zero_of_a_form_that_did_not_exist_ends_where_the_register_ends():
    to_date = replace(count("ibo", 43, period="2017"), provisional=datetime.date(2017, 11, 10))
    absent = replace(count("wes", 0, period="2017"), status="not_applicable", value=None)
    asked = table(to_date, absent)
    known = replace(asked.scope, complete={"action": (datetime.date(2016, 1, 1), datetime.date(2017, 11, 10))})
    days = {(number.quantity.first, number.quantity.last) for number in numbers(replace(asked, scope=known), {})}
    assert days == {(datetime.date(2017, 1, 1), datetime.date(2017, 11, 10))}


def test_what_a_part_of_other_points_counts_inside_is_taken_off_though_it_reaches_further():
    year, inside, beyond = (1, 365), (91, 335), (335, 420)
    found = remainders({year: 40, inside: 37, beyond: 20}, ())
    assert [(one.stretch, one.less, one.size) for one in found if one.stretch == year] == [(year, (inside,), 3)]
