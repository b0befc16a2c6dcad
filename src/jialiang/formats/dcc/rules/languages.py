"""Languages and countries: declared, present, once, and codes that exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.rules.catalogue import code_set
from jialiang.formats.dcc.rules.document import Breach, Document, child_of, text_of

_NAMES = ("name", "further", "referral")


def texts_in_declared_languages(document: Document) -> Iterator[Breach]:
    """Yield texts in undeclared languages, texts that lack a language or have it twice, and those without one."""
    declared = document.declared_languages()
    parents: dict[etree._Element, list[str]] = {}
    for content in document.dcc("content"):
        language, parent = content.get("lang"), content.getparent()
        if language is None:
            yield from _without_language(content)
            continue
        if language not in declared:
            facts = {"language": language, "declared": _listed(declared)}
            yield Breach("DCC-LANGUAGE-UNDECLARED", content, facts, "lang")
        if parent is not None:
            parents.setdefault(parent, []).append(language)
    for parent, given in parents.items():
        facts = {"given": _listed(given), "declared": _listed(declared)}
        if len(set(given)) < len(given):
            yield Breach("DCC-LANGUAGE-REPEATED", parent, facts)
        elif len(given) != len(declared):
            yield Breach("DCC-LANGUAGE-INCOMPLETE", parent, facts)


def _without_language(content: etree._Element) -> Iterator[Breach]:
    parent = content.getparent()
    around = parent.getparent() if parent is not None else None
    if around is None or all(child_of(around, name) is None for name in _NAMES):
        yield Breach("DCC-LANGUAGE-NOT-NAMED", content)


def declared_languages(document: Document) -> Iterator[Breach]:
    """Yield languages declared twice, mandatory ones that are not used, and codes that do not exist."""
    declared = document.declared_languages()
    counted = Counter(declared)
    for element in document.dcc("usedLangCodeISO639_1"):
        if counted[text_of(element)] > 1:
            yield Breach("DCC-LANGUAGE-DECLARED-TWICE", element, {"language": text_of(element)})
    for element in document.dcc("mandatoryLangCodeISO639_1"):
        if text_of(element) not in counted:
            facts = {"language": text_of(element), "declared": _listed(declared)}
            yield Breach("DCC-MANDATORY-LANGUAGE-UNDECLARED", element, facts)
    for element in document.dcc("usedLangCodeISO639_1", "mandatoryLangCodeISO639_1"):
        if text_of(element) not in code_set("languages"):
            yield Breach("DCC-LANGUAGE-CODE-UNKNOWN", element, {"code": text_of(element)})
    for element in document.dcc("countryCodeISO3166_1", "countryCode"):
        if text_of(element) not in code_set("countries"):
            yield Breach("DCC-COUNTRY-CODE-UNKNOWN", element, {"code": text_of(element)})


def signer_named(document: Document) -> Iterator[Breach]:
    """Yield a hint where no responsible person is marked as main signer."""
    for persons in document.dcc("respPersons"):
        marks = (text_of(child_of(p, "mainSigner")) for p in persons.iterchildren(f"{{{DCC}}}respPerson"))
        if not any(mark in ("true", "1") for mark in marks):
            yield Breach("DCC-SIGNER-MISSING", persons)


def _listed(languages: list[str]) -> str:
    return ", ".join(languages[:20]) or "–"
