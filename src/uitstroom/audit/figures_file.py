"""`data/figures.json` as somebody reads it who has nothing else: plain JSON, key by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from uitstroom.audit.codelists import Codes, Hierarchies
from uitstroom.audit.sheet import Percentage, PrintedNumber, Sheet, Spot, Topic
from uitstroom.audit.stretches import Stretch, ordinal, stretch_of

ZEROS_HIDDEN = "note.zeros_hidden"
BOXES = (
    "entrants", "without_person", "not_ended", "not_counted", "not_due", "followed", "at_work", "not_at_work",
)  # fmt: skip
_SHOWN = ("value", "suppressed")
Figure = Mapping[str, Any]
Rows = Sequence[tuple[Figure, Figure]]
"""The figures of one table, each with the same one unprotected (or itself, where nobody holds that)."""


@dataclass(frozen=True)
class FiguresReader:
    """Reads the figures of one release; `attacker` "positive" knows that hidden numbers are 1 or more.

    `whole_group` where the policy hides that nobody or everybody is at work: then those may be 0.
    """

    hierarchies: Hierarchies
    attacker: str = "positive"
    whole_group: bool = False

    def sheet(self, body: Mapping[str, Any], true: Mapping[str, Any] | None = None) -> Sheet:
        """Every number of a release; with `true`, the same file unprotected, also what the hidden ones are."""
        sheet, figures, scope = Sheet(), body["figures"], body["scope"]
        whole = true["figures"] if true else figures
        told = {note["code"] for table in body["tables"] for note in table["notes"]}
        told |= {note["code"] for note in body["notes"]}
        floor = int(self.attacker == "positive" and ZEROS_HIDDEN not in told)
        for number, table in enumerate(body["tables"]):
            part = slice(table["first"], table["first"] + table["count"])
            rows = list(zip(figures[part], whole[part], strict=True))
            _TableReader(self, scope, str(number), floor, rows, bool(true), table["name"]).read(sheet)
        return sheet


@dataclass(frozen=True)
class _TableReader:
    reader: FiguresReader
    scope: Mapping[str, Any]
    number: str
    floor: int
    rows: Rows
    knows: bool
    name: str

    def read(self, sheet: Sheet) -> None:
        entries: list[PrintedNumber] = []
        for figure, true in self.rows:
            place = self._place(figure)
            forms, codes = self._forms(figure), self.reader.hierarchies.plain(frozenset(figure["by"].items()))
            if codes is None or not forms:
                continue
            entries += self._entries(figure, true, forms, codes, place)
            sheet.rates += self._bounds(figure, forms, codes, place)
        sheet.entries += entries

    def _place(self, figure: Figure) -> str:
        who = figure["instrument"] or figure["group"] or "total"
        codes = "".join(f", {name}={code}" for name, code in sorted(figure["by"].items()))
        return f"table {self.name}: {figure['indicator']} of {who} in {figure['period']}{codes}"

    def _forms(self, figure: Figure) -> frozenset[str]:
        """The forms that a figure is about: of a total those of its row, without the ones that it leaves out."""
        if figure["instrument"]:
            return frozenset({figure["instrument"]})
        row = self._row(figure)
        if figure["kind"] == "rate" and figure["indicator"] != "reach":
            return frozenset(one["instrument"] for one in row if one["status"] in _SHOWN)
        return frozenset(one["instrument"] for one in row) - self._left_out(figure)

    def _left_out(self, figure: Figure) -> set[str]:
        """The forms that a total or a coarser one of the same period leaves out."""
        totals = self._totals[figure["period"], figure["kind"]]
        return {form for one in totals if one["by"].keys() <= figure["by"].keys() for form in one["leaves_out"]}

    @cached_property
    def _totals(self) -> dict[tuple[Any, ...], list[Figure]]:
        found: dict[tuple[Any, ...], dict[tuple[Any, ...], Figure]] = defaultdict(dict)
        for figure, _ in self.rows:
            if not figure["instrument"]:
                out = tuple(sorted(figure["leaves_out"])), tuple(sorted(figure["by"]))
                found[figure["period"], figure["kind"]][out] = figure
        return {key: list(totals.values()) for key, totals in found.items()}

    def _row(self, figure: Figure) -> list[Figure]:
        return [one for one in self._rows_by_key[_row_key(figure)] if one["instrument"]]

    @cached_property
    def _rows_by_key(self) -> dict[tuple[Any, ...], list[Figure]]:
        found: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
        for figure, _ in self.rows:
            found[_row_key(figure)].append(figure)
        return found

    @cached_property
    def _unknown(self) -> set[tuple[Any, ...]]:
        """The breakdowns of which some number is not known."""
        return {_breakdown(one) for one, _ in self.rows if one["status"] in ("not_possible", "not_yet_known")}

    def _entries(
        self, figure: Figure, true: Figure, forms: frozenset[str], codes: Codes, place: str
    ) -> Iterator[PrintedNumber]:
        if figure["indicator"] == "reach":
            yield from self._reached(figure, true, forms, codes, place)
        elif figure["kind"] == "count":
            yield from self._count(figure, true, forms, codes, place)
        elif figure["maturity"]:
            yield from self._boxes(figure, true, forms, codes, place)

    def _count(
        self, figure: Figure, true: Figure, forms: frozenset[str], codes: Codes, place: str
    ) -> Iterator[PrintedNumber]:
        """A count; one that does not apply is a 0, unless the others of its breakdown are not known."""
        applies = figure["status"] in _SHOWN
        if applies or (figure["status"] == "not_applicable" and _breakdown(figure) not in self._unknown):
            spot = Spot(self._topic(figure), forms, codes, self._days(figure))
            value = 0 if figure["status"] == "not_applicable" else figure["value"]
            yield PrintedNumber(spot, value, self.floor, place, true=true["value"] if self.knows else None)

    def _topic(self, figure: Figure) -> Topic:
        snapshot, what = self.scope["snapshot"], figure["indicator"]
        if what in ("persons", "reach"):
            listed = figure.get("population")
            of = "" if what == "persons" else str(listed or f"list of table {self.number}")
            counts = "reached" if what == "reach" else _counted_persons(figure)
            return Topic((snapshot, of, "persons"), (counts,), adds=False)
        return Topic((snapshot, "", what), ())

    def _days(self, figure: Figure) -> Stretch:
        """The days that are counted: up to where a provisional number or the register ends; of a stock its day."""
        first, end = self._cohort_days(figure)
        end = min(end, ordinal(figure["provisional"]) + 1) if figure["provisional"] else end
        return (end - 1, end) if figure["indicator"] == "running" else (first, end)

    def _reached(
        self, figure: Figure, true: Figure, forms: frozenset[str], codes: Codes, place: str
    ) -> Iterator[PrintedNumber]:
        if figure["status"] not in _SHOWN:
            return
        spot = Spot(self._topic(figure), forms, codes, self._days(figure))
        rest = Spot(Topic(spot.topic.root, ("not reached",), adds=False), forms, codes, spot.days)
        whole = true["numerator"] if self.knows else None
        yield PrintedNumber(spot, figure["numerator"], 0, place, true=whole)
        if figure["status"] == "value":
            yield PrintedNumber(rest, figure["base"] - figure["numerator"], 0, place)

    def _boxes(
        self, figure: Figure, true: Figure, forms: frozenset[str], codes: Codes, place: str
    ) -> Iterator[PrintedNumber]:
        """The boxes of all that entered, and the numerator and base where they end on an earlier day."""
        topics, days = box_topics(self.scope["snapshot"], figure), self._cohort_days(figure)
        for box in BOXES:
            value = figure["maturity"][box]
            floor = 0 if self.reader.whole_group and box in ("at_work", "not_at_work") else self.floor
            whole = true["maturity"][box] if self.knows else None
            yield PrintedNumber(Spot(topics[box], forms, codes, days), value, floor, f"{place} ({box})", true=whole)
        if figure["status"] in _SHOWN:
            yield from self._followed(figure, true, forms, codes, place, topics)

    def _followed(
        self, figure: Figure, true: Figure, forms: frozenset[str], codes: Codes, place: str, topics: Mapping[str, Topic]
    ) -> Iterator[PrintedNumber]:
        quiet = figure["status"] == "suppressed"
        days = self._days(figure) if figure["provisional"] else self._cohort_days(figure)
        for box, key in (("followed", "base"), ("at_work", "numerator")) if figure["provisional"] or not quiet else ():
            spot = Spot(topics[box], forms, codes, days)
            whole = true[key] if self.knows else None
            yield PrintedNumber(spot, figure[key], int(quiet and key == "base"), f"{place} ({key})", quiet, whole)
        if figure["status"] == "value":
            rest = Spot(topics["not_at_work"], forms, codes, days)
            yield PrintedNumber(rest, figure["base"] - figure["numerator"], 0, f"{place} (not at work)")

    def _cohort_days(self, figure: Figure) -> Stretch:
        """The days of the period up to where the register is complete: later days hold no entrant yet."""
        first, end = stretch_of(figure["period"])
        complete = self.scope["complete"].get("action")
        known = ordinal(complete["until"]) + 1 if complete else end
        return first, max(first + 1, min(end, known))

    def _bounds(self, figure: Figure, forms: frozenset[str], codes: Codes, place: str) -> Iterator[Percentage]:
        """The rates if nobody who is not yet known were at work, and if all were."""
        if not figure["bounds"] or not figure["maturity"]:
            return
        topics, days = box_topics(self.scope["snapshot"], figure), self._cohort_days(figure)
        spots = {box: Spot(topics[box], forms, codes, days) for box in BOXES}
        later = (spots["not_ended"], spots["not_due"])
        below = (*later, spots["followed"])
        for end, above in (("low", (spots["at_work"],)), ("high", (*later, spots["at_work"]))):
            printed = str(figure["bounds"][end])
            yield Percentage(above, below, printed, _decimals(figure, printed), f"{place} ({end} bound)")


def _row_key(figure: Figure) -> tuple[Any, ...]:
    return figure["period"], figure["kind"], tuple(sorted(figure["by"].items()))


def _breakdown(figure: Figure) -> tuple[Any, ...]:
    return figure["instrument"], figure["period"], tuple(sorted(figure["by"]))


def _counted_persons(figure: Figure) -> str:
    named = figure.get("definition") or {}
    return str(figure.get("who") or named.get("name") or "entrants")


def _decimals(figure: Figure, printed: str) -> int:
    return int(figure["decimals"]) if figure.get("decimals") is not None else len(printed.partition(".")[2])


def box_topics(snapshot: str, figure: Figure) -> dict[str, Topic]:
    """What each box counts, and only what that depends on."""
    unit, cohort, anchor = figure["unit"], figure["cohort"], figure["anchor"]
    counted = {"started": "started", "ended": "ended"}[cohort]
    root = (snapshot, "", counted) if unit == "action" else (snapshot, "", counted, str(unit))
    who = _who(figure)
    horizon = _words(figure["horizon"])
    fixed = horizon if (figure["horizon"] or {}).get("on") else ""
    looked = (f"after {anchor}", who, horizon)
    event = (*looked, _words(figure["event"]), "+".join(sorted(figure["work_types"])))
    parts = {
        "entrants": (),
        "without_person": ("without person",),
        "not_ended": ("not ended", f"after {anchor}"),
        "not_counted": ("not counted", f"after {anchor}", who, fixed),
        "not_due": ("not due", *looked),
        "followed": ("followed", *looked),
        "at_work": ("at work", *event),
        "not_at_work": ("not at work", *event),
    }
    return {box: Topic(root, part) for box, part in parts.items()}


def _who(figure: Figure) -> str:
    """Of whom the definition speaks; without a word about it, only the same definition speaks of the same."""
    named = figure["definition"] or {}
    return str(figure.get("who") or named.get("who") or f"by {named.get('name')} {named.get('version')}")


def _words(parts: Mapping[str, Any] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted((parts or {}).items()) if value not in (None, False))
