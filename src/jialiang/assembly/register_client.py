"""Ask an installation over the network what its register says of a file; only the command line does this."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64decode
from datetime import datetime
from typing import Any

from jialiang.formats.authenticity.examination import Examination
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.kernel.errors import Unavailable
from jialiang.kernel.text import Text

SECONDS = 15
LARGEST_ANSWER = 50 * 1024 * 1024
PATH = "/api/v1/register"


class RegisterSilent(Unavailable):
    """The register at the address given did not answer as it should."""

    code = "JL-CLI-004"


def register_facts(address: str, examination: Examination) -> RegisterFacts:
    """Ask ``address`` (https://host) by the digests of the file and its identifier. Raises RegisterSilent."""
    asked = {
        "sha256": examination.sha256,
        "content_digest": examination.content_digest,
        "identifier": examination.identifier,
    }
    query = urllib.parse.urlencode({name: text for name, text in asked.items() if text})
    url = f"{address.rstrip('/')}{PATH}?{query}"
    if not url.startswith(("https://", "http://")):
        raise RegisterSilent(address=address, reason="http(s)://…")
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 the scheme was checked
            return facts_from_json(json.loads(answer.read(LARGEST_ANSWER)))
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError, TypeError) as problem:
        raise RegisterSilent(address=address, reason=str(problem)) from problem


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
