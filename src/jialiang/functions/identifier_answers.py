"""What the public side is given of a record: its Handle JSON, and for each GS1 code its linkset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jialiang.base.identifiers.records import RecordCode, StoredRecord
from jialiang.formats.gs1.linkset import MEDIA_TYPE as LINKSET
from jialiang.formats.gs1.linkset import linkset_body
from jialiang.formats.handle.json_values import answer_body, compact, refusal_json
from jialiang.formats.handle.published import STATUS_HEADER, gs1_key, record_key
from jialiang.formats.handle.values import HandleRecord, ResponseCode
from jialiang.functions.identifier_codes import gs1_paths
from jialiang.functions.identifier_template_rules import Templates
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.services import publish
from jialiang.vocabulary.statuses import IdentifierState

JSON_HEADERS = {"content-type": "application/json;charset=UTF-8"}
_CLOSED = {
    IdentifierState.SUSPENDED: ("404", "This identifier is suspended."),
    IdentifierState.RETIRED: ("410", "This identifier was retired for good."),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A record as it is now, and which of its codes were answered for before."""

    record: StoredRecord
    answered_codes: tuple[RecordCode, ...] = ()


def changed(before: StoredRecord, after: StoredRecord) -> Changed:
    """Return the change from one version of a record to the next."""
    return Changed(after, before.codes if before.state == IdentifierState.ACTIVE else ())


def publish_records(changes: Iterable[Changed], now: datetime) -> None:
    """Write the public answers of records in the running transaction; a reserved record has none."""
    known, templates = tuple(changes), Templates()
    gone = (Answer(gs1_key(path), b"") for change in known for path in gs1_paths(change.answered_codes))
    answers = [*gone, *(answer for change in known for answer in answers_of(change.record, templates))]
    if answers:
        publish(answers, now)


def answers_of(record: StoredRecord, templates: Templates) -> Iterator[Answer]:
    """Yield the answers of one record."""
    if record.state == IdentifierState.RESERVED:
        return
    key = record_key(record.name)
    if record.state == IdentifierState.ACTIVE:
        shown = templates.shown(record)
        yield Answer(key, answer_body(shown), JSON_HEADERS)
        yield from _linksets(record, shown)
        return
    status, message = _CLOSED[record.state]
    refusal = refusal_json(ResponseCode.HANDLE_NOT_FOUND, record.name, message)
    body = compact({**refusal, "state": record.state.value})
    yield Answer(key, body, {**JSON_HEADERS, STATUS_HEADER: status})


def _linksets(record: StoredRecord, shown: HandleRecord) -> Iterator[Answer]:
    for path in gs1_paths(record.codes):
        body = linkset_body(shown, f"{settings.JIALIANG.public_url.rstrip('/')}/{path}")
        if body is not None:
            yield Answer(gs1_key(path), body, {"content-type": LINKSET})
