"""Break the measuring code in every listed way: the specification and the generated registers must notice.

`python -m tools.mutants [NUMBER…]` asks every case of tests/spec and many registers of tests/generative of DuckDB, with
each mistake of tools/mutants.toml in turn in the code (or those with these numbers), until an answer is wrong. Mistakes
in what disclosure control is told are held against its tests. It names the mistakes that nothing shows.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import duckdb
from hypothesis import given, settings

from tests.generative.registers import INSTRUMENTS, PERIODS, Situation, catalogue, partitions, situations
from tests.spec.case import Case
from tests.spec.chapters import CHAPTERS
from uitstroom.catalogue import Catalogue
from uitstroom.figures import Event
from uitstroom.measure.engines import Run, SqlEngine, from_rows
from uitstroom.measure.reference import Action, Reference, Spell
from uitstroom.measure.tally import Engine, Following, Known
from uitstroom.periods import Horizon

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "mutants.toml"
REGISTERS = 1000
"""Generated registers that are tried at most."""
WRITERS = (
    "indicators",
    "measure.dialect",
    "measure.codes",
    "measure.units",
    "measure.window",
    "measure.evidence",
    "measure.sql",
)
"""The modules that write the SQL, each after those that it imports."""
JUDGED = {"disclosure": "tests/disclosure/test_quantity.py"}
"""The rooms whose mistakes are held against tests, and the tests."""
MERGING = "measure.engines"
"""The module that puts the answers of partitions together."""

Rows = tuple[Iterable[Action], Iterable[Spell]]
Ask = Callable[[Engine], object]


@dataclass(frozen=True)
class Mutant:
    """A mistake: in the module (below `uitstroom`) the text `old`, which occurs once, becomes `new`."""

    number: int
    module: str
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.number:3}. {self.module}: {self.what}"


@dataclass(frozen=True)
class Trial:
    """Records, questions about them, and the right answers."""

    name: str
    catalogue: Catalogue
    known: Known
    parts: tuple[Rows, ...]
    """The records, whole and then in partitions of persons."""
    asked: tuple[tuple[Ask, object], ...]


class StaleError(Exception):
    """A mistake that cannot be made: the text it changes is gone or occurs more than once, or gives no SQL."""


def listed() -> Iterator[Mutant]:
    """The mistakes of the list, numbered from 1."""
    tables = tomllib.loads(LIST.read_text("utf-8"))
    entries = [(module, entry) for module, entries in tables.items() for entry in entries]
    for number, (module, entry) in enumerate(entries, 1):
        yield Mutant(number, module, **entry)


@cache
def mutated(mutant: Mutant) -> ModuleType:
    """The module with the mistake in it; of those that write the SQL, the `measure.sql` that uses it.

    Empty where tests judge the mistake: they run apart.
    """
    if (found := _source(mutant.module).count(mutant.old)) != 1:
        raise StaleError(f"{mutant}: its text occurs {found} times")
    if _judge(mutant):
        compile(_source(mutant.module).replace(mutant.old, mutant.new), mutant.module, "exec")
        return ModuleType(mutant.module)
    afresh = WRITERS[WRITERS.index(mutant.module) :] if mutant.module in WRITERS else [mutant.module]
    with patch.dict(sys.modules):
        return [_executed(name, mutant) for name in afresh][-1]


def _executed(name: str, mutant: Mutant) -> ModuleType:
    """A module below `uitstroom` afresh, with the mistake if it is made there; later imports find it."""
    text = _source(name)
    module = ModuleType(f"uitstroom.{name}")
    sys.modules[module.__name__] = module
    exec(compile(text.replace(mutant.old, mutant.new) if name == mutant.module else text, name, "exec"), vars(module))
    return module


@cache
def _source(name: str) -> str:
    return (ROOT / "src" / "uitstroom" / f"{name.replace('.', '/')}.py").read_text("utf-8")


def trials() -> Iterator[Trial]:
    """The cases of the specification, then generated registers."""
    built_in = Catalogue.load()
    for chapter in CHAPTERS:
        yield from (_of_case(case, built_in) for case in chapter.cases)
    yield from map(_of_situation, _generated())


def _of_case(case: Case, built_in: Catalogue) -> Trial:
    rows = case.action_rows(), case.spell_rows()
    asked = tuple((ask.answer, expected) for ask, expected in case.asked)
    return Trial(case.title, built_in, case.known, (rows,), asked)


def _of_situation(situation: Situation) -> Trial:
    parts = tuple((part.actions, part.spells) for part in (situation, *partitions(situation)))
    right = Reference(catalogue(), situation.actions, situation.spells, situation.known)
    asks: tuple[Ask, ...] = (
        lambda engine: sorted(engine.count(situation.counting), key=repr),
        lambda engine: sorted(engine.counted(situation.counting), key=repr),
        lambda engine: sorted(engine.follow(situation.following), key=repr),
        lambda engine: sorted(engine.followed(situation.following), key=repr),
        lambda engine: sorted(engine.follow(replace(situation.following, curve=12)), key=repr),
        lambda engine: _month_by_month(engine, situation.following),
        lambda engine: _in_turn(engine, situation),
    )
    return Trial("generated", catalogue(), situation.known, parts, tuple((ask, ask(right)) for ask in asks))


def _month_by_month(engine: Engine, following: Following) -> list[object]:
    """A curve up to the horizon, around whose due days the generated spells begin and end."""
    definition, last = following.definition, following.definition.horizon.months or 12
    on_the_day = {"event": Event("on_the_day", same_employer=definition.event.same_employer)}
    months = [on_the_day | {"horizon": Horizon(months=month)} for month in range(1, last + 1)]
    asked = [replace(following, definition=definition.model_copy(update=changed), curve=last) for changed in months]
    return [sorted(engine.follow(one), key=repr) for one in asked]


def _in_turn(engine: Engine, situation: Situation) -> list[object]:
    """What is asked finely of some instruments, then coarsely, then of others, and of another period."""
    by, some = situation.following.by, INSTRUMENTS[:2]
    changes: list[dict[str, Any]] = [{"instruments": some, "by": left} for left in (by, by[1:], by[:1], ())]
    found: list[object] = []
    for changed in (*changes, {}, {"periods": PERIODS[:1]}):
        found.append(sorted(engine.follow(replace(situation.following, **changed)), key=repr))
        found.append(sorted(engine.count(replace(situation.counting, **changed)), key=repr))
    return found


def _generated() -> list[Situation]:
    found: list[Situation] = []

    @settings(max_examples=REGISTERS, derandomize=True, database=None, deadline=None)
    @given(situations())
    def collect(situation: Situation) -> None:
        if situation not in found:
            found.append(situation)

    collect()
    return found


def hunt(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Name each mistake with what noticed it; give those that nothing noticed."""
    left = [mutant for mutant in mutants if not _judge(mutant) or not _fails(mutant)]
    judged = [mutant for mutant in left if _judge(mutant)]
    others = [mutant for mutant in left if not _judge(mutant)]
    return judged + (_hunted(others) if others else [])


