"""`words.json`: the words of a release, so that it can be shown when its catalogue is long gone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uitstroom.errors import UitstroomError
from uitstroom.release.figures_file import SCHEMA, Names
from uitstroom.release.shapes import WORDS, mapping
from uitstroom.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from uitstroom.catalogue import Catalogue

WORDS_FILE = "words.json"
_OF_THE_PROGRAM = ("contract", "desk", "diff", "explain", "ledger", "load", "page", "snapshots", "verify", "when")
"""The beginnings of words that say what a command does, and nothing of figures."""
_MARKS = ("note.internal", "note.alone")
"""Stand with figures that are not published, and nowhere else."""
_TWICE, _THRICE = mapping(mapping(WORDS)), mapping(mapping(mapping(WORDS)))


@dataclass(frozen=True)
class ReleaseWords:
    """What the figures of a release are called and explained by.

    `words` are sentences by key; `names` and `meanings` those of codes by kind (`instrument`, `by_sex`, `status`);
    `labels` what a form is called in a row, by group and indicator; `totals` what the total of a group is called.
    """

    symbol: str
    words: Mapping[str, Text] = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    meanings: Names = field(default_factory=dict)
    labels: Mapping[str, Names] = field(default_factory=dict)
    totals: Mapping[str, Text] = field(default_factory=dict)
    languages: tuple[Language, ...] = LANGUAGES

    def word(self, key: str, **parts: object) -> Text:
        """A sentence with its named places filled; `UitstroomError` where the release does not hold it."""
        if key not in self.words:
            raise UitstroomError(
                f"this release has no words for {key}", where=WORDS_FILE, todo="answer its question again"
            )
        return self.words[key].format(**parts)

    def name(self, kind: str, code: str) -> Text:
        """What a code is called; one without a name stands as it is."""
        return self.names.get(kind, {}).get(code) or Text.verbatim(code)

    def meaning(self, kind: str, code: str) -> Text:
        """What a code means; empty where its name says it."""
        return self.meanings.get(kind, {}).get(code, Text())

    def row(self, indicator: str, instrument: str | None, group: str | None) -> Text:
        """What a form, or the total of a group, is called in a row of a table."""
        if instrument is None:
            return self.totals.get(group or "") or self.words.get("table.total") or Text.verbatim(group or "")
        labelled = self.labels.get(group or "", {}).get(indicator, {}).get(instrument)
        return labelled or self.name("instrument", instrument)

    def as_bytes(self) -> bytes:
        """The file; the names of codes stand in figures.json."""
        body = {
            "schema": SCHEMA,
            "languages": list(self.languages),
            "symbol": self.symbol,
            "words": mapping(WORDS).write(self.words),
            "meanings": _TWICE.write(self.meanings),
            "labels": _THRICE.write(self.labels),
            "totals": mapping(WORDS).write(self.totals),
        }
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def parse(cls, content: bytes | None, names: Names) -> ReleaseWords:
        """The words of a file, or of a release that has none: then its codes have names and nothing more."""
        if content is None:
            return cls("x", names=names)
        try:
            return _read(json.loads(content), names)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UitstroomError(
                "the words of this release cannot be read", where=WORDS_FILE,
                todo="take the release from its archive again",
            ) from None  # fmt: skip


def _read(body: Mapping[str, Any], names: Names) -> ReleaseWords:
    return ReleaseWords(
        str(body["symbol"]),
        mapping(WORDS).read(body["words"]),
        names,
        _TWICE.read(body["meanings"]),
        _THRICE.read(body["labels"]),
        mapping(WORDS).read(body["totals"]),
        tuple(body["languages"]),
    )


def words_of(catalogue: Catalogue, names: Names, symbol: str) -> ReleaseWords:
    """The words that the figures with these codes need."""
    from uitstroom.release.data.codes import meaning_of

    meanings = {
        kind: {code: said for code in codes if (said := meaning_of(catalogue, kind, code))}
        for kind, codes in names.items()
    }
    return ReleaseWords(
        symbol,
        {key: text for key, text in sorted(catalogue.words.items()) if _of_figures(key)},
        names,
        {kind: said for kind, said in meanings.items() if said},
        {code: dict(group.labels) for code, group in catalogue.groups.items() if group.labels},
        {code: group.total for code, group in catalogue.groups.items()},
    )


def _of_figures(key: str) -> bool:
    return key.split(".")[0] not in _OF_THE_PROGRAM and key not in _MARKS
