"""Answers to a challenge: what is signed, and whether a proof was made by a key or a secret.

The server sends sixteen bytes of chance and the digest of the request's header and body; signed is the one followed by
the other.

    HS_PUBKEY  name of the digest (text), signature (block): RSA PKCS #1 v1.5, DSA or ECDSA
    HS_SECKEY  one byte for the kind, then secret ‖ content ‖ secret digested (1 MD5, 2 SHA-1, 3 SHA-256), the HMAC
               of the content (0x12 SHA-1, 0x13 SHA-256), or (0x22) salt (block), rounds 4, bits 4 and the HMAC-SHA-1
               (block) under the key that PBKDF2 made of the secret
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa

from jialiang.formats.handle.keys import PublicKey
from jialiang.formats.handle.octets import BadOctets, Octets, block_octets, text_octets, uint32_octets
from jialiang.formats.handle.wire.codes import HashCode

NONCE_BYTES = 16
MOST_ROUNDS = 20_000  # of PBKDF2; writers in use take 10 000
_PLAIN = {HashCode.MD5: "md5", HashCode.SHA1: "sha1", HashCode.SHA256: "sha256"}
_HMACS = {HashCode.HMAC_SHA1: "sha1", HashCode.HMAC_SHA256: "sha256"}
_SIGNED = {
    "SHA-256": hashes.SHA256(),
    "SHA256": hashes.SHA256(),
    "SHA-1": hashes.SHA1(),  # noqa: S303 clients in use sign with it; what is signed has our own chance in it
    "SHA1": hashes.SHA1(),  # noqa: S303
}


def digest_of(kind: int, digested: bytes) -> bytes:
    """Return the digest of a request's header and body. Raises KeyError for a kind other than 1, 2 and 3."""
    return hashlib.new(_PLAIN[HashCode(kind)], digested, usedforsecurity=False).digest()


def signed_with_key(key: PublicKey, content: bytes, proof: bytes) -> bool:
    """Tell whether ``proof`` is a signature of ``content`` under ``key``. Never raises."""
    try:
        return signature_holds(key.loaded(), content, proof)
    except (UnsupportedAlgorithm, ValueError):  # the numbers are no key
        return False


def signature_holds(public: object, content: bytes, proof: bytes) -> bool:
    """Tell whether ``proof`` is a signature of ``content`` under a public key of the library. Never raises."""
    try:
        octets = Octets(proof)
        algorithm, signature = _SIGNED.get(octets.text("digest")), octets.block("signature")
        if algorithm is None:
            return False
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, content, padding.PKCS1v15(), algorithm)
        elif isinstance(public, dsa.DSAPublicKey):
            public.verify(signature, content, algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, content, ec.ECDSA(algorithm))
        else:
            return False
    except (BadOctets, InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def made_with_secret(secret: bytes, content: bytes, proof: bytes) -> bool:
    """Tell whether ``proof`` was made of ``content`` with ``secret``. Never raises."""
    kind, given = proof[:1], proof[1:]
    if not kind or kind[0] not in HashCode.__members__.values():
        return False
    code = HashCode(kind[0])
    if code in _PLAIN:
        expected = digest_of(code, secret + content + secret)
    elif code in _HMACS:
        expected = hmac.digest(secret, content, _HMACS[code])
    else:
        return _stretched(secret, content, given)
    return hmac.compare_digest(expected, given)


def proof_with_secret(secret: bytes, content: bytes, salt: bytes) -> bytes:
    """Return a proof of kind 0x22 with 10 000 rounds; ``salt`` is sixteen bytes of chance."""
    key = _stretched_key(secret, salt, 10_000, 160)
    tag = hmac.digest(key, content, "sha1")
    return (
        bytes([HashCode.PBKDF2_HMAC_SHA1])
        + block_octets(salt)
        + uint32_octets(10_000)
        + uint32_octets(160)
        + (block_octets(tag))
    )


def proof_with_signature(digest_name: str, signature: bytes) -> bytes:
    """Return the proof that carries a signature."""
    return text_octets(digest_name) + block_octets(signature)


def _stretched(secret: bytes, content: bytes, given: bytes) -> bool:
    try:
        octets = Octets(given)
        salt, rounds, bits = octets.block("salt"), octets.uint32("rounds"), octets.uint32("length of the key")
        tag = octets.block("tag")
        octets.finish("proof")
    except BadOctets:
        return False
    if not 0 < rounds <= MOST_ROUNDS or bits not in (128, 160, 256):
        return False
    expected = hmac.digest(_stretched_key(secret, salt, rounds, bits), content, "sha1")
    return hmac.compare_digest(expected, tag)


def _stretched_key(secret: bytes, salt: bytes, rounds: int, bits: int) -> bytes:
    # Writers in use take each byte of the secret for a letter, whose UTF-8 is what PBKDF2 sees.
    return hashlib.pbkdf2_hmac("sha1", secret.decode("latin-1").encode(), salt, rounds, bits // 8)
