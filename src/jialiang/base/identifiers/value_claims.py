"""What the values of unique items take: each stands in one record of its prefix and template that is not retired.

A record that is retired lets its values go, as it does its codes: a serial number that was registered under a wrong
name can be registered anew, while the name itself is never given again.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import unique_data
from jialiang.formats.identifier_templates.items import RecordTemplate

OCTETS = 24  # 192 bits, 32 letters, as the digest of a name


@dataclass(frozen=True, slots=True, order=True)
class ValueClaim:
    """What one value takes: ``scope`` stands for prefix and template, ``digest`` for the index and the data."""

    scope: str
    digest: str
    index: int


def claims_of(template: RecordTemplate, values: Sequence[HandleValue]) -> tuple[ValueClaim, ...]:
    """Return what the values of a record by a template take."""
    scope = scope_of(template.prefix, template.code)
    return tuple(
        ValueClaim(scope, _letters(str(index).encode(), data), index) for index, data in unique_data(template, values)
    )


def scope_of(prefix: str, code: str) -> str:
    """Return 32 letters that stand for a version of a template under a prefix, in whichever case this is written."""
    return _letters(folded(prefix).encode("utf-8", "surrogatepass"), code.encode("utf-8", "surrogatepass"))


def by_scope(claims: Iterable[ValueClaim]) -> dict[str, list[str]]:
    """Return the digests of claims by their scopes, each in one order."""
    found: dict[str, list[str]] = {}
    for claim in sorted(set(claims)):
        found.setdefault(claim.scope, []).append(claim.digest)
    return found


def _letters(*parts: bytes) -> str:
    digest = sha256(b"\0".join(parts)).digest()
    return urlsafe_b64encode(digest[:OCTETS]).decode("ascii")
