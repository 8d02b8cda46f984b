"""Words and numbers as people read them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitstroom.text import Text, listing, rounded_percentage

SHARES = st.integers(1, 10**6).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@given(SHARES, st.integers(0, 3))
def test_a_rate_is_rounded_half_up(share, decimals):
    numerator, base = share
    printed = Fraction(rounded_percentage(numerator, base, decimals))
    half = Fraction(1, 2 * 10**decimals)
    assert printed - half <= Fraction(100 * numerator, base) < printed + half


def test_a_half_goes_up():
    assert rounded_percentage(1, 200) == Decimal(1)
    assert rounded_percentage(1, 8, 1) == Decimal("12.5")


def test_a_missing_language_is_english_and_else_the_first_that_is_given():
    assert Text(nl="dag", en="day").in_language("fr") == "day"
    assert Text(nb="dag").in_language("fr") == "dag"
    assert Text().in_language("nl") == ""


def test_texts_join_in_every_language_that_one_of_them_has():
    joined = Text(nl="de ", en="the ") + Text(nl="vraag", en="question", fr="question")
    assert joined == Text(nl="de vraag", en="the question", fr="the question")


def test_words_are_listed_as_their_language_does():
    words = [Text.verbatim(letter) for letter in "abc"]
    assert listing(words) == Text(nl="a, b en c", en="a, b and c")


def test_a_text_is_a_value():
    assert hash(Text(nl="a", en="b")) == hash(Text(en="b", nl="a"))
    with pytest.raises(TypeError):
        Text(nl="a")["nl"] = "b"
