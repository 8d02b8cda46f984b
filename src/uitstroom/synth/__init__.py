"""Registers that do not exist: deliveries of invented records that add up to published totals.

Every person, employer and action is made up. The totals are those of a profile, with the basis of each; the records
are drawn so that they hold, and measured like those of any other register.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UsageError
from uitstroom.synth.files import Format

__all__ = ["Format", "write_delivery"]


def write_delivery(
    profile: str,
    directory: Path,
    *,
    seed: int = 115,
    scale: float = 1.0,
    catalogue: Catalogue | None = None,
    format: Format = "csv",  # noqa: A002
    person: Literal["pseudonym", "insz"] | None = None,
) -> tuple[Path, Path]:
    """Write a profile's two deliveries into folders of `directory` named by their days, and return both.

    `person` says how persons are numbered, where that is not as the profile has it: `insz` gives numbers with valid
    check digits and a day of birth that does not exist, so that they are nobody's.

    The first is full; the second tells what changed since: late registrations, ends, corrections, deletions. Counts
    are the profile's times `scale`, rounded; at scale 1 they are exact for every seed. The same profile, catalogue,
    seed and scale give the same bytes. Raises `UsageError` for a profile that is not known or a scale that is not above
    0, `UitstroomError` when a delivery's folder already holds files.
    """
    from uitstroom.synth import deliveries
    from uitstroom.synth.loading import load

    if not scale > 0:
        raise UsageError("a scale is above 0", where=f"scale {scale}", todo="1 is the size of the published totals")
    known = catalogue or Catalogue.load()
    chosen = load(profile, known)
    chosen = chosen.model_copy(update={"person": person or chosen.person})
    folders = deliveries.folders(chosen, directory)
    world = deliveries.World.of(chosen, known, seed, scale)
    for place, folder in enumerate(folders):
        deliveries.write(world, place, folder, format)
    return folders
