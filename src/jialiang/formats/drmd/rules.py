"""A DRMD against its business rules and against rules of our own.

The rules named ``DRMD-nnn``, ``RMC-nnn`` and ``PIS-nnn`` are those of the DRMD, with the requirements of
ISO 33401:2024 as they cite them: mandatory ones are errors here, those that hold where applicable warnings, and
recommended ones hints. Rules with words in their ids are ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

from jialiang.formats.dcc.rules.checking import LIMIT, check_dsi_rules
from jialiang.formats.dcc.rules.document import Breach
from jialiang.formats.drmd.certified import FORMS, certified_without_uncertainty
from jialiang.formats.drmd.identifiers import why_not_cas
from jialiang.formats.drmd.names import DRMD, KINDS, PACKAGE, ROOT, SHEET, VERSION, drmd
from jialiang.formats.drmd.validity import validity_of
from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.formats.xml.places import Places, line_of
from jialiang.kernel.text import Text

_NAMES: dict[str, str] = {"": DRMD}
_TITLE = "administrativeData/coreData/titleOfTheDocument"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``role`` is that of the DRMD's own rules (empty for ours); ``at`` says where a child is looked for.

    ``needs`` is a path that has to lead somewhere, ``lacks`` one that must not; ``of`` names the kind of document
    for which the rule holds, empty for both.
    """

    id: str
    severity: Severity
    role: str
    title: Text
    text: Text
    why: Text
    at: str = ""
    needs: str = ""
    lacks: str = ""
    of: str = ""


@cache
def rules() -> Mapping[str, Rule]:
    """Return all rules by id, in the order of the documentation."""
    data: dict[str, Any] = json.loads((resources.files(PACKAGE) / "rules.json").read_text(encoding="utf-8"))
    return {id_: _rule(id_, members) for id_, members in data.items()}


def check_rules(tree: etree._ElementTree, today: date | None = None) -> tuple[DocumentFinding, ...]:
    """Check a DRMD against all rules, those for D-SI quantities included; the tree need not be valid.

    ``today`` is the day at which a validity has ended or not; without it that is not judged. Findings come in the
    order of the file, at most ``LIMIT`` of each family.
    """
    root, places = tree.getroot(), Places()
    breaches = [breach for check in _CHECKS for breach in check(root, today)]
    found = [_finding(breach, places) for breach in breaches[:LIMIT]]
    return tuple(sorted((*found, *check_dsi_rules(tree)), key=lambda finding: finding.line or 0))


def kinds_of(document: etree._Element) -> frozenset[str]:
    """Return the kinds that a document says it is of; more than one only where its structure is wrong."""
    said = {str(title.xpath("string()")) for title in document.iterfind(_TITLE, _NAMES)}
    return frozenset(said & set(KINDS))


def _data_rules(root: etree._Element, today: date | None) -> Iterator[Breach]:
    for rule in rules().values():
        if not rule.at:
            continue
        for element in _places_of(root, rule):
            if rule.needs and element.find(rule.needs, _NAMES) is None:
                yield Breach(rule.id, element)
            if rule.lacks and element.find(rule.lacks, _NAMES) is not None:
                yield Breach(rule.id, element)


def _places_of(root: etree._Element, rule: Rule) -> Iterator[etree._Element]:
    """Yield the elements at the end of the path ``at``, which may begin anywhere."""
    names = rule.at.split("/")
    for element in root.iter(drmd(names[-1])):
        around = [element, *element.iterancestors()]
        stands = len(around) >= len(names) and all(
            each.tag == drmd(name) for each, name in zip(around, reversed(names), strict=False)
        )
        if stands and (not rule.of or _is_of(around, rule.of)):
            yield element


def _is_of(around: list[etree._Element], kind: str) -> bool:
    return any(each.tag == ROOT and kind in kinds_of(each) for each in around)


def _certified_values(root: etree._Element, today: date | None) -> Iterator[Breach]:
    found = dict.fromkeys(
        each
        for document in root.iter(ROOT)
        for each in certified_without_uncertainty(document, kinds_of(document))
    )
    for element, form in found:
        yield Breach(FORMS.get(form, "DRMD-UNCERTAINTY-MISSING"), element, {"kind": form})


def _sheets(root: etree._Element, today: date | None) -> Iterator[Breach]:
    for element in root.iter(drmd("properties")):
        if element.get("isCertified") == "true" and _is_of(list(element.iterancestors()), SHEET):
            yield Breach("PIS-003", element)


def _version(root: etree._Element, today: date | None) -> Iterator[Breach]:
    version = root.get("schemaVersion", "")
    if root.tag == ROOT and version != VERSION:
        yield Breach(
            "DRMD-VERSION-UNKNOWN", root, {"version": version[:20] or "–", "known": VERSION}, "schemaVersion"
        )


def _certified_words(root: etree._Element, today: date | None) -> Iterator[Breach]:
    for element in root.iter(drmd("properties")):
        said = element.get("isCertified", "")
        if said != "true" and said.strip() in ("true", "1"):
            yield Breach("DRMD-CERTIFIED-UNCLEAR", element, {"value": said[:20]}, "isCertified")


def _validity(root: etree._Element, today: date | None) -> Iterator[Breach]:
    for element in root.iter(drmd("validity")):
        until = validity_of(element).until
        if today is not None and until is not None and until < today:
            yield Breach("DRMD-EXPIRED", element, {"until": until.isoformat()})


def _references(root: etree._Element, today: date | None) -> Iterator[Breach]:
    elements = [element for element in root.iter(etree.Element) if element.attrib]
    known = {element.get("id") for element in elements}
    for element in elements:
        missing = [id_ for id_ in element.get("refId", "").split() if id_ not in known]
        if missing:
            facts = {"ids": ", ".join(dict.fromkeys(missing))[:200]}
            yield Breach("DRMD-REFID-UNRESOLVED", element, facts, "refId")


def _cas_numbers(root: etree._Element, today: date | None) -> Iterator[Breach]:
    for scheme in root.iter(drmd("scheme")):
        parent = scheme.getparent()
        number = parent.find("value", _NAMES) if parent is not None else None
        if number is None or (scheme.text or "").strip().upper() not in (
            "CAS",
            "CAS RN",
            "CASRN",
            "CAS NUMBER",
        ):
            continue
        said = (number.text or "").strip()
        if reason := why_not_cas(said):
            yield Breach("DRMD-CAS-WRONG", number, {"value": said[:40], "reason": reason})


Check = Callable[[etree._Element, date | None], Iterator[Breach]]
_CHECKS: tuple[Check, ...] = (
    _data_rules, _certified_values, _sheets, _version, _certified_words, _validity, _references, _cas_numbers,
)  # fmt: skip


def _rule(id_: str, data: dict[str, Any]) -> Rule:
    title, text, why = (Text.from_json(data[member]) for member in ("title", "text", "why"))
    where = {member: data.get(member, "") for member in ("at", "needs", "lacks", "of")}
    return Rule(id_, data["severity"], data["role"], title, text, why, **where)


def _finding(breach: Breach, places: Places) -> DocumentFinding:
    rule = rules()[breach.rule]
    path, line = places.path(breach.element, breach.attribute), line_of(breach.element)
    return DocumentFinding(rule.id, rule.severity, line, path, rule.text.format(**breach.facts))
