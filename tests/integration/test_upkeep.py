"""Keeping a store: damage is found, what may no longer be kept is removed for good, and what others share stays."""

from __future__ import annotations

import dataclasses
import datetime
import re
import shutil

import pytest
from click.testing import CliRunner

from tests.integration.delivering import CATALOGUE, action, deliver, load, spell, stored
from tests.integration.test_crashes import after_each, recorded
from uitstroom.cli import main
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.recipes import figures
from uitstroom.registers import Store, chains
from uitstroom.release.json_csv import as_json

DAY = datetime.date


@pytest.fixture
def store(tmp_path):
    """Three snapshots: whole, with changes, whole again; of the first one row was set apart."""
    place = tmp_path / "store"
    rows = [*(action(f"A{number}", person_id=str(number)) for number in range(30)), action("?", instrument="?")]
    load(place, deliver(tmp_path / "a", {"action": rows, "spell": [spell("S")]}))
    later = {"kind": "changes", "delivered_on": DAY(2017, 12, 1)}
    load(place, deliver(tmp_path / "b", {"action": [action("B")], "spell": [spell("T")]}, **later))
    last = {"delivered_on": DAY(2018, 1, 1)}
    load(place, deliver(tmp_path / "c", {"action": [*rows[:-1], action("C")]}, **last), accept_removals=True)
    return Store(place)


