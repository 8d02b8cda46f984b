"""outflow.sql in pandas, in memory: `outflow_pandas.py DELIVERY`."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FOLDER = Path(sys.argv[1])
UNTIL = pd.Timestamp("2020-03-31")


def read(table: str, columns: list[str]) -> pd.DataFrame:
    """The columns of all files of a table."""
    files = sorted(FOLDER.glob(f"{table}-*.parquet"))
    return pd.concat([pd.read_parquet(file, columns=columns) for file in files], ignore_index=True)


actions = read("action", ["action_id", "resumes", "instrument", "person_id", "linked", "end_date", "end_reason"])
happened = actions[actions.instrument.isin(["ibo", "iss", "opleidingsstage"]) & (actions.end_reason != "cancelled")]
ended = pd.to_datetime(happened.end_date)
in_period = ended.between("2016-01-01", "2017-12-31") & ~happened.action_id.isin(happened.resumes.dropna())
entrants = happened[in_period].assign(due=ended[in_period] + pd.DateOffset(months=3))
followed = entrants[entrants.linked]

spells = read("spell", ["person_id", "work_type", "start_date", "end_date"])
work = spells[spells.work_type.isin(["OTH", "EXT", "FLX", "STU"])]
joined = followed[["action_id", "instrument", "person_id", "due"]].merge(
    work[["person_id", "start_date", "end_date"]], on="person_id"
)
starts, ends = pd.to_datetime(joined.start_date), pd.to_datetime(joined.end_date).fillna(UNTIL)
working = joined[(starts <= joined.due) & (ends >= joined.due)].drop_duplicates("action_id")

tally = pd.DataFrame({
    "entrants": entrants.groupby("instrument").size(),
    "without_person": (~entrants.linked).groupby(entrants.instrument).sum(),
    "not_ended": 0,
    "not_counted": 0,
    "not_due": 0,
    "followed": followed.groupby("instrument").size(),
    "at_work": working.groupby("instrument").size(),
})  # fmt: skip
tally.to_csv(sys.stdout, header=False)
