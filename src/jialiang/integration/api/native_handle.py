"""Requests of the native Handle protocol that change something or need a right, handed over by its server.

The server of the protocol (``integration.resolver.native_service``) keeps challenges and logins and seals what it hands
over; here proofs are checked and the verbs of ``functions`` are done by the identity that has shown who it is. Without
a right seal the address does not exist.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from jialiang.base.handle_identities.errors import IdentityRefused
from jialiang.base.handle_identities.selectors import IdentityKey
from jialiang.formats.handle.challenges import made_with_secret, signature_holds
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.octets import BadOctets, text_octets
from jialiang.formats.handle.values import HandleReference, ResponseCode
from jialiang.formats.handle.wire.bodies import ChallengeAnswer, Login, Verdict, Verification
from jialiang.formats.handle.wire.codes import OpCode
from jialiang.formats.handle.wire.conversation import read_request
from jialiang.formats.handle.wire.messages import Envelope, Message, read_content
from jialiang.functions.handle_identities import actor_by_key, key_of, signature_refused
from jialiang.integration.api.native_deeds import done, refused
from jialiang.integration.resolver.native_door import (
    PATH,
    SEAL_HEADER,
    HandedReply,
    HandedRequest,
    opened_request,
)
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError
from jialiang.security.tenancy.scope import scope

_ENVELOPE = Envelope(0, 0)


@csrf_exempt
def handed_over(request: HttpRequest) -> HttpResponseBase:
    """Answer one request that the server of the native protocol has sealed."""
    now = utc_now()
    seal = request.headers.get(SEAL_HEADER, "")
    handed = (
        opened_request(settings.JIALIANG.secret_key, request.body, seal, now.timestamp())
        if request.method == "POST"
        else None
    )
    if handed is None:
        raise Http404
    return JsonResponse(replied(handed, now).to_json())


def replied(handed: HandedRequest, now: datetime) -> HandedReply:
    """Return the reply to a request; what goes wrong is told as a response code with words."""
    try:
        message = read_content(_ENVELOPE, handed.content)
        if message.header.op == OpCode.VERIFY_CHALLENGE:
            return _verified(message, now)
        if message.header.op == OpCode.CHALLENGE_ANSWER:
            return _proved(message, handed, now)
        return _deed(message, handed.identity, now)
    except BadOctets as fault:
        return HandedReply(ResponseCode.PROTOCOL_ERROR, text_octets(fault.what.en))
    except JialiangError as error:
        return refused(error)


def _proved(message: Message, handed: HandedRequest, now: datetime) -> HandedReply:
    """Check the answer to a challenge; then log in, or do what the challenge was for."""
    answer = read_request(message)
    if not isinstance(answer, ChallengeAnswer):
        raise IdentityRefused()
    identity = HandleReference(answer.index, answer.handle).text
    key = key_of(identity, now)
    content = handed.nonce + handed.digest
    if not _holds(key, answer.kind, content, answer.proof):
        raise signature_refused(identity, now)
    actor = actor_by_key(identity, now)
    original = read_content(_ENVELOPE, handed.original)
    if original.header.op != OpCode.LOGIN_ID_SYSTEM:
        return _deed(original, actor.identity, now)
    asked = read_request(original)
    if not isinstance(asked, Login) or _same(asked) != folded(identity):
        raise IdentityRefused()
    return HandedReply(ResponseCode.SUCCESS, identity=actor.identity)


def _verified(message: Message, now: datetime) -> HandedReply:
    """Tell another server whether the secret of an identity that is kept here made a proof."""
    asked = read_request(message)
    if not isinstance(asked, Verification):
        raise IdentityRefused()
    identity = HandleReference(asked.index, asked.handle).text
    key = key_of(identity, now)
    holds = _holds(key, "HS_SECKEY", asked.nonce + asked.digest, asked.proof)
    if not holds:
        signature_refused(identity, now)
    return HandedReply(ResponseCode.SUCCESS, Verdict(holds).octets())


def _deed(message: Message, identity: str, now: datetime) -> HandedReply:
    if not identity:
        raise IdentityRefused()
    actor = actor_by_key(identity, now)
    with scope(actor.tenant_id):
        return done(actor, message, now)


def _holds(key: IdentityKey, kind: str, content: bytes, proof: bytes) -> bool:
    if folded(kind) == "hs_seckey":
        # The proof is worked out for whoever has no secret as well: trying teaches nothing.
        return made_with_secret(key.secret or b"nobody", content, proof) and bool(key.secret) and key.in_force
    public = load_pem_public_key(key.public_key_pem.encode()) if key.public_key_pem else None
    return signature_holds(public, content, proof) and key.in_force


def _same(asked: Login) -> str:
    return folded(HandleReference(asked.index, asked.handle).text)




urlpatterns = [path(PATH.removeprefix("/"), handed_over)]
