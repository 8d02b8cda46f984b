"""Chance that can be repeated: every draw comes from a named stream, so that one does not disturb another."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from uitstroom.synth.days import Marks, Numbers

Chance = np.random.Generator


def stream(seed: int, *name: str) -> Chance:
    """The stream of random numbers with a name; the same for the same seed and name."""
    return np.random.default_rng([seed, zlib.crc32("/".join(name).encode())])


def allotted(total: int, shares: Sequence[float]) -> list[int]:
    """`total` divided by `shares` (any scale) into whole numbers that add up to it: the largest remainders round up."""
    exact = [total * share / sum(shares) for share in shares]
    whole = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda place: (whole[place] - exact[place], place))
    for place in order[: total - sum(whole)]:
        whole[place] += 1
    return whole


def chosen(chance: Chance, count: int, shares: Sequence[float]) -> Numbers:
    """`count` places in `shares`, in exact proportion and random order."""
    places = np.repeat(np.arange(len(shares)), allotted(count, shares))
    return np.asarray(chance.permutation(places), dtype=np.int64)


def marked(chance: Chance, count: int, share: float) -> Marks:
    """Marks on a share of `count` places, in exact proportion and random order."""
    marks = np.zeros(count, dtype=np.bool_)
    marks[chance.permutation(count)[: round(count * share)]] = True
    return marks


def between(chance: Chance, low: int | Numbers, high: int | Numbers, count: int) -> Numbers:
    """Whole numbers from `low` to `high`, both included; `low` where `high` is less."""
    room = np.maximum(np.asarray(high) - low, 0) + 1
    return np.asarray(low + np.floor(chance.random(count) * room), dtype=np.int64)


def waiting(chance: Chance, mean: float, count: int) -> Numbers:
    """Whole numbers of days, 0 or more, as one waits for something that may happen on any day."""
    return np.floor(chance.exponential(mean, count)).astype(np.int64)
