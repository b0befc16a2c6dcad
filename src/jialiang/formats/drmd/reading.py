"""A DRMD read into typed values; tolerant of what is missing, strict about what it is."""

from __future__ import annotations

import copy

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.belonging import words_of
from jialiang.formats.dcc.quantities.model import MeasurementResult
from jialiang.formats.dcc.quantities.reading import quantities_named
from jialiang.formats.drmd.errors import NotAReferenceMaterialDocument
from jialiang.formats.drmd.model import (
    Identifier,
    Material,
    MaterialClass,
    Person,
    Procedure,
    Producer,
    Properties,
    PropertyTable,
    PropertyValue,
    ReferenceMaterialDocument,
)
from jialiang.formats.drmd.names import DRMD, ROOT, drmd
from jialiang.formats.drmd.validity import Validity, validity_of
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits, parse_xml
from jialiang.formats.xml.places import Places, line_of

_NAMES: dict[str, str] = {"": DRMD}
_DCC: dict[str, str] = {"": DCC}
_CORE = "administrativeData/coreData"
_TRUE = ("true", "1")

ByPath = dict[str, MeasurementResult]


def read_document(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> ReferenceMaterialDocument:
    """Read a DRMD. Raises NotAReferenceMaterialDocument and the errors of ``formats.xml``."""
    return document_of(parse_xml(data, limits))


def document_of(tree: etree._ElementTree) -> ReferenceMaterialDocument:
    """Take over a DRMD that is parsed already. Raises NotAReferenceMaterialDocument.

    Comments do not exist for the reader, as in canonical XML: none can cut a number in two.
    """
    root = tree.getroot()
    if root.tag != ROOT:
        raise NotAReferenceMaterialDocument(root=etree.QName(root).localname[:80], line=line_of(root) or 1)
    without = copy.deepcopy(tree)
    root = without.getroot()
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    tags = (drmd("quantity"), f"{{{DCC}}}itemQuantity")
    reader = _Reader({each.path: each for each in quantities_named(without, *tags)})
    validity = root.find(f"{_CORE}/validity", _NAMES)
    return ReferenceMaterialDocument(
        version=root.get("schemaVersion", ""),
        kind=_text(root, f"{_CORE}/titleOfTheDocument"),
        number=_text(root, f"{_CORE}/uniqueIdentifier"),
        document_version=_text(root, f"{_CORE}/documentVersion"),
        validity=validity_of(validity) if validity is not None else Validity(),
        producer=_producer(root.find("administrativeData/referenceMaterialProducer", _NAMES)),
        identifiers=_identifiers(root, f"{_CORE}/documentIdentifiers/documentIdentifier"),
        persons=tuple(
            map(_person, root.iterfind(f"{drmd('administrativeData')}/{drmd('respPersons')}/{{{DCC}}}*"))
        ),
        materials=tuple(map(reader.material, root.iterfind("materials/material", _NAMES))),
        properties=tuple(map(reader.properties, root.iterfind("propertiesList/properties", _NAMES))),
        statements=_statements(root),
        comment=_text(root, "comment"),
    )


class _Reader:
    """Reads the parts that hold quantities; these are found by their paths."""

    def __init__(self, quantities: ByPath) -> None:
        self.quantities = quantities
        self.places = Places()

    def material(self, element: etree._Element) -> Material:
        return Material(
            name=words_of(element.find("name", _NAMES)),
            description=words_of(element.find("description", _NAMES)),
            classes=tuple(map(_material_class, element.iterfind("materialClass", _NAMES))),
            minimum_sample_size=self._item_quantities(element, "minimumSampleSize"),
            quantities=self._item_quantities(element, "itemQuantities"),
            identifiers=_identifiers(element, "materialIdentifiers/materialIdentifier"),
        )

    def properties(self, element: etree._Element) -> Properties:
        methods = element.iterfind(f"{drmd('procedures')}/{{{DCC}}}usedMethod")
        return Properties(
            name=words_of(element.find("name", _NAMES)),
            description=words_of(element.find("description", _NAMES)),
            is_certified=element.get("isCertified", "").strip() in _TRUE,
            procedures=tuple(map(_procedure, methods)),
            tables=tuple(map(self._table, element.iterfind("results/result", _NAMES))),
        )

    def _table(self, element: etree._Element) -> PropertyTable:
        inside = element.find("data/list", _NAMES)
        found = element.iterfind("data/quantity" if inside is None else "data/list/quantity", _NAMES)
        return PropertyTable(
            name=words_of(element.find("name", _NAMES)),
            description=words_of(element.find("description", _NAMES)),
            values=tuple(map(self._value, found)),
            is_list=inside is not None,
        )

    def _value(self, element: etree._Element) -> PropertyValue:
        identifiers = _identifiers(element, "propertyIdentifiers/propertyIdentifier")
        return PropertyValue(self.quantities[self.places.path(element)], identifiers)

    def _item_quantities(self, element: etree._Element, name: str) -> tuple[MeasurementResult, ...]:
        found = element.iterfind(f"{drmd(name)}/{{{DCC}}}itemQuantity")
        return tuple(self.quantities[self.places.path(each)] for each in found)


def _producer(element: etree._Element | None) -> Producer:
    if element is None:
        return Producer()
    contact = element.find("contact", _NAMES)
    location = contact.find("location", _DCC) if contact is not None else None
    place = [] if location is None else [
        (etree.QName(each).localname, (each.text or "").strip())
        for each in location.iterchildren(tag=etree.Element) if not len(each)
    ]  # fmt: skip
    said = {name: contact.findtext(tag, "", _DCC).strip() if contact is not None else ""
            for name, tag in (("email", "eMail"), ("phone", "phone"), ("link", "link"))}  # fmt: skip
    return Producer(
        name=words_of(element.find("name", _NAMES)), place=tuple(place),
        identifiers=_identifiers(element, "organizationIdentifiers/organizationIdentifier"), **said,
    )  # fmt: skip


def _person(element: etree._Element) -> Person:
    return Person(
        name=words_of(element.find("person/name", _DCC)),
        role=element.findtext("role", "", _DCC).strip(),
        main_signer=element.findtext("mainSigner", "", _DCC).strip() in _TRUE,
    )


def _procedure(element: etree._Element) -> Procedure:
    texts = {name: tuple((each.text or "").strip() for each in element.iterfind(tag, _DCC))
             for name, tag in (("norms", "norm"), ("references", "reference"))}  # fmt: skip
    return Procedure(
        name=words_of(element.find("name", _DCC)),
        description=words_of(element.find("description", _DCC)),
        **texts,
    )


def _material_class(element: etree._Element) -> MaterialClass:
    return MaterialClass(_text(element, "reference"), _text(element, "classID"), _text(element, "link"))


def _identifiers(element: etree._Element, path: str) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(_text(each, "scheme"), _text(each, "value"), _text(each, "link"))
        for each in element.iterfind(path, _NAMES)
    )


def _statements(root: etree._Element) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    holder = root.find("statements", _NAMES)
    members = holder.iterchildren(tag=etree.Element) if holder is not None else ()
    return tuple((etree.QName(each).localname, words_of(each)) for each in members)


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path, "", _NAMES) or "").strip()
