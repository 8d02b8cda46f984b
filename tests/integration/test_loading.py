"""From deliveries to snapshots (docs/rules.md)."""

from __future__ import annotations

import datetime
import hashlib
import json

import duckdb
import numpy as np
import pytest

from tests.integration.delivering import (
    CATALOGUE,
    COMPLETE,
    action,
    deliver,
    faults,
    load,
    manifest,
    rows_of,
    spell,
    stored,
    write,
)
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.registers import Store, fit
from uitstroom.registers.pseudonyms import Numbers, fingerprint
from uitstroom.synth.files import insz

DAY = datetime.date


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def first(tmp_path, store):
    """A store with actions A and B and spell S."""
    folder = deliver(tmp_path / "first", {"action": [action("A"), action("B", person_id="2")], "spell": [spell("S")]})
    return load(store, folder)


def changes(tmp_path, name, tables, **said):
    return deliver(tmp_path / name, tables, kind="changes", **said)


def refusal(store, folder, **options):
    before = Store(store).snapshots()
    with pytest.raises(UitstroomError) as raised:
        load(store, folder, **options)
    assert raised.value.exit_code == 1
    assert Store(store).snapshots() == before
    return str(raised.value)


def test_a_full_delivery_becomes_a_snapshot(first, store):
    snapshot = first.snapshot
    assert first.changed
    assert first.quarantine is None
    assert stored(snapshot, "action")["A"] == {
        "action_id": "A", "instrument": "ibo", "person_id": 1, "employer_id": "E1", "start_date": DAY(2017, 1, 15),
        "planned_end_date": DAY(2017, 4, 14), "end_date": DAY(2017, 4, 14), "end_reason": "completed",
        "chain_id": "A", "part": 1, "parts": 1,
    }  # fmt: skip
    assert stored(snapshot, "spell")["S"] == {
        "spell_id": "S", "person_id": 1, "employer_id": "E1", "work_type": "OTH", "start_date": DAY(2017, 4, 15),
    }  # fmt: skip
    assert snapshot.complete == {
        "action": (DAY(2016, 1, 1), DAY(2017, 11, 10)),
        "spell": (DAY(2016, 1, 1), DAY(2017, 10, 31)),
    }
    assert Store(store).snapshots() == (snapshot,)
    assert Store(store).as_known_on(None) == snapshot
    snapshot.verify()


def test_a_snapshot_has_the_same_id_wherever_it_is_made(first, tmp_path):
    assert load(tmp_path / "elsewhere", tmp_path / "first").snapshot.id == first.snapshot.id


def test_the_same_content_twice_changes_nothing(first, store, tmp_path):
    again = load(store, tmp_path / "first")
    assert not again.changed
    assert again.snapshot == first.snapshot
    assert len(Store(store).snapshots()) == 1


def test_changes_put_and_delete_by_key(first, store, tmp_path):
    folder = changes(tmp_path, "next", {"action": [
        action("A", end_reason="stopped_by_employer"), action("C", person_id="3"),
        {"action_id": "B", "instrument": "ibo", "operation": "delete"},
        {"action_id": "Z", "instrument": "ibo", "operation": "delete"},
    ]}, complete={"action": ("2017-11-01", "2017-11-12")})  # fmt: skip
    report = load(store, folder)
    rows = stored(report.snapshot, "action")
    assert {key: row["end_reason"] for key, row in rows.items()} == {"A": "stopped_by_employer", "C": "completed"}
    assert report.deleted == {"action": 1}
    assert report.warnings["unknown_deleted"].count == 1
    assert report.snapshot.parent == first.snapshot.id
    assert report.snapshot.complete["action"] == (DAY(2016, 1, 1), DAY(2017, 11, 12))


def test_a_table_that_is_absent_is_carried_over_and_not_copied(first, store, tmp_path):
    report = load(store, changes(tmp_path, "next", {"action": [action("C")]}))
    assert report.snapshot.parts("spell") == first.snapshot.parts("spell")
    assert report.snapshot.complete["spell"] == first.snapshot.complete["spell"]


def test_an_old_snapshot_is_never_changed(first, store, tmp_path):
    before = {path: path.read_bytes() for part in first.snapshot.parts("action") for path in part.base}
    load(store, changes(tmp_path, "next", {"action": [action("A", employer_id="E9")]}))
    assert {path: path.read_bytes() for path in before} == before
    assert Store(store).snapshots()[0] == first.snapshot


def test_as_known_on_is_the_newest_delivered_on_or_before_the_day(first, store, tmp_path):
    later = load(store, changes(tmp_path, "b", {"action": [action("C")]}, delivered_on=DAY(2018, 1, 15))).snapshot
    same_day = load(store, changes(tmp_path, "c", {"action": [action("D")]}, delivered_on=DAY(2018, 1, 15))).snapshot
    known = Store(store).as_known_on
    assert known(DAY(2018, 1, 14)) == first.snapshot
    assert known(DAY(2018, 1, 15)) == same_day
    assert known(None) == same_day
    assert later != same_day
    with pytest.raises(UitstroomError, match="no snapshot"):
        known(DAY(2017, 11, 14))


