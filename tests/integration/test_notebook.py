"""A notebook: the register is opened once; words, lists and days are taken as they come; results show themselves."""

import datetime

import pandas
import polars
import pytest

import uitstroom
from uitstroom.errors import UitstroomError
from uitstroom.synth import write_delivery


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    first, later = write_delivery("vdab-2017", folder / "deliveries", scale=0.02)
    register = uitstroom.open(folder / "store")
    register.load(first)
    register.load(str(later))
    return register


@pytest.fixture(scope="module")
def result(register):
    return register.figures("started", "outflow", period="2017-S1", as_of="2017-11-23")


def test_words_and_days_may_be_given_alone_or_in_lists(register, result):
    same = register.figures("started", "outflow", period=["2017-S1"], as_of=datetime.date(2017, 11, 23))
    assert [table.figures for table in same] == [table.figures for table in result]
    alone = register.figures("started", period="2017-S1", by="sex", instruments="ibo")
    assert {figure.instrument for figure in alone[0].figures} == {"ibo", None} or alone[0].by == ("sex",)
    assert alone[0].by == ("sex",)


def test_a_result_shows_itself_in_a_terminal_and_in_a_notebook(result):
    assert "gestarte acties, eerste jaarhelft 2017" in repr(result)
    page = result._repr_html_()
    assert page.count("<table>") == 2
    assert '<th scope="row">IBO</th>' in page
    assert "<td></td>" not in page


def test_a_result_is_a_frame_of_any_library_with_its_words(result):
    frame = result.to_polars("started")
    assert isinstance(frame, polars.DataFrame)
    assert frame.height == len(result[0].figures)
    other = result.to_pandas("outflow")
    assert isinstance(other, pandas.DataFrame)
    assert "iss-3-months" in other.attrs["definitions"]
    assert result.to_arrow().schema.metadata[b"title"]


def test_a_result_is_a_chart(result):
    assert result.chart("started")._repr_svg_().startswith("<svg")


def test_records_and_explanations_are_those_of_the_command_line(register):
    lines = register.records("started", period="2017-S1", instruments="iss").splitlines()
    assert lines[0].startswith("indicator,")
    action = lines[1].split(",")[lines[0].split(",").index("first_action")]
    assert action in repr(register.explain(action))


def test_what_cannot_be_asked_is_refused_with_what_to_do(register):
    with pytest.raises(UitstroomError, match="this is not a day"):
        register.figures("started", period="2017", as_of="vandaag")
    with pytest.raises(UitstroomError, match="no indicator"):
        register.figures(period="2017")
    with pytest.raises(AttributeError):
        uitstroom.nothing  # noqa: B018


def test_snapshots_are_listed_oldest_first(register):
    assert [str(one.delivered_on) for one in register.snapshots()] == ["2017-11-15", "2018-07-16"]
