"""A query in DuckDB over the Parquet files of a delivery: `in_duckdb.py QUERY.sql DELIVERY [CHANGES]`.

The query sees the views `action` and `spell`; with CHANGES, as they stand after that delivery. DuckDB's own settings.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import duckdb

FULL = "create view {table} as select * from read_parquet('{full}/{table}-*.parquet')"
CHANGED = """create view {table} as
select * from read_parquet('{full}/{table}-*.parquet')
where {table}_id not in (select {table}_id from read_parquet('{changes}/{table}.parquet'))
union all by name
select * exclude (operation) from read_parquet('{changes}/{table}.parquet')
where operation <> 'delete'"""


def main() -> None:
    """Print the rows of the query."""
    query, full, *changes = sys.argv[1:]
    view = CHANGED if changes else FULL
    with duckdb.connect() as connection:
        for table in ("action", "spell"):
            connection.execute(view.format(table=table, full=full, changes=(changes or [""])[0]))
        csv.writer(sys.stdout).writerows(connection.execute(Path(query).read_text(encoding="utf-8")).fetchall())


main()
