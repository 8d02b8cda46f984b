"""Trajectories: all actions of one trajectory and person, whatever their instrument (rule trajectory.parts)."""

from __future__ import annotations

from tests.spec.case import OPLEIDINGSSTAGE, Case, Chapter, Count, Follow, Settle, outflow
from uitstroom.figures import Event
from uitstroom.periods import Day

S1 = "2017-S1"
STARTED = outflow(unit="trajectory", cohort="started", anchor="start")
STARTED_TO_END = outflow(unit="trajectory", cohort="started")

CHAPTER = Chapter(
    "Trajectories",
    (
        Case(
            "A trajectory is found for each form that it contains",
            rules=("trajectory.parts",),
            actions="""
                action | instrument      | person | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | 1      | T          | 2017-03-01 | 2017-04-28 | completed
                t1     | opleiding       | 1      | T          | 2017-01-09 | 2017-02-28 | completed
                t2     | opleiding       | 2      | U          | 2017-01-09 | 2017-02-28 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-07-28"}),
                (
                    Follow("opleiding", S1, OPLEIDINGSSTAGE),
                    {"T": "not_at_work, due 2017-07-28", "U": "not_at_work, due 2017-05-28"},
                ),
            ),
        ),
        Case(
            "A trajectory starts with its earliest part, whatever the instrument",
            rules=("trajectory.bounds",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-01-02 | 2017-02-28 | completed
                t1     | opleiding       | T          | 2016-12-31 | 2017-04-28 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, STARTED), {}),
                (Follow("opleidingsstage", "2016-12", STARTED), {"T": "not_at_work, due 2017-03-31"}),
            ),
        ),
        Case(
            "A trajectory is open while any of its parts is",
            rules=("trajectory.bounds",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-03-01 | 2017-04-28 | completed
                t1     | opleiding       | T          | 2017-01-09 |            |
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {}),
                (Follow("opleidingsstage", S1, STARTED_TO_END), {"T": "not_ended"}),
            ),
        ),
        Case(
            "A part that ends after the last complete day keeps its trajectory open",
            rules=("action.beyond_completeness", "trajectory.bounds"),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-03-01 | 2017-04-28 | completed
                p2     | opleidingsstage | T          | 2017-05-01 | 2017-11-11 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, STARTED_TO_END), {"T": "not_ended"}),
                (
                    Settle("opleidingsstage", S1, STARTED_TO_END),
                    {"open_from": "2017-03-01", "last_due": "2018-02-11", "unplanned": 0},
                ),
            ),
        ),
        Case(
            "A part that never happened is no part",
            rules=("trajectory.parts",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-03-01 | 2017-04-28 | completed
                p2     | opleidingsstage | T          | 2017-05-01 | 2017-07-31 | cancelled
                p3     | opleidingsstage | U          | 2017-05-01 | 2017-06-30 | registered_in_error
                t3     | opleiding       | U          | 2017-01-09 | 2017-02-28 | completed
            """,
            asked=((Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-07-28"}),),
        ),
        Case(
            "An action without a trajectory is one of its own, together with what resumes it",
            rules=("trajectory.parts",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason  | resumes
                p1     | opleidingsstage |            | 2016-11-01 | 2017-01-31 | interrupted |
                p2     | opleidingsstage |            | 2017-03-01 | 2017-04-28 | completed   | p1
                p3     | opleidingsstage |            | 2017-05-01 | 2017-05-31 | completed   |
            """,
            asked=(
                (
                    Follow("opleidingsstage", S1, OPLEIDINGSSTAGE),
                    {"p1": "not_at_work, due 2017-07-28", "p3": "not_at_work, due 2017-08-31"},
                ),
            ),
        ),
        Case(
            "The same key with two persons is two trajectories",
            rules=("trajectory.parts",),
            actions="""
                action | instrument      | person | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | 1      | T          | 2017-03-01 | 2017-04-28 | completed
                p2     | opleidingsstage | 2      | T          | 2017-03-01 | 2017-07-14 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-07-28"}),
                (Follow("opleidingsstage", "2017-07", OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-10-14"}),
            ),
        ),
        Case(
            "A trajectory that begins with a resumption is no entrant",
            rules=("chain.one_action",),
            actions="""
                action | instrument      | person | trajectory | start      | end        | end_reason | resumes
                p1     | opleidingsstage | 1      | T          | 2017-02-01 | 2017-02-28 | completed  | p0
                p2     | opleidingsstage | 1      | T          | 2017-03-01 | 2017-03-31 | completed  |
                q1     | opleidingsstage | 2      | U          | 2017-02-01 | 2017-02-28 | completed  |
                q2     | opleidingsstage | 2      | U          | 2017-03-01 | 2017-03-31 | completed  | q0
            """,
            asked=(
                (Follow("opleidingsstage", S1, STARTED), {"U": "not_at_work, due 2017-05-01"}),
                (
                    Follow("opleidingsstage", S1, OPLEIDINGSSTAGE),
                    {"T": "not_at_work, due 2017-06-30", "U": "not_at_work, due 2017-06-30"},
                ),
            ),
        ),
        Case(
            "The reason of a trajectory is that of its last part",
            rules=("trajectory.bounds",),
            text="Of parts that end on one day the one that started last is the last.",
            actions="""
                action | instrument      | person | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | 1      | T          | 2017-02-01 | 2017-03-31 | breach
                t1     | opleiding       | 1      | T          | 2017-01-09 | 2017-04-28 | completed
                p2     | opleidingsstage | 2      | U          | 2017-02-01 | 2017-04-28 | breach
                t2     | opleiding       | 2      | U          | 2017-01-09 | 2017-04-28 | completed
            """,
            asked=(
                (
                    Follow("opleidingsstage", S1, outflow(unit="trajectory", who="completed")),
                    {"T": "not_at_work, due 2017-07-28", "U": "not_counted, due 2017-07-28"},
                ),
            ),
        ),
        Case(
            "The characteristics of a trajectory are those of its first part",
            rules=("trajectory.bounds",),
            text="Of parts that start on one day the one with the smallest key is the first.",
            actions="""
                action | instrument      | person | trajectory | start      | end        | end_reason | education
                p1     | opleidingsstage | 1      | T          | 2017-02-01 | 2017-03-31 | completed  | medium
                t1     | opleiding       | 1      | T          | 2017-01-09 | 2017-01-31 | completed  | low
                p2     | opleidingsstage | 2      | U          | 2017-01-09 | 2017-03-31 | completed  | medium
                t2     | opleiding       | 2      | U          | 2017-01-09 | 2017-01-31 | completed  | low
            """,
            asked=(
                (
                    Count("started", S1, ("opleidingsstage", "opleiding"), ("education",)),
                    {"opleidingsstage medium": 2, "opleiding low": 2},
                ),
                (
                    Follow("opleidingsstage", S1, OPLEIDINGSSTAGE, ("education",)),
                    {"T": "low: not_at_work, due 2017-06-30", "U": "medium: not_at_work, due 2017-06-30"},
                ),
            ),
        ),
        Case(
            "Of parts that start and end on the same days keys decide, and 10 comes after 9",
            rules=("trajectory.bounds",),
            text="The smaller key is the first part, the larger the last.",
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason | education
                10     | opleidingsstage | T          | 2017-02-01 | 2017-04-28 | completed  | medium
                9      | opleiding       | T          | 2017-02-01 | 2017-04-28 | breach     | low
            """,
            asked=(
                (
                    Follow("opleidingsstage", S1, outflow(unit="trajectory", who="completed"), ("education",)),
                    {"T": "low: not_at_work, due 2017-07-28"},
                ),
            ),
        ),
        Case(
            "Every part must be linked to the employment source",
            rules=("person.not_linked",),
            actions="""
                action | instrument      | trajectory | linked | start      | end        | end_reason
                p1     | opleidingsstage | T          | yes    | 2017-02-01 | 2017-03-31 | completed
                t1     | opleiding       | T          | no     | 2017-01-09 | 2017-01-31 | completed
            """,
            spells="""
                spell | start      | end
                s1    | 2017-04-01 |
            """,
            asked=((Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "without_person, due 2017-06-30"}),),
        ),
        Case(
            "The same employer is that of any part",
            rules=("event.same_employer",),
            actions="""
                action | instrument      | person | trajectory | employer | start      | end        | end_reason
                p1     | opleidingsstage | 1      | T          | F        | 2017-02-01 | 2017-02-28 | completed
                p2     | opleidingsstage | 1      | T          | G        | 2017-03-01 | 2017-03-31 | completed
                p3     | opleidingsstage | 2      | U          | H        | 2017-03-01 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | employer | start      | end
                s1    | 1      | F        | 2017-04-01 |
                s2    | 2      | F        | 2017-04-01 |
            """,
            asked=(
                (
                    Follow("opleidingsstage", S1, outflow(unit="trajectory", event=Event(same_employer=True))),
                    {"T": "at_work, due 2017-06-30, s1", "U": "not_at_work, due 2017-06-30"},
                ),
            ),
        ),
        Case(
            "A trajectory whose first part is not yet known starts with the first that is",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument      | trajectory | start      | end
                p1     | opleidingsstage | T          | 2017-11-10 |
                p2     | opleidingsstage | U          | 2017-11-11 |
            """,
            spells_until=Day(2018, 6, 30),
            asked=((Follow("opleidingsstage", "2017-11", STARTED), {"T": "not_at_work, due 2018-02-10"}),),
        ),
    ),
)
CHAPTERS = (CHAPTER,)
