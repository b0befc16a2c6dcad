"""The rules as data: id, severity, words in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class CredentialRule:
    """A rule: ``text`` has placeholders for facts, ``why`` says what it is for and what to do."""

    id: str
    severity: Severity
    title: Text
    text: Text
    why: Text


@cache
def rules() -> Mapping[str, CredentialRule]:
    """Return all rules by id, in the order of the documentation."""
    file = resources.files("jialiang.formats.credential.rules") / "rules.json"
    data: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {id_: _rule(id_, each) for id_, each in data.items()}


def finding(rule: str, path: str, **facts: object) -> DocumentFinding:
    """Return what a broken rule is reported as; ``path`` is a JSON Pointer."""
    broken = rules()[rule]
    return DocumentFinding(broken.id, broken.severity, None, path or "/", broken.text.format(**facts))


def _rule(id_: str, data: dict[str, Any]) -> CredentialRule:
    words = {member: Text.from_json(data[member]) for member in ("title", "text", "why")}
    return CredentialRule(id=id_, severity=data["severity"], **words)
