"""A reader with patience: every whole-number table that agrees with what is printed, by trying them all."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from uitstroom.text import rounded_percentage

Codes = tuple[str, ...]


def margins(leaves: Mapping[Codes, int]) -> dict[Codes, int]:
    """Each code or `*` in every column, summed plainly."""
    sums: dict[Codes, int] = defaultdict(int)
    for codes, count in leaves.items():
        for key in itertools.product(*((code, "*") for code in codes)):
            sums[key] += count
    return dict(sums)


def possible(
    leaves: Sequence[Codes], printed: Mapping[Codes, int | None], least: int, most: int
) -> dict[Codes, set[int]]:
    """The values each hidden cell takes in the tables that agree; leaves up to `most`."""
    seen: dict[Codes, set[int]] = defaultdict(set)
    free = [leaf for leaf in leaves if printed[leaf] is None]
    known = {leaf: printed[leaf] for leaf in leaves if printed[leaf] is not None}
    for values in itertools.product(range(least, most + 1), repeat=len(free)):
        sums = margins({**known, **dict(zip(free, values, strict=True))})
        if all(sums[key] == value if value is not None else sums[key] >= least for key, value in printed.items()):
            for key, value in printed.items():
                if value is None:
                    seen[key].add(sums[key])
    return seen


def rates(base: int | None, at_work: int | None, rate: Decimal | None, most: int) -> Iterator[tuple[int, int]]:
    """Every base and numerator that print as this."""
    for n in range(most + 1) if base is None else (base,):
        for y in range(n + 1) if at_work is None else (at_work,):
            if y <= n and (rate is None or (n > 0 and rounded_percentage(y, n) == rate)):
                yield n, y
