"""Challenge sessions: the server gives a nonce, the client signs it with its key, then the session is its identity's.

    POST   /api/sessions        201 {"sessionId", "nonce"}
    GET    /api/sessions/this   {"sessionId", "nonce", "authenticated", "id"}
    PUT    /api/sessions/this   with a signature in Authorization: the session is authenticated from then on
    DELETE /api/sessions/this   ends it

``Authorization: Handle sessionId="…", id="300:88.101.5/app", type="HS_PUBKEY", cnonce="…", alg="SHA256",
signature="…"``. The signature is over nonce ‖ cnonce, all in base64; for ``HS_SECKEY`` it is the digest of
secret ‖ nonce ‖ cnonce ‖ secret.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import new as new_hash
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.contrib.sessions.backends.db import SessionStore

from jialiang.functions.handle_identities import actor_by_key, key_of, signature_refused
from jialiang.integration.handle_api.answers import AuthenticationNeeded
from jialiang.security.actor import Actor

LIFE = 600  # seconds without a request
NONCE, IDENTITY = "handle_nonce", "handle_identity"
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))')
_DIGESTS: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


def parameters(text: str) -> dict[str, str]:
    """Return the parameters behind ``Handle`` in an Authorization header."""
    return {name: quoted or bare for name, quoted, bare in _PARAMETER.findall(text[:8192])}


def begin() -> SessionStore:
    """Begin a session with a nonce of its own."""
    store = SessionStore()
    store[NONCE] = b64encode(secrets.token_bytes(16)).decode("ascii")
    store.set_expiry(LIFE)
    store.create()
    return store


def session(session_id: str) -> SessionStore:
    """Return a session that was begun here. Raises AuthenticationNeeded, also for one of another kind."""
    store = SessionStore(session_key=session_id[:64])
    if not session_id or NONCE not in store:
        raise AuthenticationNeeded()
    return store


def end(store: SessionStore) -> None:
    """End a session."""
    store.delete()


def told(store: SessionStore) -> dict[str, Any]:
    """Return what a client may know of its session."""
    identity = store.get(IDENTITY, "")
    return {
        "sessionId": store.session_key,
        "nonce": store[NONCE],
        "authenticated": bool(identity),
        "id": identity,
    }


def actor_of_session(given: Mapping[str, str], now: datetime) -> Actor:
    """Return who acts in a session, by its signature or because it was authenticated before.

    Raises AuthenticationNeeded, IdentityRefused, IdentityLocked.
    """
    store = session(given.get("sessionId", ""))
    if "signature" in given:
        actor = _shown(given, b64decode(store[NONCE]), now)
        store[IDENTITY] = actor.identity
        store.set_expiry(LIFE)
        store.save()
        return actor
    if not store.get(IDENTITY):
        raise AuthenticationNeeded()
    actor = actor_by_key(store[IDENTITY], now)
    store.set_expiry(LIFE)
    store.save()  # its time begins anew with every request
    return actor


def _shown(given: Mapping[str, str], nonce: bytes, now: datetime) -> Actor:
    identity = given.get("id", "")
    key = key_of(identity, now)
    try:
        signature, cnonce = (
            b64decode(given.get(name, ""), validate=True) for name in ("signature", "cnonce")
        )
        digest = _DIGESTS[given.get("alg", "SHA256").upper().replace("-", "")]
        if given.get("type", "HS_PUBKEY").upper() == "HS_SECKEY":
            good = _keyed(key.secret, nonce + cnonce, digest().name, signature)
        else:
            good = _signed(key.public_key_pem, nonce + cnonce, digest(), signature)
    except (KeyError, ValueError, UnsupportedAlgorithm):
        good = False
    if not good or not key.in_force:
        raise signature_refused(identity, now)
    return actor_by_key(identity, now)


def _keyed(secret: bytes, text: bytes, digest: str, signature: bytes) -> bool:
    expected = new_hash(digest, secret + text + secret).digest()
    return hmac.compare_digest(expected, signature) and bool(secret)


def _signed(pem: str, text: bytes, digest: hashes.HashAlgorithm, signature: bytes) -> bool:
    key = load_pem_public_key(pem.encode())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, text, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, text, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True
