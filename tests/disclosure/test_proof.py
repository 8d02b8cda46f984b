"""The certificate and its checker: what holds is accepted, what was tampered with is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.disclosure.tables import DATA, leaf_table
from uitstroom.disclosure.attack import disclosed
from uitstroom.disclosure.certificate import Certificate, NotCertifiedError, check
from uitstroom.disclosure.leaf_table import read_leaves
from uitstroom.disclosure.protection import Protection, protect_cells
from uitstroom.disclosure.rule import Rule


@pytest.fixture(scope="module")
def protection() -> Protection:
    table = read_leaves(DATA / "S1e2.csv", "freq", [], ["r_1", "i_1", "s_1"])
    return protect_cells(table.cells(Rule(5, "any")))


@pytest.mark.parametrize(
    ("name", "hierarchies", "attacker", "hidden", "unprotectable"),
    [
        ("S1e2.csv", [["r_1"], ["i_1"], ["s_1"]], "any", 49, 0),
        ("S1e2.csv", [["r_1"], ["i_1"], ["s_1"]], "positive", 56, 1),
        ("S1e3.csv", [["r_1", "r_2"], ["i_1", "i_2"], ["s_1"]], "any", 400, 0),
        ("S1e3.csv", [["r_1", "r_2"], ["i_1", "i_2"], ["s_1"]], "positive", 481, 1),
    ],
)
def test_the_reference_tables_hide_no_more_than_the_best_known(name, hierarchies, attacker, hidden, unprotectable):
    cells = read_leaves(DATA / name, "freq", hierarchies, []).cells(Rule(5, attacker))
    protection = protect_cells(cells)
    assert protection.hidden.sum() <= hidden
    assert len(protection.unprotectable) == unprotectable
    assert (disclosed(cells, protection.hidden) == protection.verdict.disclosed).all()


def test_hiding_more_keeps_a_certificate_good(protection):
    more = protection.hidden | ~protection.cells.fixed
    verdict = check(protection.cells, replace(protection.certificate, hidden=more))
    assert verdict.certified.sum() == protection.cells.sensitive.sum()


def _changed(certificate: Certificate, **changes: object) -> Certificate:
    return replace(certificate, **changes)


def _one_more(certificate, cell=None):
    changes = certificate.changes.copy()
    changes.data[0] += 1
    return _changed(certificate, changes=changes)


def _in_floats(certificate):
    return _changed(certificate, changes=certificate.changes.astype(float))


def _huge(certificate):
    return _changed(certificate, changes=certificate.changes * 2**41)


def _shown_secondary(certificate):
    hidden = certificate.hidden.copy()
    hidden[certificate.changes.indices[0]] = False
    return _changed(certificate, hidden=hidden)


def _negative(certificate):
    return _changed(certificate, changes=certificate.changes * 1000)


def _zero_hidden(certificate):
    hidden = np.ones_like(certificate.hidden)
    return _changed(certificate, hidden=hidden)


def _of_another_table(certificate):
    return _changed(certificate, changes=certificate.changes[:-1])


@pytest.mark.parametrize(
    "tampered", [_one_more, _in_floats, _huge, _shown_secondary, _negative, _zero_hidden, _of_another_table]
)
def test_a_certificate_that_was_tampered_with_is_refused(protection, tampered):
    with pytest.raises(NotCertifiedError):
        check(protection.cells, tampered(protection.certificate))


def test_a_certificate_without_a_witness_leaves_its_cells_uncertified(protection):
    for number in range(protection.certificate.changes.shape[1]):
        kept = np.delete(np.arange(protection.certificate.changes.shape[1]), number)
        verdict = check(
            protection.cells, replace(protection.certificate, changes=protection.certificate.changes[:, kept])
        )
        assert not verdict.complete or verdict.certified.sum() == protection.cells.sensitive.sum()
    empty = replace(protection.certificate, changes=protection.certificate.changes[:, :0])
    assert check(protection.cells, empty).certified.sum() == 0


def test_a_solver_that_answers_nothing_leaks_nothing(tmp_path, monkeypatch):
    cells = leaf_table(tmp_path, ["a", "b"], [("p", "v", 2), ("p", "w", 9), ("q", "v", 8), ("q", "w", 7)]).cells(Rule())
    good = protect_cells(cells)
    assert good.verdict.complete
    monkeypatch.setattr("uitstroom.disclosure.solver.Solver._answer", lambda *_: None)
    assert len(protect_cells(cells).unprotectable) == 1
    monkeypatch.setattr("uitstroom.disclosure.attack._Component._run", lambda *_: None)
    assert (disclosed(cells, good.hidden) == good.hidden).all()


def test_a_solver_that_lies_is_found_out(tmp_path, monkeypatch):
    cells = leaf_table(tmp_path, ["a", "b"], [("p", "v", 2), ("p", "w", 9), ("q", "v", 8), ("q", "w", 7)]).cells(Rule())
    from uitstroom.disclosure.solver import Solver

    honest = Solver._answer
    monkeypatch.setattr(
        Solver, "_answer", lambda *a: None if (x := honest(*a)) is None else x + np.eye(1, len(x), 2)[0]
    )
    protection = protect_cells(cells)
    assert not protection.verdict.complete
    assert protection.hidden[cells.sensitive].all()


@pytest.mark.parametrize("processes", [2, 3])
def test_any_number_of_processes_finds_the_same(processes):
    cells = read_leaves(DATA / "S1e2.csv", "freq", [], ["r_1", "i_1", "s_1"]).cells(Rule(5, "positive"))
    alone, together = protect_cells(cells, processes=1), protect_cells(cells, processes=processes)
    assert (alone.hidden == together.hidden).all()
    assert (alone.certificate.changes != together.certificate.changes).nnz == 0
    assert alone.steps == together.steps


def test_what_cannot_be_protected_is_found_as_well_without_a_clean_up():
    for attacker in ("any", "positive"):
        cells = read_leaves(DATA / "S1e2.csv", "freq", [], ["r_1", "i_1", "s_1"]).cells(Rule(5, attacker))
        early, late = protect_cells(cells, refusable=True), protect_cells(cells)
        assert early.unprotectable == late.unprotectable
        assert (early.steps < late.steps) == bool(late.unprotectable)
