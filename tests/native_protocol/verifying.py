"""A client that verifies a signed answer by itself, written from the reference alone: nothing of the product is used.

The digest of a value is SHA-256 over its native form behind index and timestamp, base64. Tokens are compact JWS; their
signatures are verified by PyJWT. The client knows one root: its identity and its key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any

import jwt
from tests.native_protocol.client import Client, Value, block

LONGEST = 6


class Rejected(Exception):
    """The answer is not to be trusted; the text says why."""


def digest_of(value: Value) -> str:
    """Digest of what a value says: kind of its time to live, that time, rights, type, data and references."""
    head = struct.pack(">BIB", value.ttl_kind, value.ttl, value.permissions)
    references = b"".join(block(name) + struct.pack(">I", index) for name, index in value.references)
    rest = block(value.type) + block(value.data) + struct.pack(">I", len(value.references)) + references
    return base64.b64encode(hashlib.sha256(head + rest).digest()).decode()


def verify(client: Client, name: str, root: tuple[str, dict[str, str]], now: float) -> list[int]:
    """Return the indexes of the values that are signed and unchanged. Raises Rejected."""
    _, values = client.resolve(name, flags=0).record()
    signatures = [value.data.decode() for value in values if value.type == "HS_SIGNATURE"]
    if not signatures:
        raise Rejected("no signature")
    claims = _claims(signatures[0])
    if claims["sub"].lower() != name.lower():
        raise Rejected("another record")
    chain = list(_chain(client, claims["iss"]))
    _check_chain(signatures[0], claims, chain, root, name, now)
    listed = {row["index"]: row["digest"] for row in claims["digests"]["digests"]}
    there = {value.index: value for value in values if value.type != "HS_SIGNATURE"}
    if set(listed) != set(there):
        raise Rejected("values come or go")
    for index, value in there.items():
        if listed[index] != digest_of(value):
            raise Rejected(f"value {index} changed")
    return sorted(there)


def _chain(client: Client, issuer: str) -> Any:
    for _ in range(LONGEST):
        index, _, handle = issuer.partition(":")
        response = client.resolve(handle, (int(index),))
        if response.code != 1:
            raise Rejected(f"no certificate {issuer}")
        (value,) = response.record()[1]
        text = value.data.decode()
        yield text
        above = _claims(text)["iss"]
        if above == issuer:
            return
        issuer = above
    raise Rejected("chain too long")


def _check_chain(
    signature: str, claims: dict[str, Any], chain: list[str], root: tuple[str, dict[str, str]], name: str, now: float
) -> None:
    below, below_claims = signature, claims
    for text in [*chain, chain[-1]]:
        own = _claims(text)
        _in_time(below_claims, now)
        if own["sub"] != below_claims["iss"]:
            raise Rejected("certificate of another")
        if not any(_covers(permission, name) for permission in own["perms"]):
            raise Rejected("not permitted")
        try:
            jwt.decode(below, jwt.PyJWK(own["publicKey"]).key, algorithms=["ES256"], options=_NO_TIMES)
        except jwt.InvalidSignatureError as problem:
            raise Rejected("wrong key") from problem
        below, below_claims = text, own
    if (below_claims["sub"], below_claims["publicKey"]) != root:
        raise Rejected("foreign root")


_NO_TIMES: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_sub": False}
_ABOVE: dict[str, Callable[[str, str], bool]] = {
    "everything": lambda _prefix, _own: True,
    "handlesUnderThisPrefix": lambda prefix, own: own == prefix,
    "derivedPrefixes": lambda prefix, own: own.startswith(f"{prefix}."),
}


def _covers(permission: dict[str, str], name: str) -> bool:
    meant = permission.get("handle", "")
    if permission["perm"] == "thisHandle":
        return meant.lower() == name.lower()
    return _ABOVE[permission["perm"]](meant.removeprefix("0.NA/"), name.partition("/")[0])


def _in_time(claims: dict[str, Any], now: float) -> None:
    if not claims["nbf"] <= now < claims["exp"]:
        raise Rejected(f"not in force: {claims['sub']}")


def _claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return told
