"""The rules have names: each is shown by a case or held by a test, and whoever appeals to one names one that exists."""

import ast
import re

from tests.docs.tree import ROOT, files
from tests.spec.chapters import CHAPTERS
from tests.spec.elsewhere import ELSEWHERE
from tests.spec.rules import rules

CASES = [case for chapter in CHAPTERS for case in chapter.cases]
APPEAL = re.compile(r"\brules? ((?:`?[a-z]+\.[a-z_]+`?(?:, | and )?)+)")
NAME = re.compile(r"[a-z]+\.[a-z_]+")
OLD_PAGE = "seman" + "tics, "


def test_every_case_names_a_rule_that_exists():
    assert [case.title for case in CASES if not case.rules or not set(case.rules) <= set(rules())] == []


def test_every_rule_is_shown_by_a_case_or_held_by_a_test():
    shown = {name for case in CASES for name in case.rules} | ELSEWHERE.keys()
    assert sorted(set(rules()) - shown) == []
    assert sorted(ELSEWHERE.keys() - set(rules())) == []


def test_every_test_that_holds_a_rule_exists():
    named = {test for tests in ELSEWHERE.values() for test in tests}
    assert sorted(test for test in named if not _exists(*test.split("::"))) == []


def test_every_appeal_to_a_rule_names_one():
    appeals = {
        (str(path.relative_to(ROOT)), name)
        for path in files(".py", ".md")
        for names in APPEAL.findall(path.read_text("utf-8"))
        for name in NAME.findall(names)
    }
    assert sorted((path, name) for path, name in appeals if name not in rules()) == []
    assert len(appeals) > 20


def test_no_page_outside_the_project_is_appealed_to():
    assert [str(path) for path in files(".py", ".md", ".toml") if OLD_PAGE in path.read_text("utf-8")] == []


def _exists(file, function):
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in ast.walk(tree))
