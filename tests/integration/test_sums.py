"""Loaded and quarantined rows add up to those delivered, however many are bad and in whatever way."""

from __future__ import annotations

import resource
import subprocess
import sys

import duckdb
import pytest

from tests.integration.delivering import CATALOGUE, action, deliver
from uitstroom.registers import Store

HEADER = b"spell_id,person_id,employer_id,work_type,start_date,end_date,remark\n"
GOOD = (
    b"S%d,7,E1,OTH,2017-04-15,,\n",
    b'S%d,7,"E1",EXT,2017-04-15,2017-05-15,"two\nlines, and ""quotes"""\n',
    b'"S%d","7","E1","OTH","2017-04-15","",""\n',
    b"S%d,7,\xc3\xa91,FLX,2017-04-15,,plain\n",
)
BAD = {
    "too short": b"S%d,7\n",
    "too long": b"S%d,7,E1,OTH,2017-04-15,,,,\n",
    "not a day": b"S%d,7,E1,OTH,15 April,,\n",
    "encoding": b"S%d,7,\xff,OTH,2017-04-15,,\n",
    "open quote": b'S%d,7,"E1,OTH,2017-04-15,,\n',
    "misplaced quote": b'S%d,7,E"1,OTH,2017-04-15,,\n',
    "NUL": b"S%d,7,\0,OTH,2017-04-15,,\n",
    "junk": b'\x93\x00,"%d\x01\xfe,,,\r\x07"\n',
    "no person": b"S%d,,E1,OTH,2017-04-15,,\n",
    "unknown code": b"S%d,7,E1,ZZZ,2017-04-15,,\n",
}
SHARES = [0, 1, 33, 50, 100]


def written(path, rows, share, kinds, newline):
    """Write spells of which `share` in a hundred are bad, spread evenly; returns how many are, and the good numbers."""
    templates = [BAD[kind].replace(b"\n", newline) for kind in kinds]
    good = [one.replace(b"\n", newline) for one in GOOD]
    bad, total = 0, 0
    with path.open("wb") as file:
        file.write(HEADER.replace(b"\n", newline))
        for number in range(rows):
            if (number + 1) * share // 100 > number * share // 100:
                file.write(templates[bad % len(templates)] % number)
                bad += 1
            else:
                file.write(good[number % len(good)] % number)
                total += number
    return bad, total


def holds(folder, rows, bad, total):
    """Load, and hold every sum; the numbers of the loaded spells are exactly those of the good ones."""
    report = Store(folder.with_name("store")).load(folder, CATALOGUE, accept_quarantine=True)
    assert report.delivered["spell"] == rows
    assert report.quarantined["spell"] == bad
    assert report.loaded["spell"] == rows - bad
    files = [str(path) for part in report.snapshot.parts("spell") for path in part.base]
    with duckdb.connect() as connection:
        sums = "select count(*), count(distinct spell_id), coalesce(sum(substr(spell_id, 2)::bigint), 0)"
        found = connection.execute(f"{sums} from read_parquet($1)", [files]).fetchall()
    assert found == [(rows - bad, rows - bad, total)]
    return report


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("share", [33, 100])
def test_the_sum_holds_for_each_kind_of_bad_line(tmp_path, kind, share):
    folder = deliver(tmp_path / "in", {"action": [action("A")], "spell": []})
    bad, total = written(folder / "spell.csv", 3_000, share, [kind], b"\n")
    report = holds(folder, 3_000, bad, total)
    lines = (report.quarantine / "spell.csv").read_bytes()
    assert lines == HEADER + b"".join(
        BAD[kind] % number for number in range(3_000) if (number + 1) * share // 100 > number * share // 100
    )


@pytest.mark.slow
@pytest.mark.parametrize(("share", "newline"), [*((share, b"\n") for share in SHARES), (33, b"\r\n")])
def test_the_sum_holds_on_files_of_three_million_rows(tmp_path, share, newline):
    folder = deliver(tmp_path / "in", {"action": [action("A")], "spell": []})
    bad, total = written(folder / "spell.csv", 3_000_000, share, list(BAD), newline)
    holds(folder, 3_000_000, bad, total)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["too short", "not a day", "encoding", "open quote"])
def test_the_sum_holds_on_three_million_rows_of_which_half_are_bad_in_one_way(tmp_path, kind):
    folder = deliver(tmp_path / "in", {"action": [action("A")], "spell": []})
    bad, total = written(folder / "spell.csv", 3_000_000, 50, [kind], b"\n")
    holds(folder, 3_000_000, bad, total)


LOADING = """
import sys, time
from pathlib import Path
from uitstroom.catalogue import Catalogue
from uitstroom.registers import Store
catalogue, start = Catalogue.load(), time.process_time()
Store(Path(sys.argv[1])).load(Path(sys.argv[2]), catalogue)
print(time.process_time() - start)
"""


@pytest.mark.slow
def test_a_million_actions_and_six_million_spells_load_in_bounded_memory(tmp_path):
    folder = deliver(tmp_path / "in", {"action": [], "spell": []})
    header = (folder / "action.csv").read_text()
    with (folder / "action.csv").open("w") as file:
        file.write(header)
        row = ",".join(f"{{{name}}}" if name in ("action_id", "person_id") else str(action("").get(name, ""))
                       for name in header.strip().split(","))  # fmt: skip
        file.writelines(row.format(action_id=f"A{number}", person_id=number) + "\n" for number in range(1_000_000))
    with (folder / "spell.csv").open("wb") as file:
        file.write(HEADER)
        file.writelines(b"S%d,%d,E1,OTH,2017-04-15,,\n" % (number, number % 1_000_000) for number in range(6_000_000))
    done = subprocess.run(
        [sys.executable, "-c", LOADING, tmp_path / "store", folder], env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (3 << 30, 3 << 30)),
    )  # fmt: skip
    assert Store(tmp_path / "store").as_known_on(None).rows == {"action": 1_000_000, "spell": 6_000_000}
    assert float(done.stdout) < 120, "seconds of processor: two processors do it in under a minute"
