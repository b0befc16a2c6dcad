"""A checked document as DCC 3.3.0: the same document always gives the same bytes."""

from __future__ import annotations

from typing import Any

from lxml import etree

from jialiang.formats.dcc import profile
from jialiang.formats.dcc.digests import ON_PAPER, procedure_of
from jialiang.formats.dcc.elements import child
from jialiang.formats.dcc.profile import DCC, SCHEMA_VERSION
from jialiang.formats.dcc.writing import SCHEMA_LOCATION, XSI
from jialiang.formats.dsi import writing as dsi
from jialiang.formats.making.tables import Keys, byte_data, results
from jialiang.formats.making.wording import boolean, house_words, in_words
from jialiang.formats.xml.canonicalization import serialized

SOFTWARE = "Jialiang"
_LOCATION = (("city", "city"), ("country", "countryCode"), ("postCode", "postCode"), ("state", "state"),
             ("street", "street"), ("streetNumber", "streetNo"))  # fmt: skip
_ITEM_WORDS = {"measuringInterval": profile.MEASURING_INTERVAL, "accuracyClass": profile.ACCURACY_CLASS,
               "conditionOnReceipt": profile.CONDITION_ON_RECEIPT}  # fmt: skip


def certificate_xml(document: dict[str, Any], release: str) -> bytes:
    """Write a checked document as an unsigned DCC 3.3.0; ``release`` is that of the writing software."""
    root = etree.Element(
        f"{{{DCC}}}digitalCalibrationCertificate", nsmap={"dcc": DCC, "si": dsi.SI, "xsi": XSI}
    )
    root.set(f"{{{XSI}}}schemaLocation", SCHEMA_LOCATION)
    root.set("schemaVersion", SCHEMA_VERSION)
    _administrative(child(root, "administrativeData"), document, release)
    _measurement(child(root, "measurementResults"), document)
    if "comment" in document:
        in_words(root, "comment", document["comment"])
    if "document" in document:
        byte_data(root, "document", document["document"])
    etree.indent(root, space="  ")
    return serialized(root.getroottree())


def _administrative(element: etree._Element, document: dict[str, Any], release: str) -> None:
    software = child(child(element, "dccSoftware"), "software")
    child(child(software, "name"), "content", SOFTWARE)
    child(software, "release", f"v{release}" if release[:1].isdigit() else release)
    child(software, "type", "application")
    _core(child(element, "coreData"), document["certificate"])
    items = child(element, "items")
    for number, item in enumerate(document["items"], start=1):
        _item(child(items, "item", id=f"item_{number}"), item, document)
    laboratory = child(element, "calibrationLaboratory")
    _plain(laboratory, "calibrationLaboratoryCode", document["laboratory"].get("code"))
    _contact(child(laboratory, "contact"), document["laboratory"])
    persons = child(element, "respPersons")
    for person in document["persons"]:
        _person(child(persons, "respPerson", refType=person.get("refType", "")), person)
    _contact(child(element, "customer"), document["customer"])
    if document.get("statements"):
        group = child(element, "statements")
        for statement in document["statements"]:
            _statement(child(group, "statement", refType=statement.get("refType", "")), statement)


def _core(element: etree._Element, certificate: dict[str, Any]) -> None:
    child(element, "countryCodeISO3166_1", certificate["country"])
    for language in certificate["languages"]:
        child(element, "usedLangCodeISO639_1", language)
    child(element, "mandatoryLangCodeISO639_1", certificate["languages"][0])
    child(element, "uniqueIdentifier", certificate["number"])
    _identifications(element, certificate)
    _plain(element, "receiptDate", certificate.get("receiptDate"))
    child(element, "beginPerformanceDate", certificate["beginDate"])
    child(element, "endPerformanceDate", certificate["endDate"])
    child(element, "performanceLocation", certificate["location"])
    _plain(element, "issueDate", certificate.get("issueDate"))
    if "replaces" in certificate:
        replaced = child(element, "reportAmendedSubstituted")
        child(replaced, "typeOfChange", certificate["replaces"]["change"])
        child(replaced, "replacedUniqueIdentifier", certificate["replaces"]["number"])
    if "previous" in certificate:
        _reference(child(element, "previousReport"), certificate["previous"])


def _item(element: etree._Element, item: dict[str, Any], document: dict[str, Any]) -> None:
    in_words(element, "name", item["name"])
    in_words(element, "description", item.get("description"))
    if "manufacturer" in item:
        in_words(child(element, "manufacturer"), "name", item["manufacturer"])
    _plain(element, "model", item.get("model"))
    _identifications(element, item)
    said = {ref_type: item[name] for name, ref_type in _ITEM_WORDS.items() if name in item}
    group = child(element, "itemQuantities") if said else element
    for ref_type, words in said.items():
        quantity = child(group, "itemQuantity", refType=ref_type)
        in_words(quantity, "name", house_words(ref_type, document))
        in_words(quantity, "noQuantity", words)


def _identifications(parent: etree._Element, holder: dict[str, Any]) -> None:
    if not holder.get("identifications"):
        return
    group = child(parent, "identifications")
    for known in holder["identifications"]:
        element = child(group, "identification", refType=known.get("refType", ""))
        child(element, "issuer", known["issuer"])
        child(element, "value", known["value"])
        in_words(element, "name", known.get("name"))


