"""The worked cases of docs/rules.md, as far as an engine answers them."""

from __future__ import annotations

from tests.spec.case import IBO, ISS, OPLEIDINGSSTAGE, Case, Chapter, Count, Follow, outflow
from uitstroom.periods import Day, Horizon

S1 = "2017-S1"

CHAPTER = Chapter(
    "The worked cases",
    (
        Case(
            "1. Work counts on the due day",
            rules=("event.on_the_day",),
            text="ISS from 10 January to 9 April, due on 9 July. Person 1 works from that day, person 2 from the day "
            "after, person 3 until the day before.",
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | iss        | 1      | 2017-01-10 | 2017-04-09 | completed
                a2     | iss        | 2      | 2017-01-10 | 2017-04-09 | completed
                a3     | iss        | 3      | 2017-01-10 | 2017-04-09 | completed
            """,
            spells="""
                spell | person | start      | end
                s1    | 1      | 2017-07-09 |
                s2    | 2      | 2017-07-10 |
                s3    | 3      | 2017-04-10 | 2017-07-08
            """,
            asked=(
                (
                    Follow("iss", S1, ISS),
                    {
                        "a1": "at_work, due 2017-07-09, s1",
                        "a2": "not_at_work, due 2017-07-09",
                        "a3": "not_at_work, due 2017-07-09",
                    },
                ),
            ),
        ),
        Case(
            "2. The base of a rate of those who ended is not the count of those who started",
            rules=("outflow.cohort",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | iss        | 2016-12-15 | 2017-01-31 | stopped_by_participant
            """,
            asked=(
                (Count("started", S1, ("iss",)), {}),
                (Follow("iss", S1, ISS), {"a1": "not_at_work, due 2017-04-30"}),
            ),
        ),
        Case(
            "3. Who started in the period may end after it",
            rules=("outflow.cohort",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | iss        | 2017-06-30 | 2017-09-29 | completed
            """,
            asked=((Count("started", S1, ("iss",)), {"iss": 1}), (Follow("iss", S1, ISS), {})),
        ),
        Case(
            "4. An ISS that ended on 30 June is due on 30 September",
            rules=("periods.clip", "outflow.known_on"),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | iss        | 2017-04-01 | 2017-06-30 | completed
            """,
            asked=((Follow("iss", S1, ISS), {"a1": "not_at_work, due 2017-09-30"}),),
        ),
        Case(
            "4. … and not before the spells are complete to that day",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | iss        | 2017-04-01 | 2017-06-30 | completed
            """,
            spells_until=Day(2017, 9, 29),
            asked=((Follow("iss", S1, ISS), {"a1": "not_due, due 2017-09-30"}),),
        ),
        Case(
            "5. Months clip to the end of the month",
            rules=("periods.clip",),
            actions="""
                action | instrument | start      | end        | end_reason
                a27    | iss        | 2017-10-01 | 2017-11-27 | completed
                a28    | iss        | 2017-10-01 | 2017-11-28 | completed
                a29    | iss        | 2017-10-01 | 2017-11-29 | completed
                a30    | iss        | 2017-10-01 | 2017-11-30 | completed
            """,
            actions_until=Day(2018, 3, 31),
            spells_until=Day(2018, 3, 31),
            asked=(
                (
                    Follow("iss", "2017-11", ISS),
                    {
                        "a27": "not_at_work, due 2018-02-27",
                        "a28": "not_at_work, due 2018-02-28",
                        "a29": "not_at_work, due 2018-02-28",
                        "a30": "not_at_work, due 2018-02-28",
                    },
                ),
            ),
        ),
        Case(
            "6. A trajectory ends with its last part, whatever the instrument",
            rules=("trajectory.bounds", "trajectory.parts"),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p      | opleidingsstage | T          | 2016-11-01 | 2016-12-23 | completed
                t      | opleiding       | T          | 2016-10-03 | 2017-01-31 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-04-30"}),
                (Follow("opleidingsstage", "2016-S2", OPLEIDINGSSTAGE), {}),
                (Count("started", S1, ("opleidingsstage",)), {}),
            ),
        ),
        Case(
            "6. … and with its last placement where the register holds no training",
            rules=("trajectory.bounds",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p      | opleidingsstage | T          | 2016-11-01 | 2016-12-23 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {}),
                (Follow("opleidingsstage", "2016-S2", OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-03-23"}),
            ),
        ),
        Case(
            "7. A second placement keeps the trajectory open, and is a started action",
            rules=("trajectory.bounds", "count.started"),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-03-01 | 2017-05-31 | completed
                p2     | opleidingsstage | T          | 2017-06-15 | 2017-07-14 | completed
            """,
            asked=(
                (Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {}),
                (Count("started", S1, ("opleidingsstage",)), {"opleidingsstage": 2}),
            ),
        ),
        Case(
            "8. What starts after the actions are complete does not exist yet",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument      | trajectory | start      | end        | end_reason
                p1     | opleidingsstage | T          | 2017-03-01 | 2017-05-31 | completed
                p2     | opleidingsstage | T          | 2017-11-20 |            |
            """,
            asked=((Follow("opleidingsstage", S1, OPLEIDINGSSTAGE), {"T": "not_at_work, due 2017-08-31"}),),
        ),
        Case(
            "9. An interruption makes no second action",
            rules=("chain.one_action", "chain.end", "chain.running"),
            text="In the gap the action does not run; it ends once, with its last part.",
            actions="""
                action | instrument | start      | end        | end_reason  | resumes
                a1     | ibo        | 2016-11-15 | 2017-02-10 | interrupted |
                a2     | ibo        | 2017-03-01 | 2017-05-31 | completed   | a1
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {}),
                (Count("started", "2016-S2", ("ibo",)), {"ibo": 1}),
                (Count("running", "2017-01-01/2017-02-15", ("ibo",)), {}),
                (Count("running", "2017-01-01/2017-02-10", ("ibo",)), {"ibo": 1}),
                (Count("running", "2017-01-01/2017-03-01", ("ibo",)), {"ibo": 1}),
                (Count("ended", S1, ("ibo",), ("end_reason",)), {"ibo completed": 1}),
                (Count("ended", "2017-05-31/2017-05-31", ("ibo",)), {"ibo": 1}),
            ),
        ),
        Case(
            "10. A plan counts on its approval, withdrawn or not; only an error in the register undoes it",
            rules=("action.approved_plan",),
            actions="""
                action | instrument | person | approved   | end        | end_reason
                b1     | bio        |        | 2017-06-30 | 2017-08-01 | withdrawn
                b2     | bio        |        | 2017-06-30 | 2017-08-01 | registered_in_error
            """,
            asked=((Count("started", S1, ("bio",)), {"bio": 1}),),
        ),
        Case(
            "11. What was cancelled before its start is no entrant, no stock and no end",
            rules=("action.exists",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-05-02 | 2017-04-28 | cancelled
            """,
            asked=(
                (Count("started", S1, ("ibo",)), {}),
                (Count("running", "2017-05-02/2017-05-02", ("ibo",)), {}),
                (Count("ended", S1, ("ibo",)), {}),
                (Follow("ibo", S1, IBO), {}),
            ),
        ),
        Case(
            "12. An IBO that started on 30 June is due on 30 June of the next year",
            rules=("outflow.known_on",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-06-30 | 2017-12-29 | completed
            """,
            spells_until=Day(2018, 6, 29),
            actions_until=Day(2018, 6, 30),
            asked=((Follow("ibo", S1, IBO), {"a1": "not_due, due 2018-06-30"}),),
        ),
        Case(
            "12. … and followed once the spells are complete to that day",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-06-30 | 2017-12-29 | completed
            """,
            spells="""
                spell | start      | end
                s1    | 2018-06-30 |
            """,
            spells_until=Day(2018, 6, 30),
            actions_until=Day(2018, 6, 30),
            asked=((Follow("ibo", S1, IBO), {"a1": "at_work, due 2018-06-30, s1"}),),
        ),
        Case(
            "13. A line that a placement itself produces is not the job it led to",
            rules=("outflow.work",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | iss        | 1      | 2017-01-10 | 2017-04-09 | completed
                a2     | iss        | 2      | 2017-01-10 | 2017-04-09 | completed
            """,
            spells="""
                spell | person | work_type | start      | end
                s1    | 1      | IVT       | 2017-07-01 | 2017-07-31
                s2    | 2      | IVT       | 2017-07-01 | 2017-07-31
                s3    | 2      | EXT       | 2017-07-09 | 2017-07-09
            """,
            asked=(
                (
                    Follow("iss", S1, ISS),
                    {"a1": "not_at_work, due 2017-07-09", "a2": "at_work, due 2017-07-09, s3"},
                ),
            ),
        ),
        Case(
            "14. One person in two forms is one person",
            rules=("count.persons",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | bvs        | 1      | 2017-01-10 | 2017-01-31 | completed
                a2     | iss        | 1      | 2017-02-10 | 2017-05-09 | completed
            """,
            asked=((Count("persons", S1, ("bvs", "iss"), (), ("bvs", "iss")), {"*": 1, "bvs": 1, "iss": 1}),),
        ),
        Case(
            "15. Who died after the end stays in the base, as not at work",
            rules=("outflow.boxes",),
            text="The register does not know it: the employment source simply gives no line.",
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | iss        | 2017-01-10 | 2017-04-09 | completed
            """,
            spells="""
                spell | start      | end
                s1    | 2017-04-10 | 2017-05-03
            """,
            asked=((Follow("iss", S1, ISS), {"a1": "not_at_work, due 2017-07-09"}),),
        ),
        Case(
            "16. The stock holds what starts or ends on its day",
            rules=("count.running",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-06-30 |            |
                a2     | bvs        | 2      | 2017-06-01 | 2017-06-30 | completed
                a3     | iss        | 3      | 2017-04-01 | 2017-06-29 | completed
            """,
            asked=((Count("running", S1, ("bvs", "ibo", "iss")), {"bvs": 1, "ibo": 1}),),
        ),
        Case(
            "17. An end after the actions are complete is not known: the action runs",
            rules=("action.beyond_completeness",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-06-15 | 2017-12-15 | completed
            """,
            asked=(
                (Count("running", "2017-11-01/2017-11-10", ("ibo",)), {"ibo": 1}),
                (Count("ended", "2017", ("ibo",)), {}),
            ),
        ),
        Case(
            "19. A dropout is in the base",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | planned_end | end        | end_reason
                a1     | iss        | 2017-03-01 | 2017-05-31  | 2017-03-14 | stopped_by_participant
            """,
            asked=(
                (Follow("iss", S1, ISS), {"a1": "not_at_work, due 2017-06-14"}),
                (
                    Follow("iss", S1, outflow(who="completed", horizon=Horizon(months=3))),
                    {"a1": "not_counted, due 2017-06-14"},
                ),
            ),
        ),
    ),
)
