"""A DRMD made from plain data, the same that :mod:`jialiang.formats.drmd.data` gives."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from lxml import etree

from jialiang.formats.data_members import Member
from jialiang.formats.dcc.elements import child, clean
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import SI
from jialiang.formats.drmd.data import FORMAT, PLACE
from jialiang.formats.drmd.errors import MadeIllFormed
from jialiang.formats.drmd.names import DRMD, KINDS, PACKAGE, ROOT, STATEMENTS, VERSION, drmd
from jialiang.formats.drmd.quantities import content_of, words_element
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.xml.canonicalization import serialized
from jialiang.kernel.text import Text

_MEMBERS = ("format", "version", "kind", "number", "document_version", "identifiers", "validity", "producer",
            "persons", "materials", "properties", "statements", "comment")  # fmt: skip


def document_xml(data: Any) -> bytes:
    """Write the DRMD that plain data describe, indented, UTF-8; the same data always give the same bytes.

    Raises MemberMissing, MemberWrong and MemberUnknown with the place in the data, and MadeIllFormed where what
    was given breaks the structure in another way (a number that is none, for instance).
    """
    given = Member(data)
    given.only(*_MEMBERS)
    if given["format"].text() not in ("", FORMAT):
        raise given["format"].wrong(Text(FORMAT, FORMAT))
    root = etree.Element(ROOT, nsmap={"drmd": DRMD, "dcc": DCC, "si": SI})
    root.set("schemaVersion", given["version"].text() or VERSION)
    _administrative_data(_child(root, "administrativeData"), given)
    materials = _child(root, "materials")
    for material in given["materials"].required().entries():
        _material(_child(materials, "material"), material)
    blocks = _child(root, "propertiesList")
    for properties in given["properties"].required().entries():
        _properties(_child(blocks, "properties"), properties)
    _statements(_child(root, "statements"), given["statements"])
    _optional(root, "comment", given["comment"])
    etree.indent(root, space="  ")
    for finding in check_structure(root):
        raise MadeIllFormed(finding=finding.text, path=finding.path)
    return serialized(root.getroottree())


def _administrative_data(element: etree._Element, given: Member) -> None:
    core = _child(element, "coreData")
    _child(core, "titleOfTheDocument", given["kind"].required().one_of(*KINDS))
    _child(core, "uniqueIdentifier", given["number"].required().text())
    _child(core, "documentVersion", given["document_version"].text() or "1")
    _identifiers(core, "document", given["identifiers"])
    _validity(_child(core, "validity"), given["validity"].required())
    _producer(_child(element, "referenceMaterialProducer"), given["producer"].required())
    if given["persons"]:
        group = _child(element, "respPersons")
        for person in given["persons"].entries():
            person.only("name", "role", "main_signer")
            one = child(group, "respPerson")
            words_element(child(one, "person"), "name", person["name"].required())
            if person["role"]:
                child(one, "role", person["role"].text())
            if person["main_signer"].yes():
                child(one, "mainSigner", "true")


def _validity(element: etree._Element, given: Member) -> None:
    given.only("form", "until", "dispatched", "period")
    form = given["form"].one_of("untilRevoked", "specificTime", "timeAfterDispatch")
    if form == "untilRevoked":
        _child(element, "untilRevoked", "true")
    elif form == "timeAfterDispatch" or (given["period"] and not form):
        after = _child(element, "timeAfterDispatch")
        _optional(after, "dispatchDate", given["dispatched"])
        _child(after, "period", given["period"].required().text())
    else:
        _child(element, "specificTime", given["until"].required().text())


def _producer(element: etree._Element, given: Member) -> None:
    given.only("name", "email", "phone", "link", "address", "identifiers")
    _words(element, "name", given["name"].required())
    contact = _child(element, "contact")
    words_element(contact, "name", given["name"])
    for name, member in (("eMail", "email"), ("phone", "phone"), ("link", "link")):
        if given[member]:
            child(contact, name, given[member].text())
    location, address = child(contact, "location"), given["address"].required()
    address.only(*PLACE.values())
    for name, member in PLACE.items():
        if address[member]:
            child(location, name, address[member].text())
    _identifiers(element, "organization", given["identifiers"])


def _material(element: etree._Element, given: Member) -> None:
    given.only("name", "description", "classes", "minimum_sample_size", "quantities", "identifiers")
    _words(element, "name", given["name"].required())
    _words(element, "description", given["description"])
    for each in given["classes"].entries():
        each.only("reference", "class_id", "link")
        class_ = _child(element, "materialClass")
        _child(class_, "reference", each["reference"].required().text())
        _child(class_, "classID", each["class_id"].required().text())
        _optional(class_, "link", each["link"])
    for name, member in (("minimumSampleSize", "minimum_sample_size"), ("itemQuantities", "quantities")):
        if given[member]:
            group = _child(element, name)
            for quantity in given[member].entries():
                content_of(child(group, "itemQuantity"), quantity)
    _identifiers(element, "material", given["identifiers"])


def _properties(element: etree._Element, given: Member) -> None:
    given.only("name", "description", "certified", "procedures", "results")
    if given["certified"].yes():
        element.set("isCertified", "true")
    _words(element, "name", given["name"].required())
    _words(element, "description", given["description"])
    if given["procedures"]:
        group = _child(element, "procedures")
        for procedure in given["procedures"].entries():
            _procedure(child(group, "usedMethod"), procedure)
    results = _child(element, "results")
    for result in given["results"].required().entries():
        _result(_child(results, "result"), result)


def _procedure(element: etree._Element, given: Member) -> None:
    given.only("name", "description", "norms", "references")
    words_element(element, "name", given["name"].required())
    words_element(element, "description", given["description"])
    for name, member in (("norm", "norms"), ("reference", "references")):
        for text in given[member].texts():
            child(element, name, text)


def _result(element: etree._Element, given: Member) -> None:
    given.only("name", "description", "list", "values")
    _words(element, "name", given["name"].required())
    _words(element, "description", given["description"])
    values = list(given["values"].required().entries())
    holder = _child(element, "data")
    if len(values) > 1 or given["list"].yes():
        holder = _child(holder, "list")
    for each in values:
        quantity = _child(holder, "quantity")
        content_of(quantity, each)
        _identifiers(quantity, "property", each["identifiers"])


def _statements(element: etree._Element, given: Member) -> None:
    """Append the statements in the order of the schema; ``statement`` may come more than once."""
    order = {name: number for number, name in enumerate((*STATEMENTS, "statement"))}
    entries = list(given.required().entries())
    for each in entries:
        each.only("name", "text")
        each["name"].required().one_of(*order)
    for each in sorted(entries, key=lambda entry: order[entry["name"].text()]):
        _words(element, each["name"].text(), each["text"].required())


def _identifiers(parent: etree._Element, of: str, given: Member) -> None:
    if not given:
        return
    group = _child(parent, f"{of}Identifiers")
    for each in given.entries():
        each.only("scheme", "number", "link")
        one = _child(group, f"{of}Identifier")
        _child(one, "scheme", each["scheme"].required().text())
        _child(one, "value", each["number"].required().text())
        _optional(one, "link", each["link"])


def _words(parent: etree._Element, name: str, given: Member) -> None:
    """Append a DRMD element whose texts are ``dcc:content``; nothing where there is no text."""
    said = given.words()
    if said:
        element = _child(parent, name)
        for language, text in said:
            child(element, "content", text, lang=language)


def _child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, drmd(name))
    if text:
        element.text = clean(text)
    return element


def _optional(parent: etree._Element, name: str, given: Member) -> None:
    if given:
        _child(parent, name, given.text())


def template() -> dict[str, Any]:
    """Return data of a certificate to begin with: every member that is needed or recommended, with an example."""
    data: dict[str, Any] = json.loads(
        (resources.files(PACKAGE) / "template.json").read_text(encoding="utf-8")
    )
    return data
