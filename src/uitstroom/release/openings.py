"""The sentence that opens a table: what was counted, when, and how many, for every indicator and for series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from uitstroom.figures import Figure, Table
from uitstroom.release.phrases import cohort, sentence, several, single, when
from uitstroom.release.sentences import Wording
from uitstroom.text import Text, listing

_MOST = 4
"""So many numbers stand in one sentence; of a longer series only the last."""


@dataclass(frozen=True)
class Openings:
    """Says what a table shows before it is read."""

    wording: Wording

    def opening(self, table: Table) -> str:
        """`In de eerste jaarhelft van 2017 werden bij VDAB 23.251 werkplekleeracties gestart.`; empty where none is
        known."""
        said = self._rates(table) if any(figure.kind == "rate" for figure in table.figures) else self._counts(table)
        return " ".join([*said, *self._below(table)]) if said else ""

    def clause(self, figure: Figure) -> str:
        """What a figure with a value says, as a clause that begins in lower case."""
        wording = self.wording
        if figure.kind == "rate":
            what = self.measured(figure)
            if figure.indicator == "reach":
                return wording.word("letter.reach", **self._reach(figure))
            return wording.word(self._key(figure), indicator=self._indicator(figure), rate=what)
        key = f"letter.count.{figure.indicator}" + (f".{figure.who}" if figure.indicator == "persons" else "")
        count = int(figure.value or 0)
        parts = {
            "service": wording.catalogue.service.name,
            "what": several(figure, self.wording.catalogue),
            "one": single(figure, self.wording.catalogue),
        }
        return wording.numbered(key, count, when=when(figure, self.wording.catalogue), **parts)

    def measured(self, figure: Figure) -> Text:
        """`47% na 3 maanden voor instapstages`."""
        value = Text.verbatim(self.wording.rate(figure))
        return self.wording.catalogue.word("letter.rate_of", value=value, what=several(figure, self.wording.catalogue))

    def _key(self, figure: Figure) -> str:
        return "letter.share" if figure.cohort is None else "letter.rate"

    def _indicator(self, figure: Figure) -> Text:
        return self.wording.catalogue.indicator(figure.indicator).name

    def _counts(self, table: Table) -> list[str]:
        known = [one for one in own_rows(table) if one.status == "value"]
        if not known:
            return []
        first, *more = known if len(known) <= _MOST else known[-1:]
        said = [sentence(self.clause(first))]
        if more:
            rest = [Text.verbatim(self._more(figure)) for figure in more]
            said.append(sentence(self.wording.say(listing(rest))))
        return said

    def _more(self, figure: Figure) -> str:
        return self.wording.numbered(
            "letter.count.more", int(figure.value or 0), when=when(figure, self.wording.catalogue)
        )

    def _rates(self, table: Table) -> list[str]:
        known = [one for one in table.figures if one.status == "value" and not one.by]
        if not known:
            return []
        if table.indicator == "reach":
            return [sentence(self.clause(one)) for one in known if one.instrument is None or len(table.order) == 1]
        last = known[-1].period
        shown = known if len(known) <= _MOST else [one for one in known if one.period == last][:_MOST]
        parts = [self._together(list(same)) for _, same in groupby(shown, key=lambda one: (one.period, one.cohort))]
        rate = listing(parts)
        return [sentence(self.wording.word(self._key(known[0]), indicator=self._indicator(known[0]), rate=rate))]

    def _together(self, figures: list[Figure]) -> Text:
        """The rates of one cohort, which is named once."""
        rates = listing(self.measured(figure) for figure in figures)
        if figures[0].cohort is None:
            return self.wording.catalogue.word("letter.rates_of", rates=rates, cohort=figures[0].period.adverb)
        return self.wording.catalogue.word(
            "letter.rates_of", rates=rates, cohort=cohort(figures[0], self.wording.catalogue)
        )

    def _reach(self, figure: Figure) -> dict[str, object]:
        return {
            "value": self.wording.rate(figure), "base": figure.base or 0, "when": figure.period.adverb,
            "one": single(figure, self.wording.catalogue), "service": self.wording.catalogue.service.name,
        }  # fmt: skip

    def _below(self, table: Table) -> Iterator[str]:
        """What the table breaks the number down by."""
        catalogue = self.wording.catalogue
        dimensions = [catalogue.word("letter.form")] if len(table.order) > 1 else []
        dimensions += [catalogue.dimension(one).name for one in table.by]
        if dimensions:
            kind = "rates" if any(figure.kind == "rate" for figure in table.figures) else "counts"
            yield self.wording.word(f"letter.below.{kind}", dimensions=listing(dimensions))


def own_rows(table: Table) -> list[Figure]:
    """The figures of the whole, by period: the total's, or those of the only form."""
    whole = [figure for figure in table.figures if figure.instrument is None and not figure.by]
    if whole or len(table.order) != 1:
        return whole
    return [figure for figure in table.figures if not figure.by]
