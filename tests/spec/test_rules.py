"""Every case of the rules, on every engine (docs/spec.md is made from the same cases)."""

from collections import Counter
from contextlib import contextmanager

import pytest

from tests.spec.case import Count, Follow
from tests.spec.chapters import CHAPTERS
from uitstroom.catalogue import Catalogue
from uitstroom.measure.engines import from_rows

CASES = [pytest.param(case, id=case.title) for chapter in CHAPTERS for case in chapter.cases]
ENGINES = ["reference", "duckdb", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def catalogue():
    return Catalogue.load()


@pytest.fixture(params=ENGINES)
def engine(request, catalogue):
    """Opens the engine over a case's records."""
    kind = request.param
    where = request.getfixturevalue("postgresql_url") if kind == "postgresql" else kind

    @contextmanager
    def opened(case):
        with from_rows(where, catalogue, case.action_rows(), case.spell_rows(), case.known) as engine:
            yield engine

    return opened


@pytest.mark.parametrize("case", CASES)
def test_case(case, engine):
    with engine(case) as opened:
        assert [ask.answer(opened) for ask, _ in case.asked] == [expected for _, expected in case.asked]


@pytest.mark.parametrize("case", CASES)
def test_records_count_as_their_figure_does(case, engine):
    with engine(case) as opened:
        for ask, _ in case.asked:
            if isinstance(ask, Count):
                records = Counter((row.period, row.instrument, row.by) for row in opened.counted(ask.counting))
                assert records == {
                    (row.period, row.instrument, row.by): row.count for row in opened.count(ask.counting)
                }
            elif isinstance(ask, Follow):
                boxes = Counter((row.period, row.instrument, row.by, row.box) for row in opened.followed(ask.following))
                assert boxes == +Counter(
                    {
                        (row.period, row.instrument, row.by, box): getattr(row, box)
                        for row in opened.follow(ask.following)
                        for box in ("without_person", "not_ended", "not_counted", "not_due", "at_work", "not_at_work")
                    }
                )


def test_titles_are_unique():
    assert [title for title, times in Counter(case.id for case in CASES).items() if times > 1] == []
