"""The administrative part of a certificate: identity, parties, persons, items, statements, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator

from jialiang.formats.dcc.common_parts import CoreData
from jialiang.formats.dcc.model import Certificate, Item, Items, Laboratory, RefTypeDefinition
from jialiang.formats.reading_view.blocks import Block, Fact, Group, Paragraph
from jialiang.formats.reading_view.circumstances import facts_block, software_blocks
from jialiang.formats.reading_view.measured import Measured
from jialiang.formats.reading_view.pictures import file_blocks
from jialiang.formats.reading_view.rich import rich_blocks
from jialiang.formats.reading_view.texts import Reader, fit, lines_of, named, said, text_of
from jialiang.formats.reading_view.things import (
    class_facts,
    contact_facts,
    contact_files,
    fact,
    files_of,
    identification_facts,
    reference_facts,
    software_facts,
    yes_no,
)
from jialiang.formats.reading_view.wording import coded, language_name, listed, own
from jialiang.formats.xml.nodes import Node

_DAYS = (("field.receipt_date", "receiptDate"), ("field.begin", "beginPerformanceDate"),
         ("field.end", "endPerformanceDate"), ("field.issue_date", "issueDate"))  # fmt: skip
_LONGEST_COMMENT = 20_000


def identity_blocks(core: CoreData | None, version: str, reader: Reader) -> list[Block]:
    """Return number, days, place, languages, and what the certificate replaces."""
    if core is None:
        return []
    place = (core.performance_location or "").strip()
    tags = tuple(dict.fromkeys((*core.mandatory_languages, *core.used_languages)))
    languages = tuple(language_name(fit(tag.strip()), reader.language) for tag in tags)
    facts = [
        *fact("field.number", core.unique_identifier, reader),
        *identification_facts(core.identifications, reader),
        *(each for key, name in _DAYS for each in fact(key, text_of(core.node, name), reader)),
        *fact("field.place", coded("place", fit(place), reader.language), reader),
        *fact("field.country", core.country_code, reader),
        *fact("field.languages", listed(languages, reader.language), reader),
        *fact("field.version", version, reader),
        *_replaced(core, reader),
        *reference_facts("field.previous_report", core.previous_report, reader),
    ]
    return facts_block(facts)


def _replaced(core: CoreData, reader: Reader) -> list[Fact]:
    if core.amendment is None:
        return []
    change = coded("change", (core.amendment.change or "").strip(), reader.language)
    return fact("field.replaces", core.amendment.replaced_identifier, reader, hint=fit(change))


def laboratory_blocks(laboratory: Laboratory | None, reader: Reader) -> list[Block]:
    """Return the laboratory with its code and what it says about its seals."""
    if laboratory is None:
        return []
    facts = [each for contact in laboratory.contacts for each in contact_facts("field.name", contact, reader)]
    facts[1:1] = fact("field.laboratory_code", laboratory.code, reader)
    files = [block for contact in laboratory.contacts for block in contact_files(contact, reader)]
    return [*facts_block([*facts, *_electronic(laboratory, reader)]), *files]


def _electronic(laboratory: Laboratory, reader: Reader) -> list[Fact]:
    return [
        *yes_no("field.seal", laboratory.has_electronic_seal, reader),
        *yes_no("field.signature", laboratory.has_electronic_signature, reader),
        *yes_no("field.time_stamp", laboratory.has_electronic_time_stamp, reader),
    ]


def item_blocks(items: Items | None, reader: Reader, measured: Measured) -> list[Block]:
    """Return what was calibrated: what holds for all items, then each item with those inside it."""
    if items is None:
        return []
    facts = [
        *fact("field.name", reader.say(items.name), reader),
        *identification_facts(items.identifications, reader),
        *class_facts(items.equipment_classes, reader),
        *contact_facts("field.manufacturer", items.manufacturer, reader),
        *contact_facts("field.owner", items.owner, reader),
    ]
    blocks = [*facts_block(facts), *rich_blocks(items.description, reader)]
    blocks += [*contact_files(items.manufacturer, reader), *contact_files(items.owner, reader)]
    return [*blocks, *(_item(each, reader, measured) for each in items.items)]


def _item(item: Item, reader: Reader, measured: Measured) -> Group:
    facts = [
        *fact("field.model", item.model, reader),
        *identification_facts(item.identifications, reader),
        *contact_facts("field.manufacturer", item.manufacturer, reader),
        *contact_facts("field.owner", item.owner, reader),
        *class_facts(item.equipment_classes, reader),
        *software_facts(item.installed_software, reader),
    ]
    blocks = [*facts_block(facts)]
    blocks += [block for part in item.descriptions for block in rich_blocks(part, reader)]
    blocks += [*contact_files(item.manufacturer, reader), *contact_files(item.owner, reader)]
    blocks += [*files_of(item.description_data, reader), *measured.quantities(item.quantities)]
    if item.sub_items is not None:
        inside = tuple(item_blocks(item.sub_items, reader, measured))
        blocks.append(Group(named("section.sub_items", reader.language), inside))
    return Group(reader.say(item.name) or named("field.item", reader.language), tuple(blocks))


def file_section(certificate: Certificate, reader: Reader) -> list[Block]:
    """Return what is said of the file: programs, meanings of types, comment, a document inside, signatures."""
    data = certificate.administrative_data
    groups: list[tuple[str, list[Block]]] = [
        ("section.software", software_blocks(data.software, reader) if data is not None else []),
        (
            "section.ref_types",
            list(_ref_types(data.ref_type_definitions, reader)) if data is not None else [],
        ),
        ("section.comment", _comment(certificate.comment, reader)),
        ("section.signatures", _signatures(certificate, reader)),
    ]
    blocks: list[Block] = [
        Group(named(key, reader.language), tuple(inside)) for key, inside in groups if inside
    ]
    if (document := certificate.document) is not None:
        title = own("section.document", reader.language)
        inside = tuple(file_blocks(document, reader))
        blocks.append(Group(reader.say(document.name) or named("file", reader.language), inside, title))
    return blocks


def _ref_types(definitions: tuple[RefTypeDefinition, ...], reader: Reader) -> Iterator[Group]:
    for each in definitions:
        facts = [
            *fact("field.namespace", each.namespace, reader),
            *fact("field.link", each.link, reader),
            *fact("field.release", each.release, reader),
            *fact("reference.digest", " ".join(filter(None, (each.procedure, each.digest))), reader),
        ]
        blocks = (*rich_blocks(each.description, reader), *facts_block(facts))
        yield Group(reader.say(each.name), blocks)


def _comment(comment: Node | None, reader: Reader) -> list[Block]:
    if comment is None:
        return []
    text = "\n".join(part for node in comment.walk() for part in lines_of(node.text))
    told = said(text[:_LONGEST_COMMENT])
    return [Paragraph(told)] if told else []


def _signatures(certificate: Certificate, reader: Reader) -> list[Block]:
    count = len(certificate.signatures)
    key = "signatures.some" if count else "signatures.none"
    return [Paragraph(said(own(key, reader.language, count=count)), "note")]
