"""Charts: what is no number is no bar, breaks break the line, and everything is said for who cannot see it."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import pytest
from lxml import etree

from tests import samples
from tests.docs.tree import ROOT
from uitstroom.figures import Maturity
from uitstroom.release import chart as plot
from uitstroom.release import charts, vega
from uitstroom.text import LANGUAGES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request):
    return request.param, charts.charts(samples.published(), samples.catalogue(), request.param)


@pytest.fixture(scope="module")
def dutch():
    return charts.charts(samples.published(), samples.catalogue(), "nl")


def values(spec):
    """Every row of data in a spec."""
    return [row for rows in spec["datasets"].values() for row in rows]


def bars(chart, unlike="#f2f2f2"):
    """The bars in the picture, without the pale room of a rate."""
    marks = etree.fromstring(chart.svg).iter(SVG + "path")
    found = [mark for mark in marks if mark.get("aria-roledescription") == "bar"]
    return [mark for mark in found if mark.get("fill", "").lower() != unlike]


def test_which_charts_there_are(dutch):
    assert list(dutch) == [
        "started", "outflow", "outflow-account-opleidingsstage", "outflow-account-ibo", "outflow-account-iss",
        "outflow-account-wes", "persons", "started-by-age-group-sex", "outflow-2", "outflow-2-account-ibo", "started-2",
    ]  # fmt: skip
    assert {chart.table for chart in dutch.values()} == {
        "started", "outflow", "persons", "started-by-age-group-sex", "outflow-2", "started-2",
    }  # fmt: skip


def test_files_are_named_after_the_chart(dutch):
    assert list(charts.files(dutch["started"])) == [
        "charts/started.svg", "charts/started.png", "charts/started.vl.json",
    ]  # fmt: skip


def test_every_chart_says_what_must_travel(drawn):
    """The footnote of mixed units and what a total leaves out stand in the picture itself, not only beside it."""
    language, made = drawn
    tables = dict(zip(("started", "outflow", "persons"), samples.all_tables(), strict=False))
    for name, chart in made.items():
        seen = " ".join("".join(text.itertext()) for text in etree.fromstring(chart.svg).iter(SVG + "text"))
        assert samples.note("note.synthetic").text.in_language(language) in seen.replace("\n", " ")
        assert samples.scope().where.in_language(language) in seen
        for note in tables[name].notes if name in tables else ():
            assert note.text.in_language(language) in chart.description
            if note.code != "note.limit":
                assert squeezed(note.text.in_language(language)) in squeezed(seen)


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_unprotected_figures_are_marked():
    warning = samples.note("note.internal").text["nl"]
    for chart in charts.charts(samples.exposed(), samples.catalogue(), "nl").values():
        assert warning in chart.svg.decode()
        assert warning in chart.description


def test_takes_a_publishable_only():
    with pytest.raises(TypeError):
        charts.charts(samples.all_tables(), samples.catalogue(), "nl")


def test_pictures_carry_title_and_description(drawn):
    language, made = drawn
    for chart in made.values():
        root = etree.fromstring(chart.svg)
        assert root[0].tag == SVG + "title"
        assert (root[0].text, root[1].text) == (chart.title, chart.description)
        assert (root.get("role"), root.get("lang")) == ("img", language)
        assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
        chunks = dict(chunk.split(b"\0", 1) for kind, chunk in png_chunks(chart.png) if kind == b"iTXt")
        assert chunks[b"Title"].endswith(b"\0" + chart.title.encode())
        assert chunks[b"Description"].endswith(b"\0" + chart.description.encode())
        assert chart.spec["description"] == chart.description


def png_chunks(png):
    """The chunks of a PNG, their checksums verified."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at = 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        yield kind, body
        at += 12 + length


def test_what_is_no_number_is_no_bar(dutch):
    rows = {row["label"]: row for row in values(dutch["outflow"].spec) if "label" in row}
    assert [label for label, row in rows.items() if row["value"] is not None] == ["Opleidingsstage", "ISS"]
    assert rows["IBO"]["text"] == "nog niet gekend (vanaf 30 juni 2018)"
    assert rows["BIO"]["text"] == "niet mogelijk"
    assert rows["Werkervaringsstages"]["text"] == "x"
    assert len(bars(dutch["outflow"])) == 2
    assert len(bars(dutch["persons"])) == 6


def test_a_rate_stands_with_its_base(dutch):
    seen = dutch["outflow"].svg.decode()
    assert "5.943 aan het werk op een basis van 8.870 trajecten die in de periode eindigden" in seen
    assert "7.183 acties die in de periode startten" in seen


def test_rows_stand_in_the_order_of_the_table(dutch):
    """Also where filters would put rows with a number first."""
    texts = [text.text for text in etree.fromstring(dutch["outflow"].svg).iter(SVG + "text")]
    forms = [text for text in texts if text in {"Activeringsstage", "Opleidingsstage", "BIO", "IBO", "ISS"}]
    assert forms == ["Activeringsstage", "Opleidingsstage", "BIO", "IBO", "ISS"]


def test_units_that_differ_have_another_colour_and_a_legend(dutch):
    fills = [bar.get("fill") for bar in bars(dutch["started"])]
    assert len(set(fills)) == 2
    assert fills.count(fills[3]) == 1
    assert ">goedgekeurde opleidingsplannen<" in dutch["started"].svg.decode()


