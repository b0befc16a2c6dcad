"""A certificate against all rules of good practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from lxml import etree

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.survey import Survey
from jialiang.formats.dcc.rules import (
    administrative,
    languages,
    lists,
    placement,
    references,
    uncertainty,
    units,
)
from jialiang.formats.dcc.rules.catalogue import rules
from jialiang.formats.dcc.rules.document import Breach, Document, text_of
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.errors import NotCanonicalizable
from jialiang.formats.xml.places import Places, line_of

Check = Callable[[Document], Iterator[Breach]]
CHECKS: tuple[Check, ...] = (
    references.version_not_latest,
    languages.declared_languages,
    languages.texts_in_declared_languages,
    languages.signer_named,
    administrative.dates_in_order,
    administrative.times_inside_work,
    administrative.software_releases,
    administrative.laboratory_and_replacement,
    administrative.certificates_of_standards,
    references.ids_linked,
    references.ref_types_known,
    placement.declarations_missing,
    uncertainty.numbers_readable,
    uncertainty.uncertainties_plausible,
    uncertainty.relative_uncertainties,
    units.units_written,
    units.units_outside_si,
    units.units_fit,
    units.hybrids_consistent,
    units.errors_follow,
    lists.lists_spaced,
    lists.lists_even,
)
DSI_CHECKS: tuple[Check, ...] = (
    uncertainty.numbers_readable,
    uncertainty.uncertainties_plausible,
    units.units_written,
    units.hybrids_consistent,
    lists.lists_spaced,
)
LIMIT = 2000
"""More findings than this help nobody; the rest is left out."""


def check_rules(
    tree: etree._ElementTree, today: date | None = None, survey: Survey | None = None
) -> tuple[DocumentFinding, ...]:
    """Check a certificate of any version against the rules of good practice.

    ``today`` is the day at which dates are future or not; without it they are not judged. Findings come in the
    order of the file, at most :data:`LIMIT`. The tree need not be valid: what a rule cannot read, it leaves alone.
    ``survey`` is one of the same tree, where there is one already.
    """
    return _checked(Document(survey if survey is not None else Survey(tree.getroot()), today), CHECKS)


def check_dsi_rules(tree: etree._ElementTree) -> tuple[DocumentFinding, ...]:
    """Check the D-SI elements of any XML document against those rules that need nothing else of a certificate."""
    return _checked(Document(Survey(tree.getroot())), DSI_CHECKS)


def _checked(document: Document, checks: Sequence[Check]) -> tuple[DocumentFinding, ...]:
    places = document.survey.places
    breaches = [breach for check in checks for breach in check(document)]
    # The position in the list settles what stands on one line, so that the order is always the same.
    breaches.sort(key=lambda breach: line_of(breach.element) or 0)
    return tuple(_finding(breach, places) for breach in breaches[:LIMIT])


def check_numbers(files: Sequence[tuple[str, etree._ElementTree]]) -> dict[str, DocumentFinding]:
    """Return, by file, certificates that have the number of an earlier file but say something else.

    ``files`` are pairs (name, tree); copies of one certificate are no fault.
    """
    first: dict[str, tuple[str, str]] = {}
    found: dict[str, DocumentFinding] = {}
    for name, tree in files:
        element = tree.getroot().find(
            f"{{{DCC}}}administrativeData/{{{DCC}}}coreData/{{{DCC}}}uniqueIdentifier"
        )
        if element is None or not text_of(element):
            continue
        digest = _content_digest(tree)
        other, there = first.setdefault(text_of(element), (name, digest))
        if there != digest:
            facts = {"number": text_of(element)[:80], "other": other}
            found[name] = _finding(Breach("DCC-NUMBER-REUSED", element, facts), Places())
    return found


def _content_digest(tree: etree._ElementTree) -> str:
    try:
        return sha256_hex(canonical_document(tree))
    except NotCanonicalizable:
        return ""


def _finding(breach: Breach, places: Places) -> DocumentFinding:
    rule = rules()[breach.rule]
    return DocumentFinding(
        rule=rule.id,
        severity=rule.severity,
        line=line_of(breach.element),
        path=places.path(breach.element, breach.attribute),
        text=rule.text.format(**breach.facts),
    )
