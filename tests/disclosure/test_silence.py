"""The solver writes nothing where figures are written, whatever its version likes to say."""

from __future__ import annotations

import subprocess
import sys

_TALKATIVE = """
import ctypes, highspy, os, sys, threading
quiet = highspy.Highs.__init__
def banner(self):
    ctypes.CDLL(None).puts(b"Running HiGHS")
    os.write(1, b"Copyright\\n")
    quiet(self)
highspy.Highs.__init__ = banner
if {closed}:
    os.close(1)
from uitstroom.disclosure.solver import quiet_highs
threads = [threading.Thread(target=quiet_highs) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if not {closed}:
    print("figures")
try:
    os.fstat(1)
except OSError:
    sys.stderr.write("closed")
"""


def _said(closed: bool) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", _TALKATIVE.format(closed=closed)], capture_output=True, text=True, check=True
    )
    return done.stdout, done.stderr


def test_a_banner_of_the_solver_reaches_no_output():
    assert _said(closed=False) == ("figures\n", "")


def test_an_output_that_was_closed_stays_closed():
    assert _said(closed=True) == ("", "closed")
