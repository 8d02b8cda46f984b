"""`uitstroom protect` and `uitstroom audit` as somebody uses them on files of their own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.disclosure.tables import DATA
from uitstroom.cli.audit import audit
from uitstroom.cli.csv_tables import FOUND, protect
from uitstroom.errors import UitstroomError

S1E3 = [str(DATA / "S1e3.csv"), "--count", "freq", "--hierarchy", "region=r_1,r_2"]
S1E3 += ["--hierarchy", "instrument=i_1,i_2", "--dim", "s_1", "--threshold", "5"]


def test_protect_writes_every_cell_and_the_audit_opens_none(tmp_path):
    out = tmp_path / "cells.csv"
    result = CliRunner().invoke(protect, [*S1E3, "--attacker", "any", "--out", str(out), "--json"])
    assert result.exit_code == 0, result.output
    summary = json.loads(result.output)
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert summary["cells"] == len(rows) == 1404
    assert summary["hidden"] == sum(row["status"] == "hidden" for row in rows)
    assert all((row["value"] == "") == (row["status"] == "hidden") for row in rows)
    assert set(rows[0].values()) == {"*", "12000", "published"}
    audited = CliRunner().invoke(audit, [str(out), "--attacker", "any", "--threshold", "5", "--json"])
    assert all(cell["high"] is None or cell["high"] >= 5 for cell in json.loads(audited.output)["cells"])


def test_what_cannot_be_protected_is_listed_with_choices_and_a_price(tmp_path):
    out = tmp_path / "cells.csv"
    result = CliRunner().invoke(protect, [*S1E3, "--out", str(out)])
    assert result.exit_code == FOUND
    assert "r_2=r.1.4" in result.output
    assert "choice: merge" in result.output
    assert not out.exists()
    assert (tmp_path / "cells.unsafe.csv").exists()


def test_internal_tells_primary_from_secondary_and_the_public_file_does_not(tmp_path):
    kinds = {}
    for option in ((), ("--internal",)):
        out = tmp_path / f"cells{len(option)}.csv"
        CliRunner().invoke(protect, [*S1E3, "--attacker", "any", "--out", str(out), *option])
        kinds[bool(option)] = {row["status"] for row in csv.DictReader(out.read_text().splitlines())}
    assert kinds == {False: {"published", "hidden"}, True: {"published", "primary", "secondary"}}


def test_the_same_table_gets_the_same_pattern_in_every_process(tmp_path):
    texts = set()
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.csv"
        command = [sys.executable, "-c", "from uitstroom.cli.csv_tables import protect; protect()", *S1E3]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([*command, "--out", str(out)], env=environment, check=False, capture_output=True)
        texts.add(out.with_suffix(".unsafe.csv").read_bytes())
    assert len(texts) == 1


@pytest.mark.parametrize("policy", ["threshold = 4\n", 'colour = "red"\n', "threshold = \n"])
def test_a_policy_with_unknown_or_missing_settings_stops_the_program(tmp_path, policy):
    path = tmp_path / "policy.toml"
    path.write_text(policy)
    result = CliRunner().invoke(protect, [*S1E3, "--policy", str(path), "--out", str(tmp_path / "cells.csv")])
    assert isinstance(result.exception, UitstroomError)
    assert not (tmp_path / "cells.csv").exists()


def test_a_bad_count_is_named_by_its_line_and_not_echoed(tmp_path):
    path = tmp_path / "leaves.csv"
    path.write_text("a,n\nu,12\nv,7.5\n")
    result = CliRunner().invoke(protect, [str(path), "--count", "n", "--dim", "a", "--out", str(tmp_path / "out.csv")])
    assert "line 3" in str(result.exception)
    assert "7.5" not in str(result.exception)
