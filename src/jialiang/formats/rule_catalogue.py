"""Rules for documents as data: id, severity and words in both languages, and findings made of them."""

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
class DocumentRule:
    """A rule: ``text`` has placeholders for facts, ``why`` says what it is for and what to do."""

    id: str
    severity: Severity
    title: Text
    text: Text
    why: Text

    def broken(self, path: str, line: int | None = None, **facts: object) -> DocumentFinding:
        """Return what a breach of the rule at a place is reported as."""
        return DocumentFinding(self.id, self.severity, line, path, self.text.format(**facts))


@cache
def catalogue(package: str) -> Mapping[str, DocumentRule]:
    """Return the rules in ``rules.json`` of a package by id, in the order of the documentation."""
    file = resources.files(package) / "rules.json"
    data: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {id_: _rule(id_, each) for id_, each in data.items()}


def _rule(id_: str, data: dict[str, Any]) -> DocumentRule:
    words = {member: Text.from_json(data[member]) for member in ("title", "text", "why")}
    return DocumentRule(id=id_, severity=data["severity"], **words)
