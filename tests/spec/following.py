"""Following: the boxes in their order, horizons, events, and when it can be known (rule outflow.boxes)."""

from __future__ import annotations

from tests.spec.case import IBO, ISS, Case, Chapter, Follow, Settle, outflow
from uitstroom.figures import Event
from uitstroom.periods import Day, Horizon

S1 = "2017-S1"
STARTED_TO_END = outflow(cohort="started")
COMPLETED = outflow(who="completed")
WITHIN = outflow(event=Event("within"))
NEW = outflow(event=Event("within", new=True))
SAME_EMPLOYER = outflow(event=Event(same_employer=True))
ENDED_ON_31_MARCH = """
    action | instrument | start      | end        | end_reason
    a1     | ibo        | 2017-01-09 | 2017-03-31 | completed
"""


def sustained(days: int) -> Event:
    return Event("sustained", days)


BOXES = Chapter(
    "Boxes: every unit of a cohort is in the first that fits",
    (
        Case(
            "Without a person nothing can be asked, whatever else is the case",
            rules=("outflow.boxes",),
            text="An empty field `linked` is a yes.",
            actions="""
                action | instrument | person | linked | start      | end        | end_reason
                a1     | ibo        |        |        | 2017-03-01 |            |
                a2     | ibo        | 2      | no     | 2017-03-01 | 2017-04-28 | breach
                a3     | ibo        | 3      | yes    | 2017-03-01 |            |
                a4     | ibo        | 4      |        | 2017-03-01 |            |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(cohort="started", who="completed")),
                    {
                        "a1": "without_person",
                        "a2": "without_person, due 2017-07-28",
                        "a3": "not_ended",
                        "a4": "not_ended",
                    },
                ),
            ),
        ),
        Case(
            "One part of a chain that is not linked leaves it without a person",
            rules=("person.not_linked",),
            actions="""
                action | instrument | linked | start      | end        | end_reason  | resumes
                a1     | ibo        | no     | 2017-01-09 | 2017-02-10 | interrupted |
                a2     | ibo        | yes    | 2017-03-01 | 2017-03-31 | completed   | a1
            """,
            asked=((Follow("ibo", S1, outflow()), {"a1": "without_person, due 2017-06-30"}),),
        ),
        Case(
            "Who started and has not ended cannot be followed from the end",
            rules=("outflow.boxes",),
            text="An end after the actions are complete is not known.",
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-03-01 | 2017-11-10 | completed
                a2     | ibo        | 2017-03-01 | 2017-11-11 | completed
                a3     | ibo        | 2017-03-01 |            |
            """,
            spells_until=Day(2018, 2, 10),
            asked=(
                (
                    Follow("ibo", S1, STARTED_TO_END),
                    {"a1": "not_at_work, due 2018-02-10", "a2": "not_ended", "a3": "not_ended"},
                ),
            ),
        ),
        Case(
            "Completed only: every other reason is left out, and so is a missing one, even before it is due",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-01-09 | 2017-03-31 | goal_reached
                a2     | ibo        | 2017-01-09 | 2017-03-31 | found_work
                a3     | ibo        | 2017-01-09 | 2017-03-31 | interrupted
                a4     | ibo        | 2017-01-09 | 2017-03-31 |
            """,
            spells_until=Day(2017, 6, 29),
            asked=(
                (
                    Follow("ibo", S1, COMPLETED),
                    {
                        "a1": "not_due, due 2017-06-30",
                        "a2": "not_counted, due 2017-06-30",
                        "a3": "not_counted, due 2017-06-30",
                        "a4": "not_counted, due 2017-06-30",
                    },
                ),
            ),
        ),
        Case(
            "Completed only, from the start: what runs is followed, what was stopped after its due day is left out",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-01-09 |            |
                a2     | ibo        | 2017-01-09 | 2017-07-14 | breach
                a3     | ibo        | 2017-01-09 | 2017-11-13 | breach
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(cohort="started", anchor="start", who="completed")),
                    {
                        "a1": "not_at_work, due 2017-04-09",
                        "a2": "not_counted, due 2017-04-09",
                        "a3": "not_at_work, due 2017-04-09",
                    },
                ),
            ),
        ),
        Case(
            "The reason of a chain is that of its last part",
            rules=("chain.end",),
            actions="""
                action | instrument | person | start      | end        | end_reason  | resumes
                a1     | ibo        | 1      | 2017-01-09 | 2017-02-10 | interrupted |
                a2     | ibo        | 1      | 2017-03-01 | 2017-03-31 | completed   | a1
                b1     | ibo        | 2      | 2017-01-09 | 2017-02-10 | completed   |
                b2     | ibo        | 2      | 2017-03-01 | 2017-03-31 | breach      | b1
            """,
            asked=(
                (
                    Follow("ibo", S1, COMPLETED),
                    {"a1": "not_at_work, due 2017-06-30", "b1": "not_counted, due 2017-06-30"},
                ),
            ),
        ),
        Case(
            "Due on the last complete day of the spells is followed, due on the next is not",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2017-01-09 | 2017-03-30 | completed
                a2     | ibo        | 2017-01-09 | 2017-04-01 | completed
            """,
            spells_until=Day(2017, 6, 30),
            asked=(
                (Follow("ibo", S1, outflow()), {"a1": "not_at_work, due 2017-06-30", "a2": "not_due, due 2017-07-01"}),
            ),
        ),
        Case(
            "An IBO that still runs on its due date is followed, and only other work is work",
            rules=("outflow.boxes",),
            actions="""
                action | instrument | person | start      | end
                a1     | ibo        | 1      | 2016-07-01 |
                a2     | ibo        | 2      | 2016-07-01 |
            """,
            spells="""
                spell | person | work_type | start      | end
                s1    | 1      | IVT       | 2016-07-01 |
                s2    | 2      | IVT       | 2016-07-01 |
                s3    | 2      | FLX       | 2017-06-24 | 2017-07-02
            """,
            asked=(
                (
                    Follow("ibo", "2016-S2", IBO),
                    {"a1": "not_at_work, due 2017-07-01", "a2": "at_work, due 2017-07-01, s3"},
                ),
            ),
        ),
        Case(
            "Who ended can be followed from the start",
            rules=("outflow.cohort",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2016-12-01 | 2017-03-31 | completed
            """,
            spells="""
                spell | start      | end
                s1    | 2017-03-01 | 2017-03-01
            """,
            asked=((Follow("ibo", S1, outflow(anchor="start")), {"a1": "at_work, due 2017-03-01, s1"}),),
        ),
        Case(
            "A plan with a person and a start is followed from its start, in the cohort of its approval",
            rules=("outflow.cohort", "action.approved_plan"),
            actions="""
                action | instrument | person | approved   | start
                b1     | bio        | 1      | 2017-06-30 | 2017-07-10
                b2     | bio        | 2      | 2016-12-31 | 2017-01-02
            """,
            asked=(
                (
                    Follow("bio", S1, outflow(cohort="started", anchor="start")),
                    {"b1": "not_at_work, due 2017-10-10"},
                ),
            ),
        ),
        Case(
            "What resumes an unknown action is no entrant, but it is among those who ended",
            rules=("chain.one_action",),
            actions="""
                action | instrument | start      | end        | end_reason | resumes
                a2     | ibo        | 2017-01-09 | 2017-03-31 | completed  | a1
            """,
            asked=(
                (Follow("ibo", S1, STARTED_TO_END), {}),
                (Follow("ibo", S1, outflow()), {"a2": "not_at_work, due 2017-06-30"}),
            ),
        ),
        Case(
            "Two actions of one person are two units",
            rules=("outflow.cohort",),
            actions="""
                action | instrument | start      | end        | end_reason
                a1     | ibo        | 2016-12-01 | 2017-01-31 | completed
                a2     | ibo        | 2017-03-01 | 2017-04-28 | completed
            """,
            spells="""
                spell | start      | end
                s1    | 2017-04-30 | 2017-07-27
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow()),
                    {"a1": "at_work, due 2017-04-30, s1", "a2": "not_at_work, due 2017-07-28"},
                ),
            ),
        ),
    ),
)

