"""Signed values: HS_SIGNATURE says which values of a record were signed, HS_CERT whose key may sign what.

Both are tokens (JWS, compact) stored as the data of values, ES256 or RS256.

    HS_SIGNATURE  {"digests": {"alg": "SHA-256", "digests": [{"index", "digest"}]}, "iss", "sub", "nbf", "exp", "iat"}
    HS_CERT       {"perms": [{"perm", "handle"}], "publicKey": JWK, "iss", "sub", "nbf", "exp", "iat"}

The digest of a value is taken over its native form without index and timestamp, base64. ``iss`` and the ``sub`` of a
certificate are identities ``index:handle``, the ``sub`` of a signature is the name of its record. A chain goes from the
signature over the certificates of its issuers to one that issued itself, which must be the agreed root with its key.
"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import new as new_digest
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from jialiang.formats.handle.keys import RsaKey, key_from_json, key_of
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.trust_reports import TrustReport as TrustReport
from jialiang.formats.handle.values import HandleReference, HandleValue, parsed_identity
from jialiang.formats.handle.wire.value_octets import value_octets

SIGNATURE_TYPE, CERTIFICATE_TYPE = "HS_SIGNATURE", "HS_CERT"
FIRST_INDEX = 400
ROOT_KEY = "t:root"
"""Key of the published answer that tells the public side whom this installation trusts."""
LONGEST_CHAIN = 6
LONGEST_TOKEN = 64 * 1024
DIGEST = "SHA-256"
EVERYTHING, DERIVED, UNDER, THIS = "everything", "derivedPrefixes", "handlesUnderThisPrefix", "thisHandle"
_DIGESTS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_NOT_DIGESTED = 8  # index and timestamp
_HALF = 32

SigningKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Sign = Callable[[bytes], bytes]
"""Signs bytes: ES256 as r and s of 32 bytes each, RS256 as PKCS #1 v1.5."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What a certified key may sign: ``perm`` is one of the four words, ``handle`` the prefix record or name meant."""

    perm: str
    handle: str = ""

    def covers(self, name: str) -> bool:
        """Tell whether a record of this name may be signed."""
        own, meant = folded(name), folded(self.handle)
        prefix = own.partition("/")[0]
        meant_prefix = meant.removeprefix("0.na/")
        if self.perm == EVERYTHING:
            return True
        if self.perm == THIS:
            return own == meant
        if self.perm == UNDER:
            return prefix == meant_prefix
        of_prefix = own.removeprefix("0.na/").partition("/")[0]
        return self.perm == DERIVED and bool(meant_prefix) and of_prefix.startswith(f"{meant_prefix}.")


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when, and when it was issued; seconds since 1970."""

    not_before: int
    expires: int
    issued: int

    def members(self) -> dict[str, int]:
        """Return the claims."""
        return {"nbf": self.not_before, "exp": self.expires, "iat": self.issued}


@dataclass(frozen=True, slots=True)
class Root:
    """The agreed root: its identity and its key."""

    identity: HandleReference
    key: SigningKey

    def body(self) -> bytes:
        """Return it as it is published under :data:`ROOT_KEY`."""
        told = {"identity": self.identity.text, "publicKey": key_to_json(self.key)}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a signature or a certificate says of itself; moments in seconds since 1970, 0 where it says none."""

    issuer: str
    subject: str
    not_before: int
    expires: int


def published_root(body: bytes) -> Root | None:
    """Return the root that was published as ``body``, None where it holds none."""
    told = json.loads(body)
    identity, key = parsed_identity(str(told.get("identity", ""))), _certified(told)
    return Root(identity, key) if identity is not None and key is not None else None


def value_digest(value: HandleValue, algorithm: str = DIGEST) -> str:
    """Return the digest of a value, base64. Raises KeyError for an algorithm that is not one of SHA-2."""
    digested = value_octets(value)[_NOT_DIGESTED:]
    return b64encode(new_digest(_DIGESTS[algorithm], digested).digest()).decode()


def signature_claims(
    name: str, values: Iterable[HandleValue], issuer: HandleReference, validity: Validity
) -> dict[str, Any]:
    """Return the claims of a signature over values of a record."""
    digests = [{"index": value.index, "digest": value_digest(value)} for value in values]
    claims = {"digests": {"alg": DIGEST, "digests": digests}, "iss": issuer.text, "sub": name}
    return claims | validity.members()


def certificate_claims(
    subject: HandleReference,
    key: SigningKey,
    permissions: Iterable[Permission],
    issuer: HandleReference,
    validity: Validity,
) -> dict[str, Any]:
    """Return the claims of a certificate for a key."""
    granted = [{"perm": own.perm} | ({"handle": own.handle} if own.handle else {}) for own in permissions]
    claims = {"perms": granted, "publicKey": key_to_json(key), "iss": issuer.text, "sub": subject.text}
    return claims | validity.members()


