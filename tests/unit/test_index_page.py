"""The page that leads around a release: from every number to its definition, its file and its history."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from tests import samples
from uitstroom.release import about
from uitstroom.release.data import WRITERS
from uitstroom.release.index_page import Index
from uitstroom.release.question import QuestionFile, TableAsked
from uitstroom.release.sentences import Wording
from uitstroom.text import LANGUAGES, Language, Text

NAMES = ("started", "outflow", "persons", "by-age-and-sex", "ibo-series", "started-series")
IDENTIFIER = "urn:uuid:00000000-0000-5000-8000-000000000000"


def question() -> QuestionFile:
    tables = tuple(TableAsked(name=name, indicator="started", periods=("2017-S1",)) for name in NAMES)
    parts = {"number": "1", "date": samples.scope().as_known_on, "as_known_on": samples.scope().as_known_on}
    return QuestionFile(
        name="sample", parliament=Text.verbatim("x"), asked_by="x", asked_of=Text.verbatim("x"),
        title=Text(nl="Titel & <b>", en="Title & <b>"), text="x", tables=tables, **parts,
    )  # fmt: skip


def made(language: Language = "nl") -> dict[str, bytes]:
    published = samples.published()
    files = [path for name in ("json", "csv") for path in WRITERS[name](published, samples.catalogue(), "nl", NAMES)]
    return about.files(Index(question(), published, samples.catalogue(), language, files, IDENTIFIER))


class _Page(HTMLParser):
    """The ids, links and cells of a page; `cells` are the text and link of each data cell."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._in_cell = self._in_link = False
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        self.tags.append(tag)
        self.ids += [told["id"]] if told.get("id") else []
        if tag == "a":
            self.links.append(str(told["href"]))
            if self._in_cell:
                self.cells.append(("", str(told["href"])))
                self._in_link = True
        self._in_cell = self._in_cell or tag == "td"

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"
        self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._in_link:
            self.cells[-1] = (self.cells[-1][0] + data, self.cells[-1][1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_leads_to_its_definition_and_every_link_somewhere(language: Language) -> None:
    files = made(language)
    page = _Page(files["index.html"])
    assert len(page.ids) == len(set(page.ids))
    listed = {
        path
        for name in ("json", "csv")
        for path in WRITERS[name](samples.published(), samples.catalogue(), "nl", NAMES)
    }
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else link in {*listed, *files, "manifest.json"}, link
    wording = Wording(samples.catalogue(), language, samples.published().symbol)
    figures = [figure for table in samples.published() for figure in table.figures]
    assert sorted(said for said, _ in page.cells) == sorted(wording.cell(figure) for figure in figures)
    for _, link in page.cells:
        assert link.split("-")[0] in ("#definition", "#indicator")
    assert set(listed) <= set(page.links)


def test_nothing_in_it_is_script_or_fetched_and_texts_are_escaped() -> None:
    page = made()["index.html"].decode()
    assert "Titel &amp; &lt;b&gt;" in page
    assert not re.search(r"<script|src=|@import|url\(", page)
    assert samples.note("note.synthetic").text["nl"] in page
    assert IDENTIFIER in page


def test_no_hidden_count_stands_in_it() -> None:
    table = samples.by_age_and_sex()
    published = samples.published([table])
    one = question().model_copy(update={"tables": question().tables[:1]})
    page = about.files(Index(one, published, samples.catalogue(), "nl", [], IDENTIFIER))["index.html"].decode()
    shown = {figure.value for figure in published.tables[0].figures}
    hidden = {
        str(before.value)
        for before, after in zip(table.figures, published.tables[0].figures, strict=True)
        if after.status == "suppressed" and before.value not in shown and int(before.value or 0) >= 100
    }
    assert hidden
    assert not hidden & set(re.findall(r"\b\d+\b", page.replace(".", "")))


def test_what_lies_beside_it_says_how_to_cite_and_whom_to_ask() -> None:
    files = made()
    service = samples.catalogue().service
    assert service.licence is not None
    told = dict(
        line.split(": ", 1) for line in files["CITATION.cff"].decode().splitlines() if re.match(r"[a-z-]+: ", line)
    )
    assert {key: json.loads(value) for key, value in told.items()} == {
        "cff-version": "1.2.0", "message": samples.catalogue().word("index.please_cite")["nl"], "type": "dataset",
        "title": "Titel & <b>", "version": "2017-11-23", "date-released": "2017-11-23",
        "license-url": service.licence.url,
    }  # fmt: skip
    assert IDENTIFIER in files["CITATION.cff"].decode()
    assert service.licence.url in files["LICENCE.txt"].decode()
    readme = files["README.md"].decode()
    assert "index.html" in readme
    assert str(service.contact) in readme
    assert IDENTIFIER in readme
