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


@transaction.atomic
def publish(answers: Iterable[Answer], now: datetime) -> int:
    """Write answers, replacing those under the same keys, and return the last version given.

    Versions are given under a lock that lasts until commit, so a reader that has seen version n has seen all
    below it. An answer with ``not_after`` needs its successor ``<key>#after`` among ``answers`` or in the table.
    Raises :class:`BadAnswerKey`, :class:`SuccessorMissing`; nothing is written then.
    """
    written = list(answers)
    _check(written)
    AnswerVersion.objects.get_or_create(pk=1)
    counter = AnswerVersion.objects.select_for_update().get(pk=1)
    for answer in written:
        counter.last += 1
        PublishedAnswer.objects.update_or_create(
            key=answer.key,
            defaults={
                "version": counter.last,
                "body": answer.body,
                "headers": json.dumps(dict(answer.headers), ensure_ascii=False, sort_keys=True),
                "not_after": answer.not_after,
                "changed_at": now,
            },
        )
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def retire(key: str) -> int:
    """Take an answer and its successor out of the table and return how many rows went.

    A reader that asks for the key then finds nothing, as if it had never been there.
    """
    gone, _ = PublishedAnswer.objects.filter(key__in=(key, after_key(key))).delete()
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
