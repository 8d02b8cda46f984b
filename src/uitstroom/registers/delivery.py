"""A delivery as it arrives: a folder with `delivery.toml` and the files it names (rule delivery.manifest)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from uitstroom.errors import Problem, UitstroomError
from uitstroom.periods import Day
from uitstroom.toml import read_toml

MANIFEST = "delivery.toml"
TableName = Literal["action", "spell", "person_change"]
PersonKind = Literal["number", "keyed", "pseudonym"]


class Part(BaseModel):
    """A part of the manifest: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dialect(Part):
    """How the CSV files are written. Newlines are recognised, and a byte order mark is passed over."""

    encoding: Literal["utf-8", "latin-1", "windows-1252"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    quote: Literal['"', "'"] = '"'
    date_format: Literal["iso", "dd/mm/yyyy"] = "iso"

    @field_validator("encoding", mode="before")
    @classmethod
    def _by_any_name(cls, name: object) -> object:
        known = {"utf8": "utf-8", "utf-8-sig": "utf-8", "latin1": "latin-1", "iso-8859-1": "latin-1",
                 "cp1252": "windows-1252"}  # fmt: skip
        lowered = name.lower() if isinstance(name, str) else name
        return known.get(lowered, lowered) if isinstance(lowered, str) else name


_FILE_NAME = re.compile(r"[^\x00-\x1f\\]{1,200}\.(csv|CSV|txt|parquet)")


class TablePart(Part):
    """The files of one table, and the days between which it is complete, both included."""

    files: Annotated[tuple[str, ...], Field(min_length=1)]
    complete_from: Day | None = None
    complete_until: Day | None = None

    @field_validator("files")
    @classmethod
    def _inside(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_FILE_NAME.fullmatch(name) for name in files):
            raise ValueError("the name of a file ends in .csv, .txt or .parquet")
        paths = [PurePosixPath(name) for name in files]
        if any(path.is_absolute() or ".." in path.parts for path in paths):
            raise ValueError("a file lies in the folder of the delivery: give its name, without .. or a leading /")
        if len(set(paths)) < len(paths):
            raise ValueError("a file is named twice")
        return files

    @model_validator(mode="after")
    def _in_order(self) -> TablePart:
        if self.complete_from and self.complete_until and self.complete_until < self.complete_from:
            raise ValueError("complete_until lies before complete_from")
        return self


class Manifest(Part):
    """delivery.toml."""

    delivered_on: Day
    kind: Literal["full", "changes"]
    person: PersonKind
    """`number`: national numbers, which the store's key makes into pseudonyms; `keyed`: such pseudonyms, made before;
    `pseudonym`: others. `insz` is read as `number`."""
    key: Annotated[str, Field(pattern="[0-9a-f]{32}")] | None = None
    """Of `keyed` persons: the fingerprint of the key that they were made with."""
    pseudonyms_checked: bool = False
    """Somebody saw that the pseudonyms are none of the national numbers that they look like."""
    synthetic: bool = False
    corrects: str | None = None
    """In a quarantine delivery: the snapshot whose quarantined rows it holds; its completeness is what it was."""
    csv: Dialect = Dialect()
    tables: Annotated[dict[TableName, TablePart], Field(min_length=1)]

    @field_validator("person", mode="before")
    @classmethod
    def _by_its_name(cls, kind: object) -> object:
        return "number" if kind == "insz" else kind

    @model_validator(mode="after")
    def _complete(self) -> Manifest:
        wrong = list(self._of_persons())
        wrong += [message for name, part in self.tables.items() for message in self._of_table(name, part)]
        names = [name for part in self.tables.values() for name in part.files]
        if len(set(names)) < len(names):
            wrong.append("one file is named for two tables")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _of_persons(self) -> Iterator[str]:
        if self.person == "keyed" and not self.key:
            yield 'person = "keyed" needs key, the fingerprint of the key that they were made with'
        if self.person != "keyed" and self.key:
            yield 'key goes with person = "keyed" only'
        if self.person != "pseudonym" and self.pseudonyms_checked:
            yield 'pseudonyms_checked goes with person = "pseudonym" only'

    def _of_table(self, name: str, part: TablePart) -> list[str]:
        wrong = []
        if name != "person_change" and not self.corrects and not (part.complete_from and part.complete_until):
            wrong.append(f"tables.{name} needs complete_from and complete_until")
        if part.complete_until and part.complete_until > self.delivered_on:
            wrong.append(f"tables.{name}.complete_until lies after delivered_on")
        return wrong


@dataclass(frozen=True)
class Delivery:
    """A folder whose manifest is in order and whose files are all there."""

    folder: Path
    manifest: Manifest

    def paths(self, table: str) -> list[Path]:
        return [self.folder / name for name in self.files(table)]

    def files(self, table: str) -> tuple[str, ...]:
        part = self.manifest.tables.get(table)  # type: ignore[call-overload]
        return part.files if part else ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for table in self.manifest.tables for path in self.paths(table))


def read_delivery(folder: Path) -> Delivery:
    """The delivery in a folder; `UitstroomError` with everything that is wrong with its manifest."""
    path = folder / MANIFEST
    if not path.exists():
        raise UitstroomError(
            "there is no manifest", where=str(path), todo="write delivery.toml; docs/delivery.md says what is in it"
        )
    return _checked(folder, _manifest(read_toml(path), path))


def _manifest(content: dict[str, Any], path: Path) -> Manifest:
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise UitstroomError.of([_problem(detail, path) for detail in details]) from None


def _problem(detail: ErrorDetails, path: Path) -> Problem:
    key = ".".join(str(part) for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        return Problem("this key is not known", f"{path}, {key}", "docs/delivery.md lists the keys")
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(message[:1].lower() + message[1:], f"{path}, {key}" if key else str(path))


def _checked(folder: Path, manifest: Manifest) -> Delivery:
    problems = [
        Problem(
            "this file is not there",
            f"{folder / MANIFEST}, tables.{table}.files: {name}",
            "deliver it, or mend its name",
        )
        for table, part in manifest.tables.items()
        for name in part.files
        if not (folder / name).is_file()
    ]
    if problems:
        raise UitstroomError.of(problems)
    return Delivery(folder, manifest)
