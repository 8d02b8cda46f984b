"""Not one record is lost or moved, whatever stands in the file."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uitstroom.registers.csv_files import CsvFile
from uitstroom.registers.delivery import Dialect
from uitstroom.registers.records import Form, _plain, _Splitting, split

FORM = Form(3)
GOOD = b"a,b,c\n"
BAD = {
    "too_few_columns": b"a,b\n",
    "too_many_columns": b"a,b,c,d\n",
    "nul_byte": b"a,\0,c\n",
    "encoding": b"a,\xff,c\n",
    "open_quote": b'a,"b,c\n',
    "carriage_return": b"a,b\rb,c\n",
    "line_too_long": b"a," + b"x" * 200 + b",c\n",
}

plain = st.text(st.characters(codec="utf-8", exclude_characters='\0"\r\n'), max_size=6)
fields = st.text(st.sampled_from(",;\"'\n a1é€"), max_size=6)
rows = st.lists(st.lists(fields, min_size=3, max_size=3), max_size=12)


def written(rows: list[list[str]], newline: str, quoting: int) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=newline, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()


def read(clean: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(clean.decode(), newline=""), strict=True))


@given(rows, st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_well_formed_records_are_those_that_the_standard_reader_sees(rows, newline, quoting):
    records = split(written(rows, newline, quoting), FORM, final=True)
    assert not records.faults
    assert read(records.clean) == rows
    assert records.count == len(rows)


@given(st.lists(st.sampled_from(["good", *BAD]), max_size=30), st.booleans())
def test_a_faulty_line_costs_its_own_record_and_no_other(kinds, ends_with_newline):
    content = b"".join(BAD.get(kind, GOOD) for kind in kinds)
    records = split(content if ends_with_newline else content.removesuffix(b"\n"), Form(3, longest=100), final=True)
    assert records.count == len(kinds)
    assert records.faults == {place: kind for place, kind in enumerate(kinds) if kind != "good"}
    assert read(records.clean) == [["a", "b", "c"] if kind == "good" else ["", "", ""] for kind in kinds]
    assert records.lines.tolist() == list(range(len(kinds)))


@given(rows, st.lists(st.sampled_from(list(BAD.values())), max_size=6), st.integers(20, 200), st.data())
def test_where_a_file_is_cut_into_blocks_changes_nothing(tmp_path_factory, rows, bad, block, data):
    lines = [written([row], "\n", csv.QUOTE_MINIMAL) for row in rows] + bad
    path = tmp_path_factory.mktemp("cut") / "x.csv"
    path.write_bytes(b"k,l,m\n" + b"".join(data.draw(st.permutations(lines))))
    whole, cut = blocks_of(path, 1 << 20), blocks_of(path, block)
    assert cut == whole


def blocks_of(path, size):
    """What is read of a file whose records hold at most 15 bytes: clean records, faults, bytes and lines."""
    file = CsvFile(path, Dialect(), block=size)
    object.__setattr__(file.form, "longest", 15)
    clean, faults, places = b"", {}, []
    for block in file.blocks():
        clean += block.records.clean
        faults |= {block.first + place: rule for place, rule in block.records.faults.items()}
        starts, ends = block.records.starts + block.offset, block.records.ends + block.offset
        places += list(zip(starts.tolist(), ends.tolist(), (block.records.lines + block.line).tolist(), strict=True))
    return clean, faults, places, file.digest


def test_bytes_of_a_record_are_those_of_the_file_line_ends_and_quotes_included():
    content = b'a,b,c\r\n"x\r\ny",2,3\r\n\r\nlast,1,2'
    records = split(content, FORM, final=True)
    places = zip(records.starts.tolist(), records.ends.tolist(), strict=True)
    assert [content[start:end] for start, end in places] == [b"a,b,c\r\n", b'"x\r\ny",2,3\r\n', b"last,1,2"]


LINES = ["a,b,c", "é,,", ",,", "a,b", "a,b,c,d", "", "x" * 30 + ",,", "a\rb,,", "a,b,c\r"]


@given(
    st.lists(st.sampled_from(LINES), max_size=9),
    st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "rest", "é"]),
    st.sampled_from(["utf-8", "latin-1", "cp1252"]),
)  # fmt: skip
def test_the_short_way_finds_what_the_long_way_finds(lines, newline, end, encoding):
    stretch, form = (newline.join(lines) + end).encode(encoding), Form(3, encoding=encoding, longest=20)
    short, long = _plain(stretch, form), _Splitting(stretch, form, False).records()
    if short:
        assert (short.clean, short.faults, short.taken) == (long.clean, long.faults, long.taken)
        for name in ("starts", "ends", "lines"):
            assert getattr(short, name).tolist() == getattr(long, name).tolist()
    plain = lines and end == "\n" and newline == "\n" and set(lines) <= {"a,b,c", "é,,", ",,"}
    assert short or not plain


def test_an_open_quote_swallows_no_good_record():
    good = b'1,"two",3\n' * 50
    records = split(good + b'9,"open,3\n' + good + b'9,",3\n' + good, FORM, final=True)
    assert records.count == 152
    assert records.faults == {50: "open_quote", 101: "open_quote"}


def test_two_open_quotes_that_seem_to_close_each_other_swallow_nothing_between_them():
    good = b"1,2,3\n" * 50
    records = split(good + b'9,"\n' + good + b'8,"\n' + good, FORM, final=True)
    assert records.count == 152
    assert records.faults == {50: "open_quote", 101: "open_quote"}


@pytest.mark.parametrize(("content", "rule"), [
    (b'a,"b"x,c\n', "open_quote"),
    (b'a,b"b,c\n', "open_quote"),
    (b'a,"line\nend",c,d\n', "too_many_columns"),
    (b'a,"line\nend"\n', "too_few_columns"),
])  # fmt: skip
def test_misplaced_quotes_and_records_over_lines_are_one_faulty_record(content, rule):
    records = split(GOOD + content + GOOD, FORM, final=True)
    assert (records.count, records.faults) == (3, {1: rule})


def test_old_macintosh_line_ends(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"k,l,m\ra,b,c\rd,e,f\r")
    assert blocks_of(path, 1 << 20)[0] == b"a,b,c\nd,e,f\n"


def test_undefined_bytes_of_windows_1252_are_faults_and_the_rest_becomes_utf_8():
    records = split(b"a,\x80,c\na,\x81,c\n", Form(3, encoding="cp1252"), final=True)
    assert records.faults == {1: "encoding"}
    assert records.clean == "a,€,c\n,,\n".encode()


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_binary_junk_is_split_without_complaint_and_every_byte_is_accounted_for(pieces):
    content = b"\n".join(pieces)
    records = split(content, FORM, final=True)
    covered = np.zeros(len(content), bool)
    for start, end in zip(records.starts.tolist(), records.ends.tolist(), strict=True):
        assert not covered[start:end].any()
        covered[start:end] = True
    assert set(np.frombuffer(content, np.uint8)[~covered].tolist()) <= {10, 13}
    assert len(read(records.clean)) == records.count
