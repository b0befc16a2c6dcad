"""Minting identifiers: given once, never again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from jialiang.base.identifiers.errors import IdentifierTaken
from jialiang.base.identifiers.models import Identifier
from jialiang.base.identifiers.selectors import is_taken, parsed
from jialiang.kernel.ids import CROCKFORD, new_id
from jialiang.security.tenancy.scope import current_tenant_id

LETTERS_OF_AN_ID = 26  # 26 × 5 = 130 bits hold the 128 of a UUID


def mint(*, suffix: str, subject_kind: str, subject_id: UUID, now: datetime, prefix: str = "") -> Identifier:
    """Give ``prefix/suffix`` (lower case) to a thing; without a prefix, the installation's own.

    The code is refused if any institute of the installation has it; of two who ask at once the database lets one.
    Raises BadIdentifier, IdentifierTaken.
    """
    prefix, suffix = parsed(f"{prefix or settings.JIALIANG.identifier_prefix}/{suffix}")
    if is_taken(prefix, suffix):
        raise IdentifierTaken(identifier=f"{prefix}/{suffix}")
    try:
        with transaction.atomic():
            return Identifier.objects.create(
                id=new_id(now),
                tenant_id=current_tenant_id(),
                prefix=prefix,
                suffix=suffix,
                subject_kind=subject_kind,
                subject_id=subject_id,
                created_at=now,
            )
    except IntegrityError as problem:
        raise IdentifierTaken(identifier=f"{prefix}/{suffix}") from problem


def suffix_of(subject_id: UUID) -> str:
    """Return the suffix made from a thing's own id: 26 letters of Crockford's base 32, lower case."""
    letters = (CROCKFORD[subject_id.int >> 5 * i & 31] for i in reversed(range(LETTERS_OF_AN_ID)))
    return "".join(letters).lower()
