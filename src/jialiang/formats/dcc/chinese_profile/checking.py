"""A certificate against the Chinese profile: applied where it claims the profile, or where somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from jialiang.formats.dcc.chinese_profile import conclusions, identities, people_and_standards
from jialiang.formats.dcc.chinese_profile.catalogue import fields, kinds, profile_rules
from jialiang.formats.dcc.chinese_profile.facts import ProfileBreach, ProfileDocument
from jialiang.formats.dcc.chinese_profile.reading import claims
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xml.places import Places, line_of
from jialiang.kernel.text import Text

Check = Callable[[ProfileDocument], Iterator[ProfileBreach]]
LIMIT = 500


def check_profile(tree: etree._ElementTree, *, asked: bool = False) -> tuple[DocumentFinding, ...]:
    """Check a certificate against the profile if it claims it, or if ``asked``; else nothing is found.

    Findings come in the order of the file, at most LIMIT. The tree need not be valid.
    """
    if not asked and not claims(tree):
        return ()
    document, places = ProfileDocument.of(tree), Places()
    breaches = [breach for check in _CHECKS for breach in check(document)][:LIMIT]
    breaches.sort(key=lambda breach: line_of(breach.element) or 0)
    return tuple(_finding(breach, places) for breach in breaches)


def _kind_known(document: ProfileDocument) -> Iterator[ProfileBreach]:
    said = document.reading
    element = document.element("title")
    if said.kind is None:
        known = "、".join(title for kind in kinds().values() for title in kind.titles)
        yield ProfileBreach(
            "CN-KIND-UNKNOWN", element, {"title": said.title.in_language("zh")[:40] or "–", "known": known}
        )
    elif said.convention != said.kind.convention:
        facts = {
            "title": said.kind.name,
            "expected": said.kind.convention,
            "given": said.convention[:40] or "–",
        }
        yield ProfileBreach("CN-KIND-CONTRADICTED", element, facts)


def _fields_there(document: ProfileDocument) -> Iterator[ProfileBreach]:
    kind = document.reading.kind
    if kind is None:
        return
    for field in document.reading.missing:
        facts = {"kind": kind.name, "field": field.name, "at": field.places[0].rpartition("//")[2]}
        yield ProfileBreach("CN-FIELD-MISSING", document.root, facts, field.levels[kind.id])
    for field in fields().values():
        if kind.id in field.never and document.reading.fields[field.id].values:
            facts = {"kind": kind.name, "field": field.name}
            yield ProfileBreach("CN-FIELD-FORBIDDEN", document.element(field.id), facts)


_CHECKS: tuple[Check, ...] = (
    _kind_known, _fields_there, identities.country_and_language, identities.chinese_texts, identities.credit_codes,
    identities.regions, identities.laboratory_codes, conclusions.conclusion_words, conclusions.conformities,
    conclusions.failed_items, conclusions.item_conclusions, conclusions.validity, people_and_standards.regulation,
    people_and_standards.persons, people_and_standards.uncertainties, people_and_standards.standards,
)  # fmt: skip


def _finding(breach: ProfileBreach, places: Places) -> DocumentFinding:
    rule = profile_rules()[breach.rule]
    text: Text = rule.text.format(**breach.facts)
    severity = breach.severity or rule.severity
    return DocumentFinding(rule.id, severity, line_of(breach.element), places.path(breach.element), text)
