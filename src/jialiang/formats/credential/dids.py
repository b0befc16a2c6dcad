"""Decentralized identifiers as far as a credential needs them: their form, and that of did:web."""

from __future__ import annotations

import re
from urllib.parse import quote

from jialiang.formats.credential.errors import IssuerNotADid

_DID = re.compile(
    r"did:[a-z0-9]+:(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+"
)
USUAL_METHODS = ("web", "webvh")


def is_did(text: str) -> bool:
    """Whether a text is a DID (W3C DID Core, 3.1), without path or fragment."""
    return _DID.fullmatch(text) is not None


def method_of(did: str) -> str:
    """Return the method of a DID: ``web`` of ``did:web:example.org``."""
    return did.split(":")[1]


def did_web(domain: str, *path: str) -> str:
    """Return the DID of a domain (a port may follow) and a path below it. Raises IssuerNotADid."""
    did = ":".join(("did:web", quote(domain, safe=""), *(quote(each, safe="") for each in path)))
    if not domain or not is_did(did):
        raise IssuerNotADid(issuer=did[:80])
    return did
