"""The benchmark compares like with like: every tool gives our tally, and the results say what was measured."""

from __future__ import annotations

import json

import pytest

from bench import scale
from bench.contests import Contender, Measurement, contest
from bench.made.size import Size
from bench.made.writing import write_changes, write_full
from bench.tallies import difference, of_csv, of_figures
from bench.targets import Results, verdicts
from bench.tasks import OURS

KEYS = {"task", "tool", "actions", "spells", "seconds", "rss_mb"}


def measured(task, tool, actions, seconds):
    return Measurement(task, tool, actions, 6 * actions, seconds, 100.0, seconds, 1)


def told(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_outflow_is_ours_in_every_tool_and_each_run_is_one_object(capsys):
    """A tally that differed would end the run; at this size each tool is asked, R where there is R."""
    scale.main(["--actions", "3000", "--tasks", "outflow", "--json"])
    rows = told(capsys)
    assert all(row.keys() >= KEYS for row in rows)
    assert {row["tool"] for row in rows if row["task"] == "outflow"} >= {OURS, "DuckDB", "Polars", "pandas"}
    assert {(row["actions"], row["spells"]) for row in rows} == {(3000, 18000)}


@pytest.mark.slow
def test_every_task_agrees_twice_over_and_leaves_what_it_is_told_to_keep(capsys, tmp_path):
    words = ["--actions", "4000", "--tools", OURS, "DuckDB", "--repeat", "2", "--keep", str(tmp_path), "--json"]
    scale.main(words)
    rows = told(capsys)
    asked = {row["task"] for row in rows if row["repeat"] == 2}
    assert asked >= {"outflow", "persons by sex", "started by education and age", "outflow by education and age"}
    assert {row["task"] for row in rows} >= {"load", "load CSV", "load changes", "outflow after changes"}
    scale.main(["--actions", "4000", "--tasks", "outflow", "--tools", OURS, "DuckDB", "--keep", str(tmp_path)])
    written = capsys.readouterr().out
    assert "outflow" in written
    assert "make full" not in written


def test_another_answer_ends_the_run(tmp_path):
    contenders = [Contender(name, ("echo", f"ibo,{count}"), of_csv(1)) for name, count in (("one", 4), ("other", 5))]
    with pytest.raises(SystemExit, match=r"other is not that of one.*\nibo: \(4,\) against \(5,\)"):
        list(contest("count", Size(10), contenders, tmp_path))


def test_a_figure_without_value_is_no_empty_cell():
    cell = {"instrument": "ibo", "by": {}, "indicator": "outflow", "kind": "rate", "value": None, "base": None}
    late = {**cell, "status": "not_yet_known", "maturity": {"entrants": 7}}
    nobody = {**cell, "status": "not_applicable", "maturity": {"entrants": 0}}
    assert difference(of_figures()(json.dumps({"figures": [late]})), {})
    assert not difference(of_figures()(json.dumps({"figures": [nobody]})), {})


def test_the_same_seed_makes_the_same_register(tmp_path):
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write_full(tmp_path / name, Size(1000, seed), "csv")
        write_full(tmp_path / f"{name}-parquet", Size(1000, seed), "parquet")
        write_changes(tmp_path / f"{name}-changes", tmp_path / f"{name}-parquet", Size(1000, seed))
    one, again, other = ((tmp_path / name / "action-000.csv").read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_verdicts_know_which_size_is_asked():
    million = 1_000_000
    run = [
        measured("outflow", OURS, 10 * million, 3.0),
        measured("outflow", OURS, 10 * million, 2.0),
        measured("outflow", OURS, 10 * million, 9.0),
        measured("outflow", "DuckDB", 10 * million, 4.0),
        measured("outflow", OURS, million, 2.0),
        measured("outflow", "pandas", million, 8.0),
    ]
    found = {(one.target.words, one.target.unit, one.actions): one for one in verdicts(Results(run))}
    by_hand = found["outflow, cold, against DuckDB by hand", "× its time", 10 * million]
    assert (by_hand.value, by_hand.asked, by_hand.reached) == (0.75, True, True)
    in_pandas = found["outflow, cold, against pandas", "× faster", million]
    assert (in_pandas.value, in_pandas.asked, in_pandas.reached) == (4.0, True, False)
    growth = found["outflow, cold, against a tenth of the actions", "× the time", 10 * million]
    assert (growth.value, growth.asked) == (1.5, False)


def test_the_tables_of_a_run_are_put_between_the_marks_of_a_page(tmp_path):
    """What stood there goes, what stands around it stays, and a page without marks is left alone."""
    run = [measured("outflow", tool, size, seconds) for tool, size, seconds in
           ((OURS, 1_000, 1.0), (OURS, 100_000, 9.0), ("DuckDB", 1_000, 2.0))]  # fmt: skip
    results, page, other = tmp_path / "results.jsonl", tmp_path / "page.md", tmp_path / "other.md"
    results.write_text("\n".join(json.dumps(one.as_row()) for one in run))
    page.write_text("before\n<!-- results -->\nreplaced\n<!-- end of results -->\nafter\n")
    other.write_text("nothing here\n")
    words = ["--results", str(results), "--markdown"]
    scale.main([*words, str(page)])
    written = page.read_text()
    assert written.startswith("before\n<!-- results -->\n")
    assert written.endswith("<!-- end of results -->\nafter\n")
    assert "replaced" not in written
    assert "| outflow | DuckDB | 1,000 | 2.00 | 2.00 × |" in written
    assert "| outflow | uitstroom | 1.00 | 9.00 | 3.0 × |" in written
    with pytest.raises(SystemExit, match="does not hold"):
        scale.main([*words, str(other)])