def token(claims: dict[str, Any], algorithm: str, sign: Sign) -> str:
    """Return claims as a signed token; ``algorithm`` is ES256 or RS256."""
    parts = ({"alg": algorithm, "typ": "JWT"}, claims)
    signed = b".".join(
        _encoded(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()) for part in parts
    )
    return (signed + b"." + _encoded(sign(signed))).decode()


def judged(
    name: str,
    values: Sequence[HandleValue],
    signature: str,
    certificates: Sequence[str],
    *,
    root: Root,
    now: int,
) -> TrustReport:
    """Return what a signature over values of a record is worth. Never raises.

    ``certificates`` is the chain: that of the issuer of the signature first, the root's own last.
    """
    claims = claims_in(signature)
    findings: list[Finding] = []
    if claims is None:
        return TrustReport((Finding("no_token"),), signature=signature)
    if folded(str(claims.get("sub", ""))) != folded(name):
        findings.append(Finding("another_record"))
    if not _in_time(claims, now):
        findings.append(Finding("signature_not_in_force"))
    findings += _chain_findings(name, signature, claims, certificates, root, now)
    found = _compared(values, claims, findings)
    return replace(found, signature=signature, chain=tuple(certificates))


def issuer_of(text: str) -> HandleReference | None:
    """Return who issued a token, None where it names nobody."""
    claims = claims_in(text)
    return parsed_identity(str(claims.get("iss", ""))) if claims else None


def token_facts(text: str) -> TokenFacts | None:
    """Return what a token says of itself, None where it cannot be read."""
    claims = claims_in(text)
    if claims is None:
        return None
    begins, ends = (claims.get(name) if type(claims.get(name)) is int else 0 for name in ("nbf", "exp"))
    return TokenFacts(str(claims.get("iss", "")), str(claims.get("sub", "")), begins or 0, ends or 0)


def says(name: str, values: Sequence[HandleValue], signature: str) -> bool:
    """Tell whether a signature is of exactly these values of a record, whoever made it and whenever."""
    claims = claims_in(signature)
    if claims is None or folded(str(claims.get("sub", ""))) != folded(name):
        return False
    return _compared(values, claims, []).is_trusted


def still_covers(name: str, values: Sequence[HandleValue], signature: str, key: SigningKey, now: int) -> bool:
    """Tell whether a signature by ``key`` is in force and says exactly these values, so that none newer is needed."""
    claims = claims_in(signature)
    in_force = claims is not None and _in_time(claims, now)
    return in_force and says(name, values, signature) and is_signed_by(signature, key)


def issued_itself(text: str) -> bool:
    """Tell whether a certificate was issued by its own subject."""
    claims = claims_in(text)
    return claims is not None and folded(str(claims.get("iss"))) == folded(str(claims.get("sub")))


def certified_key(text: str) -> SigningKey | None:
    """Return the key that a certificate is about, None where it has none."""
    claims = claims_in(text)
    return _certified(claims) if claims else None


def certified_permissions(text: str) -> tuple[Permission, ...]:
    """Return what a certificate permits."""
    claims = claims_in(text)
    return tuple(_permissions(claims)) if claims else ()


