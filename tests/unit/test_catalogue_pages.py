"""The pages of the catalogue and of the contract say all that the catalogue says, in either language."""

import datetime
import json

import frictionless
import pytest

from uitstroom.catalogue import Catalogue
from uitstroom.catalogue.format_page import format_page
from uitstroom.catalogue.pages import catalogue_page, instrument_page, listing
from uitstroom.catalogue.schema import NoOutflow
from uitstroom.registers.contract import COLUMNS
from uitstroom.registers.contract_page import contract_page, table_schemas
from uitstroom.text import LANGUAGES

DAY = datetime.date


@pytest.fixture(scope="module")
def vdab() -> Catalogue:
    return Catalogue.load()


def folded(text: str) -> str:
    """Without the capital of a sentence and the sign that a table cannot hold."""
    return text.casefold().replace("&#124;", "|").rstrip(".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_an_instrument_says_every_rule_reason_note_and_source(vdab, language):
    for instrument in vdab.instruments.values():
        page = instrument_page(vdab, instrument, None, language)
        for version in instrument.versions:
            reasons = [version.outflow.reason] if isinstance(version.outflow, NoOutflow) else []
            said = [*reasons, *(rule.message for rule in version.rules), *filter(None, [version.note])]
            assert [one for one in said if folded(one.in_language(language)) not in folded(page)] == []
            assert all(f"- `{rule.source}`: " in page for rule in version.rules)


def test_on_a_day_only_the_version_of_that_day_is_shown(vdab):
    ibo = vdab.instrument("ibo")
    boundary = DAY(2018, 8, 31)
    before = instrument_page(vdab, ibo, boundary, "nl")
    after = instrument_page(vdab, ibo, boundary + datetime.timedelta(days=1), "nl")
    assert "## IBO, 1 oktober 2013 tot en met 31 augustus 2018" in before
    assert "## IBO, 1 september 2018 tot en met 31 december 2025" in after
    assert [page.count("## IBO, ") for page in (before, after)] == [1, 1]


def test_a_day_without_a_version_shows_the_nearest_and_says_so(vdab):
    page = instrument_page(vdab, vdab.instrument("activeringsstage"), DAY(2017, 1, 9), "en")
    assert "No version was valid on 9 January 2017; this is the nearest." in page
    assert "11 April 2017 to 31 December 2022" in page


def test_what_is_not_possible_says_what_is_missing_and_why(vdab):
    page = instrument_page(vdab, vdab.instrument("bio"), DAY(2017, 6, 30), "nl")
    assert "Niet mogelijk, want niet geregistreerd: de persoon, de startdatum en de einddatum." in page
    assert vdab.instrument("bio").versions[0].not_recorded_reason["nl"] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_catalogue_stands_on_one_page(vdab, language):
    page = catalogue_page(vdab, language)
    keys = [*vdab.instruments, *vdab.dimensions, *vdab.work_types, *vdab.end_reasons, *vdab.frames, *vdab.sources]
    keys += [*vdab.indicators.outflow, *vdab.indicators.persons]
    assert [key for key in keys if f"`{key}`" not in page] == []
    assert "{" not in page.replace("[0-9]{5}", "")


def test_the_listing_names_what_can_be_asked(vdab):
    page = listing(vdab, "en")
    keys = [*vdab.instruments, *vdab.indicators.outflow, *vdab.indicators.persons, *vdab.dimensions, *vdab.groups]
    assert [key for key in keys if f"| `{key}` | " not in page] == []


def test_a_table_row_has_as_many_cells_as_its_head(vdab):
    pages = [catalogue_page(vdab, "nl"), listing(vdab, "nl"), contract_page(vdab, "nl"), format_page()]
    for page in pages:
        for block in page.split("\n\n"):
            rows = [line.count("|") for line in block.splitlines() if line.startswith("|")]
            assert len(set(rows)) <= 1, block


def test_the_contract_s_schemas_are_frictionless_and_hold_every_column(vdab):
    schemas = json.loads(table_schemas(vdab))
    for table, columns in COLUMNS.items():
        schema = frictionless.Schema.from_descriptor(schemas[table])
        assert {column.name for column in columns} <= set(schema.field_names)
    action = {field["name"]: field for field in schemas["action"]["fields"]}
    assert action["instrument"]["constraints"]["enum"] == list(vdab.instruments)
    assert action["municipality"]["constraints"] == {"pattern": "[0-9]{5}"}
    assert action["employer_sector"]["description"] == "sector of the employer"


def test_a_column_of_an_instrument_is_said_to_be_its_own(vdab):
    rows = {line.split("`")[1]: line for line in contract_page(vdab, "nl").splitlines() if line.startswith("| `")}
    assert "voor BIO en BIS" in rows["approved_on"]
    assert "BIO" not in rows["person_id"]
