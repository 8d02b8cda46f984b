"""Charts of a release: counts and rates as bars, series as lines with their breaks, and the account of each rate.

What is no number never becomes a bar or a point: it stands there in words.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import vl_convert

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.release.chart import Plot, plots
from uitstroom.release.columns import table_names
from uitstroom.release.vega import drawn_account, drawn_bars, drawn_series
from uitstroom.text import Language

FOLDER = "charts"
_VEGA_LITE = "6.4"
_SCALE = 2


@dataclass(frozen=True)
class Chart:
    """A chart: its name, unique in the release; the name of its table; its words; its Vega-Lite spec and pictures.

    `own` where it shows the table, and not how one figure of it came about. `description` says everything that the
    picture shows, for who cannot see it; both pictures carry it.
    """

    name: str
    table: str
    title: str
    description: str
    own: bool
    spec: dict[str, Any]
    svg: bytes
    png: bytes


def charts(
    publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()
) -> dict[str, Chart]:
    """The charts of every table by name: the table's own, and of a table of rates the account of each form.

    The same figures and words give the same bytes.
    """
    if not isinstance(publishable, Publishable):
        raise TypeError("charts are made of a Publishable, made by uitstroom.disclosure.protect")
    made: dict[str, Chart] = {}
    for name, table in zip(table_names(publishable, names), publishable, strict=True):
        for plot in plots(name, table, publishable, catalogue, language):
            made[plot.name] = _chart(plot)
    return made


def files(chart: Chart) -> dict[str, bytes]:
    """The files of a chart by path within the release."""
    spec = json.dumps(chart.spec, ensure_ascii=False, indent=2) + "\n"
    made = {".svg": chart.svg, ".png": chart.png, ".vl.json": spec.encode()}
    return {f"{FOLDER}/{chart.name}{ending}": content for ending, content in made.items()}


def _chart(plot: Plot) -> Chart:
    draw = {"bars": drawn_bars, "series": drawn_series, "account": drawn_account}[plot.kind]
    spec = draw(plot)
    svg = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE)
    png = vl_convert.svg_to_png(svg, scale=_SCALE)
    words = (plot.title, plot.description, plot.language)
    return Chart(
        plot.name,
        plot.table,
        plot.title,
        plot.description,
        plot.kind != "account",
        spec,
        _told_svg(svg, *words),
        _told_png(png, *words),
    )


def _told_svg(svg: str, title: str, description: str, language: str) -> bytes:
    """The SVG as one picture with a title and a description, in place of a tree of unnamed marks."""
    head, rest = svg.split(">", 1)
    spoken = f'role="img" aria-labelledby="title description" lang="{language}" xml:lang="{language}"'
    told = f'<title id="title">{escape(title)}</title><desc id="description">{escape(description)}</desc>'
    return f"{head} {spoken}>{told}{rest}\n".encode()


def _told_png(png: bytes, title: str, description: str, language: str) -> bytes:
    """The PNG with its title and description as international text, right behind its header."""
    behind_header = 33
    told = b"".join(_chunk(key, text, language) for key, text in (("Title", title), ("Description", description)))
    return png[:behind_header] + told + png[behind_header:]


def _chunk(key: str, text: str, language: str) -> bytes:
    body = key.encode("latin-1") + b"\0\0\0" + language.encode() + b"\0" + key.encode() + b"\0" + text.encode()
    kind = b"iTXt"
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
