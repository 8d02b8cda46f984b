"""A query in DuckDB over the Parquet files of a delivery: `in_duckdb.py [--memory LIMIT] QUERY.sql DELIVERY [CHANGES]`.

The query sees the views `action` and `spell`; with CHANGES, as they stand after that delivery. DuckDB's own settings,
but for the LIMIT of its memory where one is given.
"""

from __future__ import annotations

import argparse
import csv
import glob
import sys
from pathlib import Path

import duckdb

FULL = "create view {table} as select * from read_parquet('{full}/{table}-*.parquet', hive_partitioning = false)"
CHANGED = """create view {table} as
select * from read_parquet('{full}/{table}-*.parquet', hive_partitioning = false)
where {table}_id not in (select {table}_id from read_parquet('{changes}/{table}.parquet', hive_partitioning = false))
union all by name
select * exclude (operation) from read_parquet('{changes}/{table}.parquet', hive_partitioning = false)
where operation <> 'delete'"""


def main() -> None:
    """Print the rows of the query."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory")
    parser.add_argument("query", type=Path)
    parser.add_argument("full")
    parser.add_argument("changes", nargs="?", default="")
    asked = parser.parse_args()
    view = CHANGED if asked.changes else FULL
    full, changes = glob.escape(asked.full), glob.escape(asked.changes)
    with duckdb.connect() as connection:
        if asked.memory:
            connection.execute(f"set memory_limit = '{asked.memory}'")
        for table in ("action", "spell"):
            connection.execute(view.format(table=table, full=full, changes=changes))
        csv.writer(sys.stdout).writerows(connection.execute(asked.query.read_text(encoding="utf-8")).fetchall())


main()
