"""Resumptions as a graph: which rows turn in a circle, and where in its chain each part stands."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitstroom.registers.walks import walk

letters = st.sampled_from("abcdefgh")
graphs = st.dictionaries(letters, letters)


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        yield connection


def walked(engine, following):
    """The starts that turn in a circle, and where each start leads after how many steps."""
    kind = np.int64 if all(isinstance(one, int) for one in following) else object
    links = {"start": np.array(list(following), dtype=kind), "next": np.array(list(following.values()), dtype=kind)}
    engine.register("links", links)
    circle = walk(engine, "select start, next from links")
    ends = {start: (last, steps) for start, last, steps in engine.execute("from walk").fetchall()}
    engine.unregister("links")
    return circle, ends


@given(graphs)
def test_a_key_is_in_a_circle_exactly_when_one_comes_back_to_it(engine, following):
    def comes_back(start: str) -> bool:
        at: str | None = following.get(start)
        for _ in following:
            if at == start:
                return True
            at = following.get(at) if at else None
        return False

    assert walked(engine, following)[0] == sorted(key for key in following if comes_back(key))


@given(st.permutations(range(12)), st.sets(st.integers(1, 11)))
def test_each_part_knows_the_first_of_its_chain_and_its_place(engine, order, breaks):
    chains: list[list[int]] = []
    for place in range(12):
        if place in breaks or not chains:
            chains.append([])
        chains[-1].append(place)
    predecessors = {one: one - 1 for one in order if one and one not in breaks}
    expected = {one: (chain[0], steps) for chain in chains for steps, one in enumerate(chain) if steps}
    assert walked(engine, predecessors) == ([], expected)


def test_a_chain_of_a_hundred_thousand_parts_takes_few_rounds(engine):
    assert walked(engine, {one: one - 1 for one in range(1, 100_000)})[1][99_999] == (0, 99_999)
