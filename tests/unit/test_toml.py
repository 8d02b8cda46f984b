"""Whatever lies where a TOML file should be: it ends soon, in words, and nothing of it is repeated."""

import datetime
import os
import time

import pytest

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.registers.delivery import read_delivery
from uitstroom.release.question import read_question
from uitstroom.toml import LARGEST, read_toml

STRANGE = {
    "nested lists": ("x = " + "[" * 3000 + "]" * 3000, "nested too deep"),
    "nested tables": ("x = " + "{a = " * 3000 + "1" + "}" * 3000, "nested too deep"),
    "a long integer": ("x = " + "9" * 5000, "too long"),
    "a long key": ("a" + ".a" * 20_000 + " = 1", "more than 50 parts"),
    "a long quoted key": ('"a"' + ' . "a"' * 20_000 + " = 1", "more than 50 parts"),
    "a long head": ("[a" + ".a" * 20_000 + "]", "more than 50 parts"),
    "a long key in a table": ("x = { a" + ".a" * 20_000 + " = 1 }", "more than 50 parts"),
    "not TOML": ("KANARIE", "not TOML"),
    "another encoding": ("x = '\udce9'", "UTF-8"),
    "too large": ("#" * (LARGEST + 1), "larger than"),
}
READERS = {
    "delivery.toml": read_delivery,
    "question.toml": read_question,
    "words.toml": Catalogue.load,
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_file_is_refused_soon(tmp_path, kind, name):
    text, said = STRANGE[kind]
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    refused(tmp_path, name, said)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"])
def test_only_an_ordinary_file_is_read(tmp_path, make, name):
    make(tmp_path / name)
    refused(tmp_path, name, "no ordinary file")


def refused(folder, name, said):
    begun = time.monotonic()
    with pytest.raises(UitstroomError, match=said) as raised:
        READERS[name](folder)
    assert time.monotonic() - begun < 5
    assert "KANARIE" not in str(raised.value)
    assert name in str(raised.value)


def test_what_people_write_is_read(tmp_path):
    path = tmp_path / "a.toml"
    dots = "." * 200
    path.write_bytes(b"\xef\xbb\xbf" + f'a.b = "{dots}"\r\n"x.{dots}" = 1\r\nday = 2017-06-30\r\n'.encode())
    assert read_toml(path) == {"a": {"b": dots}, f"x.{dots}": 1, "day": datetime.date(2017, 6, 30)}
