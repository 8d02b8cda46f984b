"""A table is taken in as its files hold it: typed where they are typed, and nothing of it lost."""

from __future__ import annotations

import hashlib
import os

import duckdb
import pytest

from tests.integration.delivering import CATALOGUE, action, deliver, names, spell
from uitstroom.registers import sources
from uitstroom.registers.delivery import read_delivery
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake, prepare
from uitstroom.registers.pseudonyms import Numbers, Texts
from uitstroom.registers.sources import CsvSource


@pytest.fixture
def engine():
    with duckdb.connect() as connection:
        prepare(connection)
        yield connection


class Kept(Fit):
    """The rows of each block that are fit, as they are taken in."""

    def create(self):
        self.blocks = []

    def add(self, number):
        listed = ", ".join(f'"{name}"' for name in names(self.table))
        found = self.connection.execute(f"select record, {listed} from checked where not faulty order by record")
        self.blocks.append(found.fetchall())


def opened(engine, folder, table="action", persons=None):
    """The intake of a delivery, with its files open."""
    fit = Kept(engine, table, CATALOGUE)
    intake = Intake(engine, read_delivery(folder), CATALOGUE, persons or Texts(), folder, fit)
    assert not intake.open()
    return intake


def taken(engine, folder, table="action", persons=None):
    """The fit rows of each block, and the faults."""
    prepare(engine)
    intake = opened(engine, folder, table, persons)
    intake.take(lambda *_: None)
    faults = engine.execute("select record, col, rule from fault order by all").fetchall()
    rows = [row for block in intake.fit.blocks for row in block]
    assert len(rows) + len({fault[0] for fault in faults}) == intake.delivered
    assert list(intake.digests.values()) == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in intake.delivery.paths(table)
    ]
    return intake.fit.blocks, faults


def parquet(engine, folder, table, rows, person="pseudonym", groups=5000, **casts):
    """Deliver a table as Parquet, some columns as something else than text."""
    folder = deliver(folder, {table: rows}, form="parquet", person=person)
    chosen = ", ".join(f"{casts.get(name, name)} as {name}" for name in names(table))
    source = f"read_csv('{folder}/{table}.csv', all_varchar = true)"
    engine.execute(f"copy (select {chosen} from {source}) to '{folder}/{table}.parquet' (row_group_size {groups})")
    return folder


@pytest.mark.parametrize(("casts", "kind"), [
    ({}, "varchar"),
    ({"action_id": "action_id::int"}, "bigint"),
    ({"action_id": "action_id::ubigint"}, "varchar"),
    ({"action_id": "action_id::bigint", "resumes": "null"}, "bigint"),
    ({"action_id": "action_id::bigint", "resumes": "case when action_id = '8' then '7' else '' end"}, "varchar"),
    ({"action_id": "action_id::bigint", "resumes": "case when action_id = '8' then 7 end"}, "bigint"),
])  # fmt: skip
def test_keys_are_integers_where_the_file_can_hold_nothing_else(engine, tmp_path, casts, kind):
    folder = parquet(engine, tmp_path / "in", "action", [action("7"), action("8")], **casts)
    assert opened(engine, folder).key_type == kind


def test_keys_of_csv_are_texts_and_one_such_file_makes_them_so(engine, tmp_path):
    folder = parquet(engine, tmp_path / "in", "spell", [spell("7")], spell_id="spell_id::bigint")
    assert opened(engine, folder, "spell").key_type == "bigint"
    manifest = folder / "delivery.toml"
    manifest.write_text(manifest.read_text().replace('"spell.parquet"', '"spell.parquet", "spell.csv"'))
    assert opened(engine, folder, "spell").key_type == "varchar"


TYPED = {
    "action_id": "action_id::int", "person_id": "person_id::bigint", "linked": "linked::boolean",
    "planned_days": "planned_days::bigint", "employer_id": "ltrim(employer_id, 'E')::int",
    **{name: f"{name}::date" for name in ("start_date", "planned_end_date", "end_date", "approved_on", "birth_date")},
}  # fmt: skip
ROWS = [
    action("1"), action("2", linked="false", person_id="-7", birth_date="1990-02-28"),
    action("3", end_date="2016-12-31"), action("4", start_date=""), action("5", instrument="?"),
    action("6", instrument="bio", start_date="", approved_on="2017-01-05", planned_days="90", end_date="",
           end_reason="", sex="F", employer_id=""),
    action("7", instrument="bio", approved_on="2017-01-05", planned_days="1234567890", linked=""),
    action("8", end_date="1700-01-01"),
]  # fmt: skip


