"""Examples: a filled document for each template, and the same with nothing filled in."""

from __future__ import annotations

import copy
from typing import Any

from jialiang.formats.making.fields import PACKAGE, table
from jialiang.formats.making.templating import template_named

_TOLD = {"persons": ("refType", "role", "mainSigner"), "statements": ("refType", "name"),
         "certificate.identifications": ("refType", "issuer", "name")}  # fmt: skip


def example_document(template: str) -> dict[str, Any]:
    """Return a document that can be made into a certificate with a template of the house. Raises UnknownTemplate."""
    chosen = template_named(template)
    document = copy.deepcopy(table(f"{PACKAGE}:example.json"))
    if "base" in chosen:
        document |= copy.deepcopy(table(f"{PACKAGE}:{chosen['base']}.json"))
    document |= copy.deepcopy(chosen["example"])
    first, *rest = document.items()
    return dict([first, ("template", template), *rest])


def emptied(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the same members, but nothing in them; what the template needs stays.

    So do the persons, statements and numbers that have a meaning of their own (refType), each with what it is called.
    """
    return {
        member: inside if member in ("format", "template") else _emptied(inside, member)
        for member, inside in document.items()
    }


def _emptied(inside: Any, place: str) -> Any:
    member = place.rpartition(".")[2]
    if member in ("column", "languages"):
        return inside
    if isinstance(inside, dict):
        return {name: _emptied(each, f"{place}.{name}") for name, each in inside.items()}
    if isinstance(inside, list):
        kept = (
            inside
            if member == "columns"
            else [e for n, e in enumerate(inside) if not n or _has_duty(e, place)]
        )
        return [_told(each, place, _emptied(each, place)) for each in kept]
    return ""


def _has_duty(entry: Any, place: str) -> bool:
    return place in _TOLD and bool(entry.get("refType"))


def _told(entry: Any, place: str, made: Any) -> Any:
    if not _has_duty(entry, place):
        return made
    return made | {name: entry[name] for name in _TOLD[place] if name in entry}
