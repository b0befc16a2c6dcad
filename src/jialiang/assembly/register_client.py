"""Ask an installation over the network what its register and its revocation list say; only the command line does."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from base64 import b64decode
from datetime import datetime
from http.client import HTTPException
from typing import Any

from cryptography import x509

from jialiang.formats.authenticity.examination import Examination
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.kernel.errors import Unavailable
from jialiang.kernel.text import Text

SECONDS = 15
LARGEST_ANSWER = 50 * 1024 * 1024
LARGEST_LIST = 20 * 1024 * 1024
PATH = "/api/v1/register"
REVOCATION_PATH = "/api/v1/trust/crl"


class RegisterSilent(Unavailable):
    """The register at the address given did not answer as it should."""

    code = "JL-CLI-004"


class RevocationListSilent(Unavailable):
    """The installation at the address given did not hand out a revocation list that can be read."""

    code = "JL-CLI-005"


def revocation_list(address: str) -> x509.CertificateRevocationList:
    """Fetch the revocation list that the installation at ``address`` publishes. Raises RevocationListSilent.

    Whose list it is, whether its issuer signed it and whether it is fresh is judged where it is used.
    """
    url = address.rstrip("/") + REVOCATION_PATH
    try:
        return x509.load_der_x509_crl(_fetched(url, LARGEST_LIST))
    except (OSError, HTTPException, ValueError) as problem:
        raise RevocationListSilent(address=address, reason=str(problem)) from problem


def register_facts(address: str, examination: Examination) -> RegisterFacts:
    """Ask ``address`` (https://host) by the digests of the file and its identifier. Raises RegisterSilent."""
    asked = {
        "sha256": examination.sha256,
        "content_digest": examination.content_digest,
        "identifier": examination.identifier,
    }
    query = urllib.parse.urlencode({name: text for name, text in asked.items() if text})
    url = f"{address.rstrip('/')}{PATH}?{query}"
    try:
        return facts_from_json(json.loads(_fetched(url, LARGEST_ANSWER)))
    except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise RegisterSilent(address=address, reason=str(problem)) from problem


def _fetched(url: str, largest: int) -> bytes:
    """Return the bytes behind an address. Raises OSError, HTTPException, ValueError for another scheme or too many."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("http(s)://…")
    with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 the scheme was checked
        data: bytes = answer.read(largest + 1)
    if len(data) > largest:
        raise ValueError(f"> {largest} bytes")
    return data


def facts_from_json(data: dict[str, Any]) -> RegisterFacts:
    """Read the register's word; ``issued_xml`` comes in base 64."""
    return RegisterFacts(
        status=data["status"],
        since=datetime.fromisoformat(data["since"]) if data.get("since") else None,
        reason=Text.from_json(data.get("reason") or {}),
        superseded_by=data.get("superseded_by", ""),
        due_date=data.get("due_date", ""),
        time_zone=data.get("time_zone", ""),
        kind=data.get("kind", ""),
        issued_digests=tuple(data.get("issued_digests", ())),
        issued_content_digest=data.get("issued_content_digest", ""),
        issued_xml=b64decode(data["issued_xml"]) if data.get("issued_xml") else None,
    )
