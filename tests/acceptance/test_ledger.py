"""What is published stands on a list that only grows, and later answers are protected against all of it."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.test_answer_115 import ROOT, uitstroom
from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.ledger.entry import BEGINNING, Entry
from uitstroom.ledger.ledger import LINES, Ledger, internal_part
from uitstroom.ledger.moment import moment
from uitstroom.ledger.proof import proved
from uitstroom.ledger.publication import Publication, earlier_releases, open_due, publish, withdraw
from uitstroom.ledger.version import next_version
from uitstroom.recipes.answering import Making, answer
from uitstroom.recipes.verification import verify
from uitstroom.registers import Store
from uitstroom.release.figures_file import FiguresFile
from uitstroom.release.folder import Release
from uitstroom.release.manifest import internal_of

NOON = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
QUESTION = """
name = "{name}"
formats = ["csv"]
parliament = {{ nl = "Vlaams Parlement", en = "Flemish Parliament" }}
number = "1"
date = 2017-11-23
asked_by = "Iemand"
asked_of = {{ nl = "de minister", en = "the minister" }}
title = {{ nl = "Titel", en = "Title" }}
as_known_on = 2017-11-23
text = "Hoeveel?"
[[tables]]
name = "gestart"
indicator = "started"
periods = ["{period}"]
instruments = ["{instrument}"]
by = [{by}]
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("register") / "store"
    shutil.copytree(ROOT / "tests/made_by_0_1_0/store", place)
    return place


def answered(
    store: Path, folder: Path, name: str, *, period: str = "2017-S1", instrument: str = "ibo", by: str = '"sex"',
    ledger: Path | None = None,
) -> Path:  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    question = folder / f"{name}.toml"
    question.write_text(QUESTION.format(name=name, period=period, instrument=instrument, by=by), "utf-8")
    release = folder / f"{name}-{len(list(folder.iterdir()))}"
    read = Ledger.read(ledger) if ledger else None
    return answer(Making(question, Store(store), Catalogue.load(), ledger=read), release)


