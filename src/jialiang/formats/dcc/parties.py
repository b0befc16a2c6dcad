"""Organizations and persons of a certificate as DCC contacts."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.content import Address, CertificateContent, Party, ResponsiblePerson
from jialiang.formats.dcc.elements import child, contents, optional, required, texts
from jialiang.formats.dcc.errors import MissingContent
from jialiang.formats.dcc.profile import DUTIES, place, words
from jialiang.kernel.text import Text


def laboratory(parent: etree._Element, content: CertificateContent) -> None:
    """Append ``dcc:calibrationLaboratory``: accreditation code, contact, and whether the institute's seal signs."""
    element = child(parent, "calibrationLaboratory")
    optional(element, "calibrationLaboratoryCode", content.institute.laboratory_code)
    contact(element, "contact", content.institute, content.languages[0])
    sealed = content.trust.signer_kind == "institute_seal"
    child(element, "cryptElectronicSeal", _boolean(sealed))
    child(element, "cryptElectronicSignature", _boolean(not sealed))
    child(element, "cryptElectronicTimeStamp", "false")


def contact(parent: etree._Element, name: str, party: Party, language: str) -> None:
    """Append a contact; the plain-text members of the address are in ``language``, the whole address in both."""
    element = child(parent, name)
    texts(element, "name", party.name, f"{name}/name")
    optional(element, "eMail", party.email)
    optional(element, "phone", party.phone)
    optional(element, "link", party.website)
    _location(element, party.address, language)


def responsible_persons(parent: etree._Element, content: CertificateContent) -> None:
    """Append ``dcc:respPersons`` with role, duty, and who signs with what; raises MissingContent."""
    if not content.persons:
        raise MissingContent(place=place("respPersons"))
    element = child(parent, "respPersons")
    for person in content.persons:
        _person(element, person, content)


def _person(parent: etree._Element, person: ResponsiblePerson, content: CertificateContent) -> None:
    element = child(parent, "respPerson", refType=DUTIES[person.duty])
    texts(child(element, "person"), "name", person.name, "respPerson/name")
    description = child(element, "description")
    contents(child(description, "name"), words(f"duty.{person.duty}"))
    contents(description, person.role or words(f"duty.{person.duty}"))
    optional(element, "role", person.role.in_language(content.languages[0]))
    child(element, "mainSigner", _boolean(person.main_signer))
    sealed = content.trust.signer_kind == "institute_seal"
    child(element, "cryptElectronicSeal", "false")
    child(element, "cryptElectronicSignature", _boolean(person.main_signer and not sealed))
    child(element, "cryptElectronicTimeStamp", "false")


def _location(parent: etree._Element, address: Address, language: str) -> None:
    element = child(parent, "location")
    optional(element, "city", address.city.in_language(language))
    required(element, "countryCode", address.country_code, "location/countryCode")
    optional(element, "postCode", address.postal_code)
    optional(element, "state", address.region_code)
    optional(element, "street", address.street.in_language(language))
    if address.city or address.street:
        contents(child(element, "further"), _whole(address))


def _whole(address: Address) -> Text:
    chinese = "".join(part for part in (address.city.zh, address.street.zh) if part)
    english = ", ".join(part for part in (address.street.en, address.city.en) if part)
    return Text(chinese, english)


def _boolean(truth: bool) -> str:
    return "true" if truth else "false"
