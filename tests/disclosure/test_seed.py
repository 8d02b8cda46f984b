"""Cases that the seed's own numbers raise, and what a reader can do with them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.disclosure.tables import added, count, rate, table
from uitstroom.cli.audit import FOUND, audit
from uitstroom.disclosure.model import protect_release
from uitstroom.disclosure.released import Released
from uitstroom.disclosure.rule import Rule
from uitstroom.errors import UitstroomError
from uitstroom.text import Text

REASON = Text(nl="niet vrijgegeven", en="withheld")


def _audited(tmp_path, *texts: str, options: tuple[str, ...] = ()) -> dict[str, tuple[int | None, int | None]]:
    paths = []
    for number, text in enumerate(texts):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_text(text)
    result = CliRunner().invoke(audit, [*map(str, paths), "--json", *options])
    assert result.exit_code in (0, FOUND), result.output
    cells = json.loads(result.output)["cells"]
    return {",".join([*cell["codes"].values(), cell["measure"]]): (cell["low"], cell["high"]) for cell in cells}


def test_47_percent_of_73_is_34(tmp_path):
    assert _audited(tmp_path, "form,value,at_work,rate\niss,73,,47\n")["iss,at_work"] == (34, 34)


def test_persons_narrow_73_and_36_down(tmp_path):
    alone = _audited(tmp_path, "form,value\niss,x\nwes,-\n*,109\n", options=("--attacker", "any"))
    assert alone == {"iss,value": (0, 109), "wes,value": (0, 109)}
    found = _audited(tmp_path, "form,value,persons\niss,x,71\nwes,-1,36\n*,109,\n")
    assert (found["iss,value"], found["wes,value"]) == ((71, 73), (36, 38))


def test_the_sudoku(tmp_path):
    rows = "a,b,value\nu,p,\nu,q,\nu,r,5\nv,p,\nv,q,\nv,r,\nw,p,9\nw,q,\nw,r,\n"
    sums = "u,*,12\nv,*,16\nw,*,22\n*,p,15\n*,q,20\n*,r,15\n*,*,50\n"
    found = _audited(tmp_path, rows + sums)
    assert found["u,p,value"] == (1, 5)
    assert found["v,r,value"] == (1, 9)
    more = _audited(tmp_path, rows.replace("u,p,", "u,p,2").replace("v,r,", "v,r,4") + sums)
    assert set(more.values()) == {(5, 5), (4, 4), (8, 8), (6, 6), (7, 7)} & set(more.values())
    assert all(low == high for low, high in more.values())


def test_half_year_and_half_year_are_a_year(tmp_path):
    found = _audited(tmp_path, "period,value\n2017-S1,40\n2017-S2,x\n", "period,value\n2017,42\n")
    assert found == {"2017-S2,value": (2, 2)}


def test_a_total_with_one_hidden_child_gives_it_away_in_words(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("form,value\niss,73\nwes,x\n*,76\n")
    result = CliRunner().invoke(audit, [str(path)])
    assert result.exit_code == FOUND
    assert "value of form=wes = 3, because" in result.output
    assert "value of total [76] = " in result.output


def test_tables_that_contradict_themselves_are_refused(tmp_path):
    path = tmp_path / "cells.csv"
    path.write_text("form,value\niss,73\nwes,x\n*,70\n")
    result = CliRunner().invoke(audit, [str(path)])
    assert isinstance(result.exception, UitstroomError)


def _values(tables):
    return {(f.instrument, f.period.code): f.value for t in tables for f in t.figures}


def test_the_seed_passes_unhidden():
    seed = added({"bvs": 3076, "os": 11571, "ibo": 7183, "iss": 73, "wes": 36})
    release = protect_release([seed, table(rate("iss", 34, 73), rate("os", 5943, 8870))], Rule(), REASON)
    assert release.kinds == {}


def test_a_lone_small_cell_takes_another_with_it():
    release = protect_release([added({"ibo": 7183, "iss": 73, "wes": 3})], Rule(), REASON)
    assert sorted(release.kinds.values()) == ["primary", "secondary"]
    assert [f.status for f in release.tables[0].figures] == ["value", "suppressed", "suppressed", "value"]
    assert all(f.value is None and f.reason == REASON for f in release.tables[0].figures if f.status == "suppressed")


def test_a_year_does_not_open_the_half_year_published_before():
    first = [added({"iss": 40, "wes": 3, "ibo": 900})]
    before = Released.of(protect_release(first, Rule(), REASON).tables, tuple(first))
    year = [
        added({"iss": 90, "wes": 10, "ibo": 1900}, period="2017"),
        added({"iss": 50, "wes": 7, "ibo": 1000}, period="2017-S2"),
    ]
    rule = Rule(differences="show")
    alone = protect_release(year, rule, REASON)
    assert alone.kinds == {}
    together = protect_release(year, rule, REASON, [before])
    assert together.kinds
    values = _values(together.tables)
    assert None in (values["wes", "2017"], values["wes", "2017-S2"])


def test_a_revision_that_shifts_one_person_keeps_both_releases_closed():
    first = [added({"iss": 40, "wes": 3, "ibo": 900})]
    before = Released.of(protect_release(first, Rule(), REASON).tables, tuple(first))
    second = [added({"iss": 39, "wes": 4, "ibo": 900})]
    after = protect_release(second, Rule(), REASON, [before])
    assert after.protection is not None
    assert after.protection.verdict.complete
    shown = _values(after.tables)
    hidden_before = {
        key for key, value in _values(protect_release(first, Rule(), REASON).tables).items() if value is None
    }
    assert ("wes", "2017-S1") in hidden_before
    assert shown[None, "2017-S1"] == 943


def test_what_an_earlier_release_printed_is_known():
    first = [added({"iss": 40, "wes": 30, "ibo": 900})]
    before = Released.of(protect_release(first, Rule(), REASON).tables, tuple(first))
    sexes = [count("wes", 30), count("wes", 2, sex="F"), count("wes", 28, sex="M")]
    after = protect_release([table(*sexes)], Rule(), REASON, [before])
    assert [f.value for f in after.tables[0].figures] == [30, None, None]


def test_persons_and_actions_are_protected_together():
    tables = [
        added({"iss": 73, "wes": 36}),
        table(*(count(w, n, "persons") for w, n in (("iss", 71), ("wes", 2), ("all", 73)))),
    ]
    release = protect_release(tables, Rule(keep_totals=False), REASON)
    persons = {f.instrument: f.value for f in release.tables[1].figures}
    assert persons["wes"] is None


def test_a_rate_with_few_not_at_work_is_hidden_with_its_boxes():
    release = protect_release([table(rate("iss", 28, 30), rate("os", 50, 80))], Rule(), REASON)
    figure, other = release.tables[0].figures
    assert figure.status == "suppressed"
    assert (figure.value, figure.numerator, figure.base, figure.maturity.not_at_work) == (None,) * 4
    assert other.value == 63


def test_a_refusal_names_cells_and_never_numbers():
    with pytest.raises(UitstroomError) as caught:
        protect_release([added({"iss": 3, "wes": 1})], Rule(), REASON)
    assert "wes" in str(caught.value)
    assert not {"3", "4"} & set(str(caught.value).replace("2017-S1", ""))


def test_figures_without_a_value_pass_through():
    from dataclasses import replace

    unknown = replace(count("ibo", 0), status="not_yet_known", value=None)
    release = protect_release([table(unknown)], Rule(), REASON)
    assert release.tables[0].figures == (unknown,)