@pytest.fixture(scope="module")
def releases(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two releases that have to do with each other, and one that has not; none protected against a ledger."""
    place = tmp_path_factory.mktemp("releases")
    return {
        "half": answered(store, place, "half"),
        "year": answered(store, place, "year", period="2017-01/2017-09"),
        "other": answered(store, place, "other", instrument="bvs"),
    }


def bytes_under(folder: Path) -> bytes:
    return b"".join(
        path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()
    )


def test_a_release_is_published_and_the_list_stands(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    told = uitstroom("ledger", "publish", releases["half"], "--ledger", ledger, "--notice", "Eerste").stdout
    assert "half 1.0.0" in told
    assert "half  1.0.0  release  Eerste" in uitstroom("ledger", "list", "--ledger", ledger).stdout
    assert json.loads(uitstroom("ledger", "list", "--json", "--ledger", ledger).stdout)[0]["version"] == "1.0.0"
    assert "In orde" in uitstroom("ledger", "verify", "--ledger", ledger).stdout
    read = Ledger.read(ledger).newest("half")
    assert read is not None
    assert read.read().tables == Release.read(releases["half"]).tables
    assert internal_part(ledger).stat().st_mode & 0o777 == 0o700
    assert (internal_part(ledger) / "kept/half/1.0.0/protection.json").is_file()
    for secret in internal_of(releases["half"]).rglob("*.json"):
        assert secret.read_bytes() not in bytes_under(ledger)


def test_what_was_not_protected_against_a_newer_entry_is_answered_again(
    store: Path, releases: dict[str, Path], tmp_path: Path
) -> None:
    """A year tells of its halves: it must know them. What is about other forms may pass."""
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]))
    publish(ledger, Publication(releases["other"]))
    with pytest.raises(UitstroomError, match=r"half 1\.0\.0 tells numbers .* not protected against"):
        publish(ledger, Publication(releases["year"]))
    again = answered(store, tmp_path / "again", "year", period="2017-01/2017-09", ledger=ledger)
    assert Release.read(again).manifest.inputs["ledger"] == Ledger.read(ledger).head
    publish(ledger, Publication(again))
    assert verify(again, Store(store), ledger=ledger).verified
    with pytest.raises(UitstroomError, match="--ledger"):
        verify(again, Store(store))
    assert [one.name for one in Ledger.read(ledger).releases] == ["half", "other", "year"]


def test_a_release_without_its_internal_part_or_with_damage_is_refused(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(releases["half"], alone)
    with pytest.raises(UitstroomError, match="lacks its internal part"):
        publish(tmp_path / "ledger", Publication(alone))
    shutil.copytree(internal_of(releases["half"]), internal_of(alone))
    (alone / "data/figures.json").write_bytes((alone / "data/figures.json").read_bytes() + b" ")
    with pytest.raises(UitstroomError, match="damaged"):
        publish(tmp_path / "ledger", Publication(alone))
    assert Ledger.read(tmp_path / "ledger").entries == ()


def test_without_the_internal_part_of_the_ledger_nothing_is_written(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]))
    shutil.rmtree(internal_part(ledger))
    with pytest.raises(UitstroomError, match="internal part of this ledger is missing"):
        publish(ledger, Publication(releases["other"]))
    with pytest.raises(UitstroomError, match="lacks half"):
        earlier_releases(Ledger.read(ledger))


def test_under_embargo_the_public_part_tells_nothing_but_a_hash(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    made = publish(ledger, Publication(releases["half"], NOON + timedelta(hours=1)), NOON)
    assert made.sealed
    public = bytes_under(ledger)
    assert b"half" not in public
    assert made.entry.manifest is None
    assert (releases["half"] / "question.toml").read_bytes() not in public
    assert [path.name for path in ledger.rglob("*") if path.is_file()] == [LINES]
    assert proved(ledger) == []
    assert Ledger.read(ledger).shown(NOON + timedelta(minutes=59)) == ()
    assert open_due(ledger, NOON + timedelta(minutes=59)).next_opening == NOON + timedelta(hours=1)
    assert b"half" not in bytes_under(ledger)
    opened = open_due(ledger, NOON + timedelta(hours=1))
    assert [(one.name, one.version, one.sealed) for one in opened.shown(NOON + timedelta(hours=1))] == [
        ("half", "1.0.0", False)
    ]
    assert proved(ledger) == []
    assert len(earlier_releases(opened.until(opened.entries[0].hash))) == 1


def test_a_sealed_release_protects_too_and_cannot_be_exchanged(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"], NOON + timedelta(hours=1)), NOON)
    with pytest.raises(UitstroomError, match="half"):
        publish(ledger, Publication(releases["year"]), NOON)
    (sealed,) = internal_part(ledger).glob("sealed/*.json")
    told = json.loads(sealed.read_text("utf-8"))
    told["content"]["at"] = "2026-01-05T11:30:00Z"
    sealed.write_text(json.dumps(told), "utf-8")
    assert any("seals" in problem.what for problem in proved(ledger))


def test_withdrawn_files_are_gone_where_they_told_too_much_and_what_they_told_stays_known(
    releases: dict[str, Path], tmp_path: Path
) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]), NOON)
    entry = withdraw(ledger, "half", None, {"nl": "te veel"}, disclosive=True, now=NOON + timedelta(hours=1))
    assert [path.name for path in ledger.rglob("*") if path.is_file()] == [LINES]
    read = Ledger.read(ledger)
    assert read.releases[0].gone
    assert read.releases[0].withdrawn == entry
    assert read.newest("half") is None
    assert [one.name for one in read.shown(NOON)] == ["half"]
    assert proved(ledger) == []
    with pytest.raises(UitstroomError, match="not protected against"):
        publish(ledger, Publication(releases["year"]), NOON + timedelta(hours=2))
    with pytest.raises(UitstroomError, match="no such release"):
        withdraw(ledger, "half", None, {"nl": "nog eens"})


def test_every_change_of_the_list_and_of_its_files_is_noticed(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]), NOON)
    publish(ledger, Publication(releases["other"]), NOON)
    withdraw(ledger, "other", None, {"nl": "fout"}, now=NOON)
    lines = (ledger / LINES).read_text("utf-8").splitlines()
    entry = Entry.parse(lines[1])
    forged = replace(entry, version="9.0.0").line()
    for changed in (
        [lines[0], lines[2]], [lines[1], lines[0], lines[2]], lines[1:], [lines[0], forged, lines[2]],
        [lines[0].replace("half", "hall"), *lines[1:]], [*lines[:2], lines[2][:40]],
    ):  # fmt: skip
        (ledger / LINES).write_text("".join(f"{line}\n" for line in changed), "utf-8")
        assert proved(ledger), changed
    (ledger / LINES).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    assert proved(ledger) == []
    letter = ledger / "releases/half/1.0.0/data/csv/gestart.csv"
    letter.write_bytes(letter.read_bytes() + b"\n")
    (ledger / "releases/half/2.0.0").mkdir()
    said = [str(problem) for problem in proved(ledger)]
    assert any("gestart.csv" in one for one in said)
    assert any("no entry speaks" in one for one in said)


def test_two_at_once_are_told(releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]))
    with (internal_part(ledger) / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UitstroomError, match="another is writing"):
            publish(ledger, Publication(releases["other"]))


KILLED = """
import os, signal, sys
from pathlib import Path
from uitstroom.ledger.publication import Publication, publish, withdraw
ledger, release, moment = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
step = 0
def stop(event, _):
    global step
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"):
        step += 1
        if step == moment:
            os.kill(os.getpid(), signal.SIGKILL)
import uitstroom.ledger.files
sys.addaudithook(stop)
publish(ledger, Publication(release))
withdraw(ledger, "other", None, {"nl": "x"}, disclosive=True)
"""


@pytest.mark.parametrize("moment", [5, 20, 40, 60, 90, 120, 150, 180, 210, 240, 270, 300])
def test_whoever_is_killed_leaves_a_list_that_stands(releases: dict[str, Path], tmp_path: Path, moment: int) -> None:
    ledger = tmp_path / "ledger"
    publish(ledger, Publication(releases["half"]))
    command = [sys.executable, "-c", KILLED, str(ledger), str(releases["other"]), str(moment)]
    done = subprocess.run(command, check=False, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL)
    assert Ledger.read(ledger).newest("half") is not None
    open_due(ledger)
    assert proved(ledger) == []
    names = [path.name for path in [*ledger.rglob("*"), *internal_part(ledger).rglob("*")]]
    assert not [name for name in names if name.startswith(".staging")]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2017-11-23T10:00", "2017-11-23T09:00"),
        ("2018-07-01T10:00", "2018-07-01T08:00"),
        ("2018-10-28T02:30+02:00", "2018-10-28T00:30"),
        ("2018-10-28T02:30+01:00", "2018-10-28T01:30"),
    ],
)
def test_moments_are_local_time_or_have_an_offset(text: str, instant: str) -> None:
    assert moment(text, "Europe/Brussels") == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [("2018-03-25T02:30", "does not exist"), ("2018-10-28T02:30", "occurs twice"), ("morgen", "not a moment")],
)
def test_moments_that_are_none_or_two_are_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        moment(text, "Europe/Brussels")


def test_a_moment_that_is_past_is_refused(releases: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UitstroomError, match="past"):
        publish(tmp_path / "ledger", Publication(releases["half"], NOON - timedelta(seconds=1)), NOON)


def test_versions_follow_from_what_changed(releases: dict[str, Path]) -> None:
    file = Release.read(releases["half"]).figures
    table = file.tables[0]
    first = next(one for one in table.figures if one.status == "value")
    patched = tuple(replace(one, value=0) if one is first else one for one in table.figures)
    more = (*table.figures, replace(first, period=replace(first.period, code="2016-S1")))

    def with_figures(figures: tuple[object, ...], **changes: object) -> FiguresFile:
        return replace(file, tables=(replace(table, figures=figures),), **changes)

    assert next_version("1.4.2", file, with_figures(patched)) == "1.4.3"
    assert next_version("1.4.2", file, with_figures(more)) == "1.5.0"
    assert next_version("1.4.2", file, with_figures(table.figures[1:])) == "2.0.0"
    renamed = {**file.codes, "instrument": {"ibo": file.codes["unit"]["action"]}}
    assert next_version("1.4.2", file, with_figures(table.figures, codes=renamed)) == "2.0.0"


def test_a_correction_names_what_it_replaces(store: Path, releases: dict[str, Path], tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    with pytest.raises(UitstroomError, match="nothing to correct"):
        publish(ledger, Publication(releases["half"], correction=True))
    publish(ledger, Publication(releases["half"]))
    with pytest.raises(UitstroomError, match="is on the ledger"):
        publish(ledger, Publication(releases["half"], correction=True))
    again = answered(store, tmp_path / "again", "half", by='"age_group"', ledger=ledger)
    made = publish(ledger, Publication(again, notice={"nl": "verkeerde uitsplitsing"}, correction=True))
    assert (made.version, made.entry.kind, made.entry.supersedes) == ("2.0.0", "correction", 1)
    assert Ledger.read(ledger).until(BEGINNING).releases == ()


def test_the_reader_of_a_ledger_starts_no_engine() -> None:
    heavy = ("duckdb", "highspy", "scipy", "numpy", "pydantic", "uitstroom.catalogue", "uitstroom.disclosure")
    code = f"import sys, uitstroom.ledger.ledger; print(*(name for name in {heavy!r} if name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == ""
