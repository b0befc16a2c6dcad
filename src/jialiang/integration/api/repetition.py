"""Idempotency keys: a POST that is sent twice is done once, and answered alike for a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from jialiang.governance.idempotency.services import KeptAnswer, claim, keep, release
from jialiang.integration.api.problems import BadKey

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
REPLAYED = "Idempotent-Replayed"
KEPT_HEADERS = ("Content-Type", "Location", "Content-Language")
CONFIRMED = ("/approval", "/attestation", "/withdrawal")
"""Addresses whose verb confirms by password or code before its transaction opens: claim and verb are kept apart."""
NEVER_KEPT = (
    "/tokens", "/people", "/handle-identities", "/scans", "/identifiers/export", "/subordinate-nodes", "/token",
    "/node-reports",
)  # fmt: skip
"""Addresses whose request or answer holds a secret, of which not even a digest is kept; scans, and large files; and
reports, which are done once by themselves."""
COMPUTED = "/science/"
"""Addresses that compute and change nothing: the same question has the same answer, so none is kept."""

Answer = Callable[[HttpRequest], HttpResponse]


def done_once(request: HttpRequest, owner_id: UUID, answer: Answer, now: datetime) -> HttpResponse:
    """Answer the request, or repeat the answer that was given to the same request before.

    Only what succeeded is kept: a refused request changed nothing and may be sent again with its key.
    Raises BadKey, KeyReused, KeyInUse.
    """
    key = request.headers.get(HEADER, "")
    path = request.path
    if request.method != "POST" or not key or not is_kept(path):
        return answer(request)
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadKey(longest=LONGEST_KEY)
    digest = _digest(request)
    if path.endswith(CONFIRMED):
        return _apart(request, owner_id, key, digest, answer, now)
    with transaction.atomic():
        claimed = claim(owner_id=owner_id, key=key, request_digest=digest, now=now)
        if isinstance(claimed, KeptAnswer):
            return _repeated(claimed)
        response = answer(request)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            keep(claimed, _kept(response))
        return response


def is_kept(path: str) -> bool:
    """Tell whether the answer of a POST to this address is kept for its key."""
    return not path.endswith(NEVER_KEPT) and COMPUTED not in path


def _apart(
    request: HttpRequest, owner_id: UUID, key: str, digest: str, answer: Answer, now: datetime
) -> HttpResponse:
    claimed = claim(owner_id=owner_id, key=key, request_digest=digest, now=now)
    if isinstance(claimed, KeptAnswer):
        return _repeated(claimed)
    response = answer(request)
    if response.status_code >= 400:
        release(claimed)
    else:
        keep(claimed, _kept(response))
    return response


def _digest(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    return sha256(asked + request.body).hexdigest()


def _kept(response: HttpResponse) -> KeptAnswer:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    return KeptAnswer(response.status_code, headers, response.content)


def _repeated(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status)
    for name, content in kept.headers.items():
        response[name] = content
    response[REPLAYED] = "true"
    return response
