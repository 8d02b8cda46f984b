"""The generated pages of docs/: which there are, and the function that makes each.

`python -m tools.pages` writes them; a test holds the written pages against these functions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.spec.page import spec_page
from tools.commands import commands_page
from tools.picture import drawing, readme
from tools.reference import catalogue_in_dutch, catalogue_in_english, contract, format_page
from uitstroom.release.figures_file import figures_schema_page

ROOT = Path(__file__).resolve().parent.parent
PAGES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("README.md", readme),
    ("docs/demo.svg", drawing),
    ("docs/commands.md", commands_page),
    ("docs/catalogue.md", catalogue_in_english),
    ("docs/catalogus.md", catalogue_in_dutch),
    ("docs/catalogue-format.md", format_page),
    ("docs/contract.md", contract),
    ("docs/figures.schema.json", figures_schema_page),
    ("docs/spec.md", spec_page),
)
"""Path below the root of the repository, and the function that gives the page's whole text."""


def write() -> None:
    """Write every page that differs from what its function gives, and name it."""
    for path, make in PAGES:
        page, text = ROOT / path, make()
        if not page.exists() or page.read_text("utf-8") != text:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")
            print(path)


if __name__ == "__main__":
    write()
