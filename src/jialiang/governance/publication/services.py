"""Publishing answers in the transaction of the verb that changes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jialiang.formats.public_keys import after_key
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.errors import BadAnswerKey, SuccessorMissing
from jialiang.governance.publication.models import AnswerVersion, PublishedAnswer

LONGEST_KEY = 200
FOLLOWED = ("h:", "p:", "g:")
"""How the keys of answers begin whose readers follow the feed of versions."""
AT_ONCE = 1000
COLUMNS = ["version", "body", "headers", "not_after", "changed_at"]


@transaction.atomic
def publish(answers: Iterable[Answer], now: datetime) -> int:
    """Write answers, replacing those under the same keys, and return the last version given.

    Of two answers under one key the later stays. Versions are given under a lock that lasts until commit, so a reader
    that has seen version n has seen all below it. An answer with ``not_after`` needs its successor ``<key>#after``
    among ``answers`` or in the table. Four queries, and one more for each thousand answers after the first thousand.
    Raises :class:`BadAnswerKey`, :class:`SuccessorMissing`; nothing is written then.
    """
    given = list(answers)
    _check(given)
    written = {answer.key: (place, answer) for place, answer in enumerate(given, 1)}
    AnswerVersion.objects.get_or_create(pk=1)
    counter = AnswerVersion.objects.select_for_update().get(pk=1)
    rows = [_row(answer, counter.last + place, now) for place, answer in written.values()]
    PublishedAnswer.objects.bulk_create(
        rows, batch_size=AT_ONCE, update_conflicts=True, unique_fields=["key"], update_fields=COLUMNS
    )
    counter.last += len(given)
    counter.save(update_fields=["last"])
    return counter.last


def _row(answer: Answer, version: int, now: datetime) -> PublishedAnswer:
    return PublishedAnswer(
        key=answer.key,
        version=version,
        body=answer.body,
        headers=json.dumps(dict(answer.headers), ensure_ascii=False, sort_keys=True),
        not_after=answer.not_after,
        changed_at=now,
    )


@transaction.atomic
def retire(key: str) -> int:
    """Take an answer and its successor out of the table and return how many rows went.

    A reader that asks for the key then finds nothing, as if it had never been there. Rows about identifiers are emptied
    instead of deleted: their readers follow the feed of versions, in which a deleted row leaves no trace.
    """
    if key.startswith(FOLLOWED):
        return _empty(key)
    gone, _ = PublishedAnswer.objects.filter(key__in=(key, after_key(key))).delete()
    return gone


def _empty(key: str) -> int:
    counter, _ = AnswerVersion.objects.select_for_update().get_or_create(pk=1)
    counter.last += 1
    standing = PublishedAnswer.objects.filter(key=key).exclude(body=b"")
    gone = standing.update(version=counter.last, body=b"", headers="{}")
    if gone:
        counter.save(update_fields=["last"])
    return gone


def _check(answers: list[Answer]) -> None:
    keys = {answer.key for answer in answers}
    for answer in answers:
        if not answer.key or len(after_key(answer.key)) > LONGEST_KEY:
            raise BadAnswerKey(key=answer.key)
        if answer.not_after is None:
            continue
        successor = after_key(answer.key)
        if successor not in keys and not PublishedAnswer.objects.filter(pk=successor).exists():
            raise SuccessorMissing(key=answer.key, successor=successor)