def test_a_withdrawn_snapshot_is_passed_by_and_can_be_found(first, store, tmp_path):
    folder = changes(tmp_path, "b", {"action": [action("C")]}, delivered_on=DAY(2071, 1, 15))
    wrong = load(store, folder).snapshot
    Store(store).withdraw(wrong.id[:8], "wrong day")
    assert Store(store).as_known_on(None) == first.snapshot
    assert [one.withdrawn for one in Store(store).snapshots()] == [None, "wrong day"]
    assert "withdrawn" in refusal(store, folder)
    right = changes(tmp_path, "c", {"action": [action("C")]}, delivered_on=DAY(2017, 11, 16))
    assert load(store, right).snapshot.parent == first.snapshot.id


@pytest.mark.parametrize(("asked", "reason"), [("nothing", "x"), ("", "x"), (None, " ")])
def test_only_a_known_snapshot_is_withdrawn_and_for_a_reason(first, store, asked, reason):
    with pytest.raises(UsageError):
        Store(store).withdraw(first.snapshot.id if asked is None else asked, reason)
    assert Store(store).as_known_on(None) == first.snapshot


@pytest.mark.parametrize(("tables", "said", "message"), [
    ({"action": [action("C")]}, {"delivered_on": DAY(2017, 11, 14)}, "delivered_on lies before"),
    ({"action": [action("C")]}, {"complete": {"action": ("2016-01-01", "2017-11-09")}}, "complete_until goes back"),
    ({"action": [action("A", person_id="8"), action("Z")]}, {"kind": "full"}, "1 of the 2 rows"),
    ({"action": [action("C")]}, {"person": "insz"}, "no key"),
])  # fmt: skip
def test_what_does_not_follow_is_refused_whole(first, store, tmp_path, tables, said, message):
    assert message in refusal(store, deliver(tmp_path / "next", tables, **{"kind": "changes", **said}))


def test_the_first_delivery_is_full_and_may_lack_a_table(store, tmp_path):
    assert "changes need a snapshot" in refusal(store, changes(tmp_path, "a", {"action": [action("A")]}))
    first = load(store, deliver(tmp_path / "b", {"action": [action("A")]})).snapshot
    assert set(first.complete) == {"action"}
    assert [part.base for part in first.parts("spell")] == [()]
    assert "never delivered whole" in refusal(store, changes(tmp_path, "c", {"spell": [spell("S")]}))
    later = load(store, deliver(tmp_path / "d", {"spell": [spell("S")]})).snapshot
    assert (later.rows, set(later.complete)) == ({"action": 1, "spell": 1}, {"action", "spell"})


def test_a_table_without_rows_says_that_nothing_happened(store, tmp_path):
    snapshot = load(store, deliver(tmp_path / "a", {"action": [], "spell": []})).snapshot
    assert snapshot.rows == {"action": 0, "spell": 0}
    assert snapshot.complete["spell"] == (DAY(2016, 1, 1), DAY(2017, 10, 31))
    assert load(store, changes(tmp_path, "b", {"action": [action("A")], "spell": [spell("S")]})).loaded == {
        "action": 1,
        "spell": 1,
    }
    assert "1 of the 1 rows" in refusal(store, deliver(tmp_path / "c", {"action": []}))


def test_rows_that_vanish_are_reported_and_accepted_only_when_asked(store, tmp_path):
    many = [action(f"A{number}") for number in range(200)]
    load(store, deliver(tmp_path / "a", {"action": many, "spell": [spell("S")]}))
    few = load(store, deliver(tmp_path / "b", {"action": many[2:]}))
    assert few.vanished == few.snapshot.vanished == {"action": 2}
    folder = deliver(tmp_path / "c", {"action": many[5:]})
    assert "--accept-removals" in refusal(store, folder)
    assert load(store, folder, accept_removals=True).vanished == {"action": 3}


