"""SDMX-CSV 2.0, one file per table, and the SDMX-ML 3.0 structure that explains them.

The data are written here: pysdmx would need pandas and pyarrow for it. Tests read both files with pysdmx.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Table
from uitstroom.release.columns import table_names
from uitstroom.release.data import Files
from uitstroom.release.data.sdmx_parts import Part, Setting, flow_id, parts, version
from uitstroom.release.data.sdmx_structure import structure
from uitstroom.text import Language

FOLDER = "sdmx"


def files(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:  # noqa: ARG001
    """`structure.xml`, named in both languages, and `NAME.csv` per table: a dataflow each, of one data structure."""
    setting = Setting(publishable, catalogue, table_names(publishable, names))
    header = parts(setting)
    made = {"structure.xml": structure(setting, header)}
    for name, table in zip(setting.names, publishable, strict=True):
        made[f"{name}.csv"] = _data(setting, name, table, header)
    return {f"{FOLDER}/{path}": content for path, content in made.items()}


def _data(setting: Setting, name: str, table: Table, header: Sequence[Part]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *(part.id for part in header)])
    flow = f"{setting.agency}:{flow_id(name)}({version(setting)})"
    for figure in table.figures:
        cells = [part.take(figure, table) for part in header]
        writer.writerow(["dataflow", flow, "I", *map(_flat, cells)])
    return out.getvalue().encode()


def _flat(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else value
