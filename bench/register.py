"""Time and memory of a register at the size of a service: `python -m bench.register [--scale 8] [--json]`.

Makes a synthetic register (scale 8: a million actions, four million employment lines, in CSV), then runs, each in a
process of its own: loading it, asking the outflow table of it, and what somebody would write instead over the same
files, in DuckDB's SQL and in pandas: the share of ISS at work three months after the end.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

BY_HAND = """
import duckdb
print(duckdb.sql('''
  select count(*), count(*) filter (where exists (
    select 1 from read_csv('{delivery}/spells.csv', all_varchar = true) s
    where s.person_id = a.person_id and s.work_type in ('OTH', 'EXT', 'FLX', 'STU')
      and cast(s.start_date as date) <= cast(a.end_date as date) + interval 3 month
      and coalesce(cast(s.end_date as date), date '2017-10-31') >= cast(a.end_date as date) + interval 3 month))
  from read_csv('{delivery}/actions.csv', all_varchar = true) a
  where a.instrument = 'iss' and a.end_date between '2017-01-01' and '2017-06-30'
''').fetchall())
"""
IN_PANDAS = """
import pandas as pd
actions = pd.read_csv('{delivery}/actions.csv', dtype=str)
spells = pd.read_csv('{delivery}/spells.csv', dtype=str)
ended = actions[(actions.instrument == 'iss') & actions.end_date.between('2017-01-01', '2017-06-30')].copy()
ended['due'] = pd.to_datetime(ended.end_date) + pd.DateOffset(months=3)
spells = spells[spells.work_type.isin(['OTH', 'EXT', 'FLX', 'STU']) & spells.person_id.isin(ended.person_id)]
joined = ended.merge(spells, on='person_id')
work = (pd.to_datetime(joined.start_date_y) <= joined.due)
work &= (pd.to_datetime(joined.end_date_y.fillna('2017-10-31')) >= joined.due)
print(len(ended), joined[work].action_id.nunique())
"""
_LINE = "{task:<20} {tool:<10} {seconds:>8} s {rss_mb:>6} MB"
COMMAND = "from uitstroom.cli import main; main({words!r})"


def measured(code: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a Python program in a process of its own."""
    begin = time.monotonic()
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code], os.environ, file_actions=_QUIET)
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"this did not run:\n{code}")
    return time.monotonic() - begin, usage.ru_maxrss / 1024


_QUIET = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def main() -> None:
    """Measure, and print a line or a JSON object for each task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for task, tool, code in _tasks(Path(folder), options.scale):
            seconds, megabytes = measured(code)
            row = {"task": task, "tool": tool, "seconds": round(seconds, 2), "rss_mb": round(megabytes)}
            row |= _sizes(Path(folder))
            told = json.dumps(row) if options.json else _LINE.format(**row)
            sys.stdout.write(told + "\n")
            sys.stdout.flush()


def _tasks(folder: Path, scale: float) -> list[tuple[str, str, str]]:
    deliveries, store = folder / "deliveries", str(folder / "store")
    delivery = deliveries / "2017-11-15"
    asked = ["figures", "outflow", "--period", "2017-S1", "--store", store]
    return [
        ("synth", "uitstroom", COMMAND.format(words=["synth", "--out", str(deliveries), "--scale", str(scale)])),
        ("load", "uitstroom", COMMAND.format(words=["load", str(delivery), "--store", store])),
        ("outflow of all forms", "uitstroom", COMMAND.format(words=asked)),
        ("outflow of ISS", "DuckDB", BY_HAND.format(delivery=delivery)),
        ("outflow of ISS", "pandas", IN_PANDAS.format(delivery=delivery)),
    ]


def _sizes(folder: Path) -> dict[str, int]:
    snapshots = list((folder / "store" / "snapshots").glob("*.json"))
    if not snapshots:
        return {}
    rows = json.loads(snapshots[0].read_text())["rows"]
    return {"actions": rows["action"], "spells": rows["spell"]}


if __name__ == "__main__":
    main()
