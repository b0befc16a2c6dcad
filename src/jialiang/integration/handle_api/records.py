"""``/api/handles/<prefix>/<suffix>``: writing records, and reading what is not public.

| request                                  | deed                                                                  |
|------------------------------------------|-----------------------------------------------------------------------|
| PUT                                      | create, or replace the whole record unless ``overwrite=false``          |
| POST                                     | create; replace with ``overwrite=true``                                |
| PUT ``index=various`` or ``index=3…``    | put these values, replacing those of the same indexes                  |
| PUT ``<prefix>/`` ``mintNewSuffix=true`` | create under a name that the server makes                              |
| DELETE                                   | take it out of resolution; the name stays its owner's                  |
| DELETE ``index=3&index=4``               | remove these values                                                    |
| GET with credentials                     | read what the identity may read                                        |

A record that was deleted here is suspended, not retired: a client of the Handle System may create it anew, nobody else
ever gets the name, and its history stays. Retiring for good is a deed of people and of the other doors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from jialiang.base.identifiers.errors import IdentifierStateForbids, IdentifierTaken, IdentifierUnknown
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import history
from jialiang.formats.handle.json_values import read_values, record_json
from jialiang.formats.handle.names import parsed_handle
from jialiang.formats.handle.published import STATUS_HEADER, prefix_key, published_prefix, record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers as verbs
from jialiang.governance.publication.selectors import answer as published
from jialiang.integration.handle_api.answers import (
    AuthenticationNeeded,
    BadRequest,
    answer,
    fault,
    refusal,
    success,
)
from jialiang.integration.handle_api.asking import acting
from jialiang.integration.resolver.handle_questions import BadQuestion, HandleQuestion, handle_question
from jialiang.integration.resolver.handle_reads import as_asked
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.statuses import IdentifierState, label

log = logging.getLogger("jialiang.handles")
DELETED = "Handle JSON: DELETE"
"""The reason by which a record that a client deleted is known from one that was suspended for a cause."""
_FALSE = frozenset({"false", "0", "no"})

View = Callable[[HttpRequest, str, datetime], HttpResponse]


@csrf_exempt
def record(request: HttpRequest, name: str = "") -> HttpResponse:
    """Answer one request, every error in the form that clients of the Handle System know."""
    views: dict[str, View] = {"GET": _read, "HEAD": _read, "PUT": _put, "POST": _put, "DELETE": _delete}
    view = views.get(request.method or "")
    try:
        if view is None:
            raise BadRequest(member="method", given=request.method)
        return view(request, name, utc_now())
    except JialiangError as error:
        return refusal(error, name)
    except Exception:  # noqa: BLE001 a client of this door can read nothing but its JSON
        log.exception("%s %s failed", request.method, request.path)
        return fault(name)


def _read(request: HttpRequest, name: str, now: datetime) -> HttpResponse:
    question = _question(request)
    if not request.headers.get("Authorization"):
        if _public_only(request, "true") in _FALSE:
            raise AuthenticationNeeded()
        return _public(name, question)
    actor = acting(request, now)
    with scope(actor.tenant_id):
        found = verbs.resolve_identifier(
            actor=actor, name=name, indexes=question.indexes, types=question.types, now=now
        )
    seen = found.record.public() if _public_only(request, "") == "true" else found.record
    said = {**record_json(seen), "handle": name}
    return answer({**said, "responseCode": said["responseCode"] if said["values"] else 200})


def _public(name: str, question: HandleQuestion) -> HttpResponse:
    """Answer from the published row, past every memory: what ``auth=true`` asks for."""
    prefix, row = published(prefix_key(parsed_handle(name).prefix)), published(record_key(name))
    in_force = prefix is not None and prefix.body and published_prefix(prefix.body).state == "active"
    if not in_force or row is None or not row.body:
        raise IdentifierUnknown(identifier=name[:80])
    status = int(row.headers.get(STATUS_HEADER, "200"))
    return answer(question.answered(as_asked((row.body, 0, status, 0), name)[0]), status)


def _put(request: HttpRequest, name: str, now: datetime) -> HttpResponse:
    actor = acting(request, now)
    overwrite = _truth(request, "overwrite", usual=request.method == "PUT")
    values = read_values(request.body)
    with scope(actor.tenant_id), transaction.atomic():
        if _truth(request, "mintNewSuffix", usual=False):
            name = verbs.minted_name(actor=actor, prefix=name.partition("/")[0], rule="uuid", now=now)
        asked = request.GET.getlist("index")
        if asked:
            _require_open(name)
            kept = _only(asked, values)
            found = verbs.put_values(actor=actor, name=name, values=kept, overwrite=overwrite, now=now)
            return success(found.name)
        parsed_handle(name)
        before = record_anywhere(name)
        created = before is None or _is_deleted(before)
        if created and before is not None:
            _revived(actor, before, values, now)
        elif not created and not overwrite:
            raise IdentifierTaken(identifier=name[:80])
        elif before is not None and before.state == IdentifierState.SUSPENDED:
            raise _stopped(before)
        else:
            verbs.register(actor=actor, name=name, values=values, overwrite=overwrite, now=now)
    return success(name, 201 if created else 200)


def _delete(request: HttpRequest, name: str, now: datetime) -> HttpResponse:
    actor = acting(request, now)
    indexes = [_index(text) for text in request.GET.getlist("index")]
    parsed_handle(name)
    with scope(actor.tenant_id), transaction.atomic():
        if indexes:
            _require_open(name)
            verbs.remove_values(actor=actor, name=name, indexes=indexes, now=now)
            return success(name)
        before = record_anywhere(name)
        if before is None or before.state == IdentifierState.SUSPENDED and _is_deleted(before):
            raise IdentifierUnknown(identifier=name[:80])
        verbs.suspend(actor=actor, name=name, reason=DELETED, now=now)
    return success(name)


def _is_deleted(found: StoredRecord) -> bool:
    if found.state != IdentifierState.SUSPENDED:
        return False
    with scope(found.tenant_id):
        return history(found.name)[0].reason == DELETED


def _require_open(name: str) -> None:
    """Let a record's single values be written.

    Raises BadHandle, IdentifierUnknown where a client deleted it, IdentifierStateForbids where it is suspended for a
    cause: what the operator has stopped is not mended past him.
    """
    parsed_handle(name)
    found = record_anywhere(name)
    if found is None or found.state != IdentifierState.SUSPENDED:
        return
    if _is_deleted(found):
        raise IdentifierUnknown(identifier=name[:80])
    raise _stopped(found)


def _stopped(found: StoredRecord) -> IdentifierStateForbids:
    return IdentifierStateForbids(
        identifier=found.name[:80], state=label(found.state), allowed=label(IdentifierState.ACTIVE)
    )


def _revived(actor: Actor, before: StoredRecord, values: tuple[HandleValue, ...], now: datetime) -> None:
    """Create anew what was deleted: the same record, with other values."""
    verbs.resume(actor=actor, name=before.name, now=now)
    verbs.replace_values(actor=actor, name=before.name, values=values, codes=(), now=now)


def _only(asked: list[str], values: tuple[HandleValue, ...]) -> tuple[HandleValue, ...]:
    if "various" in asked:
        return values
    wanted = {_index(text) for text in asked}
    strange = next((value.index for value in values if value.index not in wanted), None)
    if strange is not None:
        raise BadRequest(member="index", given=strange)
    return values


def _index(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise BadRequest(member="index", given=text[:20])
    return int(text)


def _public_only(request: HttpRequest, usual: str) -> str:
    """Return what is said of ``publicOnly``, in either spelling that the resolver reads."""
    return request.GET.get("publicOnly", request.GET.get("publiconly", usual)).lower()


def _truth(request: HttpRequest, member: str, *, usual: bool) -> bool:
    return request.GET[member].lower() not in _FALSE if member in request.GET else usual


def _question(request: HttpRequest) -> HandleQuestion:
    try:
        return handle_question(request.META.get("QUERY_STRING", ""))
    except BadQuestion as problem:
        raise BadRequest(member="query", given=str(problem)) from problem
