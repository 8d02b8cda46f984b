"""Words and numbers as people read them, in Dutch and in English."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
_LOCALES = {"nl": "nl_BE", "en": "en_GB"}


@dataclass(frozen=True)
class Text:
    """The same words in Dutch and in English; both are always there."""

    __pydantic_config__: ClassVar[Any] = {"extra": "forbid"}

    nl: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.nl if language == "nl" else self.en

    def format(self, **parts: object) -> Text:
        """Fill the named places; a `Text` or a date among the parts is put in the language of its sentence."""
        return Text(*(getattr(self, key).format(**_in(parts, key)) for key in LANGUAGES))

    def __add__(self, other: Text) -> Text:
        return Text(self.nl + other.nl, self.en + other.en)


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
    return Text(_listing([word.nl for word in words], "en"), _listing([word.en for word in words], "and"))


def _listing(words: list[str], conjunction: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def whole(number: int, language: Language) -> str:
    """3.076 in Dutch, 3,076 in English."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=_LOCALES[language])


def percentage(value: Decimal | float | int, language: Language, decimals: int = 0) -> str:
    """67% ; with decimals 46,6% in Dutch and 46.6% in English."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(str(value)), format=pattern, locale=_LOCALES[language]) + "%"


def long_day(day: datetime.date, language: Language) -> str:
    """30 juni 2018 ; 30 June 2018."""
    from babel.dates import format_date

    return format_date(day, format="d MMMM y", locale=_LOCALES[language])


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
