"""The letter in the programs that people read it with: LibreOffice, and a browser on a screen, a phone and paper."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests import letters, readers
from tests.unit.test_index_page import made

pytestmark = pytest.mark.slow

DESKTOP, PHONE, NARROWEST = 1280, 375, 320


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_libreoffice_shows_every_text_on_a4_with_the_marks_on_each_page(extension: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt-get install libreoffice-writer"
    (tmp_path / f"letter.{extension}").write_bytes(letters.written(extension, internal=True))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), f"letter.{extension}"]
    subprocess.run(convert, cwd=tmp_path, check=True, capture_output=True, timeout=300)
    pages = readers.page_texts((tmp_path / "letter.pdf").read_bytes())
    assert len(pages) > 2
    assert all("Niet beveiligd" in page and f"van {len(pages)}" in page for page in pages)
    text = letters.squeezed("".join(pages))
    assert [said for said in letters.said() if letters.squeezed(said) not in text] == []
    head = letters.squeezed("Leeftijd en reden")
    assert sum(head in letters.squeezed(page) for page in pages) > 1, "the head of a long table stands on each page"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "a browser is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "letter.html"
    file.write_bytes(letters.written("html", internal=True, synthetic=True))
    return file.as_uri()


def _shown(browser: Browser, address: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    return page


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROWEST])
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    page = _shown(browser, address, width)
    found = Axe().run(page).response
    assert found["passes"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16


@pytest.mark.parametrize("width", [DESKTOP, PHONE, NARROWEST])
def test_the_page_that_leads_around_a_release_is_read_by_everybody(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    (tmp_path / "index.html").write_bytes(made()["index.html"])
    page = _shown(browser, (tmp_path / "index.html").as_uri(), width)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_wide_table_scrolls_by_itself_and_keeps_its_labels(browser: Browser, address: str) -> None:
    page = _shown(browser, address, PHONE)
    table = page.locator(".scroll").last
    table.evaluate("one => { one.scrollLeft = 300 }")
    assert table.evaluate("one => one.scrollLeft") == 300
    label = table.locator("tbody th").first
    assert label.evaluate("one => one.getBoundingClientRect().left") >= 0


def test_print_gives_numbered_a4_pages_that_carry_the_marks(browser: Browser, address: str) -> None:
    page = _shown(browser, address, DESKTOP)
    printed = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [one.extract_text() for one in printed.pages]
    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert "Niet beveiligd" in text
        assert f"pagina {number} van {len(texts)}" in " ".join(text.split())
    assert all(abs(float(one.mediabox.width) - 595) < 1 for one in printed.pages)


def test_the_page_asks_nothing_of_the_network(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []
