"""Resumptions as a graph: which rows turn in a circle, and where in its chain each part stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from uitstroom.registers.chains import in_cycles, placed

letters = st.sampled_from("abcdefgh")
graphs = st.dictionaries(letters, letters)


@given(graphs)
def test_a_key_is_in_a_cycle_exactly_when_one_comes_back_to_it(following):
    def comes_back(start: str) -> bool:
        at: str | None = following.get(start)
        for _ in following:
            if at == start:
                return True
            at = following.get(at) if at else None
        return False

    assert in_cycles(following) == {key for key in following if comes_back(key)}


@given(st.permutations(range(12)), st.sets(st.integers(1, 11)))
def test_each_part_knows_the_first_of_its_chain_and_its_place(order, breaks):
    chains: list[list[int]] = []
    for place in range(12):
        if place in breaks or not chains:
            chains.append([])
        chains[-1].append(place)
    predecessors = {str(one): str(one - 1) for one in order if one and one not in breaks}
    expected = {str(one): (str(chain[0]), part) for chain in chains for part, one in enumerate(chain, 1) if part > 1}
    assert placed(predecessors) == expected


def test_a_chain_of_a_hundred_thousand_parts_is_no_recursion():
    assert placed({str(one): str(one - 1) for one in range(1, 100_000)})["99999"] == ("0", 100_000)
