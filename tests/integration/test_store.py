"""The store keeps its shape: partitions of persons, pieces, deltas, and keys of one type."""

from __future__ import annotations

import dataclasses
import datetime
import itertools

import duckdb
import pytest

from tests.integration.delivering import (
    CATALOGUE,
    action,
    deliver,
    faults,
    load,
    manifest,
    spell,
    stored,
    write,
)
from uitstroom.errors import UitstroomError
from uitstroom.registers import Store, standing

FILES = 3


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def small(monkeypatch):
    """Partitions of ten spells, a piece per file, and deltas until they are as many as the rows."""
    monkeypatch.setattr("uitstroom.registers.sizing.ROWS_PER_PARTITION", 10)
    monkeypatch.setattr("uitstroom.registers.pieces.GATHERED", 1)
    monkeypatch.setattr("uitstroom.registers.changing.DELTA_SHARE", 1)


def in_files(folder, rows, **said):
    """A full delivery with one action whose spells are in several files."""
    deliver(folder, {"action": [action("A")], "spell": []}, **said)
    names = []
    for number, some in enumerate(rows):
        names.append(f"spell-{number}.csv")
        write(folder / names[-1], "spell", some)
    text = manifest(["action", "spell"], **said).replace('["spell.csv"]', str(names).replace("'", '"'))
    (folder / "delivery.toml").write_text(text)
    return folder


def many(first, last, **values):
    return [spell(f"S{number:02}", person_id=number, **values) for number in range(first, last)]


def bases(snapshot, table="spell"):
    return [len(part.base) for part in snapshot.parts(table)]


def deltas(snapshot, table="spell"):
    return [len(part.deltas) for part in snapshot.parts(table)]


def test_a_partition_is_a_list_of_files_each_sorted_by_person(store, tmp_path, small):
    snapshot = load(store, in_files(tmp_path / "in", [many(0, 15), many(15, 25), many(25, 40)])).snapshot
    assert bases(snapshot) == [3, 3, 3, 3]
    with duckdb.connect() as connection:
        for number, part in enumerate(snapshot.parts("spell")):
            for path in part.base:
                found = connection.execute("select person_id from read_parquet($1)", [str(path)]).fetchall()
                assert found == sorted(found)
                assert {person % 4 for (person,) in found} == {number}


def test_duplicates_are_found_across_files_pieces_and_partitions(store, tmp_path, small):
    again = spell("S03", person_id=3)
    rows = [
        [*many(0, 12), spell("D", person_id=1), again],
        [*many(20, 30), spell("D", person_id=2), again, spell("F", work_type="?")],
        [again, spell("F"), *many(30, 40), spell("S30", person_id=30), spell("", person_id=1)],
    ]
    report = load(store, in_files(tmp_path / "in", rows))
    assert set(stored(report.snapshot, "spell")) == {row["spell_id"] for row in [*many(0, 12), *many(20, 40)]}
    assert faults(report) == {
        ("spell-0.csv", 14, "spell_id", "different_duplicate"), ("spell-0.csv", 15, "spell_id", "duplicate"),
        ("spell-1.csv", 12, "spell_id", "different_duplicate"), ("spell-1.csv", 13, "spell_id", "duplicate"),
        ("spell-1.csv", 14, "work_type", "unknown_code"), ("spell-2.csv", 2, "spell_id", "duplicate"),
        ("spell-2.csv", 3, "spell_id", "different_duplicate"), ("spell-2.csv", 14, "spell_id", "duplicate"),
        ("spell-2.csv", 15, "spell_id", "missing"),
    }  # fmt: skip
    report.snapshot.verify()


def test_changes_are_deltas_until_they_are_too_many(store, tmp_path, small):
    first = load(store, in_files(tmp_path / "in", [many(0, 40)])).snapshot
    moved = [spell("S01", person_id=3), {**spell("S04", person_id=4), "operation": "delete"}]
    second = load(store, deliver(tmp_path / "b", {"spell": moved}, kind="changes")).snapshot
    assert deltas(second) == [1, 1, 0, 1]
    assert second.parts("action") == first.parts("action")
    assert stored(second, "spell")["S01"]["person_id"] == 3
    assert second.rows["spell"] == 39
    with duckdb.connect() as connection:
        rows = [
            connection.execute("select spell_id, person_id, removed from read_parquet($1)", [str(path)]).fetchall()
            for part in second.parts("spell") for path in part.deltas
        ]  # fmt: skip
    assert rows == [[("S04", 4, True)], [("S01", 1, True)], [("S01", 3, False)]]
    third = load(store, deliver(tmp_path / "c", {"spell": many(0, 40, employer_id="E2")[::4]}, kind="changes")).snapshot
    assert deltas(third) == [0, 1, 0, 1]
    assert third.touched_since(first) is None
    assert [len(files) for files in second.touched_since(first)] == [1, 1, 0, 1]
    assert stored(third, "spell")["S04"]["employer_id"] == "E2"


