"""From a plain document to the bytes of a certificate, checked against the structure and the rules of practice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from jialiang.formats.conversion.encodings import decode_text
from jialiang.formats.conversion.errors import NotDecodable
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.findings import DocumentFinding, holds
from jialiang.formats.making.building import certificate_xml
from jialiang.formats.making.checking import checked_document
from jialiang.formats.making.problems import Path, Problems
from jialiang.formats.making.templating import checked_template, filled, template_named
from jialiang.formats.xml.parsing import parse_xml

LARGEST = 40 * 1024 * 1024
DEEPEST = 100
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Made:
    """A certificate that was made: its XML, and what structure, practice and the profile it claims have against it."""

    xml: bytes
    findings: tuple[DocumentFinding, ...]

    @property
    def is_valid(self) -> bool:
        """Whether no finding is an error."""
        return holds(self.findings)


@dataclass(frozen=True, slots=True)
class Source:
    """A document and where its members were read from (cells of a workbook; empty for JSON)."""

    document: Any
    places: Mapping[Path, str]


def make_certificate(
    source: Source, *, template: str | dict[str, Any] | None = None, today: date | None = None
) -> Made:
    """Make an unsigned DCC 3.3.0 of a document.

    ``template`` is the name of one of the house, or one read from a file; without it the document's own member
    ``template`` counts. ``today`` is the day against which dates are judged. Raises DocumentNotUsable with all
    problems, UnknownTemplate, TemplateNotUsable.
    """
    problems = Problems(source.places)
    document = source.document
    named = template if template is not None else _own_template(document)
    if named is not None and isinstance(document, dict):
        chosen = template_named(named) if isinstance(named, str) else checked_template(named)
        document = filled(document, chosen, problems)
    checked = checked_document(document, problems)
    xml = certificate_xml(checked, version("jialiang"))
    tree = parse_xml(xml)
    findings = [*check_structure(tree), *check_rules(tree, today), *check_profile(tree)]
    return Made(xml, tuple(sorted(findings, key=lambda finding: finding.line or 0)))


def read_json_document(data: bytes) -> Source:
    """Read a document of JSON (UTF-8, UTF-16, GB 18030), numbers letter by letter, not nested deeper than DEEPEST.

    Raises NotDecodable.
    """
    if len(data) > LARGEST:
        raise NotDecodable(notation="JSON", reason=f"more than {LARGEST} bytes")
    try:
        document = json.loads(
            decode_text(data),
            object_pairs_hook=_once,
            parse_float=str,
            parse_int=str,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as problem:
        raise NotDecodable(notation="JSON", reason=str(problem)[:_SHOWN]) from None
    if not _is_shallow(document):
        raise NotDecodable(notation="JSON", reason=f"nested deeper than {DEEPEST}")
    return Source(document, {})


def _is_shallow(document: Any) -> bool:
    """Whether no list or object lies deeper than DEEPEST others."""
    level = [document]
    for _ in range(DEEPEST + 1):
        held = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [inside for each in held if isinstance(each, list) for inside in each]
        if not level:
            return True
    return False


def _own_template(document: Any) -> str | None:
    named = document.get("template") if isinstance(document, dict) else None
    return named if isinstance(named, str) and named else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is given twice")
    return members


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")
