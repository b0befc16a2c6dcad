"""Challenge and answer: a nonce, signed by the key of an identity, becomes a token.

A program names its identity by the handle alone (``88.111.911/app``); meant is the one in force with a key pair, of
several that with the lowest index. ``301:88.111.911/app`` names it with its index.
"""

from __future__ import annotations

import secrets
from base64 import b64decode
from binascii import Error as BadBase64
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.cache import cache

from jialiang.base.handle_identities.selectors import identity_with_key
from jialiang.formats.handle.names import BadHandle, name_digest, parsed_handle
from jialiang.formats.handle.values import parsed_identity
from jialiang.functions.handle_identities import actor_by_key, key_of, signature_refused
from jialiang.integration.identity_sessions import IdentitySessions
from jialiang.integration.idhub.envelope import BadObjectName, NotAuthenticated, SignatureRefused
from jialiang.security.actor import Actor

LONGEST_HANDLE = 255
NONCE_SECONDS = 300
_sessions = IdentitySessions("idhub")


def challenge(name: str) -> str:
    """Return a new nonce for an identity, known or not: 38 digits, good for one answer within five minutes.

    Raises BadObjectName.
    """
    _require_name(name)
    nonce = str(secrets.randbelow(9 * 10**37) + 10**37)
    cache.set(_place(name), nonce, NONCE_SECONDS)
    return nonce


def token_for(name: str, signature: str, now: datetime) -> str:
    """Return a token for the identity that signed its nonce. Raises SignatureRefused, IdentityLocked, BadObjectName."""
    _require_name(name)
    identity = name if parsed_identity(name) else identity_with_key(name) or f"0:{name}"
    key = key_of(identity, now)
    nonce = cache.get(_place(name))
    cache.delete(_place(name))
    if nonce is None or not key.in_force or not _signed(key.public_key_pem, nonce, signature):
        raise SignatureRefused() from signature_refused(identity, now)
    return _sessions.token(actor_by_key(identity, now).identity, now)


def actor_of_session(token: str, now: datetime) -> Actor:
    """Return who acts by a token. Raises NotAuthenticated."""
    actor = _sessions.actor(token, now)
    if actor is None:
        raise NotAuthenticated()
    return actor


def _signed(pem: str, nonce: str, signature: str) -> bool:
    key = load_pem_public_key(pem.encode()) if pem else None
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        key.verify(b64decode(signature, validate=True), nonce.encode(), padding.PKCS1v15(), SHA256())
    except (InvalidSignature, BadBase64, ValueError):
        return False
    return True


def _require_name(name: str) -> None:
    identity = parsed_identity(name)
    try:
        parsed_handle(identity.handle if identity else name)
    except BadHandle as problem:
        raise BadObjectName(given=name[:80]) from problem
    if len(name) > LONGEST_HANDLE:
        raise BadObjectName(given=name[:80])


def _place(name: str) -> str:
    return f"idhub.challenge.{name_digest(name)}"
