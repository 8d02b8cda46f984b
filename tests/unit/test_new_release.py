"""A release has its name whole or not at all, and a killed answer leaves nothing for ever."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from uitstroom.errors import UitstroomError
from uitstroom.release.formats import FORMATS, require
from uitstroom.release.manifest import MANIFEST, UNFINISHED, Internal, Manifest, internal_of
from uitstroom.release.new_release import NewRelease
from uitstroom.release.verdict import damaged

PUBLIC, INTERNAL = {"data/figures.json": b"{}", "question.toml": b""}, {"figures.json": b"{}", "catalogue/a.toml": b""}


def written(release: Path) -> None:
    with NewRelease(release) as place:
        place.put(PUBLIC, INTERNAL, Manifest.of({}, PUBLIC), "duckdb")


def test_both_parts_lie_beside_each_other_the_internal_one_for_its_owner_only(tmp_path: Path) -> None:
    release = tmp_path / "release"
    written(release)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["release", "release.internal"]
    assert internal_of(release).stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in internal_of(release).rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in release.rglob("*") if path.is_file()} == {0o644}
    assert damaged(release, Manifest.read(release)) == ()
    (internal_of(release) / "figures.json").write_bytes(b"other")
    assert damaged(release, Manifest.read(release)) == ("release.internal/figures.json",)
    internal = Internal.of(release)
    assert internal is not None
    assert internal.engine == "duckdb"


def test_an_internal_part_of_another_release_is_named(tmp_path: Path) -> None:
    for name in ("one", "other"):
        written(tmp_path / name)
    manifest = (tmp_path / "one" / MANIFEST).read_bytes().replace(b'"inputs": {}', b'"inputs": {"clock": "x"}')
    (tmp_path / "one" / MANIFEST).write_bytes(manifest)
    assert f"one.internal/{MANIFEST}" in damaged(tmp_path / "one", Manifest.read(tmp_path / "one"))


@pytest.mark.parametrize("taken", ["release", "release.internal"])
def test_a_place_that_is_taken_is_refused(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).mkdir()
    (tmp_path / taken / "file").write_text("mine")
    with pytest.raises(UitstroomError, match="never overwritten"), NewRelease(tmp_path / "release"):
        pytest.fail("entered")
    assert (tmp_path / taken / "file").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file is no folder")
    with pytest.raises(UitstroomError, match="cannot be written here"), NewRelease(tmp_path / "file" / "release"):
        pytest.fail("entered")


def test_a_full_disk_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, first: int, length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(UitstroomError, match="No space left"), NewRelease(tmp_path / "release"):
        pytest.fail("entered")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_later_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 4:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UitstroomError, match="No space left"):
        written(tmp_path / "release")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.test_new_release import PUBLIC, INTERNAL
from uitstroom.release.manifest import Manifest
from uitstroom.release.new_release import NewRelease
release, moment = Path(sys.argv[1]), int(sys.argv[2])
step = 0
def stop(*_):
    global step
    step += 1
    if step == moment:
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(lambda event, _: stop() if event in ("open", "os.rename", "os.mkdir", "os.remove") and armed else None)
armed = False
with NewRelease(release) as place:
    armed = True
    place.put(PUBLIC, INTERNAL, Manifest.of({}, PUBLIC), "duckdb")
"""


@pytest.mark.parametrize("moment", [1, 4, 7, 9, 11, 13, 14, 15, 16, 17, 18, 19, 20])
def test_whoever_is_killed_leaves_nothing_for_the_next(tmp_path: Path, moment: int) -> None:
    """Killed at one operation after the other: then the release is whole, or the next answer finds a clean place."""
    release = tmp_path / "release"
    done = subprocess.run([sys.executable, "-c", KILLED, str(release), str(moment)], check=False, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL)
    if (release / MANIFEST).exists():
        assert damaged(release, Manifest.read(release)) == ()
        return
    written(release)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["release", "release.internal"]
    assert not (internal_of(release) / UNFINISHED).exists()


def test_an_answer_that_still_runs_is_left_alone(tmp_path: Path) -> None:
    with NewRelease(tmp_path / "release"):
        (running,) = tmp_path.iterdir()
        with NewRelease(tmp_path / "release"):
            assert running.exists()
            time.sleep(0)


def test_missing_libraries_are_all_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uitstroom.release.formats.find_spec", lambda name: None)
    with pytest.raises(UitstroomError) as refused:
        require(["json", "csv", "pdf", "sdmx"])
    said = str(refused.value)
    assert "the format pdf needs typst" in said
    assert "uitstroom[publish]" in said
    assert "the format sdmx needs pysdmx and lxml" in said
    assert "uitstroom[sdmx]" in said
    assert len(refused.value.problems) == 2
    assert all(FORMATS[name].libraries for name in ("xlsx", "docx", "odt", "html", "charts"))