def test_of_equal_rows_one_loads_and_of_different_rows_with_one_key_none(store, tmp_path):
    rows = [action("A"), action("B"), action("A"), action("C"), action("C", employer_id="E2"), action("A"),
            action("D"), action("D", end_reason="unknown-code")]  # fmt: skip
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert set(stored(report.snapshot, "action")) == {"A", "B"}
    assert faults(report) == {
        ("action.csv", 4, "action_id", "duplicate"), ("action.csv", 7, "action_id", "duplicate"),
        ("action.csv", 5, "action_id", "different_duplicate"), ("action.csv", 6, "action_id", "different_duplicate"),
        ("action.csv", 8, "action_id", "different_duplicate"), ("action.csv", 9, "end_reason", "unknown_code"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "keys",
    [["8", "9", "10", "9"], ["A", "B", "C", "B"], ["7", "8", "x", "8"], ["9", "x", "8", "x"], ["x", "1", "2", "1"]],
)
def test_a_repeated_key_is_found_in_whatever_order_keys_are(store, tmp_path, keys):
    rows = [spell(key) for key in keys]
    report = load(store, deliver(tmp_path / "a", {"action": [action("A")], "spell": rows}))
    assert set(stored(report.snapshot, "spell")) == set(keys)
    assert faults(report) == {("spell.csv", 5, "spell_id", "duplicate")}


def test_texts_of_one_number_are_different_keys(store, tmp_path):
    keys = ["6", "7", "07", "007", "8", " 9", "9"]
    report = load(store, deliver(tmp_path / "a", {"action": [action("A")], "spell": [spell(key) for key in keys]}))
    assert len(stored(report.snapshot, "spell")) == report.loaded["spell"] == 7


def test_keys_reach_to_both_ends_of_the_integers(store, tmp_path, monkeypatch):
    """Also where so many stretches are found that only wide gaps tell."""
    monkeypatch.setattr(fit, "STRETCHES", 2)
    ends = [5, 1 - 2**63, 2**63 - 2, 2**63 - 1, 5]
    folder = deliver(tmp_path / "a", {"action": [action("A")], "spell": [spell(str(key)) for key in ends]})
    (folder / "delivery.toml").write_text((folder / "delivery.toml").read_text().replace("spell.csv", "spell.parquet"))
    with duckdb.connect() as connection:
        source = (
            f"(select * replace (spell_id::bigint as spell_id) from read_csv('{folder}/spell.csv', all_varchar = true))"
        )
        connection.execute(f"copy {source} to '{folder}/spell.parquet'")
    (folder / "spell.csv").unlink()
    report = load(store, folder)
    assert set(stored(report.snapshot, "spell")) == set(ends)
    assert faults(report) == {("spell.parquet", 5, "spell_id", "duplicate")}


def test_a_rejected_update_leaves_the_old_row_standing(first, store, tmp_path):
    rows = [action("A", work="x", end_date="2017-01-01"), action("C")]
    report = load(store, changes(tmp_path, "next", {"action": rows}))
    assert stored(report.snapshot, "action")["A"] == stored(first.snapshot, "action")["A"]
    assert report.rejected_updates == {"action": 1}
    assert report.snapshot.quarantined["action"] == 0


def test_a_quarantine_delivery_is_corrected_and_loaded(store, tmp_path):
    rows = [action("A"), action("B", end_date="2016-12-31"), action("C", start_date="")]
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S"), spell("S2", person_id="")]}))
    assert report.quarantined == {"action": 2, "spell": 1}
    assert report.quarantine == tmp_path / "a-quarantine"
    later = load(store, changes(tmp_path, "later", {"action": [action("D")]}, delivered_on=DAY(2018, 1, 1),
                                complete={"action": ("2017-11-11", "2017-12-31")}))  # fmt: skip
    path = report.quarantine / "delivery.toml"
    path.write_text(path.read_text().replace("2017-11-15", "2018-01-02"))
    path = report.quarantine / "action.csv"
    path.write_text(path.read_text().replace("2016-12-31", "2017-12-31"))
    mended = load(store, report.quarantine)
    assert set(stored(mended.snapshot, "action")) == {"A", "B", "D"}
    assert mended.snapshot.complete == later.snapshot.complete
    assert mended.snapshot.quarantined == {"action": 1, "spell": 1}


def test_only_the_owner_reads_a_quarantine_and_an_earlier_one_is_left_alone(store, tmp_path):
    bad = {"action": [action("A"), action("B", end_date="2016-12-31")], "spell": [spell("S")]}
    report = load(store, deliver(tmp_path / "a", bad))
    assert {path.stat().st_mode & 0o777 for path in report.quarantine.rglob("*")} == {0o600}
    assert report.quarantine.stat().st_mode & 0o777 == 0o700
    (report.quarantine / "action.csv").write_text("in correction")
    assert load(tmp_path / "other", tmp_path / "a").quarantine == tmp_path / "a-quarantine-2"
    assert load(tmp_path / "third", tmp_path / "a", quarantine=tmp_path / "q").quarantine == tmp_path / "q"


def test_the_store_keeps_file_line_column_and_rule_of_a_quarantined_row(store, tmp_path):
    bad = {"action": [action("A"), action("B", end_date="2016-12-31")], "spell": [spell("S")]}
    snapshot = load(store, deliver(tmp_path / "a", bad)).snapshot
    with duckdb.connect() as connection:
        kept = connection.execute("select * from read_parquet($1)", [str(store / snapshot.faults.path)])
        assert [item[0] for item in kept.description] == ["table", "file", "line", "column", "rule"]
        assert kept.fetchall() == [("action", "action.csv", 3, "end_date", "end_before_start")]


def test_what_never_happened_may_end_before_its_start_or_not_at_all(store, tmp_path):
    rows = [
        action("A", start_date="2017-05-02", end_date="2017-04-28", end_reason="cancelled"),
        action("B", start_date="2017-05-02", end_date="2017-04-28"),
        action("C", end_date="", end_reason="cancelled"),
        action("D", end_date=""),
        action("E", end_date="", end_reason=""),
        action("F", start_date="2017-05-02", end_date="2017-05-02"),
        {"action_id": "P", "instrument": "bio", "approved_on": "2017-06-30", "planned_days": 90,
         "end_reason": "stopped_by_participant"},
    ]  # fmt: skip
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S", end_date="2017-04-15")]}))
    assert set(stored(report.snapshot, "action")) == {"A", "C", "E", "F", "P"}
    assert {fault[3] for fault in faults(report)} == {"end_before_start", "reason_without_end"}
    assert set(stored(report.snapshot, "spell")) == {"S"}


def test_what_a_version_does_not_record_is_dropped_unread_and_counted(store, tmp_path):
    plan = {"action_id": "P", "instrument": "bio", "approved_on": "2017-06-30", "planned_days": 90}
    rows = [{**plan, "person_id": "7", "start_date": "not a day", "sex": "?"}, {**plan, "action_id": "Q"}]
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert report.dropped == {"person_id": 1, "start_date": 1, "sex": 1}
    assert report.snapshot.warnings["dropped:person_id"] == 1
    assert stored(report.snapshot, "action")["P"] == {
        "action_id": "P", "instrument": "bio", "approved_on": DAY(2017, 6, 30), "planned_days": 90,
        "chain_id": "P", "part": 1, "parts": 1,
    }  # fmt: skip


def test_a_start_outside_every_version_loads_with_a_warning(store, tmp_path):
    rows = [action("A", instrument="activeringsstage", start_date="2017-02-01"), action("B")]
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert set(stored(report.snapshot, "action")) == {"A", "B"}
    version = CATALOGUE.instrument("activeringsstage").version_on(DAY(2017, 2, 1))
    assert ("outside_versions" in report.warnings) == (version is None)


def test_chains_are_resolved_once(store, tmp_path):
    rows = [
        action("A", end_reason="interrupted"), action("C", resumes="B", start_date="2017-08-01", end_date="2017-09-01"),
        action("B", resumes="A", start_date="2017-05-01", end_date="2017-06-01", end_reason="interrupted"),
        action("X", resumes="nowhere"),
    ]  # fmt: skip
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    places = {key: (row["chain_id"], row["part"]) for key, row in stored(report.snapshot, "action").items()}
    assert places == {"A": ("A", 1), "B": ("A", 2), "C": ("A", 3), "X": ("X", 1)}
    assert report.warnings["unknown_predecessor"].count == 1


def test_resumptions_that_cannot_be_are_quarantined(store, tmp_path):
    rows = [
        action("A"), action("A1", resumes="A", start_date="2017-05-01", end_date=""),
        action("A2", resumes="A", start_date="2017-06-01", end_date=""), action("P", resumes="A2", person_id="9"),
        action("I", instrument="iss", resumes="A1"), action("X", resumes="Y"), action("Y", resumes="X"),
        action("Z", resumes="Z"), action("T", resumes="X"),
    ]  # fmt: skip
    for row in rows[1:3]:
        row["end_reason"] = ""
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert {(fault[1], fault[3]) for fault in faults(report)} == {
        (4, "second_successor"), (5, "resumes_other_person"), (6, "resumes_other_instrument"),
        (5, "starts_before_resumed"), (6, "starts_before_resumed"), (7, "resumes_in_a_cycle"),
        (8, "resumes_in_a_cycle"), (8, "second_successor"), (9, "resumes_in_a_cycle"),
    }  # fmt: skip
    assert set(stored(report.snapshot, "action")) == {"A", "A1", "T"}


def test_a_part_does_not_start_before_what_it_continues(store, tmp_path):
    rows = [action("A", start_date="2017-03-01"), action("B", resumes="A", start_date="2017-02-28"),
            action("C", resumes="B", start_date="2017-05-01", end_date="2017-05-31"), action("D", person_id="2"),
            action("E", person_id="2", resumes="D", start_date="2017-04-14", end_date="2017-05-31"),
            action("F", person_id="2", resumes="E", start_date="2017-06-01", end_date="2017-06-30")]  # fmt: skip
    report = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert faults(report) == {("action.csv", 3, "resumes", "starts_before_resumed")}
    assert places(report) == {"A": ("A", 1), "C": ("C", 1), "D": ("D", 1), "E": ("D", 2), "F": ("D", 3)}
    assert report.warnings["unknown_predecessor"].count == 1
    assert report.warnings["overlaps_resumed"].count == 1
    later = [action("D", person_id="2", start_date="2017-04-15", end_date="2017-04-30"),
             action("F", person_id="2", resumes="E", start_date="2017-05-01", end_date="")]  # fmt: skip
    later[1]["end_reason"] = ""
    report = load(store, changes(tmp_path, "b", {"action": later}))
    assert faults(report) == {("action.csv", 2, "resumes", "starts_before_resumed")}
    assert report.warnings["overlaps_resumed"].count == 1
    assert places(report)["F"] == ("D", 3)


def test_what_never_happened_is_no_part_of_a_chain(store, tmp_path):
    rows = [action("A"), action("B", resumes="A", end_reason="cancelled"), action("C", resumes="A",
            start_date="2017-05-01", end_date="2017-05-31"), action("D", resumes="B", start_date="2017-06-01",
            end_date="2017-06-30")]  # fmt: skip
    first = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    assert places(first) == {"A": ("A", 1), "B": ("B", 1), "C": ("A", 2), "D": ("D", 1)}
    assert first.warnings["unknown_predecessor"].count == 1
    undone = load(store, changes(tmp_path, "b", {"action": [action("C", resumes="A", end_reason="cancelled")]}))
    assert places(undone) == {"A": ("A", 1), "B": ("B", 1), "C": ("C", 1), "D": ("D", 1)}
    happened = load(store, changes(tmp_path, "c", {"action": [action("B", resumes="A", start_date="2017-05-01",
                                                                     end_date="2017-05-31")]}))  # fmt: skip
    assert places(happened) == {"A": ("A", 1), "B": ("A", 2), "C": ("C", 1), "D": ("A", 3)}
    assert "unknown_predecessor" not in happened.snapshot.warnings


def places(report):
    """Of each action its chain and its place in it."""
    return {key: (row["chain_id"], row["part"]) for key, row in stored(report.snapshot, "action").items()}


def test_a_change_that_would_break_a_standing_chain_is_rejected_and_a_deletion_shortens_it(store, tmp_path):
    rows = [action("A"), action("B", resumes="A"), action("C", resumes="B")]
    load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    other = load(
        store, changes(tmp_path, "b", {"action": [action("B", resumes="A", person_id="9"), action("D", resumes="A")]})
    )
    assert {fault[3] for fault in faults(other)} == {"resumes_other_person", "second_successor"}
    assert other.rejected_updates == {"action": 1}
    gone = load(
        store, changes(tmp_path, "c", {"action": [{"action_id": "A", "instrument": "ibo", "operation": "delete"}]})
    )
    places = {key: (row["chain_id"], row["part"]) for key, row in stored(gone.snapshot, "action").items()}
    assert places == {"B": ("B", 1), "C": ("B", 2)}


def test_what_stood_is_never_blamed_for_what_comes(store, tmp_path):
    rows = [action("A"), action("B", resumes="A", start_date="2017-06-01", end_date="2017-07-01")]
    load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    earlier = [action("C", resumes="A", start_date="2017-05-01", end_date="2017-05-31"), action("A", person_id="9")]
    report = load(store, changes(tmp_path, "b", {"action": earlier}))
    assert {(fault[1], fault[3]) for fault in faults(report)} == {
        (2, "second_successor"), (2, "resumes_other_person"), (3, "resumes_other_person"),
    }  # fmt: skip
    assert set(stored(report.snapshot, "action")) == {"A", "B"}


def test_a_row_that_stands_again_is_looked_at_again(store, tmp_path):
    rows = [action("A"), action("Q", person_id="9"), action("X", resumes="A")]
    load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    report = load(store, changes(tmp_path, "b", {"action": [action("X", resumes="Q"), action("Y", resumes="A")]}))
    assert {(fault[1], fault[3]) for fault in faults(report)} == {(2, "resumes_other_person"), (3, "second_successor")}
    places = {key: (row["chain_id"], row["part"]) for key, row in stored(report.snapshot, "action").items()}
    assert places == {"A": ("A", 1), "Q": ("Q", 1), "X": ("A", 2)}


def test_a_changed_number_is_one_person_also_in_what_stood(first, store, tmp_path):
    folder = changes(tmp_path, "n", {"person_change": [{"old": "1", "new": "5", "on": "2017-11-01"},
                                                       {"old": "5", "new": "6", "on": "2017-11-02"}],
                                     "action": [action("C"), action("D", person_id="5")]})  # fmt: skip
    report = load(store, folder)
    assert {key: row["person_id"] for key, row in stored(report.snapshot, "action").items()} == {
        "A": 6,
        "B": 2,
        "C": 6,
        "D": 6,
    }
    assert stored(report.snapshot, "spell")["S"]["person_id"] == 6
    assert stored(first.snapshot, "spell")["S"]["person_id"] == 1
    later = load(store, changes(tmp_path, "m", {"spell": [spell("S3")]}))
    assert stored(later.snapshot, "spell")["S3"]["person_id"] == 6


def test_changes_of_number_in_a_circle_are_quarantined(first, store, tmp_path):
    rows = [{"old": "1", "new": "5", "on": "2017-11-01"}, {"old": "5", "new": "1", "on": "2017-11-02"},
            {"old": "2", "new": "3", "on": "2017-11-02"}]  # fmt: skip
    report = load(store, changes(tmp_path, "n", {"person_change": rows}))
    assert {(fault[1], fault[3]) for fault in faults(report)} == {
        (2, "person_changes_in_a_cycle"),
        (3, "person_changes_in_a_cycle"),
    }
    assert stored(report.snapshot, "action")["B"]["person_id"] == 3


INSZ, BIS = "85.07.30-033 28", "98472899765"


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"0123456789abcdef0123456789abcdef\n")
    path.chmod(0o600)
    return path


