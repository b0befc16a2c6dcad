"""Who vouches for a report: a token (JWT) over its digest, beside the file or in a header of the call.

    {"iss": "400:88.111.5/0.0", "node", "kind", "day", "revision", "digest": "sha-256:<hex of the gzip>", "iat"}

The algorithm belongs to the key: ES256 for P-256, which is what authorities of this software have, RS256 for RSA.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jialiang.formats.handle.trust import SigningKey, claims_in, is_signed_by
from jialiang.formats.handle.values import HandleReference
from jialiang.formats.node_report.header import NodeReportHeader

DIGEST = "sha-256:"


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What a signature says of itself, and whether it speaks of this report and holds with this key."""

    issuer: str
    of_this_report: bool
    holds: bool


def report_claims(
    header: NodeReportHeader, digest: str, issuer: HandleReference, now: datetime
) -> dict[str, Any]:
    """Return the claims about a report whose gzip has the SHA-256 ``digest`` (hexadecimal)."""
    return {"iss": issuer.text, **_spoken_of(header, digest), "iat": int(now.timestamp())}


def judged(signature: str, header: NodeReportHeader, digest: str, key: SigningKey | None) -> SignatureFacts | None:
    """Return what a signature is worth, None where it is no token. Without a key it does not hold. Never raises."""
    claims = claims_in(signature)
    if claims is None:
        return None
    about = {name: claims.get(name) for name in _spoken_of(header, digest)}
    holds = key is not None and is_signed_by(signature, key)
    return SignatureFacts(str(claims.get("iss", "")), about == _spoken_of(header, digest), holds)


def _spoken_of(header: NodeReportHeader, digest: str) -> dict[str, Any]:
    return {
        "node": header.node,
        "kind": header.kind,
        "day": header.day.isoformat(),
        "revision": header.revision,
        "digest": DIGEST + digest,
    }
