"""What a store lacks of what was delivered is counted by key: a correction takes off what it mends, once."""

from __future__ import annotations

import pytest

from tests.integration.delivering import DELIVERED, action, deliver, load, spell, stored

GOOD = [action("A"), action("B")]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def corrected(folder, *changes):
    """Mend the rows of a quarantine: each change is (table, what stands there, what comes in its place)."""
    for table, old, new in changes:
        path = folder / f"{table}.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def first(store, tmp_path, rows, spells=()):
    return load(store, deliver(tmp_path / "first", {"action": [*GOOD, *rows], "spell": [spell("S"), *spells]}))


def test_the_same_correction_twice_takes_off_no_more(store, tmp_path):
    bad = [action(f"X{number}", end_date="2016-01-01") for number in range(4)]
    bad[0]["end_date"] = "2016-12-24"
    report = first(store, tmp_path, bad)
    assert report.snapshot.quarantined == {"action": 4, "spell": 0}
    folder = corrected(report.quarantine, ("action", "2016-12-24", "2017-12-24"))
    assert load(store, folder, quarantine=tmp_path / "q1").snapshot.quarantined["action"] == 3
    (folder / "delivery.toml").write_text((folder / "delivery.toml").read_text().replace(str(DELIVERED), "2017-11-16"))
    assert load(store, folder, quarantine=tmp_path / "q2").snapshot.quarantined["action"] == 3


def test_a_record_without_a_key_is_missing_until_its_correction_is_loaded(store, tmp_path):
    report = first(store, tmp_path, [action("", employer_id="E7"), action("", employer_id="E8"), action("C", sex="?")])
    assert report.snapshot.quarantined["action"] == 3
    folder = corrected(report.quarantine, ("action", ",ibo,,1,,,E7", "D,ibo,,1,,,E7"))
    once = load(store, folder, quarantine=tmp_path / "q1")
    assert (once.loaded["action"], once.snapshot.quarantined["action"]) == (1, 2)
    (folder / "delivery.toml").write_text((folder / "delivery.toml").read_text().replace(str(DELIVERED), "2017-11-16"))
    again = load(store, folder, quarantine=tmp_path / "q2")
    assert again.snapshot.quarantined["action"] == 2
    rest = corrected(once.quarantine, ("action", ",ibo,,1,,,E8", "E,ibo,,1,,,E8"), ("action", "?", "F"))
    (rest / "delivery.toml").write_text((rest / "delivery.toml").read_text().replace(str(DELIVERED), "2017-11-17"))
    assert load(store, rest).snapshot.quarantined["action"] == 0


def test_a_key_that_comes_to_stand_in_any_way_is_missing_no_longer(store, tmp_path):
    report = first(store, tmp_path, [action("C", sex="?"), action("D", sex="?"), action("E", sex="?")])
    assert report.snapshot.quarantined["action"] == 3
    rows = [action("C"), {"action_id": "D", "instrument": "ibo", "operation": "delete"}, action("E", sex="!")]
    later = load(store, deliver(tmp_path / "later", {"action": rows}, kind="changes"))
    assert later.snapshot.quarantined["action"] == 1
    assert load(store, deliver(tmp_path / "whole", {"action": [*GOOD, action("C")]})).snapshot.quarantined == {
        "action": 0, "spell": 0,
    }  # fmt: skip


def test_what_stands_is_not_missing(store, tmp_path):
    """Equal duplicates, a bad update of a row that stands: reported, and nothing is lacking."""
    report = first(store, tmp_path, [action("A"), action("C"), action("C", employer_id="E2")])
    assert (report.quarantined["action"], report.snapshot.quarantined["action"]) == (3, 1)
    folder = deliver(tmp_path / "later", {"action": [action("B", sex="?")]}, kind="changes")
    later = load(store, folder)
    assert (later.quarantined["action"], later.snapshot.quarantined["action"]) == (1, 1)
    assert later.rejected_updates == {"action": 1}


def test_a_correction_of_a_snapshot_that_is_not_there_is_refused(store, tmp_path):
    report = first(store, tmp_path, [action("C", sex="?")])
    with pytest.raises(Exception, match="no such snapshot to correct"):
        load(tmp_path / "other", report.quarantine)


def test_a_first_delivery_that_is_mostly_bad_is_told_and_not_loaded(store, tmp_path):
    from click.testing import CliRunner

    from uitstroom.cli import main

    rows = [action(f"G{number}") for number in range(9)] + [action(f"X{number}", sex="?") for number in range(11)]
    folder = deliver(tmp_path / "bad", {"action": rows, "spell": [spell("S")]})
    words = ["load", str(folder), "--store", str(store), "--lang", "en"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert "11 of the 20 rows have faults" in done.output
    assert "unknown_code" in done.output
    assert not (store / "snapshots").exists() or not list((store / "snapshots").iterdir())
    quarantine = tmp_path / "bad-quarantine"
    assert len((quarantine / "action.csv").read_text().splitlines()) == 12
    assert "corrects" not in (quarantine / "delivery.toml").read_text()
    done = CliRunner().invoke(main, [*words, "--accept-quarantine"])
    assert done.exit_code == 3, done.output


def test_half_is_not_most_and_few_rows_are_no_sign(store, tmp_path):
    rows = [action(f"G{number}") for number in range(10)] + [action(f"X{number}", sex="?") for number in range(10)]
    assert load(store, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]})).quarantined["action"] == 10
    few = [action(f"X{number}", sex="?") for number in range(19)]
    report = load(tmp_path / "other", deliver(tmp_path / "b", {"action": few, "spell": [spell("S")]}))
    assert report.snapshot.rows["action"] == 0


def test_an_interrupted_load_leaves_one_quarantine(store, tmp_path, monkeypatch):
    from uitstroom.registers import Store

    folder = deliver(tmp_path / "first", {"action": [*GOOD, action("C", sex="?")], "spell": [spell("S")]})
    with monkeypatch.context() as broken:
        broken.setattr(Store, "_commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            load(store, folder)
    assert (tmp_path / "first-quarantine").exists()
    report = load(store, folder)
    assert report.quarantine == tmp_path / "first-quarantine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "first-quarantine", "store"]
    assert set(stored(report.snapshot, "action")) == {"A", "B"}