def key_to_json(key: SigningKey) -> dict[str, str]:
    """Return a public key as JSON web key."""
    if isinstance(key, rsa.RSAPublicKey):
        return key_of(key).to_json()
    numbers = key.public_numbers()
    x, y = (_encoded(part.to_bytes(_HALF, "big")).decode() for part in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def raw_es256(der: bytes) -> bytes:
    """Return a signature of ECDSA in the form of ES256."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def _chain_findings(
    name: str, signature: str, claims: dict[str, Any], certificates: Sequence[str], root: Root, now: int
) -> list[Finding]:
    if not 0 < len(certificates) <= LONGEST_CHAIN:
        return [Finding("chain_too_long" if certificates else "no_chain")]
    findings: list[Finding] = []
    below, below_claims = signature, claims
    for at, text in enumerate(certificates, start=1):
        own = claims_in(text)
        key = _certified(own) if own else None
        if own is None or key is None:
            return [*findings, Finding("certificate_unreadable", at)]
        if folded(str(own.get("sub", ""))) != folded(str(below_claims.get("iss", ""))):
            findings.append(Finding("certificate_of_another", at))
        if not is_signed_by(below, key):
            findings.append(Finding("not_signed_by_key", at))
        if not _in_time(own, now):
            findings.append(Finding("certificate_not_in_force", at))
        if not any(permission.covers(name) for permission in _permissions(own)):
            findings.append(Finding("not_permitted", at))
        below, below_claims = text, own
    return findings + _root_findings(below, below_claims, root)


def _root_findings(last: str, claims: dict[str, Any], root: Root) -> list[Finding]:
    if not issued_itself(last):
        return [Finding("no_root_at_end")]
    key = _certified(claims)
    if key is None or not is_signed_by(last, key):
        return [Finding("root_not_self_signed")]
    agreed = folded(str(claims["sub"])) == folded(root.identity.text) and key_to_json(key) == key_to_json(
        root.key
    )
    return [] if agreed else [Finding("foreign_root")]


def _compared(values: Sequence[HandleValue], claims: dict[str, Any], findings: list[Finding]) -> TrustReport:
    digests = claims.get("digests")
    rows = digests.get("digests") if isinstance(digests, dict) else None
    algorithm = str(digests.get("alg")) if isinstance(digests, dict) else ""
    if algorithm not in _DIGESTS or not isinstance(rows, list):
        return TrustReport((*findings, Finding("no_digests")))
    signed = {
        row["index"]: row.get("digest")
        for row in rows
        if isinstance(row, dict) and type(row.get("index")) is int  # no list, which is no key, and not true
    }
    there = {value.index: value for value in values if folded(value.type) != folded(SIGNATURE_TYPE)}
    same = {index: value_digest(value, algorithm) == signed.get(index) for index, value in there.items()}
    return TrustReport(
        tuple(findings),
        verified=tuple(sorted(index for index, holds in same.items() if holds)),
        changed=tuple(sorted(index for index, holds in same.items() if not holds and index in signed)),
        missing=tuple(sorted(index for index in signed if index not in there)),
        unsigned=tuple(sorted(index for index in there if index not in signed)),
    )


def _permissions(claims: dict[str, Any]) -> list[Permission]:
    rows = claims.get("perms")
    if not isinstance(rows, list):
        return []
    return [
        Permission(str(row.get("perm", "")), str(row.get("handle", "")))
        for row in rows
        if isinstance(row, dict)
    ]


def _in_time(claims: dict[str, Any], now: int) -> bool:
    begins, ends = claims.get("nbf", 0), claims.get("exp")
    return isinstance(begins, int) and isinstance(ends, int) and begins <= now < ends


def claims_in(text: str) -> dict[str, Any] | None:
    """Return the claims of a token, None where it is none."""
    parts = _parts(text)
    if parts is None:
        return None
    try:
        claims = json.loads(parts[1])
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _parts(text: str) -> tuple[bytes, bytes, bytes] | None:
    pieces = text.split(".")
    if len(pieces) != 3 or len(text) > LONGEST_TOKEN:
        return None
    try:
        header, payload, signature = (urlsafe_b64decode(piece + "=" * (-len(piece) % 4)) for piece in pieces)
    except ValueError:
        return None
    return header, payload, signature


def is_signed_by(text: str, key: SigningKey) -> bool:
    """Tell whether a token was signed with a key, by the algorithm that belongs to the key."""
    parts = _parts(text)
    if parts is None:
        return False
    signed = text.rpartition(".")[0].encode()
    try:
        header = json.loads(parts[0])
        algorithm = header.get("alg") if isinstance(header, dict) else None
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(parts[2], signed, padding.PKCS1v15(), hashes.SHA256())
            return algorithm == "RS256"
        if len(parts[2]) != 2 * _HALF:
            return False
        r, s = (int.from_bytes(half, "big") for half in (parts[2][:_HALF], parts[2][_HALF:]))
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, RecursionError):
        return False
    return algorithm == "ES256"


def _certified(claims: dict[str, Any]) -> SigningKey | None:
    member = claims.get("publicKey")
    try:
        if isinstance(member, dict) and member.get("kty") == "EC" and member.get("crv") == "P-256":
            x, y = (int.from_bytes(urlsafe_b64decode(str(member[name]) + "=="), "big") for name in ("x", "y"))
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        key = key_from_json(member)
        return key.loaded() if isinstance(key, RsaKey) else None
    except (ValueError, KeyError):
        return None


def _encoded(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def chain_of(signature: str) -> Generator[HandleReference, str | None, tuple[str, ...]]:
    """Go from a signature up to a root: yields the identity whose certificate is wanted, and is sent its text or None.

    Returns the chain for :func:`judged`, as far as it was found.
    """
    chain: list[str] = []
    below = signature
    while len(chain) <= LONGEST_CHAIN:
        issuer = issuer_of(below)
        if issuer is None:
            break
        text = yield issuer
        if text is None:
            break
        chain.append(text)
        if issued_itself(text):
            break
        below = text
    return tuple(chain)


def certificate_in(values: Iterable[HandleValue], index: int) -> str | None:
    """Return the certificate under an index of a record's values, None where there is none."""
    for value in values:
        if value.index == index and value.has_type(CERTIFICATE_TYPE):
            return value.text
    return None


def signatures_in(values: Iterable[HandleValue]) -> list[str]:
    """Return the signatures among values."""
    return [value.text or "" for value in values if value.has_type(SIGNATURE_TYPE)]


def best(reports: Iterable[TrustReport]) -> TrustReport:
    """Return the report of a signature that may be trusted, else the first; without any, that there is none."""
    given = list(reports)
    trusted = next((report for report in given if report.is_trusted), None)
    return trusted or (given[0] if given else TrustReport((Finding("no_signature"),)))
