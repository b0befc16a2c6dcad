"""What a check of a document says about a place in it: rule, severity, line, path, and words in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jialiang.kernel.text import Text

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """One finding. ``rule`` is its stable id; ``line`` counts from 1 and is None where a place has none;
    ``path`` leads to the element or attribute and is empty where the document could not be read."""

    rule: str
    severity: Severity
    line: int | None
    path: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the finding for JSON; ``text`` is ``{"zh": …, "en": …}``."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "line": self.line,
            "path": self.path,
            "text": self.text.to_json(),
        }


def holds(findings: Sequence[DocumentFinding]) -> bool:
    """Return whether none of the findings is an error."""
    return all(finding.severity != "error" for finding in findings)
