"""The command line: one short function per command, no logic of its own. Heavy imports wait until a command runs."""

from uitstroom.cli.program import main

__all__ = ["main"]