def test_typed_values_have_the_outcome_that_their_texts_have(engine, tmp_path):
    rows = [{**row, "employer_id": str(row["employer_id"]).strip("E")} for row in ROWS]
    text, text_faults = taken(engine, deliver(tmp_path / "text", {"action": rows}))
    typed, typed_faults = taken(engine, parquet(engine, tmp_path / "typed", "action", rows, **TYPED))
    assert [(row[0], str(row[1]), *row[2:]) for row in text[0]] == [(row[0], str(row[1]), *row[2:]) for row in typed[0]]
    assert text_faults == typed_faults
    assert {fault[2] for fault in typed_faults} == {
        "end_before_start", "missing", "unknown_code", "not_a_whole_number", "impossible_day",
    }  # fmt: skip
    assert isinstance(typed[0][0][1], int)


def test_an_integer_is_a_national_number_that_lost_its_zeros_and_never_a_piece_of_a_longer_one(engine, tmp_path):
    persons = ["85073003328", "1410100183", "850730033281", "-85073003328", ""]
    rows = [spell(str(number), person_id=person) for number, person in enumerate(persons)]
    key = Numbers(b"0123456789abcdef")
    blocks, faults = taken(
        engine, parquet(engine, tmp_path / "in", "spell", rows, "insz", person_id="person_id::bigint"), "spell", key
    )
    assert [row[2] for row in blocks[0]] == key.of([85073003328, 1410100183]).tolist()
    assert faults == [
        (2, "person_id", "not_a_person_number"), (3, "person_id", "not_a_person_number"),
        (4, "person_id", "without_person"),
    ]  # fmt: skip


@pytest.mark.parametrize(("groups", "most", "sizes"), [
    (2048, 5000, [4096, 4096, 1808]), (2048, 2048, [2048] * 4 + [1808]), (100_000, 4000, [4000, 4000, 2000]),
])  # fmt: skip
def test_a_parquet_file_is_taken_in_runs_of_row_groups(engine, tmp_path, monkeypatch, groups, most, sizes):
    monkeypatch.setattr(sources, "ROWS", most)
    rows = [spell(str(number)) for number in range(10_000)]
    blocks, _ = taken(engine, parquet(engine, tmp_path / "in", "spell", rows, groups=groups), "spell")
    assert [len(block) for block in blocks] == sizes
    assert [row[:2] for block in blocks for row in block] == [(number, str(number)) for number in range(10_000)]


def test_a_parquet_file_that_changes_while_it_is_read_has_no_digest(engine, tmp_path):
    folder = parquet(engine, tmp_path / "in", "spell", [spell("1")])
    intake = opened(engine, folder, "spell")
    intake.fit.add = lambda _: os.utime(folder / "spell.parquet", (1, 1))
    intake.take(lambda *_: None)
    assert intake.digests == {"spell.parquet": ""}


@pytest.mark.parametrize("batch", [1, 20_000, 1 << 25])
def test_records_of_csv_keep_their_place_whatever_is_read_ahead(engine, tmp_path, monkeypatch, batch):
    folder = deliver(tmp_path / "in", {"spell": [spell(str(number), employer_id="E") for number in range(20_000)]})
    lines = (folder / "spell.csv").read_text().splitlines(keepends=True)
    lines[501] = "too,few\n"
    lines[9_001] = '9000,1,"E,OTH\n'
    lines[19_001] = lines[19_001].replace("OTH", "?")
    (folder / "spell.csv").write_text("".join(lines))
    monkeypatch.setattr(sources, "BATCH", batch)
    opening = CsvSource.__init__

    def in_small_blocks(self, *given):
        opening(self, *given)
        self.file.block = 1500
        object.__setattr__(self.file.form, "longest", 1000)

    monkeypatch.setattr(CsvSource, "__init__", in_small_blocks)
    monkeypatch.setattr(CsvSource, "_rows", lambda self, path, first: _long_lines(ROWS_OF(self, path, first)))
    blocks, faults = taken(engine, folder, "spell")
    expected = [(number, str(number)) for number in range(20_000) if number not in (500, 9_000, 19_000)]
    assert [row[:2] for block in blocks for row in block] == expected
    assert [(record, rule) for record, _, rule in faults] == [
        (500, "too_few_columns"), (9_000, "open_quote"), (19_000, "unknown_code"),
    ]  # fmt: skip


ROWS_OF = CsvSource._rows


def _long_lines(rows):
    """The engine's buffers are of the usual size, however small the blocks."""
    return rows.replace("max_line_size = 4000, buffer_size = 16000", "max_line_size = 1000000, buffer_size = 4000000")
