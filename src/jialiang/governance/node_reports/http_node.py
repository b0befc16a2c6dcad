"""The node above as an installation of this software: its REST interface."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from jialiang.formats.node_report.header import MEDIA_TYPE
from jialiang.governance.node_reports.errors import UpperNodeForbids, UpperNodeRefuses, UpperNodeSilent
from jialiang.governance.node_reports.http_call import Answer, call
from jialiang.governance.node_reports.port import OutgoingApplication, OutgoingReport
from jialiang.kernel.text import Text

REPORTS, APPLICATIONS = "/api/v1/node-reports", "/api/v1/prefix-applications"
SECONDS_TO_REACH = 5.0
LATER = frozenset({405, 408, 425, 429})
ADDRESS_UNKNOWN = "JL-API-004"
LONGEST_SAYING = 1000


class HttpUpperNode:
    """The adapter: ``token`` reports, ``account_token`` applies for prefixes. Neither is ever shown."""

    def __init__(self, address: str, node: str, *, token: str, account_token: str = "") -> None:
        self._address = address.rstrip("/")
        self._node = node
        self._token = token
        self._account_token = account_token or token

    @property
    def address(self) -> str:
        """Return the address that is set."""
        return self._address

    def reach(self) -> None:
        """Ask for the receipts of this node."""
        query = urlencode({"node": self._node})
        answer = call(
            self._address, "GET", f"{REPORTS}?{query}", headers=self._headers(self._token), seconds=SECONDS_TO_REACH
        )
        self._judged(answer)

    def send(self, report: OutgoingReport) -> Mapping[str, Any]:
        """Hand in a report; a receipt for other bytes is none."""
        digest = b64encode(bytes.fromhex(report.sha256)).decode()
        headers = self._headers(self._token) | {
            "Content-Type": MEDIA_TYPE,
            "Content-Digest": f"sha-256=:{digest}:",
        }
        headers |= {"Report-Signature": report.signature} if report.signature else {}
        receipt = self._judged(call(self._address, "POST", REPORTS, headers=headers, body=report.data))
        if not isinstance(receipt, dict) or report.sha256 not in str(receipt.get("digest", "")):
            raise UpperNodeSilent(address=self._address, reason="the receipt is not for these bytes")
        return receipt

    def apply(self, application: OutgoingApplication) -> Mapping[str, Any]:
        """Hand in an application with its documents."""
        boundary = secrets.token_hex(16)
        headers = self._headers(self._account_token) | {
            "Content-Type": f"multipart/form-data; boundary={boundary}"
        }
        body = form_data(application, boundary)
        return self._object(self._judged(call(self._address, "POST", APPLICATIONS, headers=headers, body=body)))

    def applications(self) -> Sequence[Mapping[str, Any]]:
        """Ask for the newest applications, one page."""
        headers = self._headers(self._account_token)
        answer = call(self._address, "GET", APPLICATIONS, headers=headers, seconds=SECONDS_TO_REACH)
        members = self._object(self._judged(answer)).get("members")
        if not isinstance(members, list):
            raise UpperNodeSilent(address=self._address, reason="no list of applications")
        return [self._object(each) for each in members]

    def _headers(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def _judged(self, answer: Answer) -> Any:
        """Return what a success holds. Raises what a failure means."""
        if answer.status in (200, 201):
            return answer.document()
        told = {"address": self._address, "status": answer.status, "said": _said(answer)}
        if answer.status in (401, 403):
            raise UpperNodeForbids(**told)
        if answer.status in LATER or not 400 <= answer.status < 500 or _is_no_address(answer):
            raise UpperNodeSilent(address=self._address, reason=f"HTTP {answer.status}")
        raise UpperNodeRefuses(**told)

    def _object(self, document: Any) -> Mapping[str, Any]:
        if not isinstance(document, dict):
            raise UpperNodeSilent(address=self._address, reason="no object of JSON")
        return document


def form_data(application: OutgoingApplication, boundary: str) -> bytes:
    """Return an application as ``multipart/form-data`` (RFC 7578)."""
    members = {
        "parent": application.parent,
        "purpose": application.purpose,
        "wished_code": application.wished_code,
    }
    parts = [_part(f'name="{name}"', text.encode()) for name, text in members.items()]
    parts += [
        _part(f'name="file"; filename="{_quoted(each.name)}"', each.data, "application/octet-stream")
        for each in application.documents
    ]
    between = f"--{boundary}\r\n".encode()
    return b"".join(between + part for part in parts) + f"--{boundary}--\r\n".encode()


def _part(disposition: str, data: bytes, media_type: str = "") -> bytes:
    kind = f"Content-Type: {media_type}\r\n" if media_type else ""
    return f"Content-Disposition: form-data; {disposition}\r\n{kind}\r\n".encode() + data + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace("\\", "_").replace('"', "%22").replace("\r", " ").replace("\n", " ")


def _is_no_address(answer: Answer) -> bool:
    """Tell whether nothing stands at the address, which may change; a thing that is named and unknown is refused."""
    document = answer.document()
    code = document.get("code", ADDRESS_UNKNOWN) if isinstance(document, dict) else ADDRESS_UNKNOWN
    return answer.status == 404 and code == ADDRESS_UNKNOWN


def _said(answer: Answer) -> Text:
    """Return what the other side says of a failure, in both languages where it has them."""
    document = answer.document()
    members = document if isinstance(document, dict) else {}
    pairs = (members.get(name) for name in ("what", "detail", "title"))
    for each in pairs:
        if isinstance(each, dict):
            return Text(str(each.get("zh", ""))[:LONGEST_SAYING], str(each.get("en", ""))[:LONGEST_SAYING])
        if isinstance(each, str) and each:
            return Text(each[:LONGEST_SAYING], each[:LONGEST_SAYING])
    shown = json.dumps(answer.body[:80].decode("utf-8", "replace"), ensure_ascii=False)
    return Text(shown, shown)
