"""Tidy CSV, one file per table, with CSVW metadata beside each, a list of codes, and a Data Package descriptor."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any

from uitstroom.catalogue import Catalogue
from uitstroom.disclosure import Publishable
from uitstroom.figures import Table
from uitstroom.release.columns import columns, table_names
from uitstroom.release.data import Files
from uitstroom.release.data.codes import codes_of, meaning_of
from uitstroom.release.fields import Column
from uitstroom.release.json_csv import csv_of
from uitstroom.release.notes import notes_of, notes_of_all
from uitstroom.release.sentences import Wording
from uitstroom.text import LANGUAGES, Language, Text

FOLDER = "data/csv"
CODES = "codes"
_CODE_COLUMNS = ("code_list", "code", "name_nl", "name_en", "meaning_nl", "meaning_en")
_CSVW_TYPES = {"text": "string", "whole": "integer", "number": "decimal", "day": "date"}
_PACKAGE_TYPES = {"text": "string", "whole": "integer", "number": "number", "day": "date", "yes_no": "boolean"}


def files(publishable: Publishable, catalogue: Catalogue, language: Language, names: Sequence[str] = ()) -> Files:
    """`NAME.csv` and `NAME.csv-metadata.json` per table, `codes.csv` with its own, and `datapackage.json`."""
    made: Files = {}
    resources = []
    for name, table in zip(table_names(publishable, names), publishable, strict=True):
        header = columns([table])
        made[f"{name}.csv"] = csv_of([table], header).encode()
        made[f"{name}.csv-metadata.json"] = _json(_metadata(name, table, header, publishable, catalogue))
        resources.append(
            _resource(name, table.title, _fields(header, catalogue, language), made[f"{name}.csv"], language)
        )
    made[f"{CODES}.csv"] = _codes(publishable, catalogue)
    title = catalogue.word("column.code")
    resources.append(_resource(CODES, title, _code_fields(catalogue, language), made[f"{CODES}.csv"], language))
    made[f"{CODES}.csv-metadata.json"] = _json(_code_metadata(catalogue))
    made["datapackage.json"] = _json(_package(publishable, catalogue, language, resources))
    return {f"{FOLDER}/{path}": content for path, content in made.items()}


def _metadata(
    name: str, table: Table, header: Sequence[Column], publishable: Publishable, catalogue: Catalogue
) -> dict[str, Any]:
    """CSVW of one table: title, scope and notes in both languages, and each column with its meaning when empty."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": f"{name}.csv",
        "dc:title": _both(table.title),
        "dc:description": _both(_scope(table, publishable, catalogue)),
        "dc:creator": _both(table.scope.service),
        "dc:spatial": _both(table.scope.where),
        "dc:issued": {"@value": table.scope.as_known_on.isoformat(), "@type": "xsd:date"},
        "rdfs:comment": [one for note in notes_of(table, publishable, catalogue) for one in _both(note.text)],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "tableSchema": {"columns": [_csvw_column(column, catalogue) for column in header]},
    }


def _csvw_column(column: Column, catalogue: Catalogue) -> dict[str, Any]:
    said = column_text(column, catalogue)
    return {
        "name": column.name,
        "titles": {language: [column.name, said.in_language(language)] for language in LANGUAGES},
        "dc:description": _both(_meaning(column, catalogue)),
        "datatype": _csvw_type(column),
        "required": column.required,
    }


def _csvw_type(column: Column) -> str | dict[str, str]:
    if column.datatype == "yes_no":
        return {"base": "boolean", "format": "true|false"}
    if column.codes:
        return {"base": "string", "format": "|".join(column.codes)}
    return _CSVW_TYPES[column.datatype]


def column_text(column: Column, catalogue: Catalogue) -> Text:
    """What a column is called for people."""
    if column.dimension:
        return catalogue.dimension(column.dimension).name
    return catalogue.words[column.word]


def _meaning(column: Column, catalogue: Catalogue) -> Text:
    """What the column holds, and what it means when it is empty."""
    said = column_text(column, catalogue)
    if column.required:
        return said
    empty = "null_value" if column.name in ("value", "numerator", "base") else "null"
    if column.dimension or column.name == "instrument":
        empty = "null_total"
    return said + Text.verbatim(". ") + catalogue.words[f"meaning.{empty}"]


def _scope(table: Table, publishable: Publishable, catalogue: Catalogue) -> Text:
    return Text.by_language(lambda language: ". ".join(Wording(catalogue, language, publishable.symbol).scope(table)))


def _both(text: Text) -> list[dict[str, str]]:
    return [{"@value": text.in_language(language), "@language": language} for language in LANGUAGES]


def _fields(header: Sequence[Column], catalogue: Catalogue, language: Language) -> list[dict[str, Any]]:
    return [
        {
            "name": column.name,
            "type": _PACKAGE_TYPES[column.datatype],
            "title": column_text(column, catalogue).in_language(language),
            "description": _meaning(column, catalogue).in_language(language),
            "constraints": {"required": column.required, **({"enum": list(column.codes)} if column.codes else {})},
        }
        for column in header
    ]


def _resource(
    name: str, title: Text, fields: list[dict[str, Any]], content: bytes, language: Language
) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": title.in_language(language),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": "sha256:" + hashlib.sha256(content).hexdigest(),
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _package(
    publishable: Publishable, catalogue: Catalogue, language: Language, resources: list[dict[str, Any]]
) -> dict[str, Any]:
    first = publishable.tables[0]
    notes = [note.text.in_language(language) for note in notes_of_all(publishable, catalogue)]
    scope = _scope(first, publishable, catalogue).in_language(language)
    return {
        "profile": "tabular-data-package",
        "name": f"{catalogue.service.code.lower()}-{first.scope.as_known_on.isoformat()}",
        "title": catalogue.word("sdmx.structure", service=catalogue.service.name).in_language(language),
        "description": "\n\n".join([scope, *notes]),
        "created": f"{first.scope.clock.isoformat()}T00:00:00Z",
        "contributors": [{"title": first.scope.service.in_language(language), "role": "publisher"}],
        "resources": resources,
    }


def _codes(publishable: Publishable, catalogue: Catalogue) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CODE_COLUMNS)
    for kind, named in codes_of(publishable, catalogue).items():
        for code, name in named.items():
            meaning = meaning_of(catalogue, kind, code)
            writer.writerow([kind, code, *(text.in_language(key) for text in (name, meaning) for key in LANGUAGES)])
    return out.getvalue().encode()


def _code_fields(catalogue: Catalogue, language: Language) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": "string", "title": catalogue.words[f"column.{name}"].in_language(language)}
        for name in _CODE_COLUMNS
    ]


def _code_metadata(catalogue: Catalogue) -> dict[str, Any]:
    said = {name: catalogue.words[f"column.{name}"] for name in _CODE_COLUMNS}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": f"{CODES}.csv",
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": name,
                    "titles": {language: [name, text.in_language(language)] for language in LANGUAGES},
                    "datatype": "string",
                }
                for name, text in said.items()
            ],
            "primaryKey": ["code_list", "code"],
        },
    }


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
