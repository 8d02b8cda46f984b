"""The tasks of the benchmark, in the order in which they run."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.contests import Contender, Measurement, contest
from bench.made.size import Size
from bench.processes import measured
from bench.tallies import of_csv, of_figures

OURS, DUCKDB, POLARS, PANDAS, DATA_TABLE = "uitstroom", "DuckDB", "Polars", "pandas", "data.table"
TOOLS = (OURS, DUCKDB, POLARS, PANDAS, DATA_TABLE)
IN_MEMORY = {PANDAS, DATA_TABLE}
IN_MEMORY_ACTIONS = CSV_ACTIONS = 1_000_000
"""Above so many actions, tools that work in memory take part only when asked for by name, and CSV stays at that."""
FITS_IN_LITTLE = 20_000_000
"""Actions that a query by hand answers in 4 GB: above them it is asked with that limit too, as a laptop would have."""
HERE = Path(__file__).parent
_UITSTROOM = Path(sys.executable).with_name("uitstroom")
_INSTRUMENTS = ("ibo", "iss", "opleidingsstage")
_PERIOD = "2016-01/2017-12"
_DEFINITION = ("--definition", "iss-3-months")


@dataclass(frozen=True)
class Bench:
    """One size of register in a folder of its own. `tools`: which take part; None: all that can at this size."""

    folder: Path
    size: Size
    tools: frozenset[str] | None = None
    repeat: int = 1
    note: Callable[[str], object] = field(default=lambda _: None)

    @property
    def full(self) -> Path:
        return self.folder / "full"

    @property
    def text(self) -> Path:
        return self.folder / "csv"

    @property
    def text_size(self) -> Size:
        return Size(min(self.size.actions, CSV_ACTIONS), self.size.seed)

    @property
    def changes(self) -> Path:
        return self.folder / "changes"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def forget(self) -> None:
        """Leave nothing of what was measured before."""
        shutil.rmtree(self.store / "kept", ignore_errors=True)

    def make(self, folder: Path, *options: str | Path, size: Size | None = None) -> Iterator[Measurement]:
        """Make a delivery, unless it is there."""
        if not folder.exists():
            made = size or self.size
            part = folder.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            words = ("--actions", str(made.actions), "--seed", str(made.seed), *options)
            maker = Contender(DUCKDB, (sys.executable, "-m", "bench.made", part, *words))
            yield from contest(f"make {folder.stem}", made, [maker], HERE.parent)
            part.rename(folder)

    def run(self, task: str, contenders: Sequence[Contender], *, repeat: int | None = None) -> Iterator[Measurement]:
        """A contest of those that take part."""
        yield from contest(task, self.size, self.present(contenders), self.folder, repeat or self.repeat)

    def present(self, contenders: Sequence[Contender]) -> list[Contender]:
        """Those that take part."""
        return [one for one in contenders if self._takes_part(one.tool)]

    def _takes_part(self, tool: str) -> bool:
        if self.tools is not None:
            return tool.split(",")[0] in self.tools
        if tool == DATA_TABLE and not shutil.which("Rscript"):
            self.note("data.table is left out: apt-get install r-base-core r-cran-data.table")
            return False
        return tool not in IN_MEMORY or self.size.actions <= IN_MEMORY_ACTIONS

    def loaded(self) -> Iterator[Measurement]:
        """Load the full delivery, unless it is, or nobody asks of the store."""
        if self._takes_part(OURS) and not (self.store / "index.json").exists():
            yield from contest("load", self.size, [Contender(OURS, self.load(self.full))], self.folder)

    def load(self, delivery: Path, store: str = "store") -> tuple[str | Path, ...]:
        """The command that loads a delivery."""
        return _UITSTROOM, "load", delivery, "--store", self.folder / store

    def figures(self, *words: str) -> tuple[str | Path, ...]:
        """The command that asks figures of the store."""
        chosen = tuple(part for code in _INSTRUMENTS for part in ("--instrument", code))
        where: tuple[str | Path, ...] = ("--period", _PERIOD, *chosen, "--store", self.store, "--internal", "--json")
        return _UITSTROOM, "figures", *words, *where

    def follow(self) -> None:
        """Have the follow-up kept."""
        if self._takes_part(OURS):
            measured(self.figures("outflow", *_DEFINITION), self.folder)

    def by_hand(self, query: str, keys: int = 1, *after: Path, memory: str = "") -> Contender:
        """A query of bench/by_hand in DuckDB, whose rows begin with so many texts; in so much memory, if it says so."""
        limit = ("--memory", memory) if memory else ()
        program = (sys.executable, HERE / "by_hand/in_duckdb.py", *limit, HERE / f"by_hand/{query}.sql")
        return Contender(DUCKDB, (*program, self.full, *after), of_csv(keys))


def load(bench: Bench) -> Iterator[Measurement]:
    """Parquet and CSV into a store, beside the least that a load can be: a copy without any check."""
    yield from bench.make(bench.full)
    shutil.rmtree(bench.store, ignore_errors=True)
    yield from bench.loaded()
    yield from bench.run("load, unchecked", _copies(bench), repeat=1)
    size = bench.text_size
    yield from bench.make(bench.text, "--csv", size=size)
    ours = Contender(OURS, bench.load(bench.text, "store-of-csv"), before=_without(bench.folder / "store-of-csv"))
    yield from contest("load CSV", size, bench.present([ours]), bench.folder)
    _without(bench.folder / "store-of-csv")()


def _copies(bench: Bench) -> list[Contender]:
    target = bench.folder / "copy"
    return [
        Contender(f"{DUCKDB}, {name}", (sys.executable, HERE / "by_hand/copied.py", name, bench.full, target),
                  before=_without(target))
        for name in ("table", "partitions")
    ]  # fmt: skip


def outflow(bench: Bench) -> Iterator[Measurement]:
    """The outflow of everybody, nothing measured before."""
    yield from _ready(bench)
    if bench.size.actions <= CSV_ACTIONS:
        yield from bench.make(bench.text, "--csv")
    in_polars = (sys.executable, HERE / "by_hand/outflow_polars.py", bench.full)
    in_pandas = (sys.executable, HERE / "by_hand/outflow_pandas.py", bench.full)
    in_r = ("Rscript", HERE / "by_hand/outflow_data_table.R", bench.text)
    in_little = [replace(bench.by_hand("outflow", memory="4GB"), tool=f"{DUCKDB}, in 4 GB")]
    yield from bench.run("outflow", [
        Contender(OURS, bench.figures("outflow", *_DEFINITION), of_figures(), bench.forget),
        bench.by_hand("outflow"),
        replace(bench.by_hand("outflow_pruned"), tool=f"{DUCKDB}, pruned"),
        *(in_little if bench.size.actions > FITS_IN_LITTLE else []),
        Contender(POLARS, in_polars, of_csv(1)),
        Contender(f"{POLARS}, pruned", (*in_polars, "pruned"), of_csv(1)),
        Contender(PANDAS, in_pandas, of_csv(1)),
        Contender(DATA_TABLE, in_r, of_csv(1)),
    ])  # fmt: skip


AGAIN = {
    "outflow again": ("outflow", ("outflow", *_DEFINITION), ()),
    "outflow by sex": ("outflow_by_sex", ("outflow", *_DEFINITION), ("sex",)),
    "outflow by education and age": (
        "outflow_by_education_and_age", ("outflow", *_DEFINITION), ("education", "age_group"),
    ),
    "started by sex": ("started_by_sex", ("started",), ("sex",)),
    "started by education and age": ("started_by_education_and_age", ("started",), ("education", "age_group")),
    "persons": ("persons", ("persons",), ()),
    "persons by sex": ("persons_by_sex", ("persons",), ("sex",)),
}  # fmt: skip
"""Asked when the follow-up is kept: the query by hand, the words of ours, and the dimensions.

