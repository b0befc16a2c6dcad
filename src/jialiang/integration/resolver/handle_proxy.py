"""``GET /<prefix>/<suffix>``: sends a person on to what an identifier names, or shows what is registered.

| asked                                  | answered                                                             |
|----------------------------------------|----------------------------------------------------------------------|
| a page, or nothing in particular       | 302 to a location (10320/loc), else to the URL, else the page         |
| ``noredirect``, or no address in values| the page                                                             |
| Accept: application/ld+json            | 302 to a location for data (http_role conneg), else JSON-LD           |
| Accept: application/json               | the same, else Handle JSON                                           |
| a name that is not there               | 404 with a page; with a slash at its end, a link to the name without |

``index`` and ``type`` choose values, ``locatt`` chooses a location, ``urlappend`` is written behind the address, as
long as it stays an address of the same host.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import random
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from zlib import crc32

from jialiang.formats.handle.json_values import compact
from jialiang.formats.handle.locations import (
    LOCATIONS_TYPE,
    LocationWishes,
    chosen_location,
    read_locations,
    wished_attribute,
)
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.trust_reports import TrustReport
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.identifier_page.linked_data import linked_data
from jialiang.formats.identifier_page.page import (
    CertificateSeen,
    PageFrame,
    http_link,
    message_page,
    record_page,
)
from jialiang.integration.resolver.handle_questions import BadQuestion, handle_question
from jialiang.integration.resolver.handle_reads import (
    COMPARED,
    EXPOSED,
    HANDLES,
    JSON,
    OPEN,
    SAFE,
    Reply,
    holds_tag,
    http_address,
    outcome,
)
from jialiang.integration.resolver.handover import Scope
from jialiang.integration.resolver.held_rows import HeldRow
from jialiang.integration.resolver.last_certificates import LastCertificates
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.page_headers import (
    LD_JSON,
    PAGE_HEADERS,
    Form,
    frame_of,
    wanted_form,
)
from jialiang.integration.resolver.resolving import Refusal, Resolver
from jialiang.kernel.uris import plain_uri

_MESSAGES = {
    ResponseCode.HANDLE_NOT_FOUND: "not_found",
    ResponseCode.SERVER_NOT_RESPONSIBLE: "not_ours",
    ResponseCode.PREFIX_REFERRAL: "not_ours",
    ResponseCode.INVALID_HANDLE: "bad_name",
}
Counted = tuple[Reply, str, str]
"""The reply, what it is counted as (``redirect`` or ``page``), and how it came out."""


class HandleProxy:
    """Answers names; ``root`` is the public address of the installation, ``chance`` chooses among equal locations."""

    def __init__(
        self,
        resolver: Resolver,
        root: str,
        *,
        today: Callable[[], str],
        chance: Callable[[], float] = random,
        certificates: LastCertificates | None = None,
        trust: PublishedTrust | None = None,
    ) -> None:
        """``certificates`` tells the verdict on the certificate that a record names, ``trust`` that on its signature;
        without them none is told.
        """
        self._resolver = resolver
        self._root = root.rstrip("/")
        self._today = today
        self._chance = chance
        self._certificates = certificates
        self._trust = trust

    async def answer(self, name: str, scope: Scope, region: str) -> Counted:
        """Answer one request. Raises ``AnswersUnavailable``."""
        given = dict(parse_qsl(scope.query_string[:2048], keep_blank_values=True, errors="replace"))
        frame, form = frame_of(scope, given), wanted_form(scope.headers.get("accept", ""))
        found = await self._resolver.record(name)
        if isinstance(found, Refusal):
            return self._refused(found, name, frame, form), "page", found.outcome
        said = json.loads(found[0])
        try:
            target = self._target(said, scope.query_string, given, region, form) if found[2] == 200 else ""
        except BadQuestion:
            return _message(400, "bad_query", frame, name=name), "page", "refused"
        if target:
            headers = [
                ("location", target),
                OPEN,
                EXPOSED,
                SAFE,
                COMPARED,
                ("vary", "Accept"),
                self._as_data(name),
            ]
            return (302, headers, b""), "redirect", "found"
        asked = self._certificates if form == "page" and found[2] == 200 else None
        seen = await asked.seen(said) if asked else None
        signed = await self._signature(found, form)
        return self._shown(found, said, frame, form, scope, seen, signed), "page", outcome(found[2])

    async def _signature(self, row: HeldRow, form: Form) -> TrustReport | None:
        """Return what the signature of a record is worth, None where there is none or the form has no place for it."""
        return await self._trust.seen(row) if self._trust and form != "json" and row[2] == 200 else None

    def _target(
        self, said: dict[str, Any], query: str, given: dict[str, str], region: str, form: Form
    ) -> str:
        """Return the address to send the request to, empty where it is to be answered here. Raises BadQuestion."""
        if "noredirect" in given:
            return ""
        question = handle_question(query)
        values = [value for value in said["values"] if question.chooses(value)]
        href = self._location(values, given, region, form)
        if not href and form == "page":
            href = next((http_link(_text(value)) for value in values if folded(value["type"]) == "url"), "")
        return appended(href, given.get("urlappend", "")) if href else ""

    def _location(self, values: list[dict[str, Any]], given: dict[str, str], region: str, form: Form) -> str:
        text = next((_text(value) for value in values if folded(value["type"]) == LOCATIONS_TYPE), "")
        locations = read_locations(text.encode()) if text else None
        if locations is None:
            return ""
        wishes = LocationWishes(wished_attribute(given.get("locatt", "")), region[:2], form != "page")
        location = chosen_location(locations, wishes, self._chance)
        if location is None or (form != "page" and location.role != "conneg"):
            return ""
        return location.href

    def _shown(
        self,
        row: HeldRow,
        said: dict[str, Any],
        frame: PageFrame,
        form: Form,
        scope: Scope,
        seen: CertificateSeen | None,
        signed: TrustReport | None,
    ) -> Reply:
        if form == "page":
            body = record_page(said, frame, today=self._today(), certificate=seen, signed=signed)
            headers = list(PAGE_HEADERS)
        elif form == "ld":
            address = f"{self._root}/{quote(said['handle'], safe='/')}"
            body, headers = compact(linked_data(said, address, signed)), [("content-type", LD_JSON), OPEN, SAFE]
        else:
            body, headers = row[0], [JSON, OPEN, SAFE]
        tag = f'"{row[1]:x}-{crc32(body):x}"'
        headers += [COMPARED, ("etag", tag), self._as_data(said["handle"])]
        if row[2] == 200 and holds_tag(scope.headers.get("if-none-match", ""), tag):
            return 304, headers[1:], b""
        return row[2], headers, body

    def _refused(self, refusal: Refusal, name: str, frame: PageFrame, form: Form) -> Reply:
        address = http_address(refusal.site, f"/{quote(name, safe='/')}")
        if address:
            return 307, [("location", address), OPEN, SAFE, COMPARED], b""
        if form != "page":
            return refusal.status, [JSON, OPEN, SAFE, COMPARED], refusal.body()
        kind = "suspended" if refusal.outcome == "suspended" else _MESSAGES[refusal.code]
        without = name.rstrip("/")
        if refusal.outcome == "not_found" and without != name and "/" in without:
            link = f"/{quote(without, safe='/')}"
            return _message(404, "slash", frame, name=name, link=link, link_text=without)
        status = 404 if refusal.status == 400 and kind == "not_ours" else refusal.status
        return _message(status, kind, frame, name=name[:200])

    def _as_data(self, name: str) -> tuple[str, str]:
        return (
            "link",
            f'<{self._root}{HANDLES}{quote(name, safe="/")}>; rel="alternate"; type="application/json"',
        )


def appended(href: str, rest: str) -> str:
    """Return an address with text behind it, in letters that a header can hold. Raises :class:`BadQuestion`.

    The text must not lead to another host: ``.evil.example`` behind ``https://lab.example`` would.
    """
    whole = href + rest
    try:
        before, after = urlsplit(href), urlsplit(whole)
        same = (before.scheme, before.netloc) == (after.scheme, after.netloc)
    except ValueError:
        same = False
    if not same:
        raise BadQuestion("urlappend leads to another host")
    return plain_uri(whole)


def _message(status: int, kind: str, frame: PageFrame, **facts: Any) -> Reply:
    return status, [*PAGE_HEADERS, ("cache-control", "no-store")], message_page(kind, frame, **facts)


def _text(value: dict[str, Any]) -> str:
    data = value["data"]
    return data["value"] if data["format"] == "string" and isinstance(data["value"], str) else ""
