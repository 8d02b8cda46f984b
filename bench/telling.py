"""The results of a run as a table, in the terminal or in Markdown."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.contests import Measurement
from bench.targets import Results, Verdict, verdicts
from bench.tasks import OURS

_HEAD = ("task", "tool", "actions", "seconds", "to ours", "CPU s", "to ours", "peak MB")
_FIRST, _LAST = "<!-- results -->", "<!-- end of results -->"
_JUDGED = ("must reach", "asked of", "limit", "measured at", "value", "reached")


def table(measurements: Sequence[Measurement], *, markdown: bool) -> str:
    """Every task and tool with the median of its repeats, every target, and how the time grows with the size."""
    results = Results(measurements)
    judged = [_judged(verdict) for verdict in verdicts(results)]
    measured = [_measured(results, one) for one in _medians(results)]
    write = _markdown if markdown else _plain
    tables = [write(_HEAD, measured), write(_JUDGED, judged)]
    if len(results.sizes) > 1:
        sizes = [f"{actions:,}" for actions in results.sizes]
        tables.append(write(("task", "tool", *sizes, "for ten times as much"), list(_grown(results))))
    return "\n\n".join([machine(), *tables]) + "\n"


def put_into(page: Path, text: str) -> None:
    """Replace what stands in a page between the marks of the results."""
    before, first, rest = page.read_text(encoding="utf-8").partition(_FIRST)
    _, last, after = rest.partition(_LAST)
    if not last:
        raise SystemExit(f"{page} does not hold {_FIRST} and {_LAST}")
    page.write_text(f"{before}{first}\n{text}{last}{after}", encoding="utf-8")


def machine() -> str:
    """What was run, where and when, in a line."""
    programs = ", ".join(f"{name} {version(name)}" for name in ("uitstroom", "duckdb", "polars", "pandas"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today = datetime.now(UTC).date()
    return (f"{today}, {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()}, "
            f"Python {platform.python_version()}, {programs}.")  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _medians(results: Results) -> Iterator[Measurement]:
    kinds = dict.fromkeys((one.task, one.tool, one.actions) for one in results.measurements)
    yield from (results.need(*kind) for kind in kinds)


def _measured(results: Results, one: Measurement) -> tuple[str, ...]:
    ours = results.of(one.task, OURS, one.actions)
    others = ours if one.tool != OURS else None
    elapsed = _ratio(one.seconds, others.seconds if others else None)
    spent = _ratio(one.cpu_seconds, others.cpu_seconds if others else None)
    return (one.task, one.tool, f"{one.actions:,}", f"{one.seconds:.2f}", elapsed, f"{one.cpu_seconds:.2f}", spent,
            f"{one.rss_mb:,.0f}")  # fmt: skip


def _ratio(theirs: float, ours: float | None) -> str:
    return f"{theirs / ours:.2f} ×" if ours else ""


def _grown(results: Results) -> Iterator[tuple[str, ...]]:
    """Seconds at each size, and by how much they grow when the size grows ten-fold."""
    for task, tool in dict.fromkeys((one.task, one.tool) for one in results.measurements):
        found = {actions: one.seconds for actions in results.sizes if (one := results.of(task, tool, actions))}
        if len(found) > 1:
            (low, first), *_, (high, last) = found.items()
            cells = [f"{found[actions]:.2f}" if actions in found else "" for actions in results.sizes]
            yield task, tool, *cells, f"{(last / first) ** (1 / math.log10(high / low)):.1f} ×"


def _judged(verdict: Verdict) -> tuple[str, ...]:
    target = verdict.target
    limit = f"{'≥' if target.at_least else '≤'} {target.limit:g} {target.unit}"
    asked = f"{target.actions:,}" + " and up" * target.up if target.actions else ""
    answer = "yes" if verdict.reached else "no"
    return (target.words, asked, limit, f"{verdict.actions:,}", f"{verdict.value:.2f}",
            answer if verdict.asked else f"({answer})")  # fmt: skip


def _plain(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in (head, *rows))


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
