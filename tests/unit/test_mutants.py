"""The list of mistakes follows the code: each can still be made, and is one."""

import pytest

from tools.mutants import listed, mutated


@pytest.mark.parametrize("mutant", list(listed()), ids=lambda mutant: mutant.what)
def test_a_listed_mistake_can_be_made(mutant):
    assert mutant.old != mutant.new
    assert mutated(mutant)
