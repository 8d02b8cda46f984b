"""How the code of a period is cut into the codes of its parts."""

from __future__ import annotations


def finer(code: str) -> list[list[str]]:
    """The ways in which a period is cut into halves, quarters or months."""
    year, _, part = code.partition("-")
    if not (year.isdigit() and len(year) == 4):
        return []
    months = [f"{year}-{month:02d}" for month in range(1, 13)]
    quarters = [f"{year}-Q{number}" for number in range(1, 5)]
    if not part:
        return [[f"{year}-S1", f"{year}-S2"], quarters, months]
    number = int(part[1:]) if part[1:].isdigit() else 0
    if part[0] == "S":
        return [quarters[2 * number - 2 : 2 * number], months[6 * number - 6 : 6 * number]]
    return [months[3 * number - 3 : 3 * number]] if part[0] == "Q" else []
