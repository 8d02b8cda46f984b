"""A reference DOCX made ready: emptied, and with every style and numbering that the writer names."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any

import docx as word
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from uitstroom.errors import UitstroomError
from uitstroom.release.documents.style import Style

_LISTS = ("List Number", "List Bullet")


def opened(content: bytes) -> WordDocument:
    """A reference document with its text taken out; `UitstroomError` if it cannot be used."""
    try:
        reference = word.Document(BytesIO(content))
    except Exception:  # noqa: BLE001  a broken package can fail anywhere in the library
        raise UitstroomError("is no DOCX document", todo="save it in Word or LibreOffice as .docx") from None
    body = reference.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return reference


def ready(style: Style) -> WordDocument:
    """The reference document of a style; styles that it lacks look as in the built-in one, on the house's Normal."""
    target, builtin = opened(style.docx), opened(_builtin())
    _adopt_styles(target, builtin)
    for name in _LISTS:
        if numbering_of(target, name) is None:
            _adopt_numbering(target, builtin, name)
    return target


@cache
def _builtin() -> bytes:
    return Style.load().docx


def _adopt_styles(target: WordDocument, builtin: WordDocument) -> None:
    present = {style.name: style.style_id for style in target.styles}
    ids = {style.style_id: style.name for style in builtin.styles}
    missing = [style for style in builtin.styles if style.name not in present]
    taken = set(present.values())
    for style in missing:
        present[style.name] = style.style_id if style.style_id not in taken else f"{style.style_id}Uitstroom"
    for style in missing:
        element = deepcopy(style.element)
        element.set(qn("w:styleId"), present[style.name])
        for reference in (*element.findall(qn("w:basedOn")), *element.findall(qn("w:next"))):
            reference.set(qn("w:val"), present[ids[reference.get(qn("w:val"))]])
        target.styles.element.append(element)


def numbering_of(target: WordDocument, name: str) -> int | None:
    """The id of the numbering of a list style, None if it has none that exists."""
    found = target.styles[name].element.xpath("./w:pPr/w:numPr/w:numId/@w:val")
    if found and _has_numbering(target) and _numbering(target).xpath(f'./w:num[@w:numId="{found[0]}"]'):
        return int(found[0])
    return None


def _has_numbering(target: WordDocument) -> bool:
    return any(one.reltype == RELATIONSHIP_TYPE.NUMBERING for one in target.part.rels.values())


def _numbering(target: WordDocument) -> Any:
    return target.part.numbering_part.element


def restarted(target: WordDocument, name: str) -> int:
    """A numbering of its own for one list of a list style, so that it starts at 1; its id."""
    kept = _numbering(target).num_having_numId(numbering_of(target, name))
    number = _numbering(target).add_num(kept.abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _adopt_numbering(target: WordDocument, builtin: WordDocument, name: str) -> None:
    if not _has_numbering(target):
        target.part.relate_to(_empty_numbering(builtin, target), RELATIONSHIP_TYPE.NUMBERING)
    numbering = _numbering(target)
    taken = [int(one) for one in numbering.xpath("./w:abstractNum/@w:abstractNumId")]
    definition = deepcopy(_definition(builtin, name))
    definition.set(qn("w:abstractNumId"), str(max(taken, default=-1) + 1))
    style = target.styles[name]
    definition.find(f"{qn('w:lvl')}/{qn('w:pStyle')}").set(qn("w:val"), style.style_id)
    numbers = numbering.findall(qn("w:num"))
    if numbers:
        numbers[0].addprevious(definition)
    else:
        numbering.append(definition)
    number = numbering.add_num(max(taken, default=-1) + 1)
    style.element.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number.numId


def _definition(builtin: WordDocument, name: str) -> Any:
    kept = _numbering(builtin).num_having_numId(numbering_of(builtin, name))
    return _numbering(builtin).xpath(f'./w:abstractNum[@w:abstractNumId="{kept.abstractNumId.val}"]')[0]


def _empty_numbering(builtin: WordDocument, target: WordDocument) -> Any:
    part = builtin.part.numbering_part
    empty = type(part).load(part.partname, part.content_type, part.blob, target.part.package)
    for element in list(empty.element):
        empty.element.remove(element)
    return empty


def margins(section: Any) -> list[tuple[str, str]]:
    """Every header and footer that a section (`w:sectPr`) has itself: which of the two, and its relation."""
    return [
        (kind, reference.get(qn("r:id")))
        for kind in ("header", "footer")
        for reference in section.findall(qn(f"w:{kind}Reference"))
    ]
