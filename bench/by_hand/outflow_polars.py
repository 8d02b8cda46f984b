"""outflow.sql in Polars, lazily and streaming: `outflow_polars.py DELIVERY [pruned]`, which is outflow_pruned.sql."""

from __future__ import annotations

import sys
from datetime import date

import polars as pl

FOLDER = sys.argv[1]
UNTIL = date(2020, 3, 31)

happened = pl.scan_parquet(f"{FOLDER}/action-*.parquet", hive_partitioning=False).filter(
    pl.col("instrument").is_in(["ibo", "iss", "opleidingsstage"]), pl.col("end_reason").ne_missing("cancelled")
)
entrants = (
    happened.filter(pl.col("end_date").is_between(date(2016, 1, 1), date(2017, 12, 31)))
    .join(happened.select("resumes").drop_nulls(), left_on="action_id", right_on="resumes", how="anti")
    .select("action_id", "instrument", "person_id", "linked", due=pl.col("end_date").dt.offset_by("3mo"))
)
followed = entrants.filter(pl.col("linked"))
spells = pl.scan_parquet(f"{FOLDER}/spell-*.parquet", hive_partitioning=False)
work = spells.filter(pl.col("work_type").is_in(["OTH", "EXT", "FLX", "STU"]))
if "pruned" in sys.argv:
    first, last = date(2016, 4, 1), date(2018, 3, 31)
    work = work.filter(pl.col("start_date") <= last, pl.col("end_date").is_null() | (pl.col("end_date") >= first))
working = (
    followed.join(work.select("person_id", "start_date", "end_date"), on="person_id")
    .filter(pl.col("start_date") <= pl.col("due"), pl.col("end_date").fill_null(UNTIL) >= pl.col("due"))
    .select("action_id", "instrument")
    .unique()
    .group_by("instrument")
    .agg(at_work=pl.len())
)
tally = (
    entrants.group_by("instrument")
    .agg(
        entrants=pl.len(),
        without_person=(~pl.col("linked")).sum(),
        followed=pl.col("linked").sum(),
    )
    .join(working, on="instrument", how="left")
    .select(
        "instrument",
        "entrants",
        "without_person",
        *(pl.lit(0).alias(box) for box in ("not_ended", "not_counted", "not_due")),
        "followed",
        "at_work",
    )
)
sys.stdout.write(tally.collect(engine="streaming").write_csv(include_header=False))