def said(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_sound_store_says_so(store):
    found = store.check(CATALOGUE)
    assert found.sound
    assert (found.damaged, found.kept, found.left, dict(found.refused)) == ((), (), (), {})
    assert found.files == len({file.path for one in store.snapshots() for file in one.files})
    assert said("check", "--store", store.path).exit_code == 0


def test_damage_is_told(store):
    path = store.path / store.snapshots()[0].faults.path
    path.unlink()
    done = said("check", "--store", store.path, "--lang", "en")
    assert (done.exit_code, str(path) in done.output.replace("\n", "")) == (1, True)


@pytest.mark.parametrize("size", ["same", "shorter", "gone"])
def test_damage_of_any_file_is_found(store, size):
    first, changed, _ = store.snapshots()
    base = next(part.base[0] for part in first.tables["action"] if part.base)
    delta = next(part.deltas[0] for part in changed.tables["action"] if part.deltas)
    for file in (first.missing, base, delta):
        path = store.path / file.path
        content = path.read_bytes()
        path.unlink()
        if size != "gone":
            path.write_bytes(
                content[:-1] if size == "shorter" else content[:9] + bytes([content[9] ^ 4]) + content[10:]
            )
        assert store.check(CATALOGUE).damaged == (path,)
        path.unlink(missing_ok=True)
        path.write_bytes(content)


def test_repair_removes_what_is_computed_again_and_what_was_left(store):
    figures(store, ["started"], "2017-S1", by=["sex"])
    kept = next(path for path in (store.path / "kept").rglob("*.parquet"))
    content = kept.read_bytes()
    kept.write_bytes(bytes(len(content)))
    (store.path / "staging/left").mkdir()
    (store.path / "tables" / store.snapshots()[0].id / "stray").touch()
    found = store.check(CATALOGUE)
    assert found.sound
    assert (len(found.kept), len(found.left)) == (1, 2)
    assert said("check", "--store", store.path).exit_code == 1
    assert said("check", "--store", store.path, "--repair").exit_code == 0
    again = store.check(CATALOGUE)
    assert (again.kept, again.left) == ((), ())


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_damaged_results_that_were_kept_are_measured_again(store, share):
    def asked(engine="duckdb"):
        return as_json(figures(store, ["started", "outflow"], "2017-S1", by=["sex"], internal=True, engine=engine))

    afresh = asked("duckdb-afresh")
    assert asked() == afresh
    for path in (store.path / "kept").rglob("*.parquet"):
        content = path.read_bytes()
        place = int(share * len(content))
        path.write_bytes(content[:place] + bytes(min(40, len(content) - place)) + content[place + 40 :])
    assert asked() == afresh
    assert asked() == afresh


def test_a_damaged_file_of_a_snapshot_is_told_where_it_is_measured(store):
    for file in store.as_known_on(None).files:
        path = store.path / file.path
        path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(UitstroomError, match="could not be read"):
        figures(store, ["started"], "2017-S1")


def test_rows_that_a_load_of_today_would_refuse_are_counted(tmp_path, monkeypatch):
    """As a store of earlier rules may hold them: a code that the catalogue lost, a part before what it continues."""
    rows = [action("A", start_date="2017-03-01"), action("B", resumes="A", start_date="2017-02-01"), action("C")]
    with monkeypatch.context() as earlier:
        earlier.setattr(chains, "FAULTS", re.sub(r"union\n[^\n]*where earlier\n", "", chains.FAULTS))
        load(tmp_path / "store", deliver(tmp_path / "a", {"action": rows, "spell": [spell("S", work_type="STU")]}))
    rest = {code: one for code, one in CATALOGUE.work_types.items() if code != "STU"}
    found = Store(tmp_path / "store").check(dataclasses.replace(CATALOGUE, work_types=rest))
    assert dict(found.refused) == {"starts_before_resumed": 1, "unknown_code": 1}
    assert found.sound


def test_a_pruned_snapshot_is_gone_but_for_its_description(store):
    first, second, third = store.snapshots()
    before = {table: stored(third, table) for table in ("action", "spell")}
    gone = store.prune([first.id[:6], second.id], today=DAY(2026, 1, 1))
    assert [one.id for one in gone] == [first.id, second.id]
    assert [one.pruned for one in store.snapshots()] == ["2026-01-01", "2026-01-01", None]
    newest = store.as_known_on(None)
    assert {table: stored(newest, table) for table in before} == before
    newest.verify()
    wanted = {store.path / file.path for file in newest.files}
    assert {path for path in (store.path / "tables").rglob("*") if path.is_file()} == wanted
    assert not any(path.name in (first.id, second.id) for path in (store.path / "kept").glob("*/*"))
    with pytest.raises(UitstroomError, match="was removed on 2026-01-01"):
        store.as_known_on(DAY(2017, 11, 20))
    assert store.check(CATALOGUE).sound
    assert store.prune([first.id]) == ()


def test_loads_go_on_after_a_prune(store, tmp_path):
    store.prune(delivered_before=DAY(2018, 1, 1))
    folder = deliver(tmp_path / "d", {"action": [action("D")]}, kind="changes", delivered_on=DAY(2018, 2, 1))
    assert load(store.path, folder).snapshot.rows["action"] == 32


def test_the_newest_snapshot_and_one_that_is_not_there_are_not_pruned(store):
    for wrong in ({"snapshots": [store.as_known_on(None).id]}, {"snapshots": ["zz"]}, {"delivered_before": DAY.max}):
        with pytest.raises(UsageError):
            store.prune(**wrong)
    assert all(one.pruned is None for one in store.snapshots())


def test_after_any_prefix_of_a_prune_the_rest_is_whole(store, tmp_path):
    first, _, third = store.snapshots()
    operations = recorded(lambda place: place.prune([first.id]), store.path)
    expected = stored(third, "action")
    for done, place in after_each(operations, store.path, tmp_path):
        if done % 5:
            continue
        newest = Store(place).as_known_on(None)
        newest.verify()
        assert stored(newest, "action") == expected


def test_releases_that_can_no_longer_be_rebuilt_are_listed(store, tmp_path):
    first = store.snapshots()[0]
    for name, snapshot in (("one", first.id), ("other", "0" * 16)):
        (tmp_path / "releases" / name).mkdir(parents=True)
        (tmp_path / "releases" / name / "manifest.json").write_text(f'{{"inputs": {{"snapshot": "{snapshot}"}}}}')
    words = [
        "prune",
        "--store",
        store.path,
        "--snapshot",
        first.id,
        "--releases",
        tmp_path / "releases",
        "--lang",
        "en",
    ]
    done = said(*words)
    assert done.exit_code == 0
    flat = done.output.replace("\n", "")
    assert f"{tmp_path}/releases/one" in flat
    assert f"{tmp_path}/releases/other" not in flat
    assert said("prune", "--store", store.path).exit_code == 2


def test_a_trial_leaves_nothing(store, tmp_path):
    rows = [action("N"), action("bad", instrument="?")]
    folder = deliver(tmp_path / "d", {"action": rows}, kind="changes", delivered_on=DAY(2018, 2, 1))
    shutil.copytree(store.path, tmp_path / "before")
    done = said("load", folder, "--store", store.path, "--dry-run", "--lang", "en")
    assert done.exit_code == 3
    assert "nothing was loaded" in done.output
    assert not (tmp_path / "d-quarantine").exists()
    files = [sorted(path.relative_to(root) for path in root.rglob("*")) for root in (store.path, tmp_path / "before")]
    assert files[0] == files[1]
    assert len(store.snapshots()) == 3


def test_withdrawing_is_a_command_of_snapshots_and_the_old_name_says_so(store):
    second, third = (one.id for one in store.snapshots()[1:])
    assert said("snapshots", "withdraw", third, "--reason", "x", "--store", store.path).exit_code == 0
    done = said("withdraw", second, "--reason", "y", "--store", store.path)
    assert done.exit_code == 0
    assert "snapshots withdraw" in done.output
    assert [one.withdrawn for one in store.snapshots()] == [None, "y", "x"]
    assert "ingetrokken: y" in said("snapshots", "--store", store.path).output
