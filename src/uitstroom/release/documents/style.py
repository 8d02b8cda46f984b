"""House style without programming: reference documents, a style sheet, PDF settings and texts, all optional.

A folder may hold `reference.docx`, `reference.odt` (styles, fonts, margins, header and footer are taken from them),
`letter.css`, `letter.typ` (fonts, colours and measures of the PDF), `texts.toml` (words to replace) and `assets/`
(fonts and pictures that `letter.typ` names). What is absent is taken from the built-in style.
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from uitstroom.errors import Problem, UitstroomError
from uitstroom.release import fonts
from uitstroom.release.documents.package import packed
from uitstroom.text import LANGUAGES, Language, Text

DOCX, ODT, CSS, TYPST, TEXTS, ASSETS = (
    "reference.docx", "reference.odt", "letter.css", "letter.typ", "texts.toml", "assets",
)  # fmt: skip
FILES = (DOCX, ODT, CSS, TYPST, TEXTS)

Texts = Mapping[str, Mapping[Language, str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Style:
    """How documents look, and the words that a house replaces. Make one with `load`.

    `texts` maps the key of a word to what replaces it, in one language or both; `assets` maps a path below `assets/`
    to its bytes.
    """

    docx: bytes
    odt: bytes
    css: str
    typst: str
    own: Mapping[str, Text]
    texts: Texts
    assets: Mapping[str, bytes]

    @classmethod
    def load(cls, directory: Path | None = None) -> Style:
        """The style in a folder, over the built-in one (None: only that).

        `UitstroomError` names every file that cannot be used, with what to do.
        """
        found = _Folder.of(directory)
        builtin = resources.files(__package__) / "style"
        own = {key: Text(**words) for key, words in tomllib.loads((builtin / TEXTS).read_text("utf-8")).items()}
        style = cls(
            docx=found.take(DOCX, _word_document) or _reference(builtin / "docx", _docx_fonts()),
            odt=found.take(ODT, _text_document) or _reference(builtin / "odt", _odt_fonts()),
            css=found.take(CSS, _style_sheet) or (builtin / CSS).read_text("utf-8"),
            typst=found.take(TYPST, _typst_settings) or (builtin / TYPST).read_text("utf-8"),
            own=own,
            texts=found.take(TEXTS, _texts) or {},
            assets=found.assets(),
        )
        found.refuse()
        return style

    def write(self, directory: Path) -> None:
        """Write the files of this style to a folder, to start a house style from; no file is overwritten."""
        directory.mkdir(parents=True, exist_ok=True)
        files = {DOCX: self.docx, ODT: self.odt, CSS: self.css.encode(), TYPST: self.typst.encode()}
        for name, content in files.items():
            try:
                with (directory / name).open("xb") as out:
                    out.write(content)
            except FileExistsError:
                raise UitstroomError(
                    "this file is already there", where=name, todo="give a folder without a style"
                ) from None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides how a document looks, in hexadecimal."""
        parts = [self.docx, self.odt, self.css.encode(), self.typst.encode()]
        parts += [repr((key, sorted(words.items()))).encode() for key, words in sorted(self.texts.items())]
        parts += [part for name, content in sorted(self.assets.items()) for part in (name.encode(), content)]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    def word(self, key: str, language: Language) -> str:
        """A word that the documents add of themselves, as the house says it."""
        return _replaced(self.own[key], self.texts.get(key, {})).in_language(language)

    def reworded(self, words: Mapping[str, Text]) -> dict[str, Text]:
        """`words` with the house's texts in their place.

        `UitstroomError` names every text whose key is no word, or that names a place which the word does not fill.
        """
        problems = list(self._misfits({**self.own, **words}))
        if problems:
            raise UitstroomError.of(problems)
        return {key: _replaced(word, self.texts.get(key, {})) for key, word in words.items()}

    def _misfits(self, words: Mapping[str, Text]) -> Iterator[Problem]:
        for key, replacing in self.texts.items():
            where = f"{TEXTS}, {key}"
            if key not in words:
                near = get_close_matches(key, words, 1)
                yield Problem("is no word of a document", where, f"did you mean {near[0]}?" if near else "take it out")
                continue
            for language, text in replacing.items():
                unknown = places(text) - places(words[key].in_language(language))
                if unknown:
                    known = ", ".join(f"{{{name}}}" for name in sorted(places(words[key].in_language(language))))
                    yield Problem(
                        f"names {', '.join(f'{{{name}}}' for name in sorted(unknown))}, which nothing fills",
                        f"{where}.{language}",
                        f"use only {known}" if known else "leave the braces out",
                    )


