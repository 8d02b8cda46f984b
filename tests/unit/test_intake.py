"""A table is taken in as its files hold it: typed where they are typed, and nothing of it lost."""

from __future__ import annotations

import duckdb
import pytest

from tests.integration.delivering import CATALOGUE, action, deliver, names, spell
from uitstroom.registers.delivery import read_delivery
from uitstroom.registers.fit import Fit
from uitstroom.registers.intake import Intake, prepare
from uitstroom.registers.pseudonyms import Texts


@pytest.fixture
def engine():
    with duckdb.connect() as connection:
        prepare(connection)
        yield connection


def opened(engine, folder, table="action"):
    """The intake of a delivery, with its files open."""
    fit = Fit(engine, table, CATALOGUE)
    intake = Intake(engine, read_delivery(folder), CATALOGUE, Texts(), folder, fit)
    assert not intake.open()
    return intake


def parquet(engine, folder, table, rows, **casts):
    """Turn the CSV file of a table into Parquet, some columns as something else than text."""
    folder = deliver(folder, {table: rows}, form="parquet")
    chosen = ", ".join(f"{casts.get(name, name)} as {name}" for name in names(table))
    source = f"read_csv('{folder}/{table}.csv', all_varchar = true)"
    engine.execute(f"copy (select {chosen} from {source}) to '{folder}/{table}.parquet'")
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
