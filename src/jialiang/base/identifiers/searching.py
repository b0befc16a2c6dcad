"""Looking for records by what their values say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from uuid import UUID

from jialiang.base.identifiers.models import Identifier
from jialiang.base.identifiers.stored_values import read_values
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import HandleValue
from jialiang.vocabulary.statuses import IdentifierState


def names_with_values(
    patterns: Mapping[str, str], *, organization_id: UUID | None, prefix: str = "", limit: int = 100
) -> list[str]:
    """Return names of active records that have a public value for each type and pattern.

    They are those of an organization, for None of the institute itself. ``*`` in a pattern stands for any text; case
    does not count. One query, a scan of these records: the database finds the longest plain part of each pattern, the
    rest is compared here.
    """
    rows = Identifier.objects.filter(state=IdentifierState.ACTIVE)
    if organization_id is None:
        rows = rows.filter(organization__isnull=True)
    else:
        rows = rows.filter(organization_id=organization_id)
    if prefix:
        rows = rows.filter(prefix=folded(prefix))
    for pattern in patterns.values():
        part = max(pattern.split("*"), key=len)
        if part:
            rows = rows.filter(values_text__icontains=json.dumps(part, ensure_ascii=False)[1:-1])
    wanted = {kind: _expression(pattern) for kind, pattern in patterns.items()}
    found: list[str] = []
    for row in rows.order_by("id").only("id", "name", "values_text").iterator(chunk_size=500):
        values = read_values(row.values_text)
        if all(_has(values, kind, expression) for kind, expression in wanted.items()):
            found.append(row.name)
            if len(found) == limit:
                break
    return found


def _has(values: tuple[HandleValue, ...], kind: str, expression: re.Pattern[str]) -> bool:
    return any(
        value.is_public
        and value.has_type(kind)
        and value.text is not None
        and expression.fullmatch(value.text)
        for value in values
    )


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\*+", pattern))), re.IGNORECASE | re.DOTALL)
