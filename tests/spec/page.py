"""The specification as a page: the cases, as the tests run them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent

from tests.spec.case import ACTIONS_UNTIL, SPELLS_UNTIL, Case, Expected
from tests.spec.chapters import CHAPTERS
from tests.spec.elsewhere import ELSEWHERE
from tests.spec.rules import rules

PREFACE = f"""# What is counted, case by case

Made from `tests/spec`, which runs every case on the plain-Python reference, on DuckDB and on PostgreSQL. Each case is
one promise, under the [rule](rules.md) that it shows: a small table of actions, one of spells where work matters, what
is asked, and what must come out.

An empty field is not filled. Where a table has no such column, the person is 1, a spell is ordinary work (OTH), and
its employer E. Actions are complete to {ACTIONS_UNTIL} and spells to {SPELLS_UNTIL}, unless a case says otherwise. The
forms and dimensions are those of the built-in catalogue.

A count is given per form, with the codes of a breakdown behind it; `*` is the total of distinct persons. Of an outflow
each unit of the cohort (a chain of actions under its first, a trajectory under its own key) is given with its box, its
due day, and the spell that shows it at work. Work that counts is OTH, EXT, FLX and STU, unless another list stands in
brackets.
"""


def spec_page() -> str:
    """docs/spec.md: each case under the first rule that it shows, and named under the others."""
    return "\n".join([PREFACE, *_sections()]).rstrip() + "\n"


def _sections() -> Iterator[str]:
    cases = [case for chapter in CHAPTERS for case in chapter.cases]
    last = ""
    for rule, heading in rules().items():
        if heading != last:
            yield f"## {heading}\n"
            last = heading
        yield f"### [{rule}](rules.md#{rule.replace('.', '')})\n"
        for case in cases:
            if case.rules[:1] == (rule,):
                yield from _case(case)
        yield from _elsewhere(rule, [case.title for case in cases if rule in case.rules[1:]])


def _elsewhere(rule: str, titles: Sequence[str]) -> Iterator[str]:
    """What shows a rule besides the cases under it: cases under another, and tests."""
    lines = [f"* see “{title}”" for title in titles] + [f"* held by `{test}`" for test in ELSEWHERE.get(rule, ())]
    if lines:
        yield "\n".join(lines) + "\n"


def _case(case: Case) -> Iterator[str]:
    yield f"#### {case.title}\n"
    if case.text:
        yield f"{case.text}\n"
    complete = [
        f"{table} are complete to {day}"
        for table, day, usual in (
            ("actions", case.actions_until, ACTIONS_UNTIL),
            ("spells", case.spells_until, SPELLS_UNTIL),
        )
        if day != usual
    ]
    if complete:
        sentence = " and ".join(complete)
        yield f"{sentence[0].upper()}{sentence[1:]}.\n"
    yield from (f"```text\n{dedent(table).strip()}\n```\n" for table in (case.actions, case.spells) if table)
    for ask, expected in case.asked:
        yield from _answer(str(ask), expected)
    yield ""


def _answer(asked: str, expected: Expected) -> Iterator[str]:
    outcomes = [f"`{name}` {'none' if value is None else value}" for name, value in expected.items()] or ["none"]
    if len(outcomes) == 1:
        yield f"* {asked} → {outcomes[0]}"
    else:
        yield f"* {asked}"
        yield from (f"  * {outcome}" for outcome in outcomes)