def test_a_row_that_stands_in_a_chain_that_changes_is_in_the_delta_too(store, tmp_path, small):
    rows = [action(f"A{number}", person_id=number) for number in range(10)]
    first = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]})).snapshot
    more = {"action": [action("B", person_id=4, resumes="A4")]}
    second = load(store, deliver(tmp_path / "b", more, kind="changes")).snapshot
    found = stored(second, "action")
    assert [(found[key]["chain_id"], found[key]["part"], found[key]["parts"]) for key in ("A4", "B", "A5")] == [
        ("A4", 1, 2), ("A4", 2, 2), ("A5", 1, 1),
    ]  # fmt: skip
    assert sum(part.deltas != () for part in second.parts("action")) == 1
    assert second.touched_since(first) is not None


def integers(folder, keys, kind):
    """A delivery in Parquet whose keys are integers."""
    rows = {"action": [action(key, person_id=key) for key in keys], "spell": [spell(key) for key in keys]}
    deliver(folder, rows, kind=kind, form="parquet")
    with duckdb.connect() as connection:
        for table, chosen in (("action", "action_id::bigint as action_id, null::bigint as resumes"),
                              ("spell", "spell_id::bigint as spell_id")):  # fmt: skip
            rows = f"select * replace ({chosen}) from read_csv('{folder}/{table}.csv', all_varchar = true)"
            connection.execute(f"copy ({rows}) to '{folder}/{table}.parquet'")
    return folder


def test_keys_stay_integers_until_one_comes_that_is_none(store, tmp_path, small):
    first = load(store, integers(tmp_path / "a", [1, 2, 3], "full")).snapshot
    assert first.key_types == {"action": "bigint", "spell": "bigint"}
    again = load(store, integers(tmp_path / "b", [3, 4], "changes")).snapshot
    assert set(stored(again, "action")) == {1, 2, 3, 4}
    texts = {"action": [action("5", resumes="4", person_id=4), action("x"), action("1", person_id=1, employer_id="E2")]}
    mixed = load(store, deliver(tmp_path / "c", texts, kind="changes")).snapshot
    assert mixed.key_types == {"action": "varchar", "spell": "bigint"}
    assert mixed.touched_since(again) is None
    assert set(stored(mixed, "action")) == {"1", "2", "3", "4", "5", "x"}
    assert stored(mixed, "action")["5"]["chain_id"] == "4"
    later = load(store, integers(tmp_path / "d", [2, 9], "changes")).snapshot
    assert later.key_types == {"action": "varchar", "spell": "bigint"}
    assert set(stored(later, "action")) == {"1", "2", "3", "4", "5", "9", "x"}
    whole = load(store, integers(tmp_path / "e", [1, 2, 3, 4, 9], "full"), accept_removals=True)
    assert whole.vanished == {"action": 2, "spell": 0}
    assert whole.snapshot.key_types == {"action": "bigint", "spell": "bigint"}


def test_a_column_that_the_catalogue_gains_is_in_every_file(store, tmp_path, small):
    fewer = dataclasses.replace(
        CATALOGUE,
        dimensions={code: one for code, one in CATALOGUE.dimensions.items() if one.column != "employer_sector"},
    )
    rows = [action(f"A{number}", person_id=number) for number in range(10)]
    Store(store).load(deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}), fewer)
    snapshot = load(store, deliver(tmp_path / "b", {"action": [action("B")]}, kind="changes")).snapshot
    with duckdb.connect() as connection:
        for path in itertools.chain(*(part.base for part in snapshot.parts("action"))):
            described = connection.execute("describe from read_parquet($1)", [str(path)]).fetchall()
            assert "employer_sector" in {row[0] for row in described}
    assert len(stored(snapshot, "action")) == 11


