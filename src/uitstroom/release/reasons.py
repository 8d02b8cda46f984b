"""Why there is no figure, as whole paragraphs of a letter: each reason once, over the forms that it holds for."""

from __future__ import annotations

from dataclasses import dataclass, field

from uitstroom.catalogue.schema import NoOutflow
from uitstroom.figures import Figure, Table
from uitstroom.release.phrases import sentence, subject
from uitstroom.release.sentences import Wording
from uitstroom.text import Text, listing

_SETTLED = ("not_applicable", "not_possible")
_OWN_WORDS = ("outflow", "reach")
"""Indicators whose reasons are not about counting."""


@dataclass
class Reasons:
    """Says reasons; what it has said once in a letter it does not say again."""

    wording: Wording
    _told: set[tuple[Text, str]] = field(default_factory=set)

    def paragraphs(self, table: Table) -> tuple[list[str], frozenset[str]]:
        """The paragraphs for a table, and the reasons of its cells that need no footnote any more."""
        forms: dict[Text, list[Figure]] = {}
        for figure in table.figures:
            if figure.status in _SETTLED and figure.reason and figure.instrument and not figure.by:
                forms.setdefault(self._why(figure) or figure.reason, []).append(figure)
        said = [one for why, figures in forms.items() if (one := self._paragraph(why, figures))]
        covered = {self.wording.say(one.reason) for figures in forms.values() for one in figures if one.reason}
        return said, frozenset(covered)

    def pending(self, table: Table) -> list[str]:
        """From when on what is not yet known can be known, a sentence for each form and period."""
        waiting = [figure for figure in table.figures if figure.status == "not_yet_known" and not figure.by]
        if len(table.order) > 1 and any(figure.instrument is None for figure in waiting):
            waiting = [figure for figure in waiting if figure.instrument is None]
        return list(dict.fromkeys(self._pending(figure, table) for figure in waiting))

    def _why(self, figure: Figure) -> Text | None:
        """The catalogue's own paragraph for a form without a figure."""
        version = self.wording.catalogue.instrument(str(figure.instrument)).nearest_version(figure.period.last)
        if figure.status == "not_possible":
            return version.not_recorded_paragraph
        asks = version.outflow if figure.indicator == "outflow" else None
        return asks.paragraph if isinstance(asks, NoOutflow) else None

    def _paragraph(self, why: Text, figures: list[Figure]) -> str:
        """Empty where it was said before; of another kind of figure it is said that the reason is the same."""
        first = figures[0]
        named = listing(dict.fromkeys(self._named(figure) for figure in figures))
        kind = f"{first.indicator if first.indicator in _OWN_WORDS else 'count'}.{first.status}"
        if (why, kind) in self._told:
            return ""
        again = any(why == said for said, _ in self._told)
        self._told.add((why, kind))
        if why == first.reason:
            parts = {"forms": named, "reason": self.wording.say(why).rstrip(".")}
            return sentence(self.wording.word(f"letter.reason.{kind}", **parts))
        if again:
            return sentence(self.wording.word(f"letter.reason_again.{kind}", forms=named))
        told = sentence(self.wording.say(why.format(forms=named)))
        return f"{told} {self.wording.word(f'letter.therefore.{kind}')}"

    def _named(self, figure: Figure) -> Text:
        instrument = self.wording.catalogue.instrument(str(figure.instrument))
        return instrument.phrase or instrument.name

    def _pending(self, figure: Figure, table: Table) -> str:
        about = subject(figure, self.wording.catalogue, article=True)
        if figure.known_on is None:
            return sentence(self.wording.word("letter.pending.no_day", subject=about))
        key = "late" if self.wording.is_late(figure, table) else "day"
        parts = {"day": figure.known_on, "clock": table.scope.clock}
        return sentence(self.wording.word(f"letter.pending.{key}", subject=about, **parts))
