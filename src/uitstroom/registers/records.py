"""Splitting CSV into records without losing one: every record is well formed, or named with the rule it breaks.

The engine's own reader loses faulty rows (docs/adr); it is only ever given records that are known to be well formed,
one for one, so that what it counts can be held against what was counted here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]

LONGEST_RECORD = 1 << 20
"""Bytes; a longer record is quarantined."""

TOO_LONG = "line_too_long"
NUL = "nul_byte"
ENCODING = "encoding"
QUOTE = "open_quote"
CARRIAGE_RETURN = "carriage_return"
TOO_FEW = "too_few_columns"
TOO_MANY = "too_many_columns"


@dataclass(frozen=True)
class Form:
    """How the records of one file look: `newline` is one byte, `\\n` (a preceding `\\r` belongs to it) or `\\r`."""

    columns: int
    delimiter: bytes = b","
    quote: bytes = b'"'
    newline: bytes = b"\n"
    encoding: str = "utf-8"
    longest: int = LONGEST_RECORD

    @property
    def stand_in(self) -> bytes:
        """An empty record of the right width, in the place of a faulty one."""
        return self.delimiter * (self.columns - 1) + b"\n"


@dataclass(frozen=True)
class Records:
    """The records of a stretch of bytes, in order.

    `clean` holds them as UTF-8 with `\\n`, the faulty ones replaced by empty records; `faults` gives the rule that a
    record breaks by its place here. `starts` and `ends` are the bytes of each in the stretch; `lines` the line, from
    0, on which it starts. `taken` bytes and `taken_lines` lines of the stretch are dealt with.
    """

    clean: bytes
    starts: Positions
    ends: Positions
    lines: Positions
    faults: dict[int, str]
    taken: int
    taken_lines: int

    @property
    def count(self) -> int:
        return len(self.starts)


def split(stretch: bytes, form: Form, *, final: bool) -> Records:
    """The records that begin in `stretch`, which starts where a record starts.

    Unless it is the `final` stretch of the file, what might go on after its end is left for the next one.
    """
    if final and stretch and not stretch.endswith(form.newline):
        whole = split(stretch + form.newline, form, final=True)
        return Records(
            whole.clean, whole.starts, np.minimum(whole.ends, len(stretch)), whole.lines, whole.faults,
            len(stretch), whole.taken_lines,
        )  # fmt: skip
    return _plain(stretch, form) or _Splitting(stretch, form, final).records()


def _plain(stretch: bytes, form: Form) -> Records | None:
    """The records of a stretch in which every line is one and none can be faulty; None if that is not so.

    Without a quote every line end ends a record, and a record is well formed when it has the right width: the marks,
    delimiters and line ends together, must be line ends at every `columns`-th place and nowhere else.
    """
    taken = stretch.rfind(form.newline) + 1
    if (
        form.columns == 1
        or not taken
        or form.quote in stretch
        or b"\0" in stretch
        or not _readable(stretch, form, taken)
    ):
        return None
    whole = np.frombuffer(stretch, dtype=np.uint8, count=taken)
    newlines = whole == form.newline[0]
    marks = np.flatnonzero(newlines | (whole == form.delimiter[0]))
    ends = marks[form.columns - 1 :: form.columns] + 1
    if (
        len(ends) * form.columns != len(marks)
        or np.count_nonzero(newlines) != len(ends)
        or not newlines[ends - 1].all()
    ):
        return None
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    if (ends - starts).max() > form.longest:
        return None
    text = stretch if taken == len(stretch) else stretch[:taken]
    return Records(_unified(text, form), starts, ends, np.arange(len(ends)), {}, taken, len(ends))


def _readable(stretch: bytes, form: Form, taken: int) -> bool:
    """Whether what is taken is in the encoding, and each of its carriage returns belongs to a line end."""
    returns = stretch.count(b"\r", 0, taken) if form.newline == b"\n" else 0
    if returns and returns != stretch.count(b"\r\n", 0, taken):
        return False
    return stretch.isascii() or _decodes(stretch[:taken], form.encoding)


def _unified(text: bytes, form: Form) -> bytes:
    """As UTF-8, every line ending in a line feed."""
    if form.newline == b"\r":
        text = text.replace(b"\r", b"\n")
    elif b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    return text if form.encoding == "utf-8" or text.isascii() else text.decode(form.encoding).encode("utf-8")


class _Splitting:
    """The lines of a stretch, judged all at once; only lines with an unbalanced quote are looked at one by one."""

    def __init__(self, stretch: bytes, form: Form, final: bool) -> None:
        self.stretch, self.form, self.final = stretch, form, final
        self.bytes = np.frombuffer(stretch, dtype=np.uint8)
        self.ends = np.flatnonzero(self.bytes == form.newline[0])
        self.starts = np.concatenate([np.zeros(min(1, len(self.ends)), np.int64), self.ends[:-1] + 1])
        self.content_ends = self._content_ends()
        self.rules: dict[int, str] = {}
        self.troubled = self._no_line()
        self.begins = self.content_ends > self.starts
        self.stops = self.ends + 1

    def records(self) -> Records:
        quotes = np.flatnonzero(self.bytes == self.form.quote[0]) if self.form.quote in self.stretch else None
        troubled, inside = self._quoting(quotes)
        wide = self._width(inside)
        self._note(wide < self.form.columns - 1, TOO_FEW)
        self._note(wide > self.form.columns - 1, TOO_MANY)
        self._note_bytes()
        lines = self._resolve(troubled)
        return self._assembled(lines)

    def _content_ends(self) -> Positions:
        before = self.bytes[np.maximum(self.ends - 1, 0)] == 13 if len(self.bytes) else np.zeros(0, bool)
        carriage = (self.form.newline == b"\n") & before & (self.ends > self.starts)
        return self.ends - carriage.astype(np.int64)

    def _note(self, lines: Flags, rule: str) -> None:
        for line in np.flatnonzero(lines & self.begins).tolist():
            self.rules[line] = rule

    def _note_bytes(self) -> None:
        """Faults that weigh more than the number of columns: they say what kind of line this is."""
        self._note(self._lines_with(ENCODING), ENCODING)
        self._note(self._lines_with(NUL), NUL)
        self._note(self.content_ends - self.starts > self.form.longest, TOO_LONG)

    def _lines_with(self, rule: str) -> Flags:
        if rule == NUL:
            return self._lines_of(np.flatnonzero(self.bytes == 0)) if b"\0" in self.stretch else self._no_line()
        if not len(self.ends) or _decodes(self.stretch[: self.ends[-1] + 1], self.form.encoding):
            return self._no_line()
        flags = self._lines_of(np.flatnonzero(self.bytes > 127))
        for line in np.flatnonzero(flags).tolist():
            flags[line] = not _decodes(self.stretch[self.starts[line] : self.ends[line]], self.form.encoding)
        return flags

    def _no_line(self) -> Flags:
        return np.zeros(len(self.ends), bool)

    def _lines_of(self, positions: Positions) -> Flags:
        flags = self._no_line()
        lines = np.searchsorted(self.ends, positions)
        flags[lines[lines < len(flags)]] = True
        return flags

    def _quoting(self, quotes: Positions | None) -> tuple[Flags, Flags | None]:
        """The lines that do not stand on their own, and of each delimiter whether it is inside quotes."""
        troubled = self._stray_carriage_returns()
        if quotes is None or not len(self.ends):
            return troubled, None
        quotes = quotes[: np.searchsorted(quotes, self.ends[-1])]
        first, after = np.searchsorted(quotes, self.starts), np.searchsorted(quotes, self.ends)
        line = np.repeat(np.arange(len(self.ends)), after - first)
        closing = (np.arange(len(quotes)) - first[line]) % 2 == 1
        neighbour = np.where(closing, quotes + 1, quotes - 1)
        at_edge = neighbour == np.where(closing, self.content_ends[line], self.starts[line] - 1)
        beside = self.bytes[np.clip(neighbour, 0, len(self.bytes) - 1)]
        fits = at_edge | (beside == self.form.delimiter[0]) | (beside == self.form.quote[0])
        troubled[line[~fits]] = True
        troubled |= (after - first) % 2 == 1
        return troubled, self._inside(quotes, first)

    def _inside(self, quotes: Positions, first: Positions) -> Flags:
        delimiters = self._delimiters()
        line = np.minimum(np.searchsorted(self.ends, delimiters), len(self.ends) - 1)
        return np.asarray((np.searchsorted(quotes, delimiters) - first[line]) % 2 == 1)

    def _stray_carriage_returns(self) -> Flags:
        if self.form.newline != b"\n" or b"\r" not in self.stretch:
            return self._no_line()
        returns = np.flatnonzero(self.bytes == 13)
        followed = self.bytes[np.minimum(returns + 1, len(self.bytes) - 1)] == 10
        return self._lines_of(returns[~followed])

    def _delimiters(self) -> Positions:
        return np.flatnonzero(self.bytes == self.form.delimiter[0])

    def _width(self, inside: Flags | None) -> Positions:
        """How many delimiters stand outside quotes on each line."""
        delimiters = self._delimiters()
        if inside is not None:
            delimiters = delimiters[~inside]
        return np.searchsorted(delimiters, self.ends) - np.searchsorted(delimiters, self.starts)

    def _resolve(self, troubled: Flags) -> int:
        """Read each troubled line as the start of a record over several lines, or note it; returns how many lines of
        the stretch are dealt with."""
        self.troubled = troubled
        pattern, free = _pattern(self.form), 0
        for line in np.flatnonzero(troubled & self.begins).tolist():
            if line < free:
                continue
            start = int(self.starts[line])
            if not self.final and start + self.form.longest > len(self.stretch):
                return int(line)
            match = pattern.match(self.stretch, start, start + self.form.longest)
            free = self._joined(line, match) if match else self._alone(line)
        return len(self.ends)

    def _alone(self, line: int) -> int:
        held = self.stretch[self.starts[line] : self.ends[line]]
        self._set(line, QUOTE if self.form.quote in held else CARRIAGE_RETURN)
        return line + 1

    def _set(self, line: int, rule: str) -> None:
        if self.rules.get(line) not in (NUL, ENCODING, TOO_LONG):
            self.rules[line] = rule

    def _joined(self, line: int, match: re.Match[bytes]) -> int:
        """A record over lines `line` to `last`: whole, faulty as a whole, or an open quote that swallowed records."""
        last = int(np.searchsorted(self.ends, match.end() - 1))
        width = _quoted(self.form).sub(b"", match.group()).count(self.form.delimiter)
        if width != self.form.columns - 1 and self._any_stands_alone(range(line + 1, last + 1)):
            return self._alone(line)
        bytes_rules = [self.rules[one] for one in range(line, last + 1) if self.rules.get(one) in (NUL, ENCODING)]
        for one in range(line, last + 1):
            self.rules.pop(one, None)
        self.begins[line + 1 : last + 1] = False
        self.stops[line] = self.ends[last] + 1
        if bytes_rules:
            self.rules[line] = bytes_rules[0]
        elif width != self.form.columns - 1:
            self.rules[line] = TOO_FEW if width < self.form.columns - 1 else TOO_MANY
        return last + 1

    def _any_stands_alone(self, lines: range) -> bool:
        return any(self.begins[line] and not self.troubled[line] and line not in self.rules for line in lines)

    def _assembled(self, lines: int) -> Records:
        begins = np.flatnonzero(self.begins[:lines])
        taken = int(self.ends[lines - 1]) + 1 if lines else 0
        starts, ends = self.starts[begins], self.stops[begins]
        places = {line: place for place, line in enumerate(begins.tolist())} if self.rules else {}
        faults = {places[line]: rule for line, rule in sorted(self.rules.items()) if line in places}
        return Records(self._clean(starts, ends, faults, taken), starts, ends, begins, faults, taken, lines)

    def _clean(self, starts: Positions, ends: Positions, faults: dict[int, str], taken: int) -> bytes:
        skipped = [(int(starts[place]), int(ends[place]), self.form.stand_in) for place in faults]
        blank = np.flatnonzero((self.content_ends == self.starts) & (self.ends < taken))
        skipped += [
            (int(self.starts[line]), int(self.ends[line]) + 1, b"") for line in self._between(blank, starts, ends)
        ]
        return _unified(_replaced(self.stretch, sorted(skipped), taken), self.form)

    def _between(self, blank: Positions, starts: Positions, ends: Positions) -> list[int]:
        """The blank lines that are not inside a record."""
        place = np.searchsorted(starts, self.starts[blank], side="right") - 1
        if len(starts):
            blank = blank[(place < 0) | (self.starts[blank] >= ends[np.maximum(place, 0)])]
        return [int(line) for line in blank]


def _replaced(stretch: bytes, skipped: list[tuple[int, int, bytes]], taken: int) -> bytes:
    pieces, position = [], 0
    for start, end, instead in skipped:
        pieces += [stretch[position:start], instead]
        position = end
    pieces.append(stretch[position:taken])
    return b"".join(pieces)


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _quoted(form: Form) -> re.Pattern[bytes]:
    quote = re.escape(form.quote)
    return re.compile(b"%b(?:[^%b]++|%b%b)*+%b" % ((quote,) * 5))


def _pattern(form: Form) -> re.Pattern[Any]:
    """A record as RFC 4180 has it: a quote only opens a field, closes it, or stands doubled inside it."""
    plain = b"[^%b%b\\r\\n]*+" % (re.escape(form.quote), re.escape(form.delimiter))
    field = b"(?:%b|%b)" % (_quoted(form).pattern, plain)
    end = b"\\r?\\n" if form.newline == b"\n" else b"\\r"
    return re.compile(b"%b(?:%b%b)*+%b" % (field, re.escape(form.delimiter), field, end))
