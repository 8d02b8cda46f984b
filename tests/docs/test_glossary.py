"""The glossary and the program use the same words."""

import re
from typing import get_args

import pytest

from tools.pages import ROOT
from uitstroom.catalogue import Catalogue
from uitstroom.figures import STATUSES, Unit

ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.M)
WORDS = {english: dutch for english, dutch in ROWS if english != "English"}

PRINTED = [f"status.{status}" for status in STATUSES if status != "value"]
PRINTED += [f"unit.{unit}.singular" for unit in get_args(Unit)]


@pytest.mark.parametrize("key", PRINTED)
def test_what_the_program_prints_is_the_glossary_s_word(key):
    text = Catalogue.load().words[key]
    english = text["en"].replace("training plan", "plan")
    assert WORDS[english] == text["nl"]


@pytest.mark.parametrize("word", ["provisional", "break", "at work", "scope", "stated, inferred"])
def test_a_word_of_the_answers_is_explained(word):
    assert WORDS[word]


def test_a_word_is_explained_once():
    english = [row[0] for row in ROWS if row[0] != "English"]
    assert sorted(english) == sorted(set(english))


def test_every_abbreviation_of_an_instrument_is_written_in_full():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8").partition("## Abbreviations")[2]
    short = [one.short_name["nl"] for one in Catalogue.load().instruments.values() if one.short_name["nl"].isupper()]
    assert [name for name in short if not re.search(rf"^\| [^|]*\b{name}\b", glossary, re.M)] == []
