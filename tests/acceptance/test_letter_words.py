"""The words of letters: what a minister signs, sentence by sentence, in both languages, through the real program."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf
import pytest

from tests.acceptance.test_answer_115 import ROOT, uitstroom
from tests.acceptance.test_release import text_of

QUESTIONS = ROOT / "questions"
BRIEF = {
    "nl": [
        "Schriftelijke vraag nr. 115 van 23 november 2017 van Yasmine Kherbache aan de "
        "Vlaamse minister bevoegd voor werk",
        "ANTWOORD op vraag nr. 115 van 23 november 2017 van YASMINE KHERBACHE",
        "Vanaf 2017 hanteert VDAB zeven vormen van werkplekleren:",
        "De beroepsverkennende stage (BVS): oriënteren op de werkvloer",
        "In de eerste jaarhelft van 2017 werden bij VDAB 23.251 werkplekleeracties gestart. De aantallen per vorm "
        "staan in de tabel hieronder.",
        "De uitstroom naar werk bedraagt 67% na 3 maanden voor trajecten met opleidingsstage en 47% na 3 maanden voor "
        "instapstages, beëindigd in de eerste jaarhelft van 2017.",
        "Een aantal vormen situeert zich eerder in de oriënterende fase van de zoektocht naar werk. Bij de "
        "activeringsstage en de beroepsverkennende stage (BVS) is het de bedoeling om de eventuele competentiekloof in "
        "kaart te brengen. Uitstroommeting is hier dus niet van toepassing.",
        "Uitstroommeting is hier dus niet mogelijk.",
        "uitstroom na 12 maanden voor IBO’s gestart in de eerste jaarhelft van 2017 is nog niet gekend",
        "De uitstroom na 12 maanden voor IBO’s gestart in de eerste jaarhelft van 2017 kan gekend zijn vanaf 30 "
        "juni 2018.",
        "(beleidsbrief Werk, Economie, Wetenschap en Innovatie 2017-2018, blz. 16) stemt overeen met de cijfers: in de "
        "eerste jaarhelft van 2017 werden bij VDAB 23.251 werkplekleeracties gestart, dus meer dan 23.000.",
        "De uitspraak “waarvan 7.200 IBO’s” stemt overeen met de cijfers: in de eerste jaarhelft van 2017 werden bij "
        "VDAB 7.183 IBO’s gestart, afgerond 7.200.",
        "van juli 2016 tot en met juni 2017 startten bij VDAB 37.014 verschillende personen met minstens één actie, "
        "afgerond 37.000.",
    ],
    "en": [
        "by Yasmine Kherbache to the Flemish minister competent for work",
        "From 2017 on VDAB uses seven forms of workplace learning:",
        "In the first half of 2017 23,251 workplace learning actions were started at VDAB.",
        "The outflow to work is 67% after 3 months for trajectories with training placement and 47% after 3 months for "
        "entry placements, ended in the first half of 2017.",
        "Measuring outflow therefore does not apply.",
        "outflow after 12 months for IBOs started in the first half of 2017 is not yet known",
        "7,183 IBOs were started at VDAB, rounded 7,200.",
    ],
}
"""Sentences of the brief letter of question 115."""
SIGNED = {"nl": "De Vlaamse minister bevoegd voor werk", "en": "The Flemish minister competent for work"}
INTERNAL = ["momentopname", "volgens de catalogus", "(OTH)", "iss-3-months", "638"]
"""What stays out of a brief letter: remarks of the house, codes, variants that nobody asked for."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's register with its later delivery."""
    folder = tmp_path_factory.mktemp("register")
    uitstroom("synth", "--out", folder / "deliveries")
    for delivery in sorted((folder / "deliveries").iterdir()):
        uitstroom("load", delivery, "--store", folder / "store")
    return folder / "store"


def _answered(question: Path, store: Path, out: Path, *words: str) -> Path:
    uitstroom("answer", question, "--out", out, "--store", store, *words)
    return out


