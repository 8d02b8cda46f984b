"""The store of snapshots: where deliveries are loaded, and what was known on a day."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.errors import UitstroomError, UsageError
from uitstroom.periods import Day
from uitstroom.registers.delivery import Delivery, read_delivery
from uitstroom.registers.files import Files, locked
from uitstroom.registers.report import LoadReport
from uitstroom.registers.snapshots import Index, Snapshot, read_index, read_snapshot, write_index, write_snapshot


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
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        """Check a delivery, set faulty rows apart and make the next snapshot.

        `quarantine`: where the faulty rows go, by default beside the delivery. `progress` is told the stage and the
        fraction of it that is done. Raises `UitstroomError`, with nothing changed, when the delivery is refused.
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
            refuse_unfit(read, index, parent, key)
            request = Request(
                self.path, staging, read, catalogue, parent, key, quarantine, accept_removals,
                progress or (lambda _stage, _fraction: None), self.files, frozenset(index.withdrawn),
            )  # fmt: skip
            report = Loading(request, connection).run()
            if report.changed:
                self._commit(report.snapshot, index, read, key, staging)
        return report

    def _commit(self, snapshot: Snapshot, index: Index, delivery: Delivery, key: bytes | None, staging: Path) -> None:
        from uitstroom.registers.pseudonyms import fingerprint

        write_snapshot(snapshot, staging, self.files)
        known_by = fingerprint(key) if key else None
        write_index(self.path, index.add(snapshot, delivery.manifest.person, known_by), staging, self.files)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots, oldest first; withdrawn ones say why."""
        index = read_index(self.path)
        return tuple(read_snapshot(self.path, identity, index) for identity in index.snapshots)

    def as_known_on(self, day: Day | None) -> Snapshot:
        """The newest snapshot that is not withdrawn, delivered on or before `day`; None: of all.

        Raises `UitstroomError` where there is none.
        """
        standing = [one for one in self.snapshots() if not one.withdrawn and (day is None or one.delivered_on <= day)]
        if not standing:
            raise UitstroomError(
                "there is no snapshot" + (f" delivered on or before {day}" if day else ""), where=str(self.path),
                todo="`uitstroom snapshots` lists what is loaded; `uitstroom load` loads a delivery",
            )  # fmt: skip
        return max(reversed(standing), key=lambda one: one.delivered_on)

    def withdraw(self, snapshot: str, reason: str) -> None:
        """Have as-known-on pass a snapshot by, whose id or a beginning of it is given; it can still be found."""
        if not reason.strip():
            raise UsageError("a snapshot is withdrawn for a reason", todo="say it with --reason")
        with self._writing() as staging:
            index = read_index(self.path)
            found = [identity for identity in index.snapshots if snapshot and identity.startswith(snapshot)]
            if len(found) != 1:
                what = "more than one snapshot begins so" if found else "there is no such snapshot"
                raise UsageError(what, where=f"snapshot {snapshot!r}", todo="`uitstroom snapshots` lists them")
            if found[0] in index.withdrawn:
                raise UsageError("this snapshot is withdrawn already", where=f"snapshot {found[0]}")
            write_index(self.path, index.withdraw(found[0], reason), staging, self.files)

    def _newest(self, index: Index) -> Snapshot | None:
        standing = [identity for identity in index.snapshots if identity not in index.withdrawn]
        return read_snapshot(self.path, standing[-1], index) if standing else None

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

    def _clean(self) -> None:
        known = set(read_index(self.path).snapshots)
        orphans = [path for path in (self.path / "tables").glob("*") if path.name not in known]
        orphans += [path for path in (self.path / "snapshots").glob("*") if path.stem not in known]
        orphans += [path for path in (self.path / "kept").glob("*/*") if path.name not in known]
        for path in [*(self.path / "staging").glob("*"), *orphans]:
            self.files.remove(path)
