"""Addresses in the letters of a URI."""

from __future__ import annotations

from urllib.parse import quote

_AS_THEY_STAND = "%/:=&?~#+!$,;'@()*[]-._"


def plain_uri(address: str) -> str:
    """Return an address as a URI (RFC 3986): every letter that a URI cannot hold is percent-encoded, once."""
    return quote(address, safe=_AS_THEY_STAND)
