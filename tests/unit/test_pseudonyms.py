"""A person is the same 64-bit integer wherever the number is met, and only a valid number is a person."""

from __future__ import annotations

import datetime
import hashlib
import hmac

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ssn

from uitstroom.errors import UitstroomError
from uitstroom.registers.pseudonyms import Numbers, Texts, fingerprint, read_key, valid_number

KEY = b"0123456789abcdef0123456789abcdef"


def checked(head: int, century: int) -> int:
    return head * 100 + 97 - (century + head) % 97


heads = st.builds(
    lambda year, month, day, serial: ((year * 100 + month) * 100 + day) * 1000 + serial,
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 31), st.integers(0, 999),
)  # fmt: skip
numbers = st.one_of(
    st.builds(checked, heads, st.sampled_from([0, 2_000_000_000])),
    st.builds(lambda head, tail: head * 100 + tail, heads, st.integers(0, 99)),
)


@given(st.lists(numbers, min_size=1, max_size=50))
def test_the_check_digits_are_those_of_stdnum(numbers):
    year = datetime.date.today().year  # noqa: DTZ011
    with duckdb.connect() as connection:
        connection.register("number", {"n": np.array(numbers, dtype=np.int64)})
        judged = connection.execute(f"select n, {valid_number('n', year)} from number").fetchall()
    assert judged == [(number, ssn.is_valid(f"{number:011d}")) for number in numbers]


def test_the_examples_of_stdnum_and_a_number_of_the_future():
    with duckdb.connect() as connection:

        def valid(number: int, year: int) -> bool:
            return connection.execute(f"select {valid_number(str(number), year)}").fetchall()[0][0]

        assert valid(85073003328, 2017)
        assert valid(17073003384, 2017)
        assert not valid(17073003384, 2016)
        assert valid(98472899765, 2017)
        assert not valid(12345678901, 2017)


def test_a_number_becomes_the_first_8_bytes_of_its_hmac_and_keeps_them():
    persons = Numbers(KEY)
    first = persons.of(np.array([17073003384, 85073003328]))
    again = persons.of(np.array([1410100195, 85073003328]))
    expected = [
        int.from_bytes(hmac.digest(KEY, number, "sha256")[:8], "big", signed=True)
        for number in (b"17073003384", b"85073003328", b"01410100195")
    ]
    assert first.tolist() == expected[:2]
    assert again.tolist() == [expected[2], expected[1]]
    assert not persons.collided


def test_a_text_becomes_the_first_8_bytes_of_its_hash():
    expected = int.from_bytes(hashlib.sha256(b"A-1").digest()[:8], "big", signed=True)
    assert Texts().of(["A-1"]).tolist() == [expected]


@pytest.mark.parametrize("length", [16, 64, 65, 200])
def test_the_hmac_is_the_standard_one_whatever_the_length_of_the_key(length):
    key = bytes(range(length))
    expected = int.from_bytes(hmac.digest(key, b"00000000123", "sha256")[:8], "big", signed=True)
    assert Numbers(key).of(np.array([123])).tolist() == [expected]


@given(st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=20), max_size=8))
def test_a_number_met_again_gets_the_same_pseudonym_and_order_does_not_matter(blocks):
    persons = Numbers(KEY)
    for block in blocks:
        assert persons.of(np.array(block)).tolist() == [int(Numbers(KEY).of(np.array([one]))[0]) for one in block]
    assert not persons.collided


def test_two_persons_with_one_pseudonym_are_seen():
    persons = Texts()
    persons.watching = True
    made = persons.of(["A-1"])
    persons.of(["A-1"])
    persons.integers(np.array([1, 2, -3, 1 << 40]))
    assert not persons.collided
    persons.integers(made)
    assert persons.collided


def test_two_texts_with_one_pseudonym_are_seen(monkeypatch):
    class Hash:
        def __init__(self, text):
            self.text = text

        def digest(self):
            return b"12345678" + self.text.ljust(24)

    monkeypatch.setattr("uitstroom.registers.pseudonyms.hashlib.sha256", Hash)
    persons = Texts()
    persons.of(["A-1"])
    persons.of(["A-1"])
    assert not persons.collided
    persons.of(["A-2"])
    assert persons.collided
    together = Texts()
    together.of(["A-1", "A-2"])
    assert together.collided


@given(st.lists(st.lists(st.integers(-5, (1 << 27) + 5), max_size=5), max_size=5), st.integers(-5, (1 << 27) + 5))
def test_an_integer_is_remembered_whatever_its_size(blocks, one):
    persons = Texts()
    persons.watching = True
    for block in blocks:
        persons.integers(np.array(block, dtype=np.int64))
    persons._pseudonyms = np.array([one])
    assert persons.collided == any(one in block for block in blocks)


def test_two_numbers_with_one_pseudonym_are_seen(monkeypatch):
    monkeypatch.setattr(Numbers, "_made", lambda _, numbers: np.full(len(numbers), 7))
    persons = Numbers(KEY)
    persons.of(np.array([1]))
    assert not persons.collided
    persons.of(np.array([2]))
    assert persons.collided


def test_a_key_is_read_without_its_newline_and_may_not_be_short(tmp_path):
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(KEY + b"\n")
    assert read_key(path) == KEY
    path.write_bytes(b"short\n")
    with pytest.raises(UitstroomError, match="shorter"):
        read_key(path)
    assert KEY.decode() not in fingerprint(KEY)
