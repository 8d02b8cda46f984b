"""Counting: which actions exist, what starts, runs and ends, and distinct persons (rule count.started)."""

from __future__ import annotations

from tests.spec.case import Case, Chapter, Count
from uitstroom.periods import Day

S1 = "2017-S1"

EXISTING = Chapter(
    "Which actions exist",
    (
        Case(
            "A start lies in the period from its first to its last day",
            rules=("count.started",),
            actions="""
                action | instrument | start
                a1     | ibo        | 2016-12-31
                a2     | ibo        | 2017-01-01
                a3     | ibo        | 2017-06-30
                a4     | ibo        | 2017-07-01
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {"ibo": 2}),
                (Count("started", "2016-12", ("ibo",)), {"ibo": 1}),
                (Count("started", "2017-07", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "A start on the last complete day is known, one on the next day is not",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument | start
                a1     | ibo        | 2017-11-10
                a2     | ibo        | 2017-11-11
            """,
            asked=((Count("started", "2017", ("ibo",)), {"ibo": 1}),),
        ),
        Case(
            "An approval after the last complete day does not exist yet",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument | person | approved
                b1     | bio        |        | 2017-11-10
                b2     | bio        |        | 2017-11-11
            """,
            asked=((Count("started", "2017", ("bio",)), {"bio": 1}),),
        ),
        Case(
            "A plan counts on its approval, not on its start, and only a start makes it run",
            rules=("action.approved_plan",),
            text="The second plan has no start: nobody knows whether it runs or ended.",
            actions="""
                action | instrument | person | approved   | start      | end        | end_reason
                b1     | bio        | 1      | 2017-06-30 | 2017-07-10 | 2017-09-08 | completed
                b2     | bio        | 2      | 2017-07-01 |            | 2017-09-08 | completed
            """,
            asked=(
                (Count("started", S1, ("bio",)), {"bio": 1}),
                (Count("started", "2017-S2", ("bio",)), {"bio": 1}),
                (Count("running", "2017-07", ("bio",)), {"bio": 1}),
                (Count("ended", "2017-S2", ("bio",)), {"bio": 1}),
            ),
        ),
        Case(
            "A cancelled plan was still approved",
            rules=("action.approved_plan",),
            actions="""
                action | instrument | person | approved   | end_reason
                b1     | bio        |        | 2017-06-30 | cancelled
                b2     | bio        |        | 2017-06-30 | registered_in_error
            """,
            asked=((Count("started", S1, ("bio",)), {"bio": 1}),),
        ),
        Case(
            "What was registered in error counts nowhere",
            rules=("action.exists",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-03-01 | 2017-05-31 | registered_in_error
                a2     | ibo        | 2017-03-01 |            | cancelled
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {}),
                (Count("running", S1, ("ibo",)), {}),
                (Count("ended", S1, ("ibo",)), {}),
                (Count("persons", S1, ("ibo",)), {}),
                (Count("reached", S1, ("ibo",)), {}),
            ),
        ),
        Case(
            "A start outside every version of its instrument counts",
            rules=("version.validity", "count.outside_validity"),
            text="The decree on activation placements reaches those that start from 11 April 2017.",
            actions="""
                action | instrument       | start
                a1     | activeringsstage | 2017-04-10
                a2     | activeringsstage | 2017-04-11
                a3     | activeringsstage | 2023-01-01
            """,
            actions_until=Day(2023, 12, 31),
            asked=(
                (Count("started", S1, ("activeringsstage",)), {"activeringsstage": 2}),
                (Count("started", "2023", ("activeringsstage",)), {"activeringsstage": 1}),
            ),
        ),
        Case(
            "Several periods in one question",
            rules=("count.started",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-10 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-06-30 | 2017-07-14 | completed
            """,
            asked=(
                (Count("started", "2017-Q1", ("ibo",)), {"ibo": 1}),
                (Count("started", "2016-10/2017-03", ("ibo",)), {"ibo": 1}),
                (Count("running", "2017-Q2", ("ibo",)), {"ibo": 1}),
            ),
        ),
    ),
)

