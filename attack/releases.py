"""Each release made as the program makes it, serialised, and held against a stranger's look."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from attack.draws import Asked, Draw, draw
from attack.registers import Register
from uitstroom.audit import Look, Terms, look
from uitstroom.audit.codelists import Hierarchies
from uitstroom.audit.release_folder import add_release
from uitstroom.audit.sheet import Sheet
from uitstroom.disclosure import expose
from uitstroom.disclosure.released import Released
from uitstroom.errors import UitstroomError
from uitstroom.recipes.measuring import answer_tables, proved
from uitstroom.release.json_csv import as_json

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """A release as it is serialised, and the same unprotected."""

    public: Body
    true: Body


@dataclass
class Outcome:
    """What came of one draw: releases that were made, one that was refused, and what a stranger says."""

    draw: Draw
    pairs: list[Pair] = field(default_factory=list)
    refused: str = ""
    look: Look | None = None
    seconds: float = 0.0

    @property
    def broken(self) -> bool:
        return self.look is not None and not self.look.safe

    def words(self, most: int = 8) -> str:
        """One line, and one more for each number that is given away, `most` of them."""
        head = f"release {self.draw.seed}: {self.seconds:.1f} s, "
        if self.look is None:
            return head + f"refused: {self.refused.splitlines()[0]}"
        found = [f"  {one.verdict}: {one.what} [{one.low}, {one.high}] ({one.place})" for one in self.look.unsafe]
        contradiction = [f"  {self.look.contradiction}"] if self.look.contradiction else []
        tail = f" (then refused: {self.refused.splitlines()[0]})" if self.refused else ""
        lines = [head + f"{self.look.hidden} hidden, {len(found)} unsafe{tail}", *contradiction, *found[:most]]
        return "\n".join(lines + ["  …"] * (len(found) > most))


def attacked(seed: int, registers: Mapping[bool, Register]) -> Outcome:
    """Make the releases of a seed and look at them all together."""
    return held(draw(seed, registers[False].persons), registers)


def held(drawn: Draw, registers: Mapping[bool, Register]) -> Outcome:
    """Make the releases of a draw and look at them all together."""
    begun = time.perf_counter()
    outcome, register = Outcome(drawn), registers[drawn.big]
    earlier: list[Released] = []
    for asked in drawn.releases:
        try:
            outcome.pairs.append(_made(asked, register, earlier))
        except UitstroomError as error:
            outcome.refused = str(error)
            break
    if outcome.pairs:
        outcome.look = looked(outcome.pairs)
    outcome.seconds = time.perf_counter() - begun
    return outcome


def looked(pairs: Sequence[Pair]) -> Look:
    """What a stranger says who has all of these releases."""
    sheet, hierarchies = Sheet(), Hierarchies.published()
    for pair in pairs:
        add_release(sheet, pair.public, pair.true, hierarchies)
    return look(sheet, hierarchies, Terms())


def _made(asked: Asked, register: Register, earlier: list[Released]) -> Pair:
    tables = answer_tables(register.store, register.catalogue, asked.questions, asked.as_of, asked.as_of)
    published, proof = proved(tables, register.catalogue, earlier)
    public = json.loads(as_json(published, register.catalogue))
    earlier.append(proof.released)
    return Pair(public, json.loads(as_json(expose(tables, register.catalogue.disclosure), register.catalogue)))
