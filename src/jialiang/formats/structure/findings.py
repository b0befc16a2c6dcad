"""The findings of the check of structure: rule, place, and what was expected, in Chinese and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, cast

from lxml import etree

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.automata import State
from jialiang.formats.structure.models import ElementType, SimpleType
from jialiang.formats.structure.places import name_of, path_of
from jialiang.kernel.text import Text

MOST = 500
"""After so many findings the check ends; a document with more is no such document at all."""

_LONGEST_VALUE = 60
_MOST_NAMES = 12


class Reporter:
    """Collects findings under rule ids that begin with ``family``: ``DCC-STRUCTURE-VALUE``."""

    def __init__(self, family: str, prefixes: Mapping[str, str]) -> None:
        self.findings: list[DocumentFinding] = []
        self.is_full = False
        self.family = family
        self.prefixes = prefixes

    def add(self, kind: str, element: etree._Element, *, at: str = "", **facts: object) -> None:
        """Take a finding about ``element``, or about its attribute ``at``; none after the first MOST."""
        if len(self.findings) == MOST:
            self.is_full = True
            return
        path = path_of(element, self.prefixes)
        name = name_of(str(element.tag), self.prefixes, element.prefix)
        if at:
            path, name = f"{path}/@{at}", f"{name}/@{at}"
        text = finding_text(kind, what=name, **facts)
        line = cast("int | None", element.sourceline)
        self.findings.append(DocumentFinding(f"{self.family}-{kind}", "error", line, path, text))

    def result(self) -> tuple[DocumentFinding, ...]:
        """Return the findings in the order of the document; the last one says so if there were more."""
        found = sorted(self.findings, key=lambda finding: finding.line or 0)
        if self.is_full:
            text = finding_text("MORE", value=MOST)
            found.append(DocumentFinding(f"{self.family}-MORE", "error", None, "/", text))
        return tuple(found)

    def names(self, state: State[ElementType]) -> Text:
        """Return what may follow in a content model."""
        names = [name_of(tag, self.prefixes) for tag in state.moves]
        shown = [Text(name, name) for name in names[:_MOST_NAMES]]
        shown += [type_text("other" if foreign.other else "any") for foreign, _ in state.wildcards]
        if len(names) > _MOST_NAMES:
            shown.append(Text("…", "…"))
        return joined(shown) if shown else type_text("end")


def finding_text(kind: str, **facts: object) -> Text:
    """Return the sentence of a finding, with long values cut."""
    short = {name: _short(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Text.from_json(_words()[kind]).format(**short)


def expected_value(simple: SimpleType) -> Text:
    """Return in words which texts a simple type allows."""
    if simple.words:
        return joined([Text(word, word) for word in simple.words])
    if simple.text:
        return simple.text
    known = _words()["types"]
    for key in (simple.key, simple.base):
        if key in known:
            return type_text(key)
    return type_text("other type").format(value=simple.key)


def type_text(name: str) -> Text:
    """Return the words for a type or for a part of a content model."""
    return Text.from_json(_words()["types"][name])


def joined(parts: list[Text]) -> Text:
    """Return an enumeration in both languages."""
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"


@cache
def _words() -> dict[str, Any]:
    text = (resources.files("jialiang.formats.structure") / "words.json").read_text("utf-8")
    words: dict[str, Any] = json.loads(text)
    return words
