"""Registers to attack: a large synthetic one, and one so small that most numbers are."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from uitstroom.catalogue import Catalogue
from uitstroom.registers import Store
from uitstroom.registers.population import read_persons
from uitstroom.synth import write_delivery

SMALL = 0.02


@dataclass(frozen=True)
class Register:
    """A store with the two deliveries of the synthetic register, `scale` times its size."""

    folder: Path
    scale: float
    catalogue: Catalogue

    @cached_property
    def store(self) -> Store:
        """The store, loaded where it is not there yet."""
        store = Store(self.folder / "store")
        if not (self.folder / "made").exists():
            for delivery in write_delivery("vdab-2017", self.folder / "deliveries", scale=self.scale):
                store.load(delivery, self.catalogue)
            (self.folder / "made").touch()
        return store

    @cached_property
    def persons(self) -> tuple[int, ...]:
        """Some persons of the register, and some whom it does not know, as the store knows them."""
        self.store  # noqa: B018
        first = sorted((self.folder / "deliveries").glob("*/action*.csv"))[0]
        with first.open(encoding="utf-8", newline="") as stream:
            found = list(dict.fromkeys(row["person_id"] for row in csv.DictReader(stream) if row["person_id"]))[:400]
        listed = self.folder / "persons.txt"
        listed.write_text("\n".join([*found, *map(str, range(1, 100))]), encoding="utf-8")
        return read_persons(listed, self.store)


def registers(folder: Path) -> dict[bool, Register]:
    """The large register under True and the small one under False."""
    catalogue = Catalogue.load()
    sizes = {True: 1.0, False: SMALL}
    return {big: Register(folder / ("large" if big else "small"), scale, catalogue) for big, scale in sizes.items()}
