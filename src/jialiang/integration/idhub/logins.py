"""``/api/v1/doip/public/…``: a challenge, and its answer for a token."""

from __future__ import annotations

from django.http import HttpResponse

from jialiang.integration.idhub.door import Asked, object_of, text_of
from jialiang.integration.idhub.envelope import answer
from jialiang.integration.idhub.sessions import LONGEST_HANDLE, challenge, token_for

DONE = "operation was successfully processed"
LONGEST_SIGNATURE = 2048


def ask_challenge(asked: Asked) -> HttpResponse:
    """``GET …/challenge?handle=``: a nonce to sign."""
    return answer(challenge(text_of(asked.query, "handle", LONGEST_HANDLE)), message=DONE)


def verify_response(asked: Asked) -> HttpResponse:
    """``POST …/verify-response``: ``{"handle", "signature"}`` for a token."""
    body = object_of(asked.body, "body")
    name = text_of(body, "handle", LONGEST_HANDLE)
    token = token_for(name, text_of(body, "signature", LONGEST_SIGNATURE), asked.now)
    return answer({"token": token}, message=DONE)
