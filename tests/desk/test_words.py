"""Every sentence that the desk's code asks for is there, in both languages, with the places that it fills."""

import ast
import re
from pathlib import Path

from tests.unit.test_catalogue import DESK, _key
from uitstroom.desk.words import words


def _asked():
    for module in sorted(DESK.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", None) or getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name == "word" and node.args and (key := _key(node.args[0])):
                given = {part.arg for part in node.keywords}
                yield f"{Path(module).name}:{node.lineno}", key, None if None in given else given


def test_every_sentence_that_the_code_asks_for_is_there_with_the_places_that_it_fills():
    asked, wrong = list(_asked()), []
    assert len(asked) > 50
    for place, key, given in asked:
        found = [text for word, text in words().items() if re.fullmatch(key, word)]
        filled = [text for text in found if given is None or set(re.findall(r"\{(\w+)\}", text["nl"])) <= given]
        if not filled:
            wrong.append(f"{place} {key}")
    assert wrong == []


def test_both_languages_fill_the_same_places():
    places = {key: [set(re.findall(r"\{(\w+)\}", text[one])) for one in ("nl", "en")] for key, text in words().items()}
    assert {key: both for key, both in places.items() if both[0] != both[1]} == {}
