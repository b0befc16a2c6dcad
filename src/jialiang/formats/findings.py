"""What was found in a document: the rule, how grave it is, where it stands, and the words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jialiang.kernel.text import Text

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """A rule that does not hold at one place; ``line`` counts from 1 and is None where the reader knows none."""

    rule: str
    severity: Severity
    line: int | None
    path: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the finding ready for JSON, its words in both languages."""
        return {
            "rule": self.rule, "severity": self.severity, "line": self.line, "path": self.path,
            "text": self.text.to_json(),
        }  # fmt: skip


def holds(findings: Sequence[DocumentFinding]) -> bool:
    """Tell whether a document holds: warnings and hints do not spoil it, errors do."""
    return all(finding.severity != "error" for finding in findings)
