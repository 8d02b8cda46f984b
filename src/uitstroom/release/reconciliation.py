"""Earlier statements held against the figures: one that they contradict stops the build."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Figure
from uitstroom.release.question import FigureMeant, QuestionFile, Statement, Target
from uitstroom.text import Text, percentage, rounded_percentage, whole


@dataclass(frozen=True)
class Reconciled:
    """A statement and the figure that it is about. `holds` is None where the figure is no value."""

    statement: Statement
    figure: Figure
    holds: bool | None

    def verdict(self, catalogue: Catalogue) -> Text:
        """What the figures say of the statement, in words."""
        if self.holds is None:
            return catalogue.word("letter.statement_no_figure", reason=self.figure.reason or Text())
        key = "letter.statement_holds" if self.holds else "letter.statement_explained"
        about = _about(self.figure, catalogue)
        return catalogue.word(key, value=_number(self.figure), relation=self._relation(catalogue), figure=about)

    def _relation(self, catalogue: Catalogue) -> Text:
        relation = self.statement.relation
        kind = next(
            key for key in ("more_than", "less_than", "rounded", "exactly") if getattr(relation, key) is not None
        )
        unit = {"unit": relation.unit} if kind == "rounded" else {}
        return catalogue.word(f"relation.{kind}", said=int(relation.said), **unit)


@dataclass(frozen=True)
class Progress:
    """A target and the figure that measures how far it is reached."""

    target: Target
    figure: Figure

    def said(self, catalogue: Catalogue) -> Text:
        """`11.402 van de 15.000 (76%)`, or why it cannot be said."""
        about = _about(self.figure, catalogue)
        goal, source = int(self.target.value), self.target.source
        if self.figure.status != "value":
            reason = self.figure.reason or Text()
            return catalogue.word("letter.progress_no_figure", figure=about, target=goal, source=source, reason=reason)
        share = rounded_percentage(int(self.figure.value or 0), goal)
        shares = Text.by_language(lambda language: percentage(share, language))
        return catalogue.word(
            "letter.progress_item", figure=about, value=_number(self.figure), target=goal, share=shares, source=source
        )  # fmt: skip


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


def _number(figure: Figure) -> Text:
    if figure.kind == "rate":
        return Text.by_language(lambda language: percentage(figure.value or 0, language))
    return Text.by_language(lambda language: whole(int(figure.value or 0), language))


def _about(figure: Figure, catalogue: Catalogue) -> Text:
    indicator = catalogue.indicator(figure.indicator).name
    subject = catalogue.instrument(figure.instrument).short_name if figure.instrument else catalogue.word("table.total")
    return catalogue.word("letter.about", indicator=indicator, subject=subject, period=figure.period.name)
