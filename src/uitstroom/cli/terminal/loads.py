"""What a load did and what the store holds, told in the terminal; nothing in it comes from a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Sheet
from rich.text import Text as Line

from uitstroom.catalogue import Catalogue
from uitstroom.periods import Day
from uitstroom.registers import Broken, LoadReport, Snapshot
from uitstroom.registers.soundness import Soundness
from uitstroom.text import Language, long_day, printable, whole


def show_report(report: LoadReport, catalogue: Catalogue, language: Language, console: Console) -> None:
    """The summary of a load: loaded + quarantined = delivered per table, then every rule that was broken."""
    telling = _Telling(catalogue, language, console)
    day = long_day(report.snapshot.delivered_on, language)
    if report.changed or not report.delivered:
        telling.line("load.done" if report.changed else "load.nothing_new", snapshot=report.snapshot.id[:12], day=day)
    if not report.delivered:
        return
    telling.sums(report)
    telling.rules("load.faults", report.faults)
    telling.rules("load.warnings", report.warnings)
    for column, count in report.dropped.items():
        telling.line("load.dropped", column=column, count=count)
    for key in ("deleted", "rejected_updates", "vanished"):
        for table, count in getattr(report, key).items():
            if count:
                telling.line(f"load.{key}", count=count, table=catalogue.word(f"table.{table}"))
    if report.quarantine:
        telling.line("load.quarantine", path=report.quarantine)


def show_snapshots(snapshots: Sequence[Snapshot], catalogue: Catalogue, language: Language, console: Console) -> None:
    """Every snapshot, oldest first, withdrawn ones included."""
    telling = _Telling(catalogue, language, console)
    if not snapshots:
        telling.line("snapshots.none")
    for snapshot in snapshots:
        day = long_day(snapshot.delivered_on, language)
        telling.line("snapshots.one", snapshot=snapshot.id[:12], day=day, kind=catalogue.word(f"kind.{snapshot.kind}"))
        if snapshot.withdrawn is not None:
            telling.line("snapshots.withdrawn", reason=snapshot.withdrawn)
        if snapshot.pruned:
            telling.line("snapshots.pruned", day=long_day(Day.fromisoformat(snapshot.pruned), language))
        if snapshot.synthetic:
            telling.line("snapshots.synthetic")
        telling.tables(snapshot)


def show_soundness(found: Soundness, catalogue: Catalogue, language: Language, console: Console) -> None:
    """What a check of the store found."""
    telling = _Telling(catalogue, language, console)
    telling.line("check.read", count=found.files)
    for key, paths in (("damaged", found.damaged), ("kept", found.kept), ("left", found.left)):
        for path in paths:
            telling.line(f"check.{key}", path=path)
    for rule, count in found.refused.items():
        telling.line("check.refused", count=count, rule=rule)
    if found.sound:
        telling.line("check.sound")


def show_pruned(
    pruned: Sequence[Snapshot], releases: Sequence[Path], catalogue: Catalogue, language: Language, console: Console
) -> None:
    """Which snapshots are gone, and which releases can no longer be rebuilt."""
    telling = _Telling(catalogue, language, console)
    if not pruned:
        telling.line("prune.none")
    for snapshot in pruned:
        telling.line("prune.one", snapshot=snapshot.id, day=long_day(snapshot.delivered_on, language))
    for release in releases:
        telling.line("prune.release", path=release)


class _Telling:
    """Says things in one language on one console."""

    def __init__(self, catalogue: Catalogue, language: Language, console: Console) -> None:
        self._catalogue, self._language, self._console = catalogue, language, console

    def say(self, key: str, **parts: object) -> str:
        return self._catalogue.word(key, **parts).in_language(self._language)

    def line(self, key: str, **parts: object) -> None:
        self._console.print(Line(printable(self.say(key, **parts))))

    def _sheet(self, *keys: str) -> Sheet:
        sheet = Sheet(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 3, 0, 0))
        for number, key in enumerate(keys):
            sheet.add_column(Line(self.say(key)), justify="right" if number else "left")
        return sheet

    def _number(self, numbers: Mapping[str, int], table: str) -> str:
        return whole(numbers.get(table, 0), self._language)

    def sums(self, report: LoadReport) -> None:
        sheet = self._sheet("load.table", "load.delivered", "load.loaded", "load.quarantined")
        for table in report.delivered:
            numbers = (report.delivered, report.loaded, report.quarantined)
            sheet.add_row(self.say(f"table.{table}"), *(self._number(one, table) for one in numbers))
        self._console.print(sheet)

    def tables(self, snapshot: Snapshot) -> None:
        sheet = self._sheet(
            "load.table",
            "snapshots.from",
            "snapshots.until",
            "snapshots.rows",
            "load.quarantined",
            "snapshots.vanished",
        )
        for table, (first, last) in snapshot.complete.items():
            numbers = (snapshot.rows, snapshot.quarantined, snapshot.vanished)
            sheet.add_row(
                self.say(f"table.{table}"), first.isoformat(), last.isoformat(),
                *(self._number(one, table) for one in numbers),
            )  # fmt: skip
        self._console.print(sheet)
        if snapshot.warnings:
            count = sum(snapshot.warnings.values())
            self.line("snapshots.warnings", count=count, rules=", ".join(snapshot.warnings))

    def rules(self, title: str, broken: Mapping[str, Broken]) -> None:
        if not broken:
            return
        self.line(title)
        for rule, one in broken.items():
            said = one.message.in_language(self._language)
            self._console.print(Line(f"  {whole(one.count, self._language):>9}  {rule}: {said}"))
