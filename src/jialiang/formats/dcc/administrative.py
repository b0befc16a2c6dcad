"""``dcc:administrativeData``: who, what, when, and what is stated."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.content import CertificateContent, Item, Statement
from jialiang.formats.dcc import profile
from jialiang.formats.dcc.elements import child, contents, identification, optional, required, texts
from jialiang.formats.dcc.errors import MissingContent
from jialiang.formats.dcc.parties import contact, laboratory, responsible_persons
from jialiang.formats.dcc.profile import words
from jialiang.formats.dcc.statements import profile_statements
from jialiang.kernel.text import Text


def administrative_data(parent: etree._Element, content: CertificateContent) -> None:
    """Append ``dcc:administrativeData``."""
    element = child(parent, "administrativeData")
    software = child(child(element, "dccSoftware"), "software")
    child(child(software, "name"), "content", content.software_name)
    release = content.software_release
    required(software, "release", f"v{release}" if release[:1].isdigit() else release, "release")
    child(software, "type", "application")
    _core_data(element, content)
    _items(element, content)
    laboratory(element, content)
    responsible_persons(element, content)
    contact(element, "customer", content.customer, content.languages[0])
    _statements(element, content)


def _core_data(parent: etree._Element, content: CertificateContent) -> None:
    element = child(parent, "coreData")
    child(element, "countryCodeISO3166_1", content.institute.address.country_code)
    for language in content.languages:
        child(element, "usedLangCodeISO639_1", language)
    child(element, "mandatoryLangCodeISO639_1", content.languages[0])
    required(element, "uniqueIdentifier", content.number, "uniqueIdentifier")
    known = child(element, "identifications")
    _core_identifications(known, content)
    if len(known) == 0:
        element.remove(known)
    optional(element, "receiptDate", content.receipt_date)
    child(element, "beginPerformanceDate", content.begin_date)
    child(element, "endPerformanceDate", content.end_date)
    child(element, "performanceLocation", content.performance_location)
    optional(element, "issueDate", content.issue_date)
    if content.supersedes_number:
        replaced = child(element, "reportAmendedSubstituted")
        child(replaced, "typeOfChange", "substituted")
        child(replaced, "replacedUniqueIdentifier", content.supersedes_number)


def _core_identifications(parent: etree._Element, content: CertificateContent) -> None:
    ours, other = "calibrationLaboratory", "other"
    identification(parent, ours, content.identifier, profile.IDENTIFIER)
    identification(parent, ours, content.check_code, profile.CHECK_CODE)
    identification(parent, ours, content.check_url, profile.CHECK_URL)
    identification(parent, ours, content.commission_number, profile.COMMISSION_NUMBER)
    identification(parent, ours, content.record_number, profile.RECORD_NUMBER)
    identification(parent, other, content.institute.credit_code, profile.INSTITUTE_CREDIT_CODE)
    identification(parent, other, content.institute.gln, profile.INSTITUTE_GLN)
    identification(parent, other, content.customer.credit_code, profile.CUSTOMER_CREDIT_CODE)
    identification(parent, other, content.customer.gln, profile.CUSTOMER_GLN)


def _items(parent: etree._Element, content: CertificateContent) -> None:
    if not content.items:
        raise MissingContent(place=profile.place("items"))
    element = child(parent, "items")
    for position, item in enumerate(content.items, start=1):
        _item(child(element, "item", id=f"item_{position}"), item)


def _item(element: etree._Element, item: Item) -> None:
    texts(element, "name", item.name, "item/name")
    if item.manufacturer:
        texts(child(element, "manufacturer"), "name", item.manufacturer, "item/manufacturer")
    optional(element, "model", item.model)
    known = child(element, "identifications")
    if not any(i.issuer == "manufacturer" and i.value == item.serial_number for i in item.identifications):
        identification(known, "manufacturer", item.serial_number, profile.SERIAL_NUMBER)
    for known_by in item.identifications:
        entry = child(known, "identification")
        child(entry, "issuer", known_by.issuer)
        required(entry, "value", known_by.value, "item/identification/value")
        if known_by.name:
            texts(entry, "name", known_by.name, "item/identification/name")
    if len(known) == 0:
        raise MissingContent(place=profile.place("item/identifications"))
    accuracy = Text(item.accuracy_class, item.accuracy_class)
    described_quantities(element, "itemQuantities", "itemQuantity", {
        profile.MEASURING_INTERVAL: item.measuring_interval,
        profile.ACCURACY_CLASS: accuracy,
        profile.CONDITION_ON_RECEIPT: item.condition_on_receipt,
    })  # fmt: skip


def described_quantities(parent: etree._Element, group: str, name: str, described: dict[str, Text]) -> None:
    """Append what is said of a thing in words only, as quantities without a number, by refType."""
    said = {ref_type: text for ref_type, text in described.items() if text}
    if not said:
        return
    element = child(parent, group)
    for ref_type, text in said.items():
        quantity = child(element, name, refType=ref_type)
        contents(child(quantity, "name"), words(ref_type))
        contents(child(quantity, "noQuantity"), text)


def _statements(parent: etree._Element, content: CertificateContent) -> None:
    element = child(parent, "statements")
    for statement in (*profile_statements(content), *content.statements):
        _statement(child(element, "statement", refType=statement.ref_type), statement)


def _statement(element: etree._Element, statement: Statement) -> None:
    if statement.name:
        texts(element, "name", statement.name, "statement/name")
    if statement.ref_type in (profile.KIND, profile.PLACE):
        optional(element, "convention", statement.reference)
    optional(element, "norm", statement.norm)
    if statement.ref_type not in (profile.KIND, profile.PLACE):
        optional(element, "reference", statement.reference)
    if statement.declaration:
        texts(element, "declaration", statement.declaration, "statement/declaration")
    optional(element, "date", statement.date)
    optional(element, "conformity", statement.conformity or "")
