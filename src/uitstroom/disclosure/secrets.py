"""What a release keeps inside the service: the kind of each hidden number, and the certificate, sparse."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from uitstroom.disclosure.model import ProtectedRelease
from uitstroom.disclosure.quantity import quantity_json


def as_json(made: ProtectedRelease) -> bytes:
    """The hidden numbers with their kind, the witnesses as changes of the true table by cell, what earlier releases had
    given away, and the release as later ones are protected against it.

    As secret as the table itself: where a witness does not move, it is the truth.
    """
    kinds = [
        {"number": name.words(), "quantity": quantity_json(name), "kind": kind} for name, kind in made.kinds.items()
    ]  # fmt: skip
    body: dict[str, Any] = {
        "hidden": kinds,
        "open_before": list(made.open_before),
        "certificate": _certificate(made),
        "released": made.released.as_json(),
    }
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def _certificate(made: ProtectedRelease) -> dict[str, Any] | None:
    if made.protection is None:
        return None
    certificate = made.protection.certificate
    columns = certificate.changes.tocsc()
    witnesses = [
        {str(cell): int(change) for cell, change in zip(column.indices, column.data, strict=True)}
        for column in (columns[:, number] for number in range(columns.shape[1]))
    ]
    hidden = [int(cell) for cell in np.flatnonzero(certificate.hidden)]
    return {"cells": len(certificate.hidden), "hidden": hidden, "witnesses": witnesses, "steps": made.protection.steps}