def test_national_numbers_never_reach_the_store_and_the_key_neither(tmp_path, store, key):
    tables = {"action": [action("A", person_id=INSZ), action("B", person_id="85073003329")],
              "spell": [spell("S", person_id="85073003328"), spell("T", person_id=BIS)]}  # fmt: skip
    report = load(store, deliver(tmp_path / "a", tables, person="insz"), key_file=key)
    person = Numbers(key.read_bytes().strip()).of(np.array([85073003328]))[0]
    assert (
        stored(report.snapshot, "action")["A"]["person_id"]
        == person
        == stored(report.snapshot, "spell")["S"]["person_id"]
    )
    assert faults(report) == {("action.csv", 3, "person_id", "not_a_person_number")}
    kept = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    for secret in (b"85073003328", b"98472899765", b"85073003329", key.read_bytes().strip()):
        assert secret not in kept


def test_another_key_another_way_of_naming_persons_or_a_key_in_the_store_is_refused(tmp_path, store, key, monkeypatch):
    tables = {"action": [action("A", person_id=BIS)], "spell": [spell("S", person_id=BIS)]}
    load(store, deliver(tmp_path / "a", tables, person="insz"), key_file=key)
    other = tmp_path / "other"
    other.write_bytes(b"another key, another key, another")
    other.chmod(0o600)
    more = {"action": [action("B", person_id=BIS)]}
    folder = changes(tmp_path, "b", more, person="insz")
    assert "another key" in refusal(store, folder, key_file=other)
    inside = store / "key"
    inside.write_bytes(key.read_bytes())
    assert "inside the store" in refusal(store, folder, key_file=inside)
    assert 'person = "number"' in refusal(store, changes(tmp_path, "c", {"action": [action("B")]}))
    monkeypatch.setenv("UITSTROOM_KEY_FILE", str(key))
    assert load(store, folder).changed


