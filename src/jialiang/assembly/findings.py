"""What a check of the installation found, and its words in both languages (``findings.json``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from jialiang.kernel.text import Text

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``error`` stops work or trust, ``warning`` will; what it is and how to mend it."""

    key: str
    severity: Severity
    what: Text
    mend: Text

    def to_json(self) -> dict[str, Any]:
        """Return the finding for ``--json``."""
        return {
            "key": self.key,
            "severity": self.severity,
            "what": self.what.to_json(),
            "mend": self.mend.to_json(),
        }


def error(key: str, **facts: object) -> Finding:
    """Return a finding that makes the check fail."""
    return _finding(key, "error", facts)


def warning(key: str, **facts: object) -> Finding:
    """Return a finding that an operator should look at."""
    return _finding(key, "warning", facts)


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Return the words of every finding by its key."""
    text = (resources.files("jialiang.assembly") / "findings.json").read_text(encoding="utf-8")
    told: dict[str, dict[str, dict[str, str]]] = json.loads(text)
    return told


def _finding(key: str, severity: Severity, facts: dict[str, object]) -> Finding:
    told = words()[key]
    what, mend = (Text.from_json(told[member]).format(**facts) for member in ("what", "mend"))
    return Finding(key, severity, what, mend)
