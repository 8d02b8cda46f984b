"""Every command and option is documented, and the names that users rely on stay."""

import subprocess
import sys

import click
import pytest

from tools.commands import commands

COMMANDS = dict(commands())
PROMISED = {
    "demo": {"--lang"},
    "synth": {"--out", "--seed", "--scale"},
    "load": {"--store", "--quarantine", "--accept-removals", "--accept-quarantine", "--dry-run"},
    "figures": {
        "--period", "--as-of", "--by", "--instrument", "--definition", "--so-far", "--internal", "--json", "--csv",
        "--lang", "--store", "--catalogue",
    },
    "records": {"--period", "--as-of", "--by", "--instrument", "--definition", "--so-far", "--store"},
    "explain": {"--as-of"},
    "snapshots": {"--store"},
    "snapshots withdraw": {"--reason", "--store"},
    "withdraw": {"--reason"},
    "check": {"--store", "--repair"},
    "prune": {"--snapshot", "--delivered-before"},
    "catalogue list": set(),
    "catalogue show": {"--on"},
    "catalogue check": set(),
    "contract": {"--json"},
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_is_for(name):
    command = COMMANDS[name]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert command.help
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("name", PROMISED)
def test_the_names_that_users_rely_on_stay(name):
    command = COMMANDS[f"uitstroom {name}"]
    assert PROMISED[name] <= {option for parameter in command.params for option in parameter.opts}


def test_help_waits_for_nothing_heavy():
    """Help within 0.3 s is a promise; these imports are what would break it, on any machine."""
    code = (
        "import sys, click.testing, uitstroom.cli as cli; before = set(sys.modules);"
        "print(click.testing.CliRunner().invoke(cli.main, ['--help']).exit_code,"
        " *sorted({'pydantic', 'duckdb', 'numpy', 'scipy', 'babel', 'rich'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["0"]
