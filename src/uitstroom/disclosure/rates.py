"""What a printed rate tells about its numerator and base, in whole numbers."""

from __future__ import annotations

from decimal import Decimal


def rate_bounds(printed: Decimal, decimals: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two pairs of whole multipliers (numerator, base), exact for percentages rounded half up to `decimals` places.

    The first combination is at least 0, the second at most -1: with f = 2 x 10^d and q = f x rate, these are
    f 100 y - (q - 1) n >= 0 and f 100 y - (q + 1) n <= -1.
    """
    factor = 2 * 10**decimals
    whole = int(printed * factor)
    return (100 * factor, 1 - whole), (100 * factor, -1 - whole)
