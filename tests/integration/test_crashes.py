"""Whatever happens during a load, the store opens with the old or the new snapshot, and the next load is clean."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.integration.delivering import CATALOGUE, action, deliver, load, spell, stored
from tests.integration.disk import Disk, Recorder, always, by_chance, files_only, folders_only, never
from uitstroom.errors import UitstroomError
from uitstroom.registers import Store
from uitstroom.registers.files import locked

CHANCES = [always, never, files_only, folders_only, by_chance(1), by_chance(2)]


@pytest.fixture
def before(tmp_path, monkeypatch):
    """A store with one snapshot, and a delivery of changes with a quarantined row that makes the next with deltas."""
    monkeypatch.setattr("uitstroom.registers.changing.DELTA_SHARE", 0)
    store = tmp_path / "store"
    load(store, deliver(tmp_path / "first", {"action": [action("A")], "spell": [spell("S")]}))
    rows = {"action": [action("B"), action("C", instrument="?")], "spell": [spell("T")]}
    return store, deliver(tmp_path / "next", rows, kind="changes")


def whole(place: Path) -> list[str]:
    """The ids of the snapshots of a store, each of them verified."""
    snapshots = Store(place).snapshots()
    for snapshot in snapshots:
        snapshot.verify()
        stored(snapshot, "action")
    return [snapshot.id for snapshot in snapshots]


def clean(place: Path) -> None:
    """Nothing lies about that no snapshot refers to."""
    known = set(whole(place))
    assert {path.name for path in (place / "tables").iterdir()} == known
    assert {path.stem for path in (place / "snapshots").iterdir()} == known
    assert list((place / "staging").iterdir()) == []


def recorded(work, store):
    """What `work` does to the store, as operations on the disk as it was before."""
    disk_before = store.with_name("before")
    shutil.copytree(store, disk_before) if store.exists() else disk_before.mkdir()
    recorder = Recorder()
    work(Store(store, files=recorder))
    disk_before.rename(store.with_name("kept"))
    return recorder.operations


def after_each(operations, store, tmp_path):
    """The store as a failure leaves it after each prefix of the operations, in several ways."""
    kept = store.with_name("kept")
    for chance, keeps in enumerate(CHANCES):
        disk = Disk(kept)
        disk.place = store
        for done in range(len(operations) + 1):
            if done:
                operations[done - 1][1](disk)
            place = tmp_path / f"left-{chance}-{done}"
            disk.left(place, keeps)
            yield done, place
            shutil.rmtree(place)


@pytest.mark.parametrize("loaded", [False, True])
def test_after_any_prefix_of_a_load_the_old_or_the_new_snapshot_stands(before, tmp_path, loaded):
    store, folder = before if loaded else (tmp_path / "empty", tmp_path / "first")
    old = whole(store)
    operations = recorded(lambda place: place.load(folder, CATALOGUE), store)
    new = whole(store)
    assert len(new) == len(old) + 1
    seen = set()
    for done, place in after_each(operations, store, tmp_path):
        found = whole(place)
        assert found in (old, new), operations[done - 1][0]
        seen.add(len(found))
        if done == len(operations):
            assert found == new
    assert seen == {len(old), len(new)}


def test_after_any_prefix_of_a_withdrawal_it_is_withdrawn_or_not(before, tmp_path):
    store, _ = before
    operations = recorded(lambda place: place.withdraw(place.snapshots()[0].id, "wrong"), store)
    seen = {Store(place).snapshots()[0].withdrawn for _, place in after_each(operations, store, tmp_path)}
    assert seen == {None, "wrong"}


def test_after_an_interrupted_load_the_next_one_is_clean(before, tmp_path):
    store, folder = before
    operations = recorded(lambda place: place.load(folder, CATALOGUE), store)
    new = whole(store)
    disk = Disk(store.with_name("kept"))
    disk.place = store
    for done, (_, operation) in enumerate(operations):
        operation(disk)
        if done % 6 == 0:
            place = tmp_path / f"interrupted-{done}"
            disk.left(place, always)
            load(place, folder, quarantine=tmp_path / f"quarantine-{done}")
            assert whole(place) == new
            clean(place)


LOADING = """
import sys
from pathlib import Path
from uitstroom.catalogue import Catalogue
from uitstroom.registers import Store
catalogue = Catalogue.load()
print("ready", flush=True)
Store(Path(sys.argv[1])).load(Path(sys.argv[2]), catalogue)
"""


def killed(store: Path, folder: Path, after: float) -> bool:
    """Whether a load in a process of its own was killed before its end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", LOADING, store, folder], stdout=subprocess.PIPE, env=environment)
    assert process.stdout
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("kills", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_a_load_killed_at_any_moment_leaves_the_old_snapshot_and_the_next_load_is_clean(before, tmp_path, kills):
    store, _ = before
    many = [action(f"N{number}", person_id=number) for number in range(20_000)]
    folder = deliver(tmp_path / "many", {"action": [*many, action("?", instrument="?")]}, kind="changes")
    old, start = whole(store), time.monotonic()
    reference = load(shutil.copytree(store, tmp_path / "reference"), folder, quarantine=tmp_path / "q").snapshot.id
    longest, chance, survived = 1.2 * (time.monotonic() - start), random.Random(kills), 0
    for kill in range(kills):
        place = shutil.copytree(store, tmp_path / f"killed-{kill}")
        survived += not killed(place, folder, chance.uniform(0, longest))
        assert whole(place) in (old, [*old, reference])
        load(place, folder)
        assert whole(place) == [*old, reference]
        clean(place)
        shutil.rmtree(place)
    assert survived < kills


def test_who_comes_second_waits_and_is_told_when_it_takes_too_long(before, tmp_path):
    store, folder = before
    with locked(store / "lock", 0), pytest.raises(UitstroomError, match="another load"):
        Store(store, patience=0.2).load(folder, CATALOGUE)
    other = deliver(tmp_path / "other", {"action": [action("D")]}, kind="changes")
    threads = [threading.Thread(target=load, args=(store, one)) for one in (folder, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(stored(Store(store).as_known_on(None), "action")) == {"A", "B", "D"}
