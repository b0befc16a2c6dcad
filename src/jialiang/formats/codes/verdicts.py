"""What the check of a code says: one verdict, with findings that name the fault and the way to mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text, storable

Severity = Literal["error", "warning", "hint"]
SHOWN = 80


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """One finding: ``reason`` is its stable id; ``expected`` is what belongs there, where that is known."""

    reason: str
    severity: Severity
    what: Text
    hint: Text
    expected: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding for JSON; texts are ``{"zh": …, "en": …}``."""
        told: dict[str, Any] = {"reason": self.reason, "severity": self.severity}
        told |= {"what": self.what.to_json(), "hint": self.hint.to_json()}
        return told | ({"expected": self.expected} if self.expected else {})


@dataclass(frozen=True, slots=True)
class ParsedCode:
    """A code that keeps the rules of its system: canonical form, named parts, and what may be worth a remark."""

    canonical: str
    parts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[CodeFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """The verdict on one code. ``canonical`` and ``parts`` are empty where the code is not valid.

    ``provisional`` says that the text of the standard was not available to this program: the verdict follows what is
    known of the structure and claims no conformance.
    """

    system: str
    code: str
    canonical: str
    valid: bool
    provisional: bool
    parts: Mapping[str, str]
    findings: tuple[CodeFinding, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the verdict for JSON."""
        return {
            "system": self.system,
            "code": self.code,
            "canonical": self.canonical,
            "valid": self.valid,
            "provisional": self.provisional,
            "parts": dict(self.parts),
            "findings": [finding.to_json() for finding in self.findings],
        }


class CodeRefused(InvalidInput):
    """A code breaks a rule of its system; ``finding`` says which and how to mend it."""

    code = "JL-COD-002"

    def __init__(self, finding: CodeFinding, given: str = "") -> None:
        self.finding = finding
        super().__init__(code=storable(given, SHOWN), what=finding.what, hint=finding.hint)


def finding(reason: str, expected: str = "", /, **facts: object) -> CodeFinding:
    """Return the finding ``reason`` in words; ``facts`` fill its placeholders, ``expected`` one of them."""
    words = _words()[reason]
    facts = {name: _shown(fact) for name, fact in facts.items()} | {"expected": expected}
    what, hint = (Text.from_json(words[member]).format(**facts) for member in ("what", "hint"))
    return CodeFinding(reason, words["severity"], what, hint, expected)


def refused(reason: str, code: str = "", expected: str = "", /, **facts: object) -> CodeRefused:
    """Return the error of a code that breaks the rule ``reason``."""
    return CodeRefused(finding(reason, expected, **facts), code)


def _shown(fact: object) -> object:
    return storable(fact, SHOWN) if isinstance(fact, str) else fact


@cache
def _words() -> dict[str, Any]:
    file = resources.files("jialiang.formats.codes") / "findings.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words
