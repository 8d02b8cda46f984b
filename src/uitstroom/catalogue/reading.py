"""The files of a catalogue as they are written, a service's own on top of the built-in ones; nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from uitstroom.catalogue.complaints import Key, place
from uitstroom.errors import Problem, UitstroomError
from uitstroom.toml import read_toml

DATA = Path(__file__).parent / "data"
BUILT_IN = DATA / "vdab"
LISTS = ("sources", "groups", "dimensions", "work_types", "end_reasons", "frames")
"""Files that hold one entry per key."""
WHOLES = ("service", "disclosure")
"""Files that are one thing."""
SECTIONS = ("indicators", "outflow", "persons")
"""Tables of indicators.toml, each with one entry per key."""
FILES = (*LISTS, *WHOLES, "indicators", "words")


@dataclass(frozen=True)
class Written:
    """One entry: its file, its key path in that file, what stands there, and what stood there below it."""

    file: str
    key: Key
    raw: Any
    below: Any = None


@dataclass
class Files:
    """Every entry by kind and key, in the order in which the keys were first met; and what could not be read."""

    entries: dict[str, dict[str, Written]] = field(
        default_factory=lambda: {kind: {} for kind in (*LISTS, *WHOLES, *SECTIONS, "limits", "words", "instruments")}
    )
    problems: list[Problem] = field(default_factory=list)

    def place(self, kind: str, key: str, *path: str | int) -> str:
        """`groups.toml, werkplekleren.members[1]`."""
        written = self.entries[kind].get(key)
        return place(written.file, (*written.key, *path)) if written else f"{kind}.toml"

    def put(self, kind: str, key: str, file: str, path: Key, raw: Any) -> None:
        below = self.entries[kind].get(key)
        self.entries[kind][key] = Written(file, path, raw, below.raw if below else None)


@dataclass(frozen=True)
class CatalogueLayer:
    """A folder of files, under the name by which messages call it; `words` only where it holds sentences alone."""

    name: Literal["words", "built-in", "own"]
    folder: Path
    shown: str


def layers(directory: Path | None) -> list[CatalogueLayer]:
    """The built-in files, then those of `directory` on top; its own alone where its service.toml does not extend.

    The built-in sentences are always there.
    """
    found = [CatalogueLayer("words", DATA, "")]
    if directory is None or _extends(directory):
        found.append(CatalogueLayer("built-in", BUILT_IN, "vdab"))
    return found if directory is None else [*found, CatalogueLayer("own", directory, str(directory))]


def kept_layers(folder: Path) -> list[CatalogueLayer]:
    """The layers that were written to a folder, over the sentences that this version of the program needs."""
    kept = [
        CatalogueLayer(name, folder / name, f"{folder}/{name}")
        for name in ("words", "built-in", "own")
        if (folder / name).is_dir()
    ]
    return [CatalogueLayer("words", DATA, ""), *kept]


def written(found: Iterable[CatalogueLayer]) -> dict[str, bytes]:
    """Every file of the layers by the path under which `kept_layers` finds it again."""
    return {
        f"{layer.name}/{path.relative_to(layer.folder).as_posix()}": path.read_bytes()
        for layer in found
        for path in sorted(layer.folder.glob("*.toml" if layer.name == "words" else "**/*.toml"))
        if path.is_file()
    }


def read(found: Iterable[CatalogueLayer]) -> Files:
    """Every entry of the layers, the later on top."""
    files = Files()
    for layer in found:
        if layer.name == "words":
            for path in sorted(layer.folder.glob("*.toml")):
                _words(files, path, path.name)
            continue
        if layer.name == "own":
            files.problems.extend(_strangers(layer.folder))
        _folder(files, layer.folder, layer.shown)
    return files


def _extends(directory: Path) -> bool:
    try:
        content = read_toml(directory / "service.toml")
    except UitstroomError:
        return True
    return content.get("extends", True) is not False


def _strangers(directory: Path) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem("there is no such folder", str(directory), "give a folder with catalogue files")
        return
    for path in sorted(directory.glob("*.toml")):
        if path.stem not in FILES:
            advice = f"known: {', '.join(f'{name}.toml' for name in FILES)}; one file per instrument in instruments/"
            yield Problem("this is no file of a catalogue", str(path), advice)


def _folder(files: Files, folder: Path, shown: str) -> None:
    for kind in LISTS:
        file = f"{shown}/{kind}.toml"
        for key, entry in _content(files, folder / f"{kind}.toml", file).items():
            files.put(kind, key, file, (key,), entry)
    for kind in WHOLES:
        file = f"{shown}/{kind}.toml"
        if content := _content(files, folder / f"{kind}.toml", file):
            below = files.entries[kind].get("")
            files.put(kind, "", file, (), {**(below.raw if below else {}), **content})
    _indicators(files, folder / "indicators.toml", f"{shown}/indicators.toml")
    _words(files, folder / "words.toml", f"{shown}/words.toml")
    _instruments(files, folder / "instruments", f"{shown}/instruments")


def _indicators(files: Files, path: Path, file: str) -> None:
    for section, content in _content(files, path, file).items():
        if section == "limits":
            files.put("limits", "", file, ("limits",), content)
        elif section not in SECTIONS or not isinstance(content, dict):
            advice = f"indicators.toml holds the tables {', '.join(SECTIONS)} and the list limits"
            files.problems.append(Problem("this key is not known", place(file, (section,)), advice))
        else:
            for key, entry in content.items():
                files.put(section, key, file, (section, key), entry)


def _words(files: Files, path: Path, file: str) -> None:
    for key, parts, entry in _sentences(_content(files, path, file), ()):
        files.put("words", key, file, parts, entry)


def _sentences(content: Mapping[str, Any], parts: tuple[str, ...]) -> Iterator[tuple[str, Key, Any]]:
    """Sentences by their dotted key, however the file nests its tables: what is no table belongs to the sentence."""
    own = {key: value for key, value in content.items() if not isinstance(value, dict)}
    if parts and (own or not content):
        yield ".".join(parts), parts, own
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _sentences(value, (*parts, key))


def _instruments(files: Files, folder: Path, shown: str) -> None:
    here: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        file = f"{shown}/{path.name}"
        content = _content(files, path, file)
        code = str(content.get("code", path.stem))
        if code in here:
            problem = Problem(f"{here[code]} holds this instrument too", place(file, ("code",)), "keep one of the two")
            files.problems.append(problem)
        if content:
            here[code] = file
            files.put("instruments", code, file, (), content)


def _content(files: Files, path: Path, file: str) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return read_toml(path, file)
    except UitstroomError as error:
        files.problems.extend(error.problems)
    return {}