def places(text: str) -> set[str]:
    """The named places of a text: `{day}` is the place `day`; `ValueError` if its braces do not match."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _replaced(word: Text, replacing: Mapping[Language, str]) -> Text:
    return Text({**word, **replacing})


def _reference(folder: Traversable, faces: Mapping[str, bytes]) -> bytes:
    return packed({**dict(_files(folder)), **faces})


@cache
def _docx_fonts() -> Mapping[str, bytes]:
    return {f"word/fonts/{name}.odttf": fonts.obfuscated(name) for name in fonts.EDITED}


@cache
def _odt_fonts() -> Mapping[str, bytes]:
    return {f"Fonts/SourceSansPro-{name}.ttf": fonts.face(name) for name in fonts.EDITED}


def _files(folder: Traversable, above: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = above + entry.name
        if entry.is_dir():
            yield from _files(entry, f"{name}/")
        else:
            yield name, entry.read_bytes()


@dataclass(frozen=True)
class _Folder:
    """The files of a house style, and what is wrong with them."""

    path: Path | None
    problems: list[Problem]

    @classmethod
    def of(cls, path: Path | None) -> _Folder:
        if path is None:
            return cls(None, [])
        if not path.is_dir():
            raise UitstroomError("this house style is no folder", where=str(path), todo="give a folder that exists")
        known = {*FILES, ASSETS}
        strange = [entry.name for entry in sorted(path.iterdir()) if entry.name not in known and entry.name[0] != "."]
        todo = f"a house style holds {', '.join(FILES)} and the folder {ASSETS}; rename it or take it out"
        return cls(path, [Problem("is no file of a house style", name, todo) for name in strange])

    def take(self, name: str, read: Callable[[bytes], T]) -> T | None:
        """What a file holds; None if it is absent or wrong, and then what is wrong is kept."""
        file = self.path / name if self.path else None
        if file is None or not file.exists():
            return None
        try:
            return read(file.read_bytes())
        except UitstroomError as error:
            self.problems.extend(
                Problem(one.what, ", ".join(part for part in (name, one.where) if part), one.todo)
                for one in error.problems
            )
            return None

    def assets(self) -> dict[str, bytes]:
        folder = self.path / ASSETS if self.path else None
        return dict(_files(folder)) if folder and folder.is_dir() else {}

    def refuse(self) -> None:
        if self.problems:
            raise UitstroomError.of(self.problems)


def _word_document(content: bytes) -> bytes:
    from uitstroom.release.documents.docx_reference import opened

    opened(content)
    return content


def _text_document(content: bytes) -> bytes:
    from uitstroom.release.documents.odt_reference import opened

    opened(content)
    return content


def _plain(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UitstroomError("is not written in UTF-8", todo="save it as UTF-8 text") from None


def _style_sheet(content: bytes) -> str:
    from uitstroom.release.documents.html import checked_style_sheet

    return checked_style_sheet(_plain(content))


def _typst_settings(content: bytes) -> str:
    from uitstroom.release.documents.pdf import checked_settings

    return checked_settings(_plain(content))


def _texts(content: bytes) -> Texts:
    try:
        read = tomllib.loads(_plain(content))
    except tomllib.TOMLDecodeError as error:
        raise UitstroomError(f"is no TOML: {error}", todo="mend the line") from None
    texts = dict(_flat(read))
    problems = [problem for key, words in texts.items() for problem in _text_problems(key, words)]
    if problems:
        raise UitstroomError.of(problems)
    return texts


def _flat(tables: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """`["letter.to"]` and `[letter.to]` are the same key."""
    for name, value in tables.items():
        if isinstance(value, dict) and not value.keys() <= set(LANGUAGES):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value


def _text_problems(key: str, words: Any) -> Iterator[Problem]:
    if not isinstance(words, dict) or not words:
        yield Problem("is no text", key, 'give it as nl = "…" and en = "…", or one of the two')
        return
    for language, text in words.items():
        if not isinstance(text, str) or not text.strip():
            yield Problem("is empty or no text", f"{key}.{language}", "write the words between quotes")
            continue
        try:
            places(text)
        except ValueError:
            yield Problem("has a brace without its other half", f"{key}.{language}", "write {{ for a brace itself")
