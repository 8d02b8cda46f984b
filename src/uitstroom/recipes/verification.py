"""A release built again from the register that it was made from, and held against what was published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError
from uitstroom.ledger.earlier import CATALOGUE, EARLIER, POPULATION, EarlierRelease
from uitstroom.ledger.ledger import Ledger
from uitstroom.measure.opening import AFRESH
from uitstroom.periods import Day
from uitstroom.recipes.answering import Making, earlier_release, made
from uitstroom.registers import Store
from uitstroom.release.folder import Internal, Manifest
from uitstroom.release.formats import require
from uitstroom.release.manifest import digest_of_all
from uitstroom.release.question import read_question
from uitstroom.release.verdict import Verdict, compare


def verify(
    release: Path,
    store: Store,
    catalogue: Catalogue | None = None,
    *,
    style: Path | None = None,
    key_file: Path | None = None,
    beside: Path | None = None,
    ledger: Path | None = None,
) -> Verdict:
    """Rebuild a release from its own question and the register, and hold every file against it.

    Everything is measured anew: nothing that is kept beside the register can hide a difference. Without a `catalogue`
    it is the one that the release was made with, as its internal part keeps it; 0.1.0 kept none.
    """
    manifest, internal = Manifest.read(release), Internal.of(release)
    question = release / "question.toml"
    require(read_question(question).formats)
    inputs = manifest.inputs
    making = Making(
        question, store, catalogue or _catalogue(manifest, internal), inputs["language"], style,
        Day.fromisoformat(inputs["clock"]), key_file, engine=AFRESH, beside=beside or _lists(release, internal),
        ledger=_ledger(release, manifest, ledger),
    )  # fmt: skip
    making = replace(making, leaned_on=_earlier(manifest, internal, making))
    built = made(making)
    return compare(release, built.public, built.inputs)


def _catalogue(manifest: Manifest, internal: Internal | None) -> Catalogue:
    """The catalogue that the release was made with; one whose files are those of the manifest is that catalogue, also
    where a later version of the program adds words to it."""
    if internal is None or not (internal.folder / CATALOGUE).is_dir():
        return Catalogue.load()
    kept = Catalogue.kept(internal.folder / CATALOGUE)
    if digest_of_all(kept.files) == manifest.inputs.get("catalogue_files"):
        return replace(kept, fingerprint=manifest.inputs["catalogue"])
    return kept


def _ledger(release: Path, manifest: Manifest, folder: Path | None) -> Ledger | None:
    """The ledger as it stood when the release was protected against it."""
    head = manifest.inputs.get("ledger")
    if head is None:
        return None
    if folder is None:
        raise UitstroomError(
            "this release was protected against a ledger", where=str(release), todo="give it: --ledger LEDGER"
        )
    return Ledger.read(folder).until(str(head))


def _lists(release: Path, internal: Internal | None) -> Path:
    kept = internal.folder / POPULATION if internal else None
    return kept if kept and kept.is_dir() else release


def _earlier(manifest: Manifest, internal: Internal | None, making: Making) -> tuple[EarlierRelease, ...]:
    """The releases that it was protected against, in their order, as the internal part keeps them."""
    folder = internal.folder / EARLIER if internal else Path()
    kept = sorted(folder.glob("*"), key=lambda path: int(path.stem)) if internal else []
    if len(kept) != len(manifest.inputs.get("earlier", [])):
        raise UitstroomError(
            "this release was protected together with earlier ones, which its internal part keeps", where=str(folder),
            todo="verify the release with its internal part beside it",
        )  # fmt: skip
    return tuple(
        earlier_release(one, making) if one.is_dir() else EarlierRelease.parse(one.read_bytes()) for one in kept
    )
