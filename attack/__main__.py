"""`python -m attack`: every attack, or one of them; exit code 1 where something broke."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from attack.registers import registers
from attack.releases import Outcome, attacked


def main() -> None:
    """Run the attacks that are asked for and say what broke."""
    parser = argparse.ArgumentParser(prog="python -m attack", description=__doc__)
    parser.add_argument("--releases", type=int, default=500, help="how many releases (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default: 1)")
    parser.add_argument("--folder", type=Path, help="where the registers stand (default: made anew)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        outcomes = _releases(range(options.seed, options.seed + options.releases), folder)
    sys.exit(any(one.broken for one in outcomes))


def _releases(seeds: range, folder: Path) -> list[Outcome]:
    known, outcomes = registers(folder), []
    for seed in seeds:
        outcomes.append(attacked(seed, known))
        print(outcomes[-1].words(), flush=True)
    verdicts = Counter(one.verdict for outcome in outcomes if outcome.look for one in outcome.look.unsafe)
    made = sum(outcome.look is not None for outcome in outcomes)
    print(
        f"{len(outcomes)} draws, {made} made, {sum(bool(one.refused) for one in outcomes)} refused, "
        f"{sum(one.broken for one in outcomes)} broken: {dict(verdicts) or 'nothing given away'}"
    )
    return outcomes


if __name__ == "__main__":
    main()
