"""The chain as plain values: certificates, and the links between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

from jialiang.kernel.text import Text

LinkState = Literal["intact", "broken", "expired", "missing", "analogue"]
"""``intact``: the digest is that of the file. ``broken``: the file named is there, but is not the one meant.
``expired``: it is the one, but did not hold on the day of use. ``missing``: there is no such file here.
``analogue``: on paper, nothing to recompute."""
_BREAKING = ("broken", "expired")


@dataclass(frozen=True, slots=True)
class ChainCertificate:
    """A certificate of the chain: its file, number, digests, and until when it holds (None: no end is stated)."""

    key: str
    file: str
    number: str
    laboratory: Text
    item: Text
    performed: date | None
    valid_until: date | None
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """Return the certificate ready for JSON."""
        return {
            "key": self.key, "file": self.file, "number": self.number, "laboratory": self.laboratory.to_json(),
            "item": self.item.to_json(), "performed": _day(self.performed), "valid_until": _day(self.valid_until),
            "sha256": self.sha256,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CertificateLink:
    """One reference to another certificate, and what became of it.

    ``lower`` is the key of the certificate that refers; ``upper`` that of the file meant (empty if there is none).
    ``depth`` is 0 for the certificate of an equipment, 1 for its ``linkedReport`` and so on. ``used_on`` is the day
    for which it is judged.
    """

    lower: str
    upper: str
    equipment: Text
    number: str
    procedure: str
    stated_digest: str
    computed_digest: str
    state: LinkState
    reason: str
    used_on: date | None
    depth: int
    line: int | None
    path: str

    @property
    def text(self) -> Text:
        """What there is to say of the link."""
        facts = {"number": self.number, "day": self.used_on or "–", "procedure": self.procedure or "–"}
        return words()[self.reason].format(**facts)

    def to_json(self) -> dict[str, Any]:
        """Return the link ready for JSON."""
        return {
            "lower": self.lower, "upper": self.upper, "equipment": self.equipment.to_json(), "number": self.number,
            "procedure": self.procedure, "stated_digest": self.stated_digest,
            "computed_digest": self.computed_digest, "state": self.state, "reason": self.reason,
            "used_on": _day(self.used_on), "depth": self.depth, "line": self.line, "path": self.path,
            "text": self.text.to_json(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CertificateChain:
    """All certificates met, and all links between them, from those that nothing refers to upwards."""

    starts: tuple[str, ...]
    certificates: tuple[ChainCertificate, ...]
    links: tuple[CertificateLink, ...]

    @property
    def is_unbroken(self) -> bool:
        """Whether no link is broken or expired; missing files and paper are not known to be wrong."""
        return not any(link.state in _BREAKING for link in self.links)

    @property
    def is_proved(self) -> bool:
        """Whether every link was recomputed and holds."""
        return all(link.state == "intact" for link in self.links)

    def to_json(self) -> dict[str, Any]:
        """Return the chain ready for JSON."""
        return {
            "unbroken": self.is_unbroken,
            "proved": self.is_proved,
            "starts": list(self.starts),
            "certificates": [each.to_json() for each in self.certificates],
            "links": [each.to_json() for each in self.links],
        }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@cache
def words() -> dict[str, Text]:
    """Return the words for states and reasons."""
    file = resources.files("jialiang.formats.dcc.chain") / "words.json"
    return {key: Text.from_json(pair) for key, pair in json.loads(file.read_text(encoding="utf-8")).items()}
