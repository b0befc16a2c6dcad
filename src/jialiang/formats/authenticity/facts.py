"""What a register of certificates says about one of them: it comes in as a plain value, from a base or a URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from jialiang.kernel.text import Text

RegisterStatus = Literal["in_force", "superseded", "withdrawn", "not_registered"]


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """The register's word on a certificate.

    ``issued_digests`` are the SHA-256 (hexadecimal) of every file that was issued: the XML and each PDF.
    ``issued_content_digest`` is that of the signed content in canonical form (``Examination.content_digest``).
    ``issued_xml``, where the register hands it out, lets the checker say what differs. ``due_date`` (ISO 8601, in
    ``time_zone``) is empty unless the kind has one by law or it was agreed.
    """

    status: RegisterStatus
    since: datetime | None = None
    reason: Text = Text()
    superseded_by: str = ""
    due_date: str = ""
    time_zone: str = ""
    kind: str = ""
    issued_digests: tuple[str, ...] = ()
    issued_content_digest: str = ""
    issued_xml: bytes | None = None
