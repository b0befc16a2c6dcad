"""The table from findings to a verdict: the first rule whose conditions all hold decides.

``docs/reference/verdicts.md`` shows the same table to readers; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

VerdictName = Literal["genuine", "expired", "superseded", "withdrawn", "altered", "unknown"]

READABLE = ("yes", "no", "other_version")
INTEGRITY = ("ok", "failed", "absent")
CHAIN = ("ok", "failed", "not_checked")
TIME = ("ok", "warning", "failed", "not_checked")
REVOCATION = ("ok", "warning", "failed", "not_checked")
BYTES = ("as_issued", "rewritten", "differ", "unprovable", "not_checked")
STATUS = ("in_force", "superseded", "withdrawn", "not_registered", "not_checked")
DUE = ("none", "ahead", "passed")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the verdict depends on, each as one word of the tuples above.

    ``readable``: ``other_version`` is a whole file of a version whose content this check does not read.
    ``integrity``: ``absent`` is a file without a signature that nobody is known to have signed. ``bytes``: against
    the register; ``rewritten`` is other bytes with the same signed content; ``unprovable`` a PDF without a register.
    """

    readable: str = "yes"
    integrity: str = "ok"
    chain: str = "ok"
    time: str = "ok"
    revocation: str = "not_checked"
    bytes: str = "not_checked"
    status: str = "not_checked"
    due: str = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """If every member of ``when`` is one of its words, the verdict is ``verdict`` because of ``reason``."""

    when: Mapping[str, tuple[str, ...]]
    verdict: VerdictName
    reason: str

    def holds(self, findings: Findings) -> bool:
        """Tell whether all conditions hold."""
        return all(getattr(findings, member) in words for member, words in self.when.items())


RULES: tuple[Rule, ...] = (
    Rule({"readable": ("no",)}, "altered", "unreadable"),
    Rule({"integrity": ("failed",)}, "altered", "content_changed"),
    Rule({"integrity": ("absent",)}, "unknown", "not_signed"),
    Rule({"readable": ("other_version",)}, "unknown", "version_not_read"),
    Rule({"chain": ("failed", "not_checked")}, "unknown", "signer_not_trusted"),
    Rule({"time": ("failed", "not_checked")}, "unknown", "time_does_not_fit"),
    Rule({"revocation": ("failed",)}, "unknown", "signer_revoked"),
    Rule({"status": ("not_registered",)}, "unknown", "not_registered"),
    Rule({"bytes": ("differ",)}, "altered", "not_as_issued"),
    Rule({"status": ("withdrawn",)}, "withdrawn", "withdrawn"),
    Rule({"status": ("superseded",)}, "superseded", "superseded"),
    Rule({"due": ("passed",)}, "expired", "expired"),
    Rule({"bytes": ("rewritten",)}, "altered", "same_content"),
    Rule({"bytes": ("unprovable",)}, "unknown", "page_not_provable"),
    Rule({}, "genuine", "genuine"),
)


def decide(findings: Findings) -> Rule:
    """Return the rule that decides; the last one has no conditions, so there always is one."""
    return next(rule for rule in RULES if rule.holds(findings))
