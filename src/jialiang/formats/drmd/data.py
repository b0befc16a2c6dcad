"""A DRMD as typed plain data for programs, and the one form that :mod:`jialiang.formats.drmd.making` reads."""

from __future__ import annotations

from typing import Any

from jialiang.formats.dcc.quantities.model import MeasurementResult, Words
from jialiang.formats.drmd.model import (
    Identifier,
    Material,
    Procedure,
    Producer,
    Properties,
    PropertyTable,
    PropertyValue,
    ReferenceMaterialDocument,
)

FORMAT = "jialiang.reference-material/1"
PLACE = {"street": "street", "streetNo": "street_number", "postOfficeBox": "post_office_box",
         "postCode": "postal_code", "city": "city", "state": "state", "countryCode": "country_code"}  # fmt: skip
"""The members of an address: their names in the DCC, and ours."""


def document_data(document: ReferenceMaterialDocument, language: str = "en") -> dict[str, Any]:
    """Return what a DRMD says, ready for JSON; texts by language (``und`` without one), numbers as exact texts.

    ``language`` chooses the short names of quantities. Members that are empty are left out.
    """
    return _kept({
        "format": FORMAT,
        "version": document.version,
        "kind": document.kind,
        "number": document.number,
        "document_version": document.document_version,
        "identifiers": _identifiers(document.identifiers),
        "validity": document.validity.to_json(),
        "producer": _producer(document.producer),
        "persons": [_kept({"name": _words(p.name), "role": p.role, "main_signer": p.main_signer})
                    for p in document.persons],
        "materials": [_material(each, language) for each in document.materials],
        "properties": [_properties(each, language) for each in document.properties],
        "statements": [{"name": name, "text": _words(words)} for name, words in document.statements],
        "comment": document.comment,
    })  # fmt: skip


def _producer(producer: Producer) -> dict[str, Any]:
    address = {PLACE[name]: text for name, text in producer.place if name in PLACE}
    return _kept({"name": _words(producer.name), "email": producer.email, "phone": producer.phone,
                  "link": producer.link, "address": address,
                  "identifiers": _identifiers(producer.identifiers)})  # fmt: skip


def _material(material: Material, language: str) -> dict[str, Any]:
    return _kept({
        "name": _words(material.name),
        "description": _words(material.description),
        "classes": [_kept({"reference": c.reference, "class_id": c.class_id, "link": c.link})
                    for c in material.classes],
        "minimum_sample_size": [_quantity(each, language) for each in material.minimum_sample_size],
        "quantities": [_quantity(each, language) for each in material.quantities],
        "identifiers": _identifiers(material.identifiers),
    })  # fmt: skip


def _properties(block: Properties, language: str) -> dict[str, Any]:
    return _kept({
        "name": _words(block.name),
        "description": _words(block.description),
        "certified": block.is_certified,
        "procedures": list(map(_procedure, block.procedures)),
        "results": [_table(each, language) for each in block.tables],
    })  # fmt: skip


def _table(table: PropertyTable, language: str) -> dict[str, Any]:
    values = [_value(each, language) for each in table.values]
    return _kept({"name": _words(table.name), "description": _words(table.description), "list": table.is_list,
                  "values": values})  # fmt: skip


def _value(each: PropertyValue, language: str) -> dict[str, Any]:
    return _quantity(each.quantity, language) | _kept({"identifiers": _identifiers(each.identifiers)})


def _procedure(procedure: Procedure) -> dict[str, Any]:
    return _kept({"name": _words(procedure.name), "description": _words(procedure.description),
                  "norms": list(procedure.norms), "references": list(procedure.references)})  # fmt: skip


def _quantity(quantity: MeasurementResult, language: str) -> dict[str, Any]:
    return quantity.to_json(language)


def _identifiers(identifiers: tuple[Identifier, ...]) -> list[dict[str, str]]:
    return [_kept({"scheme": i.scheme, "number": i.number, "link": i.link}) for i in identifiers]


def _words(words: Words) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for language, text in words:
        said.setdefault(language or "und", []).append(text)
    return {language: texts[0] if len(texts) == 1 else texts for language, texts in said.items()}


def _kept(members: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in members.items() if member not in ("", [], {}, None, False)}