def numbers(count):
    """So many different national numbers that nobody can have."""
    return [insz(person) for person in range(count)]


def of_persons(persons):
    return {"action": [action(f"A{place}", person_id=one) for place, one in enumerate(persons)], "spell": []}


@pytest.mark.parametrize(("persons", "refused"), [
    (numbers(20), True), (numbers(10) + [f"P{one}" for one in range(10)], True),
    (numbers(9) + [f"P{one}" for one in range(11)], False), (numbers(5), True), (numbers(4), False),
    ([*numbers(18), "P"], False), (numbers(3) * 10, False),
    ([f"{one[:2]}.{one[2:4]}.{one[4:6]}-{one[6:9]}.{one[9:]}" for one in numbers(20)], True),
])  # fmt: skip
def test_national_numbers_are_no_pseudonyms(store, tmp_path, persons, refused):
    folder = deliver(tmp_path / "a", of_persons(persons))
    if refused:
        said = refusal(store, folder)
        assert "are valid national numbers" in said
        assert not any(one in said for one in persons)
        text = (folder / "delivery.toml").read_text()
        (folder / "delivery.toml").write_text(f"pseudonyms_checked = true\n{text}")
        assert "pseudonyms_like_numbers" not in load(store, folder).warnings
    else:
        alike = len({one for one in persons if one.isdigit()})
        assert load(store, folder).warnings["pseudonyms_like_numbers"].count == alike


