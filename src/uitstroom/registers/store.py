"""The store of snapshots: where deliveries are loaded, and what was known on a day."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Day
from uitstroom.registers.delivery import Delivery, read_delivery
from uitstroom.registers.files import Files, locked
from uitstroom.registers.report import LoadReport
from uitstroom.registers.retention import one_of, to_prune
from uitstroom.registers.snapshots import Index, Snapshot, read_index, read_snapshot, write_index, write_snapshot

if TYPE_CHECKING:
    from uitstroom.registers.soundness import Soundness


@dataclass(frozen=True)
class Store:
    """A folder of snapshots. Whatever happens during a load, it opens with the old or with the new snapshot, whole.

    `patience`: how many seconds a load waits for another one to finish.
    """

    path: Path
    files: Files = field(default_factory=Files, compare=False)
    patience: float = 60.0

    def load(
        self,
        delivery: Path,
        catalogue: Catalogue,
        *,
        quarantine: Path | None = None,
        key_file: Path | None = None,
        accept_removals: bool = False,
        accept_quarantine: bool = False,
        dry_run: bool = False,
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        """Check a delivery, set faulty rows apart and make the next snapshot.

        `quarantine`: where the faulty rows go, by default beside the delivery. `progress` is told the stage and the
        fraction of it that is done. A `dry_run` tells what would be loaded, and leaves nothing. Raises
        `UitstroomError`, with nothing changed, when the delivery is refused.
        """
        # Who only asks for figures does not wait for what loads.
        from uitstroom.registers.admission import key_for, refuse_unfit
        from uitstroom.registers.loading import Loading
        from uitstroom.registers.request import Request
        from uitstroom.registers.workspace import workspace

        read = read_delivery(Path(delivery))
        key = key_for(read, key_file, self.path)
        with self._writing() as staging, workspace(staging, secret=key is not None) as connection:
            index = read_index(self.path)
            parent = self._newest(index)
            refuse_unfit(read, catalogue, index, parent, key)
            request = Request(
                self.path, staging, read, catalogue, parent, key, quarantine, accept_removals,
                accept_quarantine, progress or (lambda _stage, _fraction: None), self.files, frozenset(index.withdrawn),
                dry_run,
            )  # fmt: skip
            report = Loading(request, connection).run()
            if report.changed and not dry_run:
                self._commit(report.snapshot, index, read, key, staging)
        return report

    def _commit(self, snapshot: Snapshot, index: Index, delivery: Delivery, key: bytes | None, staging: Path) -> None:
        from uitstroom.registers.admission import known_by

        write_snapshot(snapshot, staging, self.files)
        write_index(self.path, index.add(snapshot, *known_by(delivery, key)), staging, self.files)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots, oldest first; withdrawn ones say why."""
        index = read_index(self.path)
        return tuple(read_snapshot(self.path, identity, index) for identity in index.snapshots)

    def as_known_on(self, day: Day | None) -> Snapshot:
        """The newest snapshot that is not withdrawn, delivered on or before `day`; None: of all.

        Raises `UitstroomError` where there is none.
        """
        known = [one for one in self.snapshots() if not one.withdrawn and (day is None or one.delivered_on <= day)]
        if not known:
            raise UitstroomError(
                "there is no snapshot" + (f" delivered on or before {day}" if day else ""), where=str(self.path),
                todo="`uitstroom snapshots` lists what is loaded; `uitstroom load` loads a delivery",
            )  # fmt: skip
        newest = max(reversed(known), key=lambda one: one.delivered_on)
        if newest.pruned:
            raise UitstroomError(
                f"the snapshot that was known then, {newest.id}, was removed on {newest.pruned}", where=str(self.path),
                todo="ask as known on another day; `uitstroom snapshots` lists what is there",
            )  # fmt: skip
        return newest

    def withdraw(self, snapshot: str, reason: str) -> None:
        """Have as-known-on pass a snapshot by, whose id or a beginning of it is given; it can still be found."""
        if not reason.strip():
            raise UsageError("a snapshot is withdrawn for a reason", todo="say it with --reason")
        with self._writing() as staging:
            index = read_index(self.path)
            found = one_of(index.snapshots, snapshot)
            if found in index.withdrawn:
                raise UsageError("this snapshot is withdrawn already", where=f"snapshot {found}")
            write_index(self.path, index.withdraw(found, reason), staging, self.files)

    def prune(
        self, snapshots: Iterable[str] = (), *, delivered_before: Day | None = None, today: Day | None = None
    ) -> tuple[Snapshot, ...]:
        """Remove snapshots for good, by the beginning of their ids or by their day; returns those that are gone.

        What only they hold goes: rows, quarantine, what was kept of them. Files that others share stay, and so do the
        descriptions, which say when it was. As-known-on no longer finds them.
        """
        with self._writing() as staging:
            chosen = to_prune(self.snapshots(), snapshots, delivered_before)
            if chosen:
                index = read_index(self.path).prune((one.id for one in chosen), today or Day.today())
                write_index(self.path, index, staging, self.files)
                self._clean(staging)
        return chosen

    def check(self, catalogue: Catalogue, *, repair: bool = False) -> Soundness:
        """Read every file, hold it against its checksum, and count the rows that today's rules would refuse.

        `repair` removes what can be computed again or that no snapshot refers to; what is damaged it leaves. Nothing
        else is changed.
        """
        from uitstroom.registers.soundness import look

        index = read_index(self.path)
        found = look(self.path, self.snapshots(), self._newest(index), catalogue)
        if repair:
            with self._writing():
                for path in found.kept:
                    self.files.remove(path)
        return found

    def _newest(self, index: Index) -> Snapshot | None:
        known = [one for one in index.snapshots if one not in index.withdrawn]
        if known and known[-1] in index.pruned:
            raise UitstroomError("the snapshot to go on from was removed", where=f"{self.path}, snapshot {known[-1]}",
                                 todo="load the deliveries into a new store")  # fmt: skip
        return read_snapshot(self.path, known[-1], index) if known else None

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """A staging folder, held alone; what an interrupted load left behind is cleaned up first."""
        try:
            self._create()
            with locked(self.path / "lock", self.patience):
                self._clean()
                staging = self.path / "staging" / uuid.uuid4().hex
                self.files.make_folder(staging)
                try:
                    yield staging
                finally:
                    self.files.remove(staging)
        except OSError as error:
            raise UitstroomError(f"the store cannot be written: {error.strerror}", where=str(self.path)) from None

    def _create(self) -> None:
        if not self.path.is_dir():
            self.files.make_folder(self.path)
            self.files.sync_folder(self.path.parent)
        for name in ("tables", "snapshots", "staging"):
            self.files.make_folder(self.path / name)
        self.files.sync_folder(self.path)

    def _clean(self, staging: Path | None = None) -> None:
        """Remove what no snapshot refers to, but for the staging folder in use."""
        from uitstroom.registers.soundness import leftovers

        for path in list(leftovers(self.path, self.snapshots())):
            if path != staging:
                self.files.remove(path)