def test_a_damaged_file_is_not_written_anew_as_if_it_were_whole(store, tmp_path, small):
    first = load(store, in_files(tmp_path / "a", [many(0, 8)])).snapshot
    path = first.parts("spell")[0].base[0]
    content = path.read_bytes()
    path.write_bytes(content[:20] + bytes([content[20] ^ 1]) + content[21:])
    with pytest.raises(UitstroomError, match=r"damaged|could not go on"):
        load(store, deliver(tmp_path / "b", {"spell": many(0, 8, employer_id="E2")}, kind="changes"))
    assert len(Store(store).snapshots()) == 1


def test_the_newest_row_of_a_key_stands_over_several_deltas():
    rows = {
        "base": "(1, 10), (2, 20), (3, 30), (4, 40)",
        "first": "(1, 11, false), (2, null, true), (5, 50, false)",
        "second": "(2, 22, false), (1, null, true), (3, 30, true), (3, 31, false)",
    }
    with duckdb.connect() as connection:
        for name, values in rows.items():
            columns = "id, value" + (", removed" if name != "base" else "")
            connection.execute(f"create table {name} as from (values {values}) given({columns})")
        sql = standing({"id": "id", "double": "value * 2"}, "id", "base", ["first", "second"])
        assert sorted(connection.execute(sql).fetchall()) == [(2, 44), (3, 62), (4, 80), (5, 100)]
        assert connection.execute(standing({"id": "id"}, "id", "base", [])).fetchall() == [(1,), (2,), (3,), (4,)]


def test_the_maximum_of_a_person_counts_what_stands_and_moved(store, tmp_path, small):
    day = datetime.date(2017, 11, 1)
    rows = [action("A", person_id="7"), action("B", person_id="8")]
    load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    tables = {"action": [action("C", person_id="7")], "person_change": [{"old": "7", "new": "8", "on": day}]}
    report = load(store, deliver(tmp_path / "b", tables, kind="changes"))
    assert {row["person_id"] for row in stored(report.snapshot, "action").values()} == {8}
    assert report.snapshot.rows["action"] == 3


def test_actions_that_wait_for_their_chain_and_those_that_need_not_come_to_the_same(store, tmp_path, small):
    """Of integers in Parquet it is known beforehand which are resumed; of texts none is."""
    late = {"start_date": "2017-06-01", "end_date": "2017-07-01"}
    short = {"planned_end_date": "2017-01-16"}
    rows = [
        *(action(str(number), person_id=number % 7, **(short if number % 3 else {})) for number in range(30)),
        action("40", resumes="3", person_id=3, **late), action("41", resumes="40", person_id=3, **late),
        action("42", resumes="5", person_id=6, **late), action("43", resumes="99", person_id=1, **late),
        action("44", resumes="44", person_id=1, **late), action("45", resumes="3", person_id=3, **late),
        action("7", person_id=0, **short), action("8", person_id=1, **short), action("8", person_id=2, **short),
        action("41", resumes="40", person_id=3, **late), action("40", person_id=2, **short),
        action("9", resumes="2", person_id=2, **late), action("10", instrument="?"), action("10", person_id=3),
    ]  # fmt: skip
    tables = {"action": rows, "spell": [spell("1")]}
    folder = deliver(tmp_path / "a", tables, form="parquet")
    with duckdb.connect() as connection:
        for table, chosen in (("action", "action_id::bigint as action_id, resumes::bigint as resumes"),
                              ("spell", "spell_id::bigint as spell_id")):  # fmt: skip
            read = f"select * replace ({chosen}) from read_csv('{folder}/{table}.csv', all_varchar = true)"
            connection.execute(f"copy ({read}) to '{folder}/{table}.parquet'")
    known, unknown = load(store, folder), load(tmp_path / "other", deliver(tmp_path / "b", tables))
    assert known.snapshot.key_types["action"] == "bigint"
    header = 1
    assert {(one[1] + header, *one[2:]) for one in faults(known)} == {one[1:] for one in faults(unknown)}
    assert len(faults(known)) > 8
    counted = {code: broken.count for code, broken in known.warnings.items()}
    assert counted == {code: broken.count for code, broken in unknown.warnings.items()}
    assert counted["unknown_predecessor"] == 2
    names = ("action_id", "chain_id", "resumes")
    texts = [
        {name: str(value) if name in names else value for name, value in row.items()}
        for row in stored(known.snapshot, "action").values()
    ]
    assert sorted(texts, key=str) == sorted(stored(unknown.snapshot, "action").values(), key=str)
