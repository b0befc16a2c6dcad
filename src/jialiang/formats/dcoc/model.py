"""A digital certificate of conformity as one frozen value: the seventeen elements of NoBoMet's data structure V1.2.

Texts are pairs (language tag, text) in the order of the tags; ``und`` is a text without a language. What may stand
several times in no order of its own, languages and reference numbers, is kept sorted and once. Dates are ISO 8601
texts as they stand; addresses of the web, of mail and of telephones are plain texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Texts = tuple[tuple[str, str], ...]
"""One text in several languages: pairs (language tag, text), sorted by tag."""

NO_LANGUAGE = "und"


def texts(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> Texts:
    """Return a text in several languages from a mapping or pairs; empty ones are left out, the first of a tag stays."""
    given = pairs.items() if isinstance(pairs, Mapping) else pairs
    kept: dict[str, tuple[str, str]] = {}
    for language, text in given:
        if text:
            tag = language or NO_LANGUAGE
            kept.setdefault(
                tag.lower(), (tag, text)
            )  # tags are the same in small and capital letters (BCP 47)
    return tuple(sorted(kept.values()))


def text_in(words: Texts, language: str) -> str:
    """Return a text in a language, or in whichever there is; empty if there is none."""
    for tag, text in words:
        if tag.lower().split("-")[0] == language.lower().split("-")[0]:
            return text
    return words[0][1] if words else ""


@dataclass(frozen=True, slots=True)
class Named:
    """A scheme, category, document or object: the number or code by which it is known, its title, where it is found."""

    identifier: str = ""
    title: Texts = ()
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; ``country`` is ISO 3166-1 alpha-2."""

    street: Texts = ()
    city: Texts = ()
    region: Texts = ()
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A body or a person, and how to reach it.

    ``identifier`` is a number of accreditation, notification or registry.
    """

    name: Texts = ()
    identifier: str = ""
    organization: Texts = ()
    role: Texts = ()
    address: Address = Address()
    email: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """From when until when a certificate holds, and on which conditions; without ``until`` it is not limited."""

    begins: str = ""
    until: str = ""
    conditions: Texts = ()


@dataclass(frozen=True, slots=True)
class PreviousCertificate:
    """A certificate that this one follows: its number, revision and date, and where it is found."""

    number: str = ""
    revision: str = ""
    date: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True)
class CertificateOfConformity:
    """All that a certificate of conformity says; ``identifier`` is its IRI, empty where it has none.

    An element that a document lacks is empty here; whether it may be, the rules tell (``dcoc.rules``).
    """

    identifier: str = ""
    scheme: Named = Named()
    body: Contact = Contact()
    number: str = ""
    revision: str = ""
    modifications: Texts = ()
    manufacturer: Contact = Contact()
    category: Named = Named()
    objects: tuple[Named, ...] = ()
    date: str = ""
    criteria: tuple[Named, ...] = ()
    applied_documents: tuple[Named, ...] = ()
    statement: Texts = ()
    validity: Validity = Validity()
    responsibles: tuple[Contact, ...] = ()
    previous: tuple[PreviousCertificate, ...] = ()
    reference_numbers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Sort what is a set."""
        for name in ("reference_numbers", "languages"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
