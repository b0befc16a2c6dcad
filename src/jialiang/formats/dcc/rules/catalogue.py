"""The rules as data: id, severity, words in both languages, and which of PTB's patterns they answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.findings import Severity
from jialiang.kernel.text import Text

LATEST = "3.3.0"
"""The latest stable version of the DCC that is known here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``text`` has placeholders for facts, ``why`` says what it is for and what to do.

    ``ptb`` is the number of the pattern of PTB's Schematron (dcclib 0.4.0, counted from 1) that it answers, 0 for none.
    """

    id: str
    severity: Severity
    ptb: int
    title: Text
    text: Text
    why: Text


@cache
def rules() -> Mapping[str, Rule]:
    """Return all rules by id, in the order of the documentation."""
    return {id_: _rule(id_, data) for id_, data in _json("rules.json").items()}


@cache
def codes() -> Mapping[str, Any]:
    """Return the code lists that rules look things up in, as they stand in ``codes.json``."""
    return _json("codes.json")


@cache
def code_set(name: str) -> frozenset[str]:
    """Return one code list whose members are written with blanks between them."""
    return frozenset(codes()[name].split())


def _rule(id_: str, data: dict[str, Any]) -> Rule:
    words = {member: Text.from_json(data[member]) for member in ("title", "text", "why")}
    return Rule(id=id_, severity=data["severity"], ptb=data["ptb"], **words)


def _json(name: str) -> dict[str, Any]:
    file = resources.files("jialiang.formats.dcc.rules") / name
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data
