"""The SDMX-ML 3.0 structure message: concepts, code lists, data structure and dataflows, named in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from pysdmx.io.xml.sdmx30.writer.structure import write
from pysdmx.model import (
    Agency,
    Code,
    Codelist,
    Component,
    Components,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructureDefinition,
    DataType,
    ItemReference,
    Organisation,
    Role,
)
from pysdmx.model.message import Header

from uitstroom.release.data.sdmx_parts import Part, Setting, flow_id, structure_version, version
from uitstroom.release.notes import notes_of
from uitstroom.release.sentences import Wording
from uitstroom.text import LANGUAGES, Text

CONCEPTS, STRUCTURE = "CS_UITSTROOM", "DSD_UITSTROOM"
_COMMON = "{http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {
    "text": DataType.STRING,
    "whole": DataType.INTEGER,
    "number": DataType.DECIMAL,
    "day": DataType.DATE,
    "yes_no": DataType.BOOLEAN,
    "period": DataType.PERIOD,
}
_ROLES = {"dimension": Role.DIMENSION, "measure": Role.MEASURE, "attribute": Role.ATTRIBUTE, "set": Role.ATTRIBUTE}
Names = dict[tuple[str, ...], Text]
"""The name of an artefact by its id, and of an item by the id of its scheme and its own."""


def structure(setting: Setting, parts: Sequence[Part]) -> bytes:
    """The message as XML, the same bytes for the same figures."""
    lists = {part.list_id: part.codes for part in parts if part.codes}
    header = Header(
        id=f"{setting.agency}_{version(setting).replace('.', '_')}",
        prepared=datetime.combine(setting.published.tables[0].scope.clock, datetime.min.time(), UTC),
        sender=Organisation(id=setting.agency),
    )
    kind = structure_version(parts)
    schemes = [_codelist(setting, kind, key, codes) for key, codes in sorted(lists.items())]
    artefacts = [*schemes, _concepts(setting, kind, parts), _definition(setting, kind, parts), *_flows(setting, kind)]
    written = write(artefacts, prettyprint=True, header=header)
    return _in_both_languages(str(written), _names(setting, parts, lists), _descriptions(setting))


def _codelist(setting: Setting, kind: str, key: str, codes: Mapping[str, Text]) -> Codelist:
    items = [Code(id=code, name=name["en"]) for code, name in codes.items()]
    return Codelist(key, agency=Agency(setting.agency), name=key, version=kind, items=items)


def _concepts(setting: Setting, kind: str, parts: Sequence[Part]) -> ConceptScheme:
    items = [Concept(part.id, name=part.name["en"]) for part in parts]
    return ConceptScheme(CONCEPTS, agency=Agency(setting.agency), name=CONCEPTS, version=kind, items=items)


def _definition(setting: Setting, kind: str, parts: Sequence[Part]) -> DataStructureDefinition:
    return DataStructureDefinition(
        id=STRUCTURE,
        agency=Agency(setting.agency),
        name=STRUCTURE,
        version=kind,
        components=Components([_component(setting, kind, part) for part in parts]),
    )


def _component(setting: Setting, kind: str, part: Part) -> Component:
    return Component(
        part.id,
        required=part.required,
        role=_ROLES[part.role],
        concept=ItemReference("Concept", setting.agency, CONCEPTS, kind, part.id),
        local_dtype=None if part.codes else _TYPES[part.datatype],
        local_enum_ref=_urn(setting, kind, "codelist.Codelist", part.list_id) if part.codes else None,
        attachment_level={"attribute": "O", "set": "D"}.get(part.role),
    )


def _flows(setting: Setting, kind: str) -> list[Dataflow]:
    reference = _urn(setting, kind, "datastructure.DataStructure", STRUCTURE)
    return [
        Dataflow(
            id=flow_id(name), agency=Agency(setting.agency), name=name, description=name, version=version(setting),
            structure=reference,
        )
        for name in setting.names
    ]  # fmt: skip


def _urn(setting: Setting, version: str, package: str, key: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{package}={setting.agency}:{key}({version})"


def _names(setting: Setting, parts: Sequence[Part], lists: Mapping[str, Mapping[str, Text]]) -> Names:
    service = setting.catalogue.word("sdmx.structure", service=setting.catalogue.service.name)
    names: Names = {(STRUCTURE,): service, (CONCEPTS,): setting.catalogue.word("sdmx.concepts")}
    names |= {(CONCEPTS, part.id): part.name for part in parts}
    names |= {(part.list_id,): part.name for part in parts if part.codes}
    names |= {(key, code): name for key, codes in lists.items() for code, name in codes.items()}
    return names | {(flow_id(name),): table.title for name, table in zip(setting.names, setting.published, strict=True)}


def _descriptions(setting: Setting) -> Names:
    """Of a dataflow: the scope, and every note that must travel with its table."""
    described: Names = {}
    for name, table in zip(setting.names, setting.published, strict=True):
        notes = notes_of(table, setting.published, setting.catalogue)
        said = {}
        for language in LANGUAGES:
            scope = Wording(setting.catalogue, language, setting.published.symbol).scope(table)
            said[language] = ". ".join(scope) + ". " + " ".join(note.text.in_language(language) for note in notes)
        described[(flow_id(name),)] = Text(said)
    return described


def _in_both_languages(xml: str, names: Names, descriptions: Names) -> bytes:
    """pysdmx writes English labels only: put the Dutch ones before them."""
    root = etree.fromstring(xml.encode(), etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    for tag, texts in (("Name", names), ("Description", descriptions)):
        for english in list(root.iter(_COMMON + tag)):
            text = texts[_path(english)]
            english.text = text["en"]
            dutch = etree.Element(_COMMON + tag, {_LANGUAGE: "nl"})
            dutch.text = text["nl"]
            english.addprevious(dutch)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _path(name: Any) -> tuple[str, ...]:
    """The ids of the artefact or item that has a name, outermost first."""
    ids = [str(element.get("id")) for element in name.iterancestors() if element.get("id") is not None]
    return tuple(reversed(ids))