def test_national_numbers_as_integers_of_parquet_are_no_pseudonyms(store, tmp_path):
    folder = deliver(tmp_path / "a", of_persons(numbers(30)))
    rows = f"(select * replace (person_id::bigint as person_id) from {parquet_rows(folder / 'action.csv')})"
    duckdb.execute(f"copy {rows} to '{folder}/action.parquet'")
    (folder / "delivery.toml").write_text(
        (folder / "delivery.toml").read_text().replace("action.csv", "action.parquet")
    )
    assert "30 of the 30 pseudonyms" in refusal(store, folder)


def parquet_rows(path):
    return f"read_csv('{path}', all_varchar = true)"


def test_pseudonyms_made_before_join_with_numbers(store, tmp_path, key):
    known = fingerprint(key.read_bytes().strip())
    made = str(Numbers(key.read_bytes().strip()).of(np.array([85073003328]))[0])
    tables = {
        "action": [action("A", person_id=made), action("B", person_id="x")],
        "spell": [spell("S", person_id=made)],
    }
    report = load(store, deliver(tmp_path / "a", tables, person="keyed", extra=f'key = "{known}"'))
    assert faults(report) == {("action.csv", 3, "person_id", "not_a_keyed_pseudonym")}
    more = {"action": [action("C", person_id="85073003328")]}
    later = load(store, changes(tmp_path, "b", more, person="number"), key_file=key)
    rows = stored(later.snapshot, "action")
    assert rows["A"]["person_id"] == rows["C"]["person_id"] == int(made)
    other = changes(
        tmp_path, "c", {"action": [action("D", person_id=made)]}, person="keyed", extra=f'key = "{"0" * 32}"'
    )
    assert "another key" in refusal(store, other)
    assert "needs key" in refusal(store, changes(tmp_path, "d", more, person="keyed"))


