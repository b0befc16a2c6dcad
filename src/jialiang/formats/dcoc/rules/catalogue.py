"""The rules as data: id, severity, words in both languages; and what is a known category."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class DcocRule:
    """A rule: ``text`` has placeholders for facts, ``why`` says what it is for and what to do."""

    id: str
    severity: Severity
    title: Text
    text: Text
    why: Text


@cache
def rules() -> Mapping[str, DcocRule]:
    """Return all rules by id, in the order of the documentation."""
    return {id_: _rule(id_, data) for id_, data in _json("rules.json").items()}


def finding(rule: str, path: str, line: int | None = None, **facts: object) -> DocumentFinding:
    """Return what a broken rule is reported as."""
    broken = rules()[rule]
    return DocumentFinding(broken.id, broken.severity, line, path, broken.text.format(**facts))


def is_known_category(identifier: str) -> bool:
    """Whether a code of a category of instruments is of one of the lists that are known here."""
    return any(pattern.fullmatch(identifier.strip()) for pattern in _categories())


@cache
def _categories() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in _json("categories.json")["patterns"])


def _rule(id_: str, data: dict[str, Any]) -> DcocRule:
    words = {member: Text.from_json(data[member]) for member in ("title", "text", "why")}
    return DcocRule(id=id_, severity=data["severity"], **words)


def _json(name: str) -> dict[str, Any]:
    file = resources.files("jialiang.formats.dcoc.rules") / name
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data
