"""What holds whatever the application does."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

PROOFS = (Path(__file__).parent / "proofs.sql").read_text("utf-8")


class Migration(migrations.Migration):
    """The chain of acts, what may not overlap, row security."""

    dependencies: ClassVar = [("desk", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PROOFS, elidable=False)]
