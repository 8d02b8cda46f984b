"""What can be done to an action, and what an action can be."""

from __future__ import annotations

KINDS = (
    "proposed", "registered", "approved", "refused", "started", "interrupted", "resumed", "ended", "corrected",
    "cancelled", "registered_in_error",
)  # fmt: skip
STATES = (
    "proposed", "registered", "approved", "refused", "running", "interrupted", "ended", "cancelled", "erroneous",
)  # fmt: skip
