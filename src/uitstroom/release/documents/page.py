"""What every writer asks of a document beside its blocks, so that all formats say the same."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from uitstroom.errors import UitstroomError
from uitstroom.release.blocks import Block, Document, Grid, Heading, Paragraph, Picture
from uitstroom.release.documents.style import Style

TAGS = {"nl": "nl-BE", "en": "en-GB"}
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
_LINE = 100
"""About so many letters stand side by side on an upright page, with what keeps columns apart."""
_LONGEST_LINE, _SHORTEST_LINE, _SMALLEST = 36, 22, 0.7
TOGETHER = 14
"""Tables of up to so many rows are kept on one page."""


@dataclass(frozen=True)
class Span:
    """A run of text; `address` where it is a link."""

    text: str
    address: str | None = None


def spans(text: str) -> Iterator[Span]:
    """The text with every web address in it as a link; the texts together are the text."""
    end = 0
    for match in _ADDRESS.finditer(text):
        if match.start() > end:
            yield Span(text[end : match.start()])
        yield Span(match.group(), match.group())
        end = match.end()
    if end < len(text):
        yield Span(text[end:])


def tag(document: Document) -> str:
    """The language of the document as a tag, with its region: `nl-BE`."""
    return TAGS[document.language]


def moment(document: Document) -> datetime.datetime:
    """The clock that the figures were given, never the real one; what the file says of when it was made."""
    clocks = [table.scope.clock for table in document.published]
    day = max(clocks, default=datetime.date(1980, 1, 1))
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)


def marks(document: Document, style: Style) -> tuple[str, ...]:
    """What must stand on every page: that figures are unprotected, or synthetic."""
    keys = []
    if document.published.internal:
        keys.append("document.internal")
    if any(table.scope.synthetic for table in document.published):
        keys.append("document.synthetic")
    return tuple(style.word(key, document.language) for key in keys)


def blocks(document: Document, style: Style) -> tuple[Block, ...]:
    """The document's blocks; the marks stand behind its title where no warning of its own says them."""
    if any(isinstance(block, Paragraph) and block.role == "warning" for block in document):
        return document.blocks
    titled = bool(document.blocks) and isinstance(document.blocks[0], Heading)
    warnings = tuple(Paragraph(mark, "warning") for mark in marks(document, style))
    return (*document.blocks[:titled], *warnings, *document.blocks[titled:])


def fields(document: Document, style: Style) -> dict[str, str]:
    """What stands in a header or footer for `{title}`, `{subject}`, `{author}`, `{day}`, `{page}` and `{of}`."""
    words = {name: style.word(f"document.{name}", document.language) for name in ("page", "of")}
    return {**{name: getattr(document, name) for name in ("title", "subject", "author", "day")}, **words}


def filled(texts: Sequence[str], parts: Mapping[str, str]) -> list[str]:
    """The texts with `{name}` replaced, also where an office program cut the place over several texts."""
    whole = "".join(texts)
    holder = [place for place, text in enumerate(texts) for _ in text]
    out = [""] * len(texts)
    at = 0
    for match in re.finditer("|".join(re.escape(f"{{{name}}}") for name in parts), whole):
        _copy(whole, holder, out, range(at, match.start()))
        out[holder[match.start()]] += parts[match.group()[1:-1]]
        at = match.end()
    _copy(whole, holder, out, range(at, len(whole)))
    return out


def _copy(whole: str, holder: Sequence[int], out: list[str], letters: range) -> None:
    for place in letters:
        out[holder[place]] += whole[place]


def is_numeric(grid: Grid, column: int) -> bool:
    """Whether a column (counted from 0, the label column left out) stands to the right."""
    return bool(grid.numeric) and grid.numeric[column]


def widths(grid: Grid) -> tuple[float, ...]:
    """The share of the width that each column gets, the label column first; together 1.

    Words may break, from about 36 letters on, sooner in a wide table; numbers keep their line.
    """
    needs = _needs(grid, _LONGEST_LINE)
    if sum(needs) > _LINE:
        needs = _needs(grid, _SHORTEST_LINE)
    return tuple(need / sum(needs) for need in needs)


def scale(grid: Grid) -> float:
    """The size of the letters against that of other tables: below 1 where the table does not fit an upright page."""
    return round(min(1.0, max(_SMALLEST, _LINE / sum(_needs(grid, _SHORTEST_LINE)))), 2)


def _needs(grid: Grid, longest: int) -> list[float]:
    label = max(len(text) for text in (grid.stub, *("  " * row.level + row.label for row in grid.rows)))
    return [min(label, longest) + 2.0, *(_need(grid, column, longest) for column in range(len(grid.columns)))]


def _need(grid: Grid, column: int, longest: int) -> float:
    cells = max((len(row.cells[column]) for row in grid.rows), default=0)
    word = max(map(len, grid.columns[column].split()), default=0)
    head = min(len(grid.columns[column]), longest // 2)
    return max(word, head, min(cells, longest)) * (1.15 if is_numeric(grid, column) else 1.0) + 2.5


def picture(block: Picture, pictures: Mapping[str, bytes], *formats: str) -> tuple[str, bytes]:
    """The bytes of a picture in the first of `formats` that there is: its file name and its content.

    `pictures` maps file names of the charts folder (`started.svg`, `started.png`) to bytes.
    """
    names = [f"{block.name}.{suffix}" for suffix in formats]
    for name in names:
        if name in pictures:
            return name, pictures[name]
    wanted = " or ".join(names)
    raise UitstroomError("the picture is missing", where=wanted, todo="draw the charts before the document is written")


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in dots."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
