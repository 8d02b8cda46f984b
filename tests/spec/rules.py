"""The rules of docs/rules.md: their names, in order, under their headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
_HEADING = re.compile(r"^(##|###) (.+)$", re.MULTILINE)


def rules() -> Mapping[str, str]:
    """Each rule's name, and the heading it stands under."""
    found, under = {}, ""
    for level, words in _HEADING.findall(PAGE.read_text(encoding="utf-8")):
        if level == "##":
            under = words
        else:
            found[words] = under
    return found
