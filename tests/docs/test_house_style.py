"""The lines of the house style that no tool of others holds."""

import ast
import re
import statistics
import tomllib

from tests.docs.tree import ROOT, files

MODULES = sorted((ROOT / "src").rglob("*.py"))
TEXTS = files(".py", ".md", ".toml", ".txt", ".sql", ".json", "")
HOME = re.compile(r"(?<![\w./*])/(?:home|root|Users|work)/\w")


def test_functions_are_short():
    lengths = {
        f"{module.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert statistics.median(lengths.values()) <= 8


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"util", "utils", "helpers", "common", "base", "manager", "misc"}
    assert [str(module) for module in MODULES if drawers & {module.stem, module.parent.name}] == []


def test_no_file_names_a_place_on_somebody_s_machine():
    assert [str(path) for path in TEXTS if HOME.search(path.read_text("utf-8"))] == []


def test_everything_installs_every_extra():
    extras = _extras()
    assert extras.pop("all") == [f"uitstroom[{','.join(sorted(extras))}]"]


def test_every_extra_that_a_message_or_page_names_exists():
    named = {extra for path in TEXTS for extra in re.findall(r"uitstroom\[(\w+)\]", path.read_text("utf-8"))}
    assert named <= set(_extras())
    assert "notebook" in named


def _extras():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
