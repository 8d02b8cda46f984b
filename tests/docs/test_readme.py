"""The README can be followed: its files and commands are taken from the page and run, in order, in an empty folder."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.docs.tree import ROOT

README = (ROOT / "README.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = FENCE.findall(README)
FILES = {name: text for _, name, text in BLOCKS if name}
COMMANDS = [shlex.split(line) for kind, _, text in BLOCKS if kind == "sh" for line in text.splitlines()]


PYTHON = [text for kind, _, text in BLOCKS if kind == "python"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def said(folder):
    """What each `uitstroom` command of the README says, beside the files that the README shows."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    program = "import sys; from uitstroom.cli import main; sys.exit(main())"
    commands = [command for command in COMMANDS if command[0] == "uitstroom"]
    return [(shlex.join(command), _say(program, folder, *command[1:])) for command in commands]


def _say(program, folder, *arguments):
    command = [sys.executable, "-c", program, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_every_command_of_the_readme_does_what_it_should(said):
    assert [(command, error) for command, (code, _, error) in said if code] == []
    assert len(said) >= 5


def test_the_readme_says_of_its_records_what_the_program_says(said):
    answers = {command: out for command, (_, out, _) in said}
    started = next(out for command, out in answers.items() if "--internal" in command)
    explained = next(out for command, out in answers.items() if "explain" in command)
    assert re.search(r"\b50% ", started)
    assert "2017-07-09" in explained or "9 juli 2017" in explained


def test_the_notebook_of_the_readme_runs_after_its_commands(said, folder):
    ran = [_say(text, folder) for text in PYTHON]
    assert [error for code, _, error in ran if code] == []
    assert "iss" in ran[0][1]


def test_every_way_of_running_the_project_is_in_its_usage():
    usage = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=False).stdout
    asked = {tuple(command[:2]) for command in COMMANDS if command[0] == "./run"}
    assert asked == {("./run", "demo"), ("./run", "desk"), ("./run", "test")}
    assert all(" ".join(command) in usage for command in asked)
