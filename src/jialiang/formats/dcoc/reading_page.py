"""A certificate of conformity laid out for reading, in the pieces that HTML and PDF are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from jialiang.formats.dcoc.model import (
    Address,
    CertificateOfConformity,
    Contact,
    Named,
    PreviousCertificate,
    Texts,
)
from jialiang.formats.reading_view.blocks import (
    Block,
    Column,
    Fact,
    Facts,
    Group,
    Paragraph,
    ReadingView,
    Said,
    Table,
)
from jialiang.formats.reading_view.texts import Reader, fit, said
from jialiang.formats.reading_view.wording import language_name, listed, own
from jialiang.kernel.text import Language, Text

DOCUMENT = "D-CoC"
_NO_LANGUAGE = "und"


def conformity_view(
    certificate: CertificateOfConformity, language: Language, *, is_signed: bool = False
) -> ReadingView:
    """Return everything that a certificate of conformity says, with the labels in ``language``.

    Texts come in ``language`` where the certificate has them, else in a language that it has, which they then name;
    nothing is translated, and what is missing is left out. ``is_signed`` tells whether the file carries a signature.
    """
    page = _Page(certificate, Reader(language, certificate.languages))
    number = fit(" ".join(certificate.number.split()))
    sections = tuple(
        Group(page.label(f"section.{name}"), tuple(blocks), key=key)
        for name, key, blocks in page.sections(is_signed)
        if blocks
    )
    return ReadingView(
        language=language,
        title=page.words("title"),
        number=number,
        version="",
        laboratory=page.text(certificate.body.name),
        languages=tuple(map(fit, certificate.languages)),
        notices=tuple(_notices(page.reader)),
        sections=sections,
        origin=own("origin", language, document=DOCUMENT, number=number or "–"),
        document=DOCUMENT,
    )


class _Page:
    """The sections of one certificate in one language."""

    def __init__(self, certificate: CertificateOfConformity, reader: Reader) -> None:
        self.certificate = certificate
        self.reader = reader

    def words(self, key: str) -> str:
        return _words()[key].in_language(self.reader.language)

    def label(self, key: str) -> Said:
        return Said((self.words(key),))

    def text(self, words: Texts) -> Said:
        return self.reader.pick(_pairs(words))

    def sections(self, is_signed: bool) -> list[tuple[str, str, list[Block]]]:
        """Return name, key of the style and blocks of each section, in the order of reading."""
        given = self.certificate
        persons: list[Block] = [
            Group(self.text(each.name), tuple(self._contact(each, "organization", "role", "address")))
            for each in given.responsibles
        ]
        return [
            ("identity", "identity", self._identity()),
            ("body", "laboratory", self._contact(given.body, "name", "identifier", "address")),
            ("manufacturer", "customer", self._contact(given.manufacturer, "name", "identifier", "address")),
            ("objects", "items", self._named_table(given.objects)),
            ("basis", "results", self._basis()),
            ("statement", "statements", self._statement()),
            ("persons", "persons", persons),
            ("history", "others", self._previous(given.previous)),
            ("file", "file", [*self._signature(is_signed)]),
        ]

    def _identity(self) -> list[Block]:
        given, validity = self.certificate, self.certificate.validity
        begun = bool(validity.begins or validity.until or validity.conditions)
        until = said(validity.until) or (self.label("unlimited") if begun else Said())
        languages = tuple(language_name(fit(tag), self.reader.language) for tag in given.languages)
        return self._facts(
            ("number", said(given.number)),
            ("revision", said(given.revision)),
            ("modifications", self._paragraphs(given.modifications)),
            ("date", said(given.date)),
            ("from", said(validity.begins)),
            ("until", until),
            ("conditions", self._paragraphs(validity.conditions)),
            ("reference", said(listed(given.reference_numbers, self.reader.language))),
            ("languages", said(listed(languages, self.reader.language))),
            ("address.web", said(given.identifier)),
        )

    def _statement(self) -> list[Block]:
        told = self._paragraphs(self.certificate.statement)
        return [Paragraph(told)] if told else []

    def _basis(self) -> list[Block]:
        given = self.certificate
        facts = self._facts(*self._named("scheme", given.scheme), *self._named("category", given.category))
        tables = (("criteria", given.criteria), ("applied", given.applied_documents))
        groups = (Group(self.label(key), tuple(self._named_table(each))) for key, each in tables if each)
        return [*facts, *groups]

    def _named(self, key: str, thing: Named) -> list[tuple[str, Said]]:
        title, number = self.text(thing.title), said(thing.identifier)
        name = Said((*number.lines, *title.lines), title.language)
        return [(key, name), ("address.web", said(thing.uri))]

    def _contact(self, contact: Contact, *shown: str) -> list[Block]:
        told = {
            "name": self.text(contact.name),
            "identifier": said(contact.identifier),
            "organization": self.text(contact.organization),
            "role": self.text(contact.role),
            "address": self._address(contact.address),
            "email": said(contact.email),
            "phone": said(contact.phone),
            "address.web": said(contact.url),
        }
        # What a sort of contact rarely has comes last, but nothing that is said is left out.
        first = [*shown, *(key for key in told if key not in shown and not (key == "name" and "role" in shown))]
        return self._facts(*((key, told[key]) for key in first))

    def _address(self, address: Address) -> Said:
        parts = [self.text(each) for each in (address.street, address.city, address.region)]
        code = " ".join(filter(None, (address.postal_code.strip(), address.country.strip())))
        lines = [*(line for part in parts for line in part.lines), code]
        other = next((part.language for part in parts if part.language), "")
        return Said(tuple(fit(line) for line in lines if line.strip()), other)

    def _named_table(self, things: Sequence[Named]) -> list[Block]:
        rows = tuple(
            (said(str(number)), said(each.identifier), self.text(each.title), said(each.uri))
            for number, each in enumerate(things, start=1)
        )
        return self._table(("column.number", "column.identifier", "column.title", "column.link"), rows)

    def _previous(self, previous: Sequence[PreviousCertificate]) -> list[Block]:
        rows = tuple(
            (said(str(number)), said(each.number), said(each.revision), said(each.date), said(each.uri))
            for number, each in enumerate(previous, start=1)
        )
        names = ("column.number", "column.identifier", "column.revision", "column.date", "column.link")
        return self._table(names, rows)

    def _table(self, names: Sequence[str], rows: tuple[tuple[Said, ...], ...]) -> list[Block]:
        """Return a table without the columns that are empty in every row, none without rows."""
        if not rows:
            return []
        kept = [at for at in range(len(names)) if any(row[at] for row in rows)]
        columns = tuple(Column(self.label(names[at])) for at in kept)
        return [Table(columns, tuple(tuple(row[at] for at in kept) for row in rows))]

    def _signature(self, is_signed: bool) -> list[Block]:
        return self._facts(("signature", self.label("signature.some" if is_signed else "signature.none")))

    def _paragraphs(self, words: Texts) -> Said:
        return self.reader.paragraphs(_pairs(words))

    def _facts(self, *told: tuple[str, Said]) -> list[Block]:
        facts = tuple(Fact(self.label(key), text) for key, text in told if text)
        return [Facts(facts)] if facts else []


def _pairs(words: Texts) -> list[tuple[str, str]]:
    return [("" if tag == _NO_LANGUAGE else tag, text) for tag, text in words]


def _notices(reader: Reader) -> Iterator[Paragraph]:
    if reader.instead:
        shown = listed(tuple(language_name(tag, reader.language) for tag in reader.instead), reader.language)
        wanted = own(f"language.{reader.language}", reader.language)
        key = "notice.partly" if reader.found else "notice.missing"
        yield Paragraph(said(own(key, reader.language, wanted=wanted, shown=shown)), "warning")


@cache
def _words() -> dict[str, Text]:
    file = resources.files("jialiang.formats.dcoc") / "page_words.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {key: Text.from_json(pair) for key, pair in raw.items()}
