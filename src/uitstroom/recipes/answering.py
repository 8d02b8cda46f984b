"""From a question on file to a release, and from a release back to the register that it was made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uitstroom.audit import Terms, unsafe_beside
from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable, expose, secrets
from uitstroom.errors import Problem, UitstroomError
from uitstroom.figures import Scope, Table
from uitstroom.ledger.earlier import CATALOGUE, EARLIER, POPULATION, PROTECTION, TRUE_FIGURES, EarlierRelease
from uitstroom.ledger.ledger import Ledger
from uitstroom.ledger.publication import earlier_releases
from uitstroom.measure.addresses import shown
from uitstroom.measure.asking import Question, asked
from uitstroom.measure.opening import DUCKDB
from uitstroom.measure.reach import NOBODY
from uitstroom.periods import Day, Period
from uitstroom.recipes.measuring import answer_tables, parents_of, proved
from uitstroom.recipes.waiting import Expected, expectations
from uitstroom.registers import Store
from uitstroom.registers.population import PersonList, read_population
from uitstroom.release import about, data, documents
from uitstroom.release.annex import annex
from uitstroom.release.answer import Answer
from uitstroom.release.blocks import Picture
from uitstroom.release.figures_file import FIGURES
from uitstroom.release.folder import Release
from uitstroom.release.formats import of_kind, require
from uitstroom.release.index_page import Index
from uitstroom.release.json_csv import figures_file
from uitstroom.release.letter import letter
from uitstroom.release.manifest import Files, Manifest, digest, digest_of_all, identifier
from uitstroom.release.new_release import NewRelease
from uitstroom.release.question import QuestionFile, TableAsked, read_question
from uitstroom.release.reconciliation import progress, reconciled
from uitstroom.text import Language

if TYPE_CHECKING:
    from uitstroom.release.charts import Chart

Report = Callable[[str, float], None]


@dataclass(frozen=True)
class Making:
    """What makes a release: the question's file, the register, the catalogue, the house style and the clock.

    `clock` None is the register's day that the question names, so that a rebuild says the same words.
    """

    question: Path
    store: Store
    catalogue: Catalogue
    language: Language | None = None
    style: Path | None = None
    clock: Day | None = None
    key_file: Path | None = None
    earlier: tuple[Path, ...] = ()
    engine: str = DUCKDB
    beside: Path | None = None
    """The folder of the question's further files (lists of persons), where it is not the question's own."""
    leaned_on: tuple[EarlierRelease, ...] = ()
    """What to protect against, where it is read already; it stands in place of `earlier`."""
    ledger: Ledger | None = None
    """What has been published: the release is protected against all of it."""


def answer(making: Making, release: Path, report: Report | None = None) -> Path:
    """Build the release of a question and its internal part beside it.

    Nothing is measured where a format's library is missing or the place cannot be written; nothing is written if a
    statement is contradicted or a cell unsafe.
    """
    require(read_question(making.question).formats)
    with NewRelease(release) as place:
        built = made(making, report)
        _refuse_what_a_stranger_sees(built, making.catalogue)
        place.put(built.public, built.internal, Manifest.of(built.inputs, built.public), shown(making.engine))
    return release


@dataclass(frozen=True)
class BuiltRelease:
    """A release in memory: its public and its internal files, the inputs that determine them, and what it leans on."""

    public: Files
    internal: Files
    inputs: dict[str, Any]
    leaned_on: tuple[EarlierRelease, ...]


def made(making: Making, report: Report | None = None) -> BuiltRelease:
    """Every file of the release in memory, and the inputs that determine them."""
    tell = report or _silent
    question, style = read_question(making.question), documents.Style.load(making.style)
    catalogue = replace(making.catalogue, words=style.reworded(making.catalogue.words))
    tell("measure", 0.1)
    clock = making.clock or question.as_known_on
    asked_for = questions_of(question, making)
    tables = answer_tables(making.store, catalogue, asked_for, question.as_known_on, clock, making.engine)
    tell("protect", 0.3)
    leaned_on = making.leaned_on or tuple(earlier_release(folder, making) for folder in making.earlier)
    listed = earlier_releases(making.ledger) if making.ledger else ()
    before = tuple({one.manifest: one for one in (*leaned_on, *listed)}.values())
    published, proof = proved(tables, catalogue, [one.released for one in before])
    tell("write", 0.6)
    language = making.language or question.language
    inputs = {
        **_inputs(making, question, tables[0].scope, clock),
        "style": style.fingerprint,
        "language": language,
        "earlier": [one.manifest for one in leaned_on],
        **_fingerprints(question, asked_for),
    }
    public = {**_files(question, published, catalogue, style, language), "question.toml": _source(making)}
    public |= about.files(Index(question, published, catalogue, language, sorted(public), identifier(inputs)))
    internal = {
        PROTECTION: secrets.as_json(proof),
        TRUE_FIGURES: _unprotected(tables, question, published, catalogue),
        **{f"{CATALOGUE}/{name}": content for name, content in making.catalogue.files.items()},
        **{f"{POPULATION}/{name}": (_beside(making) / name).read_bytes() for name in _lists(question)},
        **{f"{EARLIER}/{number}.json": one.as_bytes() for number, one in enumerate(leaned_on, 1)},
    }
    tell("write", 1.0)
    return BuiltRelease(public, internal, inputs, before)


def _refuse_what_a_stranger_sees(built: BuiltRelease, catalogue: Catalogue) -> None:
    """Read the serialised figures as a stranger does who has the earlier releases too; refuse what he can work out."""
    policy = catalogue.disclosure
    told, true = (json.loads(content) for content in (built.public[FIGURES], built.internal[TRUE_FIGURES]))
    before = [one.figures for one in built.leaned_on]
    seen = unsafe_beside(told, true, before, Terms(policy.threshold), policy.attacker)
    if seen:
        todo = "leave out a breakdown or a period, and report it: the protection should have hidden more"
        raise UitstroomError.of([Problem("a stranger can work this number out", words, todo) for words in seen])


def _inputs(making: Making, question: QuestionFile, scope: Scope, clock: Day) -> dict[str, Any]:
    """What determines the figures, by hash."""
    return {
        "question": digest(_source(making)),
        "as_known_on": question.as_known_on.isoformat(),
        "snapshot": scope.snapshot,
        "catalogue": making.catalogue.fingerprint,
        "catalogue_files": digest_of_all(making.catalogue.files),
        "clock": clock.isoformat(),
        "ledger": making.ledger.head if making.ledger else None,
    }


def _fingerprints(question: QuestionFile, asked_for: Sequence[Question]) -> dict[str, str]:
    """The keyed fingerprint of each list of persons, by its file."""
    pairs = zip(question.tables, asked_for, strict=True)
    return {table.population: one.population.fingerprint for table, one in pairs if table.population and one.population}


def _source(making: Making) -> bytes:
    return _file(making.question).read_bytes()


def _unprotected(
    tables: Sequence[Table], question: QuestionFile, published: Publishable, catalogue: Catalogue
) -> bytes:
    """The same figures, unprotected; with the notes of the protected ones, figure by figure in the same places."""
    names = [table.name for table in question.tables]
    told = [replace(table, notes=shown.notes) for table, shown in zip(tables, published, strict=True)]
    return figures_file(expose(told, catalogue.disclosure), catalogue, names).as_bytes()


def _lists(question: QuestionFile) -> list[str]:
    """The files with lists of persons that a question names."""
    return [table.population for table in question.tables if table.population]


def checked(question: Path, catalogue: Catalogue) -> QuestionFile:
    """The question if the catalogue knows all that it names; else every mistake, or the first that it names."""
    asked_for = read_question(question)
    for table in asked_for.tables:
        entry = question_of(table, population=NOBODY if table.population else None)
        asked(entry, catalogue)
        if table.definition:
            find = catalogue.persons_definition if table.indicator == "persons" else catalogue.outflow_definition
            find(table.definition, entry.periods[-1].last)
    return asked_for


def when(making: Making) -> list[Expected]:
    """Each figure of a question that is not yet known, with the day from which it can be."""
    question = read_question(making.question)
    tables = answer_tables(making.store, making.catalogue, questions_of(question, making), question.as_known_on)
    return expectations(tables, making.store.snapshots())


def questions_of(question: QuestionFile, making: Making) -> list[Question]:
    """What the tables of a question file ask of the register."""
    return [question_of(table, population=_population(table, making)) for table in question.tables]


def question_of(table: TableAsked, population: PersonList | None) -> Question:
    """What one table of a question file asks of the register."""
    periods = tuple(Period.parse(code) for code in table.periods)
    return Question(
        table.indicator, periods, table.by, table.instruments, table.group, table.definition, table.so_far,
        population=population,
    )  # fmt: skip


def _population(table: TableAsked, making: Making) -> PersonList | None:
    if table.population is None:
        return None
    return read_population(_beside(making) / table.population, making.store, making.key_file)


def earlier_release(folder: Path, making: Making) -> EarlierRelease:
    """A release before this one: as its internal part keeps it, or else measured again.

    Raises `UitstroomError` where neither can be done.
    """
    return EarlierRelease.kept(folder) or _measured_again(folder, making)


def _measured_again(folder: Path, making: Making) -> EarlierRelease:
    """A release of 0.1.0: what it printed, and the same tables from the register."""
    release = Release.read(folder)
    then = replace(making, question=folder / "question.toml", beside=making.beside or folder)
    question = read_question(then.question)
    clock = Day.fromisoformat(release.manifest.inputs["clock"])
    asked_then = questions_of(question, then)
    true = answer_tables(making.store, making.catalogue, asked_then, question.as_known_on, clock, making.engine)
    return EarlierRelease.of(release, true, parents_of(true, making.catalogue))


def _beside(making: Making) -> Path:
    return making.beside or _file(making.question).parent


def _file(question: Path) -> Path:
    return question / "question.toml" if question.is_dir() else question


def _silent(stage: str, share: float) -> None:
    """Progress that nobody follows."""


def _files(
    question: QuestionFile, published: Publishable, catalogue: Catalogue, style: documents.Style, language: Language
) -> dict[str, bytes]:
    """The public files, in the formats that the question chooses."""
    names = [table.name for table in question.tables]
    files: dict[str, bytes] = {}
    for name in of_kind("data", question.formats):
        files |= data.WRITERS[name](published, catalogue, language, names)
    drawn: list[Chart] = []
    if "charts" in question.formats:
        from uitstroom.release import charts

        drawn = list(charts.charts(published, catalogue, language, names).values())
        for chart in drawn:
            files |= charts.files(chart)
    answered = Answer(question, published, reconciled(question, published), progress(question, published))
    pictures = tuple((chart.table, Picture(chart.name, chart.title, chart.description, chart.own)) for chart in drawn)
    answered = replace(answered, pictures=pictures)
    written = {"letter": letter(answered, catalogue, language)}
    if not answered.full:
        written["annex"] = annex(answered, catalogue, language)
    shown = {f"{one.name}{end}": content for one in drawn for end, content in ((".svg", one.svg), (".png", one.png))}
    for form in of_kind("document", question.formats):
        files |= {f"{name}.{form}": documents.WRITERS[form](one, style, shown) for name, one in written.items()}
    return files
