"""How facts of a catalogue read on a page: sentences, validity, sources and tables in Markdown, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from uitstroom.catalogue.holding import Catalogue
from uitstroom.catalogue.schema import Dated, Length, Sourced
from uitstroom.text import Language, Text


@dataclass(frozen=True)
class Markdown:
    """Says facts of one catalogue in one language."""

    catalogue: Catalogue
    language: Language

    def text(self, lines: Iterable[str]) -> str:
        return "\n".join(lines).rstrip() + "\n"

    def source(self, entry: Sourced) -> str:
        parts = getattr(entry, "inferred", ())
        if entry.stated and parts:
            manner = self.word("page.inferred_parts", parts=", ".join(parts))
        else:
            manner = self.word("page.stated" if entry.stated else "page.inferred")
        return f"`{entry.source}`, {manner}"

    def validity(self, entry: Dated) -> str:
        first, last = entry.valid_from, entry.valid_until
        key = {(True, True): "from_until", (True, False): "from", (False, True): "until"}.get((bool(first), bool(last)))
        given = {name: day for name, day in (("first", first), ("last", last)) if day}
        return self.word(f"page.{key or 'always'}", **given)

    def length(self, length: Length) -> str:
        unit = next(unit for unit in ("days", "weeks", "months") if getattr(length, unit) is not None)
        return self.word(f"length.{unit}", number=getattr(length, unit))

    def facts(self, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
        for key, fact in facts:
            title = self.word(key)
            yield f"- **{title[:1].upper()}{title[1:]}**: {fact}"
        yield ""

    def table(self, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        yield f"| {' | '.join(self.word(f'page.{title}') for title in titles)} |"
        yield "|" + "---|" * len(titles)
        for row in rows:
            yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
        yield ""

    def sentence(self, words: str) -> str:
        return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")

    def say(self, text: Text) -> str:
        return text.in_language(self.language)

    def said(self, text: Text | None) -> str:
        return self.say(text) if text else ""

    def word(self, key: str, **parts: object) -> str:
        return self.say(self.catalogue.word(key, **parts))
