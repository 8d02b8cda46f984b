"""Patterns against a reader who tries every whole-number table there is."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.disclosure.attacker import margins, possible, rates
from tests.disclosure.tables import leaf_table
from uitstroom.disclosure.protection import protect_cells
from uitstroom.disclosure.rule import Rule

SMALL = st.sampled_from([0, 1, 1, 2, 3, 4, 5, 6, 9])


def _written(table, hidden, columns):
    header, *rows = table.written(hidden)
    number = header.index("value")
    return {tuple(row[:columns]): int(row[number]) if row[number] else None for row in rows}


@settings(max_examples=40)
@given(counts=st.lists(SMALL, min_size=6, max_size=6), attacker=st.sampled_from(["positive", "any"]))
def test_no_reader_narrows_a_small_cell_down(counts, attacker):
    leaves = list(itertools.product("pq", "uvw"))
    rule = Rule(3, attacker)
    with tempfile.TemporaryDirectory() as folder:
        rows = [(*leaf, n) for leaf, n in zip(leaves, counts, strict=True)]
        table = leaf_table(Path(folder), ["a", "b"], rows)
    protection = protect_cells(table.cells(rule))
    printed = _written(table, protection.hidden, 2)
    assume(sum(printed[leaf] is None for leaf in leaves) <= 4)
    truth = margins(dict(zip(leaves, counts, strict=True)))
    lost = {tuple(table.label(cell)) for cell in protection.unprotectable}
    seen = possible(leaves, printed, rule.least, 12)
    for key, value in truth.items():
        assert printed[key] in (None, value)
        assert value == 0 or value >= 3 or printed[key] is None
        if printed[key] is None and key not in lost:
            assert len(seen[key]) >= 2
            if value < 3:
                assert max(seen[key]) >= 3
                assert value - 1 < rule.least or min(seen[key]) <= value - 1


@settings(max_examples=30)
@given(pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=3, max_size=3))
def test_rates_open_no_numerator_and_nobody_not_at_work(pairs):
    pairs = [(max(pair), min(pair)) for pair in pairs]
    with tempfile.TemporaryDirectory() as folder:
        rows = [(code, *pair) for code, pair in zip("uvw", pairs, strict=True)]
        table = leaf_table(Path(folder), ["a"], rows, at_work=True)
    protection = protect_cells(table.cells(Rule(3)))
    lost = {table.name(cell) for cell in protection.unprotectable}
    header, *written = table.written(protection.hidden)
    cells = [dict(zip(header, row, strict=True)) for row in written]
    options = [list(rates(*(int(c[k]) if c[k] else None for k in ("value", "at_work")), None, 12)) for c in cells[1:]]
    assume(len(options[0]) * len(options[1]) * len(options[2]) < 20000)
    total = cells[0]
    tables = [
        choice
        for choice in itertools.product(*options)
        if total["value"] in ("", str(sum(n for n, _ in choice)))
        and total["at_work"] in ("", str(sum(y for _, y in choice)))
        and all(c["value"] or n > 0 for c, (n, _) in zip(cells[1:], choice, strict=True))
        and all(c["at_work"] or y > 0 for c, (_, y) in zip(cells[1:], choice, strict=True))
    ]  # fmt: skip
    for place, (n, y) in enumerate(pairs):
        parts = {"all": (n, lambda n, y: n), "at work": (y, lambda n, y: y), "not at work": (n - y, lambda n, y: n - y)}
        for kind, (value, part) in parts.items():
            if 0 < value < 3 and f"a={'uvw'[place]} ({kind})" not in lost:
                assert max(part(*choice[place]) for choice in tables) >= 3


@pytest.mark.parametrize("group", ["hide", "show"])
def test_a_group_that_is_wholly_at_work_is_hidden_only_where_the_policy_says_so(tmp_path, group):
    rows = [("u", 9, 9), ("v", 12, 5), ("w", 14, 6)]
    table = leaf_table(tmp_path, ["a"], rows, at_work=True)
    protection = protect_cells(table.cells(Rule(4, group=group)))
    assert protection.verdict.complete
    header, *written = table.written(protection.hidden)
    row = next(dict(zip(header, row, strict=True)) for row in written if row[0] == "u")
    assert (row["rate"] == "") == (group == "hide")