CHAINS = Chapter(
    "Chains: an action and what continues it",
    (
        Case(
            "What resumes an action that is not known is no entrant, but it runs and ends",
            rules=("chain.one_action",),
            actions="""
                action | instrument | start      | end        | end_reason | resumes
                a2     | ibo        | 2017-03-01 | 2017-05-31 | completed  | a1
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {}),
                (Count("persons", S1, ("ibo",)), {}),
                (Count("running", "2017-03", ("ibo",)), {"ibo": 1}),
                (Count("ended", S1, ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "What resumes an action that never happened is no entrant",
            rules=("chain.faults", "chain.one_action"),
            actions="""
                action | instrument | start      | end        | end_reason | resumes
                a1     | ibo        | 2017-02-01 | 2017-02-01 | cancelled  |
                a2     | ibo        | 2017-03-01 | 2017-05-31 | completed  | a1
            """,
            asked=((Count("started", S1, ("ibo",)), {}), (Count("ended", S1, ("ibo",)), {"ibo": 1})),
        ),
        Case(
            "A resumption that never happened leaves the end of the part before it",
            rules=("chain.faults",),
            actions="""
                action | instrument | start      | end        | end_reason  | resumes
                a1     | ibo        | 2017-01-16 | 2017-03-31 | interrupted |
                a2     | ibo        | 2017-05-01 |            | cancelled   | a1
            """,
            asked=((Count("ended", S1, ("ibo",), ("end_reason",)), {"ibo interrupted": 1}),),
        ),
        Case(
            "A resumption after the last complete day does not exist yet",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument | start      | end        | end_reason  | resumes
                a1     | ibo        | 2017-06-01 | 2017-09-29 | interrupted |
                a2     | ibo        | 2017-11-11 |            |             | a1
            """,
            asked=(
                (Count("ended", "2017-Q3", ("ibo",), ("end_reason",)), {"ibo interrupted": 1}),
                (Count("running", "2017-11-01/2017-11-11", ("ibo",)), {}),
            ),
        ),
        Case(
            "A chain of three parts starts once, ends once, and is open while its last part runs",
            rules=("chain.end",),
            actions="""
                action | instrument | person | start      | end        | end_reason  | resumes
                a1     | ibo        | 1      | 2017-01-16 | 2017-02-10 | interrupted |
                a2     | ibo        | 1      | 2017-03-01 | 2017-03-31 | interrupted | a1
                a3     | ibo        | 1      | 2017-05-01 | 2017-06-30 | completed   | a2
                b1     | ibo        | 2      | 2017-01-16 | 2017-02-10 | interrupted |
                b2     | ibo        | 2      | 2017-03-01 |            |             | b1
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {"ibo": 2}),
                (Count("ended", S1, ("ibo",), ("end_reason",)), {"ibo completed": 1}),
                (Count("ended", "2017-02", ("ibo",)), {}),
                (Count("running", "2017-04", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "A chain is open while any of its parts is",
            rules=("chain.end",),
            actions="""
                action | instrument | start      | end        | end_reason | resumes
                a1     | ibo        | 2017-01-16 |            |            |
                a2     | ibo        | 2017-03-01 | 2017-05-31 | completed  | a1
            """,
            asked=(
                (Count("ended", S1, ("ibo",)), {}),
                (Count("running", S1, ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "A chain ends on the latest day that a part covers, with the reason of that part",
            rules=("chain.end",),
            text="Of parts that end on one day the later in the chain gives the reason.",
            actions="""
                action | instrument | person | start      | end        | end_reason  | resumes
                a1     | ibo        | 1      | 2017-01-16 | 2017-06-30 | breach      |
                a2     | ibo        | 1      | 2017-03-01 | 2017-05-31 | completed   | a1
                b1     | ibo        | 2      | 2017-01-16 | 2017-05-31 | breach      |
                b2     | ibo        | 2      | 2017-03-01 | 2017-05-31 | completed   | b1
            """,
            asked=(
                (Count("ended", "2017-06", ("ibo",), ("end_reason",)), {"ibo breach": 1}),
                (Count("ended", "2017-05", ("ibo",), ("end_reason",)), {"ibo completed": 1}),
                (Count("running", "2017-06", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "Parts that touch leave no gap",
            rules=("chain.running",),
            actions="""
                action | instrument | start      | end        | end_reason  | resumes
                a1     | ibo        | 2017-01-16 | 2017-03-31 | interrupted |
                a2     | ibo        | 2017-04-01 | 2017-05-31 | completed   | a1
            """,
            asked=(
                (Count("running", "2017-01-01/2017-03-31", ("ibo",)), {"ibo": 1}),
                (Count("running", "2017-01-01/2017-04-01", ("ibo",)), {"ibo": 1}),
            ),
        ),
    ),
)

ENDING = Chapter(
    "What ends, and why",
    (
        Case(
            "An end lies in the period from its first to its last day",
            rules=("count.ended",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2016-10-01 | 2016-12-31 | completed
                a2     | ibo        | 2016-10-01 | 2017-01-01 | completed
                a3     | ibo        | 2016-10-01 | 2017-06-30 | completed
                a4     | ibo        | 2016-10-01 | 2017-07-01 | completed
            """,
            asked=((Count("ended", S1, ("ibo",)), {"ibo": 2}),),
        ),
        Case(
            "An end on the last complete day is known",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-08-01 | 2017-11-10 | completed
                a2     | ibo        | 2017-08-01 | 2017-11-11 | completed
            """,
            asked=(
                (Count("ended", "2017-11", ("ibo",)), {"ibo": 1}),
                (Count("running", "2017-11-01/2017-11-10", ("ibo",)), {"ibo": 2}),
                (Count("running", "2017-11-01/2017-11-11", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "Completed is what ended with a reason of that kind; an end without a reason is none",
            rules=("count.ended",),
            actions="""
                action | instrument | person | start      | end        | end_reason  | resumes
                a1     | ibo        | 1      | 2017-01-16 | 2017-03-31 | completed   |
                a2     | ibo        | 2      | 2017-01-16 | 2017-03-31 |             |
                a3     | ibo        | 3      | 2017-01-16 | 2017-03-31 | breach      |
                a4     | ibo        | 4      | 2017-01-16 |            |             |
                a5     | ibo        | 5      | 2017-01-16 | 2017-07-31 | completed   |
                b1     | ibo        | 6      | 2017-01-16 | 2017-02-28 | completed   |
                b2     | ibo        | 6      | 2017-03-01 | 2017-04-28 | breach      | b1
            """,
            asked=(
                (Count("completed", S1, ("ibo",)), {"ibo": 1}),
                (Count("ended", S1, ("ibo",)), {"ibo": 4}),
            ),
        ),
        Case(
            "An end without a reason has an unknown one",
            rules=("count.ended",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-01-16 | 2017-03-31 |
                a2     | ibo        | 2017-01-16 | 2017-03-31 | breach
            """,
            asked=((Count("ended", S1, ("ibo",), ("end_reason",)), {"ibo unknown": 1, "ibo breach": 1}),),
        ),
    ),
)

