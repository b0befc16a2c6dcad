"""Examples: a filled document for each template, and the same with nothing filled in."""

from __future__ import annotations

import copy
from typing import Any

from jialiang.formats.making.fields import PACKAGE, table
from jialiang.formats.making.templating import template_named


def example_document(template: str) -> dict[str, Any]:
    """Return a document that can be made into a certificate with a template of the house. Raises UnknownTemplate."""
    chosen = template_named(template)
    document = copy.deepcopy(table(f"{PACKAGE}:example.json"))
    document |= copy.deepcopy(chosen["example"])
    first, *rest = document.items()
    return dict([first, ("template", template), *rest])


def emptied(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the same members, but nothing in them; what the template needs stays."""
    return {
        member: inside if member in ("format", "template") else _emptied(inside, member)
        for member, inside in document.items()
    }


def _emptied(inside: Any, member: str) -> Any:
    if member in ("column", "languages"):
        return inside
    if isinstance(inside, dict):
        return {name: _emptied(each, name) for name, each in inside.items()}
    if isinstance(inside, list):
        return [_emptied(each, member) for each in (inside if member == "columns" else inside[:1])]
    return ""
