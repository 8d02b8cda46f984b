"""The chapters of the specification, in the order in which they are read."""

from __future__ import annotations

from tests.spec import breakdowns, counting, following, trajectories, worked

CHAPTERS = (
    worked.CHAPTER,
    *counting.CHAPTERS,
    *trajectories.CHAPTERS,
    *following.CHAPTERS,
    *breakdowns.CHAPTERS,
)
