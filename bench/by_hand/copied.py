"""The least that loading can be: `copied.py table|partitions DELIVERY TARGET`, in DuckDB, no row looked at.

`table` copies the files into a database; `partitions` into Parquet files by person, one set per 4 million lines.
"""

from __future__ import annotations

import glob
import sys
from pathlib import Path

import duckdb

FILES = "read_parquet('{full}/{table}-*.parquet', hive_partitioning = false)"

HOW = {
    "table": "create table {table} as select * from {files}",
    "partitions": """copy (select *, person_id % {parts} as part from {files})
to '{target}/{table}' (format parquet, compression zstd, partition_by (part))""",
}


def main() -> None:
    """Copy both tables."""
    how, full, target = sys.argv[1:]
    Path(target).mkdir()
    with duckdb.connect(f"{target}/copy.duckdb") as connection:
        connection.execute("set preserve_insertion_order = false")
        files = {table: FILES.format(full=glob.escape(full), table=table) for table in ("action", "spell")}
        counted = connection.execute(f"select count(*) from {files['spell']}")  # noqa: S608
        parts = max(1, counted.fetchall()[0][0] // 4_000_000)
        for table in files:
            connection.execute(HOW[how].format(table=table, files=files[table], target=target, parts=parts))


main()