@pytest.mark.parametrize(("content", "mode", "said"), [
    (b"x" * 40, 0o600, "can be guessed"), (b"onze geheime sleutel", 0o600, "can be guessed"),
    (b"0123456789abcdef0123456789abcdef", 0o640, "others can read"), (b"short", 0o600, "shorter"),
])  # fmt: skip
def test_a_key_is_random_and_read_by_its_owner_only(store, tmp_path, content, mode, said):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(mode)
    tables = {"action": [action("A", person_id=BIS)], "spell": [spell("S", person_id=BIS)]}
    assert said in refusal(store, deliver(tmp_path / "a", tables, person="number"), key_file=path)


def test_a_store_of_the_earlier_format_is_read_and_loaded_on(store, tmp_path):
    rows = [action("A"), action("B", sex="?"), action("", sex="F")]
    first = load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    index = json.loads((store / "index.json").read_text())
    (store / "index.json").write_text(json.dumps({**index, "format": 2}))
    described = store / "snapshots" / f"{first.snapshot.id}.json"
    content = json.loads(described.read_text())
    (store / content.pop("missing")["path"]).unlink()
    described.write_text(json.dumps(content))
    old = Store(store).as_known_on(None)
    assert (old.id, old.quarantined["action"]) == (first.snapshot.id, 2)
    path = first.quarantine / "action.csv"
    path.write_text(path.read_text().replace("?", "F"))
    mended = load(store, first.quarantine, quarantine=tmp_path / "q").snapshot
    assert (mended.parent, mended.quarantined["action"]) == (old.id, 1)
    assert Store(store).snapshots()[0].id == old.id


def test_pseudonyms_that_collide_are_refused(tmp_path, store):
    hashed = int.from_bytes(hashlib.sha256(b"A-1").digest()[:8], "big", signed=True)
    tables = {"action": [action("A", person_id="A-1")], "spell": [spell("S", person_id=str(hashed))]}
    said = refusal(store, deliver(tmp_path / "a", tables))
    assert "same pseudonym" in said
    assert str(hashed) not in said


@pytest.mark.parametrize(("extra", "change"), [
    ("", lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
    ('[csv]\nencoding = "windows-1252"\ndelimiter = ";"\ndate_format = "dd/mm/yyyy"',
     lambda text: text.replace(",", ";").replace("2017-01-15", "15/01/2017").replace("2017-04-14", "14/4/2017")
     .encode("cp1252")),
    ('[csv]\nquote = "\'"', lambda text: text.replace("E–1", "'E–1'").encode()),
    ("", lambda text: text.replace("\n", "\r").encode()),
])  # fmt: skip
def test_a_file_means_the_same_in_every_dialect(tmp_path, store, extra, change):
    folder = deliver(tmp_path / "a", {"action": [action("A", employer_id="E–1")], "spell": [spell("S")]})
    text = (folder / "action.csv").read_text(encoding="utf-8")
    (folder / "action.csv").write_bytes(change(text))
    if ";" in extra:
        write(folder / "spell.csv", "spell", [spell("S", start_date="15/04/2017")], delimiter=";")
    lines = manifest(("action", "spell")) + extra
    (folder / "delivery.toml").write_text(lines, encoding="utf-8")
    report = load(store, folder)
    row = stored(report.snapshot, "action")["A"]
    assert (row["employer_id"], row["start_date"], row["end_date"]) == ("E–1", DAY(2017, 1, 15), DAY(2017, 4, 14))


def test_parquet_means_the_same_as_csv(tmp_path, store, key):
    tables = {"action": [action("1", person_id="01490700185", linked="no"), action("2", start_date="", person_id=BIS)],
              "spell": [spell("7", person_id=BIS)]}  # fmt: skip
    folder = deliver(tmp_path / "a", tables, person="insz")
    other = tmp_path / "b"
    other.mkdir()
    (other / "delivery.toml").write_text(manifest(tables, person="insz", form="parquet"))
    with duckdb.connect() as connection:
        typed = (
            "action_id::bigint as action_id, person_id::bigint as person_id, start_date::timestamp as start_date, "
            "linked = 'yes' as linked"
        )
        source = f"read_csv('{folder}/action.csv', all_varchar = true)"
        connection.execute(f"copy (select * replace ({typed}) from {source}) to '{other}/action.parquet'")
        typed = "spell_id::double as spell_id, person_id::bigint as person_id, start_date::date as start_date"
        source = f"read_csv('{folder}/spell.csv', all_varchar = true)"
        connection.execute(f"copy (select * replace ({typed}) from {source}) to '{other}/spell.parquet'")
    csv_report, parquet_report = load(store, folder, key_file=key), load(tmp_path / "s2", other, key_file=key)
    assert parquet_report.snapshot.key_types == {"action": "bigint", "spell": "varchar"}
    assert stored(csv_report.snapshot, "spell") == stored(parquet_report.snapshot, "spell")
    text = dict.fromkeys(("action_id", "chain_id"), "1")
    assert stored(csv_report.snapshot, "action") == {"1": {**stored(parquet_report.snapshot, "action")[1], **text}}
    assert stored(csv_report.snapshot, "action")["1"]["linked"] is False
    assert faults(parquet_report) == {("action.parquet", 2, "start_date", "missing")}
    with duckdb.connect() as connection:
        kept = connection.execute(f"select action_id from '{parquet_report.quarantine}/action.parquet'").fetchall()
    assert kept == [(2,)]


def test_partitions_are_of_persons_and_stay(tmp_path, store, monkeypatch):
    monkeypatch.setattr("uitstroom.registers.sizing.ROWS_PER_PARTITION", 10)
    persons = ["-7", "-3", *map(str, range(28))]
    tables = {
        "action": [action("A"), action("N", person_id="")],
        "spell": [spell(f"S{one}", person_id=one) for one in persons],
    }
    snapshot = load(store, deliver(tmp_path / "a", tables)).snapshot
    assert snapshot.partitions == 3
    for table in ("action", "spell"):
        for number, part in enumerate(snapshot.parts(table)):
            with duckdb.connect() as connection:
                found = [row["person_id"] for row in rows_of(connection, part)]
            assert all((person or 0) % 3 == number for person in found)
    later = load(store, changes(tmp_path, "b", {"action": [action("B")]})).snapshot
    assert later.partitions == 3
    assert len(later.parts("person_change")) == 3


def test_damage_is_told(first, store):
    path = first.snapshot.parts("spell")[0].base[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(UitstroomError, match="damaged"):
        Store(store).as_known_on(None).parts("spell")
    path.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    with pytest.raises(UitstroomError, match="damaged"):
        Store(store).as_known_on(None).verify()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 99}', '{"snapshots": 1}'])
def test_a_damaged_index_or_description_is_told(first, store, content):
    for path in (store / "snapshots" / f"{first.snapshot.id}.json", store / "index.json"):
        path.write_text(content)
        with pytest.raises(UitstroomError, match=r"damaged|another version"):
            Store(store).snapshots()


def test_a_column_that_one_file_lacks_is_kept_of_the_others(tmp_path, store):
    rows = [action("1", sex="F"), action("2", sex="M")]
    folder = deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]})
    with duckdb.connect() as connection:
        typed = "(select * replace (action_id::bigint as action_id, null::bigint as resumes)"
        for key, lacking in (("1", ""), ("2", " exclude (sex)")):
            whole = f"{typed} from read_csv('{folder}/action.csv', all_varchar = true) where action_id = '{key}')"
            connection.execute(f"copy (select *{lacking} from {whole}) to '{folder}/{key}.parquet'")
    path = folder / "delivery.toml"
    path.write_text(path.read_text().replace('"action.csv"', '"1.parquet", "2.parquet"'))
    report = load(store, folder)
    found = stored(report.snapshot, "action")
    assert not report.quarantine
    assert {key: row.get("sex") for key, row in found.items()} == {1: "F", 2: None}


