"""Words and numbers as people read them, in each language."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Language = str
"""A language by its two letters (ISO 639-1), as a catalogue declares it: `nl`."""
LANGUAGES: tuple[Language, ...] = ("nl", "en")
"""The languages that the program itself speaks; a catalogue may bring more for its own words."""
FALLBACK: Language = "en"
_LOCALES = {"nl": "nl_BE", "en": "en_GB", "fr": "fr_BE", "nb": "nb_NO"}


def locale_of(language: Language) -> str:
    """The locale whose numbers and days a language is written with: nl_BE for `nl`."""
    return _LOCALES.get(language, language)


class Text(Mapping[Language, str]):
    """The same words in each language that they are given in: `Text(nl="dag", en="day")`.

    Where a language is missing, English stands in, and else the first language given. Immutable and hashable.
    """

    __slots__ = ("_words",)

    def __init__(self, words: Mapping[Language, str] | None = None, /, **given: str) -> None:
        self._words: dict[Language, str] = {**(words or {}), **given}

    @classmethod
    def verbatim(cls, word: str) -> Text:
        """What reads alike in every language, such as a code."""
        return cls.by_language(lambda language: word)

    @classmethod
    def by_language(cls, say: Callable[[Language], str], languages: Iterable[Language] = LANGUAGES) -> Text:
        """What `say` makes of each language."""
        return cls({language: say(language) for language in languages})

    def __getitem__(self, language: Language) -> str:
        return self._words[language]

    def __iter__(self) -> Iterator[Language]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __hash__(self) -> int:
        return hash(frozenset(self._words.items()))

    def __repr__(self) -> str:
        return f"Text({', '.join(f'{language}={word!r}' for language, word in self._words.items())})"

    def in_language(self, language: Language) -> str:
        """The words in a language, or in the one that stands in for it; empty where there are none."""
        found = self._words.get(language, self._words.get(FALLBACK))
        return found if found is not None else next(iter(self._words.values()), "")

    def format(self, **parts: object) -> Text:
        """Fill the named places; a `Text` or a date among the parts is put in the language of its sentence."""
        return Text({key: word.format(**_in(parts, key)) for key, word in self._words.items()})

    def __add__(self, other: Text) -> Text:
        return _together((self, other), "".join)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        fields = {
            key: core_schema.typed_dict_field(core_schema.str_schema(), required=key in LANGUAGES) for key in _LOCALES
        }
        told = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
        made = core_schema.no_info_after_validator_function(cls, told)
        return core_schema.no_info_before_validator_function(
            lambda given: dict(given) if isinstance(given, Text) else given,
            made,
            serialization=core_schema.plain_serializer_function_ser_schema(dict),
        )


def _together(texts: Sequence[Text], join: Callable[[list[str]], str]) -> Text:
    """Texts made into one, in every language that one of them has."""
    languages = dict.fromkeys(language for text in texts for language in text)
    return Text({language: join([text.in_language(language) for text in texts]) for language in languages})


def _in(parts: dict[str, object], language: Language) -> dict[str, str]:
    return {name: say(part, language) for name, part in parts.items()}


def say(part: object, language: Language) -> str:
    """A part of a sentence in a language: a text, a day, a whole number or anything printable."""
    if isinstance(part, Text):
        return part.in_language(language)
    if isinstance(part, datetime.date):
        return long_day(part, language)
    if isinstance(part, int) and not isinstance(part, bool):
        return whole(part, language)
    return str(part)


def listing(parts: Iterable[Text]) -> Text:
    """`a, b en c` / `a, b and c`."""
    words = list(parts)
    languages = dict.fromkeys(language for text in words for language in text)
    return Text(
        {language: _listing([word.in_language(language) for word in words], language) for language in languages}
    )


def _listing(words: list[str], language: Language) -> str:
    from babel.lists import format_list

    return format_list(words, locale=locale_of(language))


def whole(number: int, language: Language) -> str:
    """3.076 in Dutch, 3,076 in English."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=locale_of(language))


def percentage(value: Decimal | float | int, language: Language, decimals: int = 0) -> str:
    """67% ; with decimals 46,6% in Dutch and 46.6% in English."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(str(value)), format=pattern, locale=locale_of(language)) + "%"


def long_day(day: datetime.date, language: Language) -> str:
    """30 juni 2018 ; 30 June 2018."""
    from babel.dates import format_date

    return format_date(day, format="d MMMM y", locale=locale_of(language))


def long_month(day: datetime.date, language: Language) -> str:
    """juni 2018 ; June 2018."""
    from babel.dates import format_date

    return format_date(day, format="MMMM y", locale=locale_of(language))


def short_month(day: datetime.date, language: Language) -> str:
    """jun 2018 ; Jun 2018."""
    from babel.dates import format_date

    return format_date(day, format="MMM y", locale=locale_of(language)).replace(".", "")


def rounded_percentage(numerator: int, base: int, decimals: int = 0) -> Decimal:
    """100 × numerator / base, rounded half up to `decimals` places; the one function that rounds a rate.

    `base` is at least 1. Computed in whole numbers, so that the result is the same everywhere.
    """
    scale = 10**decimals
    doubled = 2 * 100 * scale * numerator
    return (
        Decimal((doubled + base) // (2 * base))
        .scaleb(-decimals)
        .quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    )


def printable(text: str) -> str:
    """A text of somebody else's for a terminal: signs that would steer it, or hide something, are spelled out."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def plain_cell(value: object) -> object:
    """A value for a cell of CSV: behind a quote a spreadsheet takes no text for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