def _judge(mutant: Mutant) -> str | None:
    return JUDGED.get(mutant.module.split(".")[0])


def _fails(mutant: Mutant) -> bool:
    """Whether the tests of a room fail on a copy of the program with the mistake in it."""
    tests = _judge(mutant) or ""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "src", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        file = Path(folder, "uitstroom", *mutant.module.split(".")).with_suffix(".py")
        if (found := file.read_text("utf-8").count(mutant.old)) != 1:
            raise StaleError(f"{mutant}: its text occurs {found} times")
        file.write_text(file.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")
        given = ["-m", "pytest", tests, "-x", "-q", "-o", f"pythonpath={folder} ."]
        run = subprocess.run([sys.executable, *given], cwd=ROOT, capture_output=True, check=False)
    if run.returncode not in (0, 1):
        raise StaleError(f"{mutant}: {run.stdout.decode()[-500:]}")
    if run.returncode:
        print(f"noticed {mutant} ({tests})", flush=True)
    return bool(run.returncode)


def _hunted(mutants: Sequence[Mutant]) -> list[Mutant]:
    left = list(mutants)
    for trial in trials():
        if not left:
            break
        noticed = _noticed(trial, left)
        for mutant in noticed:
            print(f"noticed {mutant} ({trial.name})", flush=True)
        left = [mutant for mutant in left if mutant not in noticed]
    return left


def _noticed(trial: Trial, mutants: Sequence[Mutant]) -> list[Mutant]:
    merging = any(mutant.module == MERGING for mutant in mutants)
    with ExitStack() as opened:
        runs = [
            _remembering(opened.enter_context(from_rows("duckdb", trial.catalogue, *rows, trial.known)))
            for rows in (trial.parts if merging else trial.parts[:1])
        ]
        if _wrong(trial, lambda: SqlEngine(trial.catalogue, trial.known, runs[0])):
            raise StaleError(f"without a mistake the answer is wrong too ({trial.name})")
        return [mutant for mutant in mutants if _shown(mutant, trial, runs)]


def _shown(mutant: Mutant, trial: Trial, runs: Sequence[Run]) -> bool:
    try:
        return _wrong(trial, lambda: _engine(mutant, trial, runs))
    except duckdb.Error as error:
        raise StaleError(f"{mutant}: {error}") from error


def _wrong(trial: Trial, engine: Callable[[], Engine]) -> bool:
    """Whether an answer is wrong; each is given by an engine that was asked nothing before."""
    return any(ask(engine()) != expected for ask, expected in trial.asked)


def _engine(mutant: Mutant, trial: Trial, runs: Sequence[Run]) -> SqlEngine:
    """The engine with the mistake: over partitions where the mistake is in putting them together."""
    module: Any = mutated(mutant)
    if mutant.module == MERGING:
        parts = runs[1:] or runs
        merging: SqlEngine = module.SqlEngine(
            trial.catalogue, trial.known, lambda sql: [row for run in parts for row in run(sql)]
        )
        return merging
    engine = SqlEngine(trial.catalogue, trial.known, runs[0])
    engine._statements = module.Statements(trial.catalogue, trial.known)
    return engine


def _remembering(engine: Engine) -> Run:
    """Ask each text once: most mistakes leave most texts as they are."""
    answers: dict[str, list[tuple[Any, ...]]] = {}
    run: Run = engine._run  # type: ignore[attr-defined]

    def remembered(sql: str) -> list[tuple[Any, ...]]:
        if sql not in answers:
            answers[sql] = list(run(sql))
        return answers[sql]

    return remembered


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 if every mistake was noticed, 1 if not, 2 if the list must follow the code."""
    wanted = {int(argument) for argument in arguments}
    mutants = [mutant for mutant in listed() if not wanted or mutant.number in wanted]
    try:
        left = hunt(mutants)
    except StaleError as stale:
        print(f"tools/mutants.toml must follow the code: {stale}", file=sys.stderr)
        return 2
    for mutant in left:
        print(f"UNNOTICED {mutant}")
    print(f"{len(mutants) - len(left)} of {len(mutants)} mistakes noticed")
    return int(bool(left))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
