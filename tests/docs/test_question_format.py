"""The page that explains questions on file names every key that the program reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from uitstroom.release.question import FigureMeant, LetterParts, QuestionFile, Relation, Statement, TableAsked, Target

PAGE = (Path(__file__).parents[2] / "docs/question-format.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [QuestionFile, TableAsked, LetterParts, Statement, FigureMeant, Relation, Target])
def test_every_key_is_explained(form: type) -> None:
    keys = form.model_fields  # type: ignore[attr-defined]
    assert [key for key in keys if f"`{key}`" not in PAGE and f"[[{key}]]" not in PAGE and f"[{key}]" not in PAGE] == []
