"""The findings of the check of an OFD: rule, part and line, and the sentence in both languages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import cast

from lxml import etree

from jialiang.formats.findings import DocumentFinding, Severity
from jialiang.formats.ofd.names import NAMESPACE
from jialiang.formats.structure.places import path_of
from jialiang.kernel.text import Text, storable

MOST = 100
"""After so many findings the check ends."""

_PREFIXES = {NAMESPACE: "ofd"}
_LONGEST = 80


class OfdFindings:
    """Collects findings; where an element is given, its part and its place in it are told."""

    def __init__(self) -> None:
        self._found: list[DocumentFinding] = []

    def add(self, rule: str, part: str, element: etree._Element | None = None, **facts: object) -> None:
        """Take a finding; the first beyond MOST says that there are more, and none is taken after it."""
        if len(self._found) > MOST:
            return
        if len(self._found) == MOST:
            rule, element, facts = "OFD-MORE", None, {"found": MOST}
        severity, text = _rules()[rule]
        line, path = None, part
        if element is not None:
            line, path = cast("int | None", element.sourceline), f"{part}#{path_of(element, _PREFIXES)}"
        shown = {name: storable(str(fact), _LONGEST) for name, fact in facts.items()}
        self._found.append(DocumentFinding(rule, severity, line, path, text.format(**shown)))

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken."""
        return len(self._found) > MOST

    def result(self) -> tuple[DocumentFinding, ...]:
        """Return the findings in the order in which they were made."""
        return tuple(self._found)


def rules() -> dict[str, Severity]:
    """Return the ids of all rules and how grave a finding of each is."""
    return {rule: severity for rule, (severity, _) in _rules().items()}


@cache
def _rules() -> dict[str, tuple[Severity, Text]]:
    text = (resources.files("jialiang.formats.ofd") / "checks.json").read_text("utf-8")
    return {rule: (said["severity"], Text.from_json(said)) for rule, said in json.loads(text).items()}
