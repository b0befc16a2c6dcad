"""Short secrets that the program has to know again, encrypted for a column of the database.

AES-256-GCM under a key that scrypt (RFC 7914) makes of the passphrase of the key store; what a secret is for is
authenticated with it, so that one put into another row does not open. Whoever carries off the database alone reads
nothing.
"""

from __future__ import annotations

import base64
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from jialiang.security.keys.errors import SecretLocked

COST, BLOCK_SIZE, PARALLELIZATION = 1 << 14, 8, 5
NONCE_BYTES = 12
_SALT = (
    b"jialiang sealed secrets 1"  # the passphrase is the installation's own; derived once for each process
)
_FORM = "s1."


def sealed(secret: bytes, purpose: str) -> str:
    """Return the secret encrypted, as ASCII, to be opened for the same purpose only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    whole = nonce + _cipher().encrypt(nonce, secret, purpose.encode())
    return _FORM + base64.urlsafe_b64encode(whole).decode("ascii")


def opened(text: str, purpose: str) -> bytes:
    """Return the secret that was sealed for a purpose.

    Raises :class:`SecretLocked` where the passphrase or the purpose is another one, or the text was altered.
    """
    try:
        if not text.startswith(_FORM):
            raise ValueError(_FORM)
        whole = base64.b64decode(text.removeprefix(_FORM), altchars=b"-_", validate=True)
        return _cipher().decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as problem:
        raise SecretLocked(purpose=purpose) from problem


def _cipher() -> AESGCM:
    return AESGCM(_key(settings.JIALIANG.key_passphrase))


@cache
def _key(passphrase: str) -> bytes:
    derivation = Scrypt(salt=_SALT, length=32, n=COST, r=BLOCK_SIZE, p=PARALLELIZATION)
    return derivation.derive(passphrase.encode())
