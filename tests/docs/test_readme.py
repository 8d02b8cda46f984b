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


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each `uitstroom` command of the README says, beside the files that the README shows."""
    folder = tmp_path_factory.mktemp("readme")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return [(shlex.join(command), _say(command, folder)) for command in COMMANDS if command[0] == "uitstroom"]


def _say(command, folder):
    program = [sys.executable, "-c", "import sys; from uitstroom.cli import main; sys.exit(main())", *command[1:]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)
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


def test_every_way_of_running_the_project_is_in_its_usage():
    usage = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=False).stdout
    asked = {tuple(command[:2]) for command in COMMANDS if command[0] == "./run"}
    assert asked == {("./run", "demo"), ("./run", "test")}
    assert all(" ".join(command) in usage for command in asked)
