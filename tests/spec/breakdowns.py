"""Breakdowns: characteristics as at the start (rule count.breakdown)."""

from __future__ import annotations

from tests.spec.case import Case, Chapter, Count, Follow, outflow

S1 = "2017-S1"

CHAPTER = Chapter(
    "Breakdowns",
    (
        Case(
            "A recorded but empty characteristic is unknown",
            rules=("count.breakdown",),
            actions="""
                action | instrument | start      | sex | education
                a1     | ibo        | 2017-01-09 | F   | low
                a2     | ibo        | 2017-01-09 | F   |
                a3     | ibo        | 2017-01-09 |     | low
            """,
            asked=(
                (Count("started", S1, ("ibo",), ("sex",)), {"ibo F": 2, "ibo unknown": 1}),
                (
                    Count("started", S1, ("ibo",), ("sex", "education")),
                    {"ibo F low": 1, "ibo F unknown": 1, "ibo unknown low": 1},
                ),
            ),
        ),
        Case(
            "An age is that of the start: a year is full on the birthday",
            rules=("count.breakdown",),
            text="Who was born on 29 February has a birthday on 1 March in other years.",
            actions="""
                action | instrument | start      | birth
                a1     | ibo        | 2017-03-01 | 1992-03-02
                a2     | ibo        | 2017-03-01 | 1992-03-01
                a3     | ibo        | 2017-03-01 | 1962-03-02
                a4     | ibo        | 2017-03-01 | 1962-03-01
                a5     | ibo        | 2017-02-28 | 1992-02-29
                a6     | ibo        | 2017-03-01 | 1992-02-29
                a7     | ibo        | 2017-03-01 |
            """,
            asked=(
                (
                    Count("started", "2017-03", ("ibo",), ("age_group",)),
                    {"ibo <25": 1, "ibo 25-54": 3, "ibo 55+": 1, "ibo unknown": 1},
                ),
                (Count("started", "2017-02", ("ibo",), ("age_group",)), {"ibo <25": 1}),
            ),
        ),
        Case(
            "An age of a plan is that of its approval",
            rules=("count.breakdown",),
            actions="""
                action | instrument | approved   | start      | birth
                b1     | bio        | 2017-03-01 | 2017-04-03 | 1992-03-02
            """,
            asked=((Count("started", S1, ("bio",), ("age_group",)), {"bio <25": 1}),),
        ),
        Case(
            "Months are full on the same day of the month",
            rules=("count.breakdown",),
            actions="""
                action | instrument | start      | unemployed_since
                a1     | ibo        | 2017-03-15 | 2016-03-16
                a2     | ibo        | 2017-03-15 | 2016-03-15
                a3     | ibo        | 2017-03-15 | 2015-03-16
                a4     | ibo        | 2017-03-15 | 2015-03-15
                a5     | ibo        | 2017-02-28 | 2016-02-29
                a6     | ibo        | 2017-03-15 | 2017-04-01
            """,
            asked=(
                (
                    Count("started", "2017-03", ("ibo",), ("unemployment_duration",)),
                    {"ibo <12m": 2, "ibo 12-23m": 2, "ibo 24-59m": 1},
                ),
                (Count("started", "2017-02", ("ibo",), ("unemployment_duration",)), {"ibo <12m": 1}),
            ),
        ),
        Case(
            "A municipality lies in a district, a province and a region",
            rules=("count.breakdown",),
            text="Its code begins with that of its district. A code that begins with no district is unknown there.",
            actions="""
                action | instrument | start      | municipality
                a1     | ibo        | 2017-03-01 | 44021
                a2     | ibo        | 2017-03-01 | 41002
                a3     | ibo        | 2017-03-01 | 25014
                a4     | ibo        | 2017-03-01 | 99999
                a5     | ibo        | 2017-03-01 |
            """,
            asked=(
                (
                    Count("started", S1, ("ibo",), ("arrondissement",)),
                    {"ibo 44": 1, "ibo 41": 1, "ibo 25": 1, "ibo unknown": 2},
                ),
                (Count("started", S1, ("ibo",), ("province",)), {"ibo 40000": 2, "ibo 20002": 1, "ibo unknown": 2}),
                (Count("started", S1, ("ibo",), ("region",)), {"ibo 2000": 2, "ibo 3000": 1, "ibo unknown": 2}),
                (
                    Count("started", S1, ("ibo",), ("municipality",)),
                    {"ibo 44021": 1, "ibo 41002": 1, "ibo 25014": 1, "ibo 99999": 1, "ibo unknown": 1},
                ),
            ),
        ),
        Case(
            "A region that is delivered goes before the one that follows from the municipality",
            rules=("count.breakdown",),
            actions="""
                action | instrument | start      | municipality | region
                a1     | ibo        | 2017-03-01 | 44021        | 4000
                a2     | ibo        | 2017-03-01 |              | 3000
            """,
            asked=((Count("started", S1, ("ibo",), ("region",)), {"ibo 4000": 1, "ibo 3000": 1}),),
        ),
        Case(
            "A variant is counted in its form, and an action without one has none",
            rules=("count.breakdown",),
            actions="""
                action | instrument | variant | start
                a1     | bvs        | gos     | 2017-03-01
                a2     | bvs        |         | 2017-03-01
            """,
            asked=(
                (Count("started", S1, ("bvs",)), {"bvs": 2}),
                (Count("started", S1, ("bvs",), ("variant",)), {"bvs gos": 1, "bvs none": 1}),
            ),
        ),
        Case(
            "The characteristics of a chain are those of its first part, wherever it is counted",
            rules=("chain.one_action",),
            actions="""
                action | instrument | start      | end        | end_reason  | resumes | education | birth
                a1     | ibo        | 2016-11-15 | 2017-02-10 | interrupted |         | low       | 1992-01-01
                a2     | ibo        | 2017-03-01 | 2017-05-31 | completed   | a1      | medium    | 1992-01-01
            """,
            asked=(
                (Count("ended", S1, ("ibo",), ("education", "age_group")), {"ibo low <25": 1}),
                (Count("running", "2017-03", ("ibo",), ("education", "age_group")), {"ibo low <25": 1}),
                (Count("reached", S1, ("ibo",), ("education", "age_group")), {"ibo low <25": 1}),
                (
                    Follow("ibo", S1, outflow(), ("education",)),
                    {"a1": "low: not_at_work, due 2017-08-31"},
                ),
            ),
        ),
        Case(
            "Of who started, the reason is running while there is no end",
            rules=("count.breakdown",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-03-01 |            |
                a2     | ibo        | 2017-03-01 | 2017-11-13 | breach
                a3     | ibo        | 2017-03-01 | 2017-05-31 | breach
                a4     | ibo        | 2017-03-01 | 2017-05-31 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(cohort="started", anchor="start"), ("end_reason",)),
                    {
                        "a1": "running: not_at_work, due 2017-06-01",
                        "a2": "running: not_at_work, due 2017-06-01",
                        "a3": "breach: not_at_work, due 2017-06-01",
                        "a4": "unknown: not_at_work, due 2017-06-01",
                    },
                ),
            ),
        ),
        Case(
            "A person stands under the characteristics of the first action that its row counts",
            rules=("count.first_action",),
            text="The row of a form looks at that form, the total at all of them. Of two on one day the smallest key "
            "is the first. An action before the period is not looked at.",
            actions="""
                action | instrument | person | start      | education
                a0     | ibo        | 1      | 2016-12-31 | high
                a1     | ibo        | 1      | 2017-03-01 | low
                a2     | ibo        | 1      | 2017-05-01 | medium
                b1     | bvs        | 1      | 2017-02-01 | medium
                c2     | ibo        | 2      | 2017-03-01 | low
                c1     | ibo        | 2      | 2017-03-01 | medium
            """,
            asked=(
                (
                    Count("persons", S1, ("bvs", "ibo"), ("education",), ("bvs", "ibo")),
                    {"bvs medium": 1, "ibo low": 1, "ibo medium": 1, "* medium": 2},
                ),
            ),
        ),
        Case(
            "Of two actions that count on one day the one that started earlier is the first",
            rules=("count.first_action",),
            text="A plan counts on its approval, before it starts; a plan without a start comes after every other.",
            actions="""
                action | instrument | person | approved   | start      | education
                a1     | bio        | 1      | 2017-03-01 | 2017-04-03 | low
                a2     | ibo        | 1      |            | 2017-03-01 | medium
                b1     | bio        | 2      | 2017-03-01 |            | low
                b2     | ibo        | 2      |            | 2017-03-01 | medium
            """,
            asked=(
                (
                    Count("persons", S1, ("bio", "ibo"), ("education",), ("bio", "ibo")),
                    {"bio low": 2, "ibo medium": 2, "* medium": 2},
                ),
            ),
        ),
        Case(
            "Keys are put in order as text, of whole numbers the shorter first",
            rules=("count.first_action",),
            text="010 is no whole number as it is written, and stands before 9 as a text does.",
            actions="""
                action | instrument | person | start      | education
                10     | ibo        | 1      | 2017-03-01 | low
                9      | ibo        | 1      | 2017-03-01 | medium
                a10    | ibo        | 2      | 2017-03-01 | low
                a9     | ibo        | 2      | 2017-03-01 | medium
                2      | ibo        | 3      | 2017-03-01 | medium
                010    | ibo        | 3      | 2017-03-01 | low
                b      | ibo        | 4      | 2017-03-01 | low
                B      | ibo        | 4      | 2017-03-01 | high
                a      | ibo        | 5      | 2017-03-01 | low
                555555 | ibo        | 5      | 2017-03-01 | high
            """,
            asked=((Count("persons", S1, ("ibo",), ("education",)), {"ibo high": 2, "ibo low": 2, "ibo medium": 1}),),
        ),
        Case(
            "A person reached stands under the action of which a day in the period comes first",
            rules=("count.first_action",),
            text="Of two that both run on its first day under the one that started earlier. The gap of a chain is no "
            "day of it.",
            actions="""
                action | instrument | person | start      | end        | end_reason  | resumes | education
                a1     | ibo        | 1      | 2016-06-01 | 2016-12-31 | interrupted |         | low
                a2     | ibo        | 1      | 2017-04-01 |            |             | a1      | low
                b1     | ibo        | 1      | 2017-02-01 | 2017-02-28 | completed   |         | medium
                d1     | ibo        | 2      | 2016-12-15 |            |             |         | low
                c1     | ibo        | 2      | 2016-12-01 |            |             |         | high
            """,
            asked=((Count("reached", S1, ("ibo",), ("education",)), {"ibo medium": 1, "ibo high": 1}),),
        ),
        Case(
            "A person reached stands under the action that started first, also before the period",
            rules=("count.first_action",),
            actions="""
                action | instrument | person | start      | end        | end_reason | education
                a0     | ibo        | 1      | 2016-06-01 | 2016-12-31 | completed  | high
                a1     | ibo        | 1      | 2016-12-01 | 2017-02-28 | completed  | low
                a2     | ibo        | 1      | 2017-05-01 |            |            | medium
            """,
            asked=((Count("reached", S1, ("ibo",), ("education",)), {"ibo low": 1}),),
        ),
    ),
)
CHAPTERS = (CHAPTER,)
