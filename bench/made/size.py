"""How large a register of the benchmark is."""

from __future__ import annotations

from dataclasses import dataclass

SPELLS_PER_ACTION = 6
SEED = 115


@dataclass(frozen=True)
class Size:
    """How many actions a register has, and the seed that its rows are drawn with."""

    actions: int
    seed: int = SEED

    @property
    def spells(self) -> int:
        return SPELLS_PER_ACTION * self.actions

    @property
    def drawn_with(self) -> dict[str, int]:
        """What the texts of SQL ask for. `step`: how many actions later an interrupted one is continued."""
        return {
            "actions": self.actions, "spells": self.spells, "seed": self.seed,
            "persons": max(1, self.actions // 2), "employers": max(10, self.actions // 20),
            "step": 500 * max(1, self.actions // 10_000),
        }  # fmt: skip
