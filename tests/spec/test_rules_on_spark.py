"""Every case of the rules on Spark, in one batch: each statement costs it a second."""

import pytest

from tests.spark_here import engine_of_rows
from tests.spec.chapters import CHAPTERS
from uitstroom.catalogue import Catalogue


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.timeout(3600)
def test_every_case_on_spark():
    catalogue = Catalogue.load()
    wrong = []
    for case in (case for chapter in CHAPTERS for case in chapter.cases):
        engine = engine_of_rows(catalogue, case.action_rows(), case.spell_rows(), case.known)
        if [ask.answer(engine) for ask, _ in case.asked] != [expected for _, expected in case.asked]:
            wrong.append(case.title)
    assert wrong == []
