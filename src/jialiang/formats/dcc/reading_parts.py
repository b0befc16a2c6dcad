"""The administrative parts of a DCC as views: texts, identifications, parties, items, persons, statements."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.view import IdentificationView, ItemView, PartyView, PersonView, StatementView
from jialiang.kernel.text import Text

_ADDRESS = ("street", "streetNo", "postOfficeBox", "postCode", "city", "state", "countryCode")


def all_of(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements at a path of DCC names separated by slashes."""
    return element.findall("/".join(f"{{{DCC}}}{step}" for step in path.split("/")))


def plain(element: etree._Element, path: str) -> str:
    """Return the text of the first element at a path, without blanks around it."""
    found = all_of(element, path)
    return (found[0].text or "").strip() if found else ""


def text_of(element: etree._Element, path: str) -> Text:
    """Return the text at a path in Chinese and English.

    A text without a language counts for both; one in a third language stands in for English.
    """
    found = all_of(element, path)
    return content_of(found[0]) if found else Text()


def content_of(element: etree._Element) -> Text:
    """Return the ``dcc:content`` members of an element as one text."""
    said: dict[str, str] = {}
    for content in all_of(element, "content"):
        said.setdefault(content.get("lang", ""), (content.text or "").strip())
    neutral = said.get("", "")
    other = next(iter(said.values()), "")
    return Text(said.get("zh", neutral), said.get("en", neutral) or ("" if said.get("zh") else other))


def identifications_of(element: etree._Element, path: str = "") -> tuple[IdentificationView, ...]:
    """Return the identifications of a thing."""
    prefix = f"{path}/" if path else ""
    return tuple(
        IdentificationView(plain(e, "issuer"), plain(e, "value"), text_of(e, "name"), e.get("refType", ""))
        for e in all_of(element, f"{prefix}identifications/identification")
    )


def party_of(element: etree._Element | None) -> PartyView:
    """Return a laboratory (with its contact inside) or a contact as a party."""
    if element is None:
        return PartyView()
    inside = all_of(element, "contact")
    contact = inside[0] if inside else element
    return PartyView(
        name=text_of(contact, "name"),
        address=_address(contact),
        email=plain(contact, "eMail"),
        phone=plain(contact, "phone"),
        website=plain(contact, "link"),
        laboratory_code=plain(element, "calibrationLaboratoryCode"),
    )


def item_of(element: etree._Element) -> ItemView:
    """Return an item as a view."""
    said = [
        (quantity.get("refType", ""), content_of(words))
        for quantity in all_of(element, "itemQuantities/itemQuantity")
        for words in all_of(quantity, "noQuantity")
    ]
    return ItemView(
        name=text_of(element, "name"),
        manufacturer=text_of(element, "manufacturer/name"),
        model=plain(element, "model"),
        identifications=identifications_of(element),
        said=tuple(said),
    )


def person_of(element: etree._Element) -> PersonView:
    """Return a responsible person as a view."""
    role = plain(element, "role")
    return PersonView(
        name=text_of(element, "person/name"),
        role=text_of(element, "description") or Text(role, role),
        ref_type=element.get("refType", ""),
        main_signer=_is_true(element, "mainSigner"),
        seals=_is_true(element, "cryptElectronicSeal"),
        signs=_is_true(element, "cryptElectronicSignature"),
    )


def statement_of(element: etree._Element) -> StatementView:
    """Return a statement as a view."""
    return StatementView(
        ref_type=element.get("refType", ""),
        name=text_of(element, "name"),
        declaration=text_of(element, "declaration"),
        norms=tuple((e.text or "").strip() for e in all_of(element, "norm")),
        reference=plain(element, "reference"),
        convention=plain(element, "convention"),
        date=plain(element, "date"),
        conformity=plain(element, "conformity"),
    )


def _address(contact: etree._Element) -> Text:
    whole = text_of(contact, "location/further")
    parts = [plain(contact, f"location/{part}") for part in _ADDRESS]
    joined = ", ".join(part for part in parts if part)
    return Text(whole.zh or joined, whole.en or joined)


def _is_true(element: etree._Element, path: str) -> bool:
    return plain(element, path) in ("true", "1")
