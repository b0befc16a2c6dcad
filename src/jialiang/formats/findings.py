"""What a check of a document finds: one shape for structure, rules and quantities of every format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from jialiang.kernel.text import Text

Severity = Literal["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """One finding: the id of its rule, how grave it is, line and path in the document, and the sentence.

    ``line`` is None where the document was not read from a file; ``path`` is an XPath from the root.
    """

    rule: str
    severity: Severity
    line: int | None
    path: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        """Return the members as JSON, the sentence in both languages."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "line": self.line,
            "path": self.path,
            "text": self.text.to_json(),
        }


def holds(findings: Iterable[DocumentFinding]) -> bool:
    """Tell whether a document is valid: no finding is an error."""
    return all(finding.severity != "error" for finding in findings)
