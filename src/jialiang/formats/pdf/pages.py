"""From the content of a certificate to what its pages say, in one language, as plain data for the template.

All choices of words and figures are made here; the template decides on places, sizes and colours only. Each label
stands in the page's language with the other one small below; content stands in the page's language where it has it.
"""

from __future__ import annotations

import dataclasses

from jialiang.formats.content import CertificateContent
from jialiang.formats.dcc.statements import certificate_title
from jialiang.formats.pdf import body, cover
from jialiang.formats.pdf.results import printed_table
from jialiang.formats.pdf.wording import PlainData, field, pair, words
from jialiang.kernel.text import Language


def page_data(content: CertificateContent, *, language: Language, xml_name: str, preview: bool) -> PlainData:
    """Return everything that the template prints, as JSON's own types; a preview has a watermark and no seal."""
    software = words("software").format(name=content.software_name, release=content.software_release)
    return {
        "language": language,
        "preview": words("preview").in_language(language) if preview else "",
        "title": pair(words("title", certificate_title(content).removeprefix("kind.")), language),
        "number": {"label": words("number", content.kind).in_language(language), "text": content.number},
        "subject": content.items[0].name.in_language(language) if content.items else "",
        "identifier": content.identifier,
        "page": words("page").in_language(language),
        "foot": words("foot.scope").in_language(language),
        "software": software.in_language(language),
        "cover": _cover(content, language, preview=preview),
        "body": _body(content, language, xml_name=xml_name),
        "results": {
            "title": pair(words("section.results", content.kind), language),
            "tables": [dataclasses.asdict(printed_table(table, language)) for table in content.results],
        },
        "end": pair(words("end", content.kind), language),
    }


def _cover(content: CertificateContent, language: Language, *, preview: bool) -> PlainData:
    return {
        "letterhead": cover.letterhead(content, language),
        "amendment": cover.amendment(content, language),
        "fields": cover.fields(content, language),
        "conclusion": field(
            "field.conclusion", content.conclusion.in_language(language), language, content.kind
        ),
        "persons": cover.persons(content, language),
        "signed": cover.signed(content, language),
        "seal": {} if preview else cover.seal(content, language),
        "check": cover.check(content, language),
    }


def _body(content: CertificateContent, language: Language, *, xml_name: str) -> PlainData:
    return {
        "items": body.items(content, language),
        "methods": body.methods(content, language),
        "place": body.place(content, language),
        "standards": body.standards(content, language),
        "statements": body.statements(content, language, xml_name=xml_name),
    }
