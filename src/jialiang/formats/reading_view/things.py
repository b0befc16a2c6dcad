"""Parties, items, equipment, software and references to other certificates as facts."""

from __future__ import annotations

from collections.abc import Iterable

from jialiang.formats.dcc.common_parts import (
    ByteData,
    Contact,
    EquipmentClass,
    HashReference,
    Identification,
    Location,
    PositionCoordinates,
    Software,
)
from jialiang.formats.reading_view.blocks import Block, Fact, Group, Said
from jialiang.formats.reading_view.pictures import file_blocks, file_title
from jialiang.formats.reading_view.rich import extras, with_name
from jialiang.formats.reading_view.series import symbol_of
from jialiang.formats.reading_view.texts import Reader, named, said
from jialiang.formats.reading_view.wording import coded, listed, own
from jialiang.formats.xml.nodes import Node


def fact(key: str, told: Said | str | None, reader: Reader, hint: str = "") -> list[Fact]:
    """Return a fact with a label of the house, none where nothing is said."""
    text = told if isinstance(told, Said) else said(told)
    return [Fact(named(key, reader.language), text, hint)] if text else []


def yes_no(key: str, truth: bool | None, reader: Reader) -> list[Fact]:
    """Return a fact that is yes or no, none where the certificate does not say."""
    if truth is None:
        return []
    return fact(key, named("yes" if truth else "no", reader.language), reader)


def contact_facts(key: str, contact: Contact | None, reader: Reader) -> list[Fact]:
    """Return who somebody is and how to reach them."""
    if contact is None:
        return []
    return [
        *fact(key, reader.say(contact.name), reader),
        *fact("field.address", address(contact.location, reader), reader),
        *fact("field.phone", contact.phone, reader),
        *fact("field.fax", contact.fax, reader),
        *fact("field.email", contact.email, reader),
        *fact("field.link", contact.link, reader),
    ]


def contact_files(contact: Contact | None, reader: Reader) -> list[Block]:
    """Return the file and the longer texts' files and formulas that a contact carries."""
    if contact is None:
        return []
    data = contact.description_data
    further = contact.location.further if contact.location is not None else ()
    found: list[Block] = [block for part in further for block in extras(part, reader)]
    return [*found, *files_of([data] if data is not None else [], reader)]


def files_of(files: Iterable[ByteData], reader: Reader) -> list[Block]:
    """Return each file under its name."""
    return [
        Group(reader.say(file.name), tuple(file_blocks(file, reader)), file_title(reader)) for file in files
    ]


def address(location: Location | None, reader: Reader) -> Said:
    """Return an address: further lines first, then street, town and country in the order of the language."""
    if location is None:
        return Said()
    told = [with_name(part, reader) for part in location.further]
    street = " ".join((*location.streets, *location.street_numbers))
    box = [own("address.box", reader.language, number=number) for number in location.post_office_boxes]
    town = " ".join((*location.post_codes, *location.cities))
    states = list(location.states)
    plain = [street, *box, town, *states, *location.country_codes]
    line = ", ".join(" ".join(part.split()) for part in plain if part.strip())
    lines = [*(text for part in told for text in part.lines), *said(line).lines]
    lines += [text for part in location.position_coordinates for text in _position(part, reader)]
    return Said(tuple(lines), next((part.language for part in told if part.language), ""))


def _position(part: PositionCoordinates, reader: Reader) -> list[str]:
    coordinates = (node for node in (part.first, part.second, part.third) if node is not None)
    numbers = [_coordinate(node, reader) for node in coordinates]
    words = (part.system, part.reference, part.link, "; ".join(numbers))
    return [line for text in words for line in said(text).lines] + list(
        with_name(part.declaration, reader).lines
    )


def _coordinate(node: Node, reader: Reader) -> str:
    number, unit = node.first("value"), node.first("unit")
    symbol = symbol_of(unit.text.strip(), reader.language) if unit is not None else ""
    return f"{number.text.strip() if number is not None else ''} {symbol}".strip()


def identification_facts(identifications: Iterable[Identification], reader: Reader) -> list[Fact]:
    """Return numbers by which a thing is known, each under its own name and with who gave it."""
    found = []
    for each in identifications:
        issuer = coded("issuer", (each.issuer or "").strip(), reader.language)
        label = reader.say(each.name) or named("field.identification", reader.language)
        found.append(Fact(label, said(each.identifier), issuer))
    return [each for each in found if each.said]


def class_facts(classes: Iterable[EquipmentClass], reader: Reader) -> list[Fact]:
    """Return the classes of a thing in classifications such as ECLASS."""
    told = [" ".join(filter(None, (each.reference, each.class_id, each.link))) for each in classes]
    return [each for text in told for each in fact("field.equipment_class", text, reader)]


def software_facts(software: Iterable[Software], reader: Reader) -> list[Fact]:
    """Return programs with their releases and descriptions."""
    found: list[Fact] = []
    for each in software:
        name = reader.say(each.name)
        release = own("release", reader.language, text=" ".join((each.release or "").split()))
        kind = coded("software", (each.kind or "").strip(), reader.language)
        lines = [
            *said(release).lines,
            *(line for d in each.descriptions for line in with_name(d, reader).lines),
        ]
        language = next((told.language for d in each.descriptions if (told := reader.tell(d)).language), "")
        found.append(
            Fact(name or named("field.software", reader.language), Said(tuple(lines), language), kind)
        )
    return found


def reference_facts(key: str, reference: HashReference | None, reader: Reader) -> list[Fact]:
    """Return a reference to another certificate, and those that it leads to."""
    found: list[Fact] = []
    while reference is not None:
        referral = reader.say(reference.referral)
        number = said(reference.referral_id)
        found += fact(key, Said((*number.lines, *referral.lines), referral.language), reader)
        found += fact("reference.digest", _digest(reference, reader), reader)
        found += fact("field.description", with_name(reference.description, reader), reader)
        found += yes_no("reference.in_validity", reference.in_validity_range, reader)
        found += yes_no("reference.traceable", reference.traceable, reader)
        reference, key = reference.linked_report, "reference.linked"
    return found


def _digest(reference: HashReference, reader: Reader) -> Said:
    procedure, digest = (reference.procedure or "").strip(), (reference.digest or "").strip()
    if procedure == "analogue" and digest in ("analogue", ""):
        return named("reference.analogue", reader.language)
    return said(f"{procedure}: {digest}" if procedure else digest)


def words_fact(key: str, words: tuple[str, ...], reader: Reader) -> list[Fact]:
    """Return several words under one label."""
    kept = tuple(" ".join(word.split()) for word in words if word.strip())
    return fact(key, listed(kept, reader.language), reader) if kept else []