HORIZONS = Chapter(
    "Horizons",
    (
        Case(
            "Months clip, also around 29 February",
            rules=("periods.clip",),
            actions="""
                action | instrument | start
                a1     | ibo        | 2016-01-29
                a2     | ibo        | 2016-01-31
                a3     | ibo        | 2016-02-29
            """,
            asked=(
                (
                    Follow("ibo", "2016-01", outflow(cohort="started", anchor="start", horizon=Horizon(months=1))),
                    {"a1": "not_at_work, due 2016-02-29", "a2": "not_at_work, due 2016-02-29"},
                ),
                (Follow("ibo", "2016-02", IBO), {"a3": "not_at_work, due 2017-02-28"}),
                (
                    Follow("ibo", "2016-01", outflow(cohort="started", anchor="start", horizon=Horizon(months=13))),
                    {"a1": "not_at_work, due 2017-02-28", "a2": "not_at_work, due 2017-02-28"},
                ),
            ),
        ),
        Case(
            "Days are counted from the anchor; 0 is the anchor itself",
            rules=("periods.clip",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | start      | end
                s1    | 2017-03-31 | 2017-03-31
                s2    | 2017-06-29 | 2017-06-29
            """,
            asked=(
                (Follow("ibo", S1, outflow(horizon=Horizon(days=0))), {"a1": "at_work, due 2017-03-31, s1"}),
                (Follow("ibo", S1, outflow(horizon=Horizon(days=1))), {"a1": "not_at_work, due 2017-04-01"}),
                (Follow("ibo", S1, outflow(horizon=Horizon(days=90))), {"a1": "at_work, due 2017-06-29, s2"}),
            ),
        ),
        Case(
            "A fixed day is the due day of all; who ended on it or after it is not counted",
            rules=("outflow.fixed_day",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-01-09 | 2017-06-30 | completed
                a3     | ibo        | 3      | 2017-01-09 | 2017-06-15 | completed
                a4     | ibo        | 4      | 2017-01-09 | 2017-06-14 | completed
                a5     | ibo        |        | 2017-01-09 | 2017-06-30 | completed
            """,
            spells="""
                spell | person | start      | end
                s1    | 1      | 2017-06-15 | 2017-06-15
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(horizon=Horizon(on=Day(2017, 6, 15)))),
                    {
                        "a1": "at_work, due 2017-06-15, s1",
                        "a2": "not_counted, due 2017-06-15",
                        "a3": "not_counted, due 2017-06-15",
                        "a4": "not_at_work, due 2017-06-15",
                        "a5": "without_person, due 2017-06-15",
                    },
                ),
                (
                    Follow("ibo", "2017-03", outflow(horizon=Horizon(on=Day(2017, 11, 1)))),
                    {"a1": "not_due, due 2017-11-01"},
                ),
            ),
        ),
    ),
)

EVENTS = Chapter(
    "Events",
    (
        Case(
            "On the day: the first and the last day of a spell are days of work",
            rules=("event.on_the_day",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-01-09 | 2017-03-31 | completed
                a3     | ibo        | 3      | 2017-01-09 | 2017-03-31 | completed
                a4     | ibo        | 4      | 2017-01-09 | 2017-03-31 | completed
                a5     | ibo        | 5      | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | start      | end
                s1    | 1      | 2017-06-30 | 2017-08-31
                s2    | 2      | 2017-05-01 | 2017-06-30
                s3    | 3      | 2017-07-01 |
                s4    | 4      | 2017-04-01 | 2017-06-29
                s5    | 5      | 2012-09-01 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow()),
                    {
                        "a1": "at_work, due 2017-06-30, s1",
                        "a2": "at_work, due 2017-06-30, s2",
                        "a3": "not_at_work, due 2017-06-30",
                        "a4": "not_at_work, due 2017-06-30",
                        "a5": "at_work, due 2017-06-30, s5",
                    },
                ),
            ),
        ),
        Case(
            "Work that counts is a list: what it does not name does not count",
            rules=("outflow.work",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | work_type | start      | end
                s1    | TRI       | 2017-04-01 |
                s2    | STU       | 2017-05-01 |
            """,
            asked=(
                (Follow("ibo", S1, outflow()), {"a1": "at_work, due 2017-06-30, s2"}),
                (Follow("ibo", S1, outflow(work_types=("OTH",))), {"a1": "not_at_work, due 2017-06-30"}),
                (Follow("ibo", S1, outflow(work_types=("TRI",))), {"a1": "at_work, due 2017-06-30, s1"}),
            ),
        ),
        Case(
            "Another person's work is not theirs",
            rules=("event.on_the_day",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | person | start      | end
                s1    | 2      | 2017-04-01 |
            """,
            asked=((Follow("ibo", S1, outflow()), {"a1": "not_at_work, due 2017-06-30"}),),
        ),
        Case(
            "The spell that decides is the earliest, then the one with the smallest key",
            rules=("event.on_the_day",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | start      | end
                s3    | 2017-06-01 |
                s2    | 2017-06-01 | 2017-06-30
                s1    | 2017-06-02 |
            """,
            asked=((Follow("ibo", S1, outflow()), {"a1": "at_work, due 2017-06-30, s2"}),),
        ),
        Case(
            "Within: from the day after the anchor to the due day",
            rules=("event.within",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-01-09 | 2017-03-31 | completed
                a3     | ibo        | 3      | 2017-01-09 | 2017-03-31 | completed
                a4     | ibo        | 4      | 2017-01-09 | 2017-03-31 | completed
                a5     | ibo        | 5      | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | start      | end
                s1    | 1      | 2017-03-31 | 2017-03-31
                s2    | 2      | 2017-04-01 | 2017-04-01
                s3    | 3      | 2017-06-30 | 2017-06-30
                s4    | 4      | 2017-07-01 |
                s5    | 5      | 2016-01-01 |
            """,
            asked=(
                (
                    Follow("ibo", S1, WITHIN),
                    {
                        "a1": "not_at_work, due 2017-06-30",
                        "a2": "at_work, due 2017-06-30, s2",
                        "a3": "at_work, due 2017-06-30, s3",
                        "a4": "not_at_work, due 2017-06-30",
                        "a5": "at_work, due 2017-06-30, s5",
                    },
                ),
                (
                    Follow("ibo", S1, NEW),
                    {
                        "a1": "not_at_work, due 2017-06-30",
                        "a2": "at_work, due 2017-06-30, s2",
                        "a3": "at_work, due 2017-06-30, s3",
                        "a4": "not_at_work, due 2017-06-30",
                        "a5": "not_at_work, due 2017-06-30",
                    },
                ),
            ),
        ),
        Case(
            "Within 0 days of the anchor there is no day to work on",
            rules=("event.within",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | start      | end
                s1    | 2017-01-01 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(horizon=Horizon(days=0), event=Event("within"))),
                    {"a1": "not_at_work, due 2017-03-31"},
                ),
            ),
        ),
        Case(
            "New work: lines of one employer that touch or overlap are one stretch of work",
            rules=("event.within",),
            text="A birthday, a move or a change of provider splits a line and starts no new work. Person 1's lines "
            "touch, person 2's overlap, person 3's leave a day between them, person 4 changes employer, person 5's "
            "lines touch on the last day of the action.",
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-01-09 | 2017-03-31 | completed
                a3     | ibo        | 3      | 2017-01-09 | 2017-03-31 | completed
                a4     | ibo        | 4      | 2017-01-09 | 2017-03-31 | completed
                a5     | ibo        | 5      | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | employer | start      | end
                s1a   | 1      | F        | 2016-01-01 | 2017-04-30
                s1b   | 1      | F        | 2017-05-01 |
                s2a   | 2      | F        | 2016-01-01 | 2017-05-10
                s2b   | 2      | F        | 2017-05-01 | 2017-05-05
                s2c   | 2      | F        | 2017-05-11 |
                s3a   | 3      | F        | 2016-01-01 | 2017-04-29
                s3b   | 3      | F        | 2017-05-01 |
                s4a   | 4      | F        | 2016-01-01 | 2017-04-30
                s4b   | 4      | G        | 2017-05-01 |
                s5a   | 5      | F        | 2016-01-01 | 2017-03-31
                s5b   | 5      | F        | 2017-04-01 |
            """,
            asked=(
                (
                    Follow("ibo", S1, NEW),
                    {
                        "a1": "not_at_work, due 2017-06-30",
                        "a2": "not_at_work, due 2017-06-30",
                        "a3": "at_work, due 2017-06-30, s3b",
                        "a4": "at_work, due 2017-06-30, s4b",
                        "a5": "not_at_work, due 2017-06-30",
                    },
                ),
            ),
        ),
        Case(
            "New work: only lines that count make a stretch",
            rules=("event.within", "outflow.work"),
            text="The placement's own line touches the job that follows it.",
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | work_type | start      | end
                s1    | IVT       | 2017-01-09 | 2017-03-31
                s2    | OTH       | 2017-04-01 |
            """,
            asked=((Follow("ibo", S1, NEW), {"a1": "at_work, due 2017-06-30, s2"}),),
        ),
        Case(
            "Sustained: each of the days, also before the anchor, with any employers",
            rules=("event.sustained",),
            text="Ten days to 5 April: from 27 March. Person 1's lines touch, person 2's overlap, person 3 misses a "
            "day, person 4 the first, person 5 the last.",
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | ibo        | 1      | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | 2017-01-09 | 2017-03-31 | completed
                a3     | ibo        | 3      | 2017-01-09 | 2017-03-31 | completed
                a4     | ibo        | 4      | 2017-01-09 | 2017-03-31 | completed
                a5     | ibo        | 5      | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | employer | start      | end
                s1a   | 1      | F        | 2017-03-27 | 2017-03-31
                s1b   | 1      | G        | 2017-04-01 | 2017-04-05
                s2a   | 2      | F        | 2017-03-01 | 2017-04-02
                s2b   | 2      | G        | 2017-03-30 |
                s3a   | 3      | F        | 2017-03-01 | 2017-03-31
                s3b   | 3      | F        | 2017-04-02 |
                s4    | 4      | F        | 2017-03-28 |
                s5    | 5      | F        | 2017-03-01 | 2017-04-04
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(horizon=Horizon(days=5), event=sustained(10))),
                    {
                        "a1": "at_work, due 2017-04-05, s1b",
                        "a2": "at_work, due 2017-04-05, s2b",
                        "a3": "not_at_work, due 2017-04-05",
                        "a4": "not_at_work, due 2017-04-05",
                        "a5": "not_at_work, due 2017-04-05",
                    },
                ),
                (
                    Follow("ibo", S1, outflow(horizon=Horizon(days=5), event=sustained(1))),
                    {
                        "a1": "at_work, due 2017-04-05, s1b",
                        "a2": "at_work, due 2017-04-05, s2b",
                        "a3": "at_work, due 2017-04-05, s3b",
                        "a4": "at_work, due 2017-04-05, s4",
                        "a5": "not_at_work, due 2017-04-05",
                    },
                ),
            ),
        ),
        Case(
            "A short line inside a long one takes nothing away",
            rules=("event.sustained",),
            actions=ENDED_ON_31_MARCH,
            spells="""
                spell | start      | end
                s1    | 2017-01-01 |
                s2    | 2017-04-10 | 2017-04-12
                s3    | 2017-05-01 | 2017-05-02
            """,
            asked=(
                (Follow("ibo", S1, outflow(event=sustained(90))), {"a1": "at_work, due 2017-06-30, s1"}),
                (Follow("ibo", S1, NEW), {"a1": "not_at_work, due 2017-06-30"}),
            ),
        ),
        Case(
            "The same employer is that of the part that ends last",
            rules=("event.same_employer", "chain.end"),
            actions="""
                action | instrument | employer | start      | end        | end_reason  | resumes
                a1     | ibo        | F        | 2017-01-09 | 2017-03-31 | completed   |
                a2     | ibo        | G        | 2017-02-01 | 2017-02-28 | completed   | a1
            """,
            spells="""
                spell | employer | start      | end
                s1    | F        | 2017-04-01 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(event=Event(same_employer=True))),
                    {"a1": "at_work, due 2017-06-30, s1"},
                ),
            ),
        ),
        Case(
            "The same employer is that of the last part; without one nobody is at work",
            rules=("event.same_employer",),
            actions="""
                action | instrument | person | employer | start      | end        | end_reason  | resumes
                a1     | ibo        | 1      | F        | 2017-01-09 | 2017-02-10 | interrupted |
                a2     | ibo        | 1      | G        | 2017-03-01 | 2017-03-31 | completed   | a1
                b1     | ibo        | 2      | F        | 2017-01-09 | 2017-02-10 | interrupted |
                b2     | ibo        | 2      | G        | 2017-03-01 | 2017-03-31 | completed   | b1
                c1     | ibo        | 3      |          | 2017-01-09 | 2017-03-31 | completed   |
            """,
            spells="""
                spell | person | employer | start      | end
                s1    | 1      | G        | 2017-04-03 |
                s2    | 2      | F        | 2017-04-03 |
                s3    | 3      | F        | 2017-04-03 |
            """,
            asked=(
                (
                    Follow("ibo", S1, SAME_EMPLOYER),
                    {
                        "a1": "at_work, due 2017-06-30, s1",
                        "b1": "not_at_work, due 2017-06-30",
                        "c1": "not_at_work, due 2017-06-30",
                    },
                ),
            ),
        ),
        Case(
            "The same employer on each of the days",
            rules=("event.same_employer", "event.sustained"),
            actions="""
                action | instrument | person | employer | start      | end        | end_reason
                a1     | ibo        | 1      | F        | 2017-01-09 | 2017-03-31 | completed
                a2     | ibo        | 2      | F        | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | person | employer | start      | end
                s1    | 1      | F        | 2017-06-01 |
                s2a   | 2      | F        | 2017-06-01 | 2017-06-14
                s2b   | 2      | G        | 2017-06-15 | 2017-06-15
                s2c   | 2      | F        | 2017-06-16 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(event=Event("sustained", 30, same_employer=True))),
                    {"a1": "at_work, due 2017-06-30, s1", "a2": "not_at_work, due 2017-06-30"},
                ),
                (
                    Follow("ibo", S1, outflow(event=sustained(30))),
                    {"a1": "at_work, due 2017-06-30, s1", "a2": "at_work, due 2017-06-30, s2c"},
                ),
            ),
        ),
        Case(
            "New work with the same employer",
            rules=("event.same_employer", "event.within"),
            actions="""
                action | instrument | employer | start      | end        | end_reason
                a1     | ibo        | F        | 2017-01-09 | 2017-03-31 | completed
            """,
            spells="""
                spell | employer | start      | end
                s1    | G        | 2017-04-03 | 2017-04-28
                s2    | F        | 2017-05-02 |
            """,
            asked=(
                (
                    Follow("ibo", S1, outflow(event=Event("within", same_employer=True, new=True))),
                    {"a1": "at_work, due 2017-06-30, s2"},
                ),
            ),
        ),
    ),
)

SETTLING = Chapter(
    "When an outflow from the end of those who started can be known",
    (
        Case(
            "Those who run are looked at after their planned end",
            rules=("outflow.known_on",),
            actions="""
                action | instrument | person | start      | planned_end | end        | end_reason
                a1     | ibo        | 1      | 2017-06-01 | 2017-11-30  |            |
                a2     | ibo        | 2      | 2017-05-15 | 2017-08-14  | 2017-06-30 | breach
            """,
            asked=(
                (
                    Settle("ibo", S1, STARTED_TO_END),
                    {"open_from": "2017-06-01", "last_due": "2018-02-28", "unplanned": 0},
                ),
            ),
        ),
        Case(
            "An end that is not yet known serves as planned end, where there is none",
            rules=("outflow.known_on", "action.beyond_completeness"),
            actions="""
                action | instrument | person | start      | planned_end | end        | end_reason
                a1     | ibo        | 1      | 2017-06-01 |             | 2017-12-15 | completed
                a2     | ibo        | 2      | 2017-06-01 | 2017-11-30  | 2017-12-31 | completed
            """,
            asked=(
                (
                    Settle("ibo", S1, STARTED_TO_END),
                    {"open_from": "2017-06-01", "last_due": "2018-03-15", "unplanned": 0},
                ),
            ),
        ),
        Case(
            "Without a planned end it is the longest that the version of the start allows",
            rules=("outflow.known_on",),
            text="A WES lasts at most six months: from 1 May to 31 October. No maximum is known for a training.",
            actions="""
                action | instrument | person | start
                a1     | wes        | 1      | 2017-05-01
                t1     | opleiding  | 2      | 2017-05-01
            """,
            asked=(
                (
                    Settle("wes", S1, STARTED_TO_END),
                    {"open_from": "2017-05-01", "last_due": "2018-01-31", "unplanned": 0},
                ),
                (
                    Settle("opleiding", S1, STARTED_TO_END),
                    {"open_from": "2017-05-01", "last_due": None, "unplanned": 1},
                ),
            ),
        ),
        Case(
            "Who cannot be asked settles nothing; who is not due is open",
            rules=("outflow.known_on",),
            actions="""
                action | instrument | person | start      | planned_end | end        | end_reason
                a1     | ibo        |        | 2017-01-09 |             |            |
                a2     | ibo        | 2      | 2017-02-01 |             | 2017-08-15 | completed
                a3     | ibo        | 3      | 2017-01-16 |             | 2017-07-14 | completed
            """,
            asked=(
                (
                    Settle("ibo", S1, STARTED_TO_END),
                    {"open_from": "2017-02-01", "last_due": "2017-11-15", "unplanned": 0},
                ),
            ),
        ),
        Case(
            "A resumed action starts with its first part and is planned to end with its last",
            rules=("outflow.known_on", "chain.end"),
            actions="""
                action | instrument | start      | planned_end | end        | end_reason  | resumes
                a1     | ibo        | 2017-02-01 | 2017-07-31  | 2017-03-31 | interrupted |
                a2     | ibo        | 2017-09-01 | 2017-12-31  |            |             | a1
            """,
            asked=(
                (
                    Settle("ibo", S1, STARTED_TO_END),
                    {"open_from": "2017-02-01", "last_due": "2018-03-31", "unplanned": 0},
                ),
            ),
        ),
        Case(
            "Of those who ended the open ones are those not yet due",
            rules=("outflow.known_on",),
            actions="""
                action | instrument | person | start      | end        | end_reason
                a1     | iss        | 1      | 2017-05-01 | 2017-07-31 | completed
                a2     | iss        | 2      | 2017-05-02 | 2017-08-01 | completed
            """,
            asked=(
                (Settle("iss", "2017-Q3", ISS), {"open_from": "2017-08-01", "last_due": "2017-11-01", "unplanned": 0}),
            ),
        ),
    ),
)

CHAPTERS = (BOXES, HORIZONS, EVENTS, SETTLING)
