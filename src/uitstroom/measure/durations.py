"""How long units lasted: each day that a part covers counts once (rule chain.running)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from uitstroom.measure.asking import Setting
from uitstroom.measure.tally import Record
from uitstroom.periods import ONE_DAY, Day


def covered_days(stretches: Iterable[tuple[Day, Day]]) -> int:
    """The days that these stretches cover, both ends included, each once."""
    days, reached = 0, Day.min
    for first, last in sorted(stretches):
        begin = max(first, reached + ONE_DAY) if reached > Day.min else first
        days += max((last - begin).days + 1, 0)
        reached = max(reached, last)
    return days


def durations(
    setting: Setting, unit: Literal["action", "trajectory"], records: Sequence[Record]
) -> Mapping[str, int | None]:
    """The duration in days of each record's unit, by its first action; None while it runs."""
    several = sorted({record.first_action for record in records if record.first_action != record.last_action})
    stretches: dict[str, list[tuple[Day, Day]]] = {action: [] for action in several}
    for action, start, end, reason in setting.engine.parts_of(unit, several) if several else []:
        undone = setting.catalogue.end_reasons.get(reason or "")
        if start and end and not (undone and undone.kind == "never_happened"):
            stretches[action].append((start, end))
    return {record.first_action: _days(record, stretches) for record in records}


def _days(record: Record, stretches: Mapping[str, Sequence[tuple[Day, Day]]]) -> int | None:
    if record.start is None or record.end is None:
        return None
    return covered_days(stretches.get(record.first_action) or [(record.start, record.end)])
