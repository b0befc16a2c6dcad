"""A traceability chain as a graph: standards as nodes, "is calibrated by" as links, examined for a date.

The chain holds where every way upward ends at a national (or international) standard and every certificate on
the way is valid on the day. What a certificate claims is checked for sense: uncertainty grows going down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

from jialiang.kernel.text import Text
from jialiang.science.rounding import as_decimal
from jialiang.science.units import are_convertible, convert

FindingKind = Literal[
    "unknown_link",
    "gap",
    "loop",
    "no_certificate",
    "not_yet_valid",
    "expired",
    "no_uncertainty",
    "units_differ",
    "gains_certainty",
]
_WARNINGS = ("no_uncertainty", "units_differ", "gains_certainty")


@dataclass(frozen=True, slots=True)
class ChainNode:
    """A standard or an instrument in the chain; ``is_origin`` marks a national or international standard.

    The certificate is the one that ties the node to those above it; ``valid_until`` is its last valid day, None
    where it has no end. ``expanded_uncertainty`` is decimal text in ``unit`` (D-SI).
    """

    key: str
    name: Text
    level: str = ""
    certificate_number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    expanded_uncertainty: str = ""
    unit: str = ""
    is_origin: bool = False


@dataclass(frozen=True, slots=True)
class ChainLink:
    """``lower`` was calibrated by ``upper`` (keys of nodes)."""

    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one node: what kind, whether it breaks the chain, since when, and the words for it."""

    kind: FindingKind
    node: str
    text: Text
    since: date | None = None

    @property
    def breaks_chain(self) -> bool:
        """Whether work with this chain has to stop; otherwise it is a warning."""
        return self.kind not in _WARNINGS


@dataclass(frozen=True, slots=True)
class ChainExamination:
    """The nodes met going up from ``start``, each with its least number of steps, and what was found."""

    start: str
    on: date
    steps_up: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def is_unbroken(self) -> bool:
        """Whether nothing that was found breaks the chain."""
        return not any(finding.breaks_chain for finding in self.findings)


def examine_chain(
    nodes: Iterable[ChainNode], links: Iterable[ChainLink], *, start: str, on: date
) -> ChainExamination:
    """Walk up from ``start`` and examine every node and link met, for the day ``on``."""
    by_key = {node.key: node for node in nodes}
    above: dict[str, list[str]] = {}
    for link in links:
        above.setdefault(link.lower, []).append(link.upper)
    steps = _steps_up(start, above)
    findings: list[Finding] = []
    for key in steps:
        node = by_key.get(key)
        if node is not None:
            uppers = above.get(key, [])
            findings += _link_findings(node, uppers, by_key)
            findings += _certificate_findings(node, on)
            findings += _uncertainty_findings(node, [by_key[k] for k in uppers if k in by_key])
    if start not in by_key:
        findings.append(_finding("unknown_link", ChainNode(start, Text(zh=start, en=start)), other=start))
    findings += _loop_findings(start, above, by_key)
    return ChainExamination(start, on, steps, tuple(findings))


def _steps_up(start: str, above: Mapping[str, list[str]]) -> dict[str, int]:
    steps, frontier = {start: 0}, [start]
    while frontier:
        following = []
        for key in frontier:
            for upper in above.get(key, []):
                if upper not in steps:
                    steps[upper] = steps[key] + 1
                    following.append(upper)
        frontier = following
    return steps


def _link_findings(node: ChainNode, uppers: list[str], by_key: Mapping[str, ChainNode]) -> list[Finding]:
    if not uppers:
        return [] if node.is_origin else [_finding("gap", node)]
    return [_finding("unknown_link", node, other=key) for key in uppers if key not in by_key]


def _certificate_findings(node: ChainNode, on: date) -> list[Finding]:
    certificate = node.certificate_number
    if not certificate:
        return [] if node.is_origin else [_finding("no_certificate", node)]
    if node.valid_from is not None and on < node.valid_from:
        return [_finding("not_yet_valid", node, certificate=certificate, date=node.valid_from)]
    if node.valid_until is not None and on > node.valid_until:
        return [_finding("expired", node, certificate=certificate, date=node.valid_until)]
    return []


def _uncertainty_findings(node: ChainNode, uppers: list[ChainNode]) -> list[Finding]:
    if not node.expanded_uncertainty:
        return [_finding("no_uncertainty", node)]
    findings = []
    for upper in uppers:
        if not upper.expanded_uncertainty:
            continue
        if not are_convertible(node.unit, upper.unit):
            findings.append(_finding("units_differ", node, other=upper.name))
        elif _uncertainty_in(upper, node.unit) > as_decimal(node.expanded_uncertainty):
            findings.append(_finding("gains_certainty", node, other=upper.name))
    return findings


def _uncertainty_in(node: ChainNode, unit: str) -> Decimal:
    return convert(node.expanded_uncertainty, source=node.unit, target=unit, difference=True)


def _loop_findings(
    start: str, above: Mapping[str, list[str]], by_key: Mapping[str, ChainNode]
) -> list[Finding]:
    """Return one finding for every link that leads back to a node still on the way (depth first, no recursion)."""
    findings: list[Finding] = []
    way, finished = [start], set[str]()
    pending = [iter(above.get(start, []))]
    while way:
        upper = next(pending[-1], None)
        if upper is None:
            finished.add(way.pop())
            pending.pop()
        elif upper in way:
            circle = [*way[way.index(upper) :], upper]
            node = by_key.get(upper, ChainNode(upper, Text(zh=upper, en=upper)))
            findings.append(_finding("loop", node, other=" → ".join(circle)))
        elif upper not in finished:
            way.append(upper)
            pending.append(iter(above.get(upper, [])))
    return findings


def _finding(kind: FindingKind, node: ChainNode, **facts: object) -> Finding:
    words = Text.from_json(_words()[kind])
    since = facts.get("date")
    return Finding(
        kind, node.key, words.format(name=node.name, **facts), since if isinstance(since, date) else None
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (resources.files("jialiang.science") / "chain_words.json").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words
