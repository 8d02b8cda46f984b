"""What a chart shows, before it is drawn: its rows in words and numbers, its title, and the sentences beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import BOXES, Figure, Maturity, Table
from uitstroom.release.data.codes import indicator_name
from uitstroom.release.layout import rows_of
from uitstroom.release.notes import marks, short_notes
from uitstroom.release.sentences import Wording
from uitstroom.text import Language, Text, listing

MOST_ROWS = 40
"""A table with more rows than this is read as a table, not as a chart."""
BarKind = Literal["total", "away", "at_work", "not_at_work"]
_RESULTS: dict[str, BarKind] = {"followed": "total", "at_work": "at_work", "not_at_work": "not_at_work"}
"""The boxes of those who were followed."""


@dataclass(frozen=True)
class Dot:
    """One figure of a row: `value` is None where there is no number, and `text` always says what there is.

    `said` is a second line; `low` and `high` bound a provisional rate; `unit` is the unit in words.
    """

    period: str
    value: float | None
    text: str
    said: str = ""
    unit: str = ""
    provisional: bool = False
    after_break: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bar:
    """One box of an account: from where to where its bar goes (None: hidden), and its count in words."""

    label: str
    text: str
    kind: BarKind
    begin: float | None
    end: float | None


@dataclass(frozen=True)
class Row:
    """A row of bars, or a panel of a series or an account."""

    label: str
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Plot:
    """A chart without its drawing. `above` stands under the title, `below` under the picture."""

    name: str
    table: str
    kind: Literal["bars", "series", "account"]
    rate: bool
    title: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    rows: tuple[Row, ...]
    words: Mapping[str, str]
    description: str
    language: Language


def plots(
    name: str, table: Table, publishable: Publishable, catalogue: Catalogue, language: Language
) -> Iterator[Plot]:
    """The charts of a table. A breakdown is drawn by its first dimension, for the total or else for each form."""
    plotting = _Plotting(name, table, publishable, Wording(catalogue, language, publishable.symbol))
    yield from plotting.own()
    yield from plotting.accounts()


@dataclass(frozen=True)
class _Plotting:
    name: str
    table: Table
    published: Publishable
    wording: Wording

    def own(self) -> Iterator[Plot]:
        """The table's own chart, or one per form where it has no total to break down."""
        periods = list(dict.fromkeys(figure.period for figure in self.table.figures))
        kind: Literal["bars", "series"] = "series" if len(periods) > 1 else "bars"
        for instrument, rows in self._subjects():
            if not rows or len(rows) > (MOST_ROWS if kind == "bars" else MOST_ROWS // 2):
                continue
            broken_down = bool(self.table.by)
            title = self._title(rows[0][0])
            name = f"{self.name}-{instrument}" if broken_down and instrument else self.name
            drawn = [row for row in rows if kind == "series" or broken_down or row[0].instrument]
            totals = [row[0] for row in rows if row not in drawn]
            bare = _without_numbers(drawn) if kind == "series" else []
            lines = tuple(Row(self._label(row[0]), tuple(map(self._dot, row))) for row in drawn if row not in bare)
            more = [self.wording.word("chart.bare", rows="; ".join(map(self._bare, bare)))] if bare else []
            yield self._plot(name, kind, title, lines, self._shown(rows), totals, under=more)

    def _bare(self, row: Sequence[Figure]) -> str:
        """A row that has no number in any period: why, in words."""
        return f"{self._label(row[0])}: {', '.join(dict.fromkeys(map(self.wording.cell, row)))}"

    def _subjects(self) -> list[tuple[str | None, list[list[Figure]]]]:
        rows = rows_of(self.table)
        if not self.table.by:
            return [(None, [row for row in rows if not row[0].by])]
        first = self.table.by[0]
        parts = [row for row in rows if tuple(row[0].by) == (first,)]
        subjects = dict.fromkeys(row[0].instrument for row in parts)
        chosen = [None] if None in subjects else list(subjects)
        return [(one, [row for row in parts if row[0].instrument == one]) for one in chosen]

    def _title(self, subject: Figure) -> str:
        """The table's title; of a breakdown only the dimension that is drawn, and of whom it is."""
        title = self.table.title
        if self.table.by:
            word, figures = self.wording.catalogue.word, self.table.figures
            periods = listing(dict.fromkeys(figure.period.name for figure in figures))
            name = indicator_name(self.wording.catalogue, self.table.indicator)
            dimension = self.wording.catalogue.dimension(self.table.by[0]).name
            title = word("table.title", indicator=name, periods=periods) + word("table.by", dimensions=dimension)
            title = word("chart.subject", title=title, subject=self.wording.row(subject, self.table))
        said = self.wording.say(title)
        return said[:1].upper() + said[1:]

    def _label(self, figure: Figure) -> str:
        return " · ".join(self.wording.by_words(figure)) if figure.by else self.wording.row(figure, self.table)

    def _dot(self, figure: Figure) -> Dot:
        value = float(figure.value) if figure.status == "value" and figure.value is not None else None
        units = listing(self.wording.catalogue.word(f"unit.{unit}.plural") for unit in figure.units)
        return Dot(
            period=self.wording.say(figure.period.name),
            value=value,
            text=self.wording.cell(figure),
            said=self._said(figure, units),
            unit=self.wording.say(units),
            provisional=figure.provisional is not None,
            after_break=figure.series_break is not None,
            low=float(figure.bounds.low) if figure.bounds else None,
            high=float(figure.bounds.high) if figure.bounds else None,
        )

    def _said(self, figure: Figure, units: Text) -> str:
        """The base of a rate, or what is known of a cohort that has no rate yet."""
        if figure.kind == "count" or figure.status == "suppressed":
            return ""
        account = self.wording.account(figure)
        if account:
            return account[0]
        if figure.status != "value":
            return ""
        parts = {key: self.wording.count(getattr(figure, key)) for key in ("numerator", "base")}
        return self.wording.word("chart.of", unit=units, **parts)

    def _shown(self, rows: Sequence[Sequence[Figure]]) -> list[Figure]:
        return [figure for row in rows for figure in row]

    def _plot(
        self,
        name: str,
        kind: Literal["bars", "series", "account"],
        title: str,
        rows: tuple[Row, ...],
        shown: Sequence[Figure],
        totals: Sequence[Figure] = (),
        more: Sequence[str] = (),
        under: Sequence[str] = (),
    ) -> Plot:
        said = [
            self.wording.word("chart.total", label=self._label(one), value=self.wording.cell(one)) for one in totals
        ]
        marked = [self.wording.say(note.text) for note in marks(self.published, self.wording.catalogue)]
        above = (*said, *more, self.wording.scope(self.table)[0], *marked)
        below = (*under, *self._below(shown, kind))
        items = " ".join(_items(rows, self.wording))
        description = " ".join(
            [self.wording.word(f"chart.says.{kind}", items=items), *above, *below, *self._all_notes(below)]
        )
        words = {key: self.wording.word(f"chart.{key}") for key in ("unit", "break", "share", "count")}
        words["provisional"] = self.wording.word("status.provisional")
        rate = any(figure.kind == "rate" for figure in shown)
        return Plot(name, self.name, kind, rate, title, above, below, rows, words, description, self.wording.language)

    def _below(self, shown: Sequence[Figure], kind: str) -> Iterator[str]:
        """The notes that a picture has room for; those about other cells than it shows stay away."""
        about = {note.text for figure in shown for note in figure.notes}
        elsewhere = {note.text for figure in self.table.figures for note in figure.notes} - about
        above = {note.text for note in marks(self.published, self.wording.catalogue)}
        for note in short_notes(self.table, self.published, self.wording.catalogue):
            if note.text not in elsewhere | above:
                yield self.wording.say(note.text)
        if any(figure.status == "suppressed" for figure in shown):
            yield self.wording.word("chart.sign", symbol=self.wording.symbol)
        if kind == "account" and any(_hidden(figure.maturity) for figure in shown):
            yield self.wording.word("chart.hidden_box")

    def _all_notes(self, below: Sequence[str]) -> list[str]:
        """The notes that the picture has no room for, for its description."""
        said = [self.wording.say(note.text) for note in self.table.notes]
        return [text for text in said if text not in below]

    def accounts(self) -> Iterator[Plot]:
        """One chart per form: how its rates came about, a panel per period."""
        for row in rows_of(self.table):
            figures = [figure for figure in row if figure.maturity and figure.definition and not figure.by]
            if figures:
                yield self._account(figures)

    def _account(self, figures: Sequence[Figure]) -> Plot:
        first = figures[0]
        form, periods = self.wording.row(first, self.table), listing(figure.period.name for figure in figures)
        title = self.wording.word("chart.account", form=form, periods=periods)
        rows = tuple(Row(self.wording.say(figure.period.name), bars=tuple(self._bars(figure))) for figure in figures)
        unit = self.wording.catalogue.word(f"unit.{first.unit}.plural")
        cohort = self.wording.catalogue.word(f"cohort.{first.cohort}")
        measured = self.wording.word("chart.cohort", event=self.wording.event(first), unit=unit, cohort=cohort)
        name = f"{self.name}-account-{first.instrument or 'total'}"
        cells = [f"{self.wording.say(figure.period.name)}: {self.wording.cell(figure)}" for figure in figures]
        return self._plot(name, "account", title, rows, figures, (), (measured, "; ".join(cells)))

    def _bars(self, figure: Figure) -> Iterator[Bar]:
        """A bar per box; words where a count is hidden, or where nobody has been followed yet."""
        boxes = figure.maturity or Maturity()
        waiting = figure.status == "not_yet_known" and boxes.followed == 0
        reach = _reaches(boxes)
        for box in BOXES:
            count = getattr(boxes, box)
            if waiting and box in _RESULTS:
                yield Bar(self.wording.word(f"box.{box}"), self.wording.cell(figure), _RESULTS[box], None, None)
                continue
            sign = "−" if box not in _RESULTS and box != "entrants" and count else ""
            begin, end = reach[box]
            kind = _RESULTS.get(box, "total" if box == "entrants" else "away")
            yield Bar(self.wording.word(f"box.{box}"), sign + self.wording.count(count), kind, begin, end)


def _without_numbers(rows: Sequence[list[Figure]]) -> list[list[Figure]]:
    """The rows that would be empty panels; none if all would."""
    bare = [row for row in rows if all(figure.status != "value" for figure in row)]
    return bare if len(bare) < len(rows) else []


def _reaches(boxes: Maturity) -> dict[str, tuple[float | None, float | None]]:
    """From where to where the bar of each box goes: steps down from all entrants to those at work.

    Where a count is hidden every bar starts at zero, so that no place tells it; without the entrants there is no bar.
    """
    counts = {box: getattr(boxes, box) for box in BOXES}
    if counts["entrants"] is None:
        return dict.fromkeys(BOXES, (None, None))
    if _hidden(boxes):
        return {box: (None, None) if count is None else (0.0, float(count)) for box, count in counts.items()}
    reach: dict[str, tuple[float | None, float | None]] = {}
    left = counts["entrants"]
    for box in ("without_person", "not_ended", "not_counted", "not_due"):
        reach[box] = (float(left - counts[box]), float(left))
        left -= counts[box]
    for box in ("entrants", "followed", "at_work"):
        reach[box] = (0.0, float(counts[box]))
    return {**reach, "not_at_work": (float(counts["at_work"]), float(counts["followed"]))}


def _hidden(boxes: Maturity | None) -> bool:
    return boxes is not None and any(getattr(boxes, box) is None for box in BOXES)


def _items(rows: Sequence[Row], wording: Wording) -> Iterator[str]:
    """Every value of the picture in words."""
    for row in rows:
        dots = [f"{dot.period}: {dot.text}" if len(row.dots) > 1 else dot.text for dot in row.dots]
        said = [f"{text} ({dot.said})" if dot.said else text for text, dot in zip(dots, row.dots, strict=True)]
        bars = [f"{bar.label} {bar.text}" for bar in row.bars]
        yield wording.word("chart.says.item", label=row.label, value="; ".join([*said, *bars]))
