"""Reading published answers, as the front does without Django."""

from __future__ import annotations

import json
from datetime import datetime

from jialiang.formats.public_keys import after_key
from jialiang.governance.publication.answers import StoredAnswer
from jialiang.governance.publication.models import AnswerVersion, PublishedAnswer


def answer(key: str) -> StoredAnswer | None:
    """Return the row under a key as it stands, None if there is none (one query, primary key)."""
    row = PublishedAnswer.objects.filter(pk=key).first()
    return None if row is None else _stored(row)


def answer_at(key: str, now: datetime) -> StoredAnswer | None:
    """Return what a reader is served at a moment: from ``not_after`` on, the row ``<key>#after``."""
    found = answer(key)
    if found is not None and found.not_after is not None and found.not_after <= now:
        return answer(after_key(key))
    return found


def changed_since(version: int, *, limit: int = 1000) -> list[StoredAnswer]:
    """Return the answers that changed after a version, in order (one query, unique index of ``version``)."""
    rows = PublishedAnswer.objects.filter(version__gt=version).order_by("version")[:limit]
    return [_stored(row) for row in rows]


def latest_version() -> int:
    """Return the version given last, 0 before the first answer (one query)."""
    return AnswerVersion.objects.values_list("last", flat=True).first() or 0


def _stored(row: PublishedAnswer) -> StoredAnswer:
    headers = json.loads(row.headers)
    return StoredAnswer(row.key, bytes(row.body), headers, row.not_after, row.version, row.changed_at)
