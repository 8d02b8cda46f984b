"""The formats of a release: the one registry, from which a question chooses; libraries are checked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from uitstroom.errors import Problem, UitstroomError

FormatName = Literal["csv", "xlsx", "sdmx", "charts", "docx", "odt", "pdf", "html"]


@dataclass(frozen=True)
class Format:
    """A format: what it is for, the module that writes it, the libraries that needs, and the extra that brings them."""

    kind: Literal["data", "charts", "document"]
    module: str
    libraries: tuple[str, ...] = ()
    extra: str = "publish"

    @property
    def missing(self) -> list[str]:
        """The libraries that are not installed."""
        return [library for library in self.libraries if find_spec(library) is None]


_DATA, _DOCUMENTS = "uitstroom.release.data", "uitstroom.release.documents"
FORMATS: Mapping[str, Format] = {
    "json": Format("data", f"{_DATA}.whole"),
    "csv": Format("data", f"{_DATA}.csvw"),
    "xlsx": Format("data", f"{_DATA}.xlsx", ("xlsxwriter",)),
    "sdmx": Format("data", f"{_DATA}.sdmx", ("pysdmx", "lxml"), "sdmx"),
    "charts": Format("charts", "uitstroom.release.charts", ("altair", "vl_convert")),
    "docx": Format("document", f"{_DOCUMENTS}.docx", ("docx", "lxml")),
    "odt": Format("document", f"{_DOCUMENTS}.odt", ("odfdo", "lxml")),
    "pdf": Format("document", f"{_DOCUMENTS}.pdf", ("typst",)),
    "html": Format("document", f"{_DOCUMENTS}.html", ("jinja2", "fontTools")),
}
"""Every format by name; the JSON is always written."""
CHOICE: tuple[FormatName, ...] = ("csv", "xlsx", "sdmx", "charts", "docx", "odt", "pdf", "html")
"""What a question can ask for; all of it, where it does not say."""


def of_kind(kind: str, chosen: Iterable[str]) -> list[str]:
    """The chosen formats of a kind, in the order of the registry; the JSON among the data."""
    names = {"json", *chosen}
    return [name for name, one in FORMATS.items() if one.kind == kind and name in names]


def require(chosen: Iterable[str]) -> None:
    """Raise `UitstroomError` with every chosen format whose libraries are not installed, and what to install."""
    lacking = {name: FORMATS[name] for name in chosen if FORMATS[name].missing}
    if lacking:
        raise UitstroomError.of(
            [
                Problem(
                    f"the format {name} needs {' and '.join(one.missing)}, which is not installed", "formats",
                    f"pip install 'uitstroom[{one.extra}]', or leave {name} out of the question's formats",
                )
                for name, one in lacking.items()
            ]
        )  # fmt: skip
