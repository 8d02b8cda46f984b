"""The program for a notebook: a register that is opened once, and results that show themselves.

>>> import uitstroom
>>> register = uitstroom.open("store")
>>> register.figures("started", "outflow", period="2017-S1")   # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import html
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uitstroom import recipes
from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.errors import UsageError
from uitstroom.figures import Table
from uitstroom.measure.asking import Question
from uitstroom.periods import Day, Period
from uitstroom.registers import Snapshot, Store
from uitstroom.release.frames import Frame
from uitstroom.text import Language

if TYPE_CHECKING:
    from uitstroom.recipes.answering import Making
    from uitstroom.recipes.waiting import Expected
    from uitstroom.registers.report import LoadReport
    from uitstroom.release.difference import Change
    from uitstroom.release.verdict import Verdict

Words = str | Iterable[str]
"""One word, or several: `"ibo"` or `["ibo", "iss"]`."""
When = str | Day | None
"""A day: `"2017-11-23"` or a date."""


@dataclass(frozen=True)
class Register:
    """A store of snapshots, opened for questions; `language` is that of what is shown.

    Every method has the options of the command of its name. Words may be given alone or in a list, days as dates or
    as `2017-11-23`. Raises `UitstroomError` with what to do, as the command does.
    """

    store: Store
    catalogue: Catalogue
    language: Language = "nl"
    engine: str = "duckdb"
    key_file: Path | None = None

    def figures(
        self,
        *indicators: str,
        period: Words,
        by: Words = (),
        instruments: Words | None = None,
        group: str | None = None,
        definition: str | None = None,
        as_of: When = None,
        so_far: bool = False,
        regardless_of_purpose: bool = False,
        internal: bool = False,
    ) -> Result:
        """Protected tables of typed figures; all unprotected with `internal`, for use inside the service only."""
        asked = _questions(indicators, period, by, instruments, group, definition, so_far, regardless_of_purpose)
        tables = recipes.answer_tables(self.store, self.catalogue, asked, _day(as_of), engine=self.engine)
        published = recipes.publishable(tables, self.catalogue, internal=internal)
        return Result(published, self.catalogue, self.language)

    def records(
        self, *indicators: str, period: Words, by: Words = (), instruments: Words | None = None,
        group: str | None = None, definition: str | None = None, as_of: When = None,
    ) -> str:  # fmt: skip
        """The units behind the figures as CSV. Internal: nothing in it is protected."""
        asked = _questions(indicators, period, by, instruments, group, definition)
        out = io.StringIO()
        recipes.write_records(self.store, self.catalogue, asked, out, _day(as_of), self.engine)
        return out.getvalue()

    def explain(self, action: str, as_of: When = None) -> Explanation:
        """The life of one action, and per indicator why it counts or does not. Internal."""
        told = recipes.explanation(self.store, self.catalogue, action, _day(as_of), self.engine)
        return Explanation(tuple(line.in_language(self.language) for line in told))

    def load(self, delivery: str | os.PathLike[str], **options: Any) -> LoadReport:
        """Check a delivery, set bad rows apart, and make the next snapshot."""
        return self.store.load(Path(delivery), self.catalogue, key_file=self.key_file, **options)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """What the store holds, oldest first."""
        return self.store.snapshots()

    def answer(self, question: str | os.PathLike[str], out: str | os.PathLike[str], **options: Any) -> Path:
        """Build the release of a question in a new folder."""
        from uitstroom.recipes.answering import answer

        return answer(self._making(question, **options), Path(out))

    def when(self, question: str | os.PathLike[str], **options: Any) -> list[Expected]:
        """Each figure of a question that is not yet known, with the day from which it can be."""
        from uitstroom.recipes.answering import when

        return when(self._making(question, **options))

    def verify(self, release: str | os.PathLike[str], **options: Any) -> Verdict:
        """Rebuild a release from its own question, and hold every file against it."""
        from uitstroom.recipes.verification import verify

        return verify(Path(release), self.store, key_file=self.key_file, **options)

    def diff(self, older: str | os.PathLike[str], newer: str | os.PathLike[str]) -> list[Change]:
        """Every cell that differs between two releases, with the causes of the difference."""
        from uitstroom.recipes.comparing import diff

        return diff(Path(older), Path(newer), self.store, self.catalogue)

    def _making(self, question: str | os.PathLike[str], **options: Any) -> Making:
        from uitstroom.recipes.answering import Making

        paths = {name: Path(options.pop(name)) for name in ("style", "beside") if options.get(name)}
        clock = _day(options.pop("clock", None))
        made: dict[str, Any] = {"language": self.language, "key_file": self.key_file, "engine": self.engine, **options}
        made |= {"clock": clock, **paths}
        return Making(Path(question), self.store, self.catalogue, **made)


def open_register(
    store: str | os.PathLike[str],
    *,
    catalogue: str | os.PathLike[str] | Catalogue | None = None,
    language: Language = "nl",
    engine: str = "duckdb",
    key_file: str | os.PathLike[str] | None = None,
) -> Register:
    """The register in a folder; `uitstroom.open`. It is made by the first `load` if it is not there yet.

    `catalogue` is a folder with catalogue files of your own, on top of the built-in one; `engine` the address of what
    measures (docs/engines.md).
    """
    known = catalogue if isinstance(catalogue, Catalogue) else Catalogue.load(Path(catalogue) if catalogue else None)
    return Register(Store(Path(store)), known, language, engine, Path(key_file) if key_file else None)


@dataclass(frozen=True, repr=False)
class Result(Sequence[Table]):
    """Tables that may be published together; the last line of a notebook's cell shows them."""

    published: Publishable
    catalogue: Catalogue
    language: Language = "nl"

    def __len__(self) -> int:
        return len(self.published.tables)

    def __getitem__(self, place: Any) -> Any:
        return self.published.tables[place]

    def __repr__(self) -> str:
        from uitstroom.cli.terminal.tables import as_text

        return as_text(self.published, self.catalogue, self.language)

    def _repr_html_(self) -> str:
        return "\n".join(_sheet(grid) for grid in self._grids)

    @cached_property
    def _grids(self) -> tuple[Any, ...]:
        from uitstroom.release.layout import grid
        from uitstroom.release.sentences import Wording

        wording = Wording(self.catalogue, self.language, self.published.symbol)
        return tuple(grid(table, wording) for table in self.published)

    def frame(self, indicator: str | None = None) -> Frame:
        """The first table of an indicator (None: the first), which any library that reads Arrow takes."""
        return recipes.frame(self.published, indicator)

    def to_arrow(self, indicator: str | None = None) -> Any:
        """A pyarrow table, one row per figure; labels, definitions and notes stand in its schema's metadata."""
        return self.frame(indicator).to_arrow().replace_schema_metadata(self._metadata(indicator))

    def to_polars(self, indicator: str | None = None) -> Any:
        """A polars DataFrame, one row per figure."""
        import polars

        return polars.DataFrame(self.frame(indicator))

    def to_pandas(self, indicator: str | None = None) -> Any:
        """A pandas DataFrame, one row per figure; its `attrs` hold title, definitions and notes."""
        made = self.to_arrow(indicator).to_pandas()
        made.attrs.update(self._metadata(indicator))
        return made

    def chart(self, indicator: str | None = None) -> Drawing:
        """The chart of a table, as it would stand in a release."""
        from uitstroom.release import charts

        places = [place for place, table in enumerate(self) if indicator in (None, table.indicator)]
        drawn = list(charts.charts(self.published, self.catalogue, self.language).values())
        if not places or not drawn:
            raise UsageError(f"there is no chart of {indicator}", todo="ask for a table that can be drawn")
        return Drawing(drawn[places[0]].svg.decode())

    def _metadata(self, indicator: str | None) -> dict[str, str]:
        table = next(table for table in self if indicator in (None, table.indicator))
        names = dict.fromkeys(
            f"{figure.definition.name} ({figure.definition.version}): {figure.definition.source}"
            for figure in table.figures
            if figure.definition
        )
        notes = [note.text.in_language(self.language) for note in table.notes]
        title = table.title.in_language(self.language)
        return {"title": title, "definitions": "\n".join(names), "notes": "\n".join(notes)}


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why an action counts or does not, line by line."""

    lines: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __repr__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Drawing:
    """A drawing that a notebook shows; `svg` is the whole file."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


def _sheet(grid: Any) -> str:
    """A table that a screen reader reads with its headers: native elements, a real text in every cell."""
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in (grid.stub, *grid.columns))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(row.label)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row.cells)
        + "</tr>"
        for row in grid.rows
    )
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in grid.notes)
    caption = f"<caption>{html.escape(grid.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table><ul>{notes}</ul>"


def _questions(
    indicators: Sequence[str], period: Words, by: Words, instruments: Words | None, group: str | None,
    definition: str | None, so_far: bool = False, regardless_of_purpose: bool = False,
) -> list[Question]:  # fmt: skip
    if not indicators:
        raise UsageError("no indicator is asked for", todo='name one or more: register.figures("started", period=…)')
    periods = tuple(Period.parse(code) for code in _words(period))
    chosen = None if instruments is None else _words(instruments)
    return [
        Question(indicator, periods, _words(by), chosen, group, definition, so_far, regardless_of_purpose)
        for indicator in indicators
    ]


def _words(given: Words) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _day(given: When) -> Day | None:
    if given is None or isinstance(given, datetime.date):
        return given
    try:
        return Day.fromisoformat(given)
    except ValueError:
        raise UsageError("this is not a day", todo="write it as 2017-11-23") from None
