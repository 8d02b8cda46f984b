"""Every format says the same, every time, in the house's own style, and readable for everyone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import odfdo
import pdfua
import pypdf
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Inches
from hypothesis import given
from hypothesis import strategies as some
from openxml_audit import OdfValidator, OpenXmlValidator

from tests import letters, readers
from uitstroom.errors import UitstroomError
from uitstroom.release import fonts
from uitstroom.release.blocks import Grid, Paragraph
from uitstroom.release.documents import WRITERS, Style, page

FORMATS = sorted(WRITERS)
ROOT = Path(__file__).parents[2]
GRIDS = [block for block in letters.BLOCKS if isinstance(block, Grid)]
INTERNAL = "Niet beveiligd: alleen voor intern gebruik, niet verspreiden"
SYNTHETIC = "Verzonnen gegevens: geen cijfers over echte personen"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {extension: letters.written(extension) for extension in FORMATS}


@pytest.mark.parametrize("extension", FORMATS)
def test_every_text_of_every_block_is_there_in_order(extension: str, files: dict[str, bytes]) -> None:
    text = letters.squeezed(readers.text_of(extension, files[extension]))
    at = 0
    for said in map(letters.squeezed, letters.said()):
        assert said in text[at:], said
        at = text.index(said, at)


@pytest.mark.parametrize("extension", FORMATS)
def test_every_cell_is_in_its_row_and_column(extension: str, files: dict[str, bytes]) -> None:
    expected = [[[one.stub, *one.columns], *([row.label, *row.cells] for row in one.rows)] for one in GRIDS]
    found = [
        [[cell.strip() for cell in row] for row in table] for table in readers.tables_of(extension, files[extension])
    ]
    assert _squeezed(found) == _squeezed(expected)


def _squeezed(tables: readers.Tables) -> readers.Tables:
    return [[[letters.squeezed(cell) for cell in row] for row in table] for table in tables]


def test_the_same_input_gives_the_same_bytes_in_another_process_at_another_time() -> None:
    here = letters.digests()
    time.sleep(2.1)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONPATH": f"{ROOT}/src"}
    run = [sys.executable, "-m", "tests.letters"]
    there = subprocess.run(run, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert json.loads(there) == here


@pytest.mark.parametrize("extension", FORMATS)
def test_what_is_unprotected_or_invented_says_so_on_every_page(extension: str) -> None:
    plain, marked = (letters.written(extension, internal=flag, synthetic=flag) for flag in (False, True))
    for mark in (INTERNAL, SYNTHETIC):
        assert all(mark in page for page in _margins(extension, marked))
        assert not any(mark in page for page in _margins(extension, plain))
        assert mark in readers.text_of(extension, marked), "said to those who hear only the text"


def _margins(extension: str, content: bytes) -> list[str]:
    if extension == "docx":
        return [readers.part(content, "word/header.xml")]
    if extension == "odt":
        return [readers.part(content, "styles.xml")]
    if extension == "pdf":
        return readers.page_texts(content)
    head, _, body = content.decode().partition("<main>")
    return [head.split("</style>")[0].replace("\\a ", "\n"), body and head.split("<body>")[1]]


def test_a_warning_of_the_letter_itself_is_not_said_twice() -> None:
    own = replace(letters.document(internal=True), blocks=(*letters.BLOCKS, Paragraph("Opgelet.", "warning")))
    text = readers.text_of("html", WRITERS["html"](own, Style.load(), letters.PICTURES))
    assert "Opgelet." in text
    assert INTERNAL not in text


# What each format says of itself


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-BE"), ("en", "en-GB")])
def test_title_author_language_and_the_given_clock_stand_in_the_file(language: str, tag: str) -> None:
    made = {key: letters.written(key, language=language) for key in FORMATS}  # type: ignore[arg-type]
    whole = letters.document()
    properties = docx.Document(BytesIO(made["docx"])).core_properties
    assert (properties.title, properties.author, properties.language) == (whole.title, whole.author, tag)
    assert properties.created == properties.modified == page.moment(whole)
    meta = odfdo.Document(BytesIO(made["odt"])).meta
    assert (meta.title, meta.creator, meta.language, meta.date.date()) == (
        whole.title, whole.author, tag, page.moment(whole).date(),
    )  # fmt: skip
    reader = pypdf.PdfReader(BytesIO(made["pdf"]))
    assert reader.metadata
    assert (reader.metadata.title, reader.metadata.author) == (whole.title, whole.author)
    assert reader.metadata.creation_date == page.moment(whole)
    assert reader.trailer["/Root"]["/Lang"] == tag  # type: ignore[index]
    html = made["html"].decode()
    assert f'<html lang="{tag}">' in html
    assert f"<title>{whole.title}</title>" in html


def test_the_languages_of_words_and_styles_are_the_documents() -> None:
    english = letters.written("docx", language="en")  # type: ignore[arg-type]
    assert 'w:val="en-GB"' in readers.part(english, "word/styles.xml")
    assert "nl-BE" not in readers.part(english, "word/styles.xml")
    assert "page " in readers.part(english, "word/footer.xml")
    styles = readers.part(letters.written("odt", language="en"), "styles.xml")  # type: ignore[arg-type]
    assert 'fo:language="en"' in styles
    assert 'fo:language="nl"' not in styles


def test_the_pdf_is_tagged_for_everyone_and_carries_its_fonts(files: dict[str, bytes]) -> None:
    reader = pypdf.PdfReader(BytesIO(files["pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()  # type: ignore[index]
    tags = readers.root_of(reader)
    assert len(readers.tagged(tags, "H1")) == 1
    assert len(readers.tagged(tags, "H2")) == 1
    assert [one["/Alt"] for one in readers.tagged(tags, "Figure")] == [letters.CHART.description]
    assert len(readers.tagged(tags, "TH")) == sum(1 + len(one.columns) for one in GRIDS)
    assert {tuple(page.mediabox[2:]) for page in reader.pages} == {(595, 842)} or _is_a4(reader)
    assert _fonts(reader)
    assert all("SourceSansPro" in font for font in _fonts(reader))


def _is_a4(reader: pypdf.PdfReader) -> bool:
    return all(abs(page.mediabox.width - 595.28) < 0.1 and abs(page.mediabox.height - 841.89) < 0.1
               for page in reader.pages)  # fmt: skip


def _fonts(reader: pypdf.PdfReader) -> set[str]:
    """The names of all fonts; a font without its file is a failure."""
    names = set()
    for sheet in reader.pages:
        for font in sheet["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert inner.keys() & {"/FontFile2", "/FontFile3"}
            names.add(inner["/FontName"])
    return names


def test_a_judge_of_pdf_ua_finds_nothing(files: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(files["pdf"])
    assert not pdfua.validate(tmp_path / "letter.pdf").findings


@pytest.mark.parametrize("flags", [{}, {"internal": True, "synthetic": True}])
def test_a_judge_of_office_files_finds_nothing(flags: dict[str, bool], tmp_path: Path) -> None:
    for extension in ("docx", "odt"):
        (tmp_path / f"letter.{extension}").write_bytes(letters.written(extension, **flags))
    assert not OpenXmlValidator().validate(tmp_path / "letter.docx").errors
    assert not OdfValidator().validate(tmp_path / "letter.odt").errors


def test_tables_and_pictures_can_be_heard(files: dict[str, bytes]) -> None:
    word = docx.Document(BytesIO(files["docx"]))
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [one.get("descr") for one in word.element.body.iter(qn("wp:docPr"))] == [letters.CHART.description]
    text = odfdo.Document(BytesIO(files["odt"])).body
    assert len(text.xpath("//table:table/table:table-header-rows/table:table-row")) == len(GRIDS)
    assert [str(one) for one in text.xpath("//draw:frame/svg:desc/text()")] == [letters.CHART.description]
    html = files["html"].decode()
    assert html.count('scope="row"') == sum(len(one.rows) for one in GRIDS)
    assert "<script" not in html


def test_headings_have_their_level_and_lists_start_again(files: dict[str, bytes]) -> None:
    paragraphs = docx.Document(BytesIO(files["docx"])).paragraphs
    assert [one.style.name for one in paragraphs if one.style.name.startswith("Heading")] == [
        "Heading 1", "Heading 2", "Heading 3",
    ]  # fmt: skip
    numbers = [one._p.pPr.numPr.numId.val for one in paragraphs if one.style.name == "List Number"]
    assert len(set(numbers)) == 2
    numbering = docx.Document(BytesIO(files["docx"])).part.numbering_part.element
    for number in set(numbers):
        start = numbering.num_having_numId(number).find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
        assert start.get(qn("w:val")) == "1"
    assert [one.tag for one in _lists(files["html"])] == ["ol", "ul", "ol"]


def _lists(page: bytes) -> list[object]:
    from lxml import html

    return list(html.fromstring(page).iter("ol", "ul"))


def test_numbers_stand_right_and_the_total_is_bold(files: dict[str, bytes]) -> None:
    table = docx.Document(BytesIO(files["docx"])).tables[0]
    assert table.cell(1, 1).paragraphs[0].style.name == "Table Number"
    assert table.cell(3, 0).paragraphs[0].style.name == "Table Part"
    assert [cell.paragraphs[0].runs[0].style.name for cell in table.rows[-1].cells] == ["Total", "Total"]


def test_a_tall_picture_stays_on_its_page() -> None:
    tall = {"gestart.png": letters.png(40, 160)}
    made = {key: WRITERS[key](letters.document(), Style.load(), tall) for key in ("docx", "odt", "pdf")}
    shape = docx.Document(BytesIO(made["docx"])).inline_shapes[0]
    assert shape.height <= Cm(19)
    assert shape.height == pytest.approx(4 * shape.width, rel=0.01)
    frame = odfdo.Document(BytesIO(made["odt"])).body.frames[0]
    assert [frame.width, frame.height] == ["4.75cm", "19.00cm"]
    tags = readers.root_of(pypdf.PdfReader(BytesIO(made["pdf"])))
    assert [one["/Alt"] for one in readers.tagged(tags, "Figure")] == [letters.CHART.description]


# House style


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    return folder


def test_a_style_that_is_written_out_and_loaded_again_changes_nothing(house: Path) -> None:
    Style.load().write(house)
    style = Style.load(house)
    assert style.fingerprint == Style.load().fingerprint
    assert {key: letters.written(key, style) for key in FORMATS} == {key: letters.written(key) for key in FORMATS}
    with pytest.raises(UitstroomError, match="already there"):
        style.write(house)


def test_a_reference_docx_without_our_styles_gives_its_fonts_margins_and_header(house: Path, tmp_path: Path) -> None:
    """As an office program saves it: places cut over runs, no style or list of ours, text that must go."""
    reference = docx.Document()
    reference.add_paragraph("Modeltekst die weg moet")
    reference.styles["Normal"].font.name = "Georgia"
    section = reference.sections[0]
    section.left_margin = Inches(2)
    paragraph = section.header.paragraphs[0]
    for run in ("Kabinet {sub", "ject", "}"):
        paragraph.add_run(run)
    for name in ("List Number", "Caption"):
        reference.styles[name].delete()
    reference.save(str(house / "reference.docx"))
    made = letters.written("docx", Style.load(house), internal=True)
    word = docx.Document(BytesIO(made))
    assert word.styles["Normal"].font.name == "Georgia"
    assert word.sections[0].left_margin == Inches(2)
    assert [one.text for one in word.sections[0].header.paragraphs] == [
        INTERNAL, "Kabinet Antwoord op schriftelijke vraag nr. 115",
    ]  # fmt: skip
    text = readers.text_of("docx", made)
    assert "Modeltekst" not in text
    assert readers.tables_of("docx", made) == readers.tables_of("docx", letters.written("docx"))
    (tmp_path / "letter.docx").write_bytes(made)
    ours = [one for one in OpenXmlValidator().validate(tmp_path / "letter.docx").errors if "numbering" in one.part_uri]
    assert not ours


def test_a_reference_docx_with_names_of_another_language_keeps_its_styles_whole(house: Path) -> None:
    """A Dutch Word calls the style of Normal `Standaard` inside the file; what is added must be based on that."""
    parts = _parts(Style.load().docx)
    styles = parts["word/styles.xml"].decode().replace('"Normal"/>', '"Standaard"/>', 0)
    styles = styles.replace('w:styleId="Normal"', 'w:styleId="Standaard"').replace(
        '<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="Standaard"/>'
    )
    start = styles.index('  <w:style w:type="paragraph" w:customStyle="1" w:styleId="Question">')
    end = styles.index("</w:style>", start) + len("</w:style>")
    _pack(house / "reference.docx", {**parts, "word/styles.xml": (styles[:start] + styles[end:]).encode()})
    word = docx.Document(BytesIO(letters.written("docx", Style.load(house))))
    assert word.styles["Question"].base_style.style_id == "Standaard"


def test_a_reference_odt_without_our_styles_gives_its_page(house: Path) -> None:
    reference = odfdo.Document("text")
    reference.body.append(odfdo.Paragraph("Modeltekst die weg moet"))
    reference.save(str(house / "reference.odt"))
    made = letters.written("odt", Style.load(house), internal=True)
    assert "Modeltekst" not in readers.text_of("odt", made)
    assert INTERNAL in readers.part(made, "styles.xml")
    assert readers.tables_of("odt", made) == readers.tables_of("odt", letters.written("odt"))


def test_words_are_replaced_in_all_formats(house: Path) -> None:
    (house / "texts.toml").write_text('["document.internal"]\nnl = "GEHEIM"\n[document.page]\nnl = "blz."\n')
    style = Style.load(house)
    for extension in FORMATS:
        margins = _margins(extension, letters.written(extension, style, internal=True))
        assert all("GEHEIM" in one and INTERNAL not in one for one in margins)
    assert "blz. 1 van" in readers.page_texts(letters.written("pdf", style))[0]


def test_fonts_and_measures_of_the_pdf_are_the_houses(house: Path) -> None:
    settings = Style.load().typst.replace('#let font = "Source Sans Pro"', '#let font = "Libertinus Serif"')
    (house / "letter.typ").write_text(
        settings.replace("letterhead = none", 'letterhead = image("assets/a.png", alt: "L")')
    )
    (house / "assets").mkdir()
    (house / "assets" / "a.png").write_bytes(letters.png())
    reader = pypdf.PdfReader(BytesIO(letters.written("pdf", Style.load(house))))
    assert all("LibertinusSerif" in font for font in _fonts(reader))
    assert next(one["/Alt"] for one in readers.tagged(readers.root_of(reader), "Figure")) == "L"


def test_a_house_that_prints_the_day_prints_the_given_one(house: Path) -> None:
    (house / "letter.typ").write_text(
        Style.load().typst.replace("[#words.day #h(1fr)", "[#datetime.today().display() #h(1fr)")
    )
    text = readers.page_texts(letters.written("pdf", Style.load(house)))[0]
    assert page.moment(letters.document()).date().isoformat() in text


def test_the_words_of_a_catalogue_are_replaced_only_where_they_fit(house: Path) -> None:
    from tests.samples import catalogue

    words = catalogue().words
    (house / "texts.toml").write_text('["letter.answer"]\nnl = "ANTWOORD VAN DE MINISTER"\n')
    reworded = Style.load(house).reworded(words)
    assert reworded["letter.answer"]["nl"] == "ANTWOORD VAN DE MINISTER"
    assert reworded["letter.answer"]["en"] == words["letter.answer"]["en"]
    assert {key for key in words if words[key] != reworded[key]} == {"letter.answer"}
    (house / "texts.toml").write_text(
        '["leter.answer"]\nnl = "x"\n["letter.answer"]\nnl = "op {vraag}"\n["document.internal"]\nen = "x {y}"\n'
    )
    with pytest.raises(UitstroomError) as error:
        Style.load(house).reworded(words)
    assert [one.where for one in error.value.problems] == [
        "texts.toml, leter.answer", "texts.toml, letter.answer.nl", "texts.toml, document.internal.en",
    ]  # fmt: skip
    assert error.value.problems[0].todo == "did you mean letter.answer?"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("reference.docx", b"no zip", "is no DOCX document"),
        ("reference.docx", letters.written("odt"), "is no DOCX document"),
        ("reference.docx", letters.written("docx")[:5000], "is no DOCX document"),
        ("reference.odt", b"no zip", "is no ODT document"),
        ("reference.odt", letters.written("docx"), "is no ODT document"),
        ("letter.css", b" \n", "is empty"),
        ("letter.css", b"body { background: url(https://x.y/z.png) }", "fetches something"),
        ("letter.css", b"@import 'other.css';", "fetches something"),
        ("letter.css", b"</style><script>", "holds an HTML tag"),
        ("letter.css", b"\xff\xfe", "is not written in UTF-8"),
        ("letter.typ", b'#import "@preview/x:1.0.0"', "imports a package"),
        ("texts.toml", b"[x\n", "is no TOML"),
        ("texts.toml", b'["x.y"]\nnl = 3\n', "is empty or no text"),
        ("texts.toml", b'["x.y"]\nnl = "{"\n', "has a brace without its other half"),
        ("texts.toml", b'x = "y"\n', "is no text"),
        ("letter.dotx", b"", "is no file of a house style"),
    ],
)
def test_a_style_file_that_cannot_be_used_is_refused_with_its_name(
    name: str, content: bytes, what: str, house: Path
) -> None:
    (house / name).write_bytes(content)
    (house / "letter.txt").write_text("")
    with pytest.raises(UitstroomError, match=what) as error:
        Style.load(house)
    assert {one.where.split(",")[0] for one in error.value.problems if one.where} == {name, "letter.txt"}
    assert all(one.todo for one in error.value.problems)


@pytest.mark.parametrize("settings", [b"#let font = ", b'#let font = "Nowhere"', b"#panic()"])
def test_settings_that_do_not_compile_are_refused_with_what_typst_says(settings: bytes, house: Path) -> None:
    (house / "letter.typ").write_bytes(settings)
    with pytest.raises(UitstroomError, match=r"letter\.typ: typst cannot set the PDF"):
        letters.written("pdf", Style.load(house))


def test_a_style_that_is_no_folder_and_a_picture_that_is_not_drawn_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UitstroomError, match="no folder"):
        Style.load(tmp_path / "nowhere")
    for write in WRITERS.values():
        with pytest.raises(UitstroomError, match=r"gestart\.png: the picture is missing"):
            write(letters.document(), Style.load(), {})


# Particulars


@given(some.lists(some.text("ab{}su", max_size=6), max_size=6))
def test_filling_in_changes_places_only(texts: list[str]) -> None:
    filled = page.filled(texts, {"sub": "SUB", "a": "A"})
    assert len(filled) == len(texts)
    assert "".join(filled) == "".join(texts).replace("{sub}", "SUB").replace("{a}", "A")


@given(some.text("ht tps:/.x)", max_size=40))
def test_the_runs_of_a_text_are_the_text(text: str) -> None:
    assert "".join(span.text for span in page.spans(text)) == text


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.caption)
def test_the_columns_share_the_width_and_numbers_get_what_they_need(grid: Grid) -> None:
    widths = page.widths(grid)
    assert sum(widths) == pytest.approx(1)
    assert len(widths) == 1 + len(grid.columns)
    letters_across = 100 / page.scale(grid)
    for column in range(len(grid.columns)):
        if page.is_numeric(grid, column):
            longest = max(len(row.cells[column]) for row in grid.rows)
            assert widths[column + 1] * letters_across >= longest + 1.5, "with what keeps columns apart"


def _parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _pack(file: Path, parts: dict[str, bytes]) -> None:
    with ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


# Letters of the same font everywhere


def test_the_same_font_lies_in_every_format(files: dict[str, bytes]) -> None:
    whole = fonts.face("Regular")
    with ZipFile(BytesIO(files["docx"])) as package:
        hidden = package.read("word/fonts/Regular.odttf")
    mask = bytes.fromhex(fonts.key("Regular").strip("{}").replace("-", ""))[::-1]
    assert bytes(byte ^ mask[place % 16] for place, byte in enumerate(hidden[:32])) + hidden[32:] == whole
    with ZipFile(BytesIO(files["odt"])) as package:
        assert package.read("Fonts/SourceSansPro-Regular.ttf") == whole
    assert files["html"].decode().count("@font-face{font-family:'Source Sans Pro'") == 3
    faces = {str(font) for one in pypdf.PdfReader(BytesIO(files["pdf"])).pages for font in _fonts_of(one)}
    assert faces
    assert all("SourceSansPro" in name for name in faces)


def _fonts_of(one: pypdf.PageObject) -> list[str]:
    resources = one["/Resources"].get_object()
    return [font.get_object()["/BaseFont"] for font in resources.get("/Font", {}).values()]  # type: ignore[union-attr]
