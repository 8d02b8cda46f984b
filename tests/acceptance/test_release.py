"""From a question on file to a release that can be rebuilt, through the real command line."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest

from tests.acceptance.test_answer_115 import OUTFLOW, ROOT, STARTED, uitstroom

QUESTIONS = ROOT / "questions"
SEED = [
    *STARTED,
    *STARTED.values(),
    *OUTFLOW,
    "niet van toepassing",
    "67% na 3 maanden voor trajecten met opleidingsstage",
    "47% na 3 maanden",
    "niet mogelijk",
    "nog niet gekend",
    "gespecialiseerd oriënterende stage (GOS)",
    "de eventuele competentiekloof in kaart te brengen",
    "beperkt tot het goedkeuren van het opleidingsplan, inclusief de duurtijd",
    "tender “intensief werkplekleren”",
    "meer dan 23.000",
    "7.200",
    "37.000",
    "op vraag nr. 115 van 23 november 2017",
    "YASMINE KHERBACHE",
]
"""Every line of the seed's two tables, its explanations, and its three statements."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's register with its later delivery."""
    folder = tmp_path_factory.mktemp("register")
    uitstroom("synth", "--out", folder / "deliveries")
    for delivery in sorted((folder / "deliveries").iterdir()):
        uitstroom("load", delivery, "--store", folder / "store")
    return folder / "store"


@pytest.fixture(scope="module")
def release(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release that answers question 115."""
    folder = tmp_path_factory.mktemp("release") / "sv-2017-115"
    uitstroom("answer", QUESTIONS / "sv-2017-115", "--out", folder, "--store", store)
    return folder


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _markup(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        text = package.read(name).decode()
    words = _Words()
    words.feed(re.sub(r"</(w:p|text:p|text:h|table:table-cell)>", " ", text))
    return "".join(words.said)


def text_of(file: Path) -> str:
    """All words of a document, in one line."""
    if file.suffix == ".pdf":
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    elif file.suffix == ".html":
        words = _Words()
        words.feed(file.read_text(encoding="utf-8"))
        text = " ".join(words.said)
    else:
        text = _markup(file.read_bytes(), "word/document.xml" if file.suffix == ".docx" else "content.xml")
    return " ".join(text.split())


@pytest.mark.parametrize("form", ["docx", "odt", "pdf", "html"])
def test_every_format_of_the_letter_carries_the_seed(release: Path, form: str) -> None:
    text = text_of(release / f"letter.{form}")
    squeezed = re.sub(r"\s|-(?=\s)", "", text)
    missing = [words for words in SEED if re.sub(r"\s", "", words) not in squeezed]
    assert missing == []


def test_the_letter_and_its_annex_say_what_the_data_say(release: Path) -> None:
    figures = json.loads((release / "data" / "figures.json").read_text())["figures"]
    text = text_of(release / "letter.html") + text_of(release / "annex.html")
    for figure in figures:
        if figure["status"] == "value":
            number = f"{figure['value']}%" if figure["kind"] == "rate" else f"{figure['value']:,}".replace(",", ".")
            assert number in text, figure


def test_a_release_is_rebuilt_byte_for_byte_and_damage_is_named(release: Path, store: Path, tmp_path: Path) -> None:
    assert "byte voor byte" in uitstroom("verify", release, "--store", store).stdout
    damaged = tmp_path / "damaged"
    shutil.copytree(release, damaged)
    with (damaged / "letter.html").open("a") as letter:
        letter.write("<!-- -->")
    (damaged / "extra.txt").write_text("beside the manifest")
    told = uitstroom("verify", damaged, "--store", store, check=1).stdout
    assert "letter.html" in told
    assert "extra.txt" in told


def test_another_catalogue_is_named(release: Path, store: Path, tmp_path: Path) -> None:
    (tmp_path / "work_types.toml").write_text(
        '[OTH]\nname = { nl = "ander woord", en = "other word" }\nsource = "seed"\nstated = true\n'
    )
    told = uitstroom("verify", release, "--store", store, "--catalogue", tmp_path, check=1).stdout
    assert "catalogue" in told


def test_a_statement_that_the_data_contradict_stops_the_build_until_it_is_explained(
    store: Path, tmp_path: Path
) -> None:
    question = (QUESTIONS / "sv-2017-115" / "question.toml").read_text(encoding="utf-8")
    wrong = question.replace("relation = { more_than = 23000 }", "relation = { more_than = 23251 }")
    assert wrong != question
    (tmp_path / "question.toml").write_text(wrong, encoding="utf-8")
    told = uitstroom("answer", tmp_path, "--out", tmp_path / "release", "--store", store, check=1).stderr
    assert "meer dan 23.000 werkplekleeracties" in told
    assert "23251" in told
    assert not (tmp_path / "release").exists()
    explained = wrong.replace(
        "relation = { more_than = 23251 }",
        'relation = { more_than = 23251 }\nexplanation = { nl = "De brief rondde naar boven af.", en = "Rounded up." }',
    )
    (tmp_path / "question.toml").write_text(explained, encoding="utf-8")
    uitstroom("answer", tmp_path, "--out", tmp_path / "release", "--store", store)
    assert "De brief rondde naar boven af." in text_of(tmp_path / "release" / "letter.html")


def test_a_release_is_never_overwritten(release: Path, store: Path) -> None:
    told = uitstroom("answer", QUESTIONS / "sv-2017-115", "--out", release, "--store", store, check=1).stderr
    assert "never overwritten" in told


def test_differences_are_explained_cell_by_cell(release: Path, store: Path, tmp_path: Path) -> None:
    question = (QUESTIONS / "sv-2017-115" / "question.toml").read_text(encoding="utf-8")
    later = question.replace("as_known_on = 2017-11-23", "as_known_on = 2018-07-20").split("[[statements]]")[0]
    (tmp_path / "question.toml").write_text(later, encoding="utf-8")
    uitstroom("answer", tmp_path, "--out", tmp_path / "release", "--store", store)
    told = uitstroom("diff", release, tmp_path / "release", "--store", store).stdout
    assert "late registratie" in told
    (ibo,) = [line for line in told.splitlines() if "uitstroom · ibo" in line]
    assert "nog niet gekend" in ibo
    assert "nieuwe gegevens" in ibo
    revision = uitstroom("diff", release, tmp_path / "release", "--csv", "--store", store).stdout
    (ibo,) = [line for line in revision.splitlines() if line.startswith("uitstroom,outflow,ibo,2017-S1,,")]
    assert ibo.startswith("uitstroom,outflow,ibo,2017-S1,,not_yet_known,,,,value,80,")
    assert ibo.endswith(",nieuwe gegevens,new data")
    assert "Geen enkel cijfer verschilt" in uitstroom("diff", release, release, "--store", store).stdout


def test_when_says_the_day_of_each_figure_that_is_not_yet_known(store: Path) -> None:
    told = uitstroom("when", QUESTIONS / "sv-2017-115", "--store", store).stdout
    assert "30 juni 2018" in told


@pytest.mark.parametrize("name", ["ibo-reeks", "bereik"])
def test_questions_unlike_the_first_are_answered_too(name: str, store: Path, tmp_path: Path) -> None:
    uitstroom("answer", QUESTIONS / name, "--out", tmp_path / name, "--store", store)
    figures = json.loads((tmp_path / name / "data" / "figures.json").read_text())["figures"]
    assert any(figure["status"] == "value" for figure in figures)
    assert all(figure["status"] == "value" or figure["reason"] for figure in figures)
    beside = ("--beside", QUESTIONS / name)
    assert "byte voor byte" in uitstroom("verify", tmp_path / name, *beside, "--store", store).stdout
    if name == "ibo-reeks":
        assert "15.000" in text_of(tmp_path / name / "letter.html")


def test_the_impossible_is_answered_with_reasons_or_refused(store: Path, tmp_path: Path) -> None:
    question = (QUESTIONS / "bereik" / "question.toml").read_text(encoding="utf-8").split("[[tables]]")[0]
    impossible = question + (
        '[[tables]]\nname = "bio"\nindicator = "outflow"\nperiods = ["2017-S1"]\ninstruments = ["bio"]\nby = ["sex"]\n'
        '[[tables]]\nname = "vroeger"\nindicator = "started"\nperiods = ["2010"]\n'
    )
    (tmp_path / "question.toml").write_text(impossible, encoding="utf-8")
    uitstroom("answer", tmp_path, "--out", tmp_path / "release", "--store", store)
    figures = json.loads((tmp_path / "release" / "data" / "figures.json").read_text())["figures"]
    assert {figure["status"] for figure in figures} <= {"not_possible", "not_applicable"}
    assert all(figure["reason"] for figure in figures)
    (tmp_path / "question.toml").write_text(impossible.replace('["bio"]', '["nope"]'), encoding="utf-8")
    assert "nope" in uitstroom("question", "check", tmp_path / "question.toml", check=2).stderr
    (tmp_path / "question.toml").write_text(impossible + "nonsense = 1\n[[statements]]\n", encoding="utf-8")
    told = uitstroom("question", "check", tmp_path, check=1).stderr
    assert "nonsense" in told
    assert "statements" in told


def test_a_new_question_can_be_filled_in(tmp_path: Path) -> None:
    uitstroom("question", "new", tmp_path / "vraag")
    assert "in order" in uitstroom("question", "check", tmp_path / "vraag").stdout
    assert "already" in uitstroom("question", "new", tmp_path / "vraag", check=1).stderr


def test_a_house_style_is_started_changed_and_used(store: Path, tmp_path: Path) -> None:
    uitstroom("style", "new", tmp_path / "style")
    (tmp_path / "style" / "texts.toml").write_text(
        '["letter.answer"]\nnl = "ANTWOORD VAN DE MINISTER"\n', encoding="utf-8"
    )
    uitstroom(
        "answer", QUESTIONS / "sv-2017-115", "--out", tmp_path / "release", "--style", tmp_path / "style",
        "--store", store,
    )  # fmt: skip
    for form in ("docx", "odt", "pdf", "html"):
        assert "ANTWOORD VAN DE MINISTER" in text_of(tmp_path / "release" / f"letter.{form}")


def test_a_control_character_in_a_question_is_refused(tmp_path: Path) -> None:
    question = (QUESTIONS / "bereik" / "question.toml").read_text(encoding="utf-8")
    (tmp_path / "question.toml").write_text(question.replace("Welk deel", "Welk\\u0001 deel"), encoding="utf-8")
    assert "control character" in uitstroom("question", "check", tmp_path, check=1).stderr
