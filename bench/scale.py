"""Time and memory at scale, ours beside what a user would write instead: `python -m bench.scale --actions N [N…]`.

Makes a register of N actions, 6·N employment lines and N/2 persons, then runs each task with every tool in turn, each
in a process of its own, and holds their answers against each other. Prints a table with ratios and with what must be
reached; `--json` prints one object per measurement, `--markdown` the tables of docs/performance.md, or puts them
there.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from bench.contests import Measurement
from bench.made.size import SEED, Size
from bench.tasks import TASKS, TOOLS, Bench
from bench.telling import put_into, table


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    made.add_argument(
        "--actions", type=_rows, nargs="+", default=[1_000_000], help="one or more sizes, measured in turn"
    )
    made.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    made.add_argument("--tools", nargs="+", choices=TOOLS, help="default: all that this size suits")
    made.add_argument("--repeat", type=int, default=1, help="of questions, not of loads; the table gives medians")
    made.add_argument("--keep", type=Path, metavar="FOLDER", help="where data and stores are made, and left")
    made.add_argument("--seed", type=int, default=SEED)
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true")
    form.add_argument("--markdown", nargs="?", const="-", metavar="PAGE", help="printed, or put into a page")
    made.add_argument("--results", type=Path, metavar="FILE", help="tell what --json printed, and measure nothing")
    return made


def _rows(text: str) -> int:
    rows = int(text)
    if rows < 1:
        raise argparse.ArgumentTypeError(f"{rows} is no number of actions; write 1 or more")
    return rows


def main(words: Sequence[str] | None = None) -> None:
    """Measure, telling on the way what was measured."""
    options = parser().parse_args(words)
    if options.results and not options.results.is_file():
        parser().error(f"--results {options.results}: there is no such file; make one with --json > {options.results}")
    measurements = []
    for one in _read(options.results) if options.results else _measured(options):
        measurements.append(one)
        row = json.dumps(one.as_row())
        _tell(row, sys.stdout) if options.json else _tell(
            f"{one.task}, {one.tool}, {one.actions:,} actions: {one.seconds:.2f} s, {one.rss_mb:,.0f} MB", sys.stderr
        )
    if options.markdown not in (None, "-"):
        put_into(Path(options.markdown), table(measurements, markdown=True))
    elif not options.json:
        _tell(table(measurements, markdown=bool(options.markdown)), sys.stdout)


def _read(path: Path) -> Iterator[Measurement]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Measurement(**json.loads(line))


def _measured(options: argparse.Namespace) -> Iterator[Measurement]:
    for actions in options.actions:
        with ExitStack() as stack:
            folder = _folder(options.keep, actions) or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            tools = frozenset(options.tools) if options.tools else None
            bench = Bench(folder, Size(actions, options.seed), tools, options.repeat, _note)
            for task in (name for name in TASKS if name in options.tasks):
                yield from TASKS[task](bench)


def _folder(keep: Path | None, actions: int) -> Path | None:
    if keep is None:
        return None
    folder = keep.resolve() / str(actions)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _note(text: str) -> None:
    _tell(text, sys.stderr)


def _tell(text: str, stream: TextIO) -> None:
    stream.write(text + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