def test_a_table_may_come_in_several_files_each_with_its_own_order_of_columns(tmp_path, store):
    folder = deliver(tmp_path / "a", {"action": [action("A")], "spell": [spell("S"), spell("T", person_id=" 1 ")]})
    (folder / "more.csv").write_text(
        "end_date,work_type,spell_id,start_date,employer_id,person_id\n"
        ",OTH,U,2017-01-01,E1,1\n,OTH,S,2017-01-01,E1,1\n,OTH,V,2017-01-01,E1,\n"
    )
    path = folder / "delivery.toml"
    path.write_text(path.read_text().replace('"spell.csv"', '"spell.csv", "more.csv"'))
    report = load(store, folder)
    assert {key: row["person_id"] for key, row in stored(report.snapshot, "spell").items()} == {"T": 1, "U": 1}
    assert faults(report) == {
        ("spell.csv", 2, "spell_id", "different_duplicate"), ("more.csv", 3, "spell_id", "different_duplicate"),
        ("more.csv", 4, "person_id", "without_person"),
    }  # fmt: skip
    assert sorted(path.name for path in report.quarantine.iterdir()) == [
        "delivery.toml",
        "faults.csv",
        "more.csv",
        "spell.csv",
    ]


def test_progress_is_told(tmp_path, store):
    told: list[tuple[str, float]] = []
    folder = deliver(tmp_path / "a", {"action": [action("A")], "spell": [spell("S")]})
    load(store, folder, progress=lambda stage, fraction: told.append((stage, fraction)))
    assert {"action", "spell", "check", "write"} <= {stage for stage, _ in told}
    assert all(0 <= fraction <= 1 for _, fraction in told)


def test_a_catalogue_s_own_dimension_is_kept_and_other_columns_are_not_read(tmp_path, store):
    folder = deliver(tmp_path / "a", {"action": [action("A", remark="secret\nremark")], "spell": [spell("S")]})
    report = load(store, folder)
    assert "remark" not in stored(report.snapshot, "action")["A"]
    assert report.warnings["ignored_columns:action"].count == 1


def test_completeness_of_a_first_delivery_is_its_own(first):
    assert {table: tuple(map(str, days)) for table, days in first.snapshot.complete.items()} == COMPLETE
