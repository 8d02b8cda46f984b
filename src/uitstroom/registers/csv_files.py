"""One CSV file, read from beginning to end in bounded memory, block after block of whole records."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from uitstroom.errors import UitstroomError
from uitstroom.registers.delivery import Dialect
from uitstroom.registers.records import TOO_LONG, Form, Records, split

BLOCK = 1 << 22
"""Bytes read at once."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Block:
    """A run of records of a file: `first` counts the records before it, `offset` the bytes and `line` the lines.

    `stretch` is what the places in `records` point into; None for one record too long to hold.
    """

    first: int
    offset: int
    line: int
    records: Records
    stretch: bytes | None


@dataclass
class CsvFile:
    """A CSV file with its dialect; `columns` and `form` are known at once, `digest` once `blocks` has run out."""

    path: Path
    dialect: Dialect
    block: int = BLOCK
    columns: tuple[str, ...] = field(init=False)
    form: Form = field(init=False)
    header: bytes = field(init=False)
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            head = file.read(1 << 20)
        self._start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        line, _, _ = head[self._start :].partition(newline)
        self.header = line.rstrip(b"\r")
        self._after_header = min(self._start + len(line) + 1, self.path.stat().st_size)
        self.columns = self._names(head)
        encoding = {"windows-1252": "cp1252"}.get(self.dialect.encoding, self.dialect.encoding)
        self.form = Form(
            max(len(self.columns), 1), self.dialect.delimiter.encode(), self.dialect.quote.encode(), newline, encoding
        )

    def _names(self, head: bytes) -> tuple[str, ...]:
        if head.startswith(_UTF_16):
            raise UitstroomError("this file is UTF-16", where=str(self.path), todo="save it as UTF-8")
        try:
            text = self.header.decode(self.dialect.encoding)
            lines = csv.reader([text], delimiter=self.dialect.delimiter, quotechar=self.dialect.quote, strict=True)
            row = next(lines, [])
        except (UnicodeDecodeError, csv.Error):
            raise UitstroomError(
                "the first line is no header in the encoding and dialect that the manifest states",
                where=str(self.path), todo="mend the header or [csv] in delivery.toml",
            ) from None  # fmt: skip
        if not any(name.strip() for name in row):
            raise UitstroomError(
                "the file does not start with a header", where=str(self.path),
                todo="deliver it again, its first line the names of the columns",
            )  # fmt: skip
        return tuple(name.strip().lower() for name in row)

    def blocks(self) -> Iterator[Block]:
        """Every record of the file, in order, in blocks; counts, offsets and lines are of the whole file."""
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            digest.update(file.read(self._after_header))
            at, left, final = Block(0, self._after_header, 1, _NO_RECORDS, b""), 0, False
            while not final:
                file.seek(at.offset)
                stretch = file.read(self.block + left)
                final = len(stretch) < self.block + left
                if not final and len(stretch) > self.form.longest and self.form.newline not in stretch:
                    digest.update(stretch)
                    length = self._skip(file, digest, len(stretch))
                    at, left = replace(at, records=_one_too_long(length, self.form), stretch=None), 0
                else:
                    at = replace(at, records=split(stretch, self.form, final=final), stretch=stretch)
                    taken = len(stretch) if final else at.records.taken
                    digest.update(memoryview(stretch)[:taken])
                    left = len(stretch) - taken
                yield at
                at = _next(at)
        self.digest = digest.hexdigest()

    def _skip(self, file: BinaryIO, digest: hashlib._Hash, length: int) -> int:
        """Read on to the end of a line too long to hold; returns its length."""
        while read := file.read(self.block):
            place = read.find(self.form.newline)
            end = place + 1 if place >= 0 else len(read)
            digest.update(memoryview(read)[:end])
            length += end
            if place >= 0:
                break
        return length


def _next(block: Block) -> Block:
    records = block.records
    return Block(
        block.first + records.count, block.offset + records.taken, block.line + records.taken_lines, records, b""
    )


def _one_too_long(length: int, form: Form) -> Records:
    zero = np.zeros(1, np.int64)
    return Records(form.stand_in, zero, zero + length, zero, {0: TOO_LONG}, length, 1)


_NO_RECORDS = split(b"", Form(1), final=True)
