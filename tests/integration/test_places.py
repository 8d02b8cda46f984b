"""Where a delivery or a store lies decides nothing: no name of a folder is taken for a column or for a pattern."""

import shutil

import duckdb
import pytest

from tests.integration.delivering import action, deliver, faults, load, manifest, spell, stored
from uitstroom.recipes import figures
from uitstroom.release.json_csv import as_json
from uitstroom.sql import path_literal

PLACES = ("instrument=ibo", "person_id=1003/new=9", "removed=true/é", "x?", "a b", "[1]", "a*/it's")
MEANT = {"x?": "xy", "[1]": "1", "a*/it's": "ab/it's"}
"""What a name would mean if it were a pattern."""
ACTIONS = [
    action("1", instrument="iss", person_id="1"),
    action("2", instrument="iss", person_id="2", employer_id="E2"),
    action("3", instrument="iss", person_id="3", start_date="2017-02-01"),
    action("4", resumes="3", instrument="iss", person_id="3", start_date="2017-05-01", end_date="2017-05-31"),
    action("bad", end_date="2016-01-01"),
]
SPELLS = [spell("1"), spell("2", person_id="3", work_type="EXT")]
CHANGES = {
    "action": [action("2", instrument="iss", person_id="2", employer_id="E3"), action("1", operation="delete")],
    "spell": [spell("3", person_id="2")],
}


def as_parquet(folder, **said):
    """The same delivery with its rows in Parquet."""
    for path in folder.glob("*.csv"):
        rows = f"read_csv({path_literal(path)}, all_varchar = true, hive_partitioning = false)"
        duckdb.execute(f"copy (from {rows}) to {path_literal(path.with_suffix('.parquet'))} (format parquet)")
        path.unlink()
    (folder / "delivery.toml").write_text(manifest(["action", "spell"], form="parquet", **said), encoding="utf-8")
    return folder


def whole(root, form, place):
    """A store and its deliveries in a folder of that name: what is stored and what was rejected."""
    home = root / place
    for name, kind, tables in (("full", "full", {"action": ACTIONS, "spell": SPELLS}), ("less", "changes", CHANGES)):
        deliver(home / name, tables, kind=kind)
        if form == "parquet":
            as_parquet(home / name, kind=kind)
    first = load(home / "store", home / "full")
    second = load(home / "store", home / "less").snapshot
    return second, faults(first), {table: stored(second, table) for table in ("action", "spell")}


def asked(store):
    """What measuring says, measured and kept, from what is kept, and without it."""
    said = [
        as_json(figures(store, ["started", "persons", "outflow"], "2017-S1", by=["sex"], internal=True, engine=engine))
        for engine in ("duckdb", "duckdb", "duckdb-afresh")
    ]
    assert said[0] == said[1] == said[2]
    return said[0]


@pytest.fixture(scope="module", params=["csv", "parquet"])
def plain(request, tmp_path_factory):
    """What is stored and measured where nothing is strange."""
    root = tmp_path_factory.mktemp("plain")
    found = whole(root, request.param, "plain")
    return request.param, root / "plain", found, asked(root / "plain/store")


@pytest.mark.parametrize("place", PLACES)
def test_the_folder_s_name_moves_nothing(plain, place, tmp_path):
    form, home, found, said = plain
    if meant := MEANT.get(place):
        shutil.copytree(home, tmp_path / meant)
    assert whole(tmp_path, form, place) == found
    assert asked(tmp_path / place / "store") == said


@pytest.mark.parametrize("name", ["*.parquet", "instrument=ibo/[a]ction.parquet", "x?/action.parquet"])
def test_the_file_s_name_moves_nothing(plain, name, tmp_path):
    form, home, _, _ = plain
    if form != "parquet":
        return
    folder = tmp_path / "delivery"
    shutil.copytree(home / "full", folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "action.parquet").rename(folder / name)
    said = (folder / "delivery.toml").read_text("utf-8").replace("action.parquet", name)
    (folder / "delivery.toml").write_text(said, encoding="utf-8")
    report = load(tmp_path / "store", folder)
    assert (report.loaded, report.quarantined) == ({"action": 4, "spell": 2}, {"action": 1, "spell": 0})
    assert {row["instrument"] for row in stored(report.snapshot, "action").values()} == {"iss"}
