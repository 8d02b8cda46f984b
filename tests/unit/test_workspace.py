"""A load that outgrows its memory goes on, on disk; of national numbers nothing gets there."""

from unittest.mock import patch

import pytest

from uitstroom.errors import UitstroomError
from uitstroom.registers.workspace import workspace

MORE_THAN_FITS = "create temp table more as select hash(range) as one, hash(range + 1) as other from range(10_000_000)"


@patch("uitstroom.registers.workspace.MEMORY", "60MB")
def test_what_does_not_fit_in_memory_is_spilled(tmp_path):
    with workspace(tmp_path, secret=False) as connection:
        connection.execute(MORE_THAN_FITS)
        assert connection.execute("select count(*) from more").fetchall() == [(10_000_000,)]
        assert list((tmp_path / "spill").iterdir())


@patch("uitstroom.registers.workspace.MEMORY", "60MB")
def test_national_numbers_are_never_spilled(tmp_path):
    with pytest.raises(UitstroomError, match="could not go on"), workspace(tmp_path, secret=True) as connection:
        connection.execute(MORE_THAN_FITS)
    assert not list(tmp_path.glob("spill/*"))
