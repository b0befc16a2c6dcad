"""``/identityv2/data…``: read, register, change and retire records, one by one or in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from jialiang.formats.handle.names import parsed_handle
from jialiang.functions import identifiers as verbs
from jialiang.functions.identifier_batches import BatchItem, ItemOutcome, Mode, register_many
from jialiang.integration.snms.bodies import (
    LONGEST_HANDLE,
    STRING,
    TEMPLATE_INDEX,
    BadItem,
    given_batch,
    given_names,
    given_record,
    object_body,
    shown_value,
    text_member,
)
from jialiang.integration.snms.door import Asked
from jialiang.integration.snms.envelope import SUCCESS, TAKEN, UNKNOWN, Status, answer, saying

GONE = "标识不存在"


def detail(asked: Asked) -> HttpResponse:
    """``GET /identityv2/data/detail?handle=``: the record with the version of its template under index 1001."""
    name = text_member(asked.query, "handle", LONGEST_HANDLE)
    record = verbs.resolve_identifier(actor=asked.actor, name=name, now=asked.now)
    template = [_template(record.template)] if record.template else []
    return answer(
        {
            "code": "200",
            "prefix": parsed_handle(record.name).prefix,
            "handle": record.name,
            "templateVersion": record.template,
            "value": [*template, *(shown_value(value) for value in record.record.values)],
        }
    )


def create(asked: Asked) -> HttpResponse:
    """``POST /identityv2/data``: register a record."""
    given = given_record(asked.body)
    verbs.register(
        actor=asked.actor,
        name=given.handle,
        values=given.values,
        template=given.template_version,
        now=asked.now,
    )
    return answer(True)


def update(asked: Asked) -> HttpResponse:
    """``PUT /identityv2/data``: put these values in place of the record's own."""
    given = given_record(asked.body)
    verbs.replace_values(
        actor=asked.actor,
        name=given.handle,
        values=given.values,
        template=given.template_version,
        now=asked.now,
    )
    return answer(True)


def delete(asked: Asked) -> HttpResponse:
    """``DELETE /identityv2/data``: retire a record; its name is never given again."""
    name = text_member(object_body(asked.body), "handle", LONGEST_HANDLE)
    verbs.retire(actor=asked.actor, name=name, now=asked.now)
    return answer(True)


def create_batch(asked: Asked) -> HttpResponse:
    """``POST /identityv2/data/batchCreate``: register up to 2 000 records; each has its message.

    Sent again, after an answer that was lost, every record that is there already says so, as its first answer would
    have said ``success``.
    """
    return _records(asked, "create")


def update_batch(asked: Asked) -> HttpResponse:
    """``PUT /identityv2/data/batchUpdate``: put values in place of those of up to 2 000 records."""
    return _records(asked, "update")


def delete_batch(asked: Asked) -> HttpResponse:
    """``DELETE /identityv2/data/batchDelete``: retire up to 2 000 records; each has its code and message."""
    given = given_names(asked.body)
    messages = _written(asked, "delete", [None if isinstance(name, BadItem) else BatchItem(name) for name in given])
    told = []
    for name, message in zip(given, messages, strict=True):
        said = saying(name.error) if isinstance(name, BadItem) else message
        code = Status.SUCCESS if said == SUCCESS else Status.FAILED
        handle = name.handle if isinstance(name, BadItem) else name
        told.append({"handle": handle, "code": int(code), "msg": GONE if said == UNKNOWN else said})
    return answer(told)


def _records(asked: Asked, mode: Mode) -> HttpResponse:
    given = given_batch(asked.body)
    items = [
        None if isinstance(one, BadItem) else BatchItem(one.handle, one.values, template=one.template_version)
        for one in given
    ]
    messages = _written(asked, mode, items)
    return answer(
        [
            {"handle": one.handle, "msg": saying(one.error) if isinstance(one, BadItem) else message}
            for one, message in zip(given, messages, strict=True)
        ]
    )


def _written(asked: Asked, mode: Mode, items: Sequence[BatchItem | None]) -> list[str]:
    """Write the items that are given and return the message of each, empty where none was given."""
    wanted = [item for item in items if item is not None]
    outcomes = register_many(actor=asked.actor, items=wanted, mode=mode, now=asked.now) if wanted else []
    messages = iter(_message(mode, outcome) for outcome in outcomes)
    return ["" if item is None else next(messages) for item in items]


def _message(mode: Mode, outcome: ItemOutcome) -> str:
    if outcome.error is not None:
        return saying(outcome.error)
    if outcome.outcome == "unchanged":
        return {"create": TAKEN, "update": SUCCESS, "delete": UNKNOWN}[mode]
    return SUCCESS


def _template(version: str) -> dict[str, Any]:
    """Return the value that tells the version of a record's template, under the index kept for it."""
    return {
        "auth": "1",
        "index": TEMPLATE_INDEX,
        "type": "TEMPLATE",
        "data": {"format": STRING, "value": version},
    }
