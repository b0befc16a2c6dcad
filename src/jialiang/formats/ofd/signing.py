"""The port for signing an OFD: what a signer is asked for, and the digests that its signature has to list.

No signer comes with the house. In the signed samples of another maker ``OFD.xml`` names the list of signatures before
anything is digested, and every part is referred to but the list, the signature file and the signed value.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

SM3_WITH_SM2 = "1.2.156.10197.1.501"
"""How the samples name the method of signing."""


@dataclass(frozen=True, slots=True)
class DigestReference:
    """A part and its digest, as ``Reference`` and ``CheckValue`` of a signature file state them."""

    part: str
    digest: bytes

    @property
    def location(self) -> str:
        """The part counted from the root of the container."""
        return f"/{self.part}"

    @property
    def check_value(self) -> str:
        """The digest in Base64."""
        return base64.b64encode(self.digest).decode("ascii")


class OfdSigner(Protocol):
    """Who signs an OFD: a key in a device, or a signing service.

    ``check_method`` names the digest (``SM3`` in the samples), ``signature_method`` the method of signing.
    """

    check_method: str
    signature_method: str

    def digest(self, data: bytes) -> bytes:
        """Return the digest of a part."""

    def signed_value(self, signature_file: bytes, location: str) -> bytes:
        """Return the signed value over the bytes of the signature file that lies at ``location``."""


def digest_references(
    parts: Mapping[str, bytes], digest: Callable[[bytes], bytes], besides: Collection[str]
) -> tuple[DigestReference, ...]:
    """Return the references over all parts, in their order, but for those of the signature itself (``besides``)."""
    return tuple(DigestReference(part, digest(data)) for part, data in parts.items() if part not in besides)