def _contact(element: etree._Element, party: dict[str, Any]) -> None:
    in_words(element, "name", party["name"])
    for member, name in (("email", "eMail"), ("phone", "phone"), ("website", "link")):
        _plain(element, name, party.get(member))
    location = child(element, "location")
    for member, name in _LOCATION:
        _plain(location, name, party.get(member))
    in_words(location, "further", party.get("address"))


def _person(element: etree._Element, person: dict[str, Any]) -> None:
    in_words(child(element, "person"), "name", person["name"])
    in_words(element, "description", person.get("role"))
    if "role" in person:
        child(element, "role", person["role"][0][1])
    child(element, "mainSigner", boolean(person["mainSigner"]))


def _statement(element: etree._Element, statement: dict[str, Any]) -> None:
    in_words(element, "name", statement.get("name"))
    _plain(element, "convention", statement.get("convention"))
    if "traceable" in statement:
        child(element, "traceable", boolean(statement["traceable"]))
    for name in ("norm", "reference"):
        for text in statement.get(name, ()):
            child(element, name, text)
    in_words(element, "declaration", statement.get("declaration"))
    _plain(element, "date", statement.get("date"))
    _plain(element, "conformity", statement.get("conformity"))


def _measurement(parent: etree._Element, document: dict[str, Any]) -> None:
    items = " ".join(f"item_{number}" for number in range(1, len(document["items"]) + 1))
    element = child(parent, "measurementResult", refId=items)
    in_words(element, "name", house_words("results", document))
    keys = Keys.of(document)
    methods = child(element, "usedMethods")
    for position, method in enumerate(document["methods"]):
        attributes = {"id": keys.id_of("methods", position), "refType": method.get("refType", "")}
        _method(child(methods, "usedMethod", **attributes), method)
    if document.get("software"):
        group = child(element, "usedSoftware")
        for software in document["software"]:
            entry = child(group, "software")
            in_words(entry, "name", software["name"])
            child(entry, "release", software["release"])
    if document.get("equipment"):
        group = child(element, "measuringEquipments")
        for position, equipment in enumerate(document["equipment"]):
            ref_type = "basic_normalUsed" if equipment.get("measurementStandard") else ""
            attributes = {"id": keys.id_of("equipment", position), "refType": ref_type}
            _equipment(child(group, "measuringEquipment", **attributes), equipment, document)
    conditions = child(element, "influenceConditions")
    for position, condition in enumerate(document["conditions"]):
        attributes = {"id": keys.id_of("conditions", position), "refType": condition.get("refType", "")}
        _condition(child(conditions, "influenceCondition", **attributes), condition, document)
    results(child(element, "results"), document, keys)


def _method(element: etree._Element, method: dict[str, Any]) -> None:
    in_words(element, "name", method["name"])
    in_words(element, "description", method.get("description"))
    for name in ("norm", "reference"):
        for text in method.get(name, ()):
            child(element, name, text)


def _equipment(element: etree._Element, equipment: dict[str, Any], document: dict[str, Any]) -> None:
    in_words(element, "name", equipment["name"])
    in_words(element, "description", equipment.get("description"))
    if "certificate" in equipment:
        _reference(child(element, "certificate"), equipment["certificate"])
    if "manufacturer" in equipment:
        in_words(child(element, "manufacturer"), "name", equipment["manufacturer"])
    _plain(element, "model", equipment.get("model"))
    _identifications(element, equipment)
    if "accuracy" in equipment:
        group = child(element, "measuringEquipmentQuantities")
        quantity = child(group, "measuringEquipmentQuantity", refType=profile.UNCERTAINTY_STATEMENT)
        in_words(quantity, "name", house_words(profile.UNCERTAINTY_STATEMENT, document))
        in_words(quantity, "noQuantity", equipment["accuracy"])


def _reference(element: etree._Element, reference: dict[str, Any]) -> None:
    in_words(element, "referral", reference["referral"])
    child(element, "referralID", reference["number"])
    child(element, "procedure", reference["procedure"])
    on_paper = procedure_of(reference["procedure"]).algorithm == ON_PAPER
    child(element, "value", ON_PAPER if on_paper else reference["digest"])
    for member, name in (("inValidity", "inValidityRange"), ("traceable", "traceable")):
        if member in reference:
            child(element, name, boolean(reference[member]))
    if "linked" in reference:
        _reference(child(element, "linkedReport"), reference["linked"])


def _condition(element: etree._Element, condition: dict[str, Any], document: dict[str, Any]) -> None:
    in_words(element, "name", condition["name"])
    in_words(element, "description", condition.get("description"))
    _plain(element, "status", condition.get("status"))
    data, ref_type = child(element, "data"), condition.get("refType", "")
    for member, suffix in (("minimum", "Min"), ("maximum", "Max"), ("value", "")):
        if member in condition:
            quantity = child(data, "quantity", refType=f"{ref_type}{suffix}" if ref_type else "")
            name = house_words(member, document) if suffix else condition["name"]
            in_words(quantity, "name", name)
            dsi.real(quantity, condition[member], condition["unit"])
    in_words(data, "text", condition.get("text"))


def _plain(parent: etree._Element, name: str, text: str | None) -> None:
    if text:
        child(parent, name, text)
