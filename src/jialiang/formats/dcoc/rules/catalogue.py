"""The rules for certificates of conformity, and what is a known category of instruments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.rule_catalogue import DocumentRule, catalogue

_PACKAGE = "jialiang.formats.dcoc.rules"


def rules() -> Mapping[str, DocumentRule]:
    """Return all rules by id, in the order of the documentation."""
    return catalogue(_PACKAGE)


def finding(rule: str, path: str, line: int | None = None, **facts: object) -> DocumentFinding:
    """Return what a broken rule is reported as."""
    return rules()[rule].broken(path, line, **facts)


def is_known_category(identifier: str) -> bool:
    """Whether a code of a category of instruments is of one of the lists that are known here."""
    return any(pattern.fullmatch(identifier.strip()) for pattern in _categories())


@cache
def _categories() -> tuple[re.Pattern[str], ...]:
    file = resources.files(_PACKAGE) / "categories.json"
    return tuple(re.compile(each) for each in json.loads(file.read_text(encoding="utf-8"))["patterns"])
