"""What the check of a signature over values of a record found, in both languages, and the verdict in one word.

    holds < partly < changed < not_in_force < unknown_root < chain_broken < not_signed

The gravest of what was found is the verdict.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text

HOLDS, PARTLY, CHANGED, NOT_IN_FORCE, UNKNOWN_ROOT, CHAIN_BROKEN, NOT_SIGNED = VERDICTS = (
    "holds", "partly", "changed", "not_in_force", "unknown_root", "chain_broken", "not_signed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``code`` is a member of ``trust_words.json``, ``at`` counts certificates from 1."""

    code: str
    at: int = 0

    @property
    def text(self) -> Text:
        """The finding in words."""
        return Text.from_json(_words()["findings"][self.code]).format(at=self.at)

    @property
    def verdict(self) -> str:
        """What the finding alone makes of the signature."""
        return str(_words()["findings"][self.code]["verdict"])


@dataclass(frozen=True, slots=True)
class TrustReport:
    """What became of a signature. ``findings`` say what is wrong, empty where the values may be trusted.

    The four lists are indexes of values: covered and unchanged, changed, signed but not there, there but not signed.
    ``signature`` and ``chain`` are the tokens that were judged, ``chain`` from the issuer up to the root.
    """

    findings: tuple[Finding, ...]
    verified: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    unsigned: tuple[int, ...] = ()
    signature: str = field(default="", compare=False)
    chain: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_trusted(self) -> bool:
        """Whether the chain is good and every value is signed and unchanged."""
        return self.verdict == HOLDS

    @property
    def verdict(self) -> str:
        """The gravest of what was found, one of :data:`VERDICTS`."""
        found = {finding.verdict for finding in self.findings}
        found |= {CHANGED} if self.changed or self.missing else set()
        found |= {PARTLY} if self.unsigned else set()
        return max(found, key=VERDICTS.index, default=HOLDS)


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict for people: what it is called, what follows, and how it is drawn."""

    title: Text
    remedy: Text
    tone: str
    shape: str


def verdict_words(verdict: str) -> VerdictWords:
    """Return the words of a verdict. Raises KeyError for what is none."""
    own = _words()["verdicts"][verdict]
    return VerdictWords(Text.from_json(own["title"]), Text.from_json(own["remedy"]), own["tone"], own["shape"])


@cache
def _words() -> dict[str, Any]:
    file = resources.files("jialiang.formats.handle") / "trust_words.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words
