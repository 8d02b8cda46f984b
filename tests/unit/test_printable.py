"""What others wrote steers no terminal and starts no formula."""

import pytest

from uitstroom.errors import UitstroomError
from uitstroom.periods import Period
from uitstroom.text import plain_cell, printable


@pytest.mark.parametrize(("text", "shown"), [
    ("A-1 é", "A-1 é"), ("\x1b[2J\x07A", "\\x1b[2J\\x07A"), ("\u202eA", "\\u202eA"), ("a\r\nb", "a\\r\\nb"),
    ("\x9b1m", "\\x9b1m"),
])  # fmt: skip
def test_signs_that_steer_are_spelled_out(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("value", "cell"), [("=cmd|x", "'=cmd|x"), ("-1", "'-1"), (-1, -1), ("A=1", "A=1"), (None, None)]
)
def test_no_cell_is_a_formula(value, cell):
    assert plain_cell(value) == cell


def test_a_period_is_written_in_digits():
    with pytest.raises(UitstroomError):
        Period.parse("２０１７")
