"""CSV files that anybody published: every sign is read as it is meant, or refused by line and column."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from uitstroom.cli.audit import FOUND, audit
from uitstroom.errors import UitstroomError


def audited(tmp_path, text, *options):
    path = tmp_path / "t.csv"
    path.write_text(text)
    result = CliRunner().invoke(audit, [str(path), "--json", *options])
    if isinstance(result.exception, UitstroomError):
        raise result.exception
    assert result.exit_code in (0, FOUND), result.exception
    body = json.loads(result.output)
    return {",".join([*cell["codes"].values(), cell["measure"]]): (cell["low"], cell["high"]) for cell in body["cells"]}


def test_thousands_are_read_with_any_sign_between_them(tmp_path):
    for sign in (".", "'", " ", "\u00a0"):
        found = audited(tmp_path, f"form,value\niss,1{sign}234\nwes,x\n*,1{sign}239\n")
        assert found == {"wes,value": (5, 5)}


def test_a_number_below_a_limit_is_hidden_within_it(tmp_path):
    for sign in ("<5", "< 5", "<=4", "≤4", "1-4"):
        assert audited(tmp_path, f"form,value\niss,{sign}\nwes,x\n*,60\n")["iss,value"] == (1, 4)


def test_not_applicable_is_no_number(tmp_path):
    assert audited(tmp_path, "form,value\niss,n.v.t.\nwes,x\nibo,x\n*,60\n").keys() == {"wes,value", "ibo,value"}


def test_fractions_are_not_taken_for_percentages(tmp_path):
    found = audited(tmp_path, "form,value,at_work,rate\niss,73,,0.47\nwes,40,10,0.25\n")
    assert found == {"iss,at_work": (34, 34)}


def test_a_rate_that_does_not_fit_its_numbers_is_named(tmp_path):
    with pytest.raises(UitstroomError, match="line 2, rate"):
        audited(tmp_path, "form,value,at_work,rate\niss,40,10,30\n")


def test_a_rate_of_zero_says_that_nobody_is_at_work(tmp_path):
    assert audited(tmp_path, "form,value,at_work,rate\niss,73,,0\n") == {"iss,at_work": (0, 0)}


def test_rates_of_many_decimals_are_not_safe_because_the_solver_fails(tmp_path):
    rows = "".join(f"f{n},x,,{100 * (n + 7) / (2 * n + 31):.13f}\n" for n in range(9))
    path = tmp_path / "t.csv"
    path.write_text("form,value,at_work,rate\n" + rows + "*,400,,\n")
    result = CliRunner().invoke(audit, [str(path)])
    assert result.exit_code == FOUND
    assert "undecided: 19" in result.output


def test_a_column_of_numbers_is_neither_code_nor_count_until_somebody_says(tmp_path):
    text = "form,hours,value\niss,120,x\nwes,80,x\n*,200,60\n"
    with pytest.raises(UitstroomError, match="hours") as caught:
        audited(tmp_path, text)
    assert "--ignore hours" in str(caught.value)
    assert len(audited(tmp_path, text, "--ignore", "hours")) == 2
    assert audited(tmp_path, "nis,value\n11002,x\n12025,50\n*,60\n") == {"11002,value": (10, 10)}


@pytest.mark.parametrize("cell", ["12,5", "twelve", "1.23", "5?"])
def test_what_is_no_count_is_named_by_line_and_column_and_not_echoed(tmp_path, cell):
    with pytest.raises(UitstroomError, match="line 3, value") as caught:
        audited(tmp_path, f'form,value\niss,12\nwes,"{cell}"\n')
    assert cell not in str(caught.value)


def test_a_total_that_its_rows_do_not_make_says_nothing(tmp_path):
    assert audited(tmp_path, "form,sex,value\niss,F,10\niss,M,9\niss,*,25\nwes,F,x\nwes,M,x\nwes,*,30\n") == {
        "wes,F,value": (1, 29),
        "wes,M,value": (1, 29),
    }


def test_persons_of_any_table_may_overlap(tmp_path):
    found = audited(tmp_path, "form,persons\niss,70\nwes,x\n*,80\n")
    assert found == {"wes,persons": (10, 80)}


def test_releases_and_tables_are_not_mixed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("form,value\n")
    assert CliRunner().invoke(audit, [str(path), str(tmp_path)]).exit_code == 2
    assert isinstance(CliRunner().invoke(audit, [str(tmp_path)]).exception, UitstroomError)