The first breakdown keeps what further ones are read off, and is measured apart.
"""


def again(bench: Bench) -> Iterator[Measurement]:
    """Counts, rates and persons, broken down, once the follow-up is kept."""
    yield from _ready(bench)
    bench.follow()
    broken_down = set()
    for task, (query, words, by) in AGAIN.items():
        asked = bench.figures(*words, *(part for code in by for part in ("--by", code)))
        if by and words[0] in ("outflow", "started") and words[0] not in broken_down:
            broken_down.add(words[0])
            yield from bench.run(f"{task}, first", [Contender(OURS, asked)], repeat=1)
        yield from bench.run(task, [Contender(OURS, asked, of_figures(*by)), bench.by_hand(query, 1 + len(by))])


def curve(bench: Bench) -> Iterator[Measurement]:
    """Twenty-four horizons in one pass, nothing measured before, beside one horizon."""
    option = _curve_option()
    if option is None:
        bench.note("curve is left out: `uitstroom figures` has no --curve")
        return
    yield from _ready(bench)
    ours = bench.figures("outflow", *_DEFINITION)
    yield from bench.run("outflow, 1 horizon", [Contender(OURS, ours, before=bench.forget)])
    asked = bench.figures("outflow", *_DEFINITION, *option)
    yield from bench.run(
        "outflow, 24 horizons", [Contender(OURS, asked, before=bench.forget), bench.by_hand("curve", 2)]
    )


def _curve_option() -> tuple[str, ...] | None:
    """How the command line asks for a curve of 24 months; None when it cannot."""
    told = measured((_UITSTROOM, "figures", "--help"), HERE)
    found = re.search(r"^ +--curve( [A-Z]+)?", told.output, re.MULTILINE)
    return (("--curve", "24") if found[1] else ("--curve",)) if found else None


def changes(bench: Bench) -> Iterator[Measurement]:
    """A delivery that touches one person in a hundred: loaded, and the outflow asked anew. The store goes."""
    yield from _ready(bench)
    yield from bench.make(bench.changes, "--changes", bench.full)
    bench.follow()
    yield from bench.run("load changes", [Contender(OURS, bench.load(bench.changes))], repeat=1)
    ours = Contender(OURS, bench.figures("outflow", *_DEFINITION), of_figures())
    yield from bench.run("outflow after changes", [ours, bench.by_hand("outflow", 1, bench.changes)], repeat=1)
    _without(bench.store)()


def _ready(bench: Bench) -> Iterator[Measurement]:
    yield from bench.make(bench.full)
    yield from bench.loaded()


def _without(path: Path) -> Callable[[], object]:
    return lambda: shutil.rmtree(path, ignore_errors=True)


TASKS: dict[str, Callable[[Bench], Iterator[Measurement]]] = {
    "load": load, "outflow": outflow, "again": again, "curve": curve, "changes": changes,
}  # fmt: skip
