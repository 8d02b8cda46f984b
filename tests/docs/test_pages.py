"""What the pages say is what the program does: made pages are current, links lead somewhere, nothing stands alone."""

import re
from pathlib import Path

import pytest

from tests.docs.tree import ROOT, files
from tools.pages import PAGES

DOCUMENTS = [str(path.relative_to(ROOT)) for path in files(".md")]
LINK = re.compile(r"\]\(([^()\s]+)\)")


@pytest.mark.parametrize(("path", "make"), PAGES, ids=[path for path, _ in PAGES])
def test_a_generated_page_is_what_its_source_gives(path, make):
    assert (ROOT / path).read_text("utf-8") == make(), "run ./run pages"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_within_the_repository_leads_somewhere(document):
    broken = [link for link in _links(document) if not _resolves(document, link)]
    assert broken == []


def test_every_document_can_be_reached_from_the_readme():
    seen, ahead = set(), ["README.md"]
    while ahead:
        document = ahead.pop()
        if document not in seen:
            seen.add(document)
            ahead += [path for path in map(_target(document), _links(document)) if path in DOCUMENTS]
    assert sorted(set(DOCUMENTS) - seen) == []


def _links(document):
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text("utf-8"), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def _target(document):
    def path(link):
        place = link.partition("#")[0]
        found = (ROOT / document).parent / place if place else ROOT / document
        return str(found.resolve().relative_to(ROOT))

    return path


def _resolves(document, link):
    target = ROOT / _target(document)(link)
    anchor = link.partition("#")[2]
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(page: Path):
    titles = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
