"""A document as blocks: what the letter says, before any format. Every writer takes these, so that all say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from uitstroom.disclosure import Publishable
from uitstroom.text import Language


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the document's title and stands once."""

    text: str
    level: Literal[1, 2, 3] = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `role` lets a house style set it apart; it is also the name under which a text can be overridden."""

    text: str
    role: Literal["body", "question", "reference", "remark", "warning", "source", "signature"] = "body"


@dataclass(frozen=True)
class Items:
    """A list; numbered where `ordered`."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Row:
    """A table row: its label and its cells, one per column; `level` 1 and more is a part of the row above."""

    label: str
    cells: tuple[str, ...]
    level: int = 0
    total: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: the caption, the head of the label column, the columns, the rows, and the notes that stay under it.

    No cell is empty: where there is no number its status stands in words. `numeric` columns are set to the right.
    """

    caption: str
    stub: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) or not all(row.cells) for row in self.rows):
            raise ValueError("a grid has a cell that is not empty for every row and column")


@dataclass(frozen=True)
class Picture:
    """A chart: its name in the release's charts folder, and the words that stand for it.

    `own` where it shows its table; else it shows how one figure of it came about.
    """

    name: str
    caption: str
    description: str
    own: bool = True


Block = Heading | Paragraph | Items | Grid | Picture


@dataclass(frozen=True)
class Document:
    """A whole document in one language. `published` is the Publishable that its numbers come from."""

    title: str
    subject: str
    author: str
    language: Language
    day: str
    blocks: tuple[Block, ...]
    published: Publishable

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)
