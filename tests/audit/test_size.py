"""Five thousand cells are looked at in the time of a test; nothing is left undecided."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bench.audit import main


def test_five_thousand_cells_are_all_decided():
    found = json.loads(CliRunner().invoke(main, ["--cells", "5000"]).output)
    assert found["cells"] >= 5000
    assert found["hidden"] > 1000
    assert found["undecided"] == 0
    assert found["seconds"] < 120
