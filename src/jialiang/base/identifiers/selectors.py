"""Reads of identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID

from jialiang.base.identifiers.errors import BadIdentifier, IdentifierUnknown
from jialiang.base.identifiers.models import Identifier as Identifier
from jialiang.security.tenancy.scope import everywhere

_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]+)*)/([a-z0-9][a-z0-9._-]{0,119})", re.ASCII)
LONGEST_PREFIX = 60


def parsed(text: str) -> tuple[str, str]:
    """Return prefix and suffix of ``prefix/suffix``, forgiving blanks around and capitals. Raises BadIdentifier."""
    match = _SHAPE.fullmatch(text.strip().lower())
    if match is None or len(match[1]) > LONGEST_PREFIX:
        raise BadIdentifier(given=text.strip()[:80])
    return match[1], match[2]


def identifier(text: str) -> Identifier:
    """Return an identifier of the institute in scope: one query. Raises BadIdentifier, IdentifierUnknown."""
    prefix, suffix = parsed(text)
    found = Identifier.objects.filter(prefix=prefix, suffix=suffix).first()
    if found is None:
        raise IdentifierUnknown(identifier=f"{prefix}/{suffix}")
    return found


def identifier_of(subject_kind: str, subject_id: UUID) -> Identifier | None:
    """Return the first identifier of a thing: one query, index (subject_kind, subject_id)."""
    return Identifier.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("id").first()


def identifier_texts(subject_kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the first identifier of each thing as text: one query, index (subject_kind, subject_id)."""
    rows = Identifier.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids)).order_by("-id")
    return {row.subject_id: row.text for row in rows}


def is_taken(prefix: str, suffix: str) -> bool:
    """Tell whether an identifier was given, in whichever institute: one query by the unique index."""
    with everywhere("an identifier is unique on the whole installation"):
        return Identifier.objects.filter(prefix=prefix, suffix=suffix).exists()
