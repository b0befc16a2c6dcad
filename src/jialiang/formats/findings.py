"""What a check of a document finds, in one shape for every kind of document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jialiang.kernel.text import Text

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """A rule broken at a place: ``line`` counts from 1, None where there is none; ``path`` leads to the place."""

    rule: str
    severity: Severity
    line: int | None
    path: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the finding ready for JSON, its words in both languages."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "line": self.line,
            "path": self.path,
            "text": self.text.to_json(),
        }


def holds(findings: Sequence[DocumentFinding]) -> bool:
    """Tell whether a document is valid: no finding is an error."""
    return all(finding.severity != "error" for finding in findings)
