"""What leaves: the public files tell nothing of which hidden cell is the small one, and open none under our audit."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from tests import samples
from tests.disclosure.tables import count, rate, table
from uitstroom.disclosure import protect_with_proof
from uitstroom.disclosure.published_files import Columns, PublishedTables
from uitstroom.release.data import WRITERS

LEVELS = ("low", "medium", "high")
PLACES = [(level, sex) for level in LEVELS for sex in "FM"]


def _released(*tables):
    catalogue = samples.catalogue()
    tables = [replace(one, scope=samples.scope()) for one in tables]
    return protect_with_proof(tables, catalogue.disclosure, catalogue.word("reason.suppressed"))


def _by_sex(women, men):
    return table(count("iss", women, sex="F"), count("iss", men, sex="M"), count("iss", women + men))


def _rates_by_sex(women, men):
    """Of 12 women and 12 men so many are not at work."""
    parts = rate("iss", 12 - women, 12, sex="F"), rate("iss", 12 - men, 12, sex="M")
    return table(*parts, rate("iss", 24 - women - men, 24))


@pytest.mark.parametrize("made", [_by_sex, _rates_by_sex])
def test_public_files_do_not_tell_which_hidden_cell_is_the_small_one(made):
    (one, first), (other, second) = _released(made(2, 7)), _released(made(7, 2))
    assert {name: kind for name, kind in first.kinds.items() if kind == "primary"} != {
        name: kind for name, kind in second.kinds.items() if kind == "primary"
    }
    assert first.kinds.keys() == second.kinds.keys()
    for form in ("json", "csv"):
        assert WRITERS[form](one, samples.catalogue(), "nl") == WRITERS[form](other, samples.catalogue(), "nl"), form


def _grid(numbers, make):
    """Six cells of education and sex with their margins."""
    places = dict(zip(PLACES, numbers, strict=True))
    chosen = [{"education": level, "sex": sex} for level, sex in PLACES]
    chosen += [{"education": level} for level in LEVELS] + [{"sex": sex} for sex in "FM"] + [{}]
    return table(*(make(_sum(places, by), by) for by in chosen))


def _sum(places, by):
    own = [n for (level, sex), n in places.items() if by.items() <= {"education": level, "sex": sex}.items()]
    return tuple(map(sum, zip(*own, strict=True)))


def _read_again(publishable, tmp_path, columns):
    """What our audit makes of the public CSV: codes and numbers, nothing else."""
    files = WRITERS["csv"](publishable, samples.catalogue(), "nl", ["release"])
    text = files["data/csv/release.csv"].decode()
    kept = ["by_education", "by_sex", *columns.measures[:2], columns.rate]
    lines = list(csv.DictReader(io.StringIO(text)))
    kept = [name for name in kept if name in lines[0]]
    path = tmp_path / "public.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, kept, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    read = PublishedTables(columns)
    read.read(path)
    return read.audited(1, 4, lambda *_: None)


def test_the_audit_opens_no_hidden_count_of_a_release(tmp_path):
    numbers = [(n,) for n in (2, 9, 8, 11, 7, 30)]
    grid = _grid(numbers, lambda sums, by: count("iss", *sums, **by))
    found = _read_again(_released(grid)[0], tmp_path, Columns(at_work="none", rate="none"))
    assert len(found) >= 4
    assert all(finding.high is None or finding.high >= max(4, finding.low + 1) for finding in found)


def test_the_audit_opens_no_hidden_numerator_of_a_release(tmp_path):
    numbers = [(2, 20), (9, 21), (8, 30), (11, 33), (7, 9), (30, 60)]
    grid = _grid(numbers, lambda sums, by: rate("iss", *sums, **by))
    columns = Columns(count="base", at_work="numerator", rate="value")
    found = _read_again(_released(grid)[0], tmp_path, columns)
    assert len(found) >= 4
    assert all(finding.high is None or finding.high >= max(4, finding.low + 1) for finding in found)