def test_a_line_is_broken_at_a_break_and_where_there_is_no_number(dutch):
    rows = [row for row in values(dutch["outflow-2"].spec) if "period" in row]
    assert [row["period"] for row in rows] == ["2013", "2014", "2015", "2016", "2017"]
    segments = [row["segment"] for row in rows]
    assert segments[0] != segments[1] == segments[2] == segments[3] != segments[4]
    assert rows[4]["value"] is None
    assert "breuk" in dutch["outflow-2"].svg.decode()
    assert (rows[3]["provisional"], rows[3]["low"], rows[3]["high"]) == (True, 41.0, 86.0)


def test_an_account_steps_down_from_the_entrants_to_those_at_work(dutch):
    rows = [row for row in values(dutch["outflow-account-opleidingsstage"].spec) if "label" in row]
    spans = [(row["begin"], row["end"]) for row in rows]
    assert spans == [
        (0, 8910), (8889, 8910), (8889, 8889), (8889, 8889), (8870, 8889), (0, 8870), (0, 5943), (5943, 8870),
    ]  # fmt: skip


def test_nobody_followed_yet_is_not_nobody_at_work(dutch):
    rows = {row["label"]: row for row in values(dutch["outflow-account-ibo"].spec) if "label" in row}
    assert rows["aan het werk"]["text"].startswith("nog niet gekend")
    assert rows["aan het werk"]["end"] is None
    assert rows["in de cohorte"]["text"] == "7.183"


def test_no_place_of_a_bar_tells_a_hidden_box():
    known = Maturity(100, 5, None, None, 10, 80, 40, 40)
    reach = plot._reaches(known)
    assert reach["not_ended"] == (None, None)
    assert all(begin in (0.0, None) for begin, _ in reach.values())
    assert set(plot._reaches(replace(known, entrants=None)).values()) == {(None, None)}


def test_a_breakdown_without_total_has_a_chart_per_form():
    table = samples.by_age_and_sex()
    figures = tuple(figure for figure in table.figures if figure.instrument)
    made = charts.charts(samples.exposed([replace(table, figures=figures)]), samples.catalogue(), "nl")
    assert list(made) == ["started-by-age-group-sex-ibo", "started-by-age-group-sex-iss"]
    assert made["started-by-age-group-sex-ibo"].title.endswith("volgens leeftijdsgroep: IBO")


def test_a_table_of_very_many_rows_is_no_chart():
    table = samples.by_age_and_sex()
    codes = [str(11000 + number) for number in range(plot.MOST_ROWS + 1)]
    figures = tuple(replace(table.figures[0], by={"municipality": code}) for code in codes)
    many = replace(table, figures=figures, by=("municipality",))
    assert charts.charts(samples.exposed([many]), samples.catalogue(), "nl") == {}
    fewer = replace(many, figures=figures[1:])
    assert len(charts.charts(samples.exposed([fewer]), samples.catalogue(), "nl")) == 1


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_survive_grey_print_and_words_can_be_read():
    """WCAG: 4.5 for text; for fills that mean something else, apart in lightness alone."""
    assert all(contrast(colour, "#FFFFFF") >= 4.5 for colour in (vega._INK, vega._SOFT))
    fills = vega._FILLS
    assert all(contrast(one, other) >= 1.3 for at, one in enumerate(fills) for other in fills[:at])
    assert contrast(vega._DARK, vega._MIDDLE) >= 3


def test_the_same_bytes_in_another_process(tmp_path):
    """No clock, no random id, no order of a set: a rebuild must be equal byte for byte."""
    code = (
        "import hashlib; from tests import samples; from uitstroom.release import charts\n"
        "made = charts.charts(samples.published(), samples.catalogue(), 'nl')\n"
        "print(hashlib.sha256(b''.join(b for c in made.values() for b in charts.files(c).values())).hexdigest())"
    )
    settings = {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", code], env={**settings, **extra}, capture_output=True, check=True).stdout
        for extra in (
            {"PYTHONHASHSEED": "1", "TZ": "UTC"},
            {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "nl_BE"},
        )
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) == 65


def test_a_row_without_any_number_stands_in_words_under_the_picture(dutch):
    table = samples.counts_in_series()
    figures = tuple(replace(figure, value=None, status="not_applicable", reason=table.figures[1].reason)
                    if figure.instrument == "wes" else figure for figure in table.figures)  # fmt: skip
    made = charts.charts(samples.published([replace(table, figures=figures)]), samples.catalogue(), "nl")["started"]
    assert "Zonder cijfer: Werkervaringsstages: niet van toepassing" in made.svg.decode()
    assert {row["period"] for row in values(made.spec)} == {"2015", "2016", "2017"}
    assert len([row for row in values(made.spec) if row.get("period") == "2017"]) == 2


def test_an_unfinished_count_is_not_joined_to_the_line():
    """A line to it would show a fall that is none."""
    whole, rising = plot.Dot("2016", 100, "100"), plot.Dot("2017", 60, "60 (voorlopig)", provisional=True)
    row = plot.Row("IBO", (whole, rising))
    assert [point["segment"] for point in vega._points(row, rate=False)] == [0, 1]
    assert [point["segment"] for point in vega._points(row, rate=True)] == [0, 0]
