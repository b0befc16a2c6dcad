"""The rules for conformity credentials."""

from __future__ import annotations

from collections.abc import Mapping

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.rule_catalogue import DocumentRule, catalogue


def rules() -> Mapping[str, DocumentRule]:
    """Return all rules by id, in the order of the documentation."""
    return catalogue("jialiang.formats.credential.rules")


def finding(rule: str, path: str, **facts: object) -> DocumentFinding:
    """Return what a broken rule is reported as; ``path`` is a JSON Pointer."""
    return rules()[rule].broken(path or "/", None, **facts)
