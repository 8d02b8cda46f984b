"""A manifest is refused whole, with everything that is wrong in it, and never repeats what stands there."""

from __future__ import annotations

import datetime

import pytest

from uitstroom.errors import UitstroomError
from uitstroom.registers.delivery import read_delivery

GOOD = """
delivered_on = 2017-11-15
kind = "full"
person = "pseudonym"
[tables.action]
files = ["actions.csv"]
complete_from = 2016-01-01
complete_until = 2017-11-10
"""


def problems(tmp_path, manifest, *, encoding="utf-8"):
    (tmp_path / "delivery.toml").write_bytes(manifest.encode(encoding))
    (tmp_path / "actions.csv").write_text("action_id,instrument\n")
    with pytest.raises(UitstroomError) as raised:
        read_delivery(tmp_path)
    assert raised.value.exit_code == 1
    return [str(problem) for problem in raised.value.problems]


def test_a_manifest_with_defaults(tmp_path):
    (tmp_path / "delivery.toml").write_text(GOOD)
    (tmp_path / "actions.csv").write_text("")
    manifest = read_delivery(tmp_path).manifest
    assert manifest.csv.model_dump() == {"encoding": "utf-8", "delimiter": ",", "quote": '"', "date_format": "iso"}
    assert manifest.tables["action"].complete_until == datetime.date(2017, 11, 10)
    assert not manifest.synthetic


@pytest.mark.parametrize(("old", "new", "said"), [
    ("2017-11-10", "2017-11-16", "complete_until lies after delivered_on"),
    ("complete_from = 2016-01-01", "complete_from = 2017-11-11", "complete_until lies before complete_from"),
    ("complete_from = 2016-01-01", "", "needs complete_from"),
    ('"full"', '"whole"', "'full' or 'changes'"),
    ('"full"', '"full"\ncolour = "red"', "not known"),
    ('"actions.csv"', '"../actions.csv"', "without .."),
    ('"actions.csv"', '"/tmp/actions.csv"', "leading /"),
    ('"actions.csv"', '"actions.doc"', "ends in .csv"),
    ('"actions.csv"', '"actions.csv", "actions.csv"', "named twice"),
    ('"actions.csv"', '"other.csv"', "not there"),
    ("tables.action", "tables.actie", "'action', 'spell' or 'person_change'"),
    ("2017-11-15", "2017-13-15", "TOML"),
    ('["actions.csv"]', "[]", "at least 1"),
])  # fmt: skip
def test_what_is_refused(tmp_path, old, new, said):
    assert said in "\n".join(problems(tmp_path, GOOD.replace(old, new, 1)))


def test_everything_at_once_each_with_its_key(tmp_path):
    found = problems(tmp_path, GOOD.replace('"full"', '"x"').replace('"pseudonym"', '"y"').replace("files", "file"))
    assert len(found) == 4
    for key in ("kind", "person", "tables.action.files", "tables.action.file"):
        assert any(f", {key}:" in problem for problem in found)


def test_no_folder_no_manifest_no_text(tmp_path):
    with pytest.raises(UitstroomError, match="no manifest"):
        read_delivery(tmp_path / "nothing")
    assert "UTF-8" in problems(tmp_path, GOOD + "# é", encoding="utf-16")[0]


def test_nothing_that_stands_in_a_manifest_is_repeated(tmp_path):
    for place in ("2017-11-15", '"full"', '"pseudonym"', "2016-01-01"):
        assert "85073003328" not in "\n".join(problems(tmp_path, GOOD.replace(place, '"85073003328"', 1)))
    assert "85073003328" not in "\n".join(
        problems(tmp_path, GOOD + "\n[csv]\nencoding = '85073003328'\nquote = '85073003328'")
    )
    assert "85073003328" not in "\n".join(problems(tmp_path, GOOD + "\n= 85073003328"))
