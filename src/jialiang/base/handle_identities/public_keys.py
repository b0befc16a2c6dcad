"""Public keys of identities: read from PEM or JWK (RFC 7517), kept as PEM of SubjectPublicKeyInfo."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from jialiang.base.handle_identities.errors import BadPublicKey
from jialiang.kernel.text import Text

PublicKey = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey
LEAST_RSA_BITS, MOST_RSA_BITS = 2048, 8192
LONGEST_KEY = 16_384


def checked_public_key(given: str | Mapping[str, Any]) -> PublicKey:
    """Return the public key in a PEM or JWK (text or object): RSA from 2048 bits, EC on P-256, Ed25519.

    Raises :class:`BadPublicKey`; a private key is refused as such, so that its owner learns that it was shown.
    """
    if isinstance(given, Mapping):
        return _checked(_from_jwk(given))
    text = given.strip()
    if len(text) > LONGEST_KEY:
        raise _bad(f"超过 {LONGEST_KEY} 个字符", f"it has more than {LONGEST_KEY} letters")
    if text.startswith("{"):
        return _checked(_from_jwk(_parsed(text)))
    if "PRIVATE KEY" in text:
        raise _private()
    try:
        return _checked(load_pem_public_key(text.encode()))
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise _bad("不是 PEM 公钥或 JWK", "it is neither a public key in PEM nor a JWK") from problem


def pem_of(key: PublicKey) -> str:
    """Return the key as ``BEGIN PUBLIC KEY``."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def key_of_pem(pem: str) -> PublicKey:
    """Return the key that :func:`pem_of` wrote."""
    return _checked(load_pem_public_key(pem.encode("ascii")))


def described(key: PublicKey) -> str:
    """Return algorithm and size as people say them: ``RSA 2048``, ``EC P-256``, ``Ed25519``."""
    if isinstance(key, RSAPublicKey):
        return f"RSA {key.key_size}"
    return "EC P-256" if isinstance(key, EllipticCurvePublicKey) else "Ed25519"


def _checked(key: object) -> PublicKey:
    if isinstance(key, RSAPublicKey):
        if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
            bits, least, most = key.key_size, LEAST_RSA_BITS, MOST_RSA_BITS
            raise _bad(
                f"RSA {bits} 位，应为 {least} 至 {most} 位",
                f"RSA of {bits} bits; {least} to {most} are taken",
            )
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise _unknown_kind()


def _from_jwk(jwk: Mapping[str, Any]) -> object:
    if "d" in jwk or jwk.get("kty") == "oct":
        raise _private()
    kind, curve = jwk.get("kty"), jwk.get("crv")
    try:
        if kind == "RSA":
            return RSAPublicNumbers(_integer(jwk["e"]), _integer(jwk["n"])).public_key()
        if (kind, curve) == ("EC", "P-256"):
            return EllipticCurvePublicNumbers(
                _integer(jwk["x"]), _integer(jwk["y"]), SECP256R1()
            ).public_key()
        if (kind, curve) == ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(_octets(jwk["x"]))
    except KeyError as missing:
        raise _bad(f"JWK 缺少 {missing}", f"the JWK lacks {missing}") from missing
    except (ValueError, TypeError) as problem:
        raise _bad("JWK 的数值不成立", "the numbers of the JWK do not hold") from problem
    raise _unknown_kind()


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise _bad("不是有效的 JSON", "it is not JSON") from problem
    return found if isinstance(found, Mapping) else {}


def _integer(text: object) -> int:
    return int.from_bytes(_octets(text), "big")


def _octets(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError("a number of a JWK is base64url text")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as problem:
        raise ValueError(str(problem)) from problem


def _unknown_kind() -> BadPublicKey:
    return _bad("只接受 RSA、EC P-256 和 Ed25519", "RSA, EC P-256 and Ed25519 are taken")


def _private() -> BadPublicKey:
    return _bad(
        "这是私钥；私钥不得外传，请立即更换", "it is a private key; it must never be shown, replace it now"
    )


def _bad(zh: str, en: str) -> BadPublicKey:
    return BadPublicKey(reason=Text(zh, en))