@pytest.fixture(scope="module")
def release(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _answered(QUESTIONS / "sv-2017-115", store, tmp_path_factory.mktemp("brief") / "release")


@pytest.mark.parametrize("form", ["pdf", "html", "docx", "odt"])
def test_the_brief_letter_says_the_answer_in_whole_sentences(release: Path, form: str) -> None:
    text = _squeezed(text_of(release / f"letter.{form}"))
    assert [said for said in BRIEF["nl"] if _squeezed(said) not in text] == []
    assert text.rstrip("0123456789,").rfind(_squeezed(SIGNED["nl"])) > text.rfind("37.000")
    assert [said for said in INTERNAL if said in text] == []


def test_the_page_that_lays_it_beside_the_minister_s_quotes_the_letter(release: Path) -> None:
    page = (ROOT / "docs" / "letter.md").read_text(encoding="utf-8")
    rows = [line.split(" | ", 1)[1] for line in page.splitlines() if line.startswith("| ")][1:]
    quotes = [one for row in rows for one in re.findall(r"“((?:[^“”]|“[^“”]*”)+)”", row) if one != "momenteel"]
    text = _squeezed(text_of(release / "letter.html"))
    assert len(quotes) > 20
    assert [one for one in quotes if _squeezed(one) not in text and one != "vanaf"] == []


def test_english_says_the_same(store: Path, tmp_path: Path) -> None:
    release = _answered(QUESTIONS / "sv-2017-115", store, tmp_path / "release", "--lang", "en")
    text = _squeezed(text_of(release / "letter.html"))
    assert [said for said in [*BRIEF["en"], SIGNED["en"]] if _squeezed(said) not in text] == []


def test_the_brief_letter_of_115_has_two_pages_and_says_nothing_twice(release: Path) -> None:
    assert len(pypdf.PdfReader(release / "letter.pdf").pages) == 2
    text = text_of(release / "letter.html").split("ANTWOORD", 1)[1]
    sentences = [one.strip() for one in re.split(r"(?<=[.:])\s", text) if len(one.split()) > 7]
    assert sorted({one for one in sentences if sentences.count(one) > 1}) == []


def test_the_annex_holds_what_the_letter_leaves_out(release: Path) -> None:
    text = text_of(release / "annex.html")
    for said in (
        "638",
        "37.014",
        "Hoe elk percentage tot stand kwam",
        "(OTH)",
        "momentopname",
        "Definities",
        "Bronnen",
    ):
        assert said in text, said


def test_what_the_question_switches_off_is_nowhere_and_what_it_switches_on_is_in_the_letter(
    store: Path, tmp_path: Path
) -> None:
    question = (QUESTIONS / "sv-2017-115" / "question.toml").read_text(encoding="utf-8")
    switched = question.replace(
        "[[tables]]", '[letter]\nvariants = true\ncharts = false\naccounts = false\nforms = "none"\n\n[[tables]]', 1
    )
    (tmp_path / "question.toml").write_text(switched, encoding="utf-8")
    release = _answered(tmp_path, store, tmp_path / "release")
    letter, annex = text_of(release / "letter.html"), text_of(release / "annex.html")
    assert "638" in letter
    assert "638" not in annex
    assert "zeven vormen" not in letter
    assert "<img" not in (release / "annex.html").read_text(encoding="utf-8")
    assert "Hoe elk percentage" not in letter + annex


def test_a_full_letter_holds_everything_and_has_no_annex(store: Path, tmp_path: Path) -> None:
    question = (QUESTIONS / "sv-2017-115" / "question.toml").read_text(encoding="utf-8")
    (tmp_path / "question.toml").write_text(
        f'layout = "full"\nsigned_by = "An Voorbeeld"\n{question}', encoding="utf-8"
    )
    release = _answered(tmp_path, store, tmp_path / "release")
    text = text_of(release / "letter.html")
    assert not list(release.glob("annex.*"))
    for said in ("638", "37.014", "Hoe elk percentage tot stand kwam", "Definities", "Bronnen", "An Voorbeeld"):
        assert said in text, said


def test_a_series_opens_with_its_numbers_and_targets_are_sentences(store: Path, tmp_path: Path) -> None:
    release = _answered(QUESTIONS / "ibo-reeks", store, tmp_path / "release")
    text = text_of(release / "letter.html")
    for pattern in (
        r"In 2016 werden bij VDAB [\d.]+ IBO’s gestart\. In 2017 waren het er [\d.]+\.",
        r"In 2016 eindigden bij VDAB [\d.]+ IBO’s\. In 2017 waren het er [\d.]+\.",
        r"De uitstroom naar werk bedraagt \d+% na 12 maanden voor IBO’s, gestart in de tweede jaarhelft van 2016 en "
        r"\d+% na 12 maanden voor IBO’s, gestart in de eerste jaarhelft van 2017\.",
        r"In 2017 werden bij VDAB [\d.]+ IBO’s gestart\. Dat is \d+% van de 15\.000 die beoogd werden",
        r"De uitstroom na 12 maanden voor IBO’s gestart in de tweede jaarhelft van 2017 kan gekend zijn vanaf 31 "
        r"december 2018\.",
    ):
        assert re.search(pattern, text), pattern


def _squeezed(text: str) -> str:
    return re.sub(r"\s|-(?=\s)", "", text)