PERSONS = Chapter(
    "Distinct persons",
    (
        Case(
            "A person is counted once, and a total of persons is no sum",
            rules=("count.persons",),
            actions="""
                action | instrument | person | start
                a1     | bvs        | 1      | 2017-01-10
                a2     | bvs        | 1      | 2017-03-10
                a3     | ibo        | 1      | 2017-05-10
                a4     | ibo        | 2      | 2017-06-10
            """,
            asked=(
                (Count("started", S1, ("bvs", "ibo")), {"bvs": 2, "ibo": 2}),
                (Count("persons", S1, ("bvs", "ibo"), (), ("bvs", "ibo")), {"*": 2, "bvs": 1, "ibo": 2}),
                (Count("persons", S1, ("bvs",), (), ("bvs", "ibo")), {"*": 2, "bvs": 1}),
            ),
        ),
        Case(
            "Who is not recorded is no person",
            rules=("count.persons",),
            actions="""
                action | instrument | person | linked | approved   | start
                b1     | bio        |        |        | 2017-03-01 |
                a1     | ibo        | 1      | no     |            | 2017-03-01
            """,
            asked=((Count("persons", S1, ("bio", "ibo"), (), ("bio", "ibo")), {"*": 1, "ibo": 1}),),
        ),
        Case(
            "Reached: one day of an action in the period is enough",
            rules=("count.persons",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2016-10-01 | 2017-01-01 | completed
                a2     | ibo        | 2      | 2017-06-30 |            |
                a3     | ibo        | 3      | 2016-10-01 | 2016-12-31 | completed
                a4     | ibo        | 4      | 2017-07-01 |            |
                a5     | ibo        | 5      | 2016-10-01 | 2017-09-30 | completed
            """,
            asked=(
                (Count("persons", S1, ("ibo",)), {"ibo": 1}),
                (Count("reached", S1, ("ibo",), (), ("ibo",)), {"*": 3, "ibo": 3}),
            ),
        ),
        Case(
            "Nobody is reached in the gap of a chain",
            rules=("chain.running",),
            actions="""
                action | instrument | start      | end        | end_reason  | resumes
                a1     | ibo        | 2017-01-16 | 2017-02-28 | interrupted |
                a2     | ibo        | 2017-04-01 | 2017-05-31 | completed   | a1
            """,
            asked=(
                (Count("reached", "2017-03", ("ibo",)), {}),
                (Count("reached", "2017-02-28/2017-03-31", ("ibo",)), {"ibo": 1}),
                (Count("reached", "2017-03-01/2017-04-01", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "A plan reaches somebody only once it has a start",
            rules=("count.persons",),
            actions="""
                action | instrument | person | approved   | start
                b1     | bio        | 1      | 2017-03-01 |
                b2     | bio        | 2      | 2017-03-01 | 2017-04-03
            """,
            asked=(
                (Count("persons", S1, ("bio",)), {"bio": 2}),
                (Count("reached", S1, ("bio",)), {"bio": 1}),
            ),
        ),
    ),
)

CHAPTERS = (EXISTING, CHAINS, ENDING, PERSONS)
