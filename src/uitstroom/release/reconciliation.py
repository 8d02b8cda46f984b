"""Earlier statements held against the figures: one that they contradict stops the build."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from uitstroom.disclosure import Publishable
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Figure
from uitstroom.release.openings import Openings
from uitstroom.release.phrases import sentence, subject
from uitstroom.release.question import FigureMeant, QuestionFile, Statement, Target
from uitstroom.release.sentences import Wording
from uitstroom.text import percentage, rounded_percentage


@dataclass(frozen=True)
class Reconciled:
    """A statement and the figure that it is about. `holds` is None where the figure is no value."""

    statement: Statement
    figure: Figure
    holds: bool | None

    def verdict(self, wording: Wording, named: bool = True) -> str:
        """What the figures say of the statement, in whole sentences; `named` says where it was made."""
        quote = wording.word("letter.quote_from" if named else "letter.quote", **self._quoted())
        if self.holds is None:
            return sentence(wording.word("letter.statement_no_figure", quote=quote, why=why(self.figure, wording)))
        said = Openings(wording).clause(self.figure)
        key = "letter.statement_holds" if self.holds else "letter.statement_explained"
        verdict = sentence(wording.word(key, quote=quote, said=said, relation=self._relation(wording)))
        explained = self.statement.explanation if not self.holds else None
        return f"{verdict} {sentence(wording.say(explained))}" if explained else verdict

    def _quoted(self) -> dict[str, object]:
        return {"quote": self.statement.quote, "source": self.statement.source}

    def _relation(self, wording: Wording) -> str:
        relation = self.statement.relation
        kind = next(
            key for key in ("more_than", "less_than", "rounded", "exactly") if getattr(relation, key) is not None
        )
        held = "holds" if self.holds else "differs"
        return wording.word(f"relation.{held}.{kind}", said=int(relation.said))


@dataclass(frozen=True)
class Progress:
    """A target and the figure that measures how far it is reached."""

    target: Target
    figure: Figure

    def said(self, wording: Wording) -> str:
        """`In 2017 werden bij VDAB 11.402 IBO's gestart. Dat is 76% van de 15.000 die beoogd werden.`"""
        parts: dict[str, object] = {"target": int(self.target.value), "source": self.target.source}
        if self.figure.status != "value":
            return sentence(wording.word("letter.progress_no_figure", **parts, why=why(self.figure, wording)))
        share = percentage(rounded_percentage(int(self.figure.value or 0), int(self.target.value)), wording.language)
        told = sentence(Openings(wording).clause(self.figure))
        return f"{told} {sentence(wording.word('letter.progress_item', **parts, share=share))}"


def why(figure: Figure, wording: Wording) -> str:
    """Why a figure that is meant has no number, as a clause: its indicator, its period and its reason."""
    return wording.word(
        "letter.why", subject=subject(figure, wording.catalogue, article=True), reason=wording.reason(figure) or ""
    )


def reconciled(question: QuestionFile, published: Publishable) -> tuple[Reconciled, ...]:
    """Every statement with its verdict.

    Raises `UitstroomError` naming the statement, the figure and the difference for each that the figures contradict and
    that has no `explanation`.
    """
    all_ = [_reconciled(question, published, statement) for statement in question.statements]
    wrong = [one for one in all_ if one.holds is False and one.statement.explanation is None]
    if wrong:
        raise UitstroomError.of([_contradiction(one) for one in wrong])
    return tuple(all_)


def progress(question: QuestionFile, published: Publishable) -> tuple[Progress, ...]:
    """Every target with the figure that it is held against."""
    return tuple(Progress(target, figure_meant(question, published, target.figure)) for target in question.targets)


def figure_meant(question: QuestionFile, published: Publishable, meant: FigureMeant) -> Figure:
    """The figure that a statement or target is about; `UitstroomError` if the table has no such cell."""
    place = [table.name for table in question.tables].index(meant.table)
    table = published.tables[place]
    found = [
        figure
        for figure in table.figures
        if figure.instrument == meant.instrument
        and dict(figure.by) == meant.by
        and (meant.period is None or figure.period.code == meant.period)
    ]
    if not found and meant.instrument is None:
        found = [figure for figure in table.figures if dict(figure.by) == meant.by and len(table.order) == 1]
    if not found:
        raise UitstroomError(
            f"the table {meant.table!r} has no figure for instrument {meant.instrument!r}, period {meant.period!r}, "
            f"by {meant.by!r}",
            where="question: statements, targets",
            todo="name an instrument, a period and codes that the table holds",
        )
    return found[0]


def _reconciled(question: QuestionFile, published: Publishable, statement: Statement) -> Reconciled:
    figure = figure_meant(question, published, statement.figure)
    value = Decimal(figure.value) if figure.status == "value" and figure.value is not None else None
    return Reconciled(statement, figure, None if value is None else statement.relation.holds(value))


def _contradiction(one: Reconciled) -> Problem:
    relation = one.statement.relation
    said = relation.said
    difference = Decimal(one.figure.value or 0) - said
    return Problem(
        f"the statement “{one.statement.quote}” ({one.statement.source['en']}) is contradicted: the figure is "
        f"{one.figure.value}, {difference:+} from the {said} that was said",
        where="question: statements",
        todo="correct the statement, or write its `explanation`: the answer then prints it",
    )
